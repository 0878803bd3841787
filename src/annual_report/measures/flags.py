"""What is computed from a queried answer is queried too, as far as its numbers go."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from annual_report.measures.measure import Measure
from annual_report.tables import QUERIED


def inherit_flags(measures: Iterable[Measure], queried: Collection[str]) -> list[Measure]:
    """Flag every measure that has a queried answer, or a measure made of one, among its inputs.

    Parameters
    ----------
    queried
        Addresses of answers, and of measures of other tables, that are queried.
    """
    listed, flagged = list(measures), set(queried)
    if not flagged:
        return listed
    while found := {
        m.id for m in listed if m.id not in flagged and not flagged.isdisjoint(m.inputs)
    }:
        flagged |= found
    return [replace(m, flag=QUERIED) if m.id in flagged else m for m in listed]
