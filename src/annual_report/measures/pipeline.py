"""The projects of all clusters, before and past their final investment decision."""

from __future__ import annotations

from collections.abc import Iterator

from annual_report.measures.finance import PAST_FID
from annual_report.measures.measure import Measure
from annual_report.measures.ratios import compute_ratio
from annual_report.measures.stack import Entry, sum_by_cluster
from annual_report.measures.totals import Totals

CODE = "pipeline"
METHOD = "projects by stage"
EXPECTED = "expected_abatement"


def compute_pipeline(totals: Totals, *, table: str) -> Iterator[Measure]:
    """Yield number, capital cost and expected abatement before and past the decision.

    A project without a stage is in neither; one without a cost or an expectation adds nothing to
    that sum. Shares are those past the decision of both together.
    """
    staged = [e for e in totals.stack.entries(table) if "stage" in e.texts]
    for name, value, unit in (
        ("count", None, "count"),
        ("capex", "capex", totals.edition.currency),
        ("expected", EXPECTED, "tCO2e/y"),
    ):
        sums = {}
        for side in ("all", "before", "past"):
            part = [e for e in staged if side == "all" or _is_past(e) == (side == "past")]
            found = sum_by_cluster(part, value=value, columns=("stage",))
            sums[side] = totals.total(found, CODE, f"{side}.{name}", unit=unit, method=METHOD)
        yield from sums.values()
        yield compute_ratio(totals, sums["past"], sums["all"], code=CODE, name=f"past-share.{name}")


def _is_past(entry: Entry) -> bool:
    return entry.texts["stage"] in PAST_FID
