"""What all charts share: panels laid out in millimetres, labels that fit, boxes for what is missing.

A chart takes values with their printed texts and gives SVG. It knows no season and computes no
number that is printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Rectangle
from matplotlib.textpath import text_to_path

from annual_report.exhibits.canvas import register_fonts
from annual_report.exhibits.tokens import FAMILIES, GROUND, INK, MUTED, RULE

MM_PER_POINT = 25.4 / 72
SMALL = 7.5
"""The smallest type of a figure, in points at paper size."""
NORMAL = 8.0
DASHES = (0, (3, 2))
LABELS_SHARE = 0.36
"""The names of the rows take at most so much of a chart's width."""


T = TypeVar("T")


@dataclass(frozen=True)
class Amount:
    """One value of a chart with the text that is printed beside it; None where it is not known."""

    value: float | None
    text: str

    @property
    def size(self) -> float:
        return self.value or 0.0


@dataclass(frozen=True)
class Category:
    """One of at most four things that a chart tells apart, and its colour."""

    label: str
    colour: str


def add_panel(figure: Figure, *, left: float, top: float, width: float, height: float) -> Axes:
    """Add axes at a place in millimetres, without ticks, whose units are millimetres from its top left."""
    figure.set_layout_engine("none")
    page_width, page_height = (inches * 25.4 for inches in figure.get_size_inches())
    bottom = page_height - top - height
    axes = figure.add_axes(
        (left / page_width, bottom / page_height, width / page_width, height / page_height)
    )
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines["bottom"].set_visible(False)
    return axes


def split_in_blocks(parts: Sequence[T], *, width: float, least: float) -> list[Sequence[T]]:
    """Put so many parts side by side as have the least width; the others go below."""
    most = max(1, int(width / least))
    lines = -(-len(parts) // most)
    size = -(-len(parts) // lines) if lines else 1  # as even as can be
    return [parts[start : start + size] for start in range(0, len(parts), size)]


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


def draw_box(axes: Axes, x: float, y: float, width: float, height: float, *, colour: str) -> None:
    """Fill a box."""
    axes.add_patch(Rectangle((x, y), width, height, facecolor=colour, clip_on=False))


def draw_open_box(axes: Axes, x: float, y: float, width: float, height: float) -> None:
    """Draw the open dashed box that stands for what is missing."""
    axes.add_patch(
        Rectangle(
            (x, y),
            width,
            height,
            fill=False,
            edgecolor=MUTED,
            linewidth=0.8,
            linestyle=DASHES,
            clip_on=False,
        )
    )


def draw_missing(axes: Axes, x: float, y: float, text: str, *, height: float = 4.6) -> None:
    """Draw an open dashed box with a word on how many are missing."""
    draw_open_box(axes, x, y - height / 2, measure_text(text, SMALL) + 4, height)
    write_label(axes, x + 2, y, text, fontsize=SMALL, color=MUTED)


def draw_rule(axes: Axes, x: float, top: float, bottom: float) -> None:
    """Draw a thin upright line, such as the zero of bars."""
    draw_line(axes, (x, x), (top, bottom), color=RULE, linewidth=0.8)


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


def draw_key(
    axes: Axes, categories: Sequence[Category], places: Sequence[tuple[float, float]], *, y: float
) -> None:
    """Name the categories in the order in which they are drawn."""
    for category, (x, below) in zip(categories, places, strict=True):
        draw_box(axes, x, y + below - 1.3, 2.6, 2.6, colour=category.colour)
        write_label(axes, x + 3.8, y + below, category.label, fontsize=NORMAL)


def find_step(largest: float, *, most: int = 5) -> float:
    """Find a round distance between ticks that needs at most so many of them."""
    if largest <= 0:
        return 1.0
    step = 10.0 ** (len(str(int(largest))) - 2) if largest >= 1 else 1e-3
    factors = (1, 2, 5, 10)
    while True:
        for factor in factors:
            if largest / (step * factor) <= most:
                return step * factor
        step *= 10
