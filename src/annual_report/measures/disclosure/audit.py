"""What an outsider can work out about withheld cells from the published ones.

A published table is a set of sums. Whoever knows which cells add up to which total, that no cell is
negative and how figures are rounded can place every withheld cell in an interval; a linear
programme finds its ends, and another one the cheapest cells to withhold besides, so that the
interval is wide enough. For the method see chapter 4 of the *Handbook on Statistical Disclosure
Control* (Hundepool and others), for the words: a withheld cell is *suppressed* there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from annual_report.errors import MeasureError

Address: TypeAlias = tuple[tuple[str, ...], str | None]
"""Row path from the coarsest group down, and column; ``()`` and ``None`` are the totals."""

_Floats = npt.NDArray[np.float64]
# The solver's tolerance is absolute, 1e-7: let the largest cell be this much
_SCALE = 1e6
_DECIMALS = 5
GRAIN = 2 * 10.0**-_DECIMALS / _SCALE
"""How finely an end of an interval is known, as a share of the largest cell."""


@dataclass(frozen=True)
class Relation:
    """A total and the parts that add up to it, as positions in the table."""

    total: int
    parts: tuple[int, ...]


@dataclass(frozen=True)
class SumTable:
    """Cells, and which of them add up to which.

    Parameters
    ----------
    floors
        What an outsider knows to be in each cell at least: 0, or what its members published.
    known
        Whether an outsider knows the cell without being told, as one that nobody contributed to.
    """

    addresses: tuple[Address, ...]
    values: _Floats
    floors: _Floats
    known: npt.NDArray[np.bool_]
    relations: tuple[Relation, ...]

    @property
    def matrix(self) -> _Floats:
        """One row a relation: its product with the values is zero."""
        matrix = np.zeros((len(self.relations), len(self.addresses)))
        for row, relation in enumerate(self.relations):
            matrix[row, relation.total] = -1.0
            matrix[row, list(relation.parts)] = 1.0
        return matrix


def build_table(
    values: Mapping[Address, float],
    *,
    floors: Mapping[Address, float] | None = None,
    known: Collection[Address] = (),
) -> SumTable:
    """Build a table from its cells and totals; what adds up to what follows from the addresses.

    Raises
    ------
    MeasureError
        If a value is below its floor or not finite, or parts do not add up to their total.
    """
    addresses = tuple(values)
    numbers = np.array([values[a] for a in addresses], dtype=float)
    least = np.array([(floors or {}).get(a, 0.0) for a in addresses], dtype=float)
    slack = 1e-9 * max(float(np.abs(numbers).max(initial=0.0)), 1.0)
    if not (np.isfinite(numbers).all() and (numbers >= least - slack).all()):
        raise MeasureError("a table to protect takes finite values that are not negative")
    table = SumTable(
        addresses,
        numbers,
        np.minimum(least, numbers),
        np.array([a in known for a in addresses], dtype=bool),
        tuple(_find_relations(addresses)),
    )
    gaps = np.abs(table.matrix @ numbers)
    if len(gaps) and gaps.max() > slack:
        total = table.relations[int(gaps.argmax())].total
        raise MeasureError("parts do not add up to their total", where=spell(addresses[total]))
    return table


def find_intervals(
    table: SumTable, withheld: Collection[Address], *, rounding: float = 0.0
) -> dict[Address, tuple[float, float]]:
    """Find the interval in which an outsider can place each withheld cell.

    Parameters
    ----------
    rounding
        What published figures are multiples of; 0 where they are printed in full. A published
        figure then says no more than that the value is within half a step of it.

    Examples
    --------
    >>> rows, columns = ("a", "b"), ("x", "y")
    >>> cells = {(("a",), "x"): 4, (("a",), "y"): 3, (("b",), "x"): 2, (("b",), "y"): 1}
    >>> margins = {(("a",), None): 7, (("b",), None): 3, ((), "x"): 6, ((), "y"): 4, ((), None): 10}
    >>> find_intervals(build_table({**cells, **margins}), cells)[("a",), "x"]
    (3.0, 6.0)
    """
    scale = _SCALE / (float(table.values.max(initial=0.0)) or 1.0)
    lower, upper = table.values.copy(), table.values.copy()
    if rounding > 0:
        shown = np.round(table.values / rounding) * rounding
        lower = np.where(table.known, lower, np.maximum(shown - rounding / 2, table.floors))
        upper = np.where(table.known, upper, shown + rounding / 2)
    hidden = np.array([a in withheld for a in table.addresses], dtype=bool) & ~table.known
    lower[hidden], upper[hidden] = table.floors[hidden], np.inf
    bounds = np.column_stack([lower, upper]) * scale
    matrix = table.matrix
    intervals = {}
    for i, address in enumerate(table.addresses):
        if address in withheld:
            low = _tidy(_find_end(i, matrix, bounds, sign=1) / scale, scale)
            high = _tidy(_find_end(i, matrix, bounds, sign=-1) / scale, scale)
            # the value itself is always possible, however large a cell beside it
            value = float(table.values[i])
            intervals[address] = (min(low, value), max(high, value))
    return intervals


def find_complement(
    table: SumTable, withheld: Collection[Address], protection: Mapping[Address, float]
) -> set[Address]:
    """Find cells to withhold besides, so that each protected one can move as far as it must.

    For each protected cell, upwards and downwards: the cheapest way for the table to keep all its
    sums while that cell moves by its protection. Every cell that moves has to be withheld too.
    Cells already withheld move for free, the others at the price of their value.

    Parameters
    ----------
    protection
        How far each cell must be able to move; downwards no further than to its floor.

    Returns
    -------
    set
        The cells to withhold, with those that were withheld before.
    """
    room = table.values - table.floors
    result = set(withheld)
    for address, distance in sorted(
        protection.items(), key=lambda item: (-item[1], spell(item[0]))
    ):
        i = table.addresses.index(address)
        for move in (distance, -min(distance, room[i])):
            if move != 0:
                result |= _find_moves(i, move, room, table, result)
    return result


def spell(address: Address) -> str:
    """Spell an address for people: ``Europe, Norway / disbursed``."""
    path, column = address
    return ", ".join(path or ("all",)) + ("" if column is None else f" / {column}")


def _find_relations(addresses: tuple[Address, ...]) -> Iterator[Relation]:
    position = {address: i for i, address in enumerate(addresses)}
    parts: dict[tuple[str, Address], list[int]] = defaultdict(list)
    for (path, column), i in position.items():
        if path:
            parts["rows", (path[:-1], column)].append(i)
        if column is not None:
            parts["columns", (path, None)].append(i)
    for (_, total), members in parts.items():
        if total in position:
            yield Relation(position[total], tuple(members))


def _find_end(i: int, matrix: _Floats, bounds: _Floats, *, sign: int) -> float:
    cost = np.zeros(len(bounds))
    cost[i] = sign
    result = _solve(cost, matrix, bounds)
    if result.status == 3:  # unbounded
        return sign * -np.inf
    if result.status != 0:
        raise MeasureError("a table cannot be audited", found=str(result.message))
    return float(sign * result.fun)


def _find_moves(
    i: int, move: float, room: _Floats, table: SumTable, withheld: Collection[Address]
) -> set[Address]:
    """Find which cells move along when one must; ``room`` is how far each can go down."""
    count = len(room)
    hidden = np.array([a in withheld for a in table.addresses])
    # what is withheld costs next to nothing; an empty cell costs something, so that few move
    price = np.where(hidden, 1e-6, 1.0 + room / (room.max() or 1.0) * count)
    # no cell has to go further than all together, which keeps the numbers of a size
    scale = 1e3 / abs(move)
    up = np.where(table.known, 0.0, 1e3 * count)
    down = np.where(table.known, 0.0, np.minimum(room * scale, 1e3 * count))
    limits = np.column_stack([np.zeros(2 * count), np.concatenate([up, down])])
    limits[i] = max(move, 0.0) * scale
    limits[count + i] = max(-move, 0.0) * scale
    result = _solve(
        np.concatenate([price, price]), np.hstack([table.matrix, -table.matrix]), limits
    )
    if result.status != 0:
        raise MeasureError(
            "no way to protect a cell", where=spell(table.addresses[i]), found=str(result.message)
        )
    net = np.abs(result.x[:count] - result.x[count:])
    return {table.addresses[j] for j in np.flatnonzero(net > 1e-3)}


def _solve(cost: _Floats, matrix: _Floats, bounds: _Floats) -> Any:
    """Minimise a cost over all tables that keep their sums within bounds."""
    from scipy.optimize import linprog  # takes a second, and most tables withhold nothing

    return linprog(cost, A_eq=matrix, b_eq=np.zeros(len(matrix)), bounds=bounds)


def _tidy(end: float, scale: float) -> float:
    """Take off what the solver's tolerance leaves."""
    if not np.isfinite(end):
        return end
    return float(np.round(end * scale, _DECIMALS) / scale) + 0.0
