"""The tree of a composite index: a table of codes and parents, checked before anything is averaged."""

from __future__ import annotations

import numpy as np
import pandas as pd

from annual_report.errors import MeasureError


def check_hierarchy(framework: pd.DataFrame) -> pd.DataFrame:
    """Check a hierarchy and give it back with its codes as index.

    Parameters
    ----------
    framework
        Columns ``code``, ``parent`` (missing for the index), ``level`` and ``weight``.

    Raises
    ------
    MeasureError
        If a column is missing, a code repeats, a parent is unknown, the parents run in a circle,
        there are several indices, a parent's level is not above its members', a weight is missing
        or negative, or the weights of a group sum to zero.
    """
    names = ["code", "parent", "level", "weight"]
    missing = [name for name in names if name not in framework.columns]
    if missing:
        raise MeasureError(
            "a framework lacks columns", expected=", ".join(names), found=f"no {', '.join(missing)}"
        )
    tree = framework[names].set_index("code")
    if tree.index.has_duplicates:
        twice = tree.index[tree.index.duplicated()][0]
        raise MeasureError("a code of the framework is there twice", found=str(twice))
    tree["parent"] = tree["parent"].astype(object).where(tree["parent"].notna(), None)
    tree["parent"] = tree["parent"].replace("", None)
    tree["level"] = pd.to_numeric(tree["level"], errors="coerce")
    tree["weight"] = pd.to_numeric(tree["weight"], errors="coerce")
    _check_parents(tree)
    _check_weights(tree)
    return tree


def _check_parents(tree: pd.DataFrame) -> None:
    parents = tree["parent"].dropna()
    unknown = parents[~parents.isin(tree.index)]
    if len(unknown):
        raise MeasureError(
            "a parent is no code", where=str(unknown.index[0]), found=str(unknown.iloc[0])
        )
    for code in tree.index:
        path = [code]
        while (parent := parents.get(path[-1])) is not None:
            if parent in path:
                circle = " → ".join(map(str, [*path[path.index(parent) :], parent]))
                raise MeasureError("the parents run in a circle", found=circle)
            path.append(parent)
    roots = tree.index.difference(parents.index, sort=False)
    if len(roots) > 1:
        raise MeasureError(
            "several codes have no parent",
            found=", ".join(map(str, roots)),
            do="give all but the index a parent",
        )
    above = tree["level"].reindex(parents.to_numpy()).to_numpy()
    wrong = ~(above > tree.loc[parents.index, "level"].to_numpy())
    if wrong.any():
        raise MeasureError(
            "the level of a parent is not above its member's", where=str(parents.index[wrong][0])
        )


def _check_weights(tree: pd.DataFrame) -> None:
    members = tree.dropna(subset=["parent"])
    bad = ~(members["weight"] >= 0) | np.isinf(members["weight"])
    if bad.any():
        code = members.index[bad][0]
        raise MeasureError(
            "a weight is no number from 0",
            where=str(code),
            found=str(members.loc[code, "weight"]),
        )
    sums = members.groupby("parent")["weight"].sum()
    if (sums == 0).any():
        raise MeasureError(
            "the weights of a group sum to zero", where=str(sums.index[sums == 0][0])
        )
