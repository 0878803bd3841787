"""Error values in the formats whose reader gives blanks for them."""

from __future__ import annotations

import io
import shutil
import struct
import subprocess
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annual_report.survey.biff_errors import find_errors


def record(kind, body):
    """A record of an .xlsb part; kinds above 127 take two bytes."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return head + bytes([len(body)]) + body


def wide(text):
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def test_errors_of_an_xlsb_are_found():
    bundle = record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("One"))
    sheet = record(0, struct.pack("<I", 4) + bytes(8))
    sheet += record(3, struct.pack("<II", 2, 0) + b"\x17")
    sheet += record(11, struct.pack("<II", 3, 0) + b"\x2a")
    relations = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="rId1" Target="worksheets/sheet1.bin"/></Relationships>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        new.writestr("xl/workbook.bin", bundle)
        new.writestr("xl/_rels/workbook.bin.rels", relations)
        new.writestr("xl/worksheets/sheet1.bin", sheet)
    found = find_errors(out.getvalue(), "xlsb")
    assert found == [("One", 5, 3, "#REF!"), ("One", 5, 4, "#N/A")]


def test_errors_of_an_xlsx_are_found():
    book = openpyxl.Workbook()
    book.active.title = "One"
    book.active["B2"], book.active["C3"] = "#REF!", 5
    out = io.BytesIO()
    book.save(out)
    assert find_errors(out.getvalue(), "other") == [("One", 2, 2, "#REF!")]


@pytest.mark.office
def test_errors_of_an_xls_are_found(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Ünë"
    book.active["B2"], book.active["C3"], book.active["D4"] = "=1/0", 5, "=NA()"
    book.save(tmp_path / "a.xlsx")
    subprocess.run(
        [
            shutil.which("soffice"),
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--headless",
            "--convert-to",
            "xls",
            "--outdir",
            str(tmp_path),
            str(tmp_path / "a.xlsx"),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    found = find_errors((tmp_path / "a.xls").read_bytes(), "xls")
    assert found == [("Ünë", 2, 2, "#DIV/0!"), ("Ünë", 4, 4, "#N/A")]


@given(st.binary(max_size=2000), st.sampled_from(["xls", "xlsb", "other"]))
def test_no_bytes_are_a_fault(data, kind):
    assert find_errors(data, kind) == []
    assert find_errors(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + data, kind) == []
