"""Every reported number in the unit that was asked for, every amount in the edition's currency."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from annual_report.errors import RateError
from annual_report.framework import Question, Table, TableColumn
from annual_report.measures.answers import Answer, Answers, Row
from annual_report.measures.calculation import Context
from annual_report.measures.measure import Measure

METHOD = "unit of the question, currency of the edition"
STANDARD = "standard"
_NUMERIC = ("number", "percent", "money", "level")


def compute_quantities(cluster: str, answers: Answers, context: Context) -> Iterator[Measure]:
    """Yield one measure for each number of a return, `<field>.standard` under its question.

    Totals and exhibits read these and never the numbers as reported, which may stand in another
    unit or currency. An amount whose year has no rate yields a measure without number that says so.
    """
    for question in context.framework.questions.values():
        for field in ("value", "baseline", "target"):
            answer = answers.find(question.code, field)
            if answer is not None and question.kind in _NUMERIC:
                year = _find_year(answers, question, field, context)
                yield from _standardise(
                    answer, question, cluster=cluster, measure=f"{field}.{STANDARD}",
                    code=question.code, year=year, context=context,
                )  # fmt: skip
    for table in context.framework.tables.values():
        for row in answers.rows(table.code):
            yield from _standardise_row(row, table, cluster=cluster, context=context)


def _standardise_row(
    row: Row, table: Table, *, cluster: str, context: Context
) -> Iterator[Measure]:
    for column in table.columns:
        answer = row.cells.get(column.name)
        if answer is None or column.kind not in _NUMERIC:
            continue
        year = row.value("year") if column.name == "amount" else None
        yield from _standardise(
            answer, column, cluster=cluster, measure=f"{row.number}.{column.name}.{STANDARD}",
            code=table.code, year=int(year) if year else None, context=context,
        )  # fmt: skip


def _find_year(answers: Answers, question: Question, field: str, context: Context) -> int | None:
    dated = answers.find(question.code, f"{field}_year")
    if dated is not None and dated.number is not None:
        return int(dated.number)
    return None if question.kind == "money" else context.edition.year


def _standardise(
    answer: Answer,
    asked: Question | TableColumn,
    *,
    cluster: str,
    code: str,
    measure: str,
    year: int | None,
    context: Context,
) -> Iterator[Measure]:
    kind = asked.kind
    unit = {"money": context.edition.currency, "percent": "percent", "level": "level"}.get(
        kind, asked.unit or answer.unit or "count"
    )
    money_year = min(year or context.edition.currency_year, context.edition.currency_year)
    measured = partial(
        Measure,
        edition=context.edition.edition,
        cluster=cluster,
        code=code,
        measure=measure,
        method=METHOD,
        unit=unit,
        year=money_year if kind == "money" else year,
        consent=answer.consent,
    )
    if kind == "level":
        yield measured(
            number=answer.number, formula=f"level {answer.number:g}", inputs=(answer.id,)
        )
        return
    try:
        quantity = context.convert(answer, unit, year=year)
    except RateError as error:
        yield measured(formula="not converted", inputs=(answer.id,), text=error.what)
        return
    if quantity is not None:
        yield measured(
            number=quantity.number,
            formula=quantity.text,
            inputs=quantity.inputs,
            note=answer.basis,
        )
