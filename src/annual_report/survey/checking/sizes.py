"""The numbers of a return as sizes that can be held against what is plausible.

A size is plausible within the ranges of the framework, some of which are for each unit of another
answer, and near what the same cluster said last year.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from statistics import median
from types import MappingProxyType

from annual_report.errors import UnitError
from annual_report.framework.model import Framework
from annual_report.framework.questions import MEASURED, Field_, Plausible
from annual_report.rates import Rates
from annual_report.survey.reading.answer import Answer
from annual_report.survey.reading.facts import Fact, Facts, make_facts, number_of, plain
from annual_report.units import convert

Key = tuple[str, int, str]
VALUE = "value"
_UNCHANGED: Mapping[Key, float] = MappingProxyType({})


@dataclass(frozen=True)
class Size:
    """One number of a return that is not 0, with what else says how large it should be.

    Parameters
    ----------
    settled
        Corrected or confirmed by the author: nobody asks again.
    refused
        Already outside of what can be.
    previous
        Last edition's number, in the same unit or currency.
    siblings
        The other numbers of the same question, such as its baseline, in the same unit.
    peers
        The median of the other rows of a column, of those in the same unit or currency.
    """

    key: Key
    answer: Answer
    item: Field_
    fact: Fact
    number: float
    settled: bool
    refused: bool
    previous: Fact | None = None
    siblings: Mapping[str, float] = field(default_factory=dict)
    peers: float | None = None

    @property
    def former(self) -> float | None:
        """Last edition's number; None where there is none, or it was 0."""
        return number_of(self.previous, like=self.fact) or None


@dataclass(frozen=True)
class Bound:
    """One plausible range of one size, perhaps for each unit of another size.

    ``scale`` turns the size's number, divided by the other's, into the unit of the range.
    """

    size: Size
    other: Size | None
    range: Plausible
    scale: float

    def compute_ratio(self, changed: Mapping[Key, float]) -> float:
        """The size in the unit of the range, with some numbers read otherwise."""
        number = changed.get(self.size.key, self.size.number)
        if self.other is None:
            return number * self.scale
        return number * self.scale / changed.get(self.other.key, self.other.number)

    def find_excess(self, changed: Mapping[Key, float] = _UNCHANGED) -> float:
        """How many times a size lies outside of the range; 1 or less if it is within."""
        ratio, low, high = self.compute_ratio(changed), self.range.low, self.range.high
        if high is not None and ratio > high:
            return abs(ratio / high) if high else math.inf
        if low is not None and ratio < low:
            return abs(low / ratio) if ratio else math.inf
        return 1.0

    def find_distance(self, changed: Mapping[Key, float]) -> float:
        """How far a size lies from the middle of the range, as a logarithm."""
        ratio, low, high = self.compute_ratio(changed), self.range.low, self.range.high
        if low is None or high is None or low <= 0 or ratio <= 0:
            return 0.0
        return abs(math.log(ratio / math.sqrt(low * high)))

    @property
    def is_broken(self) -> bool:
        return self.find_excess() > 1

    @property
    def parts(self) -> tuple[Size, ...]:
        return (self.size,) if self.other is None else (self.size, self.other)

    def name_limits(self, size: Size) -> tuple[float | None, float | None]:
        """The range in the unit or currency of one of its parts, the other as it stands."""
        low, high = self.range.low, self.range.high
        if size is self.other:
            whole = self.size.number * self.scale
            return (whole / high if high else None), (whole / low if low else None)
        beside = (1.0 if self.other is None else self.other.number) / self.scale
        return (
            None if low is None else low * beside,
            None if high is None else high * beside,
        )


