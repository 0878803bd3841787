"""Rows that clusters listed in a table question, as far as they may be shown one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annual_report.exhibits.model import Number
from annual_report.exhibits.queried import query_number
from annual_report.exhibits.season import Season
from annual_report.exhibits.words import count_things
from annual_report.measures.answers import USABLE
from annual_report.measures.consent import name_place
from annual_report.numbers import format_count
from annual_report.tables import QUERIED, list_records


@dataclass(frozen=True)
class Reported:
    """A number as a respondent wrote it, with its unit or currency and its cell."""

    id: str
    number: float
    unit: str
    place: str
    flag: str | None = None


@dataclass(frozen=True, eq=False)
class ListedRow:
    """One row of one return: what its cells say, those for totals only left out."""

    cluster: str
    table: str
    row: int
    texts: Mapping[str, str]
    numbers: Mapping[str, Reported]
    private: frozenset[str] = frozenset()

    def text(self, column: str) -> str:
        """The text or choice code of a cell; empty where it has none or may not be shown."""
        return self.texts.get(column, "")

    def address(self, column: str) -> str:
        """The address of a number of this row in its standard unit."""
        return f"{self.cluster}.{self.table}.{self.row}.{column}.standard"


@dataclass(frozen=True)
class Listing:
    """The rows that may be shown, and how many may not."""

    rows: tuple[ListedRow, ...]
    kept_back: int
    locale: str

    @property
    def note(self) -> str:
        """What readers should know of the rows that are not there."""
        if not self.kept_back:
            return ""
        verb = "is" if self.kept_back == 1 else "are"
        rows = count_things(self.kept_back, "row", locale=self.locale)
        return f"{rows} {verb} in the totals only, as their clusters wish."


def list_rows(season: Season, table: str) -> Listing:
    """List the rows of a table question over all returns, in the order of the register.

    A row whose name may not stand alone is kept back whole; one that nobody named is shown.
    """
    by_cluster: dict[str, list[dict[str, Any]]] = {}
    for cell in season.answers_where("question", table):
        by_cluster.setdefault(cell["cluster"], []).append(cell)
    parts = [
        _list_rows(season, cluster.id, table, by_cluster.get(cluster.id, []))
        for cluster in season.answered
    ]
    return Listing(
        tuple(row for part in parts for row in part.rows),
        kept_back=sum(part.kept_back for part in parts),
        locale=season.edition.locale,
    )


def list_rows_of(season: Season, cluster: str, table: str) -> Listing:
    """List the rows of one cluster's table; see :func:`list_rows`."""
    answers = season.answers_of(cluster)
    mine = list_records(answers[answers["question"] == table])
    return _list_rows(season, cluster, table, mine)


def _list_rows(
    season: Season, cluster: str, table: str, cells: Sequence[dict[str, Any]]
) -> Listing:
    name = season.framework.tables[table].key[0]
    cells_of = _sort_cells(cells)
    public = {row: cells for row, cells in cells_of.items() if _may_stand_alone(cells, name)}
    rows = tuple(_make_row(cluster, table, row, public[row]) for row in sorted(public))
    return Listing(rows, len(cells_of) - len(rows), season.edition.locale)


def _sort_cells(cells: Iterable[dict[str, Any]]) -> dict[int, list[dict[str, Any]]]:
    """Sort the cells that may be used by row."""
    rows: dict[int, list[dict[str, Any]]] = {}
    for cell in cells:
        if cell["row"] > 0 and cell["status"] in USABLE and cell["consent"] != "do not use":
            rows.setdefault(int(cell["row"]), []).append(cell)
    return rows


def _may_stand_alone(cells: Sequence[Mapping[str, Any]], name: str) -> bool:
    named = [cell for cell in cells if cell["field"] == name] or cells
    return any(cell["consent"] == "publish" for cell in named)


def _make_row(cluster: str, table: str, row: int, cells: Sequence[Mapping[str, Any]]) -> ListedRow:
    public = [cell for cell in cells if cell["consent"] == "publish"]
    return ListedRow(
        cluster,
        table,
        row,
        {c["field"]: c["text"] for c in public if isinstance(c["text"], str)},
        {c["field"]: _make_reported(c) for c in public if c["number"] is not None},
        frozenset(c["field"] for c in cells if c["consent"] != "publish"),
    )


def _make_reported(cell: Mapping[str, Any]) -> Reported:
    unit = next((u for u in (cell["currency"], cell["unit"]) if isinstance(u, str)), "")
    return Reported(cell["id"], float(cell["number"]), unit, name_place(cell), cell.get("flag"))


def label_choice(season: Season, choices: str, code: str) -> str:
    """The short words of a choice: its label without what stands in brackets."""
    labels = {c.code: c.label for c in season.framework.choices[choices]}
    return labels.get(code, code).partition(" (")[0]


def print_reported(season: Season, reported: Reported | None) -> Number:
    """A number as it was reported, in full, with the cell it stands in."""
    if reported is None:
        return Number(text="", mark="missing", source="not answered")
    number = Number(
        text=season.print_in_full(reported.number),
        value=reported.number,
        id=reported.id,
        source=reported.place,
    )
    return query_number(number) if reported.flag == QUERIED else number


def note_first(shown: int, count: int, things: str, *, where: str) -> tuple[str, ...]:
    """Say that a table shows only the first of many and where the others are; nothing if all.

    >>> note_first(60, 1200, "corrections", where="in the data annex")
    ('Shown: the first 60 of 1,200 corrections; all are in the data annex.',)
    """
    return (
        f"Shown: the first {format_count(shown)} of {format_count(count)} {things}; all are {where}.",
    ) * (shown < count)


def note_shown(season: Season, shown: int, count: float, things: str) -> str:
    """Say that a table shows only the largest of many; empty where it shows all."""
    if shown >= count:
        return ""
    of = season.count(count).text
    return f"Shown: the {shown} largest of {of} {things}; all are in the data annex."
