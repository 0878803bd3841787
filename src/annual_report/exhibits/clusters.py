"""Which clusters a chart with one row each shows, and what it says of the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from annual_report.edition import Cluster
from annual_report.exhibits.framed import LISTED, SHOWN
from annual_report.exhibits.model import Number
from annual_report.exhibits.queried import SIGN
from annual_report.exhibits.season import Season
from annual_report.numbers import format_count
from annual_report.season.symbols import VERDICT_SYMBOLS

T = TypeVar("T")


@dataclass(frozen=True)
class Chosen:
    """The clusters of a chart, by name; how many could stand there, and how many may not."""

    clusters: tuple[Cluster, ...]
    public: int
    kept_back: int
    of: int

    @property
    def missing(self) -> str:
        """What to write into the open box; empty where every cluster is there."""
        silent = self.of - self.public - self.kept_back
        told = [f"{format_count(silent)} not answered"] if silent else []
        told += [f"{format_count(self.kept_back)} for totals only"] if self.kept_back else []
        return ", ".join(told)

    @property
    def note(self) -> str:
        """What readers should know when not all are shown."""
        if len(self.clusters) == self.public:
            return ""
        return (
            f"Shown: the {format_count(len(self.clusters))} clusters with the largest values, of {format_count(self.public)}; "
            "all are in the data annex."
        )


def choose_clusters(
    season: Season, *measures: str, sort_by: str | None = None, most: int = SHOWN
) -> Chosen:
    """Choose the clusters that have at least one of these numbers to show.

    Parameters
    ----------
    measures
        Addresses without the cluster, such as ``CLU-08.value.standard``.
    sort_by
        By which of them the largest are chosen where there are too many; the first by default.
    most
        How many clusters have room.
    """
    public, kept_back = [], 0
    for cluster in season.answered:
        found = [season.find(f"{cluster.id}.{measure}") for measure in measures]
        known = [m for m in found if m is not None and m.is_known]
        if any(m.is_public for m in known):
            public.append(cluster)
        elif known:
            kept_back += 1
    key = sort_by or measures[0]
    largest = sorted(public, key=lambda c: -(season.value(f"{c.id}.{key}") or 0.0))[:most]
    return Chosen(
        tuple(sorted(largest, key=lambda c: c.name)),
        public=len(public),
        kept_back=kept_back,
        of=len(season.edition.clusters),
    )


def cut(rows: Sequence[T]) -> Sequence[T]:
    """All rows of a list where they fit on a page, the first of many otherwise."""
    return rows if len(rows) <= LISTED else rows[:SHOWN]


def print_verdict(season: Season, cluster: str, indicator: str) -> Number:
    """A verdict with its symbol in front; a mark where there is none to print."""
    number = season.number(f"{cluster}.{indicator}.verdict")
    if number.mark or not number.text:
        return number
    symbol = VERDICT_SYMBOLS.get(number.text.removesuffix(SIGN), "")
    return number.model_copy(update={"text": f"{symbol} {number.text}".strip()})
