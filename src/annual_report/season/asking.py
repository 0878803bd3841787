"""What may be asked of an edition by name, and the nearest names where there is none such."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches

import pandas as pd

from annual_report.errors import ExhibitError
from annual_report.framework import Framework

OVER_ALL = ("abatement", "funding", "pipeline", "register", "restated")
"""Codes under which there are totals only."""
OF_CLUSTERS = (
    "value", "share", "verdict", "elapsed", "required", "observed", "acceleration",
    "score", "low", "high", "coverage",
)  # fmt: skip
"""Measures of indicators, headlines and pillars."""
STATISTICS = ("value", "baseline", "target", "median", "total", "score", "count", "moves", "any")
"""Parts of the names of totals that do not depend on what was answered."""
_ALIKE = 0.8
_LISTED = 40


def check_name(name: str, known: Collection[str], what: str) -> None:
    """See that there is something of this name.

    Raises
    ------
    ExhibitError
        If not, with the names that are nearest to it, or all where none is near.

    Examples
    --------
    >>> check_name("POL-1", ["POL-01", "FIN-01"], "question")
    Traceback (most recent call last):
    ...
    annual_report.errors.ExhibitError: there is no question POL-1; expected: POL-01
    """
    if name in known:
        return
    near = get_close_matches(name, known, n=3)
    expected = near or [*sorted(known)[:_LISTED], *(["…"] if len(known) > _LISTED else [])]
    raise ExhibitError(f"there is no {what} {name}", expected=", ".join(expected))


def check_column(frame: pd.DataFrame, *names: str) -> None:
    """See that a frame has columns of these names; see `check_name`."""
    known = [*map(str, frame.columns)]
    for name in names:
        check_name(name, known, "column")


def check_spelling(measure: str, known: Iterable[str], code: str) -> None:
    """See that the statistic in the name of a total is not misspelt.

    Whether there is a total of a choice or a verdict depends on what was answered.

    Raises
    ------
    ExhibitError
        If the name has a part that is spelt much like a statistic which is there under the code.
    """
    parts = {part for name in known for part in name.split(".")} & {*STATISTICS}
    for part in measure.split("."):
        near = [] if part in STATISTICS else get_close_matches(part, parts, n=1, cutoff=_ALIKE)
        if near:
            raise ExhibitError(
                f"there is no total {measure} under {code}",
                expected=measure.replace(part, near[0]),
                do="season.totals lists those there are",
            )


def list_codes(framework: Framework) -> list[str]:
    """List every code under which something may be measured."""
    return [
        *framework.questions,
        *framework.tables,
        *(indicator.code for indicator in framework.indicators),
        *(headline.code for headline in framework.headlines),
        *(pillar.code for pillar in framework.pillars),
        *OVER_ALL,
    ]
