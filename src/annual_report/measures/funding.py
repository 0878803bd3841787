"""The investment plan over all clusters: what it costs, what has been found, what is to find."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from annual_report.measures.finance import COMMITTED, DISBURSED, SECURED
from annual_report.measures.measure import ALL, Measure
from annual_report.measures.ratios import add_totals, compute_ratio
from annual_report.measures.stack import Contribution, Entry, sum_by_cluster
from annual_report.measures.totals import WITHHELD, Totals

CODE = "funding"
METHOD = "funding by status, against the investment needed"
ANNOUNCED, TO_FIND = "announced", "to-find"
SECTORS = ("public", "private")


def compute_funding(
    totals: Totals, published: Mapping[str, Measure], *, table: str, need: str
) -> Iterator[Measure]:
    """Yield the plan and its parts over clusters that gave both the need and a table of funding.

    ``needed`` less ``disbursed``, ``committed`` and ``announced`` is ``to-find``: the same
    clusters stand behind all of them, so they add up. ``public-secured`` and ``private-secured``
    are what any cluster has secured, whether or not it says what it needs; they are added up from
    the published breakdown ``sector-status``, so that they give nothing away that it withholds.
    """
    yield from _compare_with_need(totals, published, table=table, need=need)
    unit = totals.edition.currency
    whole = published.get(f"{ALL}.{table}.sector-status.any.any")
    public, private = (
        add_totals(
            totals,
            [published.get(f"{ALL}.{table}.sector-status.{sector}.{s}") for s in SECURED],
            code=CODE, name=f"{sector}-secured", unit=unit, n=whole.n if whole else 0,
        )
        for sector in SECTORS
    )  # fmt: skip
    yield public
    yield private
    yield compute_ratio(totals, private, public, code=CODE, name="leverage", unit="ratio")


def _compare_with_need(
    totals: Totals, published: Mapping[str, Measure], *, table: str, need: str
) -> Iterator[Measure]:
    entries = [e for e in totals.stack.entries(table) if "status" in e.texts]
    funded = {c.cluster: c for c in _sum(entries)}
    needed = [c for c in totals.stack.contributions(need, "value.standard") if c.cluster in funded]
    both = {c.cluster for c in needed}
    within = [e for e in entries if e.cluster in both]
    unit = totals.edition.currency

    def total(name: str, contributions: Sequence[Contribution]) -> Measure:
        return totals.total(contributions, CODE, name, unit=unit, method=METHOD)

    whole = total("needed", needed)
    secured = total("secured", _sum(within, *SECURED))
    yield whole
    yield secured
    yield compute_ratio(totals, secured, whole, code=CODE, name="secured-share")
    to_find = total(TO_FIND, [_subtract(c, funded[c.cluster]) for c in needed])
    parts = {s: total(s, _sum(within, s)) for s in (DISBURSED, COMMITTED, ANNOUNCED)}
    hidden = {
        s for s in parts if _is_withheld(published.get(f"{ALL}.{table}.sector-status.any.{s}"))
    }
    yield from _hold_together(totals, [parts[DISBURSED], parts[COMMITTED]], hidden)
    yield from _hold_together(totals, [parts[ANNOUNCED], to_find], hidden)


def _hold_together(totals: Totals, pair: Sequence[Measure], hidden: set[str]) -> Iterator[Measure]:
    """Withhold both of two parts of a published sum where one of them has to be."""
    unsafe = any(_is_withheld(m) or m.measure in hidden for m in pair)
    for measure in pair:
        if not unsafe:
            yield measure
            continue
        yield totals.measure(
            CODE, measure.measure, method=METHOD, unit=measure.unit, n=measure.n, text=WITHHELD,
            year=totals.edition.year, formula=WITHHELD, consent="aggregate only",
        )  # fmt: skip


def _is_withheld(measure: Measure | None) -> bool:
    return measure is not None and measure.text == WITHHELD


def _sum(entries: Sequence[Entry], *statuses: str) -> list[Contribution]:
    chosen = [e for e in entries if not statuses or e.texts["status"] in statuses]
    return sum_by_cluster(chosen, value="amount", columns=("status",))


def _subtract(need: Contribution, found: Contribution) -> Contribution:
    strict = "publish" if need.consent == found.consent == "publish" else "aggregate only"
    inputs = (*need.inputs, *found.inputs)
    return Contribution(need.cluster, need.number - found.number, strict, inputs)
