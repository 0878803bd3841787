"""Who contributes how much to which sum, and what of it stands published elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from annual_report.errors import MeasureError
from annual_report.measures.disclosure.audit import Address

PUBLIC, UNUSED = "publish", "do not use"
_Series: TypeAlias = "pd.Series[Any]"


@dataclass(frozen=True)
class Contributors:
    """What each contributor adds to one sum.

    Parameters
    ----------
    amounts
        By contributor, everything.
    private
        By contributor, what is for totals only; the rest stands published elsewhere.
    """

    amounts: Mapping[str, float]
    private: Mapping[str, float]

    @property
    def total(self) -> float:
        return sum(self.amounts.values())

    @property
    def public_total(self) -> float:
        return self.total - sum(self.private.values())


def group_contributions(
    contributions: pd.DataFrame, keys: list[str], columns: str | None
) -> dict[Address, Contributors]:
    """Collect the contributions to every cell, subtotal and total, also where there are none.

    Parameters
    ----------
    keys
        Key columns of the rows, from the coarsest group to the finest.
    columns
        Key column of the columns, if any.

    Raises
    ------
    MeasureError
        If a column is missing, a key, value or consent is, or a value is negative.
    """
    used = [*keys, *([columns] if columns else [])]
    names, values, consents = take_usable(contributions, used)
    if (values < 0).any():
        raise MeasureError("a table to protect takes no negative value")
    kept = contributions.loc[names.index]
    parts: dict[Address, list[tuple[str, float, str]]] = {
        (path, column): []
        for path, column in product(
            _list_paths(kept[keys].itertuples(index=False, name=None)),
            [None, *sorted(kept[columns].astype(str).unique())] if columns else [None],
        )
    }
    cross = kept[columns].astype(str) if columns else [None] * len(kept)
    entries = zip(names, values, consents, strict=True)
    paths = kept[keys].astype(str).itertuples(index=False, name=None)
    for path, column, entry in zip(paths, cross, entries, strict=True):
        for depth in range(len(keys) + 1):
            for over in {None, column}:
                parts[tuple(path[:depth]), over].append(entry)
    return {address: collect(entries) for address, entries in parts.items()}


def _list_paths(paths: Iterable[tuple[object, ...]]) -> list[tuple[str, ...]]:
    spelled = {tuple(map(str, path)) for path in paths}
    return sorted({path[:depth] for path in spelled for depth in range(len(path) + 1)} | {()})


def take_usable(
    contributions: pd.DataFrame, keys: Sequence[str] = ()
) -> tuple[_Series, _Series, _Series]:
    """Give contributors, values and consents of the rows that may be used.

    Raises
    ------
    MeasureError
        If a column is missing, or a key, value or consent is.
    """
    names = [*keys, "contributor", "value", "consent"]
    missing = [name for name in names if name not in contributions.columns]
    if missing:
        raise MeasureError("contributions lack columns", expected=", ".join(names))
    used = contributions[contributions["consent"] != UNUSED]
    if used[names].isna().any(axis=None) or np.isinf(used["value"].astype(float)).any():
        raise MeasureError(
            "a contribution lacks a key, a value or a consent",
            do="leave out what was not answered: a missing value is not zero",
        )
    return used["contributor"].astype(str), used["value"].astype(float), used["consent"]


def collect(entries: Iterable[tuple[str, float, str]]) -> Contributors:
    """Add up entries of contributor, value and consent."""
    values: dict[str, float] = defaultdict(float)
    private: dict[str, float] = defaultdict(float)
    for contributor, value, consent in entries:
        values[contributor] += value
        if consent != PUBLIC:
            private[contributor] += value
    return Contributors(dict(values), dict(private))
