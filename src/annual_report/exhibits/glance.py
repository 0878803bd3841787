"""All clusters and all pillars at a glance: scores with their intervals, never a ranking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from matplotlib.axes import Axes

from annual_report.exhibits.canvas import FULL_MM, HALF_MM, new_figure, to_svg
from annual_report.exhibits.charts import (
    LABELS_SHARE,
    SMALL,
    add_panel,
    shorten,
    split_in_blocks,
    write_label,
)
from annual_report.exhibits.clusters import LISTED, print_verdict
from annual_report.exhibits.model import Cell, Figure, Grid, Number, Prose, Table, TableColumn
from annual_report.exhibits.season import Season
from annual_report.exhibits.spread import (
    Spread,
    describe_spread,
    draw_spreads,
    list_spreads,
    tabulate_spreads,
)
from annual_report.exhibits.tokens import BAND, MUTED, PILLARS, RULE
from annual_report.exhibits.words import capitalise, count_things, write_absence
from annual_report.framework import Pillar
from annual_report.numbers import POINTS, format_count
from annual_report.season.symbols import VERDICT_SYMBOLS

EMISSIONS = "TEC-EMISSIONS"
TOO_FEW = "too few"
_SOURCE = "Score: weighted share of the way to each cluster's own targets."
_NAMES_MM, _GAP_MM, _TOP_MM, _BOTTOM_MM = 38.0, 5.0, 11.0, 5.0
_PITCH_MM, _TIGHT_MM, _PAGE_MM = 5.4, 3.3, 215.0
_LEAST_MM = 25.0
"""A pillar's column is at least so wide."""


@dataclass(frozen=True)
class Scores:
    """One cluster's score and interval in each pillar; None where not enough was answered."""

    cluster: str
    name: str
    scores: tuple[tuple[float, float, float] | None, ...]


def show_glance(season: Season) -> Figure | Prose:
    """Draw each cluster's score in each pillar with its 5–95 % interval and the median."""
    everyone = _list_scores(season)
    shown = [one for one in everyone if any(one.scores)]
    if not shown:
        return write_absence(
            "No cluster has answered enough in any pillar for a score; none is estimated. What each "
            "has answered stands in its profile."
        )
    left_out = len(season.edition.clusters) - len(shown)
    spreads = _list_spreads(season, shown) if len(shown) > LISTED else None
    notes = ["Dashed: median." if spreads else "Clusters in alphabetical order; no ranking."]
    if left_out:
        verb = "has" if left_out == 1 else "have"
        notes.append(f"{capitalise(count_things(left_out, 'cluster'))} {verb} no score at all.")
    draw = partial(draw_spreads, spreads) if spreads else partial(_draw, season, shown)
    return Figure(
        id="glance",
        title=_write_title(season),
        unit="points from 0 to 100",
        source=_SOURCE if spreads else f"{_SOURCE} Line: 5–95 % interval.",
        n=len(shown),
        of=len(season.edition.clusters),
        notes=tuple(notes),
        alt=describe_spread(season, spreads) if spreads else _describe(season, shown),
        svg=draw(),
        narrow=draw(width=HALF_MM),
        grid=list_spreads(spreads) if spreads else _list_values(season, shown),
    )


def _list_spreads(season: Season, shown: Sequence[Scores]) -> list[Spread]:
    return [
        Spread(
            pillar,
            tuple(score[0] for one in shown if (score := one.scores[place])),
            season.number(f"all.{pillar.code}.score.median", POINTS),
        )
        for place, pillar in enumerate(season.framework.pillars)
    ]


