"""Every reported number in the unit that was asked for, every amount in the edition's currency."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from annual_report.errors import RateError
from annual_report.framework import Question, Table, TableColumn
from annual_report.measures.answers import Answer, Answers, Row
from annual_report.measures.indicators.calculation import LEFT_OUT, Context
from annual_report.measures.measure import Measure
from annual_report.tables import QUERIED

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
                dated = answers.find(question.code, f"{field}_year")
                measure = f"{cluster}.{question.code}.{field}.{STANDARD}"
                yield _standardise(measure, answer, question, dated=dated, context=context)
            queried = answers.left_out(question.code, field)
            if queried is not None and question.kind in _NUMERIC:
                yield _leave_out(f"{cluster}.{question.code}.{field}.{STANDARD}", queried, context)
    for table in context.framework.tables.values():
        for row in answers.rows(table.code):
            yield from _standardise_row(f"{cluster}.{table.code}", row, table, context)
        for number, column, queried in answers.cells_left_out(table.code):
            measure = f"{cluster}.{table.code}.{number}.{column}.{STANDARD}"
            yield _leave_out(measure, queried, context)


def _standardise_row(prefix: str, row: Row, table: Table, context: Context) -> Iterator[Measure]:
    for column in table.columns:
        answer = row.cells.get(column.name)
        if answer is not None and column.kind in _NUMERIC:
            measure = f"{prefix}.{row.number}.{column.name}.{STANDARD}"
            dated = row.cells.get("year")
            yield _standardise(measure, answer, column, dated=dated, context=context)


def _leave_out(measure: str, answer: Answer, context: Context) -> Measure:
    """What stands where a number would, were it not likely a thousand times off."""
    cluster, code, name = measure.split(".", 2)
    return Measure(
        edition=context.edition.edition,
        cluster=cluster,
        code=code,
        measure=name,
        method=QUERIED,
        formula=LEFT_OUT,
        text=LEFT_OUT,
        inputs=(answer.id,),
        consent=answer.consent,
    )


def _standardise(
    measure: str,
    answer: Answer,
    asked: Question | TableColumn,
    *,
    dated: Answer | None,
    context: Context,
) -> Measure:
    cluster, code, name = measure.split(".", 2)
    unit = _name_unit(asked, answer, context)
    blank = Measure(
        edition=context.edition.edition,
        cluster=cluster,
        code=code,
        measure=name,
        method=METHOD,
        formula="not converted",
        inputs=(answer.id,),
        unit=unit,
        year=_find_year(asked, dated, context),
        consent=answer.consent,
        note=answer.basis,
    )
    if asked.kind == "level":
        return replace(blank, number=answer.number, formula=f"level {answer.number:g}")
    try:
        quantity = context.convert(answer, unit, dated=dated)
    except RateError as error:
        return replace(blank, text=error.what)
    if quantity is None:
        return replace(blank, text="not a number")
    return replace(blank, number=quantity.number, formula=quantity.text, inputs=quantity.inputs)


def _name_unit(asked: Question | TableColumn, answer: Answer, context: Context) -> str:
    """The unit asked for; where a row names its own, such as a capacity, that one."""
    if asked.kind == "money":
        return context.edition.currency
    if asked.kind in ("percent", "level"):
        return asked.kind
    return asked.unit or answer.unit or "count"


def _find_year(asked: Question | TableColumn, dated: Answer | None, context: Context) -> int | None:
    if asked.kind == "money":
        return context.find_rate_year(dated)
    if dated is not None and dated.number is not None:
        return int(dated.number)
    return context.edition.year if isinstance(asked, Question) else None
