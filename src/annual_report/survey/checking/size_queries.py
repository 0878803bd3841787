"""What is asked about numbers whose size is hard to believe, in a respondent's words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from annual_report.framework.model import Framework, TableColumn
from annual_report.rates import Rates
from annual_report.survey.checking.magnitudes import MANY, Doubt, find_doubts
from annual_report.survey.checking.sizes import Bound, Key, Size, key_of, list_sizes
from annual_report.survey.findings.finding import Finding, find
from annual_report.survey.reading.answer import Answer
from annual_report.tables import QUERIED

OUT_OF_RANGE, DOUBTFUL = "value-out-of-range", "value-doubtful"


def query_sizes(
    items: tuple[Answer, ...],
    faults: tuple[Finding, ...],
    framework: Framework,
    *,
    previous: Iterable[Answer] = (),
    rates: Rates | None = None,
    year: int | None = None,
    previous_year: int | None = None,
) -> tuple[tuple[Answer, ...], tuple[Finding, ...]]:
    """Mark the answers whose size is hard to believe as queried, and ask about each once.

    What is likely a thousand times off is invalid until it is explained; the rest is used. What
    was found out of range by itself is asked again here, with a proposal.
    """
    refused = frozenset(_find_key(f) for f in faults if f.code == OUT_OF_RANGE)
    sizes = list_sizes(
        items, refused, framework,
        previous=previous, rates=rates, year=year, previous_year=previous_year,
    )  # fmt: skip
    doubts = find_doubts(sizes)
    doubted = {doubt.size.key: doubt for doubt in doubts}
    kept = [f for f in faults if f.code != OUT_OF_RANGE or _find_key(f) not in doubted]
    marked = tuple(_mark(a, doubted[key_of(a)]) if key_of(a) in doubted else a for a in items)
    return marked, (*kept, *_ask_all(doubts))


def _find_key(fault: Finding) -> Key:
    return fault.question or "", fault.row or 0, fault.field or ""


def _mark(answer: Answer, doubt: Doubt) -> Answer:
    status = answer.meaning.status if doubt.is_used else "invalid"
    return replace(answer, flag=QUERIED, meaning=replace(answer.meaning, status=status))


def _ask_all(doubts: Iterable[Doubt]) -> Iterator[Finding]:
    alike: dict[tuple[object, ...], list[Doubt]] = {}
    for doubt in doubts:
        alike.setdefault(_name_mistake(doubt), []).append(doubt)
    for group in alike.values():
        if not group[0].size.key[1]:
            first = min(group, key=lambda doubt: doubt.is_used)
            yield _ask(first, others=[doubt for doubt in group if doubt is not first])
        elif len(group) >= MANY:
            yield _ask(group[0], others=group[1:])
        else:
            yield from (_ask(doubt) for doubt in group)


def _name_mistake(doubt: Doubt) -> tuple[object, ...]:
    """Tell which doubts are one mistake: of one question, or of one column, and off alike."""
    question, row, field = doubt.size.key
    if doubt.factor is None:
        return question, row, field
    return (question, field, doubt.factor, doubt.is_used) if row else (question, doubt.factor)


def _ask(doubt: Doubt, *, others: Sequence[Doubt] = ()) -> Finding:
    size = doubt.size
    words = [_say_range(doubt.bound, size) if doubt.bound else _say_hard_range(size)]
    words += _say_others(doubt)
    reason = "; ".join(word for word in words if word)
    proposal = f"Did you mean {_spell(size, size.number * doubt.factor)}?" if doubt.factor else ""
    return find(
        DOUBTFUL if doubt.is_used else OUT_OF_RANGE,
        size.answer.place,
        found=_spell(size, size.number),
        expected=" ".join(filter(None, (f"{reason}.", proposal, _say_same(others)))),
    )


def _say_same(others: Sequence[Doubt]) -> str:
    if not others:
        return ""
    if others[0].size.key[1]:
        rows = ", ".join(str(other.size.key[1]) for other in others)
        return f"The same goes for this column in the rows {rows}."
    names = " and the ".join(other.size.key[2].replace("_", " ") for other in others)
    return f"The same goes for the {names} beside it."


def _say_range(bound: Bound, size: Size) -> str:
    """Say where honest answers lie, in the unit of the answer."""
    limits = bound.name_limits(size)
    words = _say_limits(size, *limits)
    beside = bound.other if bound.size is size else bound.size
    if beside is None:
        return words
    code = beside.key[0]
    name = f"{beside.item.label} of {code}" if isinstance(beside.item, TableColumn) else code
    return f"{words}, beside {_spell(beside, beside.number)} in {name}"


def _say_others(doubt: Doubt) -> Iterator[str]:
    size = doubt.size
    if size.former is not None:
        yield f"last edition's was {_spell(size, size.former)}"
    if doubt.sibling is not None:
        yield f"the {doubt.sibling} is {_spell(size, size.siblings[doubt.sibling])}"


def _say_hard_range(size: Size) -> str:
    """Say what can be; an answer in another unit is held against the unit asked for."""
    if not size.refused:
        return ""
    low, high, unit = size.item.minimum, size.item.maximum, size.item.unit
    beside = f" {unit}" if unit not in (None, "count") else ""
    return " and ".join(
        f"{word} {_round(bound)}{beside}"
        for word, bound in (("at least", low), ("at most", high))
        if bound is not None
    )


def _say_limits(size: Size, low: float | None, high: float | None) -> str:
    words = [_spell(size, float(f"{n:.2g}")) for n in (low, high) if n is not None]
    if len(words) == 2:
        return f"such answers lie between {words[0]} and {words[1]}"
    return f"such answers lie {'above' if high is None else 'below'} {words[0]}"


def _spell(size: Size, number: float) -> str:
    """A number with its unit or currency, as one says it: ``41.8 million tCO2e/y``."""
    unit = size.fact.currency or size.fact.unit
    words = _round(number)
    for scale, name in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if abs(number) >= scale:
            words = f"{_round(float(f'{number / scale:.4g}'))} {name}"
            break
    return words if unit in (None, "count") else f"{words} {unit}"


def _round(number: float) -> str:
    """Six digits at most, and never an exponent for what people type.

    >>> _round(0.0000418), _round(2940.0)
    ('0.0000418', '2,940')
    """
    if number == 0 or abs(number) >= 1e5:
        return f"{number:,.0f}"
    text = f"{number:,.12f}" if abs(number) < 1 else f"{number:,.6g}"
    if abs(number) < 1:
        text = f"{float(f'{number:.4g}'):.12f}".rstrip("0").rstrip(".")
    return text
