"""Rules that compare values with each other, one question or one row at a time."""

from __future__ import annotations

from collections.abc import Iterator

from annual_report.survey.checking.rules_context import Context, Hit
from annual_report.survey.reading.facts import differs, exceeds, number_of


def not_above(context: Context) -> Iterator[Hit]:
    """Find a lower value that is above the upper one."""
    lower, upper = context.text("lower"), context.text("upper")
    for look in context.looks(lower, upper):
        one, other = look.get(lower), look.get(upper)
        value, bound = number_of(one), number_of(other, like=one)
        if one is None or other is None or value is None or bound is None:
            continue
        if exceeds(value, bound, context.number("tolerance")):
            yield Hit(one.place, one.words, f"at most {other.words}")


def not_equal(context: Context) -> Iterator[Hit]:
    """Find two values that are the same and should differ."""
    first, second = context.text("first"), context.text("second")
    for look in context.looks(first, second):
        one, other = look.get(first), look.get(second)
        value, twin = number_of(one), number_of(other, like=one)
        if one is None or value is None or twin is None:
            continue
        if not differs(value, twin):
            yield Hit(one.place, one.words, "two different values")


def sum_of_parts(context: Context) -> Iterator[Hit]:
    """Find a total that is not the sum of its parts."""
    for field in context.many("fields"):
        total = context.facts.get(context.text("total"), field)
        parts = [context.facts.get(code, field) for code in context.many("parts")]
        numbers = [number_of(part, like=total) for part in parts]
        known = [number for number in numbers if number is not None]
        value = number_of(total)
        if total is None or value is None or len(known) != len(numbers):
            continue
        if differs(sum(known), value, context.number("tolerance")):
            words = " + ".join(part.words for part in parts if part)
            yield Hit(total.place, total.words, f"{words} = {sum(known):,.12g}")


def year_after(context: Context) -> Iterator[Hit]:
    """Find a later year that is not late enough."""
    earlier, later = context.text("earlier"), context.text("later")
    gap = int(context.number("gap"))
    for look in context.looks(earlier, later):
        one, other = look.get(earlier), look.get(later)
        start, end = number_of(one), number_of(other)
        if other is None or start is None or end is None:
            continue
        if end < start + gap:
            yield Hit(other.place, f"{end:.0f}", f"{start + gap:.0f} or later")


def year_not_after_reporting(context: Context) -> Iterator[Hit]:
    """Find a year after the one that the return describes."""
    operand = context.text("year")
    narrow = "where" in context.check.parameters
    for look in context.looks(operand):
        if narrow and not context.holds(look.get(context.text("where"))):
            continue
        fact = look.get(operand)
        year = number_of(fact)
        if fact is not None and year is not None and year > context.year:
            yield Hit(fact.place, f"{year:.0f}", f"{context.year} or earlier")


def required_with(context: Context) -> Iterator[Hit]:
    """Find what is missing beside an answer that calls for it."""
    when, needs = context.text("when"), context.many("needs")
    for look in context.looks(when, *needs):
        reason = look.get(when)
        if reason is None or reason.state != "given":
            continue
        if "values" in context.check.parameters and not context.holds(reason):
            continue
        for need in needs:
            fact = look.get(need)
            if fact is not None and fact.state == "absent":
                yield Hit(fact.place, "nothing", f"an answer beside {reason.words}")


def only_with(context: Context) -> Iterator[Hit]:
    """Find an amount that makes sense only beside another choice."""
    field, when = context.text("field"), context.text("when")
    for look in context.looks(field, when):
        fact, reason = look.get(field), look.get(when)
        value = number_of(fact)
        if fact is None or reason is None or reason.state == "unusable":
            continue
        if value is not None and value > 0 and not context.holds(reason):
            listed = " or ".join(context.many("values"))
            yield Hit(fact.place, fact.words, f"only where it is {listed}")
