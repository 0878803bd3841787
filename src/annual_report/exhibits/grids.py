"""Tables as readers need them: without columns that hold nothing."""

from __future__ import annotations

from collections.abc import Sequence

from annual_report.exhibits.model import Cell, Grid, Number, TableColumn


def drop_empty_columns(columns: Sequence[TableColumn], rows: Sequence[tuple[Cell, ...]]) -> Grid:
    """Leave out the columns in which no row holds anything."""
    kept = [i for i in range(len(columns)) if any(_holds_something(row[i]) for row in rows)]
    return Grid(
        columns=tuple(columns[i] for i in kept),
        rows=tuple(tuple(row[i] for i in kept) for row in rows),
    )


def _holds_something(cell: Cell) -> bool:
    return bool(cell.text or cell.mark == "withheld") if isinstance(cell, Number) else bool(cell)
