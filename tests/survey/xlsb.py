"""An .xlsb made of an .xlsx, record by record: with the column of each cell, or without."""

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile
from pathlib import Path

import openpyxl
from openpyxl.utils.datetime import to_excel

_TYPES = (
    b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled'
    b'.main"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package'
    b'.relationships+xml"/></Types>'
)
_RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def record(kind: int, body: bytes = b"") -> bytes:
    """A record of an .xlsb part; kinds and sizes above 127 take more than one byte."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, left = b"", len(body)
    while True:
        size += bytes([left & 0x7F | (0x80 if left > 0x7F else 0)])
        left >>= 7
        if not left:
            return head + size + body


def wide(text: str) -> bytes:
    data = text.encode("utf-16-le")
    return struct.pack("<I", len(data) // 2) + data


def to_xlsb(path: Path, *, short: bool, shared: bool = False) -> bytes:
    """Write the values of a workbook as .xlsb.

    ``short`` leaves out the column of a cell that follows another one, as programs other than
    Excel do; ``shared`` puts texts into the table of shared texts.
    """
    book = openpyxl.load_workbook(path)
    texts: list[str] = []
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        new.writestr("[Content_Types].xml", _TYPES)
        relations, bundle = "", b""
        for number, sheet in enumerate(book.worksheets, start=1):
            relations += (
                f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet" '
                f'Target="worksheets/sheet{number}.bin"/>'
            )
            hidden = int(sheet.sheet_state != "visible")
            body = struct.pack("<II", hidden, number) + wide(f"rId{number}") + wide(sheet.title)
            bundle += record(156, body)
            part = _write_sheet(sheet, texts if shared else None, short=short)
            new.writestr(f"xl/worksheets/sheet{number}.bin", part)
        if shared:
            target = f'<Relationship Id="rId99" Type="{_OFFICE}/sharedStrings" Target='
            relations += f'{target}"sharedStrings.bin"/>'
            items = b"".join(record(19, b"\0" + wide(text)) for text in texts)
            head = record(159, struct.pack("<II", len(texts), len(texts)))
            new.writestr("xl/sharedStrings.bin", head + items + record(160))
        new.writestr(
            "xl/_rels/workbook.bin.rels", f"{_RELATIONS}{relations}</Relationships>".encode()
        )
        whole = record(131) + record(143) + bundle + record(144) + record(132)
        new.writestr("xl/workbook.bin", whole)
    return out.getvalue()


def _write_sheet(sheet, texts, *, short):
    size = struct.pack("<IIII", 0, sheet.max_row - 1, 0, sheet.max_column - 1)
    out = record(129) + record(148, size) + record(145)
    for cells in sheet.iter_rows():
        out += record(0, struct.pack("<III", cells[0].row - 1, 0, 0) + bytes(5))
        begun = False
        for cell in cells:
            kind, value = _encode(cell.value, texts)
            place = b"" if short and begun else struct.pack("<I", cell.column - 1)
            out += record(kind + 11 if short and begun else kind, place + bytes(4) + value)
            begun = True
    return out + record(146) + record(130)


def _encode(value, texts):
    if value is None or value == "":
        return 1, b""
    if isinstance(value, bool):
        return 4, bytes([value])
    if isinstance(value, dt.date):
        value = to_excel(value)
    if isinstance(value, int) and abs(value) < 1 << 28:
        return 2, struct.pack("<i", value << 2 | 2)
    if isinstance(value, (int, float)):
        return 5, struct.pack("<d", value)
    if value.startswith("#REF!"):
        return 3, b"\x17"
    if texts is None:
        return 6, wide(value)
    texts.append(value)
    return 7, struct.pack("<I", len(texts) - 1)
