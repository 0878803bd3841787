"""Bars of the house, and the numbers inside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import seaborn.objects as so
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgba
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, Bbox, ScaledTranslation
from seaborn._marks.base import Mappable, Mark, document_properties, resolve_color

from annual_report.exhibits.look.tokens import GROUND, INK, MUTED, choose_text_colour
from annual_report.exhibits.marks.charts import DASHES, MM_PER_POINT, SMALL, wrap

_PADDING = 3.4
"""Between the text in a bar and the bar's ends, in points, both ends together."""


@document_properties
@dataclass
class Bar(so.Bar):  # type: ignore[misc]  # seaborn has no types
    """A bar of the house; one without ``fill`` is an open dashed box: what is still missing."""

    def _resolve_properties(self, data: Any, scales: Any) -> dict[str, Any]:
        resolved: dict[str, Any] = super()._resolve_properties(data, scales)
        if np.ndim(resolved["fill"]) == 0:  # of the key
            return resolved
        filled = np.asarray(resolved["fill"], dtype=bool)
        edge = np.where(filled[:, None], resolved["edgecolor"], to_rgba(MUTED))
        dashes = [(0, None) if one else DASHES for one in filled]
        return resolved | {"edgecolor": edge, "edgestyle": dashes}


def bar(**style: Any) -> Bar:
    """A bar: flat, a hair of ground between it and the next.

    ``fill=`` a column of the frame that is false draws an open dashed box.
    """
    flat = {"alpha": 1, "edgecolor": GROUND, "edgewidth": 0.7, "width": 0.7}
    return Bar(**flat | style)


class FittedText(Text):
    """A text that is only drawn where it fits between two values of its axis."""

    def __init__(self, *args: Any, span: tuple[float, float], orient: str, **kwargs: Any) -> None:
        super().__init__(*args, clip_on=False, **kwargs)
        self._span, self._orient = span, orient
        self.set_in_layout(False)

    def fits(self, renderer: Any) -> bool:
        """Whether the text is no longer than its bar."""
        assert self.axes is not None
        ends = [(v, 0.0) if self._orient == "y" else (0.0, v) for v in self._span]
        place = Bbox(self.axes.transData.transform(ends))
        room = abs(place.width if self._orient == "y" else place.height)
        box = self.get_window_extent(renderer)
        return (box.width if self._orient == "y" else box.height) + _PADDING <= room

    def draw(self, renderer: Any) -> None:
        if self.fits(renderer):
            super().draw(renderer)


class RestText(Text):
    """What did not fit into the bars of a row: at the row's end or, if there is no room, before."""

    def __init__(
        self, *args: Any, parts: list[tuple[FittedText, str]], start: float, **kwargs: Any
    ) -> None:
        super().__init__(*args, clip_on=False, **kwargs)
        self._parts, self._start = parts, start
        self.set_in_layout(False)

    def draw(self, renderer: Any) -> None:
        assert self.axes is not None
        self.set_text(", ".join(text for part, text in self._parts if not part.fits(renderer)))
        if not self.get_text():
            return
        axes = self.axes.get_window_extent(renderer)
        ends = (self._start, self.get_position()[0])
        first, last = (self.axes.transData.transform((end, 0))[0] for end in ends)
        before, after = first - axes.x0, axes.x1 - last
        if self.get_window_extent(renderer).width > after and before > after:
            figure = self.axes.get_figure(root=True)
            assert figure is not None
            back = ScaledTranslation(-8 / 72, 0, figure.dpi_scale_trans)
            self.set_transform(self.get_transform() + Affine2D().translate(first - last, 0) + back)
            self.set_horizontalalignment("right")
        room = max(before, after) * MM_PER_POINT - 3  # a figure has 72 dots an inch
        self.set_text(wrap(self.get_text(), room, SMALL, lines=3))
        super().draw(renderer)


@document_properties
@dataclass
class Inside(Mark):  # type: ignore[misc]  # seaborn has no types
    """The number in the middle of its bar, in whichever of ink and ground can be read on it.

    Parameters
    ----------
    others
        ``beside`` writes the numbers that do not fit at the end of their row, each with its name;
        else they are left out.
    """

    text: Any = Mappable("")
    color: Any = Mappable("C0")
    alpha: Any = Mappable(1)
    fill: Any = Mappable(True)
    baseline: Any = Mappable(0, grouping=False)

    others: str = ""

    def _plot(self, split_gen: Any, scales: Any, orient: str) -> None:
        value = {"x": "y", "y": "x"}[orient]
        parts: dict[tuple[Axes, float], list[tuple[FittedText, str]]] = {}
        ends: dict[tuple[Axes, float], list[float]] = {}
        for keys, data, axes in split_gen():
            is_open = not self._resolve(keys, "fill", scales)
            fill = GROUND if is_open else to_hex(resolve_color(self, keys, "", scales))
            for row in data.to_dict("records"):
                start, end = row.get("baseline", 0.0), row[value]
                if start == end or end != end:  # noqa: PLR0124  no bar, or no number
                    continue
                place = {orient: row[orient], value: (start + end) / 2}
                text = FittedText(
                    place["x"],
                    place["y"],
                    str(row["text"]),
                    span=(start, end),
                    orient=orient,
                    color=choose_text_colour(fill),
                    fontweight="bold",
                    ha="center",
                    va="center_baseline",
                )
                axes.add_artist(text)
                words = f"{row['text']} {str(keys.get('color', '')).lower()}".strip()
                parts.setdefault((axes, row[orient]), []).append((text, words))
                ends.setdefault((axes, row[orient]), []).extend((start, end))
        if self.others == "beside":
            for (axes, y), texts in parts.items():
                _write_rest(axes, y, texts, ends[axes, y])


def _write_rest(
    axes: Axes, y: float, texts: list[tuple[FittedText, str]], ends: list[float]
) -> None:
    figure = axes.get_figure(root=True)
    assert figure is not None
    right = axes.transData + ScaledTranslation(4 / 72, 0, figure.dpi_scale_trans)
    axes.add_artist(
        RestText(
            max(ends),
            y,
            "",
            parts=texts,
            start=min(ends),
            color=INK,
            fontsize=SMALL,
            va="center",
            linespacing=1.05,
            transform=right,
        )
    )
