"""Which characters the fonts of the package have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from annual_report.exhibits.look.tokens import FAMILIES, FAMILY, FONTS


@cache
def read_coverage() -> dict[str, frozenset[int]]:
    """Read which characters each font file of the package has."""
    lines = (FONTS / "coverage.txt").read_text(encoding="ascii").splitlines()
    return {name: frozenset(_expand(ranges)) for name, *ranges in map(str.split, lines)}


@cache
def list_drawn() -> frozenset[int]:
    """List every character that some font of the package draws."""
    return frozenset[int]().union(*read_coverage().values())


@cache
def list_files() -> dict[str, str]:
    """List the font files of the package that paper is drawn with, by their names without suffix."""
    names = (name for name in read_coverage() if not name.endswith(".woff2"))
    return {name.partition(".")[0]: name for name in names}


def find_family(character: str) -> str:
    """Find the first family that draws a character, the text family if none does."""
    code = ord(character)
    if code in _read_families()[FAMILY]:
        return FAMILY
    return next((f for f, drawn in _read_families().items() if code in drawn), FAMILY)


@cache
def _read_families() -> dict[str, frozenset[int]]:
    stems = {family: f"{family.replace(' ', '')}-Regular" for family in FAMILIES}
    return {family: read_coverage()[list_files()[stem]] for family, stem in stems.items()}


def _expand(ranges: Iterable[str]) -> Iterator[int]:
    for span in ranges:
        first, last = (int(end, 16) for end in span.split("-"))
        yield from range(first, last + 1)
