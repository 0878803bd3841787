"""The rows of a table question as a wide frame: one row an entry, one typed column a field."""

from __future__ import annotations

from collections.abc import Mapping

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
    texts = cells.pivot(index="entry", columns="field", values="text")
    numbers = cells.pivot(index="entry", columns="field", values="number")
    first = cells.drop_duplicates("entry").set_index("entry")
    made = pd.DataFrame({"id": first.index, "cluster_id": first["cluster"]}, index=first.index)
    for column in asked.columns:
        empty = pd.Series(None, index=made.index, dtype=object)
        text, number = texts.get(column.name, empty), numbers.get(column.name, empty)
        words = choices.get(column.name, {})
        made[column.name] = _make_column(
            column, text.reindex(made.index), number.reindex(made.index), words
        )
        if column.kind in ("number", "money", "percent", "level"):
            addresses = made.index + f".{column.name}.standard"
            made[column.name] = standard.reindex(addresses).to_numpy()
        if column.kind == "money":
            made[f"{column.name}_reported"] = number.reindex(made.index)
            codes = cells[cells["field"] == column.name].set_index("entry")["currency"]
            made[f"{column.name}_currency"] = codes.reindex(made.index)
    return made.reset_index(drop=True)


def _make_column(
    column: TableColumn, text: pd.Series, number: pd.Series, words: Mapping[str, str]
) -> pd.Series:
    if column.kind == "choice":
        labels = list(dict.fromkeys(words.values()))
        return text.map(words).astype(pd.CategoricalDtype(labels, ordered=True))
    if column.kind == "yes_no":
        return number.map({1.0: True, 0.0: False}).astype("boolean")
    if column.kind == "year":
        return number.astype("float64").astype("Int64")
    return text
