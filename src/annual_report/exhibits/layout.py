"""Where things go in a figure: margins measured from the texts that stand in them.

matplotlib's own layout engine takes a third of a figure's time, and lines no two charts up. Here
the names of rows begin at the left edge, keys begin where the plotting area does, and texts at the
right have the room that they need.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.category import StrCategoryLocator
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.ticker import FixedLocator, MaxNLocator
from matplotlib.transforms import ScaledTranslation

from annual_report.exhibits.look.tokens import MUTED, RULE
from annual_report.exhibits.marks.charts import (
    KEY_LINE,
    LABELS_SHARE,
    MM_PER_POINT,
    NORMAL,
    SMALL,
    measure_text,
    shorten,
    wrap,
)
from annual_report.exhibits.marks.texts import AFTER, BESIDE, RULED, write_reason

_GAP = 5.0
"""Between two panels, in millimetres."""
_TICKS = 5.0
"""Height of the numbers below an axis."""
_TICK_PITCH = 11.0
"""Numbers along an axis stand so far apart, or more."""
MISSING_MM = 7.0
"""Height of the open box that says who is missing."""
_LINE = 3.4
_KEY_GAP = 4.0
_NEEDLESS = ("", "value", "text", "cluster", "None")
"""Names of columns that an exhibit's unit line or its rows explain already."""
_LOGARITHMIC = ("log", "symlog", "logit")
_MANY = 12
"""From so many rows on a name takes one line, and is cut where it is longer."""
_PITCH, _TIGHT = 8.5, 5.2
"""Height of a row in millimetres: of a few, and of many."""
_PLAIN = 58.0
"""Height of a panel whose rows have no names, such as a histogram."""


def need_height(canvas: Figure, pitch: float | None) -> float:
    """How high a figure that has been drawn should be, in millimetres, for its rows."""
    if stand_alone(canvas):
        view = canvas.axes[0].viewLim
        return float(canvas.get_figwidth() * 25.4 * abs(view.height / view.width))
    rows = max((len(_list_row_labels(axes)) for axes in canvas.axes), default=0)
    each = (pitch or (_PITCH if rows < _MANY else _TIGHT)) * rows if rows else _PLAIN
    titled = any(axes.get_title(loc) for axes in canvas.axes for loc in ("left", "center"))
    return 12 + (each + (8 if titled else 0)) * _find_grid(canvas.axes)[1]


def stand_alone(canvas: Figure) -> bool:
    """Whether what is drawn has places of its own, as a map or panels of paths have."""
    return not any(axes.axison for axes in canvas.axes)


def list_row_names(canvas: Figure) -> tuple[str, ...]:
    """The names of a figure's rows, as they were before they are fitted in."""
    return tuple(dict.fromkeys(n for axes in canvas.axes for n in _list_row_labels(axes) if n))


def arrange(canvas: Figure, *, axis: bool, key: bool, missing: str) -> None:
    """Give the axes of a figure the manners and the places of the house.

    Parameters
    ----------
    axis
        Whether the numbers stand on the axis too; needless where each bar has its own.
    key
        Whether the colours are named above.
    missing
        What an open box below the rows says; nothing if empty.
    """
    width, height = (inches * 25.4 for inches in canvas.get_size_inches())
    panels = canvas.axes
    if stand_alone(canvas):
        for axes in panels:
            axes.set_position((0, 0, 1, 1))
        return
    if not _stand_in_a_grid(panels):
        barred = any(axes.get_label() == "<colorbar>" for axes in panels)
        canvas.set_layout_engine("constrained" if barred else "tight")
        return
    for axes in panels:
        _quieten(axes, axis=axis)
    labels = max((_measure_row_labels(axes, width) for axes in panels), default=0.0)
    right = max((_measure(axes, BESIDE, SMALL) for axes in panels), default=0.0)
    right = right + 2.5 if right else (2.5 if axis else 0.5)
    handles = _take_key(canvas, shown=key)
    lines = _split_key(handles, start=labels, width=width)
    columns, rows = _find_grid(panels)
    room = (width - labels - right - _GAP * (columns - 1)) / columns
    if axis:
        _number_axes(panels, room)
    titles = [wrap(_take_title(axes), room, 8.3) for axes in panels]
    ruled = any(t.get_gid() == RULED for axes in panels for t in axes.texts)
    above = max((t.count("\n") + 1 for t in titles if t), default=0) * _LINE + (
        1.5 if any(titles) else 0
    )
    above += 4.0 if ruled else 0.5
    named = [label for axes in panels if (label := axes.get_ylabel())]
    above += 5.5 if named else 0.0
    below = (_need_below(panels, room) if axis else 1.0) + (MISSING_MM if missing else 0.0)
    top = KEY_LINE * len(lines) + (1.0 if lines else 0.0)
    each = (height - top - (above + below) * rows) / rows
    for axes, title in zip(panels, titles, strict=True):
        column, row = _find_place(axes)
        left = labels + column * (room + _GAP)
        bottom = height - top - row * (above + each + below) - above - each
        axes.set_position((left / width, bottom / height, room / width, each / height))
        if title:
            raised = 5.5 * bool(named) + 4.5 * ruled or 1.5
            axes.set_title(title, loc="left", linespacing=1.05, pad=raised / MM_PER_POINT)
        if not columns > 1 or column == 0:
            _write_row_labels(axes, labels)
        _lay_label(axes, labels if column == 0 else 0.0)
    _make_room_after(panels, room)
    _place_key(canvas, lines, labels=labels, width=width, height=height)
    if missing and panels:
        down = ScaledTranslation(0, -(below - 2.5) / 25.4, canvas.dpi_scale_trans)
        write_reason(panels[0], 0.0, missing, transform=panels[0].transAxes + down)


