from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from nbconvert.exporters import get_export_names, get_exporter

from annual_report.project import Project
from annual_report.publishing.exporters import HTMLExporter, PDFExporter


@pytest.fixture
def path(project: Project) -> Path:
    return project.processed("example") / "notebooks" / "report" / "40-finance.ipynb"


def test_nbconvert_knows_both_by_name() -> None:
    assert {"annual-report-html", "annual-report-pdf"} <= set(get_export_names())
    assert get_exporter("annual-report-html") is HTMLExporter
    assert get_exporter("annual-report-pdf") is PDFExporter


def test_one_notebook_becomes_a_page(path: Path) -> None:
    page, resources = HTMLExporter().from_filename(str(path))
    assert resources["output_extension"] == ".html"
    assert "<h2>Finance</h2>" in page
    assert "hidden_code" not in page


def test_one_notebook_becomes_a_pdf(path: Path) -> None:
    pdf, resources = PDFExporter().from_filename(str(path))
    assert resources["output_extension"] == ".pdf"
    assert pdf.startswith(b"%PDF")


def test_run_for_an_edition_it_bears_that_editions_words(
    path: Path, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANNUAL_REPORT_ROOT", str(project.root))
    notebook = nbformat.from_dict(json.loads(path.read_text()))
    notebook.metadata["papermill"] = {"parameters": {"edition": "example"}}
    page, _ = HTMLExporter().from_notebook_node(notebook)
    assert "Example data: fictional clusters" in page
