"""The rows of a table question as a wide frame: one row an entry, one typed column a field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from annual_report.framework import Table, TableColumn


def select_cells(answers: pd.DataFrame, table: str, *, key: str) -> pd.DataFrame:
    """The cells that may be shown; ``entry`` is the entry's address.

    An entry whose name may not stand alone is kept back whole; one that nobody named is shown.

    Parameters
    ----------
    key
        The column that names an entry.
    """
    cells = answers[answers["row"] > 0]
    cells = cells.assign(entry=cells["cluster"] + f".{table}." + cells["row"].astype(str))
    hidden = cells.loc[(cells["field"] == key) & (cells["mark"] == "withheld"), "entry"]
    return cells[(cells["mark"] == "") & ~cells["entry"].isin(set(hidden))]


def spread_entries(
    cells: pd.DataFrame,
    asked: Table,
    choices: Mapping[str, Mapping[str, str]],
    standard: pd.Series,
) -> pd.DataFrame:
    """Spread cells into one row an entry.

    Parameters
    ----------
    choices
        The words of each code, by the column of the choice.
    standard
        Numbers in standard units, by their address.
    """
    names = ("entry", "field", "text", "number", "currency", "cluster")
    rows = list(zip(*(cells[name].tolist() for name in names), strict=True))
    texts = {(entry, field): text for entry, field, text, *_ in rows}
    numbers = {(entry, field): number for entry, field, _, number, *_ in rows}
    currencies = {(entry, field): currency for entry, field, _, _, currency, _ in rows}
    owners = {entry: cluster for entry, *_, cluster in rows}
    measured = dict(zip(standard.index, standard.tolist(), strict=True))
    made: dict[str, Any] = {
        "id": pd.array([*owners], dtype="str"),
        "cluster_id": pd.array([*owners.values()], dtype="str"),
    }
    for column in asked.columns:
        places = [(entry, column.name) for entry in owners]
        given = [numbers.get(place, np.nan) for place in places]
        made[column.name] = _make_column(
            column, [texts.get(place) for place in places], given, choices.get(column.name, {})
        )
        if column.kind in ("number", "money", "percent", "level"):
            addresses = (f"{entry}.{column.name}.standard" for entry in owners)
            made[column.name] = np.array([measured.get(a, np.nan) for a in addresses], "float64")
        if column.kind == "money":
            made[f"{column.name}_reported"] = np.array(given, "float64")
            codes = [currencies.get(place) for place in places]
            made[f"{column.name}_currency"] = pd.array(codes, dtype="str")
    return pd.DataFrame(made)


def _make_column(
    column: TableColumn,
    texts: Sequence[str | None],
    numbers: Sequence[float],
    words: Mapping[str, str],
) -> Any:
    if column.kind == "choice":
        labels = list(dict.fromkeys(words.values()))
        said = [words.get(text) if isinstance(text, str) else None for text in texts]
        return pd.Categorical(said, categories=labels, ordered=True)
    if column.kind == "yes_no":
        return pd.array([{1.0: True, 0.0: False}.get(number) for number in numbers], "boolean")
    if column.kind == "year":
        return pd.array(np.array(numbers, "float64"), "Int64")
    return pd.array(texts, dtype="str")
