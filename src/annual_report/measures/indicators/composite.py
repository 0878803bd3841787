"""Composite indices over tables: make indicators comparable, then average them up a hierarchy.

Plain functions over pandas objects, units in rows and indicators in columns. Names and semantics
follow COINr, and the practice of the OECD/JRC handbook on composite indicators behind it. Whatever
has no defined answer is refused; missing values are never taken as zero and never imputed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias, TypeVar, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from annual_report.errors import MeasureError
from annual_report.measures.indicators.hierarchy import check_hierarchy

Normalisation = Literal["minmax", "zscore", "dist2targ", "goalposts", "prank", "rank"]
Aggregation = Literal["amean", "gmean", "hmean"]
PerColumn: TypeAlias = "float | Sequence[float] | Mapping[str, float] | pd.Series[Any] | None"
Goalposts: TypeAlias = "tuple[float, float] | Mapping[str, tuple[float, float]] | None"
Table = TypeVar("Table", "pd.Series[Any]", pd.DataFrame)

_Floats = npt.NDArray[np.float64]


def normalise(
    values: Table,
    method: Normalisation,
    *,
    direction: PerColumn = 1,
    target: PerColumn = None,
    baseline: PerColumn = None,
    goalposts: Goalposts = None,
    lower: float = 0.0,
    upper: float = 100.0,
) -> Table:
    """Bring indicators to a common scale on which more is better.

    - ``minmax``: ``(x − min)/(max − min)``, between the bounds
    - ``zscore``: ``(x − mean)/sd`` with the n−1 standard deviation; no bounds
    - ``dist2targ``: ``(x − min)/(target − min)`` for direction +1 and
      ``(max − x)/(max − target)`` for −1, times the bounds; above ``upper`` past the target, for
      the caller to clip. A ``baseline`` takes the place of the minimum or maximum.
    - ``goalposts``: ``(x − low)/(high − low)`` clipped to 0…1, mirrored for direction −1, between
      the bounds
    - ``prank``: ``(rank − 1)/(n − 1)``, between the bounds
    - ``rank``: 1 for the worst; no bounds

    Ranks of equal values are the lowest of theirs, as in COINr. Missing values stay missing and
    count in no minimum, mean or rank; a column without any value stays so. A constant column, of
    a single unit or of several, is refused by ``minmax``, ``zscore`` and, without a baseline, by
    ``dist2targ``, where it would be 0/0 or say that all units are at their start; ``prank`` takes
    it as ties, all at ``lower``, but refuses a single unit; ``rank`` gives 1 throughout.

    Parameters
    ----------
    values
        Numbers; a Series is one indicator.
    direction
        +1 where more is better, −1 where less is; one for all columns, or one per column as a
        sequence, mapping or Series.
    target, baseline
        For ``dist2targ``, in the indicator's unit; one for all or one per column.
    goalposts
        For ``goalposts``: ``(low, high)`` for all, or a mapping from column to such a pair.
    lower, upper
        The bounds.

    Raises
    ------
    MeasureError
        If the method is unknown, an argument is missing, left over or of the wrong length, a
        column is not numeric, infinite or there twice, or the result is undefined as told above.

    Examples
    --------
    >>> normalise(pd.Series([0, 5, 11]), "dist2targ", target=10, upper=1.0).tolist()
    [0.0, 0.5, 1.1]
    """
    if isinstance(values, pd.Series):
        name = str(values.name or "values")
        table = normalise(
            values.to_frame(name), method, direction=direction, target=target, baseline=baseline,
            goalposts=goalposts, lower=lower, upper=upper,
        )  # fmt: skip
        return pd.Series(table[name].to_numpy(), index=values.index, name=values.name)
    _check_arguments(method, target, baseline, goalposts, lower, upper)
    frame = _check_numbers(values)
    directions = _spread(direction, frame, "direction")
    if not set(directions) <= {1.0, -1.0}:
        raise MeasureError("unknown direction", expected="+1 or −1", found=str(direction))
    targets = _spread(target, frame, "target")
    baselines = _spread(baseline, frame, "baseline")
    columns = {}
    for i, code in enumerate(frame.columns):
        x = frame[code].to_numpy()
        if not np.isnan(x).all():
            sign = directions[i]
            if method == "dist2targ":
                x = lower + (upper - lower) * _dist2targ(x, sign, targets[i], baselines[i], code)
            elif method == "goalposts":
                x = lower + (upper - lower) * _goalposts(x, sign, goalposts, code)
            elif method == "minmax":
                x = lower + (upper - lower) * _minmax(sign * x, code)
            elif method == "prank":
                x = lower + (upper - lower) * _prank(sign * x, code)
            else:
                x = _zscore(sign * x, code) if method == "zscore" else _rank(sign * x)
        columns[code] = x
    return pd.DataFrame(columns, index=frame.index, columns=frame.columns)


def aggregate(
    normalised: pd.DataFrame,
    framework: pd.DataFrame,
    *,
    method: Aggregation = "amean",
    data_threshold: float = 2 / 3,
) -> pd.DataFrame:
    """Average indicators up a hierarchy of any depth, to one index.

    Missing values are dropped and the other weights renormalised, group by group and unit by unit.
    A group is missing where a smaller share of its direct members is present than
    ``data_threshold``, or none is. Members of weight 0 take no part: neither in the mean nor in
    that share.

    Parameters
    ----------
    normalised
        Units in rows, one column for each indicator of the framework and no other.
    framework
        Columns ``code``, ``parent`` (missing for the index), ``level`` (a parent's is higher than
        its members') and ``weight`` (among the members of one parent; the index needs none).
        Codes without members are the indicators.
    method
        ``amean`` arithmetic, ``gmean`` geometric, ``hmean`` harmonic; the last two refuse values
        that are not above 0.
    data_threshold
        0…1; a share that equals it is enough.

    Returns
    -------
    pandas.DataFrame
        The indicators, then every group level by level up to the index.

    Raises
    ------
    MeasureError
        If the framework lacks a column, repeats a code, names an unknown parent, runs in a circle,
        has several indices, levels out of order, a weight that is missing or negative, or a group
        whose weights sum to zero; if columns and indicators do not match; if a unit is there
        twice, or a value that the mean does not take.

    Examples
    --------
    >>> table = pd.DataFrame({"a": [1.0, 2.0], "b": [3.0, None]})
    >>> tree = pd.DataFrame({"code": ["a", "b", "all"], "parent": ["all", "all", None],
    ...                      "level": [1, 1, 2], "weight": [1, 1, 1]})
    >>> aggregate(table, tree, data_threshold=0.5)["all"].tolist()
    [2.0, 2.0]
    """
    if method not in get_args(Aggregation):
        raise MeasureError(
            f"unknown mean {method!r}", expected=", ".join(get_args(Aggregation))
        )  # fmt: skip
    if not 0 <= data_threshold <= 1:
        raise MeasureError("no share", where="data_threshold", found=str(data_threshold))
    tree = check_hierarchy(framework)
    frame = _check_numbers(normalised)
    if frame.index.has_duplicates:
        raise MeasureError(
            "a unit is there twice", found=str(frame.index[frame.index.duplicated()][0])
        )
    groups = tree.loc[tree.index.isin(tree["parent"])].sort_values("level", kind="stable").index
    indicators = tree.index.difference(groups, sort=False)
    _check_columns(frame, indicators)
    result = {code: frame[code] for code in indicators}
    for group in groups:
        members = tree.index[(tree["parent"] == group) & (tree["weight"] > 0)]
        x = np.column_stack([result[code] for code in members])
        weights = tree.loc[members, "weight"].to_numpy(float)
        mean = _compute_mean(x, weights, method, f"group {group}")
        present = (~np.isnan(x)).mean(axis=1)
        mean[present < data_threshold - 1e-12] = np.nan
        result[group] = pd.Series(mean, index=frame.index)
    return pd.DataFrame(result, index=frame.index)


def _compute_mean(x: _Floats, weights: _Floats, method: Aggregation, where: str) -> _Floats:
    if method != "amean" and (x <= 0).any():
        raise MeasureError(
            f"a {'geometric' if method == 'gmean' else 'harmonic'} mean needs values above 0",
            where=where,
            found=f"{np.nanmin(x):g}",
            do="normalise with a lower bound above 0, or take the arithmetic mean",
        )
    w = np.where(np.isnan(x), 0.0, weights)
    x = np.where(np.isnan(x), 1.0, x)
    total = w.sum(axis=1)
    with np.errstate(invalid="ignore"):
        if method == "amean":
            mean = (w * x).sum(axis=1) / total
        elif method == "gmean":
            mean = np.exp((w * np.log(x)).sum(axis=1) / total)
        else:
            mean = total / (w / x).sum(axis=1)
    result: _Floats = mean
    return result


def _minmax(x: _Floats, code: str) -> _Floats:
    low, high = np.nanmin(x), np.nanmax(x)
    if low == high:
        raise _constant(code, "minmax")
    share: _Floats = (x - low) / (high - low)
    return share


def _zscore(x: _Floats, code: str) -> _Floats:
    if np.nanmin(x) == np.nanmax(x):
        raise _constant(code, "zscore")
    score: _Floats = (x - np.nanmean(x)) / np.nanstd(x, ddof=1)
    return score


def _dist2targ(x: _Floats, sign: float, target: float, baseline: float, code: str) -> _Floats:
    if np.isnan(target):
        raise MeasureError("dist2targ needs a target", where=str(code))
    if np.isnan(baseline):
        if np.nanmin(x) == np.nanmax(x):
            raise _constant(code, "dist2targ")
        baseline = np.nanmin(x) if sign > 0 else np.nanmax(x)
    if sign * (target - baseline) <= 0:
        raise MeasureError(
            "the target is not ahead of the start",
            where=str(code),
            expected=f"a target {'above' if sign > 0 else 'below'} {baseline:g}",
            found=f"{target:g}",
        )
    share: _Floats = (x - baseline) / (target - baseline)
    return share


def _goalposts(x: _Floats, sign: float, goalposts: Goalposts, code: str) -> _Floats:
    posts = goalposts.get(code) if isinstance(goalposts, Mapping) else goalposts
    if posts is None:
        raise MeasureError("no goalposts for a column", where=str(code))
    low, high = posts
    if not low < high:
        raise MeasureError(
            "the lower goalpost is not below the upper", where=str(code), found=f"{low:g}, {high:g}"
        )
    share = (x - low) / (high - low) if sign > 0 else (high - x) / (high - low)
    clipped: _Floats = np.clip(share, 0.0, 1.0)
    return clipped


def _rank(x: _Floats) -> _Floats:
    return np.asarray(pd.Series(x).rank(method="min"), dtype=np.float64)


def _prank(x: _Floats, code: str) -> _Floats:
    count = int((~np.isnan(x)).sum())
    if count == 1:
        raise MeasureError("a single unit has no percentile rank", where=str(code))
    share: _Floats = (_rank(x) - 1) / (count - 1)
    return share


def _constant(code: str, method: str) -> MeasureError:
    return MeasureError(
        f"{method} of a column that does not vary is undefined",
        where=str(code),
        do="leave the column out, or use goalposts",
    )


def _check_arguments(
    method: str, target: object, baseline: object, goalposts: object, lower: float, upper: float
) -> None:
    if method not in get_args(Normalisation):
        known = ", ".join(get_args(Normalisation))
        raise MeasureError(f"unknown normalisation {method!r}", expected=known)
    if not lower < upper:
        raise MeasureError("the lower bound is not below the upper", found=f"{lower:g}, {upper:g}")
    for name, value, users in (
        ("target", target, ("dist2targ",)),
        ("baseline", baseline, ("dist2targ",)),
        ("goalposts", goalposts, ("goalposts",)),
    ):
        if value is not None and method not in users:
            raise MeasureError(f"{method} takes no {name}", do=f"leave {name} out")
    if method == "dist2targ" and target is None:
        raise MeasureError("dist2targ needs a target")
    if method == "goalposts" and goalposts is None:
        raise MeasureError("goalposts needs its goalposts", expected="(low, high)")


def _check_numbers(table: pd.DataFrame) -> pd.DataFrame:
    if table.columns.has_duplicates:
        twice = table.columns[table.columns.duplicated()][0]
        raise MeasureError("an indicator is there twice", found=str(twice))
    for code in table.columns:
        if not pd.api.types.is_numeric_dtype(table[code]) and table[code].notna().any():
            raise MeasureError("a column is not numeric", where=str(code))
    frame = table.astype(float)
    if np.isinf(frame.to_numpy()).any():
        code = frame.columns[np.isinf(frame.to_numpy()).any(axis=0)][0]
        raise MeasureError("a value is infinite", where=str(code))
    return frame


def _spread(value: PerColumn, table: pd.DataFrame, name: str) -> _Floats:
    """One number for each column, NaN where there is none."""
    if value is None:
        return np.full(table.shape[1], np.nan)
    if isinstance(value, Mapping | pd.Series):
        missing = [str(code) for code in table.columns if code not in value]
        if missing:
            raise MeasureError(f"no {name} for {', '.join(missing)}")
        return np.array([value[code] for code in table.columns], dtype=float)
    if isinstance(value, Sequence | np.ndarray):
        if len(value) != table.shape[1]:
            raise MeasureError(
                f"as many columns as numbers in {name}",
                expected=str(table.shape[1]),
                found=str(len(value)),
            )
        return np.asarray(value, dtype=float)
    return np.full(table.shape[1], float(value))


def _check_columns(frame: pd.DataFrame, indicators: pd.Index[Any]) -> None:
    absent = indicators.difference(frame.columns, sort=False)
    if len(absent):
        raise MeasureError("an indicator has no column", found=", ".join(map(str, absent)))
    unknown = frame.columns.difference(indicators, sort=False)
    if len(unknown):
        raise MeasureError(
            "a column is no indicator of the framework", found=", ".join(map(str, unknown))
        )
