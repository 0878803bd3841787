"""All measures of one cluster, from its answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from annual_report.edition import read_edition
from annual_report.framework import Indicator, read_framework
from annual_report.measures.answers import Answers
from annual_report.measures.flags import inherit_flags
from annual_report.measures.indicators.calculation import Context, Result
from annual_report.measures.indicators.calculations import CALCULATIONS, check_calculations
from annual_report.measures.indicators.headlines import compute_headlines
from annual_report.measures.indicators.pillars import compute_pillar
from annual_report.measures.indicators.progress_words import spell_change, spell_elapsed, spell_pace
from annual_report.measures.indicators.quantities import compute_quantities
from annual_report.measures.measure import Measure, to_frame
from annual_report.project import Project
from annual_report.rates import read_rates
from annual_report.tables import ANSWERS, MEASURES, read_table, write_table


def read_context(project: Project, edition: str) -> Context:
    """Read what every calculation may look up, and refuse a framework it cannot compute."""
    framework = read_framework(project)
    check_calculations(framework)
    return Context(read_edition(project, edition), framework, read_rates(project.reference))


def compute_measures(cluster: str, frame: pd.DataFrame, context: Context) -> pd.DataFrame:
    """Compute every measure of one cluster.

    Parameters
    ----------
    frame
        The cluster's rows of the table of answers.

    Returns
    -------
    pandas.DataFrame
        Rows of the table of measures: quantities, headlines, indicators, pillars.
    """
    answers = Answers(frame)
    results = {
        indicator.code: CALCULATIONS[indicator.calculation](indicator, answers, context)
        for indicator in context.framework.indicators
    }
    measures: list[Measure] = [
        *compute_quantities(cluster, answers, context),
        *compute_headlines(cluster, answers, context),
    ]
    for indicator in context.framework.indicators:
        measures += _describe(indicator, results[indicator.code], cluster=cluster, context=context)
    for pillar in context.framework.pillars:
        measures += compute_pillar(pillar, results, cluster=cluster, context=context)
    return to_frame(inherit_flags(measures, answers.queried))


def _describe(
    indicator: Indicator, result: Result, *, cluster: str, context: Context
) -> Iterator[Measure]:
    def measure(
        name: str,
        *,
        number: float | None = None,
        text: str | None = None,
        unit: str | None = None,
        method: str = indicator.calculation,
        formula: str = result.formula or (result.reason or ""),
    ) -> Measure:
        return Measure(
            edition=context.edition.edition,
            cluster=cluster,
            code=indicator.code,
            measure=name,
            pillar=indicator.pillar,
            method=method,
            number=number,
            text=text,
            unit=unit,
            year=result.year or context.edition.year,
            formula=formula,
            inputs=result.inputs,
            consent=result.consent,
            note=result.note,
        )

    shown = result.value_formula or result.formula or (result.reason or "")
    yield measure(
        "value", number=result.value, text=result.reason, unit=indicator.unit, formula=shown
    )
    if indicator.scored:
        yield measure("share", number=result.share, text=result.reason, unit="share")
    if result.progress is not None:
        progress = result.progress
        pace, time = spell_pace(progress), spell_elapsed(progress)
        yield measure("verdict", text=progress.verdict, method=progress.method, formula=pace)
        needed, so_far = (spell_change(progress, needed=needed) for needed in (True, False))
        for name, number, unit, formula in (
            ("elapsed", progress.elapsed, "share", time),
            ("required", progress.required, indicator.unit, needed),
            ("observed", progress.observed, indicator.unit, so_far),
            ("acceleration", progress.factor, "factor", pace),
        ):
            yield measure(name, number=number, unit=unit, method=progress.method, formula=formula)


def measure_cluster(project: Project, edition: str, cluster: str) -> Path:
    """Compute the measures of one cluster from its answers on disk and write them there."""
    context = read_context(project, edition)
    context.edition.cluster(cluster)
    folder = project.processed(edition)
    answers = read_table(folder / "answers" / f"{cluster}.parquet", ANSWERS)
    path = folder / "measures" / f"{cluster}.parquet"
    write_table(compute_measures(cluster, answers, context), MEASURES, path)
    return path
