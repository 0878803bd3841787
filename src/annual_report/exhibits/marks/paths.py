"""Paths over years, one small panel a row: baseline, now, target, and the pace they need."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from annual_report.exhibits.look.tokens import BAND, MUTED
from annual_report.exhibits.marks.charts import (
    DASHES,
    SMALL,
    draw_line,
    draw_marker,
    place_key,
    shorten,
    write_label,
)

_MARKERS = ("baseline", "now", "target")
_GAP = 6.0
_CLOSE = 8.0
"""Labels closer than this would run into each other."""


def paths(
    axes: Axes,
    points: pd.DataFrame,
    captions: Mapping[Any, str],
    *,
    color: str,
    rows: str = "cluster",
    size: tuple[float, float] = (38.0, 34.0),
) -> None:
    """Draw panels, as many in a row as fit, each on its own scale from zero and over its own years.

    Parameters
    ----------
    points
        Rows with ``field`` (*baseline*, *now*, *target*), ``year``, ``value`` and ``text``; those
        without a value or a year are left out.
    captions
        What stands under the name of each panel.
    size
        Width and height of a panel in millimetres.
    """
    figure = axes.get_figure(root=True)
    assert figure is not None
    each, tall = size
    width = figure.get_figwidth() * 25.4
    styles = {
        "so far": {"color": color, "linewidth": 1.6},
        "pace needed": {"color": color, "linewidth": 1.1, "linestyle": DASHES},
        "straight path": {"color": BAND, "linewidth": 1.0},
    }
    key = place_key([*_MARKERS, *styles], width=width, sign=7.5)
    begin = 8 + key[-1][1]
    known = points.dropna(subset=["value", "year"])
    panels = list(known.groupby(rows, observed=True, sort=False))
    columns = int((width + _GAP) // (each + _GAP))
    axes.set_axis_off()
    axes.set_xlim(0, width)
    axes.set_ylim(math.ceil(len(panels) / columns) * (tall + 4) + begin, 0)
    for label, (x, below) in zip((*_MARKERS, *styles), key, strict=True):
        if label in styles:
            draw_line(axes, (x, x + 6), (2 + below, 2 + below), **styles[label])
        else:
            draw_marker(axes, x + 4.8, 2 + below, label, colour=color)
        write_label(axes, x + 7.5, 2 + below, label)
    for index, (name, panel) in enumerate(panels):
        row, column = divmod(index, columns)
        left, top = column * (each + _GAP), begin + row * (tall + 4)
        write_label(axes, left, top + 1, shorten(str(name), each - 1), fontweight="bold")
        told = shorten(captions.get(name, ""), each + 3, SMALL)
        write_label(axes, left, top + 4.8, told, fontsize=SMALL)
        _draw_path(axes, panel, (left, top), size, styles)


def _draw_path(
    axes: Axes,
    panel: pd.DataFrame,
    corner: tuple[float, float],
    size: tuple[float, float],
    styles: Mapping[str, Any],
) -> None:
    (left, top), (width, height) = corner, size
    floor, ceiling = top + height - 5, top + 12
    highest, first = panel["value"].max() or 1.0, panel["year"].min()
    span = float(panel["year"].max() - first)
    share = (panel["year"] - first).astype(float) / span if span else panel["value"] * 0 + 0.5
    placed = panel.assign(
        x=left + 4 + share * (width - 9),
        y=floor - panel["value"] / highest * (floor - ceiling),
    )
    points = {str(row["field"]): row for _, row in placed.iterrows()}
    draw_line(axes, (left, left + width), (floor, floor), color=BAND, linewidth=0.7)
    for start, end, style in (
        ("baseline", "target", "straight path"),
        ("baseline", "now", "so far"),
        ("now", "target", "pace needed"),
    ):
        if start in points and end in points:
            ends = points[start], points[end]
            draw_line(
                axes, tuple(p["x"] for p in ends), tuple(p["y"] for p in ends), **styles[style]
            )
    taken: list[float] = []
    for field in ("now", "target", "baseline"):
        if field not in points:
            continue
        point = points[field]
        x, y = point["x"], point["y"]
        crowded = any(abs(x - other) < _CLOSE for other in taken)
        draw_marker(axes, x, y, field, colour=styles["so far"]["color"])
        weight = "bold" if field == "now" else "normal"
        beside = y + (3.4 if crowded else -3.2)
        write_label(axes, x, beside, point["text"], ha="center", fontsize=SMALL, fontweight=weight)
        if not crowded:
            year = str(int(point["year"]))
            write_label(axes, x, floor + 2.6, year, ha="center", fontsize=SMALL, color=MUTED)
        taken.append(x)
