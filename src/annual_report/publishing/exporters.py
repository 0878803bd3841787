"""One executed notebook as HTML or PDF, for ``jupyter nbconvert`` and JupyterLab's export menu.

They are registered as ``annual-report-html`` and ``annual-report-pdf``.
"""

from __future__ import annotations

from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode

from annual_report.edition import read_edition
from annual_report.errors import AnnualReportError
from annual_report.project import find_project
from annual_report.publishing.blocks import Chapter
from annual_report.publishing.document import Document
from annual_report.publishing.notebooks import build_chapter
from annual_report.publishing.page import render_page
from annual_report.publishing.pdf import render_pdf
from annual_report.publishing.report import describe_edition, find_fonts

Resources = dict[str, Any]


class HTMLExporter(Exporter):
    """An executed notebook as one self-contained page in the look of the report."""

    export_from_notebook = "Annual report (HTML)"
    output_mimetype = "text/html"

    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(  # type: ignore[override]  # what an exporter gives is no notebook
        self, nb: NotebookNode, resources: Resources | None = None, **kw: Any
    ) -> tuple[str, Resources]:
        """Convert a notebook; its code is not shown."""
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        return render_page(read_notebook(nb, resources)), resources


class PDFExporter(Exporter):
    """An executed notebook as an accessible PDF in the look of the report."""

    export_from_notebook = "Annual report (PDF)"
    output_mimetype = "application/pdf"

    def _file_extension_default(self) -> str:
        return ".pdf"

    def from_notebook_node(  # type: ignore[override]  # what an exporter gives is no notebook
        self, nb: NotebookNode, resources: Resources | None = None, **kw: Any
    ) -> tuple[bytes, Resources]:
        """Convert a notebook; its code is not shown."""
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        return render_pdf(read_notebook(nb, resources), fonts=_find_fonts()), resources


def read_notebook(notebook: NotebookNode, resources: Resources) -> Document:
    """Read a notebook as a document of one chapter.

    If it was run with the parameter ``edition`` inside a project, the document bears that
    edition's words; otherwise it has none but its own title.
    """
    name = resources.get("metadata", {}).get("name") or "notebook"
    chapter = build_chapter(notebook["cells"], name=name)
    edition = notebook["metadata"].get("papermill", {}).get("parameters", {}).get("edition")
    return _describe(chapter, edition)


def _describe(chapter: Chapter, edition_name: str | None) -> Document:
    plain = Document(title=chapter.title, chapters=(chapter,), cover=False, contents=False)
    if edition_name is None:
        return plain
    try:
        edition = read_edition(find_project(), edition_name)
    except AnnualReportError:
        return plain
    return describe_edition(
        edition,
        chapters=(chapter,),
        headline=chapter.title,
        title=f"{chapter.title} – {edition.title}",
        cover=False,
    )


def _find_fonts() -> tuple[Any, ...]:
    try:
        return find_fonts(find_project())
    except AnnualReportError:
        return ()
