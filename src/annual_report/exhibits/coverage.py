"""Which characters the fonts of the package have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from annual_report.exhibits.tokens import FAMILIES, FAMILY, FONTS


@cache
def read_coverage() -> dict[str, frozenset[int]]:
    """Read which characters each font file of the package has."""
    lines = (FONTS / "coverage.txt").read_text(encoding="ascii").splitlines()
    return {name: frozenset(_expand(ranges)) for name, *ranges in map(str.split, lines)}


@cache
def list_drawn() -> frozenset[int]:
    """List every character that some font of the package draws."""
    return frozenset[int]().union(*read_coverage().values())


def find_family(character: str) -> str:
    """Find the first family that draws a character, the text family if none does."""
    code = ord(character)
    coverage = read_coverage()
    for family in FAMILIES:
        if code in coverage[f"{family.replace(' ', '')}-Regular.ttf"]:
            return family
    return FAMILY


def _expand(ranges: Iterable[str]) -> Iterator[int]:
    for span in ranges:
        first, last = (int(end, 16) for end in span.split("-"))
        yield from range(first, last + 1)
