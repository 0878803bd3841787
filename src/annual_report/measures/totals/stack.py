"""The returns of all clusters stacked: what totals and exhibits select from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from annual_report.measures.answers import USABLE
from annual_report.tables import list_records

MEASURE_COLUMNS = (
    "id",
    "cluster",
    "code",
    "measure",
    "number",
    "text",
    "unit",
    "year",
    "consent",
)
ANSWER_COLUMNS = (
    "id",
    "cluster",
    "question",
    "row",
    "field",
    "kind",
    "number",
    "text",
    "consent",
    "status",
)


@dataclass(frozen=True)
class Contribution:
    """What one cluster adds to a total, and the addresses it comes from."""

    cluster: str
    number: float
    consent: str
    inputs: tuple[str, ...]


@dataclass(frozen=True)
class Said:
    """What one cluster chose or was found to be, in words, and its address."""

    cluster: str
    text: str
    consent: str
    id: str


@dataclass(frozen=True)
class Entry:
    """One row of a table question in all returns: its choices, and its numbers in standard units.

    ``ids`` gives the address of each; a number's is that of its standard measure.
    """

    cluster: str
    row: int
    texts: dict[str, str]
    numbers: dict[str, float]
    ids: dict[str, str]
    consents: dict[str, str]


class Stack:
    """All clusters' measures and answers of one edition.

    Parameters
    ----------
    measures, answers
        Tables with at least :data:`MEASURE_COLUMNS` and :data:`ANSWER_COLUMNS`.
    """

    def __init__(self, measures: pd.DataFrame, answers: pd.DataFrame) -> None:
        usable = answers["status"].isin(USABLE) & (answers["consent"] != "do not use")
        self._answers = answers[usable]
        self._by_name = dict(iter(measures.groupby(["code", "measure"])))
        self._by_code = dict(iter(measures.groupby("code")))
        self._by_field = dict(iter(self._answers.groupby(["question", "field"])))
        self._by_table = dict(iter(self._answers[self._answers["row"] > 0].groupby("question")))
        self._entries: dict[str, list[Entry]] = {}

    def contributions(self, code: str, measure: str) -> list[Contribution]:
        """Each cluster's number under one code and measure; clusters without one are not there."""
        part = self._by_name.get((code, measure))
        if part is None:
            return []
        known = part[part["number"].notna() & (part["consent"] != "do not use")]
        return [
            Contribution(cluster, float(number), consent, (identity,))
            for cluster, number, consent, identity in zip(
                known["cluster"], known["number"], known["consent"], known["id"], strict=True
            )
        ]

    def texts(self, code: str, measure: str) -> list[Said]:
        """Each cluster's words under one code and measure."""
        part = self._by_name.get((code, measure))
        if part is None:
            return []
        known = part[part["text"].notna() & (part["consent"] != "do not use")]
        return [
            Said(record["cluster"], record["text"], record["consent"], record["id"])
            for record in list_records(known)
        ]

    def choices(self, question: str) -> list[Said]:
        """Each cluster's choice: a code, or `yes` and `no` for yes-or-no questions."""
        part = self._by_field.get((question, "value"))
        if part is None:
            return []
        return [
            Said(record["cluster"], choice, record["consent"], record["id"])
            for record in list_records(part)
            if (choice := _choose(record))
        ]

    def entries(self, table: str) -> list[Entry]:
        """The filled rows of a table question in all returns, clusters in alphabetical order."""
        if table not in self._entries:  # each table is asked for by many a breakdown
            self._entries[table] = self._read_entries(table)
        return self._entries[table]

    def _read_entries(self, table: str) -> list[Entry]:
        part = self._by_table.get(table)
        if part is None:
            return []
        standard = self._read_standard(table)
        rows: dict[tuple[str, int], list[dict[str, Any]]] = {}
        for record in list_records(part):
            rows.setdefault((record["cluster"], int(record["row"])), []).append(record)
        return [_make_entry(*key, rows[key], standard) for key in sorted(rows)]

    def _read_standard(self, table: str) -> dict[tuple[str, str], tuple[float, str]]:
        part = self._by_code.get(table)
        if part is None:
            return {}
        known = part[part["number"].notna()]
        return {
            (cluster, measure): (float(number), identity)
            for cluster, measure, number, identity in zip(
                known["cluster"], known["measure"], known["number"], known["id"], strict=True
            )
        }


def _choose(record: dict[str, Any]) -> str | None:
    if record["kind"] == "yes_no":
        return None if record["number"] is None else ("yes" if record["number"] == 1 else "no")
    return None if record["text"] is None else str(record["text"])


def _make_entry(
    cluster: str,
    row: int,
    cells: list[dict[str, Any]],
    standard: dict[tuple[str, str], tuple[float, str]],
) -> Entry:
    texts, numbers, ids, consents = {}, {}, {}, {}
    for cell in cells:
        field = cell["field"]
        ids[field] = cell["id"]
        consents[field] = cell["consent"]
        choice = _choose(cell)
        if choice:
            texts[field] = choice
        if (cluster, f"{row}.{field}.standard") in standard:
            numbers[field], ids[field] = standard[cluster, f"{row}.{field}.standard"]
        elif cell["kind"] == "year" and cell["number"] is not None:
            numbers[field] = cell["number"]
    return Entry(cluster, row, texts, numbers, ids, consents)


def to_contributions(contributions: Sequence[Contribution]) -> pd.DataFrame:
    """The table that the rules of disclosure take."""
    return pd.DataFrame(
        [(c.cluster, c.number, c.consent) for c in contributions],
        columns=["contributor", "value", "consent"],
    )


def sum_by_cluster(
    entries: Iterable[Entry], *, value: str | None, columns: Sequence[str] = ()
) -> list[Contribution]:
    """What each cluster adds: the number of rows, or the sum of a column.

    A row without the value adds nothing and does not make its cluster a contributor.
    """
    return list(_sum(entries, value=value, columns=columns))


def _sum(
    entries: Iterable[Entry], *, value: str | None, columns: Sequence[str]
) -> Iterator[Contribution]:
    by_cluster: dict[str, list[Entry]] = {}
    for entry in entries:
        if value is None or value in entry.numbers:
            by_cluster.setdefault(entry.cluster, []).append(entry)
    for cluster, rows in by_cluster.items():
        used = [*columns, *([value] if value else [])]
        ids = tuple(row.ids[c] for row in rows for c in used if c in row.ids)
        consents = [row.consents[c] for row in rows for c in used if c in row.consents]
        number = float(len(rows)) if value is None else sum(row.numbers[value] for row in rows)
        consent = "aggregate only" if "aggregate only" in consents else "publish"
        yield Contribution(cluster, number, consent, ids)
