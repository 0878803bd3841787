"""Answers as the rules see them: quantities that can be compared, row by row or one by one."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from annual_report.errors import RateError, UnitError
from annual_report.rates import Rates
from annual_report.survey.findings.finding import Place
from annual_report.survey.reading.answer import Answer
from annual_report.survey.reading.typed import tidy
from annual_report.units import convert

State = Literal["given", "absent", "unusable"]


@dataclass(frozen=True)
class Fact:
    """One answer: ``absent`` if missing, ``unusable`` if invalid, queried or not applicable.

    ``per_eur`` is the rate of an amount's currency in the year that the return describes.
    """

    state: State
    place: Place
    kind: str = "text"
    number: float | None = None
    text: str | None = None
    unit: str | None = None
    currency: str | None = None
    per_eur: float | None = None

    @property
    def words(self) -> str:
        if self.number is None:
            return self.text or "nothing"
        beside = self.unit if self.unit not in (None, "count") else self.currency
        shown = f"{self.number:.12g}" if self.kind == "year" else f"{self.number:,.12g}"
        return f"{shown} {beside}" if beside else shown


Row = Mapping[str, Fact]


@dataclass(frozen=True)
class Facts:
    """All answers of one return."""

    single: Mapping[tuple[str, str], Fact] = field(default_factory=dict)
    tables: Mapping[str, Mapping[int, Row]] = field(default_factory=dict)

    def get(self, code: str, name: str) -> Fact | None:
        return self.single.get((code, name))

    def rows(self, table: str) -> Iterator[Row]:
        yield from self.tables.get(table, {}).values()

    def head(self, table: str) -> Place:
        """The place of a table's heading."""
        for row, cells in self.tables.get(table, {}).items():
            for fact in cells.values():
                cell = fact.place.cell
                if cell is not None:
                    letters = cell.rstrip("0123456789")
                    top = int(cell[len(letters) :]) - row
                    return Place(table, None, None, fact.place.sheet, f"A{top}")
        return Place(table)


def make_facts(
    items: Iterable[Answer], *, rates: Rates | None = None, year: int | None = None
) -> Facts:
    """Sort the answers of a return for the rules; rates make its currencies comparable."""
    single: dict[tuple[str, str], Fact] = {}
    tables: dict[str, dict[int, dict[str, Fact]]] = {}
    for answer in items:
        fact = _make_fact(answer, rates, year)
        if answer.row:
            tables.setdefault(answer.question, {}).setdefault(answer.row, {})[answer.field] = fact
        else:
            single[answer.question, answer.field] = fact
    return Facts(single, tables)


def _make_fact(answer: Answer, rates: Rates | None, year: int | None) -> Fact:
    meaning = answer.meaning
    if meaning.status in ("reported", "corrected") and answer.flag is None:
        return Fact(
            "given",
            answer.place,
            answer.kind,
            meaning.number,
            meaning.text,
            answer.unit,
            answer.currency,
            _find_rate(answer.currency, rates, year),
        )
    return Fact("absent" if meaning.status == "missing" else "unusable", answer.place, answer.kind)


def _find_rate(currency: str | None, rates: Rates | None, year: int | None) -> float | None:
    if currency is None or rates is None or year is None:
        return None
    try:
        return rates.find(currency, year).per_eur
    except RateError:  # it cannot be compared, and measuring it is another's error
        return None


def number_of(fact: Fact | None, *, like: Fact | None = None) -> float | None:
    """The number of a fact, in the unit and currency of another; None where that cannot be."""
    if fact is None or fact.state != "given" or fact.number is None:
        return None
    if like is None:
        return fact.number
    if "money" in (fact.kind, like.kind):
        return _exchange(fact, like)
    if fact.unit == like.unit or fact.unit is None or like.unit is None:
        return fact.number
    try:
        return convert(fact.number, fact.unit, like.unit)
    except UnitError:
        return None


def _exchange(fact: Fact, like: Fact) -> float | None:
    if fact.currency == like.currency:
        return fact.number
    if fact.number is None or fact.per_eur is None or like.per_eur is None:
        return None
    return fact.number / fact.per_eur * like.per_eur


def is_exchanged(facts: Iterable[Fact | None], like: Fact) -> bool:
    """Tell whether amounts have to be converted to be compared with another."""
    return any(f is not None and f.state == "given" and f.currency != like.currency for f in facts)


def exceeds(one: float, other: float, tolerance: float = 0.0) -> bool:
    """Tell whether one number is above another by more than a share of the larger."""
    slack = max(tolerance, 1e-9) * max(abs(one), abs(other))
    return one - other > slack


def differs(one: float, other: float, tolerance: float = 0.0) -> bool:
    """Tell whether two numbers differ by more than a share of the larger."""
    return not math.isclose(one, other, rel_tol=max(tolerance, 1e-9), abs_tol=1e-12)


def plain(fact: Fact | None) -> str | None:
    """The text of a fact without what people vary; None if it has none."""
    if fact is None or fact.state != "given":
        return None
    return tidy(fact.text).casefold() if fact.text is not None else f"{fact.number:.12g}"
