"""How far one indicator of one cluster is on its way from a baseline to a target.

Two published methods, two names. **Linear** compares the yearly change still required with the
yearly change observed, after the State of Climate Action series of Systems Change Lab.
**Compound** compares growth rates, as Eurostat does for the Sustainable Development Goals, and
takes positive quantities only. The same data may well get a different verdict from each, so that a
verdict never travels without its method.

Symbols as in the methodology chapter: values ``b``, ``c``, ``T`` at baseline, now and in the
target; years ``t0``, ``t``, ``tT``.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from annual_report.errors import MeasureError

Method = Literal["linear", "compound"]
Maintain = Literal["at least", "at most"]
Verdict = Literal[
    "achieved",
    "on track",
    "off track",
    "well off track",
    "wrong direction",
    "acceleration needed",
    "limited progress",
    "deterioration",
    "missed",
    "insufficient data",
]
LINEAR_VERDICTS: tuple[Verdict, ...] = (
    "achieved",
    "on track",
    "off track",
    "well off track",
    "wrong direction",
    "missed",
    "insufficient data",
)
COMPOUND_VERDICTS: tuple[Verdict, ...] = (
    "achieved",
    "on track",
    "acceleration needed",
    "limited progress",
    "deterioration",
    "missed",
    "insufficient data",
)

TOLERANCE = 1e-9
"""Shares, factors and ratios that differ by less count as equal, so that units cannot matter."""
IN_TIME, DOUBLE = 1, 2
"""Acceleration factors up to which a target is met in time, and from which far more is needed."""

_Floats = npt.NDArray[np.float64]
_Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Trajectory:
    """The six inputs of every verdict, values in one unit, and the rule for a flat target.

    Parameters
    ----------
    maintain
        What a target equal to the baseline asks for: to stay ``at least`` or ``at most`` there.
        Without it a flat target is insufficient data. It says nothing where the two differ.
    """

    baseline: float | None
    current: float | None
    target: float | None
    baseline_year: int | None
    year: int | None
    target_year: int | None
    maintain: Maintain | None = None


@dataclass(frozen=True)
class Progress:
    """A verdict with its method, what it rests on and what it was computed from.

    Parameters
    ----------
    achieved
        Share of the way from baseline to target, as it is: it may be negative or above 1. Known
        wherever the three values are, with or without a verdict.
    elapsed
        Share of the time between baseline and target year; known wherever the three years are.
    required, observed
        The change a year from now on that meets the target, None once it is met or missed, and
        that since the baseline. Linear: in the unit of the values. Compound: growth rates.
    factor
        Linear: the acceleration factor. Compound: the ratio R of observed to required growth.
    reason
        Why there is no verdict, in words; None unless the verdict is ``insufficient data``.
    """

    verdict: Verdict
    method: Method
    trajectory: Trajectory
    achieved: float | None
    elapsed: float | None
    required: float | None
    observed: float | None
    factor: float | None
    reason: str | None


@dataclass(frozen=True)
class _Inputs:
    """The columns of a table of trajectories, as arrays."""

    baseline: _Floats
    current: _Floats
    target: _Floats
    baseline_year: _Floats
    year: _Floats
    target_year: _Floats
    maintain: npt.NDArray[np.object_]

    @property
    def is_flat(self) -> _Flags:
        size = np.maximum(np.abs(self.baseline), np.abs(self.target))
        return np.abs(self.target - self.baseline) <= 1e-12 * size

    @property
    def holds(self) -> _Flags:
        """Whether a flat target with a rule is kept."""
        slack = TOLERANCE * np.abs(self.target)
        above = self.current >= self.target - slack
        below = self.current <= self.target + slack
        return np.where(self.maintain == "at least", above, (self.maintain == "at most") & below)


_VALUES = tuple(f.name for f in fields(_Inputs) if f.name != "maintain")


def compute_achieved_share(
    baseline: float, current: float, target: float, *, maintain: Maintain | None = None
) -> float:
    """Compute the achieved share ``a = (c − b) / (T − b)``, neither clipped nor signed by hand.

    With ``T = b`` and the rule to maintain it: 1 while the current value keeps the target, else 0.

    Raises
    ------
    MeasureError
        If the target equals the baseline and nothing says what to maintain.

    Examples
    --------
    >>> round(compute_achieved_share(16, 14, 7.2), 7)
    0.2272727
    """
    inputs = _collect(Trajectory(baseline, current, target, None, None, None, maintain))
    if inputs.is_flat[0] and maintain is None:
        raise MeasureError(
            "the target equals the baseline, so there is no way to be on",
            expected="a target that differs, or the rule to maintain it",
            found=f"baseline {baseline:g}, target {target:g}",
        )
    return float(_compute_achieved(inputs)[0])


def judge_progress(trajectory: Trajectory, *, method: Method = "linear") -> Progress:
    """Judge one trajectory; see :func:`compute_progress` for the rules.

    Examples
    --------
    >>> judge_progress(Trajectory(16, 14, 7.2, 2015, 2023, 2030)).verdict
    'well off track'
    """
    row = _judge(_collect(trajectory), method)
    factor = "acceleration_factor" if method == "linear" else "growth_ratio"
    verdict = row["verdict"][0]
    required = _none_if_nan(row["required_per_year"][0])
    return Progress(
        verdict=verdict,
        method=method,
        trajectory=trajectory,
        achieved=_none_if_nan(row["achieved_share"][0]),
        elapsed=_none_if_nan(row["elapsed_share"][0]),
        required=None if verdict == "achieved" else required,
        observed=_none_if_nan(row["observed_per_year"][0]),
        factor=_none_if_nan(row[factor][0]),
        reason=row["reason"][0],
    )


def compute_progress(table: pd.DataFrame, *, method: Method = "linear") -> pd.DataFrame:
    """Judge a table of trajectories at once.

    Linear verdicts follow the acceleration factor
    ``AF = ((T − c)/(tT − t)) ÷ ((c − b)/(t − t0))``: on track up to 1, off track below 2, well off
    track from there on or without any change, wrong direction below 0. Compound verdicts follow
    ``R = d·CAGRo/|CAGRr|``: on track from 0.95, acceleration needed from 0.60, limited progress
    from 0, deterioration below. For both, a target that is met is achieved, whenever; one that is
    not met in its year, or after it, is missed. Where the sources are silent: a target year that
    is not after the baseline year is insufficient data, and so is, for the compound method, a
    value that is not positive (a small number in its place would make R depend on the unit).

    Parameters
    ----------
    table
        Columns ``baseline``, ``current``, ``target``, ``baseline_year``, ``year``,
        ``target_year``, and perhaps ``maintain`` (``at least``, ``at most`` or missing); one row
        a trajectory, values of a row in one unit.

    Returns
    -------
    pandas.DataFrame
        The table with ``achieved_share``, ``elapsed_share``, ``required_per_year`` and
        ``observed_per_year`` (linear: units a year; compound: growth rates),
        ``acceleration_factor`` or ``growth_ratio``, ``verdict``, ``method`` and ``reason``.

    Raises
    ------
    MeasureError
        If a column is missing, or a rule to maintain is unknown.
    """
    missing = [name for name in _VALUES if name not in table.columns]
    if missing:
        raise MeasureError(
            "a table of trajectories lacks columns",
            expected=", ".join(_VALUES),
            found=", ".join(map(str, table.columns)),
            do=f"add {', '.join(missing)}",
        )
    rules = table["maintain"] if "maintain" in table else pd.Series(None, table.index, dtype=object)
    columns = {
        name: pd.to_numeric(table[name]).to_numpy(float, na_value=np.nan) for name in _VALUES
    }
    inputs = _Inputs(**columns, maintain=_check_rules(rules.astype(object).to_numpy()))
    return table.assign(**_judge(inputs, method))


def _collect(trajectory: Trajectory) -> _Inputs:
    values = asdict(trajectory)
    rule = _check_rules(np.array([values.pop("maintain")], dtype=object))
    floats = {k: np.array([np.nan if v is None else v], dtype=float) for k, v in values.items()}
    return _Inputs(**floats, maintain=rule)


def _check_rules(rules: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    for rule in rules:
        if not (pd.isna(rule) or rule in get_args(Maintain)):
            raise MeasureError(
                "unknown rule to maintain",
                expected="'at least' or 'at most'",
                found=repr(rule),
            )
    return rules


def _none_if_nan(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _compute_achieved(x: _Inputs) -> _Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (x.current - x.baseline) / (x.target - x.baseline)
    kept = np.where(pd.isna(x.maintain), np.nan, x.holds.astype(float))
    result: _Floats = np.where(x.is_flat, kept, share)
    return result


def _judge(x: _Inputs, method: Method) -> dict[str, npt.NDArray[Any]]:
    reason = _explain_gaps(x, method)
    known = np.array([words is None for words in reason], dtype=bool)
    with np.errstate(divide="ignore", invalid="ignore"):
        achieved = _compute_achieved(x)
        span = np.where(x.target_year > x.baseline_year, x.target_year - x.baseline_year, np.nan)
        elapsed = (x.year - x.baseline_year) / span
        compute = _compute_linear if method == "linear" else _compute_compound
        required, observed, factor = compute(x)
    is_open = known & ~x.is_flat & (x.year < x.target_year)
    is_met = np.where(x.is_flat, x.holds, achieved >= 1 - TOLERANCE)
    rank = _rank_linear if method == "linear" else _rank_compound
    ranks: list[tuple[_Flags, Verdict]] = [
        (~known, "insufficient data"),
        (is_met, "achieved"),
        (x.year >= x.target_year, "missed"),
        # left behind after it was reached: the way back is all there is to go
        (x.is_flat, "wrong direction" if method == "linear" else "deterioration"),
        *rank(achieved, factor),
    ]
    verdict = np.select([flags for flags, _ in ranks], [name for _, name in ranks], default="")
    return {
        "achieved_share": achieved,
        "elapsed_share": elapsed,
        "required_per_year": np.where(is_open, required, np.nan),
        "observed_per_year": np.where(known, observed, np.nan),
        "acceleration_factor" if method == "linear" else "growth_ratio": np.where(
            is_open & np.isfinite(factor), factor, np.nan
        ),
        "verdict": verdict.astype(object),
        "method": np.full(len(verdict), method, dtype=object),
        "reason": reason,
    }


def _compute_linear(x: _Inputs) -> tuple[_Floats, _Floats, _Floats]:
    required = (x.target - x.current) / (x.target_year - x.year)
    observed = (x.current - x.baseline) / (x.year - x.baseline_year)
    return required, observed, required / observed


def _compute_compound(x: _Inputs) -> tuple[_Floats, _Floats, _Floats]:
    # expm1 and log keep the digits that (c/b)**(1/n) − 1 loses for slow growth
    required = np.expm1(np.log(x.target / x.baseline) / (x.target_year - x.baseline_year))
    observed = np.expm1(np.log(x.current / x.baseline) / (x.year - x.baseline_year))
    ratio = np.sign(x.target - x.baseline) * observed / np.abs(required)
    return required, observed, ratio


def _rank_linear(achieved: _Floats, factor: _Floats) -> list[tuple[_Flags, Verdict]]:
    return [
        (np.abs(achieved) <= TOLERANCE, "well off track"),
        (achieved < 0, "wrong direction"),
        (factor <= IN_TIME + TOLERANCE, "on track"),
        (factor < DOUBLE * (1 - TOLERANCE), "off track"),
        (factor >= DOUBLE * (1 - TOLERANCE), "well off track"),
    ]


def _rank_compound(achieved: _Floats, factor: _Floats) -> list[tuple[_Flags, Verdict]]:
    return [
        (factor >= 0.95 - TOLERANCE, "on track"),
        (factor >= 0.60 - TOLERANCE, "acceleration needed"),
        (factor >= -TOLERANCE, "limited progress"),
        (achieved < 0, "deterioration"),
    ]


def _explain_gaps(x: _Inputs, method: Method) -> npt.NDArray[np.object_]:
    """Say for each trajectory why it cannot be judged; None where it can."""
    reason = np.full(len(x.baseline), None, dtype=object)
    positive = (x.baseline > 0) & (x.current > 0) & (x.target > 0)
    if method == "compound":
        reason[~positive] = "growth rates need positive values at baseline, now and in the target"
    reason[x.is_flat & pd.isna(x.maintain)] = "the target equals the baseline"
    reason[x.target_year <= x.baseline_year] = "the target year is not after the baseline year"
    reason[x.year <= x.baseline_year] = "the value is not from after the baseline year"
    gaps = {name: ~np.isfinite(getattr(x, name)) for name in _VALUES}
    for row in np.flatnonzero(np.any(list(gaps.values()), axis=0)):
        absent = [name.replace("_", " ") for name, flags in gaps.items() if flags[row]]
        reason[row] = f"no {', '.join(absent)}"
    return reason