def _stand_in_a_grid(panels: Sequence[Axes]) -> bool:
    """Whether each panel has a cell of one grid to itself: no colour bar, no twin, no margin plot."""
    specs = [axes.get_subplotspec() for axes in panels]
    single = all(spec is not None and len(spec.rowspan) == len(spec.colspan) == 1 for spec in specs)
    grids = {id(spec.get_gridspec()) for spec in specs if spec is not None}
    return single and len(grids) == 1 and len({_find_place(a) for a in panels}) == len(panels)


def _take_title(axes: Axes) -> str:
    """A panel's title; seaborn's grids write the name of its column in front of it."""
    title = axes.get_title("left") or axes.get_title("center")
    axes.set_title("", loc="center")
    return re.sub(r"^\w+ = ", "", title)


def _need_below(panels: Sequence[Axes], room: float) -> float:
    """Room below the axes: numbers or names, and what they are."""
    lines = 1
    for axes in panels:
        if _names_things(axes, "x"):
            names = [tick.get_text() for tick in axes.get_xticklabels()]
            each = room / max(len(names), 1) - 1.5
            words = [wrap(name, each, SMALL) for name in names]
            axes.set_xticks(axes.get_xticks(), words, linespacing=1.05, rotation=0, ha="center")
            lines = max([lines, *(word.count("\n") + 1 for word in words)])
    named = any(axes.get_xlabel() for axes in panels)
    return _TICKS + _LINE * (lines - 1) + (4.5 if named else 0.0)


def _lay_label(axes: Axes, labels: float) -> None:
    """What an upright axis counts, in a line above it, from the left edge of its numbers."""
    words = axes.get_ylabel()
    axes.set_ylabel("")
    if words:
        figure = axes.get_figure(root=True)
        assert figure is not None
        up = ScaledTranslation(-labels / 25.4, 1.5 / 25.4, figure.dpi_scale_trans)
        axes.text(
            0, 1, words, transform=axes.transAxes + up, fontsize=SMALL, color=MUTED, va="bottom"
        )


def _quieten(axes: Axes, *, axis: bool) -> None:
    """No frame, no ticks, a light grid only along numbers."""
    for name in ("x", "y"):
        words = getattr(axes, f"get_{name}label")()
        needless = _names_things(axes, name) or words in _NEEDLESS or not axis
        getattr(axes, f"set_{name}label")(
            "" if needless else words[:1].upper() + words[1:], fontsize=SMALL, color=MUTED
        )
    axes.tick_params(length=0)
    axes.grid(visible=False)
    for spine in axes.spines.values():
        spine.set_visible(False)
    for drawn in axes.collections:
        drawn.set_clip_on(False)
    if not axis:
        axes.set_xticks([])
        axes.axvline(0, color=RULE, linewidth=0.8, zorder=0.5)
    for name in ("x", "y") if axis else ():
        if not _names_things(axes, name):
            axes.grid(visible=True, axis=name, linewidth=0.5)  # type: ignore[arg-type]
    dotted = any(not isinstance(drawn, QuadMesh) for drawn in axes.collections)  # a heat map is not
    if _names_things(axes, "y") and dotted and not axes.patches:
        for row in axes.get_yticks():  # dots stand on the line of their row
            axes.axhline(row, color=RULE, linewidth=0.6, zorder=0.4)


def _number_axes(panels: Sequence[Axes], room: float) -> None:
    """As many numbers along an axis as stand apart."""
    steps = max(1, min(5, int(room / _TICK_PITCH)))
    for axes in panels:
        if not _names_things(axes, "x") and axes.get_xscale() not in _LOGARITHMIC:
            axes.xaxis.set_major_locator(MaxNLocator(nbins=steps, steps=[1, 2, 5, 10]))


def _names_things(axes: Axes, name: str) -> bool:
    locator = getattr(axes, f"{name}axis").get_major_locator()
    return isinstance(locator, StrCategoryLocator | FixedLocator)


def _list_row_labels(axes: Axes) -> list[str]:
    if not _names_things(axes, "y"):
        return []
    shown = axes.yaxis.get_tick_params().get("labelleft", True)
    return [tick.get_text() for tick in axes.get_yticklabels()] if shown else []


