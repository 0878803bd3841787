"""From the bytes of a workbook to its cells, as plain lists that travel between processes."""

from __future__ import annotations

import datetime as dt
import io
import math
import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

import python_calamine
from openpyxl import load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from annual_report.survey.form.addresses import parse_address
from annual_report.survey.receiving.biff_errors import ErrorCell, find_errors
from annual_report.survey.receiving.odd_cells import Odd
from annual_report.survey.receiving.slimming import slim
from annual_report.survey.receiving.spreadsheet_ods import mend_numbers, parse_ods
from annual_report.survey.receiving.spreadsheet_xlsb import read_xlsb

# A cell travels as [row, column, type, value, number format]; types: n s b d e f (f: a formula
# without a stored value)
CellRow = list[Any]

MAX_CELLS = 200_000
MAX_AREA = 4_000_000
_LARGEST = 1e300
_OURS = re.compile(r"[A-Z]{3}_([0-9]{2}[a-z]?|T[0-9])\.[a-z_0-9]+")
_ABOUT = "survey_"
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def parse(path: str, kind: str, *, second: bool) -> dict[str, Any]:
    """Parse one workbook of a known kind; compare two readers where ``second`` asks for it."""
    data = Path(path).read_bytes()
    if kind == "xlsx":
        return _parse_xlsx(data, second=second)
    if kind == "xlsb":
        return _parse_xlsb(data)
    if kind == "ods":
        book = parse_ods(data, limit=MAX_CELLS)
        data = mend_numbers(data) if second else data
    else:
        return _with_errors(_parse_with_calamine(data), find_errors(data, kind))
    if second:
        book["second"] = _compare(data, book)
    return book


def _parse_xlsx(data: bytes, *, second: bool) -> dict[str, Any]:
    slimmed = slim(data, limit=MAX_CELLS)
    workbook = load_workbook(io.BytesIO(slimmed.data), keep_links=False)
    sheets = [
        _take_sheet(
            sheet,
            slimmed.formulas.get(index, frozenset()),
            slimmed.merges.get(index, ()),
            slimmed.odd.get(index, {}),
        )
        for index, sheet in enumerate(workbook.worksheets)
    ]
    names = [[name, None, entry.attr_text] for name, entry in workbook.defined_names.items()]
    for sheet in workbook.worksheets:
        names += [[name, sheet.title, e.attr_text] for name, e in sheet.defined_names.items()]
    about = {
        prop.name.removeprefix(_ABOUT): str(prop.value)
        for prop in workbook.custom_doc_props.props  # type: ignore[attr-defined]
        if prop.name and prop.name.startswith(_ABOUT)
    }
    book: dict[str, Any] = {
        "sheets": sheets,
        "names": [entry for entry in names if _OURS.fullmatch(entry[0])],
        "about": about,
        "since_1904": workbook.epoch == CALENDAR_MAC_1904,
        "formats": True,
    }
    if second:
        changed = slimmed.strict or slimmed.large or any(slimmed.odd.values())
        book["second"] = _compare(slimmed.data if changed else data, book)
    return book


def _take_sheet(
    sheet: Worksheet, formulas: frozenset[str], merges: tuple[str, ...], odd: dict[str, Odd]
) -> dict[str, Any]:
    cells: list[CellRow] = []
    comments: list[list[Any]] = []
    pending = set(formulas)
    # iter_rows would walk every cell up to the last one, which may be XFD1048576
    for (row, column), cell in sheet._cells.items():  # noqa: SLF001
        if cell.comment is not None:
            comments.append([row, column, cell.comment.text[:2000]])
        value = _unescape(cell.value) if isinstance(cell.value, str) else cell.value
        strange = odd.get(cell.coordinate)
        error = "e" if strange is not None and strange.error else cell.data_type
        taken = _take_value(value, error)
        if taken is not None:
            pending.discard(cell.coordinate)
            cells.append([row, column, *taken, cell.number_format])
    for address in pending:
        at = parse_address(address)
        if at is not None:
            cells.append([*at, "f", None, "General"])
    cells.sort(key=lambda cell: (cell[0], cell[1]))
    rows = {cell[0] for cell in cells}
    return {
        "title": sheet.title,
        "hidden": sheet.sheet_state != "visible",
        "cells": cells,
        "merged": list(merges),
        "hidden_rows": sorted(r for r in rows if sheet.row_dimensions[r].hidden),
        "hidden_columns": _hidden_columns(sheet),
        "comments": comments[:200],
        "odd": [[address, one.text] for address, one in odd.items()],
    }


