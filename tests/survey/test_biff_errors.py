"""Error values in the formats whose reader gives blanks for them."""

from __future__ import annotations

import io
import shutil
import subprocess

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annual_report.survey.receiving.biff_errors import find_errors


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


@given(st.binary(max_size=2000), st.sampled_from(["xls", "other"]))
def test_no_bytes_are_a_fault(data, kind):
    assert find_errors(data, kind) == []
    assert find_errors(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + data, kind) == []
