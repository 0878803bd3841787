"""Headline figures of one cluster: reduction potential, GDP, jobs, emissions."""

from __future__ import annotations

from collections.abc import Iterator

from annual_report.errors import RateError
from annual_report.framework import Headline
from annual_report.measures.answers import Answers, find_strictest
from annual_report.measures.indicators.calculation import Context, Quantity, Result, say_missing
from annual_report.measures.measure import Measure

METHOD = "sum of answers"


def compute_headlines(cluster: str, answers: Answers, context: Context) -> Iterator[Measure]:
    """Yield one measure for each headline of the framework.

    A headline of several questions (jobs) is their sum. With one of them missing the cluster does
    not count: part of a sum is no sum, and a missing answer is never zero.
    """
    for headline in context.framework.headlines:
        yield _compute(headline, cluster, answers, context)


def _compute(headline: Headline, cluster: str, answers: Answers, context: Context) -> Measure:
    parts = [_convert(code, headline, answers, context) for code in headline.questions]
    known = [part for part in parts if part is not None]
    missing = [code for code, part in zip(headline.questions, parts, strict=True) if part is None]
    reason, lack = None, Result()
    if missing:
        lack = say_missing(answers, missing[0])
        reason = f"{', '.join(missing)} {lack.reason}"
    return Measure(
        edition=context.edition.edition,
        cluster=cluster,
        code=headline.code,
        measure="value",
        method=METHOD,
        number=None if missing else float(sum(part.number for part in known)),
        text=reason,
        unit=context.name_unit(headline.unit),
        year=_find_year(headline.questions[0], answers, context),
        n=len(known),
        of=len(parts),
        formula=reason or " + ".join(part.text for part in known),
        inputs=(*(i for part in known for i in part.inputs), *lack.inputs),
        consent=find_strictest([*(part.consent for part in known), lack.consent]),
    )


def _convert(code: str, headline: Headline, answers: Answers, context: Context) -> Quantity | None:
    answer = answers.find(code)
    if answer is None:
        return None
    dated = answers.find(code, "value_year")
    try:
        return context.convert(answer, context.name_unit(headline.unit), dated=dated)
    except RateError:
        return None


def _find_year(code: str, answers: Answers, context: Context) -> int:
    dated = answers.find(code, "value_year")
    if dated is not None and dated.number is not None:
        return int(dated.number)
    answer = answers.find(code)
    is_money = answer is not None and answer.currency is not None
    return context.edition.currency_year if is_money else context.edition.year