def _unescape(text: str) -> str:
    """Read characters that Excel writes as their number; openpyxl leaves them so.

    ``_x000D_`` is the first half of a line end in text that was pasted from elsewhere. What no XML
    may hold stays as it is written, so that it can be written again. See ST_Xstring in ECMA-376,
    part 1, 22.9.2.19.
    """

    def read(found: re.Match[str]) -> str:
        character = chr(int(found[1], 16))
        return found[0] if _NOT_IN_XML.match(character) else character

    return _ESCAPED.sub(read, text)


def _hidden_columns(sheet: Worksheet) -> list[int]:
    hidden: list[int] = []
    for dimension in sheet.column_dimensions.values():
        if dimension.hidden and dimension.min and dimension.max:
            hidden += range(dimension.min, min(dimension.max, dimension.min + 200) + 1)
    return hidden


def _take_value(value: object, data_type: str = "") -> tuple[str, Any] | None:
    """Type and plain value of one cell; None for a cell that holds nothing."""
    if value is None or value == "":
        return None
    if data_type == "e":
        return "e", str(value)
    if isinstance(value, bool):
        return "b", value
    if isinstance(value, (int, float)):
        fits = abs(value) < _LARGEST  # not nan, not infinite, and no integer of 400 digits
        return "n", value if fits else str(value)[:50]
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return "d", value.date().isoformat() if midnight else value.isoformat()
    if isinstance(value, dt.date):
        return "d", value.isoformat()
    return "s", str(value)[:32_767]


def _parse_with_calamine(
    data: bytes, *, skip: Collection[str] = (), lost: dict[str, str] | None = None
) -> dict[str, Any]:
    """Parse with calamine; where ``lost`` is given, it takes the sheets that cannot be read."""
    book = python_calamine.load_workbook(io.BytesIO(data))
    visible = python_calamine.SheetVisibleEnum.Visible
    sheets = []
    for meta in book.sheets_metadata:
        if meta.typ != python_calamine.SheetTypeEnum.WorkSheet or meta.name in skip:
            continue
        try:
            cells = _dense_cells(book.get_sheet_by_name(meta.name))
        except Exception as error:
            if lost is None:
                raise
            lost[meta.name] = _name_fault(error)
            continue
        sheets.append(
            {
                "title": meta.name,
                "hidden": meta.visible != visible,
                "cells": cells,
                "merged": [],
                "hidden_rows": [],
                "hidden_columns": [],
                "comments": [],
            }
        )
    return {"sheets": sheets, "names": [], "about": {}, "since_1904": False, "formats": False}


def _parse_xlsb(data: bytes) -> dict[str, Any]:
    """Parse with calamine, which knows dates, and add what only our own reader sees."""
    book = _parse_with_calamine(data)
    try:
        ours = read_xlsb(data, limit=MAX_CELLS)
    except ValueError:  # too many cells
        raise
    except Exception as error:  # noqa: BLE001  the second reader's fault is a note
        return book | {"second": {"fault": _name_fault(error)}}
    differ: list[list[Any]] = []
    for sheet in book["sheets"]:
        seen = {(cell[0], cell[1]) for cell in sheet["cells"]}
        more = [c for c in ours.get(sheet["title"], ()) if c[2] == "e" or (c[0], c[1]) not in seen]
        errors = {(cell[0], cell[1]) for cell in more}
        sheet["cells"] = [c for c in sheet["cells"] if (c[0], c[1]) not in errors] + more
        differ += _differences(sheet, {"cells": ours.get(sheet["title"], ())})
    return book | {"second": {"differ": differ[:500]}}


