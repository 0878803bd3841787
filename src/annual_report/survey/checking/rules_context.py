"""What a rule is given, and how it names what it looks at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from annual_report.framework.model import Check
from annual_report.survey.findings.finding import Place
from annual_report.survey.reading.facts import Fact, Facts, Row, is_exchanged, number_of


@dataclass(frozen=True)
class Hit:
    """A place where a rule is broken."""

    place: Place
    found: str
    expected: str | None = None


@dataclass(frozen=True)
class Look:
    """One thing a rule looks at: a return as a whole, one question of it, or one row."""

    facts: Facts
    question: str | None = None
    row: Row | None = None

    def get(self, operand: str) -> Fact | None:
        code, dot, name = operand.partition(".")
        if self.row is not None:
            return self.row.get(name if dot else operand)
        if dot:
            return self.facts.get(code, name)
        return self.facts.get(self.question, operand) if self.question else None


@dataclass(frozen=True)
class Context:
    """A check with its parameters, the return, and last edition's return if there is one.

    ``year`` is the one the return describes.
    """

    check: Check
    facts: Facts
    previous: Facts | None
    year: int

    def text(self, name: str) -> str:
        return str(self.check.parameters[name])

    def number(self, name: str, default: float = 0.0) -> float:
        value = self.check.parameters.get(name, default)
        return float(value) if isinstance(value, (int, float, str)) else default

    def many(self, name: str) -> tuple[str, ...]:
        value = self.check.parameters.get(name, ())
        return value if isinstance(value, tuple) else (str(value),)

    def looks(self, *operands: str) -> Iterator[Look]:
        """Yield what operands stand for: rows of their table, each question, or the whole."""
        tables = {code for o in operands if (code := table_of(o)) is not None}
        if tables:
            for row in self.facts.rows(tables.pop()):
                yield Look(self.facts, row=row)
        elif any("." in operand for operand in operands):
            yield Look(self.facts)
        else:
            for question in self.check.questions:
                yield Look(self.facts, question)

    def narrowed(self, table: str) -> list[Row]:
        """The rows in which ``where`` holds one of ``values``; all rows without it."""
        rows = list(self.facts.rows(table))
        if "where" not in self.check.parameters:
            return rows
        return [row for row in rows if self.holds(row.get(self.text("where")))]

    def holds(self, fact: Fact | None) -> bool:
        """Tell whether a choice is one of ``values``."""
        return fact is not None and fact.state == "given" and fact.text in self.many("values")


def table_of(operand: str) -> str | None:
    """The table that an operand names a column of; None for a field of a single question."""
    code, dot, _ = operand.partition(".")
    return code if dot and code[4:5] == "T" else None


def column_of(operand: str) -> str:
    """The column, or field, that an operand names."""
    return operand.rpartition(".")[2]


def add_up(rows: list[Row], column: str, *, like: Fact | None = None) -> float | None:
    """Add a column up in one unit and currency; None where a value stands in the way.

    Without ``like`` the first value that is given sets unit and currency.
    """
    values = [row[column] for row in rows if column in row and row[column].state != "absent"]
    like = like or next((fact for fact in values if fact.state == "given"), None)
    numbers = [number_of(fact, like=like) for fact in values]
    known = [number for number in numbers if number is not None]
    return sum(known) if known and len(known) == len(numbers) else None


RATE_SLACK = 0.25
"""Rates of other years than the one compared in: what a comparison has to leave open for them."""


def find_slack(rows: list[Row], column: str, like: Fact, tolerance: float) -> float:
    """The tolerance of a comparison, wider where amounts of several currencies are compared."""
    exchanged = is_exchanged((row.get(column) for row in rows), like)
    return max(tolerance, RATE_SLACK) if exchanged else tolerance


def first_given(rows: list[Row], column: str) -> Fact | None:
    """The first fact of a column that is given."""
    facts = (row.get(column) for row in rows)
    return next((fact for fact in facts if fact and fact.state == "given"), None)
