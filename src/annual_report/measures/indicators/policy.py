"""Calculations of the policy pillar."""

from __future__ import annotations

from annual_report.framework import Indicator
from annual_report.measures.answers import Answers
from annual_report.measures.indicators.calculation import (
    Context,
    Result,
    calculation,
    combine_consent,
    combine_inputs,
)
from annual_report.measures.indicators.generic import percent_share

IN_FORCE = "in_force"


@calculation
def policies_in_force(indicator: Indicator, answers: Answers, context: Context) -> Result:
    """Policies in force as a share of those called for.

    Every policy in the table was called for, whatever became of it since, so the denominator is
    all policies with a status. No such policy: not answered.
    """
    policies = [row for row in answers.rows(indicator.questions[0]) if row.text("status")]
    if not policies:
        return Result(reason="no policy with a status is listed")
    working = [row for row in policies if row.text("status") == IN_FORCE]
    share = len(working) / len(policies)
    return Result(
        value=100 * share,
        share=share,
        formula=f"{len(working)} of {len(policies)} policies in force",
        inputs=combine_inputs(policies, "status"),
        consent=combine_consent(policies, "status"),
    )


@calculation
def carbon_priced_share(indicator: Indicator, answers: Answers, context: Context) -> Result:
    """Share of scope 1 emissions under a carbon price, as reported."""
    return percent_share(indicator, answers, context)


@calculation
def instruments_by_level(indicator: Indicator, answers: Answers, context: Context) -> Result:
    """Number of policies in force, and how many each level of government has (no score)."""
    policies = [
        row
        for row in answers.rows(indicator.questions[0])
        if row.text("level") and row.text("status")
    ]
    if not policies:
        return Result(reason="no policy with a level and a status is listed")
    working = [str(row.text("level")) for row in policies if row.text("status") == IN_FORCE]
    counted = ", ".join(f"{level} {working.count(level)}" for level in sorted(set(working)))
    return Result(
        value=float(len(working)),
        formula=f"{len(working)} policies in force: {counted or 'none'}",
        inputs=combine_inputs(policies, "level", "status"),
        consent=combine_consent(policies, "level", "status"),
    )
