"""The contracts of the tables on disk: one definition gives checks, storage and data dictionary.

Names follow one grammar: ``id`` is the address of a number (``norrhavn.FIN-01.value``), ``n`` and
``of`` say how many clusters answered of how many, ``number`` is a quantity in ``unit``, ``text`` is
anything else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from annual_report.errors import TableError
from annual_report.files import write_whole

Kind = Literal["text", "number", "integer", "list"]

ROWS_IN_GROUP = 10_000
"""What a reader of a part must unpack at least: a large table is stored in groups of so many."""

_ARROW: dict[Kind, pa.DataType] = {
    "text": pa.string(),
    "number": pa.float64(),
    "integer": pa.int64(),
    "list": pa.list_(pa.string()),
}

STATUSES = ("reported", "corrected", "missing", "not applicable", "invalid")
SEVERITIES = ("error", "warning", "note")
CONSENTS = ("publish", "aggregate only", "do not use")
BASES = ("measured", "estimated", "target only")
QUERIED = "queried"
FLAGS = (QUERIED,)
RETURN_STATES = ("answered", "silent", "unreadable", "failed")


@dataclass(frozen=True)
class Column:
    """One column: what it means and what it may hold."""

    name: str
    kind: Kind
    meaning: str
    required: bool = True
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Contract:
    """One table on disk: its columns in order and the columns that identify a row."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def schema(self) -> pa.Schema:
        return pa.schema(
            [pa.field(c.name, _ARROW[c.kind], nullable=not c.required) for c in self.columns]
        )


def _optional(name: str, kind: Kind, meaning: str, allowed: tuple[str, ...] = ()) -> Column:
    return Column(name, kind, meaning, required=False, allowed=allowed)


ANSWERS = Contract(
    "answers",
    ("id",),
    (
        Column("id", "text", "address: cluster.question[.row].field"),
        Column("edition", "text", "edition that asked"),
        Column("cluster", "text", "id of the cluster on the register"),
        Column("question", "text", "code of the question or table"),
        Column("row", "integer", "row of a table question, from 1; 0 for a single question"),
        Column("field", "text", "value, baseline, target, …; the column of a table question"),
        Column("kind", "text", "kind of the field in the framework"),
        _optional("number", "number", "the answer as a number in `unit`; yes is 1, no is 0"),
        _optional("text", "text", "the answer as text, choice code or ISO date"),
        _optional("unit", "text", "unit of `number` as reported"),
        _optional("currency", "text", "ISO 4217 code of an amount"),
        _optional("basis", "text", "how the respondent knows", BASES),
        Column("consent", "text", "what the respondent allows", allowed=CONSENTS),
        Column("status", "text", "what became of the answer", allowed=STATUSES),
        _optional("flag", "text", "queried while the respondent is asked about its size", FLAGS),
        _optional("reported", "text", "what stood in the cell, as typed"),
        _optional("note", "text", "how the reader understood it, where that is not plain"),
        Column("workbook", "text", "file name of the return"),
        Column("sheet", "text", "sheet of the return as named there"),
        _optional("cell", "text", "address of the cell, such as F12"),
        Column("sha256", "text", "hash of the workbook"),
    ),
)

FINDINGS = Contract(
    "findings",
    ("id",),
    (
        Column("id", "text", "address: cluster.code.number"),
        Column("edition", "text", "edition that asked"),
        Column("cluster", "text", "id of the cluster"),
        Column("code", "text", "kind of finding, such as unit-unknown"),
        Column("severity", "text", "how much it matters", allowed=SEVERITIES),
        _optional("question", "text", "code of the question or table"),
        _optional("row", "integer", "row of a table question, from 1"),
        _optional("field", "text", "field of the question"),
        Column("workbook", "text", "file name of the return"),
        _optional("sheet", "text", "sheet as named in the return"),
        _optional("cell", "text", "address of the cell"),
        _optional("found", "text", "what was there"),
        _optional("expected", "text", "what should have been there"),
        Column("message", "text", "the finding in plain words"),
        Column("action", "text", "what the respondent can do"),
    ),
)

