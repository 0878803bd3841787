"""The answers of one cluster, as calculations ask for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from annual_report.tables import QUERIED, list_records

USABLE = ("reported", "corrected")
_STRICTNESS = {"publish": 0, "aggregate only": 1, "do not use": 2}


@dataclass(frozen=True)
class Answer:
    """One answer that may be used, with the address of its cell."""

    id: str
    number: float | None
    text: str | None
    unit: str | None
    currency: str | None
    basis: str | None
    consent: str
    status: str
    place: str
    flag: str | None = None

    @property
    def is_yes(self) -> bool:
        return self.number == 1


@dataclass(frozen=True)
class Row:
    """One filled row of a table question."""

    table: str
    number: int
    cells: dict[str, Answer]

    def text(self, column: str) -> str | None:
        """The text or choice code of a cell; None where it is empty or may not be used."""
        return self.cells[column].text if column in self.cells else None

    def value(self, column: str) -> float | None:
        """The number of a cell; None where it is empty or may not be used."""
        return self.cells[column].number if column in self.cells else None

    def ids(self, *columns: str) -> tuple[str, ...]:
        """The addresses of the cells that hold something."""
        return tuple(self.cells[c].id for c in columns if c in self.cells)


class Answers:
    """The usable answers of one cluster: reported or corrected, and not marked `do not use`.

    Parameters
    ----------
    frame
        Rows of the table of answers (:data:`annual_report.tables.ANSWERS`), one cluster.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self._cells: dict[tuple[str, int, str], Answer] = {}
        self._status: dict[tuple[str, int, str], str] = {}
        self._queried: dict[tuple[str, int, str], Answer] = {}
        for record in list_records(frame):
            key = (record["question"], int(record["row"]), record["field"])
            self._status[key] = (
                "do not use" if record["consent"] == "do not use" else record["status"]
            )
            if self._status[key] in USABLE:
                self._cells[key] = _answer(record)
            elif self._status[key] == "invalid" and record.get("flag") == QUERIED:
                self._queried[key] = _answer(record)

    def find(self, question: str, field: str = "value") -> Answer | None:
        """One answer, or None where it is missing, not applicable, invalid or not to be used."""
        return self._cells.get((question, 0, field))

    def status(self, question: str, field: str = "value") -> str:
        """What became of an answer; `missing` where the return has no such cell."""
        return self._status.get((question, 0, field), "missing")

    def left_out(self, question: str, field: str = "value") -> Answer | None:
        """An answer that is in no figure while it is queried; its number is not there."""
        return self._queried.get((question, 0, field))

    def cells_left_out(self, table: str) -> Iterator[tuple[int, str, Answer]]:
        """Yield row, column and answer of what is in no figure while it is queried."""
        for (question, row, field), answer in self._queried.items():
            if question == table and row > 0:
                yield row, field, answer

    @property
    def queried(self) -> frozenset[str]:
        """The addresses of all answers that are queried, used or not."""
        used = {answer.id for answer in self._cells.values() if answer.flag == QUERIED}
        return frozenset(used | {answer.id for answer in self._queried.values()})

    def rows(self, table: str) -> list[Row]:
        """The filled rows of a table question, in their order."""
        found: dict[int, dict[str, Answer]] = {}
        for (question, row, field), answer in self._cells.items():
            if question == table and row > 0:
                found.setdefault(row, {})[field] = answer
        return [Row(table, number, found[number]) for number in sorted(found)]


def _answer(record: dict[str, Any]) -> Answer:
    place = " › ".join(filter(None, (record["workbook"], record["sheet"], record["cell"])))
    return Answer(
        id=record["id"],
        number=record["number"],
        text=record["text"],
        unit=record["unit"],
        currency=record["currency"],
        basis=record["basis"],
        consent=record["consent"],
        status=record["status"],
        place=place,
        flag=record.get("flag"),
    )


def find_strictest(consents: Iterable[str]) -> str:
    """The strictest of several consents; `publish` where there is none to respect."""
    return max(consents, key=_STRICTNESS.__getitem__, default="publish")
