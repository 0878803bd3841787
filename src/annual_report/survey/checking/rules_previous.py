"""Rules that hold a return against the one of the edition before."""

from __future__ import annotations

from collections.abc import Iterator

from annual_report.survey.checking.rules_context import Context, Hit
from annual_report.survey.reading.facts import Fact, differs, number_of


def _pairs(context: Context) -> Iterator[tuple[Fact, Fact, float, float]]:
    """Yield each field with last edition's, and both numbers in one unit."""
    if context.previous is None:
        return
    for code in context.check.questions:
        for field in context.many("fields"):
            now, before = context.facts.get(code, field), context.previous.get(code, field)
            value, earlier = number_of(now), number_of(before, like=now)
            if now and before and value is not None and earlier is not None:
                yield now, before, value, earlier


def within_factor_of_previous(context: Context) -> Iterator[Hit]:
    """Find a value far from last edition's."""
    factor = context.number("factor")
    for now, before, value, earlier in _pairs(context):
        if value * earlier <= 0:
            continue
        if not 1 / factor < value / earlier < factor:
            yield Hit(now.place, now.words, f"near last edition's {before.words}")


def same_as_previous(context: Context) -> Iterator[Hit]:
    """Find a value that is no longer last edition's."""
    for now, before, value, earlier in _pairs(context):
        if now.currency == before.currency and differs(value, earlier):
            yield Hit(now.place, now.words, f"last edition's {before.words}")