def list_sizes(
    items: Iterable[Answer],
    refused: frozenset[Key],
    framework: Framework,
    *,
    previous: Iterable[Answer] = (),
    rates: Rates | None = None,
    year: int | None = None,
    previous_year: int | None = None,
) -> dict[Key, Size]:
    """List the numbers of a return, those that are outside of what can be included."""
    usable = [_reopen(a) if key_of(a) in refused else a for a in items]
    facts = make_facts(usable, rates=rates, year=year)
    before = make_facts(previous, rates=rates, year=previous_year)
    rows = {table: _match_rows(facts, before, table, framework) for table in facts.tables}
    sizes: dict[Key, Size] = {}
    for answer in usable:
        item, fact = _find_item(answer, framework), _find_fact(facts, answer)
        if item is None or fact is None or not fact.number or fact.state != "given":
            continue
        former: Fact | None = before.get(answer.question, answer.field)
        if answer.row:
            former = rows[answer.question].get(answer.row, {}).get(answer.field)
        sizes[key_of(answer)] = Size(
            key_of(answer), answer, item, fact, fact.number,
            settled=answer.meaning.status == "corrected",
            refused=key_of(answer) in refused, previous=former,
        )  # fmt: skip
    peers = _find_peers(sizes.values())
    return {
        key: replace(size, siblings=_find_siblings(size, sizes), peers=peers.get(key))
        for key, size in sizes.items()
    }


def key_of(answer: Answer) -> Key:
    """The place of an answer in its return: question, row and field."""
    return answer.question, answer.row, answer.field


def _reopen(answer: Answer) -> Answer:
    return replace(answer, meaning=replace(answer.meaning, status="reported"))


def _find_item(answer: Answer, framework: Framework) -> Field_ | None:
    if answer.kind not in MEASURED:
        return None
    if answer.row:
        return framework.tables[answer.question].column(answer.field)
    return framework.questions[answer.question]


def _find_fact(facts: Facts, answer: Answer) -> Fact | None:
    if answer.row:
        return facts.tables[answer.question][answer.row].get(answer.field)
    return facts.get(answer.question, answer.field)


def _match_rows(
    facts: Facts, before: Facts, table: str, framework: Framework
) -> dict[int, Mapping[str, Fact]]:
    """Last edition's row for each row that has the same key, where only one has it."""
    key = framework.tables[table].key
    former: dict[tuple[str | None, ...], list[Mapping[str, Fact]]] = {}
    for row in before.rows(table):
        former.setdefault(tuple(plain(row.get(name)) for name in key), []).append(row)
    found = {}
    for number, row in facts.tables[table].items():
        same = former.get(tuple(plain(row.get(name)) for name in key), [])
        if len(same) == 1:
            found[number] = same[0]
    return found


def _find_siblings(size: Size, sizes: Mapping[Key, Size]) -> dict[str, float]:
    question, row, own = size.key
    if row:
        return {}
    found = {}
    for name in ("baseline", VALUE, "target"):
        other = sizes.get((question, 0, name))
        number = number_of(other.fact, like=size.fact) if other and name != own else None
        if number:
            found[name] = number
    return found


def _find_peers(sizes: Iterable[Size]) -> dict[Key, float]:
    columns: dict[tuple[object, ...], list[Size]] = {}
    for size in sizes:
        question, row, name = size.key
        if row:
            mark = (question, name, size.fact.unit, size.fact.currency)
            columns.setdefault(mark, []).append(size)
    return {
        size.key: median(other.number for other in column if other is not size)
        for column in columns.values()
        for size in column
        if len(column) > 1
    }


def list_bounds(sizes: Mapping[Key, Size]) -> Iterator[Bound]:
    """List every range that can be judged: its size is there, and so is what it is held against."""
    for size in sizes.values():
        for wanted in size.item.plausible:
            scale = _find_scale(size, wanted.unit or size.item.unit)
            if scale is None:
                continue
            if wanted.per is None:
                yield Bound(size, None, wanted, scale)
                continue
            other = _find_other(size, wanted.per, sizes)
            beside = _find_scale(other, wanted.per_unit or other.item.unit) if other else None
            if beside is not None:
                yield Bound(size, other, wanted, scale / beside)


def _find_other(size: Size, per: str, sizes: Mapping[Key, Size]) -> Size | None:
    question, row, own = size.key
    if not row and own != VALUE:  # what others say is of the year reported
        return None
    code, _, name = per.partition(".")
    other = sizes.get((code, row if code == question else 0, name))
    return other if other is not None and other.number > 0 else None


def _find_scale(size: Size, unit: str | None) -> float | None:
    """What a number is multiplied by to stand in a unit, or in euros; None where nothing does."""
    if size.answer.kind == "money":
        rate = size.fact.per_eur
        return None if rate is None else 1 / rate
    own = size.fact.unit
    if own is None or unit is None or own == unit:
        return 1.0
    try:
        return convert(1.0, own, unit)
    except UnitError:
        return None
