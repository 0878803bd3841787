"""The binary format record by record: errors, packed numbers, texts, and where it breaks off."""

from __future__ import annotations

import io
import struct
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.survey import xlsb

from annual_report.survey.receiving.parsing import parse
from annual_report.survey.receiving.spreadsheet_xlsb import read_xlsb

record, wide = xlsb.record, xlsb.wide

RELATIONS = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="rId1" Target="worksheets/sheet1.bin"/></Relationships>'
)


def make(*cells: bytes) -> bytes:
    """A workbook of one sheet with cells in row 5."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        bundle = record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("One"))
        new.writestr("xl/workbook.bin", bundle)
        new.writestr("xl/_rels/workbook.bin.rels", RELATIONS)
        row = record(0, struct.pack("<I", 4) + bytes(8))
        new.writestr("xl/worksheets/sheet1.bin", row + b"".join(cells))
    return out.getvalue()


def place(column: int) -> bytes:
    return struct.pack("<II", column, 0)


def values(data: bytes) -> list[list[object]]:
    return [cell[:4] for cell in read_xlsb(data, limit=100)["One"]]


def test_errors_are_found_and_blanks_are_not():
    data = make(
        record(1, place(1)),
        record(3, place(2) + b"\x17"),
        record(11, place(3) + b"\x2a" + bytes(6)),
        record(14, bytes(4) + b"\x07"),
    )
    assert values(data) == [
        [5, 3, "e", "#REF!"],
        [5, 4, "e", "#N/A"],
        [5, 5, "e", "#DIV/0!"],
    ]


def test_a_shared_text_that_is_not_there_is_an_error_of_its_cell_alone():
    data = make(record(7, place(1) + struct.pack("<I", 9)), record(5, place(2) + bytes(8)))
    assert values(data) == [[5, 2, "e", "lost text"], [5, 3, "n", 0.0]]


@pytest.mark.parametrize(
    ("packed", "number"),
    [(12 << 2 | 2, 12), (-7 << 2 & 0xFFFFFFFF | 2, -7), (1234 << 2 | 3, 12.34), (0x3FF80000, 1.5)],
)
def test_packed_numbers_are_expanded(packed, number):
    cell = record(2, place(0) + struct.pack("<I", packed))
    assert values(make(cell)) == [[5, 1, "n", number]]


def test_formulas_and_rich_texts_give_what_is_stored():
    data = make(
        record(8, place(0) + wide("total") + b"\x05formula"),
        record(9, place(1) + struct.pack("<d", 2.5) + b"\x05formula"),
        record(62, place(2) + b"\x01" + wide("bold") + bytes(8)),
        record(15, bytes(4) + b"\x01"),
    )
    assert [cell[2:] for cell in values(data)] == [
        ["s", "total"], ["n", 2.5], ["s", "bold"], ["b", True],
    ]  # fmt: skip


def test_more_cells_than_a_survey_are_refused():
    data = make(*(record(4, place(n) + b"\x01") for n in range(101)))
    with pytest.raises(ValueError, match="more than 100 cells"):
        read_xlsb(data, limit=100)


def test_a_cell_that_the_two_readers_see_differently_is_told(tmp_path, monkeypatch):
    book = openpyxl.Workbook()
    book.active.title = "One"
    book.active.append(["a", 5, "c"])
    book.save(tmp_path / "a.xlsx")
    path = tmp_path / "a.xlsb"
    path.write_bytes(xlsb.to_xlsb(tmp_path / "a.xlsx", short=False))
    assert parse(str(path), "xlsb", second=True)["second"] == {"differ": []}
    wrong = {"One": [[1, 1, "s", "a", ""], [1, 2, "n", 6, ""], [1, 3, "s", "c", ""]]}
    monkeypatch.setattr("annual_report.survey.receiving.parsing.read_xlsb", lambda *_, **__: wrong)
    found = parse(str(path), "xlsb", second=True)
    assert found["second"] == {"differ": [["One", 1, 2, "5", "6"]]}
    monkeypatch.setattr("annual_report.survey.receiving.parsing.read_xlsb", lambda *_, **__: 1 / 0)
    assert "ZeroDivisionError" in parse(str(path), "xlsb", second=True)["second"]["fault"]


@given(st.binary(max_size=2000))
def test_no_bytes_of_a_sheet_hang_or_give_nonsense(part):
    try:
        cells = values(make(part))
    except (struct.error, IndexError, ValueError):
        return
    assert all(row >= 1 and column >= 1 for row, column, *_ in cells)
