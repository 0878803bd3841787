"""Find the cell of each answer: by its name, then by code and heading, then by its wording."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from annual_report.framework.model import Framework, Question, Table
from annual_report.survey.form.book import Area, Book, Cell, Sheet
from annual_report.survey.form.layout import (
    ABOUT,
    CONSENT_LABEL,
    CONTENTS,
    HEADINGS,
    LISTS,
    answer_cells,
)
from annual_report.survey.form.query_words import QUERIES
from annual_report.survey.reading.typed import tidy

How = Literal["name", "code", "wording"]
_OWN = (ABOUT, CONTENTS, LISTS, QUERIES)


@dataclass(frozen=True)
class Spot:
    """One place of a return, whether or not a cell holds something there."""

    sheet: str
    row: int
    column: int
    how: How


@dataclass(frozen=True)
class PlacedTable:
    """Where a table stands: heading row, columns by name, and its last row with content."""

    sheet: str
    header_row: int
    last_row: int
    columns: Mapping[str, int]
    how: How


@dataclass(frozen=True)
class _Header:
    row: int
    columns: Mapping[str, int]


class Places:
    """The index of one book: where codes, headings and wordings stand."""

    def __init__(self, book: Book, framework: Framework) -> None:
        self._book = book
        self._sheets = [sheet for sheet in book.sheets if sheet.title not in _OWN]
        self._headers = {sheet.title: _find_header(sheet) for sheet in self._sheets}
        codes = {*framework.questions, *framework.tables}
        self._codes: dict[str, list[Cell]] = {}
        for cell in self._texts():
            text = cell.value.strip()
            if text in codes and self._in_code_column(cell):
                self._codes.setdefault(text, []).append(cell)

    def knows(self, code: str) -> bool:
        """Tell whether a code stands in the book or a name is given to its cells."""
        return code in self._codes or any(key[0] == code for key in self._book.names)

    def used_sheets(self) -> set[str]:
        """Sheets on which a code, a heading row or a named cell stands."""
        used = {cell.sheet for cells in self._codes.values() for cell in cells}
        used |= {area.sheet for areas in self._book.names.values() for area in areas}
        return used | {title for title, header in self._headers.items() if header}

    def find_question(self, question: Question) -> dict[str, tuple[Spot, ...]]:
        """Find all places that claim each cell of a question, the best first."""
        rows = [(c.sheet, c.row) for c in self._codes.get(question.code, ())]
        how: How = "code"
        named = {
            name: self._book.names.get((question.code, name), ()) for name in answer_cells(question)
        }
        if not rows and not any(self._is_sound(area) for a in named.values() for area in a):
            rows, how = self._find_wording(question.text), "wording"
        return {name: tuple(self._spots(name, areas, rows, how)) for name, areas in named.items()}

    def find_table(self, table: Table) -> PlacedTable | None:
        """Find a table by the sheet of its code or names, or by its headings anywhere."""
        labels = {_fold(c.label): c.name for c in table.columns}
        if table.consent:
            labels[_fold(CONSENT_LABEL)] = "consent"
        known = [cell.sheet for cell in self._codes.get(table.code, ())]
        named = {c: self._book.names.get((table.code, c), ()) for c in labels.values()}
        known += [area.sheet for areas in named.values() for area in areas]
        on_known = [s for s in self._sheets if s.title in known]
        for sheets, how in ((on_known, "code"), (self._sheets, "wording")):
            best = max(
                ((h, s) for s in sheets if (h := _find_labels(s, labels))),
                key=lambda pair: len(pair[0].columns),
                default=None,
            )
            if best is not None and len(best[0].columns) * 2 > len(labels):
                return self._place(best[1], best[0], named, "code" if how == "code" else "wording")
        return self._place_by_names(named)

    def _texts(self) -> Iterator[Cell]:
        for sheet in self._sheets:
            for cell in sheet.cells.values():
                if cell.type == "s" and isinstance(cell.value, str):
                    yield cell

    def _in_code_column(self, cell: Cell) -> bool:
        header = self._headers[cell.sheet]
        column = header.columns.get("code") if header else None
        return cell.column == column if column is not None else cell.column <= 3

    def _is_sound(self, area: Area) -> bool:
        return self._book.sheet(area.sheet) is not None

    def _spots(
        self, name: str, areas: tuple[Area, ...], rows: list[tuple[str, int]], how: How
    ) -> Iterator[Spot]:
        given: set[tuple[str, int, int]] = set()
        sound = [area for area in areas if self._is_sound(area)]
        by_code = [
            (title, row, column)
            for title, row in rows
            if (column := self._column(title, name)) is not None
        ]
        # a name that points away from its code was left behind when rows moved
        for area in sound:
            place = (area.sheet, area.row, area.column)
            if place in by_code or not by_code:
                given.add(place)
                yield Spot(*place, "name")
        for place in by_code:
            if place not in given:
                given.add(place)
                yield Spot(*place, how)

    def _column(self, title: str, name: str) -> int | None:
        header = self._headers.get(title)
        return header.columns.get("unit" if name == "currency" else name) if header else None

    def _find_wording(self, text: str) -> list[tuple[str, int]]:
        wanted = _fold(text)
        return [(c.sheet, c.row) for c in self._texts() if _fold(c.value) == wanted][:2]

    def _place(
        self, sheet: Sheet, header: _Header, named: Mapping[str, tuple[Area, ...]], how: How
    ) -> PlacedTable:
        columns = dict(header.columns)
        agreed = True
        for name, areas in named.items():
            places = {(a.sheet, a.column, a.row) for a in areas}
            if name not in columns:
                # the heading was changed; the name still tells the column
                here = [area.column for area in areas if area.sheet == sheet.title]
                if here:
                    columns[name] = here[0]
            elif (sheet.title, columns[name], header.row + 1) not in places:
                agreed = False
        rows = [
            row
            for row, cells in sheet.rows.items()
            if row > header.row and any(c in cells for c in columns.values())
        ]
        last = max(rows, default=header.row)
        return PlacedTable(sheet.title, header.row, last, columns, "name" if agreed else how)

    def _place_by_names(self, named: Mapping[str, tuple[Area, ...]]) -> PlacedTable | None:
        areas = {n: a[0] for n, a in named.items() if a and self._is_sound(a[0])}
        if not areas:
            return None
        first = next(iter(areas.values()))
        same = {n: a for n, a in areas.items() if a.sheet == first.sheet}
        sheet = self._book.sheet(first.sheet)
        assert sheet is not None
        header = min(a.row for a in same.values()) - 1
        columns = {n: a.column for n, a in same.items()}
        rows = [r for r, c in sheet.rows.items() if r > header and set(columns.values()) & set(c)]
        return PlacedTable(sheet.title, header, max(rows, default=header), columns, "name")


@lru_cache(maxsize=20_000)
def _fold(text: str) -> str:
    return "".join(c for c in tidy(text).casefold() if c.isalnum())


_LABELS = {_fold(heading.label): heading.name for heading in HEADINGS}


def _find_header(sheet: Sheet) -> _Header | None:
    """The heading row of a sheet of questions: it has Code or Question, and Answer."""
    header = _find_labels(sheet, _LABELS)
    if header is None or "value" not in header.columns:
        return None
    return header if {"code", "text"} & set(header.columns) else None


def _find_labels(sheet: Sheet, labels: Mapping[str, str]) -> _Header | None:
    """The row in which most of some headings stand, and where; at least two of them."""
    best: _Header | None = None
    for row, cells in sheet.rows.items():
        columns: dict[str, int] = {}
        for column, cell in cells.items():
            name = labels.get(_fold(cell.value)) if isinstance(cell.value, str) else None
            if name is not None:
                columns.setdefault(name, column)
        if len(columns) > max(1, len(best.columns) if best else 0):
            best = _Header(row, columns)
    return best
