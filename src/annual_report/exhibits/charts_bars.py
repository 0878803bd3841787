"""Bars from zero: one whole and its parts, rows of parts, rows of single amounts, a waterfall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from annual_report.exhibits.canvas import FULL_MM, new_figure, to_svg
from annual_report.exhibits.charts import (
    DASHES,
    LABELS_SHARE,
    NORMAL,
    SMALL,
    Amount,
    Category,
    add_panel,
    draw_box,
    draw_key,
    draw_line,
    draw_open_box,
    draw_rule,
    find_step,
    measure_text,
    place_key,
    wrap,
    write_label,
)
from annual_report.exhibits.tokens import BAND, INK, MUTED, choose_text_colour
from annual_report.numbers import Style, fit_decimals, format_number

LABELS_MM = 44.0
_NARROW_LABELS_MM = 36.0
"""The names of rows of single amounts may always take so much."""
_PADDING = 1.2
_GAP = 2.5
_NARROWEST = 12.0
"""A text beside a bar has at least so much room."""
_BESIDE: dict[str, object] = {"fontsize": SMALL, "va": "center", "linespacing": 1.05}


@dataclass(frozen=True)
class Row:
    """One row of a chart: its name, one amount for each category, what stands at its end."""

    label: str
    amounts: tuple[Amount, ...]
    end: str = ""

    @property
    def total(self) -> float:
        return sum(amount.size for amount in self.amounts)


@dataclass(frozen=True)
class Rest:
    """The open part of a whole: what is still to find, or not covered by any project."""

    amount: Amount
    label: str


def draw_whole(
    parts: Sequence[tuple[Category, Amount]],
    rest: Rest | None,
    *,
    whole: Amount,
    label: str,
    scale: float,
    width: float = FULL_MM,
) -> str:
    """Draw one bar made of parts, each named above it, the rest open and dashed at its end.

    Parameters
    ----------
    whole
        What the bar is as long as; a part that is not known leaves a gap in it.
    label
        What the end of the bar stands for, with its number.
    scale
        The numbers on the axis are the amounts divided by this.
    """
    known = [(category, amount) for category, amount in parts if amount.size > 0]
    open_size = max(0.0, rest.amount.size) if rest else 0.0
    drawn = sum(amount.size for _, amount in known) + open_size
    largest = max(whole.size, drawn) or 1.0
    per_mm = width / largest
    labels = _place_labels(known, per_mm, width)
    # The whole is named in the line of its parts, or above them where they leave no room
    ends = max((start + measure_text(text) for start, text in labels), default=0.0)
    top = 5.0 if ends + _GAP < width - measure_text(label, NORMAL, bold=True) else 10.0
    with new_figure(width=width, height=top + 24) as figure:
        axes = add_panel(figure, left=0, top=0, width=width, height=top + 24)
        x = 0.0
        for (category, amount), (start, name) in zip(known, labels, strict=True):
            size = amount.size * per_mm
            draw_box(axes, x, top, max(size - 0.3, 0.3), 12, colour=category.colour)
            if name == category.label:
                _write_inside(axes, x, top + 6, size, amount.text, fill=category.colour)
            write_label(axes, start, top - 3, name)
            x += size
        if rest and open_size:
            x = width - open_size * per_mm
            draw_open_box(axes, x + 0.3, top, width - x - 0.6, 12)
            text = f"{rest.amount.text} {rest.label}"
            if not _write_inside(axes, x, top + 6, width - x, text, fill="#ffffff", colour=MUTED):
                write_label(axes, width, top + 15, text, ha="right", color=MUTED)
        write_label(axes, width, 2, label, ha="right", fontweight="bold")
        _draw_scale(axes, largest / scale, left=0, width=width, y=top + 19)
        return to_svg(figure)


def _place_labels(
    parts: Sequence[tuple[Category, Amount]], per_mm: float, width: float
) -> list[tuple[float, str]]:
    """Place the name of each part above it, after the one before and within the width.

    Its number stands there too where it does not fit into the part.
    """
    places: list[tuple[float, str]] = []
    x = end = 0.0
    for category, amount in parts:
        size = amount.size * per_mm
        fits = _fits_inside(size, amount.text)
        label = category.label if fits else f"{category.label} {amount.text}"
        start = max(x, end)
        places.append((start, label))
        end = start + measure_text(label) + _GAP
        x += size
    room = width  # names of the last parts that would leave the drawing push back those before
    for index, (start, label) in reversed(list(enumerate(places))):
        places[index] = min(start, room - measure_text(label)), label
        room = places[index][0] - _GAP
    return places


def draw_parts(
    rows: Sequence[Row],
    categories: Sequence[Category],
    *,
    width: float = FULL_MM,
    labels: float = LABELS_MM,
) -> str:
    """Draw one bar a row, made of the same parts, each with its number inside if it fits."""
    labels = min(labels, width * LABELS_SHARE)
    key = place_key([c.label for c in categories], width=width, indent=labels)
    pitch, top = 8.5, 9.0 + key[-1][1]
    height = top + pitch * len(rows) + 2
    with new_figure(width=width, height=height) as figure:
        axes = add_panel(figure, left=0, top=0, width=width, height=height)
        draw_key(axes, categories, key, y=3)
        room = width - labels - 14
        largest = max((row.total for row in rows), default=0.0) or 1.0
        for index, row in enumerate(rows):
            y = top + pitch * (index + 0.5)
            _write_row_label(axes, row.label, labels, y)
            x = labels
            for category, amount in zip(categories, row.amounts, strict=True):
                size = amount.size / largest * room
                if size > 0:
                    draw_box(axes, x, y - 3, max(size - 0.25, 0.25), 6, colour=category.colour)
                    if size < row.total / largest * room:  # alone, it is what stands at the end
                        _write_inside(axes, x, y, size, amount.text, fill=category.colour)
                x += size
            write_label(axes, x + 1.5, y, row.end, fontweight="bold")
        draw_rule(axes, labels, top, height - 2)
        return to_svg(figure)


def draw_amounts(
    rows: Sequence[Row],
    *,
    colours: Sequence[str],
    width: float = FULL_MM,
    labels: float = LABELS_MM,
    divide_after: int | None = None,
    divider: str = "",
) -> str:
    """Draw one plain bar a row with its number at the end.

    Parameters
    ----------
    divide_after, divider
        How many rows stand above a dashed line across the chart, and what it says.
    """
    labels = min(labels, max(width * LABELS_SHARE, _NARROW_LABELS_MM))
    pitch, gap, top = 7.5, 7.0, 1.0
    divided = divide_after is not None and 0 < divide_after < len(rows)
    height = top + pitch * len(rows) + (gap if divided else 0) + 1
    with new_figure(width=width, height=height) as figure:
        axes = add_panel(figure, left=0, top=0, width=width, height=height)
        widest = max((measure_text(row.end) for row in rows), default=0.0)
        room = width - labels - widest - 3
        largest = max((row.total for row in rows), default=0.0) or 1.0
        y = top
        for index, (row, colour) in enumerate(zip(rows, colours, strict=True)):
            if divided and index == divide_after:
                _draw_divider(axes, y + gap / 2, width, divider)
                y += gap
            middle = y + pitch / 2
            _write_row_label(axes, row.label, labels, middle)
            size = row.total / largest * room
            draw_rule(axes, labels, y, y + pitch)
            if size > 0:
                draw_box(axes, labels, middle - 2.5, max(size, 0.3), 5, colour=colour)
            write_label(axes, labels + size + 1.5, middle, row.end)
            y += pitch
        return to_svg(figure)


def draw_waterfall(
    rows: Sequence[Row],
    categories: Sequence[Category],
    rest: Rest | None,
    *,
    scale: float,
    width: float = FULL_MM,
) -> str:
    """Draw rows whose bars start where the one above ended, and the open rest at the end.

    Parameters
    ----------
    scale
        The numbers on the axis are the amounts divided by this.
    """
    labels = min(LABELS_MM, width * LABELS_SHARE)
    key = place_key([c.label for c in categories], width=width, indent=labels)
    pitch, top = 12.0, 9.0 + key[-1][1]
    count = len(rows) + (rest is not None)
    height = top + pitch * count + 7
    whole = sum(row.total for row in rows) + (rest.amount.size if rest else 0.0)
    per_mm = (width - labels - 2) / (whole or 1.0)
    with new_figure(width=width, height=height) as figure:
        axes = add_panel(figure, left=0, top=0, width=width, height=height)
        draw_key(axes, categories, key, y=3)
        x = labels
        for index, row in enumerate(rows):
            y = top + pitch * (index + 0.5)
            _write_row_label(axes, row.label, labels, y, lines=3)
            x = _draw_step(axes, row, categories, x=x, y=y, per_mm=per_mm, ends=(labels, width))
            if index + 1 < count:
                draw_line(axes, (x, x), (y + 3.5, y + pitch - 3.5), color=BAND, linewidth=0.7)
        if rest is not None:
            y = top + pitch * (count - 0.5)
            _write_row_label(axes, rest.label, labels, y, lines=3)
            draw_open_box(axes, x, y - 3.5, rest.amount.size * per_mm, 7)
            if not _write_inside(
                axes, x, y, rest.amount.size * per_mm, rest.amount.text, fill="#ffffff"
            ):
                write_label(axes, x - 1.5, y, rest.amount.text, ha="right")
        draw_rule(axes, labels, top, height - 7)
        _draw_scale(axes, whole / scale, left=labels, width=width - labels - 2, y=height - 5)
        return to_svg(figure)


def _draw_step(
    axes: Axes,
    row: Row,
    categories: Sequence[Category],
    *,
    x: float,
    y: float,
    per_mm: float,
    ends: tuple[float, float],
) -> float:
    """Draw one floating bar and give where it ends; texts that do not fit stand beside it."""
    start, beside = x, []
    for category, amount in zip(categories, row.amounts, strict=True):
        size = amount.size * per_mm
        if size > 0:
            draw_box(axes, x, y - 3.5, max(size - 0.25, 0.25), 7, colour=category.colour)
            if not _write_inside(axes, x, y, size, amount.text, fill=category.colour):
                beside.append(f"{amount.text} {category.label.lower()}")
        x += size
    text = ", ".join(beside) if row.total else row.end
    before, after = start - ends[0] - 3, ends[1] - x - 2.5
    if max(before, after) < _NARROWEST and text:  # no room on either side: below the bar
        write_label(axes, ends[0] + 1.5, y + 5.2, text, fontsize=SMALL)
    elif measure_text(text, SMALL) <= after or after >= before:
        write_label(axes, x + 1.5, y, wrap(text, after, SMALL, lines=3), **_BESIDE)
    else:
        write_label(axes, start - 1.5, y, wrap(text, before, SMALL, lines=3), ha="right", **_BESIDE)
    return x


def _write_inside(
    axes: Axes, x: float, y: float, width: float, text: str, *, fill: str, colour: str = ""
) -> bool:
    """Write a text in the middle of a box if it fits there."""
    if not _fits_inside(width, text):
        return False
    shade = colour or choose_text_colour(fill)
    write_label(axes, x + width / 2, y, text, ha="center", color=shade, fontweight="bold")
    return True


def _fits_inside(width: float, text: str) -> bool:
    return measure_text(text, NORMAL, bold=True) + 2 * _PADDING <= width


def _write_row_label(axes: Axes, label: str, width: float, y: float, *, lines: int = 2) -> None:
    text = wrap(label, width - 3, lines=lines)
    write_label(axes, 0, y, text, va="center", linespacing=1.05)


def _draw_divider(axes: Axes, y: float, width: float, text: str) -> None:
    start = measure_text(text, SMALL) + 2
    write_label(axes, 0, y, text, fontsize=SMALL, color=INK, fontweight="bold")
    draw_line(axes, (start, width), (y, y), color=INK, linewidth=0.8, linestyle=DASHES)


def _draw_scale(axes: Axes, largest: float, *, left: float, width: float, y: float) -> None:
    """Draw a thin axis below the bars with a few round numbers."""
    step = find_step(largest)
    draw_line(axes, (left, left + width), (y - 2.5, y - 2.5), color=BAND, linewidth=0.6)
    ticks = [step * n for n in range(int(largest / step) + 1)]
    style = fit_decimals(Style(), *ticks)
    for tick in ticks:
        x = left + tick / largest * width
        place = "left" if tick == 0 and left == 0 else "center"
        write_label(
            axes,
            x,
            y,
            format_number(tick, style),
            ha=place,
            fontsize=SMALL,
            color=MUTED,
        )
