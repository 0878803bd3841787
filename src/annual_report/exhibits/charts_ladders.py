"""Ladders: how many clusters stand on each level, the highest on top, this year and last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from annual_report.exhibits.canvas import FULL_MM, HALF_MM, new_figure, to_svg
from annual_report.exhibits.charts import (
    LABELS_SHARE,
    SMALL,
    Amount,
    add_panel,
    draw_box,
    draw_line,
    draw_missing,
    draw_rule,
    split_in_blocks,
    wrap,
    write_label,
)
from annual_report.exhibits.tokens import INK, MUTED

_PITCH = 7.2
_BAR = 4.2
_LEAST_MM = 24.0
"""A ladder beside others is at least so wide."""


@dataclass(frozen=True)
class Step:
    """One level: its name, how many stand on it, and how many did a year before."""

    label: str
    now: Amount
    before: Amount | None = None


@dataclass(frozen=True)
class Ladder:
    """All levels of one question, the highest first, and what to say of those without answer."""

    title: str
    steps: tuple[Step, ...]
    missing: str = ""

    @property
    def largest(self) -> float:
        return max(
            (max(s.now.size, s.before.size if s.before else 0) for s in self.steps), default=0
        )


def draw_ladder(
    ladder: Ladder, *, colour: str, years: tuple[str, str], width: float = HALF_MM
) -> str:
    """Draw one ladder; a tick marks where the year before stood.

    Parameters
    ----------
    years
        Names of this year and of the year before.
    """
    compared = any(step.before for step in ladder.steps)
    labels, top = 29.0, 8.0
    height = top + _PITCH * len(ladder.steps) + (8.5 if ladder.missing else 1)
    last = width - 0.5
    first = width - 9.0 if compared else last
    with new_figure(width=width, height=height) as figure:
        axes = add_panel(figure, left=0, top=0, width=width, height=height)
        room = first - labels - 7
        write_label(axes, first, 3, years[0], ha="right", fontsize=SMALL, fontweight="bold")
        if compared:
            write_label(axes, last, 3, years[1], ha="right", fontsize=SMALL, color=MUTED)
        for index, step in enumerate(ladder.steps):
            y = top + _PITCH * (index + 0.5)
            write_label(axes, 0, y, wrap(step.label, labels - 2), va="center", linespacing=1.0)
            per_one = room / (ladder.largest or 1)
            draw_box(axes, labels, y - _BAR / 2, step.now.size * per_one, _BAR, colour=colour)
            write_label(axes, first, y, step.now.text, ha="right", fontweight="bold")
            if step.before:
                x = labels + step.before.size * per_one
                if step.before.size:
                    draw_line(axes, (x, x), (y - 3.1, y + 3.1), color=INK, linewidth=1.3)
                write_label(axes, last, y, step.before.text, ha="right", color=MUTED)
        draw_rule(axes, labels, top, top + _PITCH * len(ladder.steps))
        if ladder.missing:
            draw_missing(axes, labels, height - 4, ladder.missing)
        return to_svg(figure)


def draw_ladders(ladders: Sequence[Ladder], *, colour: str, width: float = FULL_MM) -> str:
    """Draw ladders of the same levels side by side, the levels named at the left of each line."""
    labels, gap, head = min(30.0, width * LABELS_SHARE), 5.0, 12.0
    blocks = split_in_blocks(ladders, width=width - labels, least=_LEAST_MM)
    steps = ladders[0].steps
    missing = any(ladder.missing for ladder in ladders)
    block = head + _PITCH * len(steps) + (8.5 if missing else 1)
    largest = max(ladder.largest for ladder in ladders) or 1
    with new_figure(width=width, height=block * len(blocks)) as figure:
        axes = add_panel(figure, left=0, top=0, width=width, height=block * len(blocks))
        for place, shown in enumerate(blocks):
            top = block * place + head
            for index, step in enumerate(steps):
                write_label(axes, 0, top + _PITCH * (index + 0.5), step.label)
            room = (width - labels) / len(blocks[0])
            for column, ladder in enumerate(shown):
                x = labels + column * room
                _draw_column(axes, ladder, x, room - gap, top, largest=largest, colour=colour)
                if ladder.missing:
                    draw_missing(axes, x, block * (place + 1) - 4, ladder.missing)
        return to_svg(figure)


def _draw_column(
    axes: Axes,
    ladder: Ladder,
    x: float,
    width: float,
    top: float,
    *,
    largest: float,
    colour: str,
) -> None:
    title = wrap(ladder.title, width)
    write_label(axes, x, top - 2, title, va="bottom", fontweight="bold", linespacing=1.05)
    for index, step in enumerate(ladder.steps):
        y = top + _PITCH * (index + 0.5)
        size = step.now.size / largest * (width - 6)
        draw_box(axes, x, y - _BAR / 2, size, _BAR, colour=colour)
        write_label(axes, x + size + 1.2, y, step.now.text)
    draw_rule(axes, x, top, top + _PITCH * len(ladder.steps))
