"""The investment plan over all clusters: what it costs, what has been found, what is to find."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from annual_report.measures.indicators.finance import COMMITTED, DISBURSED, SECURED
from annual_report.measures.measure import ALL, Measure
from annual_report.measures.totals.ratios import add_totals, compute_ratio
from annual_report.measures.totals.stack import Contribution, Entry, sum_by_cluster
from annual_report.measures.totals.totals import NOBODY, WITHHELD, Totals

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
    every, within = _list_sums(totals, table=table, need=need)
    # who is left out here stands in the sums over all clusters, which are published too
    others = [every, *(_list_sums(totals.before, table=table, need=need) if totals.before else ())]

    def total(name: str) -> Measure:
        unit, beside = totals.edition.currency, (sums[name] for sums in others)
        return totals.total(within[name], CODE, name, unit=unit, method=METHOD, beside=beside)

    whole, found = total("needed"), total("found")
    if totals.is_given_back(within["needed"], published.get(f"{ALL}.{need}.value.total")):
        whole = _withhold(totals, whole)
    parts = {s: total(s) for s in (DISBURSED, COMMITTED, ANNOUNCED, "secured")}
    if within["needed"]:
        parts = {name: _read_as_zero(part) for name, part in parts.items()}
    unsafe = {name for name, part in parts.items() if _is_withheld(part)}
    unsafe |= {s for s in parts if _is_withheld(published.get(_name_margin(table, s)))}
    hidden = _complete(unsafe, all_parts=_is_withheld(whole) or _is_withheld(found))
    for name in hidden:
        parts[name] = _withhold(totals, parts[name])
    if _is_withheld(whole) or _is_withheld(found):
        found = _withhold(totals, found)
    yield whole
    yield found
    yield from parts.values()
    yield _subtract(totals, whole, found)
    yield compute_ratio(totals, parts["secured"], whole, code=CODE, name="secured-share")


def _list_sums(
    totals: Totals, *, table: str, need: str
) -> tuple[dict[str, list[Contribution]], dict[str, list[Contribution]]]:
    """What stands behind each sum: over all clusters, and over those that gave need and table."""
    entries = [e for e in totals.stack.entries(table) if "status" in e.texts]
    funded = {c.cluster for c in _sum(entries)}
    needed = totals.stack.contributions(need, "value.standard")
    within = [c for c in needed if c.cluster in funded]
    both = {c.cluster for c in within}
    kinds: dict[str, tuple[str, ...]] = {
        "found": (),
        **{s: (s,) for s in (DISBURSED, COMMITTED, ANNOUNCED)},
        "secured": tuple(SECURED),
    }
    every = {name: _sum(entries, *statuses) for name, statuses in kinds.items()}
    mine = [e for e in entries if e.cluster in both]
    part = {name: _sum(mine, *statuses) for name, statuses in kinds.items()}
    return {"needed": needed, **every}, {"needed": within, **part}


def _complete(unsafe: set[str], *, all_parts: bool) -> set[str]:
    """What else has to be withheld, so that no sum gives an unsafe part back.

    Disbursed and committed make secured; secured and announced make what was found.
    """
    hidden = set(unsafe)
    if all_parts or hidden & {"secured", ANNOUNCED}:
        hidden |= {"secured", ANNOUNCED}
    if hidden & {"secured", DISBURSED, COMMITTED}:
        hidden |= {DISBURSED, COMMITTED}
    return hidden


def _read_as_zero(part: Measure) -> Measure:
    """A status that no row of these tables has: nothing, and not unknown."""
    if part.text != NOBODY:
        return part
    return replace(part, number=0.0, text=None, formula="no row of this status")


def _withhold(totals: Totals, part: Measure) -> Measure:
    return totals.measure(
        CODE, part.measure, method=METHOD, unit=part.unit, n=part.n, text=WITHHELD,
        formula=WITHHELD, consent="aggregate only",
    )  # fmt: skip


def _subtract(totals: Totals, whole: Measure, found: Measure) -> Measure:
    """What is still to find; negative where more was found than is needed."""
    if WITHHELD in (whole.text, found.text):
        return _withhold(totals, replace(found, measure=TO_FIND))
    number, formula = None, ""
    if whole.number is not None and found.number is not None:
        number = whole.number - found.number
        formula = f"{whole.number:,.6g} needed − {found.number:,.6g} found"
    return totals.measure(
        CODE, TO_FIND, method=METHOD, number=number, unit=whole.unit, n=whole.n,
        formula=formula, inputs=(whole.id, found.id), text=None if formula else NOBODY,
    )  # fmt: skip


def _name_margin(table: str, status: str) -> str:
    return f"{ALL}.{table}.sector-status.any.{status}"


def _is_withheld(measure: Measure | None) -> bool:
    return measure is not None and measure.text == WITHHELD


def _sum(entries: Sequence[Entry], *statuses: str) -> list[Contribution]:
    chosen = [e for e in entries if not statuses or e.texts["status"] in statuses]
    return sum_by_cluster(chosen, value="amount", columns=("status",))
