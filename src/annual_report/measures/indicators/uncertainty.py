"""How much a pillar's score depends on choices that could have been made otherwise.

A thousand scores of one cluster and one pillar, each with other choices, as the OECD/JRC handbook
on composite indicators advises: every weight times a random number between 0.75 and 1.25; one
scored indicator left out, each in turn, and none when its turn comes; the clipped share against
the share adjusted for the time elapsed, ``min(1, a/e)``. Turns and shares go round in a fixed
order, so that each combination comes up equally often; only the weights are random.

The random numbers depend on the seed, the cluster and the pillar and on nothing else: one cluster
alone, all together, in any order and on any number of workers give the same interval.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annual_report.errors import MeasureError

LOWEST_FACTOR, HIGHEST_FACTOR = 0.75, 1.25
LOW, MEDIAN, HIGH = 0.05, 0.50, 0.95

_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Scored:
    """One answered indicator of a pillar.

    Parameters
    ----------
    share
        Achieved or rubric share, 0…1 or beyond; it is clipped here.
    elapsed
        Share of the time between baseline and target year; None where time plays no part.
    """

    code: str
    weight: float
    share: float
    elapsed: float | None = None


@dataclass(frozen=True)
class Interval:
    """The middle 90 % of the drawn scores, 0…100."""

    low: float
    median: float
    high: float


def draw_interval(
    scored: Sequence[Scored], *, draws: int, seed: int, key: tuple[str, ...]
) -> Interval:
    """Draw the interval of one pillar's score.

    Parameters
    ----------
    scored
        The answered indicators; their order does not matter. A single one is never left out.
    draws
        How many scores to draw.
    seed, key
        What the random numbers depend on; ``key`` names the cluster and the pillar.

    Raises
    ------
    MeasureError
        If there is no indicator, a code repeats, a weight is not above 0, a share or an elapsed
        time is not finite, or ``draws`` is below 1.
    """
    _check(scored, draws, key)
    scores = _draw_scores(sorted(scored, key=lambda s: s.code), draws, _seed(seed, key))
    low, median, high = np.quantile(scores, [LOW, MEDIAN, HIGH])
    return Interval(float(low), float(median), float(high))


def _draw_scores(scored: Sequence[Scored], draws: int, seed: np.random.SeedSequence) -> _Floats:
    count = len(scored)
    weights = np.array([s.weight for s in scored])
    shares = np.array([[_clip(s.share), _clip(_adjust(s))] for s in scored])
    factors = np.random.Generator(np.random.PCG64(seed)).uniform(
        LOWEST_FACTOR, HIGHEST_FACTOR, size=(draws, count)
    )
    drawn = weights * factors
    turn = np.arange(draws)
    turns = count + 1 if count > 1 else 1
    if count > 1:
        left_out = turn % turns
        is_left_out = left_out < count  # at the last turn none is
        drawn[turn[is_left_out], left_out[is_left_out]] = 0.0
    taken = shares.T[turn // turns % 2]
    scores: _Floats = 100 * (drawn * taken).sum(axis=1) / drawn.sum(axis=1)
    # a weighted mean of equal shares may miss them by a rounding error
    return np.clip(scores, 0.0, 100.0)


def _adjust(scored: Scored) -> float:
    """The share in proportion to the time elapsed; as it is before time has begun."""
    if scored.elapsed is None or scored.elapsed <= 0:
        return scored.share
    return scored.share / scored.elapsed


def _clip(share: float) -> float:
    return min(1.0, max(0.0, share))


def _seed(seed: int, key: tuple[str, ...]) -> np.random.SeedSequence:
    # Python's own hash of a string differs between processes
    digest = hashlib.sha256("\x1f".join((str(seed), *key)).encode()).digest()
    return np.random.SeedSequence(int.from_bytes(digest, "big"))


def _check(scored: Sequence[Scored], draws: int, key: tuple[str, ...]) -> None:
    where = ".".join(key)
    codes = [s.code for s in scored]
    if not codes:
        raise MeasureError("no answered indicator to draw a score from", where=where)
    if len(set(codes)) < len(codes):
        twice = next(code for code in codes if codes.count(code) > 1)
        raise MeasureError(f"the indicator {twice} is there twice", where=where)
    if draws < 1:
        raise MeasureError("an interval needs at least one draw", where=where, found=str(draws))
    for one in scored:
        numbers = (one.weight, one.share, 0.0 if one.elapsed is None else one.elapsed)
        if not (all(map(math.isfinite, numbers)) and one.weight > 0):
            raise MeasureError(
                f"{one.code} cannot be scored",
                where=where,
                expected="a weight above 0 and finite numbers",
                found=f"weight {one.weight:g}, share {one.share:g}, elapsed {one.elapsed}",
            )
