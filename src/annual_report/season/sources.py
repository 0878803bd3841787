"""The way back of a number in a few lines: its formula, how many answered, its first cells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import starmap
from typing import NamedTuple

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


class _Record(NamedTuple):
    """A row of the public tables; an answer has a place and no formula."""

    number: float
    unit: object
    place: str
    formula: str = ""
    inputs: Iterable[str] = ()
    cluster: str = ""
    n: float = float("nan")
    of: float = float("nan")
    year: float = float("nan")


@dataclass
class Sources:
    """Looks up where numbers come from, by the public tables alone."""

    store: Store

    def find(self, ids: Iterable[str]) -> dict[str, Origin]:
        """The origin of each number that has an address in the tables, by its id."""
        found = ((i, self._find(i)) for i in dict.fromkeys(ids) if i)
        return {number_id: origin for number_id, origin in found if origin is not None}

    def _find(self, number_id: str) -> Origin | None:
        side, address = self._locate(number_id)
        if side is not self:
            return side._find(address)  # noqa: SLF001  the same of another edition
        record = self._records.get(address)
        if record is None:
            return None
        number = record.number if record.number == record.number else None
        unit = record.unit if isinstance(record.unit, str) else "count"
        return Origin(number, unit, record.place or self._describe(address, record))

    def _describe(self, number_id: str, record: _Record) -> str:
        lines = [record.formula]
        is_total = record.cluster == ALL
        if is_total and record.n == record.n and record.of == record.of:
            lines.append(f"{record.n:,.0f} of {record.of:,.0f} clusters, {record.year:.0f}")
        if not (is_total and self.store.cluster is not None):  # those cells are other clusters'
            cells = self._list_cells(number_id, set())
            lines += cells[:CELLS_SHOWN]
            if len(cells) > CELLS_SHOWN:
                lines.append("and more cells: see the data annex")
        return "\n".join(line for line in lines if line)

    def _list_cells(self, number_id: str, seen: set[str]) -> list[str]:
        """The places of the first cells behind a number, one more than are shown."""
        side, address = self._locate(number_id)
        if side is not self:
            return side._list_cells(address, set())  # noqa: SLF001  the same of another edition
        record = self._records.get(address)
        if record is None or address in seen:
            return []
        seen.add(address)
        if record.place:
            return [record.place]
        found: list[str] = []
        for part in record.inputs:
            if len(found) > CELLS_SHOWN:
                break
            found += self._list_cells(part, seen)
        return found

    def _locate(self, number_id: str) -> tuple[Sources, str]:
        """The edition that a number is of, this one or the one before, and its address there."""
        edition, _, address = number_id.rpartition(":")
        before = self._before if edition else None
        if before is not None and before.store.edition.edition == edition:
            return before, address
        return self, number_id

    @cached_property
    def _before(self) -> Sources | None:
        before = self.store.previous
        return None if before is None else Sources(before)

    @cached_property
    def _records(self) -> dict[str, _Record]:
        """Every address of the public tables: plain values, for thousands of looks."""
        answers, measures = self.store.read("answers"), self.store.read("measures")
        measures = measures.assign(place="")
        made: dict[str, _Record] = {}
        for frame, names in ((answers, _Record._fields[:3]), (measures, _Record._fields)):
            rows = zip(*(frame[name].tolist() for name in names), strict=True)
            made |= zip(frame["id"].tolist(), starmap(_Record, rows), strict=True)
        return made
