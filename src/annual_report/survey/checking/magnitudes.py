"""Numbers whose size is hard to believe, each found once, with what was likely meant.

A number is asked about when it is outside of a plausible range, when it is about a thousand, a
million or twelve times last edition's (or a part of it), or when baseline, value and target of one
question lie so far apart. Where two answers do not go together, the one is asked about whose likely
reading puts most of the return right.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from annual_report.survey.checking.sizes import VALUE, Bound, Key, Size, list_bounds

FAR = 1000
"""A number that is likely so many times off is in no figure until it is explained."""
MANY = 3
"""Rows of one column that are doubted: they are read alike, and one query is enough."""
THOUSANDS = (1e3, 1e6, 1e-3, 1e-6)
MONTHS = (12.0, 1 / 12)
SHARES = (100.0, 0.01)
_TOLERANCE, _NARROW = 0.3, 0.1
"""How near two editions' quotient comes to a factor; a smaller factor leaves less room."""
_NEAR, _LESS_NEAR = 3, 2.5
"""Siblings that differ by less go together, for a factor of thousands and for a smaller one."""
_ORDER = ("baseline", VALUE, "target")


@dataclass(frozen=True)
class Doubt:
    """One number that is asked about.

    Parameters
    ----------
    factor
        What the number is likely to be multiplied with; None where no reading fits.
    bound
        The range that it is outside of, if it is.
    sibling
        The other number of its question that it is held against, if it is.
    is_used
        False where it is so far off that no figure may be made of it.
    """

    size: Size
    factor: float | None
    bound: Bound | None
    sibling: str | None
    is_used: bool


@dataclass
class _Case:
    """The sizes of a return while they are judged."""

    sizes: Mapping[Key, Size]
    bounds: tuple[Bound, ...]
    doubted: set[Key] = field(default_factory=set)

    @cached_property
    def _by_part(self) -> dict[Key, list[Bound]]:
        found: dict[Key, list[Bound]] = {}
        for bound in self.bounds:
            for part in bound.parts:
                found.setdefault(part.key, []).append(bound)
        return found

    def about(self, size: Size) -> list[Bound]:
        """The ranges that a size has a part in, those with another doubtful part left out."""
        return [
            bound
            for bound in self._by_part.get(size.key, [])
            if all(part.key == size.key or part.key not in self.doubted for part in bound.parts)
        ]


def find_doubts(sizes: Mapping[Key, Size]) -> tuple[Doubt, ...]:
    """Find the numbers to ask about, in the order of the return."""
    case = _Case(sizes, tuple(list_bounds(sizes)))
    for size in sizes.values():
        if not size.settled and _is_odd_alone(size, case):
            case.doubted.add(size.key)
    _blame(case)
    doubts = [_make_doubt(size, case) for key, size in sizes.items() if key in case.doubted]
    return tuple(_agree(doubts, case))


def _agree(doubts: Sequence[Doubt], case: _Case) -> Iterator[Doubt]:
    """Read many rows of one column alike: who types one in millions types the others so too."""
    columns: dict[tuple[str, str], list[Doubt]] = {}
    for doubt in doubts:
        question, row, name = doubt.size.key
        if row:
            columns.setdefault((question, name), []).append(doubt)
    common = {c: _find_common(rows, case) for c, rows in columns.items() if len(rows) >= MANY}
    for doubt in doubts:
        question, row, name = doubt.size.key
        factor = common.get((question, name)) if row else None
        is_fitting = factor is not None and _fits(doubt.size, factor, case.about(doubt.size))
        yield _make_doubt(doubt.size, case, common=factor) if is_fitting else doubt


def _find_common(doubts: Sequence[Doubt], case: _Case) -> float | None:
    """The factor that fits most rows of a column, and leaves them nearest to the usual."""
    sizes = [replace(doubt.size, peers=None) for doubt in doubts]
    found = []
    for factor in list_factors(sizes[0]):
        rows = [(size, about) for size in sizes if _fits(size, factor, about := case.about(size))]
        strange = sum(_find_strangeness(size, factor, about) for size, about in rows)
        found.append((len(rows), -strange, factor))
    most, _, factor = max(found)
    return factor if most > len(doubts) / 2 else None


