"""The data annex as a workbook: cover, contents, notes, and one table a sheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table, TableColumn

from annual_report.edition import Edition
from annual_report.exhibits.look.characters import clean_text
from annual_report.exhibits.look.tokens import INK, MUTED
from annual_report.numbers import format_count
from annual_report.publishing.annex_tables import AnnexTable, Mark, Value

Sheet = Any  # a write-only sheet, whose types do not know its tables

SHORTHAND: dict[Mark, str] = {"missing": "[x]", "withheld": "[c]", "not applicable": "[z]"}
LONGEST_CELL = 32_000
LONGEST_SHEET = 100_000
"""More rows than this are in the data package alone: a spreadsheet would be slow to open them."""
HEAD_ROW = 5

_FORMULA_STARTS = ("=", "+", "-", "@")

_MEANINGS = (
    ("[x]", "Not answered: the cluster gave no answer, or too few to compute the number."),
    ("[c]", "Withheld: the number would show what a respondent does not allow to be published."),
    ("[z]", "Not applicable: the cluster says that the question does not apply to it."),
)
_TITLE = Font(name="Calibri", size=16, bold=True, color=INK[1:])
_HEAD = Font(name="Calibri", bold=True, color=INK[1:])
_QUIET = Font(name="Calibri", color=MUTED[1:])
_LINK = Font(name="Calibri", underline="single", color="2B5C9E")
_UNDER = Border(bottom=Side(style="medium", color=INK[1:]))
_LEFT, _RIGHT = Alignment(horizontal="left"), Alignment(horizontal="right")
_TOP = Alignment(wrap_text=True, vertical="top")


def build_workbook(edition: Edition, tables: Sequence[AnnexTable]) -> Workbook:
    """Build the annex; save it with :func:`annual_report.survey.form.package.save_workbook`."""
    book = Workbook(write_only=True)
    book.properties.title = f"{edition.title}: data annex"
    book.properties.subject = clean_text(edition.subtitle)
    book.properties.description = f"{edition.status}. One table a sheet; see Contents and Notes."
    book.properties.creator = edition.publisher
    book.properties.created = dt.datetime.combine(edition.published, dt.time())
    book.properties.language = edition.locale
    book.properties.lastModifiedBy = edition.publisher
    _write_cover(_add_sheet(book, "Cover", (90,)), edition)
    _write_contents(_add_sheet(book, "Contents", (22, 60, 12)), tables)
    _write_notes(_add_sheet(book, "Notes", (22, 26, 80)), tables)
    for table in tables:
        _write_table(book, table)
    return book


def _add_sheet(book: Workbook, name: str, widths: Sequence[float]) -> Sheet:
    sheet = book.create_sheet(name)
    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    return sheet


def _cell(
    sheet: Sheet,
    value: Value,
    *,
    font: Font | None = None,
    wrap: bool = False,
) -> Cell:
    """Make a cell; a text is a text, whatever it begins with, and stays one when edited."""
    cell = WriteOnlyCell(sheet)
    if isinstance(value, str):
        cell.value = clean_text(value)[:LONGEST_CELL]
        cell.data_type = "s"
        if value[:1] in _FORMULA_STARTS:
            cell.quotePrefix = True
    else:
        cell.value = value
    if font is not None:
        cell.font = font
    if wrap:
        cell.alignment = _TOP
    return cell


def _fill(sheet: Sheet, value: Value, is_number: bool) -> Cell | Value:
    """Fill a place of a table: plain values as they are, which is quicker."""
    if not isinstance(value, str):
        return value
    if is_number:  # a mark stands where its number would
        cell = _cell(sheet, value)
        cell.alignment = _RIGHT
        return cell
    if value[:1] in _FORMULA_STARTS:
        return _cell(sheet, value)
    return clean_text(value)[:LONGEST_CELL]


def _link(sheet: Sheet, target: str) -> Cell:
    cell = _cell(sheet, target, font=_LINK)
    cell.hyperlink = Hyperlink(ref="", location=f"'{target}'!A1")
    return cell


def _write_cover(sheet: Sheet, edition: Edition) -> None:
    lines = (
        edition.subtitle,
        edition.status,
        f"Published by {edition.publisher}, {edition.published.isoformat()}",
        f"Clusters on the register: {format_count(len(edition.clusters))}",
        "Each sheet after Notes holds one table. Number ids are those of the report.",
        "annual-report explain EDITION NUMBER-ID shows where a number comes from.",
    )
    sheet.append([_cell(sheet, f"{edition.title}: data annex", font=_TITLE)])
    for line in lines:
        sheet.append([_cell(sheet, line, wrap=True)])
    sheet.append([_link(sheet, "Contents")])


def _write_contents(sheet: Sheet, tables: Sequence[AnnexTable]) -> None:
    sheet.append([_cell(sheet, "Contents", font=_TITLE)])
    sheet.append([])
    sheet.append([_cell(sheet, text, font=_HEAD) for text in ("Sheet", "Table", "Rows")])
    sheet.append([_link(sheet, "Notes"), _cell(sheet, "Marks and columns"), _cell(sheet, None)])
    for table in tables:
        row = [_link(sheet, table.sheet), _cell(sheet, table.title), _cell(sheet, len(table.rows))]
        sheet.append(row)


def _write_notes(sheet: Sheet, tables: Sequence[AnnexTable]) -> None:
    sheet.append([_cell(sheet, "Notes", font=_TITLE)])
    sheet.append([])
    sheet.append([_cell(sheet, text, font=_HEAD) for text in ("Mark", "", "Meaning")])
    for mark, meaning in _MEANINGS:
        sheet.append([_cell(sheet, mark), _cell(sheet, None), _cell(sheet, meaning, wrap=True)])
    sheet.append([])
    sheet.append([_cell(sheet, text, font=_HEAD) for text in ("Sheet", "Column", "Meaning")])
    for table in tables:
        for field in table.fields:
            texts = (table.sheet, field.title, field.meaning)
            sheet.append([_cell(sheet, text, wrap=True) for text in texts])


def _write_table(book: Workbook, table: AnnexTable) -> None:
    sheet = _add_sheet(book, table.sheet, [_find_width(table, i) for i in range(len(table.fields))])
    sheet.freeze_panes = f"B{HEAD_ROW + 1}"
    sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
    if 0 < len(table.rows) <= LONGEST_SHEET:
        sheet.tables.add(_mark_table(table))  # add_table warns of columns, which are there
    sheet.append([_cell(sheet, table.title, font=_TITLE)])
    sheet.append([_cell(sheet, table.unit, font=_QUIET)])
    sheet.append([_cell(sheet, f"Source: {table.source}", font=_QUIET)])
    marks = "[x] not answered, [c] withheld, [z] not applicable; see Notes" if table.marks else ""
    sheet.append([_cell(sheet, marks, font=_QUIET)])
    if len(table.rows) > LONGEST_SHEET:
        sheet.append([_cell(sheet, _say_elsewhere(table), wrap=True)])
        return
    numeric = [field.kind != "string" for field in table.fields]
    head = [_cell(sheet, field.title, font=_HEAD) for field in table.fields]
    for cell, is_number in zip(head, numeric, strict=True):
        cell.border = _UNDER
        cell.alignment = _RIGHT if is_number else _LEFT
    sheet.append(head)
    for row in _shorten(table):
        sheet.append([_fill(sheet, *pair) for pair in zip(row, numeric, strict=True)])
    if not table.rows:
        sheet.append([_cell(sheet, "No rows in this edition.")])


def _say_elsewhere(table: AnnexTable) -> str:
    return (
        f"{format_count(len(table.rows))} rows are too many for a sheet: they are in datapackage/{table.name}.csv, "
        "beside this workbook."
    )


def _shorten(table: AnnexTable) -> Iterator[tuple[Value, ...]]:
    """Put the shorthand of a mark where its number would stand."""
    places = [i for i, field in enumerate(table.fields) if field.name in table.marked]
    for number, row in enumerate(table.rows):
        values = list(row)
        for place, mark in zip(places, table.marks[number] if table.marks else (), strict=True):
            if mark:
                values[place] = SHORTHAND[mark]
        yield tuple(values)


def _find_width(table: AnnexTable, place: int) -> float:
    sample = [str(row[place] or "") for row in table.rows[:200]]
    longest = max(map(len, [table.fields[place].title, *sample]))
    return min(max(longest + 2, 9), 60)


def _mark_table(table: AnnexTable) -> Table:
    """Mark the cells as a table, so that a screen reader knows its head."""
    last = get_column_letter(len(table.fields))
    marked = Table(
        displayName=f"table_{table.name}", ref=f"A{HEAD_ROW}:{last}{HEAD_ROW + len(table.rows)}"
    )
    marked.tableColumns = [
        TableColumn(id=i, name=field.title) for i, field in enumerate(table.fields, 1)
    ]
    return marked
