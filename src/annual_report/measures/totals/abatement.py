"""Where the reduction potential stands: delivered, decided, in the pipeline, unallocated."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from annual_report.measures.indicators.finance import PAST_FID
from annual_report.measures.measure import ALL, Measure
from annual_report.measures.totals.stack import Contribution, Entry
from annual_report.measures.totals.totals import WITHHELD, Totals

CODE = "abatement"
UNIT = "tCO2e/y"
METHOD = "projects by state, against the reduction potential"
STATES = ("delivered", "decided", "pipeline")
BREAKDOWNS = ("lever-stage-expected", "lever-stage-delivered")


def split_abatement(entry: Entry, state: str) -> float | None:
    """What one project adds to a state, t CO2e a year; None where it says nothing of it.

    Delivered is what it delivers today. What it is expected to bring beyond that is decided once
    it is past its final investment decision, and in the pipeline before.
    """
    delivered = entry.numbers.get("delivered_abatement")
    if state == "delivered":
        return delivered
    expected = entry.numbers.get("expected_abatement")
    if expected is None or "stage" not in entry.texts:
        return None
    is_decided = entry.texts["stage"] in PAST_FID
    if is_decided != (state == "decided"):
        return None
    return max(0.0, expected - (delivered or 0.0))


def compute_abatement(
    totals: Totals, published: Mapping[str, Measure], *, table: str, potential: str
) -> Iterator[Measure]:
    """Yield the abatement of each lever and state, and what no project covers yet.

    Unallocated is the reduction potential of the clusters that answered it, less the projects of
    those same clusters; it is not shown where they promise more than their potential. What the
    published breakdowns withhold of a lever is not given back by its states, and what a state
    withholds not by what is unallocated.
    """
    hidden = False
    entries = [e for e in totals.stack.entries(table) if "lever" in e.texts]
    levers = totals.framework.choices[totals.framework.tables[table].column("lever").choices or ""]
    before = {lever.code: _select(totals.before, table, lever.code) for lever in levers}
    for lever in levers:
        part = _select(totals, table, lever.code)
        in_breakdown = _is_withheld(published, table, lever.code)
        for state in STATES:
            found = _contribute(part, partial(split_abatement, state=state))
            name = f"{lever.code}.{state}"
            former = _contribute(before[lever.code], partial(split_abatement, state=state))
            measure = totals.total(found, CODE, name, unit=UNIT, method=METHOD, beside=(former,))
            if in_breakdown and found:
                measure = totals.withhold(CODE, name, n=len(found), unit=UNIT, method=METHOD)
            hidden |= measure.text == WITHHELD
            yield measure
    whole = {c.cluster: c for c in totals.stack.contributions(potential, "value.standard")}
    within = [e for e in entries if e.cluster in whole]
    covered = _contribute(within, _sum_states)
    allocated = {c.cluster: c for c in covered}
    unit = totals.framework.questions[potential].unit
    scale = 1e6 if unit == "MtCO2e/y" else 1.0
    rest = [
        Contribution(
            cluster,
            c.number * scale - (allocated[cluster].number if cluster in allocated else 0.0),
            c.consent,
            (*c.inputs, *(allocated[cluster].inputs if cluster in allocated else ())),
        )
        for cluster, c in whole.items()
    ]
    if hidden or totals.is_given_back(rest, published.get(f"{ALL}.{potential}.value.total")):
        yield totals.withhold(CODE, "unallocated", n=len(rest), unit=UNIT, method=METHOD)
    elif rest and sum(c.number for c in rest) >= 0:
        yield totals.total(rest, CODE, "unallocated", unit=UNIT, method=METHOD)


def _select(totals: Totals | None, table: str, lever: str) -> list[Entry]:
    entries = totals.stack.entries(table) if totals else []
    return [entry for entry in entries if entry.texts.get("lever") == lever]


def _is_withheld(published: Mapping[str, Measure], table: str, lever: str) -> bool:
    """Whether a breakdown withholds anything of a lever."""
    begins = tuple(f"{ALL}.{table}.{name}.{lever}." for name in BREAKDOWNS)
    return any(m.text == WITHHELD for key, m in published.items() if key.startswith(begins))


def _sum_states(entry: Entry) -> float | None:
    parts = [split_abatement(entry, state) for state in STATES]
    known = [part for part in parts if part is not None]
    return sum(known) if known else None


def _contribute(
    entries: Sequence[Entry], value: Callable[[Entry], float | None]
) -> list[Contribution]:
    by_cluster: dict[str, list[tuple[Entry, float]]] = {}
    for entry in entries:
        number = value(entry)
        if number is not None:
            by_cluster.setdefault(entry.cluster, []).append((entry, number))
    return [
        Contribution(
            cluster,
            sum(number for _, number in rows),
            _consent([entry for entry, _ in rows]),
            tuple(i for entry, _ in rows for i in _inputs(entry)),
        )
        for cluster, rows in by_cluster.items()
    ]


_USED = ("stage", "expected_abatement", "delivered_abatement")


def _inputs(entry: Entry) -> tuple[str, ...]:
    return tuple(entry.ids[c] for c in _USED if c in entry.ids)


def _consent(entries: Sequence[Entry]) -> str:
    private = any(e.consents.get(c, "publish") != "publish" for e in entries for c in _USED)
    return "aggregate only" if private else "publish"
