"""Which published sums would give one respondent away, and what to withhold so that none does.

Respondents say for each field whether it may be published, used in totals only, or not used at
all. A sum that holds a value for totals only is *unsafe* with fewer than a minimum of
contributors, or when its second largest contributor could place the largest too closely (the p %
rule). Because published values can be taken off a sum by anybody, what is left of it has to be
safe too. Withheld with the unsafe sums is whatever would give them back: cells and subtotals of
the same table, and sums beside last year's.

The threshold and p belong to the settings, and their values stand in no message and no report.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from annual_report.errors import DisclosureError, MeasureError
from annual_report.measures.disclosure.audit import (
    GRAIN,
    Address,
    SumTable,
    build_table,
    find_complement,
    find_intervals,
    spell,
)
from annual_report.measures.disclosure.contributors import (
    Contributors,
    collect,
    group_contributions,
    take_usable,
)

Reason = Literal["unsafe", "difference", "complement"]

_LEAST_PERCENT = 0.1
"""Where p is 0 a withheld value must still not be known to the digit."""


@dataclass(frozen=True)
class Cell:
    """One sum of a table, as it may be shown.

    Parameters
    ----------
    row, column
        Its address: the path of groups from the coarsest down, ``()`` for all; the column, None
        for all.
    value
        The sum; None where it is withheld or nobody contributed.
    n
        How many contributed.
    reason
        Why it is withheld: ``unsafe`` by itself, by ``difference`` from last year's, or as the
        ``complement`` that would give another one away; None where it is not.
    """

    row: tuple[str, ...]
    column: str | None
    value: float | None
    n: int
    reason: Reason | None

    @property
    def withheld(self) -> bool:
        return self.reason is not None


@dataclass(frozen=True)
class Protected:
    """A table of sums, safe to publish: cells, subtotals and totals by address."""

    cells: Mapping[Address, Cell]
    contributors: Mapping[Address, Contributors] = field(repr=False)

    def find(self, *row: str, column: str | None = None) -> Cell:
        """Find one sum; no row gives the total over all rows, no column that over all columns.

        Raises
        ------
        MeasureError
            If the table has no such cell.
        """
        try:
            return self.cells[row, column]
        except KeyError:
            raise MeasureError("no such cell", found=spell((row, column))) from None

    @property
    def withheld(self) -> frozenset[Address]:
        return frozenset(address for address, cell in self.cells.items() if cell.withheld)


@dataclass(frozen=True)
class PlacedCell:
    """A withheld sum and the interval in which an outsider can place it."""

    row: tuple[str, ...]
    column: str | None
    low: float
    high: float


@dataclass(frozen=True)
class _Rule:
    minimum: int
    p_percent: float

    def is_safe(self, values: Iterable[float]) -> bool:
        sizes = sorted((abs(v) for v in values), reverse=True)
        if len(sizes) < self.minimum:
            return not sizes
        return sum(sizes[2:]) >= self.p_percent / 100 * sizes[0]

    def is_safe_sum(self, contributors: Contributors) -> bool:
        if not contributors.private:
            return True
        return self.is_safe(contributors.amounts.values()) and self.is_safe(
            contributors.private.values()
        )

    def protect(self, contributors: Contributors, least: float) -> float:
        """How far, up and down, an outsider must be left in doubt about a withheld sum."""
        size = sum(contributors.private.values())
        return max(self.p_percent, _LEAST_PERCENT) / 100 * (size or least)


def is_safe(values: Iterable[float], *, minimum: int, p_percent: float) -> bool:
    """Say whether a sum of these contributions gives none of them away.

    Unsafe with fewer than ``minimum`` contributors, or when ``X − x1 − x2 < (p/100)·x1`` with
    contributions sorted downward and total ``X``: the second largest contributor could then place
    the largest closer than p %. Signs do not count. Nothing contributed, nothing given away.

    Examples
    --------
    >>> is_safe([52_000, 50_000, 8_000], minimum=3, p_percent=10)
    True
    >>> is_safe([50_000, 49_000, 1_000], minimum=3, p_percent=10)
    False
    """
    return _Rule(minimum, p_percent).is_safe(values)


def is_safe_sum(contributions: pd.DataFrame, *, minimum: int, p_percent: float) -> bool:
    """Say whether one sum may be published, with the consent of each contributor.

    A sum of public values always may. Any other must be safe as a whole, and safe once everybody
    has taken off what is public.

    Parameters
    ----------
    contributions
        Columns ``contributor``, ``value``, ``consent``; several rows of a contributor add up, and
        rows with the consent ``do not use`` do not count.
    """
    rule = _Rule(minimum, p_percent)
    return rule.is_safe_sum(collect(zip(*take_usable(contributions), strict=True)))


def is_safe_difference(
    contributions: pd.DataFrame, other: pd.DataFrame, *, minimum: int, p_percent: float
) -> bool:
    """Say whether two sums may be published side by side.

    As for this year's total beside last year's, or beside that of the constant cohort. What a
    joiner or leaver reported is the difference, but for the changes of those in both: these hide
    it if enough contributors that are not public changed, and changed enough, also when the one
    who changed most knows its own part. Who published in one of the two only is a joiner or a
    leaver among those that did not.

    Parameters
    ----------
    contributions, other
        As for :func:`is_safe_sum`.
    """
    rule = _Rule(minimum, p_percent)
    first, second = (collect(zip(*take_usable(c), strict=True)) for c in (contributions, other))
    return _is_safe_difference(rule, first, second)


def protect_table(
    contributions: pd.DataFrame,
    *,
    rows: str | Sequence[str],
    columns: str | None = None,
    minimum: int,
    p_percent: float,
    previous: Protected | None = None,
    also: Collection[Address] = (),
    unpublished: Collection[Address] = (),
) -> Protected:
    """Sum contributions by group, with all subtotals and totals, and withhold what is unsafe.

    Withheld are: sums that are unsafe by themselves; sums whose difference from last year's
    published one is; sums that would give those back, found by linear programming so that an
    outsider cannot place an unsafe sum closer than p %; and further parts of a total as long as
    all its withheld parts together would be unsafe, since one of their contributors could take its
    own value off. Sums of public values are never withheld: everybody could add them up.

    Parameters
    ----------
    contributions
        One row a contribution: the key columns, ``contributor``, ``value`` (not negative) and
        ``consent``. Rows with the consent ``do not use`` do not count.
    rows
        Key column of the rows, or several from the coarsest group to the finest.
    columns
        Key column of the columns, for a two-way table.
    minimum, p_percent
        The rules, from the edition's settings.
    previous
        The same table of the previous edition, as it was protected then.
    also
        Sums that another table withholds, and that this one must not give back.
    unpublished
        Sums that nobody prints anyway: they are withheld for nothing, but not given back either.

    Returns
    -------
    Protected
        ``protected.find("Europe", column="committed")`` gives one sum; totals have fewer keys.

    Raises
    ------
    MeasureError
        If a column or a key is missing, or a value is missing or negative.

    Examples
    --------
    >>> money = pd.DataFrame({"country": ["NO", "NO", "NO", "SE"], "contributor": list("abcd"),
    ...                       "value": [5.0, 4.0, 3.0, 2.0], "consent": "aggregate only"})
    >>> table = protect_table(money, rows="country", minimum=3, p_percent=10)
    >>> [cell.reason for cell in table.cells.values()]
    [None, 'complement', 'unsafe']
    """
    rule = _Rule(minimum, p_percent)
    keys = [rows] if isinstance(rows, str) else list(rows)
    found = group_contributions(contributions, keys, columns)
    reasons: dict[Address, Reason] = {}
    for address, contributors in found.items():
        if not rule.is_safe_sum(contributors):
            reasons[address] = "unsafe"
        elif _is_published(previous, address) and not _is_safe_difference(
            rule, contributors, _find_contributors(previous, address)
        ):
            reasons[address] = "difference"
        elif address in also and contributors.private:
            reasons[address] = "complement"
    if reasons:
        for address in _find_complement(found, reasons, rule, unpublished):
            reasons.setdefault(address, "complement")
    cells = {
        address: Cell(
            *address,
            value=None if address in reasons or not c.amounts else c.total,
            n=len(c.amounts),
            reason=reasons.get(address),
        )
        for address, c in found.items()
    }
    return Protected(cells, found)


def audit_table(
    protected: Protected, *, p_percent: float, rounding: float = 0.0
) -> tuple[PlacedCell, ...]:
    """Place every withheld sum as an outsider could, and refuse a table that lets it be placed.

    The outsider knows the published sums as rounded, all values that are public, which sums add up
    to which, and that nothing is negative.

    Parameters
    ----------
    rounding
        What published figures are multiples of; 0 where they are printed in full.

    Raises
    ------
    DisclosureError
        If a sum that was withheld for its own sake can be placed closer than p %; names the cell.
    """
    if not protected.withheld:
        return ()
    rule = _Rule(0, p_percent)
    table = _build(protected.contributors)
    least = _find_least(protected.contributors)
    # intervals are no finer than this, in a table of large and small sums
    grain = GRAIN * max(c.total for c in protected.contributors.values())
    placed = []
    for address, (low, high) in find_intervals(
        table, protected.withheld, rounding=rounding
    ).items():
        contributors = protected.contributors[address]
        room = rule.protect(contributors, least)
        floor, value = contributors.public_total, contributors.total
        slack = max(1e-6 * max(room, value * 1e-6), grain)
        too_low = low > max(value - room, floor) + slack
        if protected.cells[address].reason != "complement" and (
            too_low or high < value + room - slack
        ):
            raise DisclosureError(
                "a withheld sum can be worked out from published ones",
                where=spell(address),
                do="withhold another cell of its row and column, or publish coarser groups",
            )
        placed.append(PlacedCell(*address, low=low, high=high))
    return tuple(placed)


def _find_complement(
    found: Mapping[Address, Contributors],
    reasons: Collection[Address],
    rule: _Rule,
    unpublished: Collection[Address],
) -> set[Address]:
    table, least = _build(found), _find_least(found)
    protection = {a: rule.protect(found[a], least) for a in reasons}
    withheld = {*reasons, *(a for a in unpublished if a in found)}
    while True:
        withheld = find_complement(table, withheld, protection)
        further = _find_thin_total(table, found, withheld, rule)
        if further is None:
            return withheld
        withheld.add(further)


def _find_thin_total(
    table: SumTable, found: Mapping[Address, Contributors], withheld: set[Address], rule: _Rule
) -> Address | None:
    """Find a cell to withhold where a published total leaves withheld parts that are unsafe."""
    for relation in table.relations:
        total = table.addresses[relation.total]
        parts = [table.addresses[i] for i in relation.parts]
        hidden = [a for a in parts if a in withheld]
        if total in withheld or not hidden:
            continue
        left: dict[str, float] = defaultdict(float)
        for address in hidden:
            for contributor, value in found[address].private.items():
                left[contributor] += value
        if rule.is_safe(left.values()):
            continue
        more = [a for a in parts if a not in withheld and found[a].private]
        return min(more, key=lambda a: (sum(found[a].private.values()), spell(a)), default=total)
    return None


def _is_published(previous: Protected | None, address: Address) -> bool:
    cell = previous.cells.get(address) if previous else None
    return cell is not None and cell.value is not None


def _find_contributors(previous: Protected | None, address: Address) -> Contributors:
    assert previous is not None
    return previous.contributors[address]


def _is_safe_difference(rule: _Rule, now: Contributors, before: Contributors) -> bool:
    names = now.private.keys() | before.private.keys()
    change = {
        name: abs(now.private.get(name, 0.0) - before.private.get(name, 0.0)) for name in names
    }
    moved = [name for name in names if (name in now.private) != (name in before.private)]
    if not moved:
        return True
    if sum(size > 0 for size in change.values()) < rule.minimum:
        return False
    for name in moved:
        others = sorted((size for other, size in change.items() if other != name), reverse=True)
        if sum(others[1:]) < rule.p_percent / 100 * change[name]:
            return False
    return True


def _build(found: Mapping[Address, Contributors]) -> SumTable:
    return build_table(
        {address: c.total for address, c in found.items()},
        floors={address: c.public_total for address, c in found.items()},
        known={address for address, c in found.items() if not c.private},
    )


def _find_least(found: Mapping[Address, Contributors]) -> float:
    """The smallest private sum above 0, in place of a private sum of 0."""
    sums = (sum(c.private.values()) for c in found.values())
    return min((s for s in sums if s > 0), default=1.0)
