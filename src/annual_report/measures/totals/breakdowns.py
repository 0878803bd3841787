"""Table questions counted or summed over all clusters, by one or two of their choices."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TypeAlias

import pandas as pd

from annual_report.framework import Breakdown
from annual_report.measures.disclosure.audit import Address
from annual_report.measures.disclosure.suppression import Protected, audit_table, protect_table
from annual_report.measures.measure import Measure
from annual_report.measures.totals.stack import Contribution, Entry, sum_by_cluster
from annual_report.measures.totals.totals import SUM, Totals

ANY = "any"

_Sum: TypeAlias = tuple[str, str | None, frozenset[tuple[str, str]]]
"""What a sum is of, whichever table it stands in: table question, value, choices by column."""


def compute_breakdowns(totals: Totals) -> Iterator[Measure]:
    """Yield one total for each combination of choices, each margin and the whole.

    What would give a respondent away is withheld, and so is whatever would give that back; an
    audit by linear programming fails the build where an outsider could still place it.

    Raises
    ------
    DisclosureError
        If a withheld total can be placed too closely from the published ones.
    """
    for breakdown, protected in _protect_all(totals):
        if protected is not None and protected.withheld:
            audit_table(protected, p_percent=totals.edition.rules.disclosure.p_percent)
        yield from _list_totals(breakdown, totals, protected)


def _protect_all(totals: Totals) -> list[tuple[Breakdown, Protected | None]]:
    """Protect all breakdowns, until none publishes a sum that another one withholds."""
    every = totals.framework.breakdowns
    before = _protect_all(totals.before) if totals.before else [(b, None) for b in every]
    hidden: set[_Sum] = set()
    while True:
        found = [
            (breakdown, _protect(breakdown, totals, previous=previous, hidden=hidden))
            for breakdown, previous in before
        ]
        named = {_name_sum(b, a) for b, table in found if table for a in table.withheld}
        if named <= hidden:
            return found
        hidden |= named


def _name_sum(breakdown: Breakdown, address: Address) -> _Sum:
    path, column = address
    choices = {(breakdown.rows, choice) for choice in path}
    if column is not None:
        choices.add((breakdown.columns or "", column))
    return breakdown.table, breakdown.value, frozenset(choices)


def _find_address(breakdown: Breakdown, name: _Sum) -> Address | None:
    """Where a sum stands in a breakdown; None if it does not."""
    table, value, choices = name
    rest = dict(choices)
    row, column = rest.pop(breakdown.rows, None), rest.pop(breakdown.columns or "", None)
    if rest or (table, value) != (breakdown.table, breakdown.value):
        return None
    return () if row is None else (row,), column


def select_entries(breakdown: Breakdown, totals: Totals) -> list[Entry]:
    """Rows of the table that hold all that the breakdown needs."""
    entries = totals.stack.entries(breakdown.table)
    return [
        entry
        for entry in entries
        if all(column in entry.texts for column in _keys(breakdown))
        and (breakdown.value is None or breakdown.value in entry.numbers)
    ]


def _keys(breakdown: Breakdown) -> list[str]:
    return [breakdown.rows, *([breakdown.columns] if breakdown.columns else [])]


def _protect(
    breakdown: Breakdown,
    totals: Totals,
    *,
    previous: Protected | None,
    hidden: Collection[_Sum],
) -> Protected | None:
    entries = select_entries(breakdown, totals)
    if not entries:
        return None
    records = [
        {
            **{key: entry.texts[key] for key in _keys(breakdown)},
            "contributor": entry.cluster,
            "value": entry.numbers[breakdown.value] if breakdown.value else 1.0,
            "consent": _find_consent(entry, breakdown),
        }
        for entry in entries
    ]
    rules = totals.edition.rules.disclosure
    return protect_table(
        pd.DataFrame.from_records(records),
        rows=breakdown.rows,
        columns=breakdown.columns,
        minimum=rules.minimum_contributors,
        p_percent=rules.p_percent,
        previous=previous,
        also={a for name in hidden if (a := _find_address(breakdown, name)) is not None},
    )


def _find_consent(entry: Entry, breakdown: Breakdown) -> str:
    used = [*_keys(breakdown), *([breakdown.value] if breakdown.value else [])]
    private = any(entry.consents.get(column) == "aggregate only" for column in used)
    return "aggregate only" if private else "publish"


def _list_totals(
    breakdown: Breakdown, totals: Totals, protected: Protected | None
) -> Iterator[Measure]:
    table = totals.framework.tables[breakdown.table]
    entries = select_entries(breakdown, totals)
    rows = [None, *totals.codes(table.column(breakdown.rows).choices)]
    columns: Sequence[str | None] = (
        [None, *totals.codes(table.column(breakdown.columns).choices)]
        if breakdown.columns
        else [None]
    )
    withheld = protected.withheld if protected else frozenset()
    for row in rows:
        for column in columns:
            name = _name(breakdown, row, column)
            found = _contribute(entries, breakdown, row, column)
            unit = _find_unit(breakdown, totals)
            if ((row,) if row else (), column) in withheld:
                yield totals.withhold(breakdown.table, name, n=len(found), unit=unit, method=SUM)
            else:
                yield totals.measure(
                    breakdown.table,
                    name,
                    method=SUM,
                    unit=unit,
                    n=len(found),
                    number=float(sum(c.number for c in found)) if entries else None,
                    text=None if entries else "no cluster answered",
                    formula=f"sum over {len(found)} of {totals.of} clusters",
                    inputs=tuple(i for c in found for i in c.inputs),
                )


def _name(breakdown: Breakdown, row: str | None, column: str | None) -> str:
    parts = [breakdown.name, row or ANY]
    return ".".join([*parts, column or ANY] if breakdown.columns else parts)


def _contribute(
    entries: Sequence[Entry], breakdown: Breakdown, row: str | None, column: str | None
) -> list[Contribution]:
    part = [
        entry
        for entry in entries
        if row in (None, entry.texts[breakdown.rows])
        and (column is None or entry.texts[breakdown.columns or ""] == column)
    ]
    return sum_by_cluster(part, value=breakdown.value, columns=_keys(breakdown))


def _find_unit(breakdown: Breakdown, totals: Totals) -> str:
    if breakdown.value is None:
        return "count"
    column = totals.framework.tables[breakdown.table].column(breakdown.value)
    return totals.edition.currency if column.kind == "money" else column.unit or "count"
