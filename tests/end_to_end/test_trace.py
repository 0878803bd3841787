"""A number of the PDF and of the HTML, followed back to its cells through the files on disk."""

from __future__ import annotations

import random
import re
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import openpyxl
import pypdfium2
import pytest

from annual_report.measures.lineage import Lineage, Node, format_tree
from annual_report.project import Project
from annual_report.tables import MEASURES, list_records, read_table
from annual_report.units import convert

EDITION = "example"
HEADLINE = "all.HEAD-POTENTIAL.total"


@pytest.fixture(scope="session")
def html(example: Project) -> str:
    return (example.reports(EDITION) / "annual-report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def pdf_text(example: Project, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = example.reports(EDITION) / "annual-report.pdf"
    return extract_text(path)


def extract_text(path: Path) -> str:
    pdf = pypdfium2.PdfDocument(path)
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in pdf)
    finally:
        pdf.close()


@cache
def open_book(path: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path, data_only=True)


def read_cell(project: Project, node: Node, *, beside: int = 0) -> object:
    """What stands in the cell of a workbook that a node names, or beside it, read by openpyxl."""
    workbook, sheet, cell = node.place.split(" › ")
    book = open_book(project.raw(EDITION) / workbook)
    return book[sheet][cell].offset(column=beside).value


def read_unit(project: Project, node: Node) -> str:
    """The unit that the respondent chose in the cell beside."""
    return str(read_cell(project, node, beside=1))


def find_printed(html: str, number_id: str) -> str:
    """What the HTML prints where it says that this number stands."""
    shown = re.search(rf'title="[^"]*id: {re.escape(number_id)}"[^>]*>([^<]+)<', html)
    assert shown is not None
    return unescape(shown[1]).strip()


def read_amount(value: object) -> tuple[float, str | None]:
    """A cell as a person reads it: a number, or a text such as `47,000 kt` or `ca. 6`."""
    if isinstance(value, int | float):
        return float(value), None
    found = re.fullmatch(r"(?:ca\.|~)?\s*([\d,.]+)\s*([A-Za-z%]*)", str(value).strip())
    assert found is not None, value
    return float(found[1].replace(",", "")), found[2] or None


def test_the_headline_of_html_and_pdf_is_the_sum_of_its_cells(
    example: Project, html: str, pdf_text: str
) -> None:
    printed = find_printed(html, HEADLINE)
    assert re.search(rf"\b{printed}\b", pdf_text)
    walked = Lineage(example, EDITION, inside=True).walk(HEADLINE)
    cells = {node.id: node for _, node in walked if node.kind == "answer"}.values()
    total = 0.0
    for cell in cells:
        number, unit = read_amount(read_cell(example, cell))
        unit = unit or read_unit(example, cell)
        total += number / 1000 if unit.startswith("kt") else number
    assert len(cells) == 20
    assert f"{total:.0f}" == printed == "626"


def list_drawn(project: Project) -> list[dict[str, Any]]:
    """Ten totals of the report, drawn by a seed."""
    frame = read_table(project.processed(EDITION) / "measures" / "all.parquet", MEASURES)
    sums = [r for r in list_records(frame) if r["method"] == "sum over clusters" and r["number"]]
    return random.Random(2023).sample(sums, 10)


def test_ten_numbers_drawn_by_a_seed_come_out_again_from_their_cells(example: Project) -> None:
    lineage = Lineage(example, EDITION, inside=True)
    for record in list_drawn(example):
        tree = list(format_tree(lineage, record["id"]))
        assert tree[0].startswith(record["id"])
        assert any(".xlsx › " in line for line in tree)
        found = recompute(example, lineage, record["id"], record["unit"])
        assert found == pytest.approx(record["number"]), record["id"]


def recompute(project: Project, lineage: Lineage, number_id: str, unit: str) -> float:
    """A total from the cells of workbooks and the table of rates, and from nothing between."""
    node = lineage.find(number_id)
    if unit == "count" and not any(i.endswith(".standard") for i in node.inputs):
        return float(len({i.rsplit(".", 1)[0] for i in node.inputs}))
    leaves = [lineage.find(i) for i in node.inputs if i.endswith((".standard", ".value"))]
    return sum(read_leaf(project, lineage, leaf, unit) for leaf in leaves)


def read_leaf(project: Project, lineage: Lineage, leaf: Node, unit: str) -> float:
    parts = [lineage.find(i) for i in leaf.inputs]
    rates = [p for p in parts if p.kind == "rate"]
    cells = [p for p in parts if p.kind == "answer" and not p.id.endswith("year")]
    total = 0.0
    for cell in cells:
        number, typed = read_amount(read_cell(project, cell))
        if typed in ("kt", "Mt", "t"):
            number = convert(number, f"{typed}CO2e/y" if "CO2e" in unit else f"{typed}/y", unit)
        total += number
    factor = 1.0
    for rate in rates:
        per_euro = float(rate.shown.split()[0])
        factor = factor * per_euro if f".{unit}." in rate.id else factor / per_euro
    return total * factor
