"""A table question broken down by two of its choices: rows of parts, as a picture and as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from annual_report.exhibits.amounts import (
    choose_common_style,
    list_marks,
    print_amount,
    to_amount,
)
from annual_report.exhibits.charts import Category
from annual_report.exhibits.charts_bars import Row
from annual_report.exhibits.model import Grid, Number, TableColumn
from annual_report.exhibits.season import Measured, Season
from annual_report.numbers import Style

ANY = "any"


@dataclass(frozen=True)
class Part:
    """One row: its name, one number for each category, and their total."""

    label: str
    numbers: tuple[Number, ...]
    total: Number


@dataclass(frozen=True)
class Parts:
    """A breakdown as readers see it.

    Parameters
    ----------
    whole
        The grand total; None where nobody listed anything.
    """

    rows: tuple[Part, ...]
    categories: tuple[Category, ...]
    style: Style
    whole: Measured | None

    def with_rows(self, rows: Sequence[Part]) -> Parts:
        """The same breakdown with some of its rows, in another order."""
        return replace(self, rows=tuple(rows))

    @property
    def bars(self) -> list[Row]:
        return [
            Row(
                part.label,
                tuple(map(to_amount, part.numbers)),
                end=part.total.text or part.total.mark,
            )
            for part in self.rows
        ]

    @property
    def notes(self) -> tuple[str, ...]:
        """Why some of the numbers are not there."""
        return list_marks(
            [
                (f"{part.label.lower()} {category.label.lower()}", number)
                for part in self.rows
                for category, number in zip(self.categories, part.numbers, strict=True)
            ]
        )

    def describe(self, what: str) -> str:
        """Say what the picture shows, with its numbers."""
        return f"{what}. {'; '.join(filter(None, map(self._describe_row, self.rows)))}."

    def _describe_row(self, part: Part) -> str:
        told = [
            f"{category.label.lower()} {number.text}"
            for category, number in zip(self.categories, part.numbers, strict=True)
            if number.value
        ]
        return f"{part.label}: {', '.join(told)}" if told else ""

    def to_grid(self, head: str) -> Grid:
        """The numbers behind the picture."""
        labels = [*(category.label for category in self.categories), "Total"]
        return Grid(
            columns=(
                TableColumn(name="row", label=head, width=1.8),
                *(
                    TableColumn(
                        name=label.lower().replace(" ", "-"), label=label, unit=self.style.unit,
                        align="right",
                    )
                    for label in labels
                ),
            ),
            rows=tuple((part.label, *part.numbers, part.total) for part in self.rows),
        )  # fmt: skip


def read_parts(
    season: Season, name: str, *, rows: Mapping[str, str], columns: Mapping[str, Category]
) -> Parts:
    """Read a breakdown.

    Parameters
    ----------
    name
        Its address, such as ``all.PAR-T1.side-status``.
    rows, columns
        Choice codes in the order shown, with the label or category of each.
    """
    ids = [f"{name}.{row}.{column}" for row in rows for column in (*columns, ANY)]
    style = choose_common_style(season, ids)
    parts = [
        Part(
            label,
            tuple(print_amount(season, f"{name}.{row}.{column}", style) for column in columns),
            print_amount(season, f"{name}.{row}.{ANY}", style),
        )
        for row, label in rows.items()
    ]
    whole = season.find(f"{name}.{ANY}.{ANY}")
    has_any = whole is not None and bool(whole.n)
    return Parts(tuple(parts), tuple(columns.values()), style, whole if has_any else None)
