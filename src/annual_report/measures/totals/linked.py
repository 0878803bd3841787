"""Totals that are sums of other totals: what one of them withholds, the others must not give back.

A headline adds up several questions, and the framework's checks say of some questions that they
are the parts of another. The clusters behind a whole and behind its parts need not be the same:
who answered some parts only is in no whole, and who knows only the whole is in no part.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from annual_report.framework import Framework
from annual_report.measures.disclosure.audit import Address
from annual_report.measures.disclosure.suppression import (
    audit_table,
    is_safe_difference,
    protect_table,
)
from annual_report.measures.totals.stack import Contribution, Stack, to_contributions

Name = tuple[str, str]
"""Code and name of a total over all clusters, such as ``CLU-08``, ``value.total``."""

_REST = "rest"
_INSIDE, _OUTSIDE = "in the whole", "not in the whole"


@dataclass(frozen=True)
class Sum:
    """One total over all clusters: its name, and code and measure of what it adds up."""

    name: Name
    adds: tuple[str, str]


@dataclass(frozen=True)
class Relation:
    """A total that is, cluster by cluster, the sum of others."""

    whole: Sum
    parts: tuple[Sum, ...]


def list_relations(framework: Framework) -> Iterator[Relation]:
    """Yield which totals of a framework add up to which."""
    for headline in framework.headlines:
        whole = Sum((headline.code, "total"), (headline.code, "value"))
        yield _relate(whole, headline.questions, "value")
    for check in framework.checks:
        if check.rule == "sum_of_parts":
            parts, fields = (check.parameters[name] for name in ("parts", "fields"))
            for field in fields if isinstance(fields, tuple) else ():
                whole = _name_question(str(check.parameters["total"]), field)
                yield _relate(whole, parts if isinstance(parts, tuple) else (), field)


def _relate(whole: Sum, codes: tuple[str, ...], field: str) -> Relation:
    return Relation(whole, tuple(_name_question(code, field) for code in codes))


def find_linked(
    stack: Stack,
    framework: Framework,
    *,
    minimum: int,
    p_percent: float,
    before: Stack | None = None,
) -> frozenset[Name]:
    """Find the totals to withhold so that no whole and no part gives another one back.

    Parameters
    ----------
    before
        What last year's totals were made of: one that would give a joiner or a leaver away beside
        last year's is not to be had from its parts either.

    Raises
    ------
    DisclosureError
        If an outsider could still place a withheld total too closely.
    """
    relations = list(list_relations(framework))
    hidden = set[Name]()
    for one in {one for relation in relations for one in (relation.whole, *relation.parts)}:
        now = stack.contributions(*one.adds)
        then = before.contributions(*one.adds) if before else ()
        if then and not is_safe_difference(
            to_contributions(now), to_contributions(then), minimum=minimum, p_percent=p_percent
        ):
            hidden.add(one.name)
    while True:
        found = set[Name]()
        for relation in relations:
            found |= _protect(relation, stack, hidden, minimum, p_percent)
        if found <= hidden:
            return frozenset(hidden)
        hidden |= found


def _name_question(code: str, field: str) -> Sum:
    return Sum((code, f"{field}.total"), (code, f"{field}.standard"))


def _protect(
    relation: Relation, stack: Stack, hidden: set[Name], minimum: int, p_percent: float
) -> set[Name]:
    rows = list(_list_rows(relation, stack))
    if all(consent == "publish" for *_, consent in rows):
        return set()
    places: dict[Address, Name] = {
        **{((part.name[0],), None): part.name for part in relation.parts},
        ((), _INSIDE): relation.whole.name,
    }
    columns = ["row", "column", "contributor", "value", "consent"]
    frame = pd.DataFrame.from_records(rows, columns=columns)
    inner = {((), None), ((), _OUTSIDE), ((_REST,), None)}
    inner |= {((row,), column) for row, column in zip(frame["row"], frame["column"], strict=True)}
    protected = protect_table(
        frame,
        rows="row",
        columns="column",
        minimum=minimum,
        p_percent=p_percent,
        also={address for address, name in places.items() if name in hidden},
        unpublished=inner,
    )
    audit_table(protected, p_percent=p_percent)
    return {places[address] for address in protected.withheld if address in places}


def _list_rows(relation: Relation, stack: Stack) -> Iterator[tuple[str, str, str, float, str]]:
    parts = {
        part.name[0]: {c.cluster: c for c in stack.contributions(*part.adds)}
        for part in relation.parts
    }
    whole = {c.cluster: c for c in stack.contributions(*relation.whole.adds)}
    inside = {c for c in whole if all(c in part for part in parts.values())}
    for code, part in parts.items():
        for cluster, one in part.items():
            yield _make_row(code, _INSIDE if cluster in inside else _OUTSIDE, one)
    for cluster, one in whole.items():
        if cluster not in inside:
            yield _make_row(_REST, _INSIDE, one)


def _make_row(row: str, column: str, one: Contribution) -> tuple[str, str, str, float, str]:
    return row, column, one.cluster, one.number, one.consent
