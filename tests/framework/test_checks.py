"""The cross-checks as data: do they name what exists, in the words of their own table of rules?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from annual_report.framework import Check, Framework, read_framework
from annual_report.project import Project

ROOT = Path(__file__).parents[2]
OPERANDS = {
    "lower", "upper", "first", "second", "earlier", "later", "when", "needs", "field", "year",
    "column", "group", "upper_group", "of", "amount", "count",
}  # fmt: skip
FIELDS = {"value", "value_year", "baseline", "baseline_year", "target", "target_year"}
FRAMEWORK = read_framework(Project(ROOT))


def _documented() -> dict[str, set[str]]:
    """The rules and their parameters, as the head of checks.yaml tells them."""
    text = (ROOT / "data" / "framework" / "checks.yaml").read_text(encoding="utf-8")
    rules = re.findall(r"^#   ([a-z_]+)\(([a-z_*, ]+)\):", text, flags=re.MULTILINE)
    return {name: set(parameters.replace("*", "").split(", ")) for name, parameters in rules}


@pytest.fixture(scope="module")
def framework() -> Framework:
    return FRAMEWORK


def _operands(check: Check) -> list[str]:
    found: list[str] = []
    for name, value in check.parameters.items():
        if name in OPERANDS:
            found += value if isinstance(value, tuple) else [str(value)]
    if isinstance(check.parameters.get("total"), str) and "fields" not in check.parameters:
        found.append(str(check.parameters["total"]))
    return found


@pytest.mark.parametrize("check", FRAMEWORK.checks, ids=lambda check: check.code)
def test_operands_name_a_field_that_the_question_has(check: Check, framework: Framework) -> None:
    for operand in _operands(check):
        code, _, field = operand.rpartition(".")
        for asked in [code] if code else check.questions:
            assert asked in check.questions, operand
            if asked in framework.tables:
                assert field in {c.name for c in framework.tables[asked].columns}, operand
            else:
                assert field in FIELDS
                assert field in dict(framework.questions[asked].fields), operand


@pytest.mark.parametrize("check", FRAMEWORK.checks, ids=lambda check: check.code)
def test_fields_exist_in_at_least_one_of_the_questions(check: Check, framework: Framework) -> None:
    fields = check.parameters.get("fields", ())
    assert isinstance(fields, tuple)
    for field in fields:
        assert any(field in dict(framework.questions[q].fields) for q in check.questions)


@pytest.mark.parametrize("check", FRAMEWORK.checks, ids=lambda check: check.code)
def test_conditions_name_choices_of_their_column(check: Check, framework: Framework) -> None:
    values = check.parameters.get("values")
    if values is None:
        return
    column = check.parameters.get("where") or check.parameters.get("differs")
    column = str(column or str(check.parameters["when"]).rpartition(".")[2])
    table = framework.tables[next(q for q in check.questions if q in framework.tables)]
    field = table.column(column)
    known = {"yes", "no"} if field.kind == "yes_no" else set()
    known |= {choice.code for choice in framework.choices.get(field.choices or "", ())}
    assert set(values) <= known  # type: ignore[arg-type]


def test_rules_and_their_parameters_are_the_documented_ones(framework: Framework) -> None:
    documented = _documented()
    for check in framework.checks:
        assert check.rule in documented, check.code
        assert set(check.parameters) <= documented[check.rule], check.code
    assert {check.rule for check in framework.checks} == set(documented)


def test_each_tells_what_is_wrong_and_what_to_do(framework: Framework) -> None:
    for check in framework.checks:
        assert check.message.endswith("."), check.code
        assert check.action.endswith("."), check.code
    assert len({check.message for check in framework.checks}) == len(framework.checks)


def test_every_cross_check_asked_for_is_there(framework: Framework) -> None:
    assert {
        "disbursed-above-committed",
        "scope-total",
        "target-year-after-baseline-year",
        "operational-without-start-year",
        "far-from-last-year",
        "project-without-lever",
        "sector-shares",
    } <= {check.code for check in framework.checks}