MEASURES = Contract(
    "measures",
    ("id",),
    (
        Column("id", "text", "address: cluster.code.measure; cluster is `all` for totals"),
        Column("edition", "text", "edition that computed it"),
        Column("cluster", "text", "id of the cluster, or `all`"),
        Column("code", "text", "code of the indicator, pillar or headline"),
        Column("measure", "text", "value, achieved, verdict, score, total, …"),
        _optional("pillar", "text", "pillar it belongs to"),
        _optional("number", "number", "the result in `unit`"),
        _optional("text", "text", "a result in words, such as a verdict"),
        _optional("unit", "text", "unit of `number`; an ISO 4217 code for money"),
        _optional("year", "integer", "year the result stands for"),
        _optional("n", "integer", "how many answered"),
        _optional("of", "integer", "of how many"),
        Column("method", "text", "name of the published method"),
        Column("formula", "text", "the formula with its numbers filled in"),
        Column("inputs", "list", "ids of the answers, measures and rates it was computed from"),
        Column("consent", "text", "the strictest consent among the inputs", allowed=CONSENTS),
        _optional("flag", "text", "queried where an answer behind it is", FLAGS),
        _optional("note", "text", "what a reader should know"),
    ),
)

RETURNS = Contract(
    "returns",
    ("cluster",),
    (
        Column("edition", "text", "edition that asked"),
        Column("cluster", "text", "id of the cluster on the register"),
        Column("state", "text", "what became of the return", allowed=RETURN_STATES),
        _optional("reason", "text", "why there is no answer, in plain words"),
        _optional("workbook", "text", "file name of the return"),
        _optional("sha256", "text", "hash of the workbook"),
        _optional("signed", "text", "sign-off date, ISO"),
        Column("asked", "integer", "questions asked"),
        Column("answered", "integer", "questions answered"),
        Column("errors", "integer", "findings that are errors"),
        Column("warnings", "integer", "findings that are warnings"),
    ),
)


def check_table(frame: pd.DataFrame, contract: Contract) -> pa.Table:
    """Check a table against its contract and give it the contract's types.

    Raises
    ------
    TableError
        If a column is missing or unknown, a value has the wrong type or is not allowed, a
        required value is missing, or a key repeats.
    """
    names = [c.name for c in contract.columns]
    if set(frame.columns) != set(names):
        raise TableError(
            "wrong columns",
            where=contract.name,
            expected=", ".join(names),
            found=", ".join(map(str, frame.columns)),
        )
    try:
        table = pa.Table.from_pandas(frame[names], schema=contract.schema, preserve_index=False)
        table = table.replace_schema_metadata(None)
    except (pa.ArrowInvalid, pa.ArrowTypeError, ValueError) as error:
        raise TableError("wrong type", where=contract.name, found=str(error)) from error
    for column in contract.columns:
        values = frame[column.name]
        if column.required and table[column.name].null_count:
            raise TableError("a required value is missing", where=f"{contract.name}.{column.name}")
        if column.allowed:
            strange = sorted(set(values.dropna()) - set(column.allowed))
            if strange:
                raise TableError(
                    "a value is not allowed",
                    where=f"{contract.name}.{column.name}",
                    expected=", ".join(column.allowed),
                    found=", ".join(map(str, strange)),
                )
    twice = frame.loc[frame.duplicated(list(contract.key)), contract.key[0]]
    if len(twice):
        raise TableError("a key repeats", where=contract.name, found=str(twice.iloc[0]))
    return table


def write_table(frame: pd.DataFrame, contract: Contract, path: Path) -> None:
    """Write a table whole or not at all, the same bytes for the same rows."""
    _write(check_table(frame, contract), path)


def stack_tables(paths: Sequence[Path], contract: Contract, path: Path, *, by: str) -> None:
    """Write several tables as one, sorted by a column, so that a part of it is read alone.

    Rows with the same value stay in the order of the tables; see `read_part`.
    """
    parts = [_read_file(part, contract, contract.schema) for part in paths]
    table = pa.concat_tables(parts) if parts else contract.schema.empty_table()
    _write(table.take(pc.sort_indices(table, sort_keys=[(by, "ascending")])), path)


