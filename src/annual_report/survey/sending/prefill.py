"""What a workbook takes over from last edition's return, each quantity in the unit of its cell."""

from __future__ import annotations

import decimal
import math
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from annual_report.framework.model import Question
from annual_report.survey.form.layout import takes_unit
from annual_report.units import accepted_units, find_unit

_GOALS = ("baseline", "target")
_QUANTITIES = ("value", *_GOALS)
TAKEN_OVER = (*_QUANTITIES, "baseline_year", "target_year")
# A spreadsheet shows no more; past it lies the noise of binary fractions
_DIGITS = 15
_EXACT = decimal.Context(prec=50, traps=[decimal.Inexact])


@dataclass(frozen=True)
class Earlier:
    """What last edition's return said in one cell, in the unit or currency that it was read in."""

    value: object
    unit: str | None = None
    currency: str | None = None

    @property
    def beside(self) -> str | None:
        """What stands beside the number."""
        return self.currency or self.unit


@dataclass(frozen=True)
class Prefill:
    """What stands in the row of one question before anybody answers.

    Parameters
    ----------
    answers
        What is to be confirmed, by field; ``unit`` or ``currency`` of the row with it.
    last
        The last value, in the unit of the row where it can be.
    notes
        What is left out and why, in sentences for the respondent.
    """

    answers: Mapping[str, object]
    last: Earlier | None = None
    notes: tuple[str, ...] = ()


def prefill_question(question: Question, earlier: Mapping[str, Earlier]) -> Prefill:
    """Take over what last edition's return said to one question, by field.

    All cells of a row share the unit or currency beside them, though each may have been reported in
    another. The row keeps the unit in which everything was said. Where units differ it has the one
    that is asked for, or the smallest of theirs if only that holds every number exactly. Amounts
    are never exchanged: the row has the currency of the value, if a goal has it too, else that of
    the first goal. What does not fit its row stays out, and a note says why.
    """
    said = {name: earlier[name] for name in TAKEN_OVER if name in earlier}
    row = _choose_row(question, said)
    fitted = {name: _fit(question, name, one, row) for name, one in said.items()}
    answers = {name: one.value for name, one in fitted.items() if one and name != "value"}
    if takes_unit(question):
        answers["unit"] = row
    elif question.kind == "money" and row is not None:
        answers["currency"] = row
    if "value" in said and said["value"].beside is not None:
        # what is only shown needs no unit of a cell: it names its own
        fitted["value"] = fitted["value"] or said["value"]
    notes = (_explain(question, name, said[name], row) for name, one in fitted.items() if not one)
    return Prefill(answers, fitted.get("value"), tuple(notes))


def _choose_row(question: Question, said: Mapping[str, Earlier]) -> str | None:
    if question.kind == "money":
        goals = [said[name].currency for name in _GOALS if name in said]
        known = [currency for currency in goals if currency is not None]
        own = said["value"].currency if "value" in said else None
        return own if own in known else next(iter(known), None)
    if not takes_unit(question):
        return question.unit
    return _choose_unit(str(question.unit), [said[n] for n in _QUANTITIES if n in said])


def _choose_unit(asked: str, said: Iterable[Earlier]) -> str:
    said = [one for one in said if one.unit in accepted_units(asked)]
    used = sorted({str(one.unit) for one in said}, key=lambda code: find_unit(code).factor)
    if len(used) == 1:
        return used[0]
    exact = (c for c in (asked, *used[:1]) if all(_convert(one, c) for one in said))
    return next(exact, asked)


def _fit(question: Question, name: str, one: Earlier, row: str | None) -> Earlier | None:
    """Express what was said in the unit of its row; None if that cannot be done exactly."""
    if name not in _QUANTITIES or not isinstance(one.value, (int, float)):
        return one
    if question.kind == "money":
        return one if one.currency is not None and one.currency == row else None
    return _convert(one, row) if question.kind == "number" and row is not None else one


def _convert(one: Earlier, unit: str) -> Earlier | None:
    if one.unit == unit or one.unit is None:
        return one if one.unit else None
    assert isinstance(one.value, (int, float))
    origin, goal = find_unit(one.unit), find_unit(unit)
    ratio = origin.factor / goal.factor
    try:
        scaled = _EXACT.multiply(decimal.Decimal(_spell(one.value)), ratio.numerator)
        exact = _EXACT.divide(scaled, ratio.denominator)
    except decimal.Inexact:  # as a third of a year is
        return None
    number = float(_spell(exact))
    if origin.dimension != goal.dimension or not math.isfinite(number):
        return None
    if one.value and abs(number) < sys.float_info.min:  # smaller than a cell can hold
        return None
    return Earlier(int(number) if number.is_integer() else number, unit)


def _spell(number: float | decimal.Decimal) -> str:
    return f"{number:.{_DIGITS}g}"


def _explain(question: Question, name: str, one: Earlier, row: str | None) -> str:
    what = "currency" if question.kind == "money" else "unit"
    if one.beside is None:
        why = f"its {what} is not known"
    elif what == "currency":
        why = f"another amount of this row was in {row}, and a row has one currency"
    else:
        why = f"the unit of this row is {row}, in which it has no exact equal"
    said = f"{one.value:,.{_DIGITS}g} {one.beside or ''}".rstrip()
    return f"Last edition's {name} was {said}. It is not filled in here: {why}."
