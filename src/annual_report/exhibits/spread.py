"""Scores of more clusters than a page has rows: how they are spread, pillar by pillar."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from annual_report.exhibits.canvas import FULL_MM, new_figure, to_svg
from annual_report.exhibits.charts import (
    DASHES,
    SMALL,
    add_panel,
    draw_box,
    draw_line,
    split_in_blocks,
    write_label,
)
from annual_report.exhibits.model import Cell, Grid, Number, Table, TableColumn
from annual_report.exhibits.season import Season
from annual_report.exhibits.tokens import GROUND, INK, MUTED, PILLARS, RULE
from annual_report.exhibits.verdicts import count_verdicts
from annual_report.framework import Pillar
from annual_report.numbers import COUNT, POINTS, format_count
from annual_report.season.symbols import VERDICT_SYMBOLS

BIN = 5
"""Points of a score that one bar stands for."""
IN_TABLE = 10
"""Points of a score that one row of the numbers stands for."""
_COUNTED = (
    "Counted: there are too many clusters to list. The scores of each are in its profile and in the "
    "table Scores of the data annex."
)
_GAP_MM, _TOP_MM, _BARS_MM, _BOTTOM_MM = 6.0, 13.0, 30.0, 5.0
_LEAST_MM = 36.0
"""A panel is at least so wide."""


@dataclass(frozen=True)
class Spread:
    """The scores of one pillar that may be shown, and their median as printed."""

    pillar: Pillar
    scores: tuple[float, ...]
    median: Number

    def count(self, width: int) -> list[int]:
        """How many scores are in each step of so many points; 100 is in the last one."""
        counts = [0] * (100 // width)
        for score in self.scores:
            counts[min(int(score // width), len(counts) - 1)] += 1
        return counts


def draw_spreads(spreads: Sequence[Spread], *, width: float = FULL_MM) -> str:
    """Draw bars for the number of clusters at each score, a panel a pillar, on one scale."""
    blocks = split_in_blocks(spreads, width=width, least=_LEAST_MM)
    block = _TOP_MM + _BARS_MM + _BOTTOM_MM
    room = (width + _GAP_MM) / len(blocks[0]) - _GAP_MM
    most = max(count for spread in spreads for count in spread.count(BIN)) or 1
    with new_figure(width=width, height=block * len(blocks)) as figure:
        axes = add_panel(figure, left=0, top=0, width=width, height=block * len(blocks))
        for line, shown in enumerate(blocks):
            for place, spread in enumerate(shown):
                corner = place * (room + _GAP_MM), block * line
                _draw_panel(axes, spread, corner, room, most=most)
        return to_svg(figure)


def _draw_panel(
    axes: Axes, spread: Spread, corner: tuple[float, float], width: float, *, most: int
) -> None:
    colour = PILLARS.get(spread.pillar.code, MUTED)
    left, top = corner
    floor = top + _TOP_MM + _BARS_MM
    write_label(
        axes, left, top + 2.2, spread.pillar.title, fontsize=9, fontweight="bold", color=colour
    )
    counts = spread.count(BIN)
    step = width / len(counts)
    for place, count in enumerate(counts):
        size = _BARS_MM * count / most
        draw_box(axes, left + place * step + 0.2, floor - size, step - 0.4, size, colour=colour)
    draw_line(axes, (left, left + width), (floor, floor), color=RULE, linewidth=0.6)
    for points, align in ((0, "left"), (50, "center"), (100, "right")):
        x = left + width * points / 100
        write_label(axes, x, floor + 2.8, str(points), ha=align, fontsize=SMALL, color=MUTED)
    if spread.median.value is not None:
        x = left + width * spread.median.value / 100
        draw_line(
            axes, (x, x), (top + _TOP_MM - 4, floor), color=INK, linewidth=0.8, linestyle=DASHES
        )
        align = "left" if spread.median.value < 35 else "right"
        words = f"median {spread.median.text}"
        write_label(axes, x, top + 6.6, words, ha=align, fontsize=SMALL, color=INK)
    highest = max(counts)
    if highest:
        x = left + (counts.index(highest) + 0.5) * step
        y = floor - _BARS_MM * highest / most - 2.8
        write_label(
            axes, x, y, format_count(highest), ha="center", fontsize=SMALL, color=MUTED, backgroundcolor=GROUND,
        )  # fmt: skip


def list_spreads(spreads: Sequence[Spread]) -> Grid:
    """List how many clusters have a score in each step of ten points."""
    columns = (
        TableColumn(name="score", label="Score", unit="points", width=1.4),
        *(
            TableColumn(name=s.pillar.code, label=s.pillar.title, unit="clusters", align="right")
            for s in spreads
        ),
    )
    counts = [spread.count(IN_TABLE) for spread in spreads]
    rows: list[tuple[Cell, ...]] = [
        (
            f"{place * IN_TABLE} to {'' if last else 'below '}{(place + 1) * IN_TABLE}",
            *(print_count(of_pillar[place]) for of_pillar in counts),
        )
        for place in range(100 // IN_TABLE)
        for last in (place == 100 // IN_TABLE - 1,)
    ]
    return Grid(columns=columns, rows=tuple(rows))


def tabulate_spreads(season: Season, spreads: Sequence[Spread], *, indicator: str) -> Table:
    """Say of each pillar how many clusters have a score and between which numbers they lie.

    Parameters
    ----------
    indicator
        The one whose verdicts are counted in the note.
    """
    columns = (
        TableColumn(name="pillar", label="Pillar", width=1.6),
        TableColumn(name="clusters", label="With a score", unit="clusters", align="right"),
        *(
            TableColumn(name=name, label=label, unit="points", align="right")
            for name, label in (
                ("lowest", "Lowest"), ("q1", "Lower quartile"), ("median", "Median"),
                ("q3", "Upper quartile"), ("highest", "Highest"),
            )
        ),
    )  # fmt: skip
    verdicts = count_verdicts(season, indicator)
    counted = "; ".join(f"{VERDICT_SYMBOLS[v]} {v} {n.text}" for v, n in verdicts.items())
    return Table(
        id="glance-table",
        title="Scores by pillar: how far clusters lie apart",
        source="Score: weighted share of the way to each cluster's own targets.",
        n=max(len(spread.scores) for spread in spreads),
        of=len(season.edition.clusters),
        notes=(_COUNTED, f"Verdicts on emissions: {counted}.") if counted else (_COUNTED,),
        sortable=False,
        grid=Grid(columns=columns, rows=tuple(_list_row(season, s) for s in spreads)),
    )


def _list_row(season: Season, spread: Spread) -> tuple[Cell, ...]:
    stem = f"all.{spread.pillar.code}.score"
    return (
        spread.pillar.title,
        print_count(len(spread.scores)),
        _print_end(season, min(spread.scores, default=None)),
        season.number(f"{stem}.q1", POINTS),
        spread.median,
        season.number(f"{stem}.q3", POINTS),
        _print_end(season, max(spread.scores, default=None)),
    )


def _print_end(season: Season, value: float | None) -> Number:
    if value is None:
        return Number(text="", mark="missing", source="no score")
    return Number(text=season.print_number(value, POINTS), value=value)


def print_count(count: int) -> Number:
    """A count that is its own source."""
    return Number(text=format_count(count), value=float(count))


def describe_spread(season: Season, spreads: Sequence[Spread]) -> str:
    """Say in words what the bars show."""
    told = [f"Bars for the number of clusters in each step of {BIN} points, a panel a pillar."]
    for spread in spreads:
        if not spread.scores:
            told.append(f"{spread.pillar.title}: no cluster has answered enough.")
            continue
        low, high = math.floor(min(spread.scores)), math.ceil(max(spread.scores))
        count = season.print_number(len(spread.scores), COUNT)
        told.append(
            f"{spread.pillar.title}: {count} scores from {low} to {high}, "
            f"median {spread.median.text}."
        )
    return " ".join(told)
