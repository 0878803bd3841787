"""Rules over the rows of a table: sums, counts, names that must be listed, rows told twice."""

from __future__ import annotations

from collections.abc import Iterator

from annual_report.survey.checking.rules_context import (
    Context,
    Hit,
    add_up,
    column_of,
    find_slack,
    first_given,
    table_of,
)
from annual_report.survey.reading.facts import Fact, Row, differs, exceeds, number_of, plain


def column_sum_not_above(context: Context) -> Iterator[Hit]:
    """Find a column whose sum is above a single answer."""
    column = context.text("column")
    upper = _one(context, context.text("upper"))
    bound = number_of(upper)
    if upper is None or bound is None:
        return
    rows = context.narrowed(table_of(column) or "")
    total = add_up(rows, column_of(column), like=upper)
    slack = find_slack(rows, column_of(column), upper, context.number("tolerance"))
    if total is not None and exceeds(total, bound, slack):
        beside = upper.currency or (upper.unit if upper.unit != "count" else None)
        shown = f"{total:,.12g} {beside}" if beside else f"{total:,.12g}"
        yield Hit(upper.place, f"{shown} in the table", f"at most {upper.words}")


def column_sum_equal(context: Context) -> Iterator[Hit]:
    """Find a column whose sum is not a fixed number."""
    column, wanted = context.text("column"), context.number("total")
    table = table_of(column) or ""
    rows = context.narrowed(table)
    facts = [row.get(column_of(column)) for row in rows]
    if any(fact is None or fact.state != "given" for fact in facts):
        return
    total = add_up(rows, column_of(column))
    if total is not None and differs(total, wanted, context.number("tolerance")):
        yield Hit(context.facts.head(table), f"{total:,.12g}", f"{wanted:,.12g}")


def group_sum_not_above(context: Context) -> Iterator[Hit]:
    """Find rows of one name that add up to more than the rows of another table."""
    column, upper = context.text("column"), context.text("upper")
    group, upper_group = column_of(context.text("group")), column_of(context.text("upper_group"))
    parts = _by_text(context.narrowed(table_of(column) or ""), group)
    wholes = _by_text(list(context.facts.rows(table_of(upper) or "")), upper_group)
    for name, rows in parts.items():
        like = first_given(rows, column_of(column))
        total = add_up(rows, column_of(column), like=like)
        bound = add_up(wholes.get(name, []), column_of(upper), like=like)
        if like is None or total is None or bound is None:
            continue
        tolerance = context.number("tolerance")
        slack = find_slack(rows, column_of(column), like, tolerance)
        slack = find_slack(wholes.get(name, []), column_of(upper), like, slack)
        if exceeds(total, bound, slack):
            beside = f" {like.currency}" if like.currency else ""
            yield Hit(like.place, f"{total:,.12g}{beside}", f"at most {bound:,.12g}{beside}")


def _by_text(rows: list[Row], column: str) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        name = plain(row.get(column))
        if name is not None:
            groups.setdefault(name, []).append(row)
    return groups


def row_count(context: Context) -> Iterator[Hit]:
    """Find an answer that differs from the number of rows."""
    table = context.text("table")
    answer = _one(context, context.text("count"))
    told = number_of(answer)
    if answer is None or told is None or not list(context.facts.rows(table)):
        return
    counted = len(context.narrowed(table))
    if counted != told:
        yield Hit(answer.place, answer.words, f"{counted}, as in the table")


def listed_in(context: Context) -> Iterator[Hit]:
    """Find a name that the other table does not list."""
    column, of = context.text("column"), context.text("of")
    known = {plain(row.get(column_of(of))) for row in context.facts.rows(table_of(of) or "")}
    for row in context.facts.rows(table_of(column) or ""):
        fact = row.get(column_of(column))
        name = plain(fact)
        if fact is not None and name is not None and name not in known:
            yield Hit(fact.place, fact.words, "a name of that table")


def not_counted_twice(context: Context) -> Iterator[Hit]:
    """Find one amount told in two rows that exclude each other."""
    amount, differs_in = context.text("amount"), context.text("differs")
    one, other = context.many("values")[:2]
    same = context.many("same")
    rows = list(context.facts.rows(table_of(amount) or ""))
    first = {_identity(row, same, amount) for row in _with(rows, differs_in, one)} - {None}
    for row in _with(rows, differs_in, other):
        identity = _identity(row, same, amount)
        if identity is not None and identity in first:
            fact = row[column_of(amount)]
            yield Hit(fact.place, fact.words, f"not the same amount as {one} and as {other}")


def _with(rows: list[Row], column: str, value: str) -> list[Row]:
    return [row for row in rows if column in row and row[column].text == value]


def _identity(row: Row, same: tuple[str, ...], amount: str) -> tuple[object, ...] | None:
    fact = row.get(column_of(amount))
    if fact is None or fact.number is None or fact.state != "given":
        return None
    return (fact.number, fact.currency, *(plain(row.get(column)) for column in same))


def _one(context: Context, operand: str) -> Fact | None:
    code, _, name = operand.partition(".")
    return context.facts.get(code, name)
