"""Calculations that serve any pillar: levels, targets, yes and no, shares, counts."""

from __future__ import annotations

from dataclasses import replace

from annual_report.framework import Indicator
from annual_report.measures.answers import Answer, Answers, find_strictest
from annual_report.measures.indicators.calculation import Context, Result, calculation, say_missing
from annual_report.measures.indicators.progress import Trajectory, judge_progress

TOP_LEVEL = 4
NOT_APPLICABLE = "not applicable"


@calculation
def rubric_level(indicator: Indicator, answers: Answers, context: Context) -> Result:
    """A maturity level between its goalposts 0 and 4: ``s = level / 4``."""
    return rubric_mean(indicator, answers, context)


@calculation
def rubric_mean(indicator: Indicator, answers: Answers, context: Context) -> Result:
    """Mean of several maturity levels, over those that apply.

    A level marked not applicable is left out of the mean; one that is neither answered nor not
    applicable leaves no value. All not applicable: the indicator is not applicable.
    """
    apply = [c for c in indicator.questions if answers.status(c) != NOT_APPLICABLE]
    if not apply:
        return Result(reason=NOT_APPLICABLE, applicable=False)
    found = [answer for answer in map(answers.find, apply) if answer is not None]
    levels = [answer.number for answer in found if answer.number is not None]
    if len(levels) < len(apply):
        return say_missing(answers, next(c for c in apply if answers.find(c) is None))
    mean = sum(levels) / len(levels)
    spelled = " + ".join(f"{level:g}" for level in levels)
    left_out = len(indicator.questions) - len(apply)
    return Result(
        value=mean,
        share=mean / TOP_LEVEL,
        formula=f"({spelled}) ÷ {len(levels)}" if len(levels) > 1 else f"level {mean:g}",
        inputs=tuple(answer.id for answer in found),
        consent=find_strictest([answer.consent for answer in found]),
        note=f"{left_out} not applicable" if left_out else None,
    )


@calculation
def yes_no(indicator: Indicator, answers: Answers, context: Context) -> Result:
    """Yes is 1, no is 0."""
    answer = answers.find(indicator.questions[0])
    if answer is None or answer.number is None:
        return say_missing(answers, indicator.questions[0])
    return Result(
        value=answer.number,
        share=answer.number,
        formula="yes" if answer.is_yes else "no",
        inputs=(answer.id,),
        consent=answer.consent,
    )


def percent_share(indicator: Indicator, answers: Answers, context: Context) -> Result:
    """A percentage between its goalposts 0 and 100."""
    answer = answers.find(indicator.questions[0])
    if answer is None:
        return say_missing(answers, indicator.questions[0])
    quantity = context.convert(answer, "percent")
    if quantity is None:
        return say_missing(answers, indicator.questions[0])
    return Result(
        value=quantity.number,
        share=quantity.number / 100,
        formula=f"{quantity.text} of 100",
        inputs=quantity.inputs,
        consent=quantity.consent,
    )


def reported_count(indicator: Indicator, answers: Answers, context: Context) -> Result:
    """A number as reported (context, no score)."""
    answer = answers.find(indicator.questions[0])
    if answer is None or answer.number is None:
        return say_missing(answers, indicator.questions[0])
    return Result(
        value=answer.number,
        formula=f"{answer.number:g} reported",
        inputs=(answer.id,),
        consent=answer.consent,
    )


@calculation
def toward_target(indicator: Indicator, answers: Answers, context: Context) -> Result:
    """The share of the way from baseline to target, and whether its pace is enough.

    Linear method. The achieved share enters the score as soon as baseline, value and target are
    known; the verdict needs their years as well.
    """
    code = indicator.questions[0]
    asked = context.framework.questions[code]
    found = {name: answers.find(code, name) for name in ("baseline", "value", "target")}
    known = {name: answer for name, answer in found.items() if answer is not None}
    if len(known) < len(found):
        missing = [name for name in found if name not in known]
        result = say_missing(answers, code, *missing)
        return replace(result, reason=f"{' and '.join(missing)} {result.reason}")
    unit = asked.unit or "percent"
    quantities = {name: context.convert(answer, unit) for name, answer in known.items()}
    numbers = {name: q.number for name, q in quantities.items() if q is not None}
    if len(numbers) < len(found):
        return say_missing(answers, code, *found)
    years = {name: answers.find(code, f"{name}_year") for name in ("baseline", "value", "target")}
    progress = judge_progress(
        Trajectory(
            baseline=numbers["baseline"],
            current=numbers["value"],
            target=numbers["target"],
            baseline_year=_year(years["baseline"]),
            year=_year(years["value"]) or context.edition.year,
            target_year=_year(years["target"]),
        )
    )
    inputs = [a.id for a in (*known.values(), *years.values()) if a is not None]
    return Result(
        value=numbers["value"],
        share=progress.achieved,
        formula=f"({numbers['value']:,.10g} − {numbers['baseline']:,.10g}) ÷ "
        f"({numbers['target']:,.10g} − {numbers['baseline']:,.10g})",
        value_formula=quantities["value"].text if quantities["value"] else None,
        inputs=tuple(inputs),
        consent=find_strictest([answer.consent for answer in known.values()]),
        year=_year(years["value"]),
        progress=progress,
        reason=progress.reason if progress.achieved is None else None,
    )


def _year(answer: Answer | None) -> int | None:
    return None if answer is None or answer.number is None else int(answer.number)
