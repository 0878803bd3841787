"""The same bytes for the same workbook, and the file whole or not at all."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

from annual_report.files import write_whole


def save_workbook(workbook: Workbook, path: Path, *, day: dt.date, level: int = 9) -> None:
    """Save a workbook so that its bytes depend on its content and a given day alone.

    Parameters
    ----------
    level
        How hard to compress: 9 for what is sent by mail, less for what has to be written fast.
    """
    written = io.BytesIO()
    workbook.properties.modified = dt.datetime.combine(day, dt.time())
    # not compressed, which workbook.save would do, for it is written once more
    ExcelWriter(workbook, zipfile.ZipFile(written, "w")).save()
    write_whole(path, _pack(written, day, level))


def _pack(written: io.BytesIO, day: dt.date, level: int) -> bytes:
    """Compress the parts of a workbook, all with the same date."""
    stamp = (max(day.year, 1980), day.month, day.day, 0, 0, 0)
    out = io.BytesIO()
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, date_time=stamp)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            new.writestr(entry, old.read(name), compresslevel=level)
    return out.getvalue()
