"""One id is one quantity, wherever it is printed: on the page, in the exhibits, in the annex."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

import openpyxl
import pytest

from annual_report.exhibits.model import MIME
from annual_report.measures.lineage import Lineage
from annual_report.project import Project
from annual_report.tables import ANSWERS, MEASURES, list_records, read_table

EDITIONS = {"example": 2000, "2023": 20}
"""How many numbers each prints at least; the published facts of 2023 are few."""
SCALES = (1.0, 1e3, 1e6, 1e9, 1e12, 0.01, 12.0)
"""What a printed number may have been divided by: a scale of its unit, per cent, years of months."""


@dataclass(frozen=True)
class Printed:
    """A number with an address, in an exhibit."""

    place: str
    id: str
    text: str
    value: float | None


def find_numbers(exhibit: Any) -> Iterator[dict[str, Any]]:
    """Find the numbers of an exhibit, however deep."""
    if isinstance(exhibit, dict):
        if exhibit.get("kind") == "number":
            yield exhibit
        else:
            for part in exhibit.values():
                yield from find_numbers(part)
    elif isinstance(exhibit, list):
        for part in exhibit:
            yield from find_numbers(part)


def read_printed(project: Project, edition: str) -> list[Printed]:
    """Read every number with an address that executed notebooks hold."""
    found = []
    for path in sorted((project.processed(edition) / "notebooks").rglob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        outputs = (output for cell in cells for output in cell.get("outputs", []))
        for exhibit in filter(None, (output.get("data", {}).get(MIME) for output in outputs)):
            place = f"{path.parent.name}/{path.name} {exhibit.get('id', exhibit['kind'])}"
            found += [
                Printed(place, n["id"], n["text"], n.get("value"))
                for n in find_numbers(exhibit)
                if n.get("id")
            ]
    return found


def read_number(text: str) -> tuple[float, float] | None:
    """Read a printed number, and by how much it may be rounded; None for words."""
    plain = text.replace("\u2212", "-").replace("\u00a0", " ")
    numbers = re.findall(r"[-+]?\d[\d,]*\.?\d*", plain)
    if len(numbers) != 1:
        return None
    digits = numbers[0].replace(",", "")
    decimals = len(digits.partition(".")[2])
    return float(digits), 0.5001 * 10.0**-decimals


def is_same(value: float, text: str) -> bool:
    """Whether a text is a rounded print of a value, in a unit of its own."""
    read = read_number(text)
    if read is None or text.startswith("<"):
        return True
    shown, slack = read
    return any(abs(value / scale - shown) <= slack for scale in SCALES)


def is_told(number: Printed) -> bool:
    """Whether a sentence has the sign in its words: `emissions fell by 2 %`."""
    assert number.value is not None
    is_change = number.id.endswith("change") and number.place.endswith((" prose", " tiles"))
    return is_change and is_same(abs(number.value), number.text)


def read_known(project: Project, edition: str) -> dict[str, float]:
    """Read what the tables on disk say of each address."""
    known: dict[str, float] = {}
    for name, contract in (("answers", ANSWERS), ("measures", MEASURES)):
        for path in sorted((project.processed(edition) / name).glob("*.parquet")):
            for row in list_records(read_table(path, contract)):
                if row["number"] is not None:
                    assert row["id"] not in known, f"{row['id']} is in two tables"
                    known[row["id"]] = row["number"]
    return known


@pytest.mark.parametrize("edition", EDITIONS)
def test_an_id_is_one_quantity_in_all_exhibits(built: Project, edition: str) -> None:
    printed = read_printed(built, edition)
    values: dict[str, Printed] = {}
    for number in printed:
        if number.value is None:
            continue
        first = values.setdefault(number.id, number)
        assert number.value == pytest.approx(first.value, rel=1e-9), (first, number)
        assert is_same(number.value, number.text) or is_told(number), number
    assert len(values) > EDITIONS[edition]


@pytest.mark.parametrize("edition", EDITIONS)
def test_an_id_is_the_quantity_of_its_table_and_of_explain(built: Project, edition: str) -> None:
    known, lineage, seen = read_known(built, edition), Lineage(built, edition), set()
    for number in read_printed(built, edition):
        if number.value is None or number.id in seen:
            continue
        seen.add(number.id)
        node = lineage.find(number.id)
        if node.kind == "rate":
            told = float(node.shown.split()[0])
            assert number.value == pytest.approx(told, rel=1e-8), number
        elif ":" not in number.id:
            assert number.value == pytest.approx(known[number.id], rel=1e-9), number
        if node.kind == "measure":
            told = float(node.shown.split()[0].replace(",", ""))
            assert math.isclose(told, number.value, rel_tol=1e-5, abs_tol=0.5), (node, number)
    assert len(seen) > EDITIONS[edition]


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_page_prints_of_each_id_what_an_exhibit_holds(built: Project, edition: str) -> None:
    page = (built.reports(edition) / "annual-report.html").read_text(encoding="utf-8")
    texts: dict[str, set[str]] = {}
    for number in read_printed(built, edition):
        texts.setdefault(number.id, set()).add(number.text)
    shown = re.findall(r'title="[^"]*?id: ([^"\s]+)"[^>]*>([^<]+)<', page)
    assert len(shown) > EDITIONS[edition]
    for number_id, text in shown:
        assert unescape(text).strip() in {t.strip() for t in texts[unescape(number_id)]}


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_annex_gives_each_id_the_same_quantity(built: Project, edition: str) -> None:
    book = openpyxl.load_workbook(built.reports(edition) / "data-annex.xlsx", read_only=True)
    listed: dict[str, float] = {}
    for sheet in book:
        rows = list(sheet.iter_rows(values_only=True))
        heads = [n for n, row in enumerate(rows) if row and row[0] == "Number id"]
        if not heads:
            continue
        head = [str(cell) for cell in rows[heads[0]]]
        column = next((n for n, name in enumerate(head) if name in ("Number", "Rate")), None)
        if column is not None:
            listed |= {
                str(row[0]): float(str(row[column]))
                for row in rows[heads[0] + 1 :]
                if isinstance(row[column], int | float)
            }
    book.close()
    both = 0
    for number in read_printed(built, edition):
        if number.id in listed and number.value is not None:
            assert number.value == pytest.approx(listed[number.id], rel=1e-9), number
            both += 1
        if number.id.startswith("rate."):
            assert number.id in listed
    assert both > EDITIONS[edition]
