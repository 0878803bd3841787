"""What moved between two editions: maturity levels, and scores whose intervals have parted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from annual_report.measures.measure import Measure
from annual_report.measures.totals.totals import Totals

LEVELS = "levels in both editions"
INTERVALS = "intervals that do not overlap"
_STANDARD = "value.standard"
_PARTS = ("score", "low", "high")


def compute_moves(now: Totals, before: Totals) -> Iterator[Measure]:
    """Yield how many clusters moved up and down, over those that published both years.

    A score has risen or fallen only where this year's interval and last year's do not overlap.
    """
    for question in now.framework.questions.values():
        if question.kind == "level":
            yield from _compare_levels(question.code, now, before)
    for pillar in now.framework.pillars:
        yield from _compare_scores(pillar.code, now, before)


def _compare_levels(code: str, now: Totals, before: Totals) -> Iterator[Measure]:
    current, former = now.list_public(code, _STANDARD), before.list_public(code, _STANDARD)
    steps = {c: current[c].number - former[c].number for c in current if c in former}
    inputs = {c: (*current[c].inputs, *_point_back(before, former[c].inputs)) for c in steps}
    up = {c for c, step in steps.items() if step > 0}
    down = {c for c, step in steps.items() if step < 0}
    yield from _count(now, code, inputs, up=up, down=down, method=LEVELS)


def _compare_scores(code: str, now: Totals, before: Totals) -> Iterator[Measure]:
    current = {part: now.list_public(code, part) for part in _PARTS}
    former = {part: before.list_public(code, part) for part in _PARTS}
    both = [c for c in current["score"] if c in former["score"]]
    inputs = {
        c: tuple(
            i
            for part in _PARTS
            for i in (*current[part][c].inputs, *_point_back(before, former[part][c].inputs))
        )
        for c in both
    }
    up = {c for c in both if current["low"][c].number > former["high"][c].number}
    down = {c for c in both if current["high"][c].number < former["low"][c].number}
    yield from _count(now, code, inputs, up=up, down=down, method=INTERVALS)


def _count(
    now: Totals,
    code: str,
    inputs: Mapping[str, tuple[str, ...]],
    *,
    up: set[str],
    down: set[str],
    method: str,
) -> Iterator[Measure]:
    if not inputs:
        return
    same = inputs.keys() - up - down
    for name, clusters in (("up", up), ("down", down), ("same", same)):
        yield now.measure(
            code,
            f"moves.{name}",
            method=method,
            number=float(len(clusters)),
            unit="count",
            year=now.edition.year,
            n=len(inputs),
            formula=f"{len(clusters)} of {len(inputs)} clusters with both editions",
            inputs=tuple(i for c in sorted(clusters) for i in inputs[c]),
        )


def _point_back(before: Totals, inputs: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{before.edition.edition}:{i}" for i in inputs)
