"""Read an OpenDocument spreadsheet: its cells with their types, its names, its error values."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import iterparse

_SPREADSHEET_ERROR = re.compile(r"(#(REF|N/A|NAME|VALUE|DIV/0|NUM|NULL)[!?]?|Err:5\d\d)")
_NO_NUMBER = re.compile(
    rb'(\soffice:value=)"(?!\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*")[^"]*"'
)
_AREA = re.compile(r"\$?('(?:[^']|'')+'|[^.$]+)\.\$?([A-Z]+)\$?([0-9]+)(?::(.*))?")


def parse_ods(data: bytes, *, limit: int) -> dict[str, Any]:
    """Parse the content of an .ods into the same plain lists as other workbooks.

    Raises
    ------
    ValueError
        If more than ``limit`` cells hold something.
    """
    sheets: list[dict[str, Any]] = []
    names: list[list[Any]] = []
    hidden_styles: set[str] = set()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("content.xml") as part:
        count = 0
        for _, element in iterparse(part, events=("end",)):
            tag = element.tag.rpartition("}")[2]
            if tag == "style" and _hides_table(element):
                hidden_styles.add(_get(element, "name"))
            elif tag == "table":
                sheets.append(_take_table(element, hidden_styles, limit - count))
                count += len(sheets[-1]["cells"])
                element.clear()
            elif tag == "named-range":
                names.append([_get(element, "name"), None, _address(element)])
    about: dict[str, str] = {}
    return {
        "sheets": sheets,
        "names": names,
        "about": about,
        "since_1904": False,
        "formats": True,
    }


def mend_numbers(data: bytes) -> bytes:
    """Write 0 where a number is none, for a parser that would refuse the whole file for it."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = archive.read("content.xml")
        mended = _NO_NUMBER.sub(rb'\1"0"', content)
        if mended == content:
            return data
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as new:
            for name in archive.namelist():
                if name in ("mimetype", "META-INF/manifest.xml"):
                    new.writestr(name, archive.read(name))
            new.writestr("content.xml", mended)
    return out.getvalue()


def _get(element: Element, name: str) -> str:
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return value
    return ""


def _hides_table(style: Element) -> bool:
    return any(_get(child, "display") == "false" for child in style)


def _address(element: Element) -> str:
    """Turn ``$'3 Finance'.$B$2:.$B$9`` into ``'3 Finance'!$B$2:$B$9``."""
    match = _AREA.fullmatch(_get(element, "cell-range-address"))
    if match is None:
        return ""
    sheet, column, row, rest = match.groups()
    end = f":{rest.rpartition('.')[2]}" if rest else ""
    return f"{sheet}!${column}${row}{end}"


def _take_table(table: Element, hidden_styles: set[str], limit: int) -> dict[str, Any]:
    cells: list[list[Any]] = []
    comments: list[list[Any]] = []
    merged: list[str] = []
    hidden_rows: list[int] = []
    row = 1
    for element in table.iter():
        if element.tag.rpartition("}")[2] != "table-row":
            continue
        repeat = int(_get(element, "number-rows-repeated") or 1)
        taken = _take_row(element, row, comments, merged)
        for copy in range(min(repeat, limit) if taken else 0):
            cells += [[row + copy, *rest] for _, *rest in taken]
            if len(cells) > limit:
                raise ValueError("more cells than a survey can hold")
        if taken and _get(element, "visibility") in ("collapse", "filter"):
            hidden_rows.append(row)
        row += repeat
    return {
        "title": _get(table, "name"),
        "hidden": _get(table, "style-name") in hidden_styles,
        "cells": cells,
        "merged": merged,
        "hidden_rows": hidden_rows,
        "hidden_columns": [],
        "comments": comments,
    }


def _take_row(
    element: Element, row: int, comments: list[list[Any]], merged: list[str]
) -> list[list[Any]]:
    from openpyxl.utils import get_column_letter

    cells: list[list[Any]] = []
    column = 1
    for cell in element:
        tag = cell.tag.rpartition("}")[2]
        if tag not in ("table-cell", "covered-table-cell"):
            continue
        repeat = int(_get(cell, "number-columns-repeated") or 1)
        taken = _take_cell(cell)
        if taken is not None and column + repeat <= 16_400:
            cells += [[row, column + copy, *taken] for copy in range(min(repeat, 400))]
        comments += [
            [row, column, _text(child)[:500]] for child in cell if child.tag.endswith("}annotation")
        ]
        wide = int(_get(cell, "number-columns-spanned") or 1)
        high = int(_get(cell, "number-rows-spanned") or 1)
        if (wide > 1 or high > 1) and len(merged) < 2000:
            last = f"{get_column_letter(min(column + wide - 1, 16_384))}{row + high - 1}"
            merged.append(f"{get_column_letter(column)}{row}:{last}")
        column += repeat
    return cells


def _take_cell(cell: Element) -> list[Any] | None:
    kind, text = _get(cell, "value-type"), _text(cell)
    formula = bool(_get(cell, "formula"))
    if formula and _SPREADSHEET_ERROR.fullmatch(text.strip()):
        return ["e", text.strip(), ""]
    if kind in ("float", "percentage", "currency"):
        shown = {"percentage": "0%", "float": "General", "currency": "#,##0.00"}[kind]
        try:
            return ["n", float(_get(cell, "value")), shown]
        except ValueError:  # a number that is none is the text that stands for it
            held = text or _get(cell, "value")
            return ["s", held, "General"] if held else None
    if kind == "date":
        value = _get(cell, "date-value")
        return ["d", value[:10] if value.endswith("T00:00:00") else value, "yyyy-mm-dd"]
    if kind == "boolean":
        return ["b", _get(cell, "boolean-value") == "true", "General"]
    if kind == "string" and text:
        return ["s", text[:32_767], "General"]
    return ["f", None, "General"] if formula and not kind else None


def _text(cell: Element) -> str:
    """Join the paragraphs of a cell; spaces and tabs are elements of their own here."""
    return "\n".join(_inline(child) for child in cell if child.tag.rpartition("}")[2] == "p")


def _inline(element: Element) -> str:
    parts = [element.text or ""]
    for child in element:
        tag = child.tag.rpartition("}")[2]
        if tag == "s":
            parts.append(" " * min(int(_get(child, "c") or 1), 1000))
        elif tag in ("tab", "line-break"):
            parts.append("\t" if tag == "tab" else "\n")
        else:
            parts.append(_inline(child))
        parts.append(child.tail or "")
    return "".join(parts)
