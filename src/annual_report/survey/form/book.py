"""A parsed workbook as the reader sees it: cells that hold something, names, and odd things."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from annual_report.survey.form.addresses import column_letter, column_number
from annual_report.survey.form.layout import ABOUT, parse_defined_name

_AREA = re.compile(
    r"=?(?P<sheet>'(?:[^']|'')+'|[^'!]+)!\$?(?P<c1>[A-Z]{1,3})\$?(?P<r1>[0-9]+)"
    r"(?::\$?(?P<c2>[A-Z]{1,3})\$?(?P<r2>[0-9]+))?"
)


@dataclass(frozen=True)
class Cell:
    """One cell that holds something.

    ``type`` is n, s, b, d, e (an error value) or f (a formula without a stored value);
    ``format`` is empty where the file format did not tell.
    """

    sheet: str
    row: int
    column: int
    type: str
    value: Any
    format: str

    @property
    def address(self) -> str:
        return f"{column_letter(self.column)}{self.row}"

    @property
    def text(self) -> str:
        return f"{self.value:.12g}" if isinstance(self.value, float) else str(self.value)


@dataclass(frozen=True)
class Area:
    """What a defined name points at."""

    sheet: str
    column: int
    row: int
    last_row: int


@dataclass(frozen=True)
class Sheet:
    """One sheet: its cells by row and column.

    ``odd`` holds what stands in cells that break the rules of the file format, by their address.
    """

    title: str
    hidden: bool
    cells: Mapping[tuple[int, int], Cell]
    merged: tuple[str, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    comments: Mapping[tuple[int, int], str] = field(default_factory=dict)
    odd: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def rows(self) -> dict[int, dict[int, Cell]]:
        """The cells of each row, by column."""
        rows: dict[int, dict[int, Cell]] = {}
        for (row, column), cell in self.cells.items():
            rows.setdefault(row, {})[column] = cell
        return rows


@dataclass(frozen=True)
class Book:
    """A whole workbook, with what two readers of it disagreed on.

    ``lost`` holds the sheets that the second reader could not read, each with what hindered it.
    """

    sheets: tuple[Sheet, ...]
    names: Mapping[tuple[str, str], tuple[Area, ...]]
    about: Mapping[str, str]
    since_1904: bool
    formats: bool
    differ: Mapping[tuple[str, int, int], tuple[str | None, str | None]]
    second_fault: str | None
    lost: Mapping[str, str] = field(default_factory=dict)

    def sheet(self, title: str) -> Sheet | None:
        return self._by_title.get(title)

    @cached_property
    def _by_title(self) -> dict[str, Sheet]:
        return {sheet.title: sheet for sheet in self.sheets}


def decode_book(raw: Mapping[str, Any]) -> Book:
    """Build a book from what the worker sent."""
    sheets = tuple(_decode_sheet(sheet) for sheet in raw["sheets"])
    names: dict[tuple[str, str], tuple[Area, ...]] = {}
    for name, _, target in raw["names"]:
        key, area = parse_defined_name(name), _parse_area(target or "")
        if key is not None and area is not None:
            names[key] = (*names.get(key, ()), area)
    second = raw.get("second", {})
    return Book(
        sheets,
        names,
        {**_about_of(sheets), **raw["about"]},
        raw["since_1904"],
        raw["formats"],
        {(sheet, row, column): (a, b) for sheet, row, column, a, b in second.get("differ", ())},
        second.get("fault"),
        dict(second.get("lost", ())),
    )


def _decode_sheet(raw: Mapping[str, Any]) -> Sheet:
    title = raw["title"]
    return Sheet(
        title,
        raw["hidden"],
        {(cell[0], cell[1]): Cell(title, *cell) for cell in raw["cells"]},
        tuple(raw["merged"]),
        frozenset(raw["hidden_rows"]),
        frozenset(raw["hidden_columns"]),
        {(row, column): text for row, column, text in raw["comments"]},
        dict(raw.get("odd", ())),
    )


def _about_of(sheets: tuple[Sheet, ...]) -> dict[str, str]:
    """What the hidden sheet says; programs drop document properties more readily than sheets."""
    sheet = next((s for s in sheets if s.title == ABOUT), None)
    if sheet is None:
        return {}
    pairs = ((cells.get(1), cells.get(2)) for cells in sheet.rows.values())
    return {name.text: value.text for name, value in pairs if name and value}


def _parse_area(target: str) -> Area | None:
    match = _AREA.fullmatch(target)
    if match is None:
        return None
    sheet = match["sheet"]
    if sheet.startswith("'"):
        sheet = sheet[1:-1].replace("''", "'")
    row = int(match["r1"])
    return Area(sheet, column_number(match["c1"]), row, int(match["r2"] or row))
