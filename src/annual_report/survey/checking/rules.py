"""Checks across cells: each a small function named in ``data/framework/checks.yaml``.

What each rule takes and finds is told there, beside the checks that use it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from annual_report.edition import Edition
from annual_report.errors import FrameworkError
from annual_report.framework.model import Check, Framework
from annual_report.rates import Rates
from annual_report.survey.checking import rules_previous, rules_rows, rules_values
from annual_report.survey.checking.rules_context import Context, Hit
from annual_report.survey.findings.finding import Finding, find
from annual_report.survey.form.layout import YEAR
from annual_report.survey.reading.answer import Answer
from annual_report.survey.reading.facts import make_facts
from annual_report.survey.reading.returns import Return

Rule = Callable[[Context], Iterator[Hit]]


@dataclass(frozen=True)
class RuleKind:
    """A rule with the parameters it cannot do without and those it may have."""

    check: Rule
    needs: tuple[str, ...]
    may: tuple[str, ...] = ()


_NARROW = ("where", "values")
RULES: dict[str, RuleKind] = {
    "not_above": RuleKind(rules_values.not_above, ("lower", "upper"), ("tolerance",)),
    "not_equal": RuleKind(rules_values.not_equal, ("first", "second")),
    "sum_of_parts": RuleKind(
        rules_values.sum_of_parts, ("total", "parts", "fields"), ("tolerance",)
    ),
    "year_after": RuleKind(rules_values.year_after, ("earlier", "later"), ("gap",)),
    "year_not_after_reporting": RuleKind(rules_values.year_not_after_reporting, ("year",), _NARROW),
    "required_with": RuleKind(rules_values.required_with, ("when", "needs"), ("values",)),
    "only_with": RuleKind(rules_values.only_with, ("field", "when", "values")),
    "column_sum_not_above": RuleKind(
        rules_rows.column_sum_not_above, ("column", "upper"), (*_NARROW, "tolerance")
    ),
    "column_sum_equal": RuleKind(rules_rows.column_sum_equal, ("column", "total"), ("tolerance",)),
    "group_sum_not_above": RuleKind(
        rules_rows.group_sum_not_above,
        ("column", "group", "upper", "upper_group"),
        (*_NARROW, "tolerance"),
    ),
    "row_count": RuleKind(rules_rows.row_count, ("table", "count"), _NARROW),
    "listed_in": RuleKind(rules_rows.listed_in, ("column", "of")),
    "not_counted_twice": RuleKind(
        rules_rows.not_counted_twice, ("same", "differs", "values", "amount")
    ),
    "within_factor_of_previous": RuleKind(
        rules_previous.within_factor_of_previous, ("fields", "factor")
    ),
    "same_as_previous": RuleKind(rules_previous.same_as_previous, ("fields",)),
}


def check_rules(
    framework: Framework,
    edition: Edition,
    items: Iterable[Answer],
    *,
    previous: Return | None = None,
    rates: Rates | None = None,
) -> tuple[Finding, ...]:
    """Check a return across its cells, and against last edition's where there is one.

    Amounts of several currencies are compared at the rates of the year that the return describes,
    with room for the years between; without rates they are not compared.

    Raises
    ------
    FrameworkError
        If a check names a rule that does not exist, or lacks one of its parameters.
    """
    items = tuple(items)
    year = find_year(items) or edition.year
    facts = make_facts(items, rates=rates, year=year)
    before = None
    if previous is not None:
        before = make_facts(previous.items, rates=rates, year=find_year(previous.items))
    found: list[Finding] = []
    for check in framework.checks:
        rule = _find_rule(check)
        context = Context(check, facts, before, year)
        found += [_to_finding(check, hit) for hit in rule.check(context)]
    return tuple(found)


def find_year(items: Iterable[Answer]) -> int | None:
    """The year that a return says it describes."""
    reporting = make_facts(items).get(YEAR, "value")
    return None if reporting is None or reporting.number is None else int(reporting.number)


def _find_rule(check: Check) -> RuleKind:
    rule = RULES.get(check.rule)
    if rule is None:
        raise FrameworkError(
            f"no rule {check.rule!r}",
            where=f"checks.yaml: {check.code}",
            expected=", ".join(RULES),
            do="use one of these rules, or write it in survey/rules",
        )
    lacking = set(rule.needs) - set(check.parameters)
    strange = set(check.parameters) - {*rule.needs, *rule.may}
    if lacking or strange:
        raise FrameworkError(
            f"wrong parameters of the rule {check.rule!r}",
            where=f"checks.yaml: {check.code}",
            expected=", ".join((*rule.needs, *(f"[{name}]" for name in rule.may))),
            found=", ".join(check.parameters),
        )
    return rule


def _to_finding(check: Check, hit: Hit) -> Finding:
    return find(
        check.code,
        hit.place,
        found=hit.found,
        expected=hit.expected,
        severity=check.severity,
        message=check.message,
        action=check.action,
    )
