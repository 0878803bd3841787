"""Calculations of the technology pillar."""

from __future__ import annotations

from annual_report.framework import Indicator
from annual_report.measures.answers import Answers, Row, find_strictest
from annual_report.measures.indicators.calculation import (
    Context,
    Result,
    calculation,
    combine_consent,
    combine_inputs,
    say_missing,
    split_questions,
)
from annual_report.measures.indicators.finance import PAST_FID

ABATEMENT = "tCO2e/y"
OPERATIONAL = "operational"


def sum_abatement(rows: list[Row], column: str, context: Context) -> float:
    """Sum of the abatement of some projects, t CO2e a year."""
    quantities = (context.convert(row.cells[column], ABATEMENT) for row in rows)
    return float(sum(q.number for q in quantities if q is not None))


@calculation
def delivered_abatement_share(indicator: Indicator, answers: Answers, context: Context) -> Result:
    """Abatement that operational projects deliver, as a share of the cluster's potential.

    Projects listed and none operational: zero, which is what they deliver. An operational project
    without a delivered figure is left out and counted in the note; none left: not answered.
    """
    table, question = split_questions(indicator, context)
    potential = answers.find(question)
    if potential is None or not potential.number:
        return say_missing(answers, question)
    staged = [row for row in answers.rows(table) if row.text("stage")]
    running = [row for row in staged if row.text("stage") == OPERATIONAL]
    known = [row for row in running if row.value("delivered_abatement") is not None]
    if not staged or (running and not known):
        return Result(reason="no project with stage and delivered abatement is listed")
    possible = context.convert(potential, ABATEMENT)
    assert possible is not None  # it holds a number
    delivered = sum_abatement(known, "delivered_abatement", context)
    left_out = len(running) - len(known)
    return Result(
        value=100 * delivered / possible.number,
        share=delivered / possible.number,
        formula=f"{delivered:,.0f} {ABATEMENT} delivered ÷ {possible.number:,.0f} possible",
        inputs=(potential.id, *combine_inputs(staged, "stage", "delivered_abatement")),
        consent=find_strictest(
            [potential.consent, combine_consent(staged, "stage", "delivered_abatement")]
        ),
        note=f"without {left_out} operational project(s) that give no figure" if left_out else None,
    )


@calculation
def abatement_past_fid_share(indicator: Indicator, answers: Answers, context: Context) -> Result:
    """Expected abatement of projects past their investment decision, as a share of the pipeline.

    Denominator: projects with stage and expected abatement. None: not answered.
    """
    rows = [
        row
        for row in answers.rows(indicator.questions[0])
        if row.text("stage") and row.value("expected_abatement") is not None
    ]
    total = sum_abatement(rows, "expected_abatement", context)
    if not total:
        return Result(reason="no project with stage and expected abatement is listed")
    decided = sum_abatement(
        [row for row in rows if row.text("stage") in PAST_FID], "expected_abatement", context
    )
    return Result(
        value=100 * decided / total,
        share=decided / total,
        formula=f"{decided:,.0f} {ABATEMENT} past decision ÷ {total:,.0f} in the pipeline",
        inputs=combine_inputs(rows, "stage", "expected_abatement"),
        consent=combine_consent(rows, "stage", "expected_abatement"),
    )
