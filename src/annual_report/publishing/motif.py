"""The picture of the cover, drawn from the data: bars for each cluster, in the order of names."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from pathlib import Path

from annual_report.edition import Cluster
from annual_report.errors import TableError
from annual_report.exhibits.look.tokens import PILLARS
from annual_report.measures.public import PUBLIC_MEASURES, PUBLIC_RETURNS
from annual_report.tables import read_part, read_rows

_PILLAR_COLOURS = ("#6fa0dd", "#b78ccc", "#e0a35c", "#62bfa4")
_ANSWER_COLOURS = ("#6f8796",)
_WIDTH, _HEIGHT = 600, 300
_WIDEST_STEP = 60.0
_MOST = 60
_LOWEST = 6.0

Bars = list[Sequence[float | None]]


def draw_motif(folder: Path, clusters: Sequence[Cluster]) -> str | None:
    """Draw the cover's picture as SVG.

    Four bars a cluster, as high as its published pillar scores; in an edition without a score one
    bar, as high as the share of questions answered. What is missing is a low, open box. Of more
    clusters than the width has room for, neighbours share a bar at their median. None if nothing
    is known of any cluster.

    Parameters
    ----------
    folder
        Where the public tables of the edition are.
    """
    scores = _read_scores(folder / "measures.parquet", clusters)
    if any(value is not None for values in scores for value in values):
        return _draw(_join_neighbours(scores), _PILLAR_COLOURS)
    shares = _read_shares(folder / "returns.parquet", clusters)
    return _draw(_join_neighbours(shares), _ANSWER_COLOURS) if shares else None


def _read_scores(path: Path, clusters: Sequence[Cluster]) -> Bars:
    """Read the published pillar scores; a table that cannot be read is no reason to stop here."""
    where, columns = ("measure", "score"), ("cluster", "code", "number")
    try:
        rows = read_part(path, PUBLIC_MEASURES, where=where, columns=columns)
    except TableError:
        rows = []
    scores = {(cluster, pillar): number for cluster, pillar, number in rows}
    return [[scores.get((cluster.id, pillar)) for pillar in PILLARS] for cluster in clusters]


def _join_neighbours(bars: Bars) -> Bars:
    """Bring many clusters down to as many bars as can be told apart."""
    share = -(-len(bars) // _MOST)
    groups = [bars[start : start + share] for start in range(0, len(bars), share)]
    return [[_find_middle(values) for values in zip(*group, strict=True)] for group in groups]


def _find_middle(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


def _read_shares(path: Path, clusters: Sequence[Cluster]) -> Bars:
    try:
        rows = read_rows(path, PUBLIC_RETURNS, columns=("cluster", "asked", "answered"))
    except TableError:
        return []
    shares = {
        cluster: 100 * answered / asked for cluster, asked, answered in rows if asked and answered
    }
    return [[shares.get(cluster.id)] for cluster in clusters]


def _draw(bars: Bars, colours: Sequence[str]) -> str:
    step = min(_WIDTH / len(bars), _WIDEST_STEP)
    width = step / (len(colours) + 1)
    shapes = "".join(
        _draw_bar(value, place * step + number * width, width * 0.86, colour)
        for place, values in enumerate(bars)
        for number, (value, colour) in enumerate(zip(values, colours, strict=True))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'preserveAspectRatio="none" aria-hidden="true">{shapes}</svg>'
    )


def _draw_bar(value: float | None, left: float, width: float, colour: str) -> str:
    height = _HEIGHT * max(value or 0.0, _LOWEST) / 100
    look = f'fill="{colour}"' if value is not None else f'fill="none" stroke="{colour}"'
    return (
        f'<rect x="{left:.2f}" y="{_HEIGHT - height:.2f}" width="{width:.2f}" '
        f'height="{height:.2f}" {look}/>'
    )
