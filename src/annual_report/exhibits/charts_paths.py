"""Paths over years, one small panel a cluster: baseline, now, target, and the pace they need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from annual_report.exhibits.canvas import FULL_MM, new_figure, to_svg
from annual_report.exhibits.charts import (
    DASHES,
    SMALL,
    Amount,
    add_panel,
    draw_line,
    draw_marker,
    place_key,
    shorten,
    write_label,
)
from annual_report.exhibits.tokens import BAND, MUTED
from annual_report.season.symbols import VERDICT_SYMBOLS

_GAP = 6.0
_WIDTH = (FULL_MM - 3 * _GAP) / 4
_MARKERS = ("baseline", "now", "target")
_LINES = ("so far", "pace needed", "straight path")
_HEIGHT = 34.0
_LABEL = 8.0
"""Labels closer than this would run into each other."""


@dataclass(frozen=True)
class Point:
    """One known value of a path and its year."""

    year: int
    amount: Amount

    @property
    def size(self) -> float:
        return self.amount.size


@dataclass(frozen=True)
class Path:
    """What one cluster says of its path; any of the points may be missing."""

    label: str
    verdict: str
    baseline: Point | None = None
    now: Point | None = None
    target: Point | None = None
    pace: str = ""

    @property
    def known(self) -> list[Point]:
        return [p for p in (self.baseline, self.now, self.target) if p is not None]


def draw_paths(paths: Sequence[Path], *, colour: str, width: float = FULL_MM) -> str:
    """Draw panels, four in a row, each on its own scale from zero and over its own years.

    Where it is narrow they are two in a row.
    """
    columns = int((width + _GAP) // (_WIDTH + _GAP))
    key = place_key([*_MARKERS, *_LINES], width=width, sign=7.5)
    begin = 8 + key[-1][1]
    height = -(-len(paths) // columns) * (_HEIGHT + 4) + begin
    with new_figure(width=width, height=height) as figure:
        axes = add_panel(figure, left=0, top=0, width=width, height=height)
        _draw_path_key(axes, key, colour)
        for index, path in enumerate(paths):
            row, column = divmod(index, columns)
            left, top = column * (_WIDTH + _GAP), begin + row * (_HEIGHT + 4)
            _draw_panel(axes, path, left, top, colour=colour)
        return to_svg(figure)


def _draw_panel(axes: Axes, path: Path, left: float, top: float, *, colour: str) -> None:
    symbol = VERDICT_SYMBOLS.get(path.verdict, VERDICT_SYMBOLS["insufficient data"])
    write_label(axes, left, top + 1, shorten(path.label, _WIDTH - 1), fontweight="bold")
    words = f"{symbol} {path.verdict}{f', {path.pace}' if path.pace else ''}"
    write_label(axes, left, top + 4.8, shorten(words, _WIDTH + 3, SMALL), fontsize=SMALL)
    floor, ceiling = top + _HEIGHT - 5, top + 12
    highest = max((p.size for p in path.known), default=0.0) or 1.0
    first = min(point.year for point in path.known)
    span = max(point.year for point in path.known) - first

    def place(point: Point) -> tuple[float, float]:
        share = (point.year - first) / span if span else 0.5
        return left + 4 + share * (_WIDTH - 9), floor - point.size / highest * (floor - ceiling)

    draw_line(axes, (left, left + _WIDTH), (floor, floor), color=BAND, linewidth=0.7)
    _draw_lines(axes, path, place, colour)
    taken: list[float] = []
    for point, kind in ((path.now, "now"), (path.target, "target"), (path.baseline, "baseline")):
        if point is None:
            continue
        x, y = place(point)
        is_crowded = any(abs(x - other) < _LABEL for other in taken)
        _draw_point(axes, point, x, y, kind=kind, colour=colour, below=is_crowded)
        if not is_crowded:
            write_label(
                axes, x, floor + 2.6, str(point.year), ha="center", fontsize=SMALL, color=MUTED
            )
        taken.append(x)


def _draw_lines(axes: Axes, path: Path, place: object, colour: str) -> None:
    def connect(start: Point | None, end: Point | None, **style: object) -> None:
        if start is not None and end is not None:
            (x, y), (right, below) = place(start), place(end)  # type: ignore[operator]
            draw_line(axes, (x, right), (y, below), **style)

    connect(path.baseline, path.target, color=BAND, linewidth=1.0)
    connect(path.baseline, path.now, color=colour, linewidth=1.6)
    connect(path.now, path.target, color=colour, linewidth=1.1, linestyle=DASHES)


def _draw_point(
    axes: Axes, point: Point, x: float, y: float, *, kind: str, colour: str, below: bool
) -> None:
    draw_marker(axes, x, y, kind, colour=colour)
    weight = "bold" if kind == "now" else "normal"
    place = y + (3.4 if below else -3.2)
    write_label(axes, x, place, point.amount.text, ha="center", fontsize=SMALL, fontweight=weight)


def _draw_path_key(axes: Axes, places: Sequence[tuple[float, float]], colour: str) -> None:
    styles: dict[str, dict[str, object]] = {
        "so far": {"color": colour, "linewidth": 1.6},
        "pace needed": {"color": colour, "linewidth": 1.1, "linestyle": DASHES},
        "straight path": {"color": BAND, "linewidth": 1.0},
    }
    for label, (x, below) in zip((*_MARKERS, *_LINES), places, strict=True):
        y = 2 + below
        if label in _MARKERS:
            draw_marker(axes, x + 4.8, y, label, colour=colour)
        else:
            draw_line(axes, (x, x + 6), (y, y), **styles[label])
        write_label(axes, x + 7.5, y, label)
