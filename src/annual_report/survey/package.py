"""The same bytes for the same workbook, and the file whole or not at all."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from pathlib import Path

from openpyxl import Workbook

from annual_report.files import write_whole

_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def save_workbook(workbook: Workbook, path: Path, *, day: dt.date) -> None:
    """Save a workbook so that its bytes depend on its content and a given day alone."""
    written = io.BytesIO()
    workbook.save(written)
    write_whole(path, _normalise(written.getvalue(), day))


def _normalise(data: bytes, day: dt.date) -> bytes:
    stamp = (max(day.year, 1980), day.month, day.day, 0, 0, 0)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                # openpyxl writes the time of saving here, whatever the properties say
                moment = f"{day.isoformat()}T00:00:00Z".encode()
                content = _MODIFIED.sub(rb"\g<1>" + moment + rb"\g<2>", content)
            entry = zipfile.ZipInfo(name, date_time=stamp)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            new.writestr(entry, content, compresslevel=9)
    return out.getvalue()
