"""Calculations of the partnerships pillar."""

from __future__ import annotations

from dataclasses import replace

from annual_report.framework import Indicator
from annual_report.measures.answers import Answers, Row, find_strictest
from annual_report.measures.indicators.calculation import (
    Context,
    Result,
    calculation,
    combine_consent,
    combine_inputs,
    say_missing,
)
from annual_report.measures.indicators.generic import reported_count

PAST_MOU = ("agreement", "operating")
MARKET_SIDES = ("supply", "demand")


def _partners(indicator: Indicator, answers: Answers) -> list[Row]:
    return [row for row in answers.rows(indicator.questions[0]) if row.text("status")]


@calculation
def partners_past_mou(indicator: Indicator, answers: Answers, context: Context) -> Result:
    """Share of partners whose status is agreement or operating.

    Denominator: partners with a status. No such partner: not answered.
    """
    partners = _partners(indicator, answers)
    if not partners:
        return Result(reason="no partner with a status is listed")
    past = [row for row in partners if row.text("status") in PAST_MOU]
    share = len(past) / len(partners)
    return Result(
        value=100 * share,
        share=share,
        formula=f"{len(past)} of {len(partners)} partners past a memorandum",
        inputs=combine_inputs(partners, "status"),
        consent=combine_consent(partners, "status"),
    )


@calculation
def both_sides_signed(indicator: Indicator, answers: Answers, context: Context) -> Result:
    """Sides of the market, of supply and demand, with a binding agreement or one in operation.

    No partner with side and status: not answered.
    """
    partners = [row for row in _partners(indicator, answers) if row.text("side")]
    if not partners:
        return Result(reason="no partner with a side and a status is listed")
    signed = [row for row in partners if row.text("status") in PAST_MOU]
    sides = [side for side in MARKET_SIDES if any(row.text("side") == side for row in signed)]
    share = len(sides) / len(MARKET_SIDES)
    return Result(
        value=float(len(sides)),
        share=share,
        formula=f"signed on {' and '.join(sides) or 'neither'} side, of supply and demand",
        inputs=combine_inputs(partners, "side", "status"),
        consent=combine_consent(partners, "side", "status"),
    )


@calculation
def shared_infrastructure(indicator: Indicator, answers: Answers, context: Context) -> Result:
    """Pieces of shared infrastructure under joint development, over the number the plan needs.

    The number, or a target above zero, missing: no share.
    """
    code = indicator.questions[0]
    number, target = answers.find(code), answers.find(code, "target")
    if number is None or number.number is None:
        return say_missing(answers, code)
    known = Result(
        value=number.number,
        formula=f"{number.number:g} under joint development",
        inputs=(number.id,),
        consent=number.consent,
    )
    if target is None or not target.number:
        return replace(known, reason="no number that the plan needs is given")
    return replace(
        known,
        share=number.number / target.number,
        formula=f"{number.number:g} under joint development ÷ {target.number:g} needed",
        inputs=(number.id, target.id),
        consent=find_strictest([number.consent, target.consent]),
    )


@calculation
def cross_border_count(indicator: Indicator, answers: Answers, context: Context) -> Result:
    """Number of collaborations across clusters and borders, as reported (context, no score)."""
    return reported_count(indicator, answers, context)
