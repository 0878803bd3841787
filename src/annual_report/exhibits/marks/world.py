"""The map: where clusters are, those that joined this year by diamond and colour."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from annual_report.exhibits.look.tokens import GROUND, INK, LAND, NEW
from annual_report.exhibits.marks.charts import measure_text
from annual_report.exhibits.places import Outline, project_places
from annual_report.numbers import format_count

_SOUTH, _NORTH, _WEST, _EAST = -57.0, 84.0, -2.35, 2.64
_NAMED = 5
"""So many clusters that joined are named on the map."""
_FULL_SIZE = 60
"""Of more spots than this each is smaller, so that neighbours stay apart."""


def world(axes: Axes, spots: pd.DataFrame, *, land: Outline, key: Sequence[str]) -> None:
    """Draw a map of the world with a spot for each row.

    Parameters
    ----------
    spots
        Has ``cluster``, ``longitude`` and ``latitude`` in degrees, and ``is_new``.
    land
        ``season.land``.
    key
        Words for spots that are not new, and for those that are.
    """
    _, (bottom, top) = project_places(np.zeros(2), np.array([_SOUTH, _NORTH]))
    axes.set_axis_off()
    axes.set_xlim(_WEST, _EAST)
    axes.set_ylim(bottom, top)
    axes.add_patch(PathPatch(_trace(land), facecolor=LAND, edgecolor="none"))
    figure = axes.get_figure(root=True)
    assert figure is not None
    per_mm = (_EAST - _WEST) / (figure.get_figwidth() * 25.4)
    x, y = project_places(spots["longitude"].to_numpy(), spots["latitude"].to_numpy())
    placed = spots.assign(x=x, y=y)
    size = 5.0 if len(spots) <= _FULL_SIZE else max(2.2, 5.0 * math.sqrt(_FULL_SIZE / len(spots)))
    for is_new, part in placed.groupby("is_new"):
        _draw_spots(axes, part["x"], part["y"], is_new=bool(is_new), size=size)
    if spots["is_new"].sum() <= _NAMED:
        _write_names(axes, placed, per_mm=per_mm)
    _draw_key(axes, placed, key, per_mm=per_mm)


def _trace(land: Outline) -> Path:
    rings = (np.column_stack(project_places(ring[:, 0], ring[:, 1])) for ring in land.rings)
    return Path.make_compound_path(*(Path(ring, closed=True) for ring in rings))


def _draw_spots(
    axes: Axes, x: pd.Series | Sequence[float], y: pd.Series | Sequence[float], *, is_new: bool,
    size: float = 5.0,
) -> None:  # fmt: skip
    axes.plot(
        x, y, linestyle="none", marker="D" if is_new else "o", markersize=size + 0.2 * is_new,
        markerfacecolor=NEW if is_new else INK, markeredgecolor=GROUND,
        markeredgewidth=size * 0.14, clip_on=False, zorder=3 + is_new,
    )  # fmt: skip


def _write_names(axes: Axes, spots: pd.DataFrame, *, per_mm: float) -> None:
    """Name the clusters that joined, on the side where no other spot stands in the way."""
    left, right = axes.get_xlim()
    for index, spot in spots[spots["is_new"]].iterrows():
        others = spots.drop(index=index)
        beside = others[(others["y"] - spot["y"]).abs() < 2.5 * per_mm]["x"] - spot["x"]
        width = (measure_text(spot["cluster"], bold=True) + 5) * per_mm
        for side, place in ((1, "left"), (-1, "right")):
            is_free = not (side * beside).between(0, width, inclusive="neither").any()
            if is_free and left < spot["x"] + side * width < right:
                axes.text(
                    spot["x"] + side * 2.2 * per_mm, spot["y"], spot["cluster"], ha=place,
                    va="center_baseline", fontsize=8, fontweight="bold",
                )  # fmt: skip
                break


def _draw_key(axes: Axes, spots: pd.DataFrame, key: Sequence[str], *, per_mm: float) -> None:
    x, y = axes.get_xlim()[0] + 3 * per_mm, axes.get_ylim()[0] + 12 * per_mm
    for is_new, words in enumerate(key):
        count = int((spots["is_new"] == bool(is_new)).sum())
        if count:
            _draw_spots(axes, [x], [y], is_new=bool(is_new))
            told = f"{format_count(count)} {words}"
            axes.text(x + 3 * per_mm, y, told, va="center_baseline", fontsize=8)
            y -= 5.5 * per_mm