def _is_odd_alone(size: Size, case: _Case) -> bool:
    if size.refused or _is_far_from_former(size) or _find_odd_sibling(size) is not None:
        return True
    return any(bound.other is None and bound.is_broken for bound in case.about(size))


def _blame(case: _Case) -> None:
    """Of answers that do not go together, doubt the ones that explain most, until all is said.

    One that is as last year is not at fault where the other is not.
    """
    # where many rows do not go together, a column as a whole was typed otherwise
    crowd = Counter(_name_column(part) for pair in _list_broken(case) for part in pair)
    while broken := list(_list_broken(case)):
        parts = [part for pair in broken for part in pair if not part.settled]
        votes = Counter(part.key for part in parts)
        gains = {part.key: _find_gain(part, case) for part in parts}
        gains |= {
            part.key: _find_column_gain(part, case)
            for part in parts
            if part.key[1] and crowd[_name_column(part)] >= MANY
        }
        new = {part.key for part in parts if not _is_as_before(part)}
        case.doubted.add(max(votes, key=lambda key: (key in new, votes[key], gains[key])))


def _list_broken(case: _Case) -> Iterator[tuple[Size, Size]]:
    """Yield pairs that cannot both be right and of which neither is doubted yet."""
    pairs = [(b.size, b.other) for b in case.bounds if b.other is not None and b.is_broken]
    pairs += [pair for size in case.sizes.values() for pair in _list_falls(size, case)]
    for pair in pairs:
        if any(part.key in case.doubted for part in pair) or all(part.settled for part in pair):
            continue
        yield pair


def _list_falls(size: Size, case: _Case) -> Iterator[tuple[Size, Size]]:
    """Yield a later number of the same question that is a thousandth of this one, or less.

    The other way round it is no mistake: many things grow from little to much.
    """
    for name in _ORDER[_ORDER.index(size.key[2]) + 1 :] if size.key[2] in _ORDER else ():
        later = size.siblings.get(name, 0.0)
        if later and size.number / later >= FAR / _NEAR and len(list_factors(size)) > 2:
            yield size, case.sizes[size.key[0], 0, name]


def _find_gain(size: Size, case: _Case) -> float:
    """How much nearer to the usual the return comes by reading a number as it was likely meant."""
    about = case.about(size)
    factor = _choose_factor(size, about)
    if factor is None:
        return 0.0
    return _find_strangeness(size, 1.0, about) - _find_strangeness(size, factor, about)


def _name_column(size: Size) -> tuple[str, str]:
    return size.key[0], size.key[2]


def _find_column_gain(size: Size, case: _Case) -> float:
    """How much nearer a column comes, as a whole, to the one answer that it should add up to."""
    factor = _choose_factor(replace(size, peers=None), case.about(size))
    wholes: dict[Key, float] = {}
    for bound in case.bounds:
        other = bound.other
        if _name_column(bound.size) == _name_column(size) and other and not other.key[1]:
            wholes[other.key] = wholes.get(other.key, 0.0) + bound.compute_ratio({})
    if factor is None or not wholes:
        return 0.0
    return sum(abs(math.log(whole)) - abs(math.log(whole * factor)) for whole in wholes.values())


def _is_as_before(size: Size) -> bool:
    former = size.former
    return former is not None and former * size.number > 0 and _gap(size.number, former) < _NEAR


def _gap(one: float, other: float) -> float:
    return max(abs(one / other), abs(other / one))


def _spell_out(factor: float) -> float:
    return max(factor, 1 / factor)


