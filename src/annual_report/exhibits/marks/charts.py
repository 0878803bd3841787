"""What all charts share: panels laid out in millimetres, labels that fit, boxes for what is missing.

A chart takes values with their printed texts and gives SVG. It knows no season and computes no
number that is printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TypeVar

from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from annual_report.exhibits.look.canvas import register_fonts
from annual_report.exhibits.look.tokens import FAMILIES, GROUND, INK

MM_PER_POINT = 25.4 / 72
SMALL = 7.5
"""The smallest type of a figure, in points at paper size."""
NORMAL = 8.0
DASHES = (0, (3, 2))
LABELS_SHARE = 0.36
"""The names of the rows take at most so much of a chart's width."""


T = TypeVar("T")


@cache
def measure_text(text: str, size: float = NORMAL, *, bold: bool = False) -> float:
    """How wide a text is, in millimetres."""
    register_fonts()
    font = FontProperties(family=list(FAMILIES), size=size, weight="bold" if bold else "normal")
    width, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return float(width) * MM_PER_POINT


def shorten(text: str, width: float, size: float = NORMAL) -> str:
    """Cut a text to a width in millimetres, with an ellipsis where it was cut."""
    if measure_text(text, size) <= width:
        return text
    kept = len(text)
    while kept > 1 and measure_text(f"{text[:kept].rstrip()}…", size) > width:
        kept -= 1
    return f"{text[:kept].rstrip()}…"


def wrap(text: str, width: float, size: float = NORMAL, *, lines: int = 2) -> str:
    """Break a text into lines of a width in millimetres; the last is cut if it does not fit."""
    done: list[str] = []
    words = text.split()
    while words and len(done) < lines - 1:
        line = words.pop(0)
        while words and measure_text(f"{line} {words[0]}", size) <= width:
            line = f"{line} {words.pop(0)}"
        done.append(shorten(line, width, size))
    if words:
        done.append(shorten(" ".join(words), width, size))
    return "\n".join(done)


def write_label(axes: Axes, x: float, y: float, text: str, **style: object) -> None:
    """Write a text in the middle of its height at a place in millimetres."""
    options = {"fontsize": NORMAL, "va": "center_baseline", "color": INK} | style
    axes.text(x, y, text, **options)  # type: ignore[arg-type]


def draw_line(axes: Axes, x: tuple[float, float], y: tuple[float, float], **style: object) -> None:
    """Draw a line between two places in millimetres."""
    options = {"solid_capstyle": "butt", "clip_on": False} | style
    axes.plot(x, y, **options)  # type: ignore[arg-type]


def draw_marker(axes: Axes, x: float, y: float, kind: str, *, colour: str) -> None:
    """Draw a dot for now, an open dot for the baseline or an open diamond for the target."""
    axes.plot(
        [x],
        [y],
        linestyle="none",
        marker="D" if kind == "target" else "o",
        markersize=5.5 if kind == "now" else 4.6,
        markerfacecolor=colour if kind == "now" else GROUND,
        markeredgecolor=colour,
        markeredgewidth=1.0,
        clip_on=False,
    )


KEY_LINE = 4.5
"""Height of one line of a key."""


def place_key(
    labels: Sequence[str], *, width: float, indent: float = 0.0, sign: float = 3.8
) -> list[tuple[float, float]]:
    """Place the entries of a key: from the indent in one line, or from the left in as many as needed.

    Parameters
    ----------
    sign
        Room for what stands before each label.

    Returns
    -------
    list of (x, y)
        Where each entry begins, in millimetres, and how far below the first line it stands.
    """
    sizes = [sign + measure_text(label) for label in labels]
    gap = 5.5
    start = indent if indent + sum(sizes) + gap * (len(sizes) - 1) <= width else 0.0
    places: list[tuple[float, float]] = []
    x, y = start, 0.0
    for size in sizes:
        if x > start and x + size > width:
            x, y = start, y + KEY_LINE
        places.append((x, y))
        x += size + gap
    return places
