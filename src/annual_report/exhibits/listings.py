"""A table of entries as they are: one row a row of a wide frame, one column a field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from annual_report.exhibits.framed import Origins, make_number
from annual_report.exhibits.model import Cell, Grid, Number, TableColumn
from annual_report.numbers import Style, choose_shared_style, print_number

_MISSING = Number(text="", mark="missing", source="not answered")


def list_entries(
    frame: pd.DataFrame,
    columns: Mapping[str, str],
    *,
    units: Mapping[str, str],
    locale: str,
    origins: Origins,
    widths: Mapping[str, float],
    total_rows: int = 0,
) -> Grid:
    """Make the grid of a listing.

    Parameters
    ----------
    columns
        The columns that are shown, in this order, with their heads.
    units
        Unit codes of columns of numbers, such as ``tCO2e/y`` or a currency; their numbers stand
        on one scale. A column of numbers without one is printed as counts are.
    origins
        What the public tables say of each number, by its id: that of the entry, the column and
        ``standard``.
    widths
        Relative widths of columns; text has 2 and numbers have 1 by default.
    """
    styles = {
        name: _choose_style(frame[name], units.get(name))
        for name in columns
        if pd.api.types.is_numeric_dtype(frame[name])
        and not pd.api.types.is_bool_dtype(frame[name])
    }
    made = tuple(
        TableColumn(
            name=name.replace("_", "-"),
            label=head,
            unit=""
            if styles.get(name, Style()).unit == "number"
            else styles.get(name, Style()).unit,
            align="right" if name in styles else "left",
            width=widths.get(name, 1.0 if name in styles else 2.0),
        )
        for name, head in columns.items()
    )
    rows = tuple(
        tuple(_make_cell(record, name, styles.get(name), locale, origins) for name in columns)
        for record in frame.to_dict("records")
    )
    return Grid(columns=made, rows=rows, total_rows=total_rows)


def _choose_style(column: pd.Series, unit: str | None) -> Style:
    known = column.dropna()
    if unit is None or known.empty:
        return Style(decimals=0)
    return choose_shared_style(float(known.abs().max()), unit)


def _make_cell(
    record: Mapping[Any, Any],
    name: str,
    style: Style | None,
    locale: str,
    origins: Origins,
) -> Cell:
    value = record[name]
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


def name_addresses(frame: pd.DataFrame, columns: Sequence[str]) -> list[str]:
    """The addresses of the numbers of a listing."""
    if "id" not in frame:
        return []
    return [f"{entry}.{name}.standard" for name in columns for entry in frame["id"]]
