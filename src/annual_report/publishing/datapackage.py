"""The data annex as a Frictionless data package: CSV files, and the public tables themselves.

Below ``data/`` the package has the folders of a project, with what may leave of it, so that the
report's own notebooks run on it: ``ar.open_season("datapackage/datapackage.json")``.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

import yaml

from annual_report.edition import Edition, read_edition
from annual_report.exhibits.look.characters import clean_text
from annual_report.measures.lineage import PREVIOUS
from annual_report.measures.public import PUBLIC
from annual_report.project import Project
from annual_report.publishing.annex_tables import AnnexTable, Value

DESCRIPTOR = "datapackage.json"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def build_package(
    project: Project, edition: Edition, tables: Sequence[AnnexTable]
) -> dict[str, bytes]:
    """Build the files of the package by name; the descriptor comes last.

    A text that a spreadsheet would take for a formula has an apostrophe in front of it.
    """
    files = {f"{table.name}.csv": _write_csv(table) for table in tables}
    behind = dict(_list_data(project, edition))
    descriptor = {
        "profile": "tabular-data-package",
        "name": f"annual-report-{edition.edition}",
        "title": f"{edition.title}: data annex",
        "description": f"{edition.subtitle}. {edition.status}. A column ending in _mark says why "
        "a number is not there. A text that begins with =, +, - or @ has an apostrophe in front.",
        "created": f"{edition.published.isoformat()}T00:00:00Z",
        "contributors": [{"title": edition.publisher, "role": "publisher"}],
        "resources": [
            *(_describe(table, files[f"{table.name}.csv"]) for table in tables),
            *(_describe_file(name, content) for name, content in behind.items()),
        ],
    }
    text = json.dumps(descriptor, indent=2, ensure_ascii=False) + "\n"
    return files | behind | {DESCRIPTOR: text.encode()}


def _list_data(project: Project, edition: Edition) -> Iterator[tuple[str, bytes]]:
    """List what frames are made of: public tables, questionnaire, reference data, editions."""
    for name in filter(None, (edition.edition, edition.previous)):
        yield f"data/editions/{name}.yaml", _write_edition(read_edition(project, name))
    folder = project.processed(edition.edition) / PUBLIC
    paths = [*folder.glob("*.parquet"), *(folder / PREVIOUS).glob("*.parquet")]
    paths += [*project.framework.glob("*.yaml"), *project.reference.glob("*.csv")]
    paths += project.reference.glob("*.json")
    for path in sorted(paths):
        yield path.relative_to(project.root).as_posix(), path.read_bytes()


def _write_edition(edition: Edition) -> bytes:
    """Write an edition's settings, but for how far a withheld number is from being one."""
    told = edition.model_dump(mode="json", exclude={"rules": {"disclosure"}}, exclude_none=True)
    text: str = yaml.safe_dump(told, allow_unicode=True, sort_keys=False)
    return text.encode()


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
        **_stamp(content),
        "schema": {"fields": fields, "missingValues": [""], "primaryKey": list(table.key)},
    }


def _describe_file(path: str, content: bytes) -> dict[str, Any]:
    name = re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-")
    return {"name": name, "path": path, "format": path.rpartition(".")[2], **_stamp(content)}


def _stamp(content: bytes) -> dict[str, Any]:
    return {"bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}
