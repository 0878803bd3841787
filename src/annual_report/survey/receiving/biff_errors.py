"""Find the error values of a workbook where its reader, calamine, gives blanks.

Only records are walked, none is trusted: a broken stream ends the search, not the reading.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Iterator

from annual_report.survey.form.addresses import column_number
from annual_report.survey.receiving.slimming import list_worksheets
from annual_report.survey.receiving.spreadsheet_xlsb import ERRORS

# What was found: sheet, row and column from 1, error as people see it
ErrorCell = tuple[str, int, int, str]

_MOST = 10_000


def find_errors(data: bytes, kind: str) -> list[ErrorCell]:
    """Find the cells of a workbook that hold an error value."""
    found: list[ErrorCell] = []
    try:
        for cell in _WALKS.get(kind, _walk_xlsx)(data):
            found.append(cell)
            if len(found) >= _MOST:
                break
    except (struct.error, IndexError, KeyError, ValueError, zipfile.BadZipFile):
        pass  # what was found so far still counts
    return found


# --- .xls: records of type and size, two bytes each, in the stream of a compound file


def _walk_xls(data: bytes) -> Iterator[ErrorCell]:
    stream = _read_stream(data)
    for start, title in _list_sheets(stream):
        for kind, body in _records(stream, start):
            if kind == 0x0205 and body[7]:  # BOOLERR that is an error
                row, column = struct.unpack_from("<HH", body)
                yield title, row + 1, column + 1, ERRORS.get(body[6], "#N/A")
            elif kind == 0x0006 and body[12:14] == b"\xff\xff" and body[6] == 2:  # FORMULA
                row, column = struct.unpack_from("<HH", body)
                yield title, row + 1, column + 1, ERRORS.get(body[8], "#N/A")


def _list_sheets(stream: bytes) -> list[tuple[int, str]]:
    sheets = []
    for kind, body in _records(stream, 0):
        if kind == 0x0085:  # BOUNDSHEET: offset, state, type, name
            (offset,) = struct.unpack_from("<I", body)
            length, wide = body[6], body[7] & 1
            name = body[8 : 8 + length * (2 if wide else 1)]
            sheets.append((offset, name.decode("utf-16-le" if wide else "latin-1")))
    return sheets


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Yield the records of one substream, to its end."""
    at = start
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        if kind == 0x000A:
            return
        yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _read_stream(data: bytes) -> bytes:
    """Read the workbook's stream out of a compound file by its chain of sectors."""
    size, small = (1 << shift for shift in struct.unpack_from("<HH", data, 30))
    table = _read_table(data, size)
    first, cutoff, first_small = struct.unpack_from("<I4xII", data, 48)
    sectors = data[size:]
    directory = _join(sectors, size, table, first)
    entries = [directory[at : at + 128] for at in range(0, len(directory) - 127, 128)]
    for entry in entries:
        length = struct.unpack_from("<H", entry, 64)[0]
        if entry[: max(length - 2, 0)].decode("utf-16-le", "replace") not in ("Workbook", "Book"):
            continue
        start, total = struct.unpack_from("<II", entry, 116)
        if total >= cutoff:
            return _join(sectors, size, table, start)[:total]
        # a short stream lies in small sectors inside the stream of the first entry
        (inside,) = struct.unpack_from("<I", entries[0], 116)
        links = _join(sectors, size, table, first_small)
        small_table = list(struct.unpack(f"<{len(links) // 4}I", links))
        return _join(_join(sectors, size, table, inside), small, small_table, start)[:total]
    return b""


def _read_table(data: bytes, size: int) -> list[int]:
    """The table that gives each sector the next one."""
    sectors = [s for s in struct.unpack_from("<109I", data, 76) if s < 0xFFFFFFF0]
    following, count = struct.unpack_from("<II", data, 68)
    for _ in range(min(count, 1000)):
        more = struct.unpack_from(f"<{size // 4}I", data, size * (following + 1))
        sectors += [s for s in more[:-1] if s < 0xFFFFFFF0]
        following = more[-1]
    table: list[int] = []
    for sector in sectors:
        table += struct.unpack_from(f"<{size // 4}I", data, size * (sector + 1))
    return table


def _join(sectors: bytes, size: int, table: list[int], first: int) -> bytes:
    parts, sector = [], first
    for _ in range(len(table)):  # a chain that bites its tail ends here
        if sector >= len(table):
            break
        parts.append(sectors[size * sector : size * (sector + 1)])
        sector = table[sector]
    return b"".join(parts)


# --- .xlsx, where openpyxl could not read it: cells of type e, in the order of the sheets

_ERROR_CELL = re.compile(
    rb'<(?:\w+:)?c\s[^>]*?(?:r="([A-Z]{1,3})([0-9]{1,7})"[^>]*?t="e"|t="e"'
    rb'[^>]*?r="([A-Z]{1,3})([0-9]{1,7})")[^>]*>.*?<(?:\w+:)?v>([^<]*)<',
    re.S,
)


def _walk_xlsx(data: bytes) -> Iterator[ErrorCell]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for title, name in list_worksheets(archive):
            for match in _ERROR_CELL.finditer(archive.read(name)):
                letters, row = (match[1] or match[3]).decode(), int(match[2] or match[4])
                yield title, row, column_number(letters), match[5].decode()


_WALKS = {"xls": _walk_xls}
