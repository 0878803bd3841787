"""Dots, one row a cluster: where it started, where it is, where it wants to be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from matplotlib.axes import Axes

from annual_report.exhibits.canvas import FULL_MM, new_figure, to_svg
from annual_report.exhibits.charts import (
    DASHES,
    LABELS_SHARE,
    SMALL,
    Amount,
    add_panel,
    draw_line,
    draw_marker,
    draw_missing,
    draw_open_box,
    find_step,
    measure_text,
    shorten,
    split_in_blocks,
    write_label,
)
from annual_report.exhibits.tokens import BAND, INK, MUTED, RULE
from annual_report.numbers import format_in_full

LABELS_MM = 44.0
_PITCH = 5.0
_LINE = 4.5
_LEAST_MM = 40.0
"""A column narrower than this would have no room for dots beside its texts."""
_NOT_ANSWERED = "not answered"


@dataclass(frozen=True)
class Dots:
    """The dots of one row, and the text at its end: the numbers, or why there are none.

    ``short`` is the text where there is not much room, if that is another.
    """

    now: Amount
    baseline: Amount | None = None
    target: Amount | None = None
    text: str = ""
    short: str = ""

    @property
    def known(self) -> list[float]:
        parts = (self.baseline, self.now, self.target)
        return [p.value for p in parts if p is not None and p.value is not None]


@dataclass(frozen=True)
class Column:
    """One scale with the dots of all rows; ``texts`` is the room for the texts at their ends."""

    title: str
    rows: tuple[Dots, ...]
    texts: float = 14.0
    median: Amount | None = None
    most: float | None = None

    @property
    def largest(self) -> float:
        return (
            self.most or max((max(row.known, default=0.0) for row in self.rows), default=0.0) or 1
        )


def draw_dots(
    labels: Sequence[str],
    columns: Sequence[Column],
    *,
    colour: str,
    missing: str = "",
    width: float = FULL_MM,
) -> str:
    """Draw one row a cluster and one scale from zero a column; below each other where it is narrow.

    Parameters
    ----------
    missing
        What to say of the clusters that have no row, in an open box below.
    """
    kinds = _list_kinds(columns)
    head = _LINE * any(column.title or column.median for column in columns)
    names = min(LABELS_MM, width * LABELS_SHARE)
    blocks = split_in_blocks(columns, width=width - names, least=_LEAST_MM)
    begin = _LINE * (len(kinds) > 1) + 2
    block = head + _PITCH * len(labels) + 5
    height = begin + block * len(blocks) + (7 if missing else 0)
    with new_figure(width=width, height=height) as figure:
        axes = add_panel(figure, left=0, top=0, width=width, height=height)
        if len(kinds) > 1:
            _draw_marker_key(axes, kinds, colour, left=names)
        for place, shown in enumerate(blocks):
            top = begin + block * place + head
            for index, label in enumerate(labels):
                write_label(axes, 0, top + _PITCH * (index + 0.5), shorten(label, names - 3))
            room = (width - names) / len(shown)
            for index, column in enumerate(shown):
                _draw_column(axes, column, names + index * room, top, width=room, colour=colour)
        if missing:
            draw_missing(axes, names, height - 3, missing)
        return to_svg(figure)


def _draw_column(
    axes: Axes, column: Column, left: float, top: float, *, width: float, colour: str
) -> None:
    texts = max(column.texts, *(measure_text(r.text, SMALL) for r in column.rows if r.known), 0.0)
    if width - texts < _LEAST_MM / 2:
        column = replace(
            column, rows=tuple(replace(r, text=r.short or r.text) for r in column.rows)
        )
        texts = max(measure_text(row.text, SMALL) for row in column.rows)
    room = width - texts - 4
    per_one = room / column.largest
    bottom = top + _PITCH * len(column.rows)
    write_label(axes, left, top - 3, column.title, fontweight="bold", fontsize=SMALL)
    _draw_grid(axes, column.largest, left, per_one, between=(top, bottom))
    if column.median is not None and column.median.value is not None:
        x = left + column.median.value * per_one
        draw_line(axes, (x, x), (top - 1, bottom), color=MUTED, linewidth=0.8, linestyle=DASHES)
        write_label(
            axes, x, top - 3, f"median {column.median.text}", ha="center", fontsize=SMALL,
            color=MUTED,
        )  # fmt: skip
    for index, row in enumerate(column.rows):
        y = top + _PITCH * (index + 0.5)
        draw_line(axes, (left, left + room), (y, y), color=RULE, linewidth=0.5)
        if not row.known:
            reason = row.text or _NOT_ANSWERED
            draw_open_box(axes, left + 0.5, y - 2, measure_text(reason, SMALL) + 3, 4)
            write_label(axes, left + 2, y, reason, fontsize=SMALL, color=MUTED)
            continue
        _draw_row(axes, row, left, y, per_one=per_one, colour=colour)
        write_label(axes, left + room + 4, y, row.text, fontsize=SMALL)


def _draw_row(axes: Axes, row: Dots, left: float, y: float, *, per_one: float, colour: str) -> None:
    known = row.known
    if len(known) > 1:
        ends = (left + min(known) * per_one, left + max(known) * per_one)
        draw_line(axes, ends, (y, y), color=BAND, linewidth=2.2)
    if row.baseline is not None and row.baseline.value is not None:
        draw_marker(axes, left + row.baseline.value * per_one, y, "baseline", colour=colour)
    if row.target is not None and row.target.value is not None:
        draw_marker(axes, left + row.target.value * per_one, y, "target", colour=colour)
    if row.now.value is not None:
        draw_marker(axes, left + row.now.value * per_one, y, "now", colour=colour)


def _list_kinds(columns: Sequence[Column]) -> list[str]:
    """Which kinds of dots a chart draws."""
    rows = [row for column in columns for row in column.rows]
    used = {
        "baseline": any(row.baseline for row in rows),
        "now": True,
        "target": any(row.target for row in rows),
    }
    return [kind for kind, is_used in used.items() if is_used]


def _draw_marker_key(axes: Axes, kinds: Sequence[str], colour: str, *, left: float) -> None:
    x = left
    for kind in kinds:
        draw_marker(axes, x + 1.2, 2.5, kind, colour=colour)
        write_label(axes, x + 3.4, 2.5, kind, color=INK)
        x += 3.4 + measure_text(kind) + 5


def _draw_grid(
    axes: Axes, largest: float, left: float, per_one: float, *, between: tuple[float, float]
) -> None:
    step = find_step(largest, most=4)
    for n in range(int(largest / step) + 1):
        x = left + n * step * per_one
        draw_line(axes, (x, x), between, color=RULE, linewidth=0.5)
        write_label(
            axes,
            x,
            between[1] + 2.5,
            format_in_full(n * step),
            ha="center",
            fontsize=SMALL,
            color=MUTED,
        )
