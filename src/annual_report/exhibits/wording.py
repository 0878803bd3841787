"""Words that both renderers put around an exhibit, so that they are the same in both."""

from __future__ import annotations

from annual_report.exhibits.model import Figure, Grid, Number, Table
from annual_report.exhibits.tokens import MARK_MEANINGS, MARK_SYMBOLS


def write_basis(exhibit: Table | Figure) -> str:
    """Write how many clusters an exhibit stands on, unless its source says so already."""
    if exhibit.n is None or exhibit.of is None:
        return ""
    basis = f"{exhibit.n:,} of {exhibit.of:,}"
    if basis in exhibit.source:
        return ""
    return f"{basis} {'cluster' if exhibit.of == 1 else 'clusters'}."


def explain_marks(grid: Grid) -> str:
    """Explain the marks that stand in a table instead of numbers; empty if there are none."""
    used = {
        cell.mark
        for row in grid.rows
        for cell in row
        if isinstance(cell, Number) and cell.mark and not cell.text
    }
    told = [f"{MARK_SYMBOLS[m]} {MARK_MEANINGS[m]}" for m in MARK_SYMBOLS if m in used]
    return f"{'; '.join(told)}." if told else ""
