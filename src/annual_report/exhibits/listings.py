"""A table of entries as they are: one row a row of a wide frame, one column a field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from annual_report.errors import ExhibitError
from annual_report.exhibits.framed import (
    LISTED,
    SHOWN,
    Origins,
    make_number,
    make_value,
    note_first,
)
from annual_report.exhibits.model import Cell, Grid, Number, TableColumn
from annual_report.numbers import Style, choose_shared_style, print_number
from annual_report.season.value import Value

_MISSING = Number(text="", mark="missing", source="not answered")


def list_entries(
    frame: pd.DataFrame,
    columns: Mapping[str, str],
    *,
    units: Mapping[str, str],
    locale: str,
    origins: Origins,
    widths: Mapping[str, float],
    foot: Mapping[str, Value | str],
    unasked: Mapping[str, pd.Series],
) -> Grid:
    """Make the grid of a listing.

    Parameters
    ----------
    columns
        The columns that are shown, in this order, with their heads.
    units
        Unit codes of columns of numbers, such as ``tCO2e/y`` or a currency; their numbers stand
        on one scale. A column of numbers without one is printed as counts are.
        A column of `Value` prints each as it is, such as totals of several units.
    origins
        What the public tables say of each number, by its id: that of the entry, the column and
        ``standard``.
    widths
        Relative widths of columns; text has 2 and numbers have 1 by default.
    foot
        The last row, by columns; its numbers are printed on the scale of theirs.
    unasked
        Where a column has no number because nobody was asked for one.
    """
    _check_units(frame, units, origins)
    styles = {
        name: _choose_style(
            frame, [c for c in columns if units.get(c) == units.get(name)], units.get(name)
        )
        for name in columns
        if pd.api.types.is_numeric_dtype(frame[name])
        and not pd.api.types.is_bool_dtype(frame[name])
    }
    values = {name for name in columns if any(isinstance(v, Value) for v in frame[name])}
    numbers = {*styles, *values}
    made = tuple(
        TableColumn(
            name=name.replace("_", "-"),
            label=head,
            unit=""
            if styles.get(name, Style()).unit == "number"
            else styles.get(name, Style()).unit,
            align="right" if name in numbers else "left",
            width=widths.get(name, 1.0 if name in numbers else 2.0),
        )
        for name, head in columns.items()
    )
    blank = {(n, name) for name, mask in unasked.items() for n, is_one in enumerate(mask) if is_one}
    rows = tuple(
        tuple(
            ""
            if (place, name) in blank and pd.isna(record[name])
            else _make_cell(record, name, styles.get(name), locale, origins)
            for name in columns
        )
        for place, record in enumerate(_list_records(frame))
    )
    if not foot:
        return Grid(columns=made, rows=rows)
    last = tuple(_sum_up(foot.get(name, ""), styles.get(name), locale, origins) for name in columns)
    return Grid(columns=made, rows=(*rows, last), total_rows=1)


def _check_units(frame: pd.DataFrame, units: Mapping[str, str], origins: Origins) -> None:
    for name, unit in units.items():
        found = {
            origins[address].unit
            for entry in frame.get("id", ())
            if (address := f"{entry}.{name}.standard") in origins
        }
        if found - {unit}:
            raise ExhibitError(
                f"the numbers of the column {name} are in another unit",
                expected=", ".join(sorted(found)),
                found=unit,
                do="name the unit that they have; the house chooses a scale, such as Mt, by itself",
            )


def mark_heads(grid: Grid, is_head: Iterable[bool]) -> Grid:
    """Let rows of a grid head those below them."""
    groups = tuple(n for n, head in enumerate(is_head) if head)
    return grid.model_copy(update={"groups": groups})


def _sum_up(value: Value | str, style: Style | None, locale: str, origins: Origins) -> Cell:
    if isinstance(value, str):
        return value
    made = make_value(value, origins)
    if style is None or made.value is None:
        return made
    return made.model_copy(update={"text": print_number(made.value, style, locale)})


def cut(frame: pd.DataFrame, rest: str) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The first entries of more than a page has, and a note on where the others are."""
    if not rest or len(frame) <= LISTED:
        return frame, ()
    return frame.head(SHOWN), (note_first(len(frame), rest),)


def _list_records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as they are: pandas' own way makes plain floats of numbers that know their address."""
    columns = {str(name): frame[name].tolist() for name in frame.columns}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _choose_style(frame: pd.DataFrame, alike: Sequence[str], unit: str | None) -> Style:
    """One scale for the columns of one unit, so that they can be compared."""
    if unit is None:
        return Style(decimals=0)
    known = frame[list(alike)].abs().max().max()
    return Style(decimals=0) if pd.isna(known) else choose_shared_style(float(known), unit)


def _make_cell(
    record: Mapping[Any, Any],
    name: str,
    style: Style | None,
    locale: str,
    origins: Origins,
) -> Cell:
    value = record[name]
    if isinstance(value, Value):
        return make_value(value, origins)
    if isinstance(value, Number | str):
        return value
    if pd.isna(value):
        return _MISSING if style is not None else ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if style is None:
        return str(value)
    entry = record.get("id")
    address = f"{entry}.{name}.standard" if entry else ""
    if style.scale == 1.0 and style.unit == "" and 1900 <= value <= 2100:
        return str(int(value))  # a year is never grouped
    return make_number(
        {
            "id": address if address in origins else "",
            "value": float(value) / style.scale,
            "text": print_number(float(value), style, locale),
            "mark": "",
        },
        origins,
    )


def name_addresses(
    frame: pd.DataFrame, columns: Sequence[str], foot: Mapping[str, Value | str]
) -> list[str]:
    """The addresses of the numbers of a listing."""
    values = [*(v for name in columns for v in frame[name]), *foot.values()]
    own = [v.id for v in values if isinstance(v, Value)]
    entries = frame.get("id", ())
    return own + [f"{entry}.{name}.standard" for name in columns for entry in entries]
