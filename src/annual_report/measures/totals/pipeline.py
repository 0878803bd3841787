"""The projects of all clusters, before and past their final investment decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from annual_report.measures.indicators.finance import PAST_FID
from annual_report.measures.measure import ALL, Measure
from annual_report.measures.totals.ratios import add_totals, compute_ratio
from annual_report.measures.totals.totals import Totals

CODE = "pipeline"
BREAKDOWNS = {
    "count": "lever-stage",
    "capex": "lever-stage-capex",
    "expected": "lever-stage-expected",
}


def compute_pipeline(
    totals: Totals, published: Mapping[str, Measure], *, table: str
) -> Iterator[Measure]:
    """Yield number, capital cost and expected abatement of projects, and the part past decision.

    Added up from the published breakdowns by stage, so that they give nothing away that those
    withhold. A project without a cost or an expectation adds nothing to that sum.
    """
    stages = [c.code for c in totals.framework.choices[_name_list(totals, table)]]
    sides = {
        "all": stages,
        "before": [s for s in stages if s not in PAST_FID],
        "past": [s for s in stages if s in PAST_FID],
    }
    for name, breakdown in BREAKDOWNS.items():
        by_stage = {s: published.get(f"{ALL}.{table}.{breakdown}.any.{s}") for s in stages}
        whole = published[f"{ALL}.{table}.{breakdown}.any.any"]
        sums = {
            side: add_totals(
                totals, [by_stage[s] for s in chosen],
                code=CODE, name=f"{side}.{name}", unit=whole.unit or "count", n=whole.n,
            )
            for side, chosen in sides.items()
        }  # fmt: skip
        yield from sums.values()
        yield compute_ratio(totals, sums["past"], sums["all"], code=CODE, name=f"past-share.{name}")


def _name_list(totals: Totals, table: str) -> str:
    return totals.framework.tables[table].column("stage").choices or ""
