"""From a plot and its frame to a figure of the report: both widths, the table, the words around."""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import seaborn.objects as so
from matplotlib.axes import Axes

from annual_report.errors import ExhibitError
from annual_report.exhibits.canvas import new_figure, to_svg
from annual_report.exhibits.framed import REQUIRED
from annual_report.exhibits.layout import arrange, list_row_names, need_height
from annual_report.exhibits.theme import THEME

Drawing: TypeAlias = so.Plot | Callable[[Axes], Any]
"""A plot of seaborn's objects, or a function that draws on axes it is given."""


@dataclass(frozen=True)
class Drawn:
    """A plot at one width, and the names of its rows."""

    svg: str
    names: tuple[str, ...]


def draw(
    plot: Drawing,
    *,
    id: str,  # noqa: A002  as the figure calls it
    width: float,
    height: float | None,
    pitch: float | None,
    axis: bool,
    key: bool,
    missing: str,
) -> Drawn:
    """Draw a plot at its size on paper, in millimetres; without a height, as high as it needs.

    What seaborn draws by chance (jitter, bootstraps) is the same for the same exhibit.
    """
    with new_figure(width=width, height=width, style=THEME) as canvas:
        canvas.set_layout_engine("none")
        state = np.random.get_state()  # noqa: NPY002  seaborn draws from it
        np.random.seed(zlib.crc32(id.encode()))  # noqa: NPY002
        try:
            if isinstance(plot, so.Plot):
                plot.theme(_list_plain(THEME)).on(canvas).plot()
            else:
                plot(canvas.subplots())
        finally:
            np.random.set_state(state)  # noqa: NPY002
        tall = (height or need_height(canvas, pitch)) + (7 if missing else 0)
        canvas.set_size_inches(width / 25.4, tall / 25.4)
        names = list_row_names(canvas)
        arrange(canvas, axis=axis, key=key, missing=missing)
        return Drawn(to_svg(canvas), names)


def _list_plain(theme: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in theme.items() if not name.startswith("svg.")}


def list_frames(plot: Drawing | None) -> list[pd.DataFrame]:
    """The frames that seaborn draws from, as far as they hold numbers with addresses."""
    if not isinstance(plot, so.Plot):
        return []
    found = [plot._data.source_data, *(layer["source"] for layer in plot._layers)]  # noqa: SLF001
    return [f for f in found if isinstance(f, pd.DataFrame) and set(REQUIRED) <= set(f.columns)]


def check_drawn(plot: Drawing | None, frame: pd.DataFrame) -> None:
    """See that a plot draws what its table says.

    Raises
    ------
    ExhibitError
        If a number that is drawn is not in the frame, or is another one there.
    """
    known = dict(zip(frame["id"], frame["value"], strict=True))
    for drawn in list_frames(plot):
        rows = drawn[drawn["value"].notna() & ~drawn.get("placed", pd.Series(False, drawn.index))]
        for address, value in zip(rows["id"], rows["value"], strict=True):
            if address not in known:
                raise ExhibitError(
                    "a number is drawn that is not in the frame behind the figure",
                    where=str(address),
                    do="give season.figure the frame that the plot was made from",
                )
            if not math.isclose(known[address], value, rel_tol=1e-9, abs_tol=1e-12):
                raise ExhibitError(
                    "a number is drawn otherwise than the frame behind the figure says",
                    where=str(address),
                    expected=f"{known[address]:g}",
                    found=f"{value:g}",
                    do="give texts that are placed by hand through ar.place",
                )
