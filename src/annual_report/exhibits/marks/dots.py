"""Dots of the house, and the line behind the dots of a row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import seaborn.objects as so
from matplotlib.colors import to_hex, to_rgba
from matplotlib.lines import Line2D
from seaborn._marks.base import Mappable, Mark, document_properties, resolve_color

from annual_report.exhibits.look.tokens import BAND, GROUND, INK


@document_properties
@dataclass
class Dot(so.Dot):  # type: ignore[misc]  # seaborn has no types
    """A dot of the house: one without ``fill`` is filled with the ground, and hides lines."""

    def _resolve_properties(self, data: Any, scales: Any) -> dict[str, Any]:
        resolved: dict[str, Any] = super()._resolve_properties(data, scales)
        filled, ground, face = resolved["fill"], to_rgba(GROUND), resolved["facecolor"]
        if np.ndim(filled) == 0:  # of the key
            resolved["facecolor"] = face if filled else ground
        else:
            resolved["facecolor"] = np.where(np.asarray(filled)[:, None], face, ground)
        return resolved


def dot(**style: Any) -> Dot:
    """A dot, above the line of its row; ``fill=False`` leaves it open."""
    above = {"zorder": 3, "clip_on": False}
    return Dot(**{"pointsize": 5.5, "edgewidth": 1.0, "stroke": 1.0, "artist_kws": above} | style)


def span(**style: Any) -> so.Lines:
    """The line behind the dots of a row; add it with ``group=`` the rows' column."""
    return so.Lines(**{"color": BAND, "linewidth": 2.2} | style)


@document_properties
@dataclass
class Tick(Mark):  # type: ignore[misc]  # seaborn has no types
    """An upright tick across a row, such as last year's number beside this year's bar."""

    color: Any = Mappable(INK)
    alpha: Any = Mappable(1)
    width: Any = Mappable(0.9, grouping=False)

    def _plot(self, split_gen: Any, scales: Any, orient: str) -> None:
        for keys, data, axes in split_gen():
            colour = to_hex(resolve_color(self, keys, "", scales))
            half = data["width"] / 2
            low, high = data["y"] - half, data["y"] + half
            axes.vlines(data["x"], low, high, colors=colour, linewidth=1.6, zorder=3)

    def _legend_artist(self, variables: list[str], value: Any, scales: Any) -> Any:
        return Line2D([], [], color=INK, linewidth=1.6, marker="|", linestyle="none")
