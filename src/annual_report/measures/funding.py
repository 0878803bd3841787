"""The investment plan over all clusters: what it costs, what has been found, what is to find."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from annual_report.measures.finance import COMMITTED, DISBURSED, SECURED
from annual_report.measures.measure import Measure
from annual_report.measures.ratios import compute_ratio
from annual_report.measures.stack import Contribution, Entry, sum_by_cluster
from annual_report.measures.totals import Totals

CODE = "funding"
METHOD = "funding by status, against the investment needed"
ANNOUNCED = "announced"
SECTORS = ("public", "private")
_COLUMNS = ("sector", "status")


def compute_funding(totals: Totals, *, table: str, need: str) -> Iterator[Measure]:
    """Yield the plan and its parts over clusters that gave both the need and a table of funding.

    ``needed`` less ``disbursed``, ``committed`` and ``announced`` is ``to-find``: the same
    clusters stand behind all of them, so they add up. ``public`` and ``private`` are what any
    cluster has secured, whether or not it says what it needs.
    """
    entries = [e for e in totals.stack.entries(table) if "status" in e.texts]
    unit = totals.edition.currency
    funded = {c.cluster: c for c in _sum(entries)}
    needed = [c for c in totals.stack.contributions(need, "value.standard") if c.cluster in funded]
    both = {c.cluster for c in needed}
    within = [e for e in entries if e.cluster in both]
    whole = totals.total(needed, CODE, "needed", unit=unit, method=METHOD)
    secured = totals.total(_sum(within, *SECURED), CODE, "secured", unit=unit, method=METHOD)
    yield whole
    yield secured
    yield compute_ratio(totals, secured, whole, code=CODE, name="secured-share")
    for status in (DISBURSED, COMMITTED, ANNOUNCED):
        yield totals.total(_sum(within, status), CODE, status, unit=unit, method=METHOD)
    to_find = [_subtract(c, funded[c.cluster]) for c in needed]
    yield totals.total(to_find, CODE, "to-find", unit=unit, method=METHOD)
    yield from _split_sectors(totals, entries)


def _split_sectors(totals: Totals, entries: Sequence[Entry]) -> Iterator[Measure]:
    secured = [e for e in entries if e.texts["status"] in SECURED]
    public, private = (
        totals.total(
            _sum([e for e in secured if e.texts.get("sector") == sector]),
            CODE, f"{sector}-secured", unit=totals.edition.currency, method=METHOD,
        )
        for sector in SECTORS
    )  # fmt: skip
    yield public
    yield private
    yield compute_ratio(totals, private, public, code=CODE, name="leverage", unit="ratio")


def _sum(entries: Sequence[Entry], *statuses: str) -> list[Contribution]:
    chosen = [e for e in entries if not statuses or e.texts["status"] in statuses]
    return sum_by_cluster(chosen, value="amount", columns=_COLUMNS)


def _subtract(need: Contribution, found: Contribution) -> Contribution:
    strict = "publish" if need.consent == found.consent == "publish" else "aggregate only"
    inputs = (*need.inputs, *found.inputs)
    return Contribution(need.cluster, need.number - found.number, strict, inputs)