def list_factors(size: Size) -> tuple[float, ...]:
    """What may have happened to a number of this kind, the most usual first."""
    unit = size.fact.unit or ""
    if size.answer.kind == "percent":
        return SHARES
    if unit in ("months", "years"):
        return MONTHS
    return (*THOUSANDS, *MONTHS) if unit.endswith("/y") else THOUSANDS


def _is_far_from_former(size: Size) -> bool:
    """Whether last edition's number is this one times one of the factors."""
    former = size.former
    if former is None or former * size.number <= 0:
        return False
    for factor in list_factors(size):
        near = _TOLERANCE if _spell_out(factor) >= FAR else _NARROW
        if math.isclose(size.number * factor, former, rel_tol=near):
            return True
    return False


def _find_odd_sibling(size: Size) -> str | None:
    """The nearest sibling of a number that the two others of its question agree against."""
    others = {name: abs(n) for name, n in size.siblings.items() if n * size.number > 0}
    if len(others) < 2:
        return None
    low, high = min(others.values()), max(others.values())
    is_duration = size.fact.unit in ("months", "years")
    if high / low > FAR / _NEAR / _NEAR or (is_duration and size.key[2] == "target"):
        return None  # they agree on nothing; a target may be far from what is
    for factor in MONTHS if is_duration else [f for f in list_factors(size) if f not in MONTHS]:
        near = _NEAR if _spell_out(factor) >= FAR else _LESS_NEAR
        number = abs(size.number)
        is_far = all(_gap(number, n) >= _spell_out(factor) / near for n in others.values())
        if is_far and low / near <= number * factor <= high * near:
            return min(others, key=lambda name: _gap(number, others[name]))
    return None


def _make_doubt(size: Size, case: _Case, *, common: float | None = None) -> Doubt:
    about = case.about(size)
    broken = sorted(
        (bound for bound in about if bound.is_broken),
        key=lambda bound: (bound.size is not size, bound.other is not None),
    )
    factor = common or _choose_factor(size, about)
    excess = max((bound.find_excess() for bound in broken), default=1.0)
    is_far = (_spell_out(factor) if factor else excess) >= FAR
    return Doubt(
        size,
        factor,
        bound=broken[0] if broken else None,
        sibling=_find_odd_sibling(size) or _find_fall(size),
        is_used=not size.refused and not (broken and is_far),
    )


def _find_fall(size: Size) -> str | None:
    far = (name for name, n in size.siblings.items() if _gap(size.number, n) >= FAR / _NEAR)
    return next(far, None)


def _choose_factor(size: Size, about: Sequence[Bound]) -> float | None:
    """The reading that all ranges allow, nearest to last year, to its siblings, to the usual."""
    fitting = [
        (_find_distance(size, factor, about), factor)
        for factor in list_factors(size)
        if _fits(size, factor, about) and _is_nearer(size, factor)
    ]
    return min(fitting)[1] if fitting else None


def _fits(size: Size, factor: float, about: Sequence[Bound]) -> bool:
    changed = {size.key: size.number * factor}
    return all(bound.find_excess(changed) <= 1 for bound in about)


def _is_nearer(size: Size, factor: float) -> bool:
    """Whether a reading is nearer to last edition's number than what was typed."""
    former = size.former
    return former is None or _gap(size.number * factor, former) < _gap(size.number, former)


def _find_distance(size: Size, factor: float, about: Sequence[Bound]) -> float:
    number = size.number * factor
    near = [size.former] if size.former else list(size.siblings.values())
    if near and all(n * number > 0 for n in near):
        return min(abs(math.log(number / n)) for n in near)
    return _find_strangeness(size, factor, about)


def _find_strangeness(size: Size, factor: float, about: Sequence[Bound]) -> float:
    """How far a reading is from the middle of all ranges and from the other rows, in logarithms."""
    number = size.number * factor
    strange = sum(bound.find_distance({size.key: number}) for bound in about)
    if size.peers is not None and size.peers * number > 0:
        strange += abs(math.log(number / size.peers))
    return strange
