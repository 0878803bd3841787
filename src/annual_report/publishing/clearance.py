"""No number leaves under an id that may not be printed, or with another value than its own.

A notebook can make an exhibit of anything. What an exhibit says of itself is held against the
tables: each id that it prints has to be there, be public, and have that value. Outputs without ids,
such as a plain DataFrame, cannot be known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path

from babel.numbers import NumberFormatError, parse_decimal

from annual_report.errors import DisclosureError, MeasureError
from annual_report.exhibits.model import Cases, Figure, Grid, Number, Prose, Quotes, Table, Tiles
from annual_report.measures.lineage import Lineage
from annual_report.numbers import MINUS
from annual_report.publishing.blocks import Block, Chapter

_SCALES = tuple(Decimal(10) ** power for power in (-2, 0, 3, 6, 9, 12))
"""What a printed number may be a multiple of: percent, thousands, millions and so on."""
_SLACK = Decimal("1e-9")
_FIGURES = re.compile(r"[+-]?\d[\d.,'’\s]*")
_RATE = "rate."


def clear_chapter(chapter: Chapter, lineage: Lineage, *, locale: str = "en") -> Chapter:
    """Give a chapter back, if all that it prints under an id may be printed and is so.

    Parameters
    ----------
    lineage
        The edition's numbers as readers may see them.
    locale
        How numbers of the edition are written.

    Raises
    ------
    DisclosureError
        If an id is of an answer or a measure that is withheld, is in no table, or stands at another
        value than its own; names notebook, exhibit and id.
    """
    for place, block in enumerate(chapter.blocks, 1):
        for number in _list_numbers(block):
            if fault := _find_fault(number, lineage, locale):
                what, do = fault
                name = getattr(block, "id", None) or f"number {place} ({type(block).__name__})"
                raise DisclosureError(
                    what,
                    where=f"{_name_notebook(chapter)}, exhibit {name}, {number.id}",
                    do=do,
                )
    return chapter


def _name_notebook(chapter: Chapter) -> str:
    path = Path(chapter.origin)
    folder = path.parent.name
    if not folder or folder == "report":
        return f"notebooks/report/{path.name}" if folder else chapter.origin or chapter.title
    return f"notebooks/cluster/{path.name}, cluster {folder}"


def _list_numbers(block: Block) -> Iterator[Number]:
    """Everything that an exhibit prints under an id, its download and its tips included."""
    match block:
        case Prose():
            yield from _keep_numbers(run for runs in block.paragraphs for run in runs)
        case Tiles():
            yield from (tile.number for tile in block.tiles)
        case Table() | Figure():
            yield from _list_cells(block.grid)
        case Cases():
            yield from (Number(text=case.title or "case", id=case.id) for case in block.cases)
        case Quotes():
            yield from (Number(text=quote.text or "quote", id=quote.id) for quote in block.quotes)


def _list_cells(grid: Grid) -> Iterator[Number]:
    yield from _keep_numbers(cell for row in grid.rows for cell in row)


def _keep_numbers(items: Iterable[object]) -> Iterator[Number]:
    yield from (item for item in items if isinstance(item, Number))


def _find_fault(number: Number, lineage: Lineage, locale: str) -> tuple[str, str] | None:
    """Say what is wrong with a printed number and what to do; None if nothing is."""
    if number.id is None or number.id.startswith(_RATE):
        return None
    if not number.text and number.value is None:
        return None
    try:
        node = lineage.find(number.id)
    except MeasureError:
        return (
            "an exhibit prints a number under an id that is in no table",
            "take the number from season.number(…), or leave the id out",
        )
    if node.withheld:
        return (
            "an exhibit prints what may not be published",
            "take the number from season.number(…), which marks it as withheld",
        )
    if not _agrees(number, node.number, locale):
        return (
            "an exhibit prints another value than that of its id",
            "take the number from season.number(…), or leave the id out",
        )
    return None


def _agrees(number: Number, stored: float | None, locale: str) -> bool:
    """Whether value and text are the stored number, or that number rounded."""
    if stored is None:
        return number.value is None
    if number.value is not None:
        value = Decimal(repr(float(number.value)))
        if not _is_rounded(value, Decimal(repr(stored)), _find_step(value)):
            return False
    shown = _read_figures(number.text, locale)
    if shown is None:
        return True
    decimals = int(shown.as_tuple().exponent)
    step = Decimal(1).scaleb(decimals) if decimals < 0 else _find_step(shown)
    size = abs(Decimal(repr(stored)))  # a sentence may say that something fell by so much
    return any(_is_rounded(abs(shown) * scale, size, step * scale) for scale in _SCALES)


def _is_rounded(shown: Decimal, stored: Decimal, step: Decimal) -> bool:
    return abs(shown - stored) <= step / 2 + _SLACK * abs(stored)


def _find_step(value: Decimal) -> Decimal:
    """The place of the last digit that is not zero: what a number was rounded to."""
    return Decimal(1).scaleb(int(value.normalize().as_tuple().exponent)) if value else Decimal(1)


def _read_figures(text: str, locale: str) -> Decimal | None:
    """Read a text that is a number and nothing else."""
    plain = text.replace(MINUS, "-").strip()
    if not _FIGURES.fullmatch(plain):
        return None
    try:
        return Decimal(parse_decimal(plain.lstrip("+"), locale=locale))
    except NumberFormatError:
        return None
