"""The way back of a number in a few lines: its formula, how many answered, its first cells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from annual_report.measures.measure import ALL
from annual_report.season.store import Store

CELLS_SHOWN = 3


@dataclass(frozen=True)
class Origin:
    """What the public tables say of an address.

    Parameters
    ----------
    number
        The number in ``unit``; None where it has words or nothing.
    source
        Its way back in a few lines.
    """

    number: float | None
    unit: str
    source: str


@dataclass
class Sources:
    """Looks up where numbers come from, by the public tables alone."""

    store: Store
    _records: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)

    def find(self, ids: Iterable[str]) -> dict[str, Origin]:
        """The origin of each number that has an address in the tables, by its id."""
        found = ((i, self._find(i)) for i in dict.fromkeys(ids) if i)
        return {i: self._make_origin(record) for i, record in found if record is not None}

    def _make_origin(self, record: dict[str, Any]) -> Origin:
        number = None if pd.isna(record["number"]) else float(record["number"])
        unit = record["unit"] if isinstance(record["unit"], str) else "count"
        return Origin(number, unit, self._describe(record))

    def _describe(self, record: dict[str, Any]) -> str:
        number_id = record["id"]
        if "place" in record:
            return str(record["place"])
        lines = [record["formula"]]
        is_total = record["cluster"] == ALL
        if is_total and record["n"] == record["n"] and record["of"] == record["of"]:
            lines.append(
                f"{record['n']:,.0f} of {record['of']:,.0f} clusters, {record['year']:.0f}"
            )
        if not (is_total and self.store.cluster is not None):  # those cells are other clusters'
            cells = self._list_cells(number_id, set())
            lines += cells[:CELLS_SHOWN]
            if len(cells) > CELLS_SHOWN:
                lines.append("and more cells: see the data annex")
        return "\n".join(line for line in lines if line)

    def _list_cells(self, number_id: str, seen: set[str]) -> list[str]:
        """The places of the first cells behind a number, one more than are shown."""
        if number_id in seen:
            return []
        seen.add(number_id)
        record = self._find(number_id)
        if record is None:
            return []
        if "place" in record:
            return [record["place"]]
        found: list[str] = []
        for part in record["inputs"]:
            if len(found) > CELLS_SHOWN:
                break
            found += self._list_cells(part, seen)
        return found

    @cached_property
    def _before(self) -> Sources | None:
        before = self.store.previous
        return None if before is None else Sources(before)

    def _find(self, number_id: str) -> dict[str, Any] | None:
        edition, _, bare = number_id.rpartition(":")
        if edition:
            before = self._before
            is_known = before is not None and before.store.edition.edition == edition
            return before._find(bare) if before is not None and is_known else None  # noqa: SLF001
        parts = number_id.split(".")
        if len(parts) < 3:
            return None
        code = parts[1]
        if code not in self._records:
            self._records[code] = {}
            for frame in (self.store.answers(code), self.store.measures(code)):
                records = frame.to_dict("records")
                self._records[code] |= {record["id"]: record for record in records}
        return self._records[code].get(number_id)
