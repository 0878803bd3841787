"""What every figure is drawn on: the type, the quiet axes, and SVG that is small and repeatable.

A figure is drawn at its size on paper, in millimetres, so 8 points in a figure are 8 points in
the PDF; the HTML scales it. Text stays text, colours stay tokens.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from cycler import cycler
from matplotlib import font_manager
from matplotlib import style as style_sheets
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from annual_report.exhibits.look.characters import clean_lines
from annual_report.exhibits.look.drawing import minify_svg
from annual_report.exhibits.look.powers import write_plain_labels
from annual_report.exhibits.look.tokens import (
    FALLBACK_FAMILIES,
    FAMILIES,
    FONTS,
    INK,
    MUTED,
    PILLARS,
    RULE,
)

FULL_MM = 170.0
"""Width of the text on A4."""
HALF_MM = 82.0
"""Width of one of two figures side by side, and of a figure on a telephone."""

_MM_PER_INCH = 25.4
STYLE: Any = {
    "axes.axisbelow": True,
    "axes.edgecolor": RULE,
    "axes.facecolor": "none",
    "axes.formatter.use_mathtext": False,
    "axes.grid": False,
    "axes.labelcolor": MUTED,
    "axes.labelsize": 8,
    "axes.linewidth": 0.6,
    "axes.prop_cycle": cycler(color=[INK, *PILLARS.values()]),
    "axes.spines.left": False,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 8.5,
    "axes.titleweight": "bold",
    "axes.titlecolor": INK,
    "figure.dpi": 72,
    "figure.facecolor": "none",
    "font.family": list(FAMILIES),
    "font.size": 8,
    "grid.color": RULE,
    "grid.linewidth": 0.5,
    "hatch.color": MUTED,
    "hatch.linewidth": 0.5,
    "legend.fontsize": 8,
    "legend.frameon": False,
    "lines.linewidth": 1.4,
    "lines.markersize": 5,
    "patch.edgecolor": "none",
    "patch.linewidth": 0.0,
    "savefig.facecolor": "none",
    "svg.fonttype": "none",
    "svg.hashsalt": "annual-report",
    "text.color": INK,
    "text.parse_math": False,
    "xtick.color": RULE,
    "xtick.labelcolor": MUTED,
    "xtick.labelsize": 7.5,
    "xtick.major.size": 0,
    "ytick.color": RULE,
    "ytick.labelcolor": INK,
    "ytick.labelsize": 8,
    "ytick.major.size": 0,
}


@contextmanager
def new_figure(*, width: float = FULL_MM, height: float, style: Any = None) -> Iterator[Figure]:
    """Open a figure of the report, drawn and turned into SVG inside the context.

    Parameters
    ----------
    width, height
        Size on paper in millimetres; ``FULL_MM`` or ``HALF_MM`` wide as a rule.
    style
        matplotlib's settings; those of the house if not given.

    Examples
    --------
    >>> with new_figure(height=60) as figure:
    ...     axes = figure.subplots()
    ...     bars = axes.barh(["a", "b"], [3, 4])
    ...     svg = to_svg(figure)
    >>> svg[:4]
    '<svg'
    """
    register_fonts()
    # from matplotlib's own settings, whatever the notebook or its reader has set
    with style_sheets.context(["default", style or STYLE]), _remember_fonts():
        size = (width / _MM_PER_INCH, height / _MM_PER_INCH)
        yield Figure(figsize=size, layout="constrained")


@contextmanager
def _remember_fonts() -> Iterator[None]:
    """Look the files of a font up once for a figure: matplotlib does so for each text and family."""
    find, found = font_manager.fontManager._find_fonts_by_props, {}  # noqa: SLF001

    def remember(font: Any, *more: Any, **options: Any) -> Any:
        key = (hash(font), more, *options.items())
        if key not in found:
            found[key] = find(font, *more, **options)
        return found[key]

    with patch.object(font_manager.fontManager, "_find_fonts_by_props", remember):
        yield


def to_svg(figure: Figure) -> str:
    """Turn a figure into SVG, inside its context: the same bytes for the same drawing, text as text."""
    write_plain_labels(figure)
    stream = io.StringIO()
    with warnings.catch_warnings():
        # Control characters are replaced below, and publishing checks every other glyph
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        # Not figure.savefig, which draws everything twice to find what it never asks for
        canvas: Any = FigureCanvasSVG(figure)
        canvas.print_svg(stream, metadata={"Date": None, "Creator": None})
    return minify_svg(clean_lines(stream.getvalue()))


def register_fonts() -> None:
    """Let matplotlib find the fonts of the package, before anything is measured or drawn in them.

    What it knows is looked up each time: matplotlib forgets what was added when it reads the
    system's fonts anew.
    """
    manager = font_manager.fontManager
    if any(entry.name in FAMILIES for entry in reversed(manager.ttflist)):
        return
    for path in sorted(FONTS.glob("*.[ot]tf")):
        manager.addfont(path)
    # The fallback families have one weight; without these entries matplotlib warns of that
    for entry in [e for e in manager.ttflist if e.name in FALLBACK_FAMILIES]:
        for style, weight in (("normal", 700), ("italic", 400), ("italic", 700)):
            manager.ttflist.append(replace(entry, style=style, weight=weight))
