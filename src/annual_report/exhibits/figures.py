"""From a plot and its frame to a figure of the report: both widths, the table, the words around."""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from inspect import signature
from typing import Any, TypeAlias
from unittest.mock import patch

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn.objects as so
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from annual_report.errors import ExhibitError
from annual_report.exhibits.framed import REQUIRED
from annual_report.exhibits.layout import (
    MISSING_MM,
    arrange,
    list_row_names,
    need_height,
    stand_alone,
)
from annual_report.exhibits.look.canvas import new_figure, to_svg
from annual_report.exhibits.look.theme import THEME, dress_seaborn

Drawing: TypeAlias = so.Plot | Callable[[Axes], Any] | Callable[[], Any]
"""A plot of seaborn's objects, a function that draws on axes, or one that returns a grid."""


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
    """Draw a plot at its size on paper, in millimetres; without a height, as high as it needs."""
    with _draw_on_canvas(plot, id, width) as canvas:
        tall = height or need_height(canvas, pitch)
        tall += MISSING_MM if missing and not stand_alone(canvas) else 0.0
        canvas.set_size_inches(width / 25.4, tall / 25.4)
        names = list_row_names(canvas)
        arrange(canvas, axis=axis, key=key, missing=missing)
        return Drawn(to_svg(canvas), names)


@contextmanager
def _draw_on_canvas(plot: Drawing, id: str, width: float) -> Iterator[Figure]:  # noqa: A002
    with new_figure(width=width, height=width, style=THEME) as canvas, _seed(id), dress_seaborn():
        canvas.set_layout_engine("none")
        if isinstance(plot, so.Plot):
            plot.theme(_list_plain(THEME)).on(canvas).plot()
        elif not _takes_axes(plot):
            grid = plot()  # type: ignore[call-arg]  # as it takes none
            canvas = getattr(grid, "figure", grid)  # noqa: PLW2901
            if not isinstance(canvas, Figure):
                raise ExhibitError(
                    "a function that takes no axes has returned no picture",
                    expected="a grid of seaborn or a figure of matplotlib",
                    found=type(grid).__name__,
                    do="let it return what it draws, or draw on axes that it takes: lambda ax: …",
                )
            canvas.set_layout_engine("none")
        else:
            plot(canvas.subplots())  # type: ignore[call-arg]
        try:
            yield canvas
        finally:
            plt.close(canvas)


@contextmanager
def _seed(id: str) -> Iterator[None]:  # noqa: A002
    """Draw what seaborn draws by chance (jitter, bootstraps) the same for the same exhibit."""
    seed, make = zlib.crc32(id.encode()), np.random.default_rng
    state = np.random.get_state()  # noqa: NPY002  seaborn draws from both
    np.random.seed(seed)  # noqa: NPY002
    try:
        with patch.object(
            np.random, "default_rng", lambda own=None: make(seed if own is None else own)
        ):
            yield
    finally:
        np.random.set_state(state)  # noqa: NPY002


def _takes_axes(plot: Callable[..., Any]) -> bool:
    needed = (p for p in signature(plot).parameters.values() if p.default is p.empty)
    return any(p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) for p in needed)


def _list_plain(theme: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in theme.items() if not name.startswith("svg.")}


def list_frames(plot: Drawing | None) -> list[pd.DataFrame]:
    """The frames that seaborn draws from, as far as they hold numbers with addresses."""
    if not isinstance(plot, so.Plot):
        return []
    found = [plot._data.source_data, *(layer["source"] for layer in plot._layers)]  # noqa: SLF001
    return [f for f in found if isinstance(f, pd.DataFrame) and set(REQUIRED) <= set(f.columns)]


def draws_nothing(plot: Drawing) -> bool:
    """Whether a plot of seaborn's objects has been left without a row."""
    first = plot._data.source_data if isinstance(plot, so.Plot) else None  # noqa: SLF001
    return isinstance(first, pd.DataFrame) and first.empty


def check_drawn(plot: Drawing | None, frame: pd.DataFrame) -> None:
    """See that a plot draws what its table says.

    Raises
    ------
    ExhibitError
        If a number that is drawn is not in the frame, or is another one there.
    """
    if not (plot is None or isinstance(plot, so.Plot) or callable(plot)):
        raise ExhibitError(
            "a figure is drawn anew at each width, so it needs to know how",
            found=type(plot).__name__,
            expected="a plot of seaborn's objects, or a function that draws",
            do="put the call into a function: lambda ax: sns.boxplot(…, ax=ax), or for a grid "
            "lambda: sns.relplot(…)",
        )
    # what a notebook computed has no address, and is known by its value
    known = {i or v: v for i, v in zip(frame["id"], frame["value"], strict=True)}
    for drawn in list_frames(plot):
        rows = drawn[drawn["value"].notna() & ~drawn.get("placed", pd.Series(False, drawn.index))]
        for address, value in zip(rows["id"], rows["value"], strict=True):
            if (address or value) not in known:
                raise ExhibitError(
                    "a number is drawn that is not in the frame behind the figure",
                    where=str(address),
                    do="give season.figure the frame that the plot was made from",
                )
            if not math.isclose(known[address or value], value, rel_tol=1e-9, abs_tol=1e-12):
                raise ExhibitError(
                    "a number is drawn otherwise than the frame behind the figure says",
                    where=str(address),
                    expected=f"{known[address]:g}",
                    found=f"{value:g}",
                    do="give texts that are placed by hand through ar.place",
                )
