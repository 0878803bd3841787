"""Chance that is the same on every machine and every Python: one stream a cluster and topic."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Seeded draws.

    Only ``Random.random`` is used: its stream is promised to stay, those of ``choice`` and
    ``sample`` are not.

    Parameters
    ----------
    names
        What the stream belongs to, such as seed, cluster and topic.
    """

    def __init__(self, *names: str | int) -> None:
        self._random = Random("/".join(map(str, names)))  # noqa: S311  not for secrets

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self._random.random() < probability

    def between(self, low: float, high: float) -> float:
        """A number between two others."""
        return low + (high - low) * self._random.random()

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self._random.random() * (high - low + 1))

    def pick(self, items: Sequence[T], weights: Sequence[float] | None = None) -> T:
        """One of the items, as likely as its weight says."""
        if weights is None:
            return items[int(self._random.random() * len(items))]
        point = self._random.random() * sum(weights)
        for item, weight in zip(items, weights, strict=True):
            point -= weight
            if point < 0:
                return item
        return items[-1]

    def draw(self, items: Sequence[T], count: int) -> list[T]:
        """Some of the items, each at most once, in drawn order."""
        left = list(items)
        return [left.pop(self.whole(0, len(left) - 1)) for _ in range(min(count, len(left)))]


def round_figures(number: float, figures: int) -> float:
    """Round to significant figures, as people report; a whole number comes without a fraction.

    Examples
    --------
    >>> round_figures(83_461_000.0, 3), round_figures(0.0471, 2)
    (83500000, 0.047)
    """
    rounded = float(f"{number:.{figures}g}")
    return int(rounded) if rounded.is_integer() else rounded
