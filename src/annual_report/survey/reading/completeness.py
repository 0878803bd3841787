"""What is missing from a return, and what stands in it twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from annual_report.framework.model import Framework
from annual_report.survey.findings.finding import Finding, Place, find
from annual_report.survey.reading.answer import Answer
from annual_report.survey.reading.typed import tidy


def find_missing(framework: Framework, answers: Iterable[Answer]) -> Iterator[Finding]:
    """Find required questions without an answer and required tables without a row."""
    begun: set[str] = set()
    for answer in answers:
        if answer.row and answer.meaning.given:
            begun.add(answer.question)
        question = framework.questions.get(answer.question)
        if question is None or not question.required or answer.field != "value":
            continue
        if answer.meaning.status == "missing":
            yield find("missing-required", answer.place, expected=question.text)
    for table in framework.tables.values():
        if table.required and table.code not in begun:
            yield find("missing-required", Place(table.code), expected=table.text)


def find_double_rows(framework: Framework, answers: Iterable[Answer]) -> Iterator[Finding]:
    """Find rows of a table that have the same key as an earlier one."""
    keys: dict[tuple[str, int], dict[str, Answer]] = {}
    for answer in answers:
        if answer.row and answer.field in framework.tables[answer.question].key:
            keys.setdefault((answer.question, answer.row), {})[answer.field] = answer
    seen: dict[tuple[str, ...], int] = {}
    for (code, row), cells in keys.items():
        key = (code, *(_plain(cells.get(name)) for name in framework.tables[code].key))
        if not any(key[1:]):
            continue
        first = seen.setdefault(key, row)
        if first != row:
            labels = [framework.tables[code].column(n).label for n in framework.tables[code].key]
            place = next(iter(cells.values())).place
            yield find("row-twice", place, found=first, expected=", ".join(labels))


def _plain(answer: Answer | None) -> str:
    if answer is None or not answer.meaning.given:
        return ""
    return tidy(answer.meaning.text or answer.meaning.reported or "").casefold()
