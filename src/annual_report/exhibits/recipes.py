"""Plots that several chapters share, made of the marks that anyone may use."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes

from annual_report.exhibits.look.tokens import BAND, GROUND, INK
from annual_report.exhibits.marks.bars import bar
from annual_report.exhibits.marks.dots import Tick, dot, span
from annual_report.exhibits.marks.plot import Plot
from annual_report.exhibits.marks.texts import Beside, after, write_reason
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


def strips(axes: Axes, standing: pd.DataFrame, colors: Mapping[str, str]) -> None:
    """A cluster's scores with their intervals, over the middle half and the median of its peers.

    Parameters
    ----------
    standing
        ``season.standing``.
    colors
        Of each pillar, by its name.
    """
    wide = standing.pivot(index="pillar", columns="part", values="value")
    scores = standing[standing["part"] == "score"]
    texts = dict(zip(scores["pillar"].astype(str), scores["text"], strict=True))
    names = [str(name) for name in wide.index]
    for row, (name, (_, own)) in enumerate(zip(names, wide.iterrows(), strict=True)):
        if pd.notna(own["q1"]) and pd.notna(own["q3"]):
            axes.barh(row, own["q3"] - own["q1"], left=own["q1"], height=0.28, color=BAND)
        axes.plot([own["median"]] * 2, [row - 0.2, row + 0.2], color=INK, linewidth=0.9)
        if pd.isna(own["score"]):
            write_reason(axes, row, "too few answers", transform=axes.get_yaxis_transform())
            continue
        color = colors[name]
        axes.plot([own["low"], own["high"]], [row, row], color=color, linewidth=1.5)
        axes.plot(own["score"], row, "o", markersize=6, color=color, markeredgecolor=GROUND)
        axes.annotate(
            texts[name], (own["score"], row), (0, 6), textcoords="offset points", ha="center",
            color=color, fontweight="bold",
        )  # fmt: skip
    axes.set_yticks(range(len(wide)), names)
    axes.set_ylim(len(wide) - 0.4, -0.7)
    axes.set_xlim(0, 100)
