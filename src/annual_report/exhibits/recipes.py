"""Plots that several chapters share, made of the marks that anyone may use."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from annual_report.exhibits.marks.bars import bar
from annual_report.exhibits.marks.dots import Tick, dot, span
from annual_report.exhibits.marks.plot import Plot
from annual_report.exhibits.marks.texts import Beside, after
from annual_report.season.selecting import known, place


def ladder(frame: pd.DataFrame, *, color: str) -> Plot:
    """Bars for the levels of a maturity question, with a tick for last year's number.

    Parameters
    ----------
    frame
        ``ar.compare(season, lambda s: s.levels("PAR-01"))``.
    """
    years = list(frame["when"].cat.categories)
    now = frame[frame["when"] == years[0]]
    plot: Plot = Plot(now, x="value", y="step").add(bar(color=color)).add(after(), text="text")
    if len(years) > 1:
        before = frame[(frame["when"] == years[1]) & frame["value"].notna()]
        plot = plot.add(Tick(), data=before, label=f"tick: {years[1]}")
    return plot


def dumbbells(
    frame: pd.DataFrame, *, color: str, texts: Mapping[str, str] | pd.Series, rows: str = "cluster"
) -> Plot:
    """From the baseline over now to the target: three dots a row on one line, with a text beside.

    Parameters
    ----------
    frame
        ``season.answers(question, baseline="baseline", now="value", target="target")``.
    texts
        What stands beside each row, by its name.
    """
    shown = known(frame, rows=rows)
    names = shown.drop_duplicates(rows)
    plot: Plot = (
        Plot(shown.dropna(subset="value"), x="value", y=rows)
        .add(span(), group=rows)
        .add(dot(color=color), marker="field", fill="field")
        .add(Beside(), data=place(names, text=names[rows].map(texts)), text="text")
        .scale(
            marker={"baseline": "o", "now": "o", "target": "D"},
            fill={"baseline": False, "now": True, "target": False},
        )
        .limit(x=(0, None))
    )
    return plot
