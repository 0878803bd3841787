"""No number leaves under an id that may not be printed, or with another value than its own.

A notebook can make an exhibit of anything. What an exhibit says of itself is held against the
public tables: each id that it prints has to be there and have that value. Outputs without ids, such
as a plain DataFrame, cannot be known here; so a notebook that asks for private tables is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from babel.numbers import NumberFormatError, parse_decimal

from annual_report.edition import Edition
from annual_report.errors import DisclosureError
from annual_report.exhibits.model import Cases, Figure, Grid, Number, Prose, Quotes, Table, Tiles
from annual_report.measures.lineage import PREVIOUS
from annual_report.measures.public import PUBLIC, PUBLIC_ANSWERS, PUBLIC_MEASURES
from annual_report.numbers import MINUS
from annual_report.project import Project
from annual_report.publishing.blocks import Block, Chapter
from annual_report.tables import read_rows

_SCALES = tuple(Decimal(10) ** power for power in (-2, 0, 3, 6, 9, 12))
"""What a printed number may be a multiple of: percent, thousands, millions and so on."""
_SLACK = Decimal("1e-9")
_FIGURES = re.compile(r"[+-]?\d[\d.,'’\s]*")
_RATE = "rate."


@dataclass(frozen=True)
class Published:
    """What may be printed of an edition: mark and number of every address in its public tables.

    Parameters
    ----------
    locale
        How numbers of the edition are written.
    """

    numbers: Mapping[str, tuple[str, float | None]]
    locale: str = "en"


def read_published(project: Project, edition: Edition, cluster: str | None = None) -> Published:
    """Read what may be printed of an edition and of the one before it; or of one cluster's profile."""
    folder = project.processed(edition.edition) / PUBLIC
    numbers = dict(_read_marks(folder, cluster))
    if edition.previous is not None:
        before = _read_marks(folder / PREVIOUS, cluster)
        numbers |= {f"{edition.previous}:{address}": known for address, known in before}
    return Published(numbers, edition.locale)


def _read_marks(
    folder: Path, cluster: str | None
) -> Iterator[tuple[str, tuple[str, float | None]]]:
    own = folder if cluster is None else folder / "clusters" / cluster
    tables = [
        (own / "measures.parquet", PUBLIC_MEASURES),
        (own / "answers.parquet", PUBLIC_ANSWERS),
    ]
    for path, table in [*tables, (folder / "peers.parquet", PUBLIC_MEASURES)]:
        rows = read_rows(path, table, columns=("id", "mark", "number")) if path.is_file() else []
        yield from ((address, (mark, number)) for address, mark, number in rows)


def clear_chapter(chapter: Chapter, published: Published) -> Chapter:
    """Give a chapter back, if all that it prints under an id may be printed and is so.

    Raises
    ------
    DisclosureError
        If an id is of an answer or a measure that is withheld, is in no table, or stands at another
        value than its own; names notebook, exhibit and id.
    """
    for place, block in enumerate(chapter.blocks, 1):
        for number in _list_numbers(block):
            if fault := _find_fault(number, published):
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


def _find_fault(number: Number, published: Published) -> tuple[str, str] | None:
    """Say what is wrong with a printed number and what to do; None if nothing is."""
    if number.id is None or number.id.startswith(_RATE):
        return None
    if not number.text and number.value is None:
        return None
    if number.id not in published.numbers:
        return (
            "an exhibit prints a number under an id that is in no table",
            "take the number from a frame of ar.open_season(…), or leave the id out",
        )
    mark, stored = published.numbers[number.id]
    if mark == "withheld":
        return (
            "an exhibit prints what may not be published",
            "take the number from a frame of ar.open_season(…), which marks it as withheld",
        )
    if mark:
        return (
            f"an exhibit prints a number that is {mark}",
            "take the number from a frame of ar.open_season(…), which marks it so",
        )
    if not _agrees(number, stored, published.locale):
        return (
            "an exhibit prints another value than that of its id",
            "take the number from a frame of ar.open_season(…), or leave the id out",
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
