"""Cells of an .xlsb, read record by record: the second reader of that format.

calamine gives blanks for error values, and does not see cells that leave their column out because
it follows from the cell before, as some programs that are not Excel write them. For the records
see [MS-XLSB], chapter 2.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from annual_report.survey.receiving.odd_cells import LOST

ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
_ROW, _SHARED_TEXT, _SHEET = 0, 19, 156
_RICH_TEXT = 62
# Records of a cell, by what they hold; those of a formula hold its stored value first
_KINDS = {
    1: "blank", 2: "compact", 3: "error", 4: "bool", 5: "real", 6: "text", 7: "shared",
    8: "text", 9: "real", 10: "bool", 11: "error", _RICH_TEXT: "rich",
}  # fmt: skip
# The same without their column: one after the cell before
_SHORT = {number + 11: _KINDS[number] for number in range(1, 8)}


def read_xlsb(data: bytes, *, limit: int) -> dict[str, list[list[Any]]]:
    """Read the cells of each sheet that hold something, as the worker sends them.

    Raises
    ------
    ValueError
        If more than ``limit`` cells hold something.
    Exception
        Of many kinds, if the file breaks off or leads astray.
    """
    sheets: dict[str, list[list[Any]]] = {}
    left = limit
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        relations: Element = fromstring(archive.read("xl/_rels/workbook.bin.rels"))
        targets = {r.get("Id"): _find_part(r.get("Target", "")) for r in relations}
        texts = _read_texts(archive, relations)
        for kind, body in _records(archive.read("xl/workbook.bin")):
            if kind != _SHEET:  # state, id, relation, name
                continue
            relation, at = _wide_text(body, 8)
            title, _ = _wide_text(body, at)
            cells = sheets.setdefault(title, [])
            for cell in _read_cells(archive.read(targets[relation]), texts):
                cells.append([*cell, ""])
                left -= 1
                if left < 0:
                    raise ValueError(f"more than {limit:,} cells hold something")
    return sheets


def _find_part(target: str) -> str:
    bare = target.lstrip("/")
    return bare if bare.startswith("xl/") else f"xl/{bare}"


def _read_texts(archive: zipfile.ZipFile, relations: Element) -> list[str]:
    parts = (r.get("Target", "") for r in relations if r.get("Type", "").endswith("/sharedStrings"))
    part = next(map(_find_part, parts), None)
    if part is None:
        return []
    return [
        _wide_text(body, 1)[0]
        for kind, body in _records(archive.read(part))
        if kind == _SHARED_TEXT
    ]


def _read_cells(part: bytes, texts: list[str]) -> Iterator[tuple[int, int, str, Any]]:
    row = column = -1
    for kind, body in _records(part):
        if kind == _ROW:
            row, column = struct.unpack_from("<I", body)[0], -1
        elif kind in _KINDS:
            column = struct.unpack_from("<I", body)[0]
            taken = _take(_KINDS[kind], body, 8, texts)
            if taken is not None:
                yield row + 1, column + 1, *taken
        elif kind in _SHORT:
            column += 1
            taken = _take(_SHORT[kind], body, 4, texts)
            if taken is not None:
                yield row + 1, column + 1, *taken


def _take(kind: str, body: bytes, at: int, texts: list[str]) -> tuple[str, Any] | None:
    """Type and value of one cell; None for a cell that holds nothing."""
    if kind == "blank":
        return None
    if kind == "error":
        return "e", ERRORS.get(body[at], "#N/A")
    if kind == "bool":
        return "b", bool(body[at])
    if kind == "real":
        return "n", struct.unpack_from("<d", body, at)[0]
    if kind == "compact":
        return "n", _expand(struct.unpack_from("<I", body, at)[0])
    if kind == "shared":
        number = struct.unpack_from("<I", body, at)[0]
        if number >= len(texts):
            return "e", LOST
        text = texts[number]
    else:
        text = _wide_text(body, at + (kind == "rich"))[0]
    return ("s", text) if text else None


def _expand(packed: int) -> float:
    """A number packed into 30 bits: whole or the head of a double, perhaps in hundredths."""
    if packed & 2:
        (number,) = struct.unpack("<i", struct.pack("<I", packed))
        value = float(number >> 2)
    else:
        (value,) = struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFFFFFC) << 32))
    return value / 100 if packed & 1 else value


def _records(part: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield records of type and size in seven-bit numbers."""
    at = 0
    while at < len(part):
        kind, at = part[at], at + 1
        if kind & 0x80:
            kind, at = (kind & 0x7F) | (part[at] << 7), at + 1
        size = 0
        for shift in range(0, 28, 7):
            byte, at = part[at], at + 1
            size |= (byte & 0x7F) << shift
            if not byte & 0x80:
                break
        yield kind, part[at : at + size]
        at += size


def _wide_text(body: bytes, at: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<I", body, at)
    end = at + 4 + 2 * length
    return body[at + 4 : end].decode("utf-16-le", "replace"), end
