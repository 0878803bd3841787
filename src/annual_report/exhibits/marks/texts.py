"""Texts in a chart: after a bar, in a column of their own, beside a rule, in an open box.

Each is a mark for a plot of seaborn's objects, and a function for axes that anything drew on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.transforms import ScaledTranslation
from seaborn._marks.base import Mappable, Mark, document_properties, resolve_color

from annual_report.exhibits.look.tokens import GROUND, INK, MUTED
from annual_report.exhibits.marks.charts import DASHES, NORMAL, SMALL

AFTER, BESIDE, RULED = "after", "beside", "ruled"
"""What the layout makes room for: behind the largest value, at the right, above the axes."""


@document_properties
@dataclass
class After(Mark):  # type: ignore[misc]  # seaborn has no types
    """A text after the end of a bar or dot."""

    text: Any = Mappable("")
    color: Any = Mappable(INK)
    alpha: Any = Mappable(1)

    bold: bool = False
    gap: float = 4.0

    def _plot(self, split_gen: Any, scales: Any, orient: str) -> None:
        for keys, data, axes in split_gen():
            colour = to_hex(resolve_color(self, keys, "", scales))
            for row in data.to_dict("records"):
                write_after(
                    axes,
                    row["x"],
                    row["y"],
                    row["text"],
                    color=colour,
                    bold=self.bold,
                    gap=self.gap,
                )


def after(*, bold: bool = False, gap: float = 4.0, **style: Any) -> After:
    """A text after the end of a bar or dot: ``.add(ar.after(), text="text")``.

    Parameters
    ----------
    gap
        Between the value and the text, in points; a dot needs 7.
    """
    return After(bold=bold, gap=gap, **style)


def write_after(
    axes: Axes,
    x: float,
    y: float,
    text: str,
    *,
    color: str = INK,
    bold: bool = False,
    gap: float = 4.0,
) -> None:
    """Write a text after a value of the axes."""
    side = -1 if x < 0 else 1
    figure = axes.get_figure(root=True)
    assert figure is not None
    axes.text(
        x,
        y,
        str(text),
        color=color,
        fontsize=NORMAL,
        fontweight="bold" if bold else "normal",
        ha="left" if side > 0 else "right",
        va="center_baseline",
        gid=AFTER,
        transform=axes.transData + ScaledTranslation(side * gap / 72, 0, figure.dpi_scale_trans),
    )


@document_properties
@dataclass
class Beside(Mark):  # type: ignore[misc]  # seaborn has no types
    """Texts in a column of their own at the right of the axes, one a row."""

    text: Any = Mappable("")

    def _plot(self, split_gen: Any, scales: Any, orient: str) -> None:
        for _, data, axes in split_gen(keep_na=True):
            beside(axes, data["y"], data["text"])


def beside(axes: Axes, rows: Iterable[Any], texts: Iterable[object]) -> None:
    """Write texts in a column at the right of axes, one a row.

    Parameters
    ----------
    rows
        Where each stands on the y axis: a number, or the name of the row.
    """
    figure = axes.get_figure(root=True)
    assert figure is not None
    shift = ScaledTranslation(5 / 72, 0, figure.dpi_scale_trans)
    right = axes.get_yaxis_transform() + shift
    for row, text in zip(rows, texts, strict=True):
        axes.text(
            1.0,
            row,
            "" if pd.isna(text) else str(text),  # type: ignore[call-overload]
            color=INK,
            fontsize=SMALL,
            va="center_baseline",
            gid=BESIDE,
            transform=right,
        )


@document_properties
@dataclass
class Rule(Mark):  # type: ignore[misc]  # seaborn has no types
    """A dashed line across the rows at one value, named above; ``align`` of the name to the line."""

    text: Any = Mappable("")
    color: Any = Mappable(MUTED)
    alpha: Any = Mappable(1)

    align: str = "center"

    def _plot(self, split_gen: Any, scales: Any, orient: str) -> None:
        for keys, data, axes in split_gen(keep_na=True):
            colour = to_hex(resolve_color(self, keys, "", scales))
            for row in data.to_dict("records"):
                rule(axes, row["x"], str(row.get("text", "")), color=colour, align=self.align)


def rule(
    axes: Axes, value: float, text: str = "", *, color: str = MUTED, align: str = "center"
) -> None:
    """Draw a dashed line across the rows at one value, and name it above."""
    axes.axvline(value, color=color, linewidth=0.8, linestyle=DASHES, zorder=0.5)
    if text:
        axes.annotate(
            text,
            (value, 1.0),
            (0, 3),
            color=color,
            fontsize=SMALL,
            ha=align,
            va="bottom",
            gid=RULED,
            xycoords=axes.get_xaxis_transform(),
            textcoords="offset points",
            annotation_clip=False,
        )


@document_properties
@dataclass
class Open(Mark):  # type: ignore[misc]  # seaborn has no types
    """The open dashed box that says why a row has no value."""

    text: Any = Mappable("")

    def _plot(self, split_gen: Any, scales: Any, orient: str) -> None:
        for _, data, axes in split_gen(keep_na=True):
            for row in data.to_dict("records"):
                write_reason(axes, row["y"], str(row["text"]), transform=axes.get_yaxis_transform())


def write_reason(axes: Axes, y: float, text: str, *, transform: Any) -> None:
    """Write a reason into an open dashed box at the beginning of the axes."""
    axes.annotate(
        text,
        (0.0, y),
        (4, 0),
        color=MUTED,
        fontsize=SMALL,
        va="center",
        annotation_clip=False,
        xycoords=transform,
        textcoords="offset points",
        bbox={
            "boxstyle": "square,pad=0.25",
            "facecolor": GROUND,
            "edgecolor": MUTED,
            "linewidth": 0.8,
            "linestyle": DASHES,
        },
    )
