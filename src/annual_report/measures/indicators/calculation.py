"""What a calculation takes and gives, and how it registers.

A calculation is a small function with the name that the framework uses for it. It never raises for
a missing answer: it says what is missing, and the indicator's weight is left out of the score.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from annual_report.edition import Edition
from annual_report.errors import FrameworkError
from annual_report.framework import Framework, Indicator
from annual_report.measures.answers import Answer, Answers, Row, find_strictest
from annual_report.measures.indicators.progress import Progress
from annual_report.measures.money import convert_money
from annual_report.rates import Rates
from annual_report.units import convert

LEFT_OUT = "queried, and left out until it is explained"


@dataclass(frozen=True)
class Quantity:
    """A number in the unit that a formula needs, and how it got there."""

    number: float
    unit: str
    text: str
    inputs: tuple[str, ...]
    consent: str
    note: str | None = None


@dataclass(frozen=True)
class Result:
    """What a calculation found.

    Parameters
    ----------
    value
        In the indicator's unit; None where there is nothing to say.
    share
        0…1 between worst and best, not clipped; None for context indicators.
    formula
        Of the share, with the numbers filled in.
    value_formula
        Of the value, where it is not the same.
    reason
        Why there is no value, in words.
    applicable
        False where the cluster marked an input `n/a`: the weight leaves the coverage as well.
    progress
        Achieved share, elapsed time, verdict and their inputs, for indicators with a target.
    """

    value: float | None = None
    share: float | None = None
    formula: str = ""
    value_formula: str | None = None
    inputs: tuple[str, ...] = ()
    consent: str = "publish"
    year: int | None = None
    reason: str | None = None
    note: str | None = None
    applicable: bool = True
    progress: Progress | None = None


@dataclass(frozen=True)
class Context:
    """What every calculation may look up."""

    edition: Edition
    framework: Framework
    rates: Rates

    def find_rate_year(self, dated: Answer | None) -> int:
        """The year whose rate converts an amount that this answer dates."""
        last = self.edition.currency_year
        return last if dated is None or dated.number is None else min(int(dated.number), last)

    def name_unit(self, unit: str) -> str:
        """The edition's currency where a framework says `money`."""
        return self.edition.currency if unit == "money" else unit

    def convert(self, answer: Answer, unit: str, *, dated: Answer | None = None) -> Quantity | None:
        """Give an answer in another unit, or an amount in the edition's currency.

        Parameters
        ----------
        unit
            A unit of the closed table, or an ISO 4217 code for money.
        dated
            The answer that says which year's rate converts an amount. Without it, and for amounts
            planned for later years, that is the edition's ``currency_year``.

        Returns
        -------
        Quantity or None
            None where the answer holds no number.

        Raises
        ------
        RateError
            If the amount's year has no rate; never a neighbour year's.
        """
        if answer.number is None:
            return None
        if answer.currency is not None:
            money = convert_money(
                answer.number,
                answer.currency,
                self.find_rate_year(dated),
                to=unit,
                rates=self.rates,
            )
            ids = (answer.id, *([dated.id] if dated else []), *money.rate_ids)
            return Quantity(money.amount, unit, money.formula, ids, answer.consent)
        number = convert(answer.number, answer.unit or unit, unit)
        shown = f"{answer.number:,.15g} {answer.unit or unit}"
        if (answer.unit or unit) != unit:
            shown = f"{shown} = {number:,.15g} {unit}"
        return Quantity(number, unit, shown, (answer.id,), answer.consent)


Calculation = Callable[[Indicator, Answers, Context], Result]
CALCULATIONS: dict[str, Calculation] = {}


def calculation(function: Calculation) -> Calculation:
    """Register a function under its own name."""
    CALCULATIONS[function.__name__] = function
    return function


def split_questions(indicator: Indicator, context: Context) -> tuple[str, str]:
    """The table and the single question of an indicator that has one of each."""
    tables = [code for code in indicator.questions if code in context.framework.tables]
    single = [code for code in indicator.questions if code in context.framework.questions]
    if len(tables) != 1 or len(single) != 1:
        raise FrameworkError(
            f"{indicator.calculation} needs one table and one question",
            where=f"data/framework/indicators.yaml, {indicator.code}",
            found=", ".join(indicator.questions),
        )
    return tables[0], single[0]


def say_missing(answers: Answers, question: str, *fields: str) -> Result:
    """The result of a calculation whose answers are not all there."""
    states = {answers.status(question, f) for f in fields or ("value",)}
    queried = [a for f in fields or ("value",) if (a := answers.left_out(question, f)) is not None]
    if "not applicable" in states:
        return Result(reason="not applicable", applicable=False)
    if queried:
        return Result(
            reason=LEFT_OUT,
            inputs=tuple(answer.id for answer in queried),
            consent=find_strictest([answer.consent for answer in queried]),
        )
    if "invalid" in states:
        return Result(reason="answered in a way that could not be read")
    return Result(reason="not answered")


def combine_consent(rows: list[Row], *columns: str) -> str:
    """The strictest consent among some cells of some rows."""
    cells = (row.cells[c] for row in rows for c in columns if c in row.cells)
    return find_strictest([cell.consent for cell in cells])


def combine_inputs(rows: list[Row], *columns: str) -> tuple[str, ...]:
    """The addresses of some cells of some rows."""
    return tuple(i for row in rows for i in row.ids(*columns))