def show_glance_table(season: Season) -> Table | None:
    """List scores by value and the verdict on emissions by symbol; None without any score.

    Of more clusters than a page has rows, say how their scores are spread.
    """
    shown = _list_scores(season)
    if not any(any(one.scores) for one in shown):
        return None
    if len(shown) > LISTED:
        return tabulate_spreads(season, _list_spreads(season, shown), indicator=EMISSIONS)
    rows: list[tuple[Cell, ...]] = [
        (
            one.name,
            *(_print_score(season, one.cluster, p) for p in season.framework.pillars),
            print_verdict(season, one.cluster, EMISSIONS),
        )
        for one in shown
    ]
    medians: tuple[Cell, ...] = (
        "Median",
        *(season.number(f"all.{p.code}.score.median", POINTS) for p in season.framework.pillars),
        "",
    )
    columns = (
        TableColumn(name="cluster", label="Cluster", width=2),
        *(
            TableColumn(name=p.code, label=p.title, unit="points", align="right")
            for p in season.framework.pillars
        ),
        TableColumn(name="emissions", label="Emissions", unit="verdict", width=1.5),
    )
    return Table(
        id="glance-table",
        title="Scores by pillar, and the verdict on emissions",
        source="Verdict: linear method, pace since the baseline against pace still required.",
        n=sum(any(one.scores) for one in shown),
        of=len(season.edition.clusters),
        notes=(
            f"{TOO_FEW}: too few indicators answered for a score.",
            "; ".join(f"{symbol} {verdict}" for verdict, symbol in VERDICT_SYMBOLS.items()) + ".",
        ),
        grid=Grid(columns=columns, rows=(*rows, medians), total_rows=1),
    )


def _list_scores(season: Season) -> list[Scores]:
    return [
        Scores(
            cluster.id,
            cluster.name,
            tuple(_find_score(season, cluster.id, p) for p in season.framework.pillars),
        )
        for cluster in sorted(season.answered, key=lambda c: c.name.casefold())
    ]


def _find_score(season: Season, cluster: str, pillar: Pillar) -> tuple[float, float, float] | None:
    found = [season.find(f"{cluster}.{pillar.code}.{part}") for part in ("score", "low", "high")]
    numbers = [f.number for f in found if f and f.is_public and f.number is not None]
    return (numbers[0], numbers[1], numbers[2]) if len(numbers) == len(found) else None


def _print_score(season: Season, cluster: str, pillar: Pillar) -> Number:
    number = season.number(f"{cluster}.{pillar.code}.score", POINTS)
    return number.model_copy(update={"text": TOO_FEW}) if number.mark == "missing" else number


def _write_title(season: Season) -> str:
    medians = {
        p: found.number
        for p in season.framework.pillars
        if (found := season.find(f"all.{p.code}.score.median")) and found.number is not None
    }
    if len(medians) < 2:
        return "Where each cluster stands in each pillar"
    last = min(medians, key=lambda p: medians[p])
    place = season.framework.pillars.index(last)
    full = [
        [score[0] for score in one.scores if score]
        for one in _list_scores(season)
        if all(one.scores)
    ]
    below = sum(min(scores) == scores[place] for scores in full)
    if below:
        return f"{last.title} is the lowest score for {format_count(below)} of {count_things(len(full), 'cluster')}"
    return f"{last.title} has the lowest median of the pillars"


def _describe(season: Season, shown: Sequence[Scores]) -> str:
    told = [f"Dot plot of {count_things(len(shown), 'cluster')}, one column for each pillar."]
    for place, pillar in enumerate(season.framework.pillars):
        known = [(one.scores[place] or (0, 0, 0), one.name) for one in shown if one.scores[place]]
        if not known:
            told.append(f"{pillar.title}: no cluster has answered enough.")
            continue
        low, high = min(known)[0][0], max(known)[0][0]
        median = season.number(f"all.{pillar.code}.score.median", POINTS).text
        told.append(
            f"{pillar.title}: {count_things(len(known), 'score')} from {format_count(low)} to {format_count(high)}, "
            f"median {median}."
        )
    return " ".join(told)


def _list_values(season: Season, shown: Sequence[Scores]) -> Grid:
    columns = [TableColumn(name="cluster", label="Cluster", width=2)]
    for pillar in season.framework.pillars:
        for part, words in (("score", pillar.title), ("low", "5 %"), ("high", "95 %")):
            columns.append(TableColumn(name=f"{pillar.code}_{part}", label=words, align="right"))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            one.name,
            *(
                season.number(f"{one.cluster}.{pillar.code}.{part}", POINTS)
                for pillar in season.framework.pillars
                for part in ("score", "low", "high")
            ),
        )
        for one in shown
    )
    return Grid(columns=tuple(columns), rows=rows)