def _measure_row_labels(axes: Axes, width: float) -> float:
    names = _list_row_labels(axes)
    if not any(names):
        shown = axes.yaxis.get_tick_params().get("labelleft", True)
        texts = [tick.get_text() for tick in axes.get_yticklabels()] if shown else []
        return max((measure_text(text, SMALL) for text in texts), default=-2.0) + 2.0
    most = width * LABELS_SHARE - 3
    return min(max(map(measure_text, names)), most) + 3


def _write_row_labels(axes: Axes, labels: float) -> None:
    """Names of rows begin at the left edge; of many rows they are cut to one line, else wrapped."""
    names = _list_row_labels(axes)
    if not any(names):
        return
    fit = shorten if len(names) > _MANY else wrap
    words = [fit(name, labels - 2.5) for name in names]
    axes.set_yticks(axes.get_yticks(), words, linespacing=1.05, ha="left")
    axes.tick_params(axis="y", pad=labels / MM_PER_POINT)


def _measure(axes: Axes, gid: str, size: float) -> float:
    texts = (t.get_text() for t in axes.texts if t.get_gid() == gid)
    return max(
        (measure_text(line, size) for text in texts for line in text.split("\n")), default=0.0
    )


def _make_room_after(panels: Sequence[Axes], room: float) -> None:
    """End the axes where the texts behind the largest values still fit, all at the same value."""
    reach = [reach for axes in panels if (reach := _find_reach(axes, room)) is not None]
    for axes in panels if reach else ():
        low = axes.get_xlim()[0] if axes.dataLim.x0 < 0 else 0.0
        axes.set_xlim(low, max(reach))


def _find_reach(axes: Axes, room: float) -> float | None:
    texts = [t for t in axes.texts if t.get_gid() == AFTER and t.get_position()[0] > 0]
    if not texts or axes.get_xscale() in _LOGARITHMIC:
        return None
    ends = [float(t.get_position()[0]) for t in texts]
    widths = [measure_text(t.get_text(), bold=t.get_fontweight() == "bold") for t in texts]
    needed = (
        end * room / max(room - text - 2.0, room / 5)
        for end, text in zip(ends, widths, strict=True)
    )
    return max(*needed, float(axes.dataLim.x1))


def _find_grid(panels: Sequence[Axes]) -> tuple[int, int]:
    places = [_find_place(axes) for axes in panels]
    return max(c for c, _ in places) + 1, max(r for _, r in places) + 1


def _find_place(axes: Axes) -> tuple[int, int]:
    spec = axes.get_subplotspec()
    return (0, 0) if spec is None else (spec.colspan.start, spec.rowspan.start)


def _take_key(canvas: Figure, *, shown: bool) -> list[tuple[Any, str]]:
    """Take the key that seaborn made out of the figure or its axes."""
    own = [legend for axes in canvas.axes if (legend := axes.get_legend()) is not None]
    entries: list[tuple[Any, str]] = []
    for legend in (*canvas.legends, *own):
        texts = [text.get_text() for text in legend.get_texts()]
        entries += zip(legend.legend_handles, texts, strict=False)
    for legend in own:
        legend.remove()
    canvas.legends.clear()  # seaborn has put its own there by hand
    return list({text: (handle, text) for handle, text in entries}.values()) if shown else []


def _split_key(
    entries: Sequence[tuple[Any, str]], *, start: float, width: float
) -> list[list[tuple[Any, str]]]:
    """The entries of each line of the key; in one line from where the axes begin, if they fit."""
    sizes = [_measure_entry(text) for _, text in entries]
    if start + sum(sizes) - _KEY_GAP <= width:
        return [list(entries)] if entries else []
    lines: list[list[tuple[Any, str]]] = [[]]
    used = 0.0
    for entry, size in zip(entries, sizes, strict=True):
        if lines[-1] and used + size - _KEY_GAP > width:
            lines.append([])
            used = 0.0
        lines[-1].append(entry)
        used += size
    return lines


def _measure_entry(text: str) -> float:
    return 4.2 + measure_text(text) + _KEY_GAP


def _place_key(
    canvas: Figure,
    lines: Sequence[Sequence[tuple[Any, str]]],
    *,
    labels: float,
    width: float,
    height: float,
) -> None:
    needed = sum(_measure_entry(text) for line in lines for _, text in line) - _KEY_GAP
    left = labels if labels + needed <= width else 0.0
    for number, line in enumerate(lines):
        handles, texts = zip(*line, strict=True)
        legend = Legend(
            canvas,
            handles,
            texts,
            loc="upper left",
            bbox_to_anchor=(left / width, 1 - number * KEY_LINE / height),
            bbox_transform=canvas.transFigure,
            ncols=len(line),
            handlelength=0.9,
            handleheight=0.9,
            handletextpad=0.5,
            columnspacing=1.4,
            borderaxespad=0.0,
            borderpad=0.0,
            fontsize=NORMAL,
        )
        canvas.add_artist(legend)
