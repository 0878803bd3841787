"""Calculations of the finance pillar: every amount in the edition's currency."""

from __future__ import annotations

from dataclasses import dataclass

from annual_report.errors import RateError
from annual_report.framework import Indicator
from annual_report.measures.answers import Answers, Row, find_strictest
from annual_report.measures.indicators.calculation import (
    Context,
    Quantity,
    Result,
    calculation,
    combine_consent,
    combine_inputs,
    say_missing,
    split_questions,
)

COMMITTED = "committed"
DISBURSED = "disbursed"
SECURED = (COMMITTED, DISBURSED)
PAST_FID = ("fid", "construction", "operational")


@dataclass(frozen=True)
class Money:
    """Rows of a table with their amounts in the edition's currency, those without a rate apart."""

    amounts: tuple[tuple[Row, Quantity], ...]
    left_out: tuple[Row, ...] = ()

    @property
    def total(self) -> float:
        return float(sum(quantity.number for _, quantity in self.amounts))

    @property
    def note(self) -> str | None:
        """What a sum lacks: an amount without a rate is named, never taken as zero."""
        count = len(self.left_out)
        return f"without {count} amount(s) that no rate converts" if count else None

    def keep(self, column: str, *codes: str) -> Money:
        """Only the rows whose choice is one of these."""
        return Money(
            tuple((row, q) for row, q in self.amounts if row.text(column) in codes),
            tuple(row for row in self.left_out if row.text(column) in codes),
        )

    def inputs(self, *columns: str) -> tuple[str, ...]:
        """The addresses of amounts and rates, then those of other columns."""
        money = [i for _, quantity in self.amounts for i in quantity.inputs]
        rows = [row for row, _ in self.amounts]
        return tuple(dict.fromkeys([*money, *combine_inputs(rows, *columns)]))

    def consent(self, *columns: str) -> str:
        """The strictest consent among the amounts and these columns."""
        money = [quantity.consent for _, quantity in self.amounts]
        return find_strictest([*money, combine_consent([r for r, _ in self.amounts], *columns)])


def convert_funding(table: str, answers: Answers, context: Context) -> Money:
    """Funding rows with status and amount; each amount at the average rate of its own year."""
    return _convert_rows(table, "status", "amount", answers=answers, context=context)


def convert_capex(table: str, answers: Answers, context: Context) -> Money:
    """Projects with stage and capex, at the rate of the edition's currency year.

    A project's own years lie in the future as often as not, so its capital cost is valued in the
    year of the survey.
    """
    return _convert_rows(table, "stage", "capex", answers=answers, context=context)


def _convert_rows(
    table: str, state: str, column: str, *, answers: Answers, context: Context
) -> Money:
    amounts, left_out = [], []
    for row in answers.rows(table):
        if not row.text(state) or column not in row.cells:
            continue
        try:
            quantity = context.convert(
                row.cells[column], context.edition.currency, dated=row.cells.get("year")
            )
        except RateError:
            left_out.append(row)
            continue
        if quantity is not None:
            amounts.append((row, quantity))
    return Money(tuple(amounts), tuple(left_out))


@calculation
def secured_share(indicator: Indicator, answers: Answers, context: Context) -> Result:
    """Money committed or disbursed as a share of the investment needed to the target year.

    Statuses are exclusive: an amount that was paid out stands as disbursed only. A table without
    an amount counts as not answered, never as zero.
    """
    table, need_code = split_questions(indicator, context)
    need = answers.find(need_code)
    if need is None or not need.number:
        return say_missing(answers, need_code)
    try:
        needed = context.convert(need, context.edition.currency)
    except RateError as error:
        return Result(reason=error.what)
    money = convert_funding(table, answers, context)
    if needed is None or not money.amounts:
        return Result(reason="no funding with amount and status is listed")
    secured = money.keep("status", *SECURED)
    currency = context.edition.currency
    return Result(
        value=100 * secured.total / needed.number,
        share=secured.total / needed.number,
        formula=f"{secured.total:,.0f} {currency} secured ÷ {needed.number:,.0f} needed",
        inputs=(*needed.inputs, *money.inputs("status")),
        consent=find_strictest([needed.consent, money.consent("status")]),
        note=secured.note,
    )


@calculation
def disbursed_share(indicator: Indicator, answers: Answers, context: Context) -> Result:
    """Money disbursed as a share of money committed; what was disbursed had been committed.

    Nothing secured yet: there is no share, so the indicator is left out.
    """
    secured = convert_funding(indicator.questions[0], answers, context).keep("status", *SECURED)
    if not secured.total:
        return Result(reason="no money is committed or disbursed yet")
    return _share_of(
        secured.keep("status", DISBURSED), secured, context, words=("disbursed", "committed")
    )


@calculation
def capex_past_fid(indicator: Indicator, answers: Answers, context: Context) -> Result:
    """Capital cost of projects past their final investment decision, as a share of all projects'.

    Denominator: projects with stage and capital cost. None: not answered.
    """
    capex = convert_capex(indicator.questions[0], answers, context)
    if not capex.total:
        return Result(reason="no project with stage and capital cost is listed")
    return _share_of(
        capex.keep("stage", *PAST_FID), capex, context, words=("past decision", "in projects")
    )


def _share_of(part: Money, whole: Money, context: Context, *, words: tuple[str, str]) -> Result:
    share = part.total / whole.total
    currency = context.edition.currency
    return Result(
        value=100 * share,
        share=share,
        formula=f"{part.total:,.0f} {currency} {words[0]} ÷ {whole.total:,.0f} {words[1]}",
        inputs=whole.inputs("status", "stage"),
        consent=whole.consent("status", "stage"),
        note=whole.note,
    )


@calculation
def private_per_public(indicator: Indicator, answers: Answers, context: Context) -> Result:
    """Private money secured for each unit of public money secured (context, no score)."""
    secured = convert_funding(indicator.questions[0], answers, context).keep("status", *SECURED)
    public = secured.keep("sector", "public")
    private = secured.keep("sector", "private")
    if not public.total:
        return Result(reason="no public money is secured")
    currency = context.edition.currency
    return Result(
        value=private.total / public.total,
        formula=f"{private.total:,.0f} {currency} private ÷ {public.total:,.0f} public",
        inputs=secured.inputs("status", "sector"),
        consent=secured.consent("status", "sector"),
        note=secured.note,
    )


@calculation
def instruments_used(indicator: Indicator, answers: Answers, context: Context) -> Result:
    """Number of different instruments with committed or disbursed money (context, no score)."""
    table = answers.rows(indicator.questions[0])
    if not table:
        return Result(reason="no funding is listed")
    rows = [row for row in table if row.text("status") in SECURED and row.text("instrument")]
    used = sorted({str(row.text("instrument")) for row in rows})
    return Result(
        value=float(len(used)),
        formula=f"{len(used)} instruments: {', '.join(used) or 'none'}",
        inputs=combine_inputs(rows, "instrument", "status"),
        consent=combine_consent(rows, "instrument", "status"),
    )