def _draw(season: Season, shown: Sequence[Scores], *, width: float = FULL_MM) -> str:
    pillars = list(enumerate(season.framework.pillars))
    names = min(_NAMES_MM, width * LABELS_SHARE)
    blocks = split_in_blocks(pillars, width=width - names, least=_LEAST_MM)
    room = _PAGE_MM - _TOP_MM - _BOTTOM_MM
    pitch = max(_TIGHT_MM, min(_PITCH_MM, room / len(shown)))
    block = _TOP_MM + pitch * len(shown) + _BOTTOM_MM
    column_width = (width - names) / len(blocks[0]) - _GAP_MM
    with new_figure(width=width, height=block * len(blocks)) as figure:
        axes = add_panel(figure, left=0, top=0, width=width, height=block * len(blocks))
        for line, of_line in enumerate(blocks):
            top = block * line
            rows = [top + _TOP_MM + pitch * (row + 0.5) for row in range(len(shown))]
            for one, y in zip(shown, rows, strict=True):
                write_label(axes, 0, y, shorten(one.name, names - 3))
            for place, (number, pillar) in enumerate(of_line):
                left = names + place * (column_width + _GAP_MM)
                colour = PILLARS.get(pillar.code, MUTED)
                column = _Column(axes, left, top, column_width, block - _BOTTOM_MM, colour)
                column.draw_frame(pillar.title)
                median = season.number(f"all.{pillar.code}.score.median", POINTS)
                if median.value is not None:
                    column.draw_median(median.value, median.text)
                for one, y in zip(shown, rows, strict=True):
                    column.draw_score(one.scores[number], y, size=4.4 if pitch > 4 else 3.2)
        return to_svg(figure)


@dataclass(frozen=True)
class _Column:
    """The column of one pillar, from 0 to 100 points; its height is that above the scale."""

    axes: Axes
    left: float
    top: float
    width: float
    height: float
    colour: str

    @property
    def bottom(self) -> float:
        return self.top + self.height

    def at(self, points: float) -> float:
        return self.left + self.width * points / 100

    def draw_frame(self, title: str) -> None:
        top = self.top
        write_label(
            self.axes, self.left, top + 2.2, title, fontsize=9, fontweight="bold", color=self.colour
        )
        for points, place in ((0, "left"), (50, "center"), (100, "right")):
            self.axes.plot(
                [self.at(points)] * 2, [top + _TOP_MM - 1, self.bottom], color=RULE, linewidth=0.5
            )
            write_label(
                self.axes, self.at(points), self.bottom + 2.8, str(points), ha=place,
                fontsize=SMALL, color=MUTED,
            )  # fmt: skip

    def draw_median(self, points: float, text: str) -> None:
        x, top = self.at(points), self.top
        self.axes.plot(
            [x, x], [top + _TOP_MM - 2, self.bottom], color=self.colour, linewidth=0.8,
            linestyle=(0, (2, 2)),
        )  # fmt: skip
        place = "left" if points < 25 else "right" if points > 75 else "center"
        write_label(
            self.axes, x, top + 6.6, f"median {text}", ha=place, fontsize=SMALL, color=self.colour
        )

    def draw_score(
        self, score: tuple[float, float, float] | None, y: float, *, size: float
    ) -> None:
        self.axes.plot([self.at(0), self.at(100)], [y, y], color=BAND, linewidth=0.4)
        if score is None:
            write_label(
                self.axes, self.at(50), y, "not enough answered", ha="center", fontsize=SMALL,
                color=MUTED, fontstyle="italic", backgroundcolor="#ffffff",
            )  # fmt: skip
            return
        value, low, high = score
        self.axes.plot(
            [self.at(low), self.at(high)], [y, y], color=self.colour, linewidth=1.3,
            solid_capstyle="butt",
        )  # fmt: skip
        self.axes.plot(
            [self.at(value)], [y], marker="o", markersize=size, color=self.colour,
            markeredgecolor="#ffffff", markeredgewidth=0.5,
        )  # fmt: skip
