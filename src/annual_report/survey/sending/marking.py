"""Mark cells in a respondent's own workbook and put a list of queries before its sheets.

Runs in the worker: the file is foreign. What goes back holds no macro, no link to elsewhere and no
formula beyond the plain ones of our template; a text that could be taken for a formula stays text.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from annual_report.survey.form.package import save_workbook
from annual_report.survey.form.query_words import QUERIES, REPLY, TO_DO, strip_queries
from annual_report.survey.form.style import (
    INK,
    NEEDED,
    WHITE,
    Styles,
    fit_height,
    link_to,
    set_up_print,
)
from annual_report.survey.receiving import parsing
from annual_report.survey.receiving.slimming import slim

_AUTHOR = "Report office"
_FILL = PatternFill("solid", fgColor="F7C98B", bgColor="F7C98B")
_NO_FILL = PatternFill("solid", fgColor=WHITE)
_PLAIN_FUNCTIONS = {
    "IF",
    "LEN",
    "COUNTIF",
    "COUNTA",
    "REPT",
    "ROUND",
    "SUM",
    "AVERAGE",
    "MIN",
    "MAX",
}
_FUNCTION = re.compile(r"([A-Za-z_.][A-Za-z0-9_.]*)\s*\(")
_HEADINGS = (
    ("No.", 6),
    ("Asked of you", 18),
    ("Where", 26),
    ("Question", 14),
    ("What we found", 52),
    ("What you can do", 52),
    (REPLY, 40),
)


def mark(path: str, kind: str, order: dict[str, Any]) -> dict[str, Any]:
    """Write a copy of a workbook with its queries; ``order`` says what and where to."""
    workbook = _open(Path(path).read_bytes()) if kind == "xlsx" else None
    workbook = workbook or _rebuild(parsing.parse(path, kind, second=False), order["percents"])
    _disarm(workbook)
    _clear_earlier(workbook)
    queries = order["queries"]
    for number, query in enumerate(queries, start=1):
        _mark_cell(workbook, number, query)
    _write_list(workbook, order)
    save_workbook(workbook, Path(order["target"]), day=dt.date.fromisoformat(order["day"]))
    return {"written": order["target"]}


def _open(data: bytes) -> Workbook | None:
    """Open it as it is; without its empty cells where there are too many of them.

    None if that cannot be, as where a table or a link is broken that holds no answer.
    """
    try:
        slimmed = slim(data, limit=parsing.MAX_CELLS, keep=True)
        workbook = load_workbook(io.BytesIO(slimmed.data), keep_links=False)
        values = load_workbook(io.BytesIO(slimmed.data), keep_links=False, data_only=True)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  openpyxl raises whatever it comes upon
        return None
    for sheet in workbook.worksheets:
        for place, cell in list(sheet._cells.items()):  # noqa: SLF001  iter_rows may be endless
            if cell.data_type == "f" and not _is_plain(str(cell.value)):
                stored = values[sheet.title]._cells.get(place)  # noqa: SLF001
                _set_text(cell, "" if stored is None or stored.value is None else stored.value)
    return workbook


def _is_plain(formula: str) -> bool:
    """Tell whether a formula only counts and adds what stands in the workbook itself."""
    outside = re.sub(r'"[^"]*"', "", formula)
    if any(mark in outside for mark in ("[", "|", "#", "://", "\\")):
        return False
    return all(name.upper() in _PLAIN_FUNCTIONS for name in _FUNCTION.findall(outside))


def _rebuild(book: dict[str, Any], percents: list[list[str]]) -> Workbook:
    """Lay the cells of another format out in a new workbook; ``percents`` are read as such."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for sheet in book["sheets"]:
        new = workbook.create_sheet(_title(sheet["title"], workbook.sheetnames))
        if sheet["hidden"]:
            new.sheet_state = "hidden"
        for row, column, kind, value, shown in sheet["cells"]:
            cell = new.cell(row, column)
            if kind in ("n", "b"):
                cell.value = value
            else:
                _set_text(cell, "" if value is None else value)
            if shown and kind == "n":
                cell.number_format = shown
        _lay_out(new)
    for title, place in percents:
        if title in workbook.sheetnames and isinstance(workbook[title][place].value, (int, float)):
            workbook[title][place].number_format = "0.0%"
    if not workbook.worksheets:
        workbook.create_sheet("Empty")
    return workbook


def _lay_out(sheet: Worksheet) -> None:
    """Make a sheet without a look of its own fit to read and to print."""
    widths: dict[int, int] = {}
    for (_, column), cell in sheet._cells.items():  # noqa: SLF001
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        widths[column] = max(widths.get(column, 0), len(str(cell.value)))
    for column, longest in widths.items():
        widths[column] = min(max(longest + 2, 8), 46)
        sheet.column_dimensions[get_column_letter(column)].width = widths[column]
    rows: dict[int, list[tuple[str, float]]] = {}
    for (row, column), cell in sheet._cells.items():  # noqa: SLF001
        rows.setdefault(row, []).append((str(cell.value), widths[column]))
    for row, texts in rows.items():
        sheet.row_dimensions[row].height = fit_height(texts, least=15.0)
    set_up_print(sheet, header_row=None, footer="")


def _title(title: str, taken: list[str]) -> str:
    plain = re.sub(r"[\[\]:*?/\\]", " ", title)[:31] or "Sheet"
    return plain if plain not in taken else f"{plain[:27]} {len(taken)}"


