"""One executed notebook as HTML or PDF, for ``jupyter nbconvert`` and JupyterLab's export menu.

They are registered as ``annual_report_html`` and ``annual_report_pdf``: a Jupyter server's route
takes no hyphen. ``nbconvert --to annual-report-html`` works too.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from traitlets import default

from annual_report.edition import read_edition
from annual_report.errors import AnnualReportError, PublishingError
from annual_report.exhibits.words import join_words
from annual_report.measures.public import PUBLIC
from annual_report.project import Project, find_project
from annual_report.publishing.blocks import Chapter
from annual_report.publishing.clearance import clear_chapter, read_published
from annual_report.publishing.document import Document
from annual_report.publishing.illustrations import Shelf
from annual_report.publishing.notebooks import SKIP_TAG, build_chapter
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
        return render_page(read_notebook(nb, resources), fonts=_find_fonts()), resources


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


class _Hyphenated(Exporter):
    """Leaves the export menu of a Jupyter server to the name that its route takes."""

    @default("enabled")
    def _enabled_default(self) -> bool:
        server = sys.modules.get("jupyter_server.serverapp")
        return server is None or not server.ServerApp.initialized()


class HyphenatedHTMLExporter(_Hyphenated, HTMLExporter):
    """``--to annual-report-html``."""


class HyphenatedPDFExporter(_Hyphenated, PDFExporter):
    """``--to annual-report-pdf``."""


def read_notebook(notebook: NotebookNode, resources: Resources) -> Document:
    """Read a notebook as a document of one chapter.

    If it was run with the parameter ``edition`` inside a project, the document bears that
    edition's words; otherwise it has none but its own title.

    Raises
    ------
    PublishingError
        If it has not been run.
    DisclosureError
        If it asks for private tables; or the edition is known, and an exhibit prints what may not
        be published, or another value than that of its id.
    """
    about = resources.get("metadata", {})
    name = about.get("name") or "notebook"
    _check_executed(notebook["cells"], name)
    shelf = _find_shelf(about.get("path"))
    chapter = build_chapter(notebook["cells"], name=name, where=f"{name}.ipynb", shelf=shelf)
    edition = notebook["metadata"].get("papermill", {}).get("parameters", {}).get("edition")
    _clear(chapter, edition, about.get("path"))
    return _describe(chapter, edition)


def _check_executed(cells: list[Mapping[str, Any]], name: str) -> None:
    """Refuse a notebook that lacks what its cells show; one that ended in an error says so itself."""
    if any(o["output_type"] == "error" for cell in cells for o in cell.get("outputs", ())):
        return
    waiting = [str(number) for number in _list_waiting(cells)]
    if waiting:
        begun = any(cell.get("execution_count") is not None for cell in cells)
        which = "cells" if len(waiting) > 1 else "cell"
        raise PublishingError(
            f"the notebook has not been run{' to its end' if begun else ''}",
            where=name,
            found=f"nothing from {which} {join_words(waiting)}",
            do="run all cells, save the notebook and export it again; a cell with the tag "
            f"{SKIP_TAG} need not be run",
        )


def _list_waiting(cells: list[Mapping[str, Any]]) -> Iterator[int]:
    for number, cell in enumerate(cells, 1):
        if cell["cell_type"] != "code" or not "".join(cell["source"]).strip():
            continue
        tags = cell.get("metadata", {}).get("tags", ())
        run = cell.get("execution_count") is not None or cell.get("outputs")
        if not run and not {SKIP_TAG, "skip-execution"} & set(tags):
            yield number


def _clear(chapter: Chapter, edition_name: str | int | None, folder: str | None) -> None:
    """Hold what a notebook prints against the tables of its edition, where these are known."""
    try:
        project = find_project()
        name = edition_name or _find_edition(project, folder)
        if name is None:
            return
        edition = read_edition(project, name)
    except AnnualReportError:
        return
    if (project.processed(edition.edition) / PUBLIC).is_dir():
        clear_chapter(chapter, read_published(project, edition))


def _find_edition(project: Project, folder: str | None) -> str | None:
    """The edition of a run's own output, which lies in ``data/processed/<edition>/notebooks``."""
    here = Path(folder or "").resolve()
    editions = (path.stem for path in project.editions.glob("*.yaml"))
    return next(
        (e for e in editions if here.is_relative_to(project.processed(e) / "notebooks")), None
    )


def _describe(chapter: Chapter, edition_name: str | int | None) -> Document:
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


def _find_shelf(path: str | None) -> Shelf | None:
    """Find where a notebook's pictures are: those of a run beside its source."""
    if path is None:
        return None
    folder = Path(path).resolve()
    try:
        project = find_project(folder)
    except AnnualReportError:
        return Shelf(folder, folder)
    root = project.notebooks.resolve()
    if folder.is_relative_to(project.root / "data" / "processed"):
        return Shelf(root / ("report" if folder.name == "report" else "cluster"), root)
    return Shelf(folder, root if folder.is_relative_to(root) else folder)


def _find_fonts() -> tuple[Any, ...]:
    try:
        return find_fonts(find_project())
    except AnnualReportError:
        return ()
