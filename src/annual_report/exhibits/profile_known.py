"""What a sparse return says, answer by answer: for a cluster without any score."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from annual_report.countries import name_country
from annual_report.exhibits.grids import drop_empty_columns
from annual_report.exhibits.model import Cell, Number, Prose, Table, TableColumn
from annual_report.exhibits.profile import has_answered
from annual_report.exhibits.rows import ListedRow, label_choice, list_rows_of
from annual_report.exhibits.season import Season
from annual_report.exhibits.words import capitalise, compose, count_things
from annual_report.framework import Question
from annual_report.framework import Table as TableQuestion
from annual_report.measures.answers import USABLE
from annual_report.measures.consent import name_place
from annual_report.numbers import Style, choose_style, format_year
from annual_report.tables import list_records

_START, _HIGHLIGHTS = "STA", "HIG"
_TOLD_ELSEWHERE = ("CLU-01", "CLU-04", "FIN-T1", "TEC-T1")
_NAME = "STA-01"
_PLAIN = Style(digits=6)


def is_sparse(season: Season, cluster: str) -> bool:
    """Whether a return came that is not enough for a score in any pillar."""
    scores = (season.value(f"{cluster}.{p.code}.score") for p in season.framework.pillars)
    return has_answered(season, cluster) and all(score is None for score in scores)


def show_known(season: Season, cluster: str) -> Table | None:
    """List each answer of a sparse return; None for others, whose indicators say it all."""
    if not is_sparse(season, cluster):
        return None
    rows = list(_list_known(season, cluster))
    if not rows:
        return None
    has_numbers = any(isinstance(row[1], Number) and row[1].value is not None for row in rows)
    return Table(
        id=f"{cluster}-known",
        title=f"What the return says: {count_things(len(rows), 'answer')}",
        source="Survey, questions as named.",
        sortable=False,
        grid=drop_empty_columns(
            (
                TableColumn(name="question", label="Question", width=3),
                TableColumn(
                    name="answer",
                    label="Answer",
                    align="right" if has_numbers else "left",
                    width=1.6,
                ),
                TableColumn(name="unit", label="Unit", width=1),
                TableColumn(name="year", label="Year", align="right", width=0.6),
                TableColumn(name="comment", label="Comment", width=5),
            ),
            rows,
        ),
    )


def show_notes(season: Season, cluster: str) -> Prose | None:
    """Give the comment that came with a sparse return as a whole; None without one."""
    if not is_sparse(season, cluster):
        return None
    comment = _read_cells(season, cluster, _NAME).get("comment")
    if comment is None:
        return None
    told = " ".join(str(row[-1]) for row in _list_known(season, cluster))
    lines = [line.strip() for line in comment["text"].splitlines() if line.strip() not in told]
    lines = [capitalise(line) for line in lines if line]
    if not lines:
        return None
    return Prose(role="note", paragraphs=tuple(compose("{}", line) for line in lines))


def _list_known(season: Season, cluster: str) -> Iterator[tuple[Cell, ...]]:
    for section in season.framework.sections:
        if section.code in (_START, _HIGHLIGHTS):
            continue
        for question in section.questions:
            if question.code not in _TOLD_ELSEWHERE:
                yield from _list_answer(season, cluster, question)
        for table in section.tables:
            if table.code not in _TOLD_ELSEWHERE:
                rows = list_rows_of(season, cluster, table.code).rows
                yield from (_list_row(season, table, row) for row in rows)


def _list_answer(season: Season, cluster: str, question: Question) -> Iterator[tuple[Cell, ...]]:
    cells = _read_cells(season, cluster, question.code)
    for field in ("value", "baseline", "target"):
        cell = cells.get(field)
        if cell is None:
            continue
        year = cells.get(f"{field}_year")
        name = f"{question.code} {question.text}"
        unit, number = _print_answer(season, question, field, cell)
        yield (
            name if field == "value" else f"{name} ({field})",
            number,
            unit,
            format_year(int(year["number"])) if year else "",
            cells["comment"]["text"] if field == "value" and "comment" in cells else "",
        )


def _print_answer(
    season: Season, question: Question, field: str, cell: dict[str, Any]
) -> tuple[str, Number]:
    place = name_place(cell)
    if cell["number"] is None:
        code = str(cell["text"])
        words = code
        if question.choices == "countries":
            words = name_country(code, season.edition.locale)
        elif question.choices:
            words = label_choice(season, question.choices, code)
        return "", Number(text=words, id=cell["id"], source=place)
    if question.kind == "year":
        text = format_year(int(cell["number"]))
        return "", Number(text=text, value=cell["number"], id=cell["id"], source=place)
    found = season.find(f"{cell['cluster']}.{question.code}.{field}.standard")
    if found is None or found.number is None:
        text = season.print_number(cell["number"], _PLAIN)
        return "", Number(text=text, value=cell["number"], id=cell["id"], source=place)
    style = choose_style(found.number, found.unit or "count")
    plain = style if found.unit == season.edition.currency else Style(style.unit, digits=6)
    return plain.unit, season.print_measured(found, plain)


def _list_row(season: Season, table: TableQuestion, row: ListedRow) -> tuple[Cell, ...]:
    name = row.text(table.key[0])
    told = [
        label_choice(season, column.choices, row.text(column.name)).lower()
        for column in table.columns
        if column.choices and row.text(column.name) and column.name != table.key[0]
    ]
    key = table.column(table.key[0])
    shown = label_choice(season, key.choices, name) if key.choices else name
    return (f"{table.code} {table.text}", shown or "not named", "", "", ", ".join(told))


def _read_cells(season: Season, cluster: str, question: str) -> dict[str, dict[str, Any]]:
    """The fields of a single question that hold something and may be shown."""
    answers = season.answers_of(cluster)
    mine = answers[
        (answers["question"] == question)
        & (answers["row"] == 0)
        & answers["status"].isin(USABLE)
        & (answers["consent"] == "publish")
    ]
    return {record["field"]: record for record in list_records(mine)}