def _set_text(cell: Cell | MergedCell, value: object) -> None:
    if isinstance(cell, MergedCell):
        return
    if isinstance(value, (int, float, dt.date)) and not isinstance(value, bool):
        cell.value = value
        return
    text = ILLEGAL_CHARACTERS_RE.sub("", str(value))[:32_000]
    cell.value = text
    cell.data_type = "s"
    if text.startswith(("=", "+", "-", "@")):
        cell.quotePrefix = True


def _disarm(workbook: Workbook) -> None:
    """Take out what acts or leads elsewhere: macros, links, pictures, foreign names."""
    workbook.vba_archive = None
    for name, entry in list(workbook.defined_names.items()):
        if not re.fullmatch(r"=?'?[^\[\]|#]+!\$?[A-Z$0-9:]+", entry.attr_text or ""):
            del workbook.defined_names[name]
    for sheet in workbook.worksheets:
        rules = sheet.data_validations.dataValidation
        sheet.data_validations.dataValidation = [
            rule for rule in rules if "[" not in f"{rule.formula1}{rule.formula2}"
        ]
        for cell in list(sheet._cells.values()):  # noqa: SLF001
            link = cell.hyperlink
            if link is not None and link.target:
                inside = link.target.startswith("#")
                place = link.target.lstrip("#")
                cell.hyperlink = Hyperlink(ref="", location=place) if inside else None
            if cell.data_type == "s" and str(cell.value).startswith(("=", "+", "-", "@")):
                cell.quotePrefix = True


def _clear_earlier(workbook: Workbook) -> None:
    """Take out what an earlier round of queries left: its list, its fills and its comments."""
    earlier = [sheet for sheet in workbook.worksheets if sheet.title == QUERIES]
    if not earlier or len(workbook.worksheets) == 1:
        return
    workbook.remove(earlier[0])
    for sheet in workbook.worksheets:
        for cell in list(sheet._cells.values()):  # noqa: SLF001
            if cell.comment is None:
                continue
            left = strip_queries(cell.comment.text)
            if left == cell.comment.text.strip():
                continue
            cell.comment = Comment(left, cell.comment.author) if left else None
            cell.fill = _NO_FILL
        for area in list(sheet.conditional_formatting):
            if any(rule.formula == _ALWAYS for rule in area.rules):
                del sheet.conditional_formatting[str(area.sqref)]


def _mark_cell(workbook: Workbook, number: int, query: dict[str, Any]) -> None:
    sheet = query["sheet"]
    if sheet not in workbook.sheetnames or not query["cell"]:
        return
    cell = workbook[sheet][query["cell"]]
    if isinstance(cell, MergedCell):
        return
    cell.fill = _FILL
    _fill_above_all(workbook[sheet], query["cell"])
    words = f"Query {number}: {query['message']}\n{TO_DO}{query['action']}"
    earlier = f"{cell.comment.text}\n\n" if cell.comment is not None else ""
    cell.comment = Comment((earlier + words)[:1500], _AUTHOR, width=320, height=150)


_ALWAYS = ["TRUE"]


def _fill_above_all(sheet: Worksheet, cell: str) -> None:
    """Let the mark be seen where a rule of the sheet colours the cell, as what is still needed."""
    earlier = [
        (str(area.sqref), rule) for area in sheet.conditional_formatting for rule in area.rules
    ]
    sheet.conditional_formatting = ConditionalFormattingList()
    # Excel goes by the priority, LibreOffice by the place in the file
    for cells, rule in (
        (cell, FormulaRule(formula=_ALWAYS, fill=_FILL, stopIfTrue=True)),
        *earlier,
    ):
        rule.priority = 0
        sheet.conditional_formatting.add(cells, rule)


def _write_list(workbook: Workbook, order: dict[str, Any]) -> None:
    title = _title(QUERIES, workbook.sheetnames)
    sheet = workbook.create_sheet(title, 0)
    workbook.active = 0
    for other in workbook.worksheets[1:]:
        other.sheet_view.tabSelected = False
    styles = Styles(workbook)
    for place, (_, width) in enumerate(_HEADINGS, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
        sheet.cell(1, place).style = styles.title(INK)
    _set_text(sheet["A1"], order["title"])
    sheet.row_dimensions[1].height = 30
    for row, text in enumerate(order["intro"], start=2):
        _set_text(sheet.cell(row, 1), text)
        sheet.cell(row, 1).style = styles.plain()
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=6)
        sheet.row_dimensions[row].height = fit_height([(text, 150)])
    header = len(order["intro"]) + 3
    for place, (label, _) in enumerate(_HEADINGS, start=1):
        sheet.cell(header, place, label).style = styles.header(INK)
    for number, query in enumerate(order["queries"], start=1):
        _write_query(sheet, header + number, number, query, styles)
    sheet.freeze_panes = sheet.cell(header + 1, 1)
    sheet.sheet_properties.tabColor = NEEDED
    set_up_print(sheet, header_row=header, footer=order["title"])
    sheet.sheet_view.showGridLines = False


def _write_query(
    sheet: Worksheet, row: int, number: int, query: dict[str, Any], styles: Styles
) -> None:
    where = f"{query['sheet']}, {query['cell']}" if query["cell"] else query["sheet"] or "the file"
    texts = (query["weight"], where, query["question"] or "", query["message"], query["action"])
    sheet.cell(row, 1, number).style = styles.question(bold=True)
    for place, text in enumerate(texts, start=2):
        cell = sheet.cell(row, place)
        cell.style = styles.question()
        _set_text(cell, text)
    if query["cell"]:
        link = sheet.cell(row, 3)
        link_to(link, query["sheet"], query["cell"])
        link.style = styles.place()
    sheet.cell(row, 7).style = styles.answer("General", number=False)
    sheet.row_dimensions[row].height = fit_height([(query["message"], 50), (query["action"], 50)])
