"""The data annex as a Frictionless data package: CSV files and what they mean."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Sequence
from typing import Any

from annual_report.edition import Edition
from annual_report.exhibits.characters import clean_text
from annual_report.publishing.annex_tables import AnnexTable, Value

DESCRIPTOR = "datapackage.json"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def build_package(edition: Edition, tables: Sequence[AnnexTable]) -> dict[str, bytes]:
    """Build the files of the package by name; the descriptor comes last.

    A text that a spreadsheet would take for a formula has an apostrophe in front of it.
    """
    files = {f"{table.name}.csv": _write_csv(table) for table in tables}
    descriptor = {
        "profile": "tabular-data-package",
        "name": f"annual-report-{edition.edition}",
        "title": f"{edition.title}: data annex",
        "description": f"{edition.subtitle}. {edition.status}. A column ending in _mark says why "
        "a number is not there. A text that begins with =, +, - or @ has an apostrophe in front.",
        "created": f"{edition.published.isoformat()}T00:00:00Z",
        "contributors": [{"title": edition.publisher, "role": "publisher"}],
        "resources": [_describe(table, files[f"{table.name}.csv"]) for table in tables],
    }
    text = json.dumps(descriptor, indent=2, ensure_ascii=False) + "\n"
    return files | {DESCRIPTOR: text.encode()}


def _write_csv(table: AnnexTable) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([*(f.name for f in table.fields), *(f"{name}_mark" for name in table.marked)])
    for row in _add_marks(table):
        writer.writerow([_escape(value) for value in row])
    return stream.getvalue().encode()


def _add_marks(table: AnnexTable) -> Iterator[tuple[Value, ...]]:
    marks = table.marks or ((),) * len(table.rows)
    for row, of_row in zip(table.rows, marks, strict=True):
        yield (*row, *of_row)


def _escape(value: Value) -> Value:
    if isinstance(value, str):
        text = clean_text(value)
        return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
    return value


def _describe(table: AnnexTable, content: bytes) -> dict[str, Any]:
    fields: list[dict[str, Any]] = [
        {"name": f.name, "type": f.kind, "title": f.title, "description": f.meaning}
        for f in table.fields
    ]
    fields += [
        {
            "name": f"{name}_mark",
            "type": "string",
            "title": f"Mark of {name}",
            "description": f"why there is no {name}; empty if there is one",
            "constraints": {"enum": ["missing", "withheld", "not applicable"]},
        }
        for name in table.marked
    ]
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": f"{table.name}.csv",
        "title": table.title,
        "description": f"{table.unit}. {table.source}",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": {"fields": fields, "missingValues": [""], "primaryKey": list(table.key)},
    }