def _write(table: pa.Table, path: Path) -> None:
    buffer = pa.BufferOutputStream()
    pq.write_table(table, buffer, compression="zstd", row_group_size=ROWS_IN_GROUP)
    write_whole(path, buffer.getvalue().to_pybytes())


def read_table(
    paths: Path | Sequence[Path], contract: Contract, *, columns: Sequence[str] | None = None
) -> pd.DataFrame:
    """Read one table, or several with the same contract one after another.

    Parameters
    ----------
    paths
        One Parquet file or several; none gives an empty table with the contract's columns.
    columns
        Only these, for speed; all by default.

    Raises
    ------
    TableError
        If a file is missing or is not a table of this contract.
    """
    many = [paths] if isinstance(paths, Path) else list(paths)
    schema = contract.schema if columns is None else _choose(contract, columns)
    parts = [_read_file(path, contract, schema) for path in many]
    table = pa.concat_tables(parts) if parts else schema.empty_table()
    frame: pd.DataFrame = table.to_pandas()
    return frame


def read_rows(path: Path, contract: Contract, *, columns: Sequence[str]) -> list[tuple[Any, ...]]:
    """Read one table as rows of plain values, None where there is none: fast for many small files.

    Raises
    ------
    TableError
        If the file is missing or is not a table of this contract.
    """
    return _list_rows(_read_file(path, contract, _choose(contract, columns)))


def read_part(
    path: Path, contract: Contract, *, where: tuple[str, str], columns: Sequence[str]
) -> list[tuple[Any, ...]]:
    """Read the rows of a large table with one value in one column, as `read_rows`.

    Groups of rows that cannot hold the value are not unpacked, which in a table that is sorted by
    the column are all but one or two.

    Raises
    ------
    TableError
        If the file is missing or is not a table of this contract.
    """
    name, value = where
    wanted = list(dict.fromkeys([*columns, name]))
    try:
        file = pq.ParquetFile(path)
        place = file.metadata.schema.names.index(name)
        groups = [
            file.read_row_group(group, columns=wanted, use_threads=False)
            for group in range(file.num_row_groups)
            if _may_hold(file.metadata.row_group(group).column(place).statistics, value)
        ]
        parts = [group.filter(pc.equal(group[name], value)) for group in groups]
        schema = _choose(contract, wanted)
        found = pa.concat_tables([schema.empty_table(), *(part.cast(schema) for part in parts)])
    except (OSError, KeyError, ValueError) as error:
        raise _refuse(path, contract, error) from error
    return _list_rows(found.select(columns))


def _may_hold(statistics: Any, value: str) -> bool:
    if statistics is None or not statistics.has_min_max:
        return True
    return bool(statistics.min <= value <= statistics.max)


def _choose(contract: Contract, columns: Sequence[str]) -> pa.Schema:
    return pa.schema([contract.schema.field(name) for name in columns])


def _list_rows(table: pa.Table) -> list[tuple[Any, ...]]:
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))


def list_records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """List the rows of a table as plain values, None where there is none."""
    blank = frame.astype(object).where(frame.notna(), None)
    return [{str(name): value for name, value in row.items()} for row in blank.to_dict("records")]


def _read_file(path: Path, contract: Contract, schema: pa.Schema) -> pa.Table:
    try:
        # Not pq.read_table: a dataset scan starts threads, and kernels are forked
        return pq.ParquetFile(path).read(columns=schema.names, use_threads=False).cast(schema)
    except (OSError, KeyError, ValueError) as error:
        raise _refuse(path, contract, error) from error


def _refuse(path: Path, contract: Contract, error: Exception) -> TableError:
    return TableError(
        f"not a table of {contract.name}",
        where=str(path),
        found=str(error),
        do="delete data/processed and run again",
    )
