"""Words that both renderers put around an exhibit, so that they are the same in both."""

from __future__ import annotations

from collections.abc import Iterable

from annual_report.exhibits.look.tokens import MARK_MEANINGS, MARK_SYMBOLS
from annual_report.exhibits.model import Figure, Grid, Number, Prose, Table, Tiles
from annual_report.numbers import format_count


def write_basis(exhibit: Table | Figure) -> str:
    """Write how many clusters an exhibit stands on, unless its source says so already."""
    if exhibit.n is None or exhibit.of is None:
        return ""
    basis = f"{format_count(exhibit.n)} of {format_count(exhibit.of)}"
    if basis in exhibit.source:
        return ""
    return f"{basis} {'cluster' if exhibit.of == 1 else 'clusters'}."


def explain_marks(grid: Grid) -> str:
    """Explain the marks of a table's numbers, and those instead of numbers; empty without any."""
    return _explain(list_marks(cell for row in grid.rows for cell in row))


def explain_queried(exhibit: Prose | Tiles | Table | Figure) -> str:
    """Explain the sign of queried numbers where no table does; empty if there are none."""
    match exhibit:
        case Prose():
            cells: list[object] = [run for runs in exhibit.paragraphs for run in runs]
        case Tiles():
            cells = [tile.number for tile in exhibit.tiles]
        case Table() | Figure():
            cells = [cell for row in exhibit.grid.rows for cell in row]
    return _explain(list_marks(cells) & {"queried"})


def list_marks(cells: Iterable[object]) -> set[str]:
    """List the marks among some cells."""
    numbers = [cell for cell in cells if isinstance(cell, Number)]
    used: set[str] = {number.mark for number in numbers if number.mark and not number.text}
    return used | ({"queried"} if any(number.queried for number in numbers) else set())


def _explain(used: set[str]) -> str:
    told = [f"{MARK_SYMBOLS[m]} {MARK_MEANINGS[m]}" for m in MARK_SYMBOLS if m in used]
    return f"{'; '.join(told)}." if told else ""