def _with_errors(book: dict[str, Any], errors: list[ErrorCell]) -> dict[str, Any]:
    """Put error values where calamine saw nothing."""
    for sheet in book["sheets"]:
        here = {
            (row, column): text for title, row, column, text in errors if title == sheet["title"]
        }
        kept = [cell for cell in sheet["cells"] if (cell[0], cell[1]) not in here]
        sheet["cells"] = kept + [
            [row, column, "e", text, ""] for (row, column), text in here.items()
        ]
    return book


def _dense_cells(sheet: python_calamine.CalamineSheet) -> list[CellRow]:
    if sheet.start is None:
        return []
    if sheet.total_height * sheet.total_width > MAX_AREA:
        raise ValueError("a sheet larger than any survey")
    cells: list[CellRow] = []
    for row, values in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        for column, value in enumerate(values, start=1):
            taken = _take_value(value)
            if taken is not None:
                cells.append([row, column, *taken, ""])
    return cells


def _compare(data: bytes, book: dict[str, Any]) -> dict[str, Any]:
    """Read again with another reader; give the cells on which the two do not agree.

    A sheet that it cannot read is named, and the others are compared.
    """
    far = {sheet["title"] for sheet in book["sheets"] if _reach(sheet) > MAX_AREA}
    lost = dict.fromkeys(far, "its cells lie too far apart")
    try:
        other = _parse_with_calamine(data, skip=far, lost=lost)
    except Exception as error:  # noqa: BLE001  the second reader's fault is a note
        return {"fault": _name_fault(error)}
    theirs = {sheet["title"]: sheet for sheet in other["sheets"]}
    differ: list[list[Any]] = []
    for sheet in book["sheets"]:
        if sheet["title"] in theirs:
            differ += _differences(sheet, theirs[sheet["title"]])
        else:
            lost.setdefault(sheet["title"], "it does not see this sheet")
    return {"differ": differ[:500], "lost": sorted(lost.items())}


def _reach(sheet: dict[str, Any]) -> int:
    rows = max((cell[0] for cell in sheet["cells"]), default=0)
    columns = max((cell[1] for cell in sheet["cells"]), default=0)
    return int(rows * columns)


def _name_fault(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]


def _differences(mine: dict[str, Any], theirs: dict[str, Any]) -> list[list[Any]]:
    ours = {(c[0], c[1]): (c[2], c[3]) for c in mine["cells"] if c[2] not in ("e", "f")}
    silent = {(c[0], c[1]) for c in mine["cells"] if c[2] in ("e", "f")}
    others = {(c[0], c[1]): (c[2], c[3]) for c in theirs["cells"]}
    differ: list[list[Any]] = []
    for place in sorted(set(ours) | set(others)):
        one, two = ours.get(place), others.get(place)
        if place not in silent and not _same(one, two):
            shown = [None if x is None else str(x[1])[:80] for x in (one, two)]
            differ.append([mine["title"], *place, *shown])
    return differ


def _same(one: tuple[str, Any] | None, two: tuple[str, Any] | None) -> bool:
    texts = ["" if x is None else _ESCAPED.sub("", str(x[1])) for x in (one, two)]
    texts = [" ".join(_NOT_IN_XML.sub("", text).split()) for text in texts]
    if texts[0] == texts[1]:
        return True
    if one is None or two is None:
        return False
    if {one[0], two[0]} <= {"n", "b"}:
        return math.isclose(float(one[1]), float(two[1]), rel_tol=1e-12)
    if {one[0], two[0]} == {"d"}:
        return texts[0][:10] == texts[1][:10]
    # one of the two reads a number as a date, or a date without its format as a number
    return "d" in (one[0], two[0])
