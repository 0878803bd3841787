"""A cluster's four scores beside those of its peers, whom nobody can tell apart."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes

from annual_report.exhibits.canvas import HALF_MM, new_figure, to_svg
from annual_report.exhibits.charts import SMALL, add_panel, draw_box, draw_line, write_label
from annual_report.exhibits.model import Cell, Figure, Grid, Number, TableColumn
from annual_report.exhibits.profile import has_answered
from annual_report.exhibits.season import Season
from annual_report.exhibits.tokens import BAND, GROUND, INK, MUTED, PILLARS, RULE
from annual_report.exhibits.words import capitalise, lower_first
from annual_report.framework import Pillar
from annual_report.numbers import POINTS, format_count

_LABELS_MM, _PITCH_MM, _TOP_MM = 22.0, 10.5, 5.0
LONGEST_TITLE = 10
_PARTS = ("score", "low", "high")
_PEERS = ("q1", "median", "q3")


@dataclass(frozen=True)
class Standing:
    """One pillar of one cluster: its score and interval, and the peers' quartiles and median."""

    pillar: Pillar
    own: tuple[float, float, float] | None
    median: float | None
    quartiles: tuple[float, float] | None
    words: str
    peers: int

    @property
    def side(self) -> str:
        """Where the whole interval lies against the median: above, below, or neither."""
        if self.own is None or self.median is None:
            return ""
        _, low, high = self.own
        return "above" if low > self.median else "below" if high < self.median else ""


def show_scores(season: Season, cluster: str) -> Figure | None:
    """Draw the four scores with intervals over the band of the peers; None without any score."""
    if not has_answered(season, cluster):
        return None
    standings = [_find_standing(season, cluster, p) for p in season.framework.pillars]
    if not any(s.own for s in standings):
        return None
    return Figure(
        id=f"{cluster}-scores",
        title=_write_title(standings),
        unit="points from 0 to 100",
        source=_explain(standings),
        half=True,
        alt=_describe(standings),
        svg=_draw(standings),
        grid=_list_numbers(season, cluster, standings),
    )


def _find_standing(season: Season, cluster: str, pillar: Pillar) -> Standing:
    found = [season.find(f"{cluster}.{pillar.code}.{part}") for part in _PARTS]
    own = [f.number for f in found if f and f.is_public and f.number is not None]
    median = season.find(f"all.{pillar.code}.score.median")
    quartiles = [season.value(f"all.{pillar.code}.score.{q}") for q in ("q1", "q3")]
    known = [q for q in quartiles if q is not None]
    return Standing(
        pillar,
        own=(own[0], own[1], own[2]) if len(own) == len(_PARTS) else None,
        median=median.number if median else None,
        quartiles=(known[0], known[1]) if len(known) == len(quartiles) else None,
        words=season.number(f"{cluster}.{pillar.code}.score", POINTS).text,
        peers=(median.n or 0) if median else 0,
    )


def _write_title(standings: list[Standing]) -> str:
    told: list[str] = []
    for side in ("above", "below"):
        names = [lower_first(s.pillar.title) for s in standings if s.side == side]
        if len(names) == len(standings):
            return f"Clearly {side} the median in every pillar"
        if names:
            median = "" if told else " the median"
            told.append(f"{', '.join(names)} {side}{median}")
    title = capitalise("; ".join(told))
    if not told or len(title.split()) > LONGEST_TITLE:
        return "No score clearly apart from the median" if not told else "Scores beside the median"
    return title


def _explain(standings: list[Standing]) -> str:
    told = "Dot: score; line: 5–95 % interval."
    if any(s.quartiles for s in standings):
        most = max(s.peers for s in standings)
        told += f" Band: middle half of all clusters with a score, at most {most}."
    if any(s.median is not None for s in standings):
        told += " Tick: their median."
    return told


def _describe(standings: list[Standing]) -> str:
    told: list[str] = []
    for s in standings:
        if s.own is None:
            told.append(f"{s.pillar.title}: not enough answered.")
            continue
        value, low, high = s.own
        peers = "" if s.median is None else f", median of all {format_count(s.median)}"
        told.append(
            f"{s.pillar.title}: {format_count(value)}, interval {format_count(low)} to {format_count(high)}{peers}."
        )
    return f"Scores in the pillars beside the other clusters. {' '.join(told)}"


def _list_numbers(season: Season, cluster: str, standings: list[Standing]) -> Grid:
    labels = {"score": "Score", "low": "5 %", "high": "95 %"}
    peers = {"q1": "Lower quartile", "median": "Median", "q3": "Upper quartile"}
    columns = [TableColumn(name="pillar", label="Pillar", width=1.5)]
    for name, label in (labels | peers).items():
        columns.append(TableColumn(name=name, label=label, align="right"))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            s.pillar.title,
            *(season.number(f"{cluster}.{s.pillar.code}.{part}", POINTS) for part in _PARTS),
            *(_print_peers(season, f"all.{s.pillar.code}.score.{part}") for part in _PEERS),
        )
        for s in standings
    )
    return Grid(columns=tuple(columns), rows=rows)


def _print_peers(season: Season, number_id: str) -> Number:
    """A number over all clusters whose way back stops before any of them can be told."""
    number, found = season.number(number_id, POINTS), season.find(number_id)
    return number.model_copy(update={"source": found.formula if found else number.source})


def _draw(standings: list[Standing]) -> str:
    bottom = _TOP_MM + _PITCH_MM * len(standings)
    height = bottom + 6
    with new_figure(width=HALF_MM, height=height) as figure:
        axes = add_panel(figure, left=0, top=0, width=HALF_MM, height=height)
        for points in (0, 50, 100):
            x = _place(points)
            draw_line(axes, (x, x), (_TOP_MM - 2, bottom), color=RULE, linewidth=0.5)
            write_label(axes, x, bottom + 3, str(points), ha="center", fontsize=SMALL, color=MUTED)
        for row, standing in enumerate(standings):
            _draw_standing(axes, standing, _TOP_MM + _PITCH_MM * (row + 0.5) + 1)
        return to_svg(figure)


def _place(points: float) -> float:
    return _LABELS_MM + (HALF_MM - _LABELS_MM - 4) * points / 100


def _draw_standing(axes: Axes, standing: Standing, y: float) -> None:
    write_label(axes, 0, y, standing.pillar.title)
    if standing.quartiles:
        left, right = (_place(q) for q in standing.quartiles)
        draw_box(axes, left, y - 1.5, right - left, 3, colour=BAND)
    if standing.median is not None:
        x = _place(standing.median)
        draw_line(axes, (x, x), (y - 2.2, y + 2.2), color=INK, linewidth=0.9)
    if standing.own is None:
        write_label(
            axes, _place(50), y - 3.6, "not enough answered", ha="center", fontsize=SMALL,
            color=MUTED, fontstyle="italic",
        )  # fmt: skip
        return
    colour = PILLARS.get(standing.pillar.code, INK)
    value, low, high = standing.own
    draw_line(axes, (_place(low), _place(high)), (y, y), color=colour, linewidth=1.5)
    axes.plot(
        [_place(value)], [y], marker="o", markersize=6, color=colour, markeredgecolor=GROUND,
        markeredgewidth=0.6,
    )  # fmt: skip
    write_label(
        axes, _place(value), y - 3.9, standing.words, ha="center", color=colour, fontweight="bold"
    )
