"""Each rule finds what it is for, and nothing where it cannot know."""

from __future__ import annotations

import pytest

from annual_report.errors import FrameworkError
from annual_report.framework import read_framework
from annual_report.framework.model import Check
from annual_report.project import find_project
from annual_report.rates import Rate, Rates
from annual_report.survey.checking.rules import RULES, check_rules
from annual_report.survey.checking.rules_context import Context
from annual_report.survey.reading.answer import Answer
from annual_report.survey.reading.facts import make_facts
from annual_report.survey.reading.meaning import Meaning

YEARS = ("value_year", "baseline_year", "target_year", "year", "start_year", "fid_year")


def answers(**values):
    """Make answers of `A__value=3`, `A__value=(3, "kt/y")`, `T__1__amount=(5, "EUR")`."""
    items = []
    for key, given in values.items():
        code, *rest = key.split("__")
        code = code.replace("_", "-")
        row, field = (int(rest[0]), rest[1]) if len(rest) == 2 else (0, rest[0])
        value, beside = given if isinstance(given, tuple) else (given, None)
        money = bool(beside) and beside.isupper() and len(beside) == 3
        kind = "money" if money else "year" if field in YEARS else "number"
        status = "reported"
        if value in (None, "n/a"):
            status, value = ("missing" if value is None else "not applicable"), None
        if isinstance(value, str):
            meaning, kind = Meaning(status, text=value), "text"
        else:
            meaning = Meaning(status, value)
        unit, currency = (None, beside) if money else (beside, None)
        items.append(Answer(code, row, field, kind, meaning, unit, currency, cell=f"B{row or 1}"))
    return tuple(items)


def run(rule, parameters, items, *, previous=None, questions=("QQQ-01",), year=2023, rates=None):
    check = Check(
        code="a-check",
        severity="error",
        rule=rule,
        questions=questions,
        parameters=parameters,
        message="It is wrong.",
        action="Mend it.",
    )
    before = make_facts(previous) if previous is not None else None
    facts = make_facts(items, rates=rates, year=year)
    context = Context(check, facts, before, year)
    return [str(hit.place) for hit in RULES[rule].check(context)]


CASES = [
    # rule, parameters, answers → places found
    (
        "not_above",
        {"lower": "QQQ-01.value", "upper": "QQQ-02.value"},
        {"QQQ_01__value": 3, "QQQ_02__value": 2},
        ["QQQ-01.value"],
    ),
    (
        "not_above",
        {"lower": "QQQ-01.value", "upper": "QQQ-02.value"},
        {"QQQ_01__value": 2, "QQQ_02__value": 2},
        [],
    ),
    (
        "not_above",
        {"lower": "QQQ-01.value", "upper": "QQQ-02.value", "tolerance": 0.5},
        {"QQQ_01__value": 3, "QQQ_02__value": 2},
        [],
    ),
    (
        "not_above",
        {"lower": "QQQ-01.value", "upper": "QQQ-02.value"},
        {"QQQ_01__value": (1, "Mt/y"), "QQQ_02__value": (999, "kt/y")},
        ["QQQ-01.value"],
    ),
    (
        "not_above",
        {"lower": "QQQ-01.value", "upper": "QQQ-02.value"},
        {"QQQ_01__value": (9, "EUR"), "QQQ_02__value": (1, "USD")},
        [],
    ),
    (
        "not_above",
        {"lower": "QQQ-01.value", "upper": "QQQ-02.value"},
        {"QQQ_01__value": 3, "QQQ_02__value": None},
        [],
    ),
    (
        "not_above",
        {"lower": "target", "upper": "baseline"},
        {"QQQ_01__target": 3, "QQQ_01__baseline": 2},
        ["QQQ-01.target"],
    ),
    (
        "not_above",
        {"lower": "QQQ-T1.a", "upper": "QQQ-T1.b"},
        {"QQQ_T1__1__a": 1, "QQQ_T1__1__b": 2, "QQQ_T1__2__a": 3, "QQQ_T1__2__b": 2},
        ["QQQ-T1.2.a"],
    ),
    (
        "not_equal",
        {"first": "target", "second": "baseline"},
        {"QQQ_01__target": 2, "QQQ_01__baseline": 2},
        ["QQQ-01.target"],
    ),
    (
        "not_equal",
        {"first": "target", "second": "baseline"},
        {"QQQ_01__target": 2, "QQQ_01__baseline": 3},
        [],
    ),
    (
        "sum_of_parts",
        {"total": "QQQ-03", "parts": ("QQQ-01", "QQQ-02"), "fields": ("value",)},
        {"QQQ_01__value": 1, "QQQ_02__value": 2, "QQQ_03__value": 4},
        ["QQQ-03.value"],
    ),
    (
        "sum_of_parts",
        {"total": "QQQ-03", "parts": ("QQQ-01", "QQQ-02"), "fields": ("value",)},
        {
            "QQQ_01__value": (1000, "kt/y"),
            "QQQ_02__value": (2, "Mt/y"),
            "QQQ_03__value": (3, "Mt/y"),
        },
        [],
    ),
    (
        "sum_of_parts",
        {"total": "QQQ-03", "parts": ("QQQ-01", "QQQ-02"), "fields": ("value",)},
        {"QQQ_01__value": 1, "QQQ_02__value": None, "QQQ_03__value": 4},
        [],
    ),
    (
        "year_after",
        {"earlier": "baseline_year", "later": "target_year", "gap": 1},
        {"QQQ_01__baseline_year": 2030, "QQQ_01__target_year": 2030},
        ["QQQ-01.target_year"],
    ),
    (
        "year_after",
        {"earlier": "baseline_year", "later": "target_year", "gap": 0},
        {"QQQ_01__baseline_year": 2030, "QQQ_01__target_year": 2030},
        [],
    ),
    (
        "year_not_after_reporting",
        {"year": "value_year"},
        {"QQQ_01__value_year": 2024},
        ["QQQ-01.value_year"],
    ),
    ("year_not_after_reporting", {"year": "value_year"}, {"QQQ_01__value_year": 2023}, []),
    (
        "year_not_after_reporting",
        {"year": "QQQ-T1.year", "where": "status", "values": ("done",)},
        {
            "QQQ_T1__1__year": 2025,
            "QQQ_T1__1__status": "done",
            "QQQ_T1__2__year": 2025,
            "QQQ_T1__2__status": "planned",
        },
        ["QQQ-T1.1.year"],
    ),
    (
        "required_with",
        {"when": "target", "needs": ("target_year",)},
        {"QQQ_01__target": 1, "QQQ_01__target_year": None},
        ["QQQ-01.target_year"],
    ),
    (
        "required_with",
        {"when": "target", "needs": ("target_year",)},
        {"QQQ_01__target": 1, "QQQ_01__target_year": "n/a"},
        [],
    ),
    (
        "required_with",
        {"when": "QQQ-T1.stage", "values": ("on",), "needs": ("QQQ-T1.start_year",)},
        {
            "QQQ_T1__1__stage": "on",
            "QQQ_T1__1__start_year": None,
            "QQQ_T1__2__stage": "off",
            "QQQ_T1__2__start_year": None,
        },
        ["QQQ-T1.1.start_year"],
    ),
    (
        "only_with",
        {"field": "QQQ-T1.done", "when": "QQQ-T1.stage", "values": ("on",)},
        {
            "QQQ_T1__1__stage": "off",
            "QQQ_T1__1__done": 5,
            "QQQ_T1__2__stage": "on",
            "QQQ_T1__2__done": 5,
            "QQQ_T1__3__stage": "off",
            "QQQ_T1__3__done": 0,
        },
        ["QQQ-T1.1.done"],
    ),
    (
        "column_sum_not_above",
        {"column": "QQQ-T1.a", "upper": "QQQ-01.value"},
        {"QQQ_T1__1__a": 2, "QQQ_T1__2__a": 2, "QQQ_01__value": 3},
        ["QQQ-01.value"],
    ),
    (
        "column_sum_not_above",
        {"column": "QQQ-T1.a", "upper": "QQQ-01.value", "where": "s", "values": ("x",)},
        {
            "QQQ_T1__1__a": 2,
            "QQQ_T1__1__s": "x",
            "QQQ_T1__2__a": 2,
            "QQQ_T1__2__s": "y",
            "QQQ_01__value": 3,
        },
        [],
    ),
    (
        "column_sum_not_above",
        {"column": "QQQ-T1.a", "upper": "QQQ-01.value"},
        {"QQQ_T1__1__a": (9, "EUR"), "QQQ_01__value": (3, "USD")},
        [],
    ),
    (
        "column_sum_equal",
        {"column": "QQQ-T1.a", "total": 100},
        {"QQQ_T1__1__a": 60, "QQQ_T1__2__a": 30},
        ["QQQ-T1"],
    ),
    (
        "column_sum_equal",
        {"column": "QQQ-T1.a", "total": 100},
        {"QQQ_T1__1__a": 60, "QQQ_T1__2__a": 40},
        [],
    ),
    (
        "column_sum_equal",
        {"column": "QQQ-T1.a", "total": 100},
        {"QQQ_T1__1__a": 60, "QQQ_T1__2__a": None},
        [],
    ),
    (
        "group_sum_not_above",
        {"column": "QQQ-T1.a", "group": "QQQ-T1.p", "upper": "QQQ-T2.c", "upper_group": "QQQ-T2.n"},
        {
            "QQQ_T1__1__a": (6, "EUR"),
            "QQQ_T1__1__p": "One ",
            "QQQ_T1__2__a": (6, "EUR"),
            "QQQ_T1__2__p": "one",
            "QQQ_T2__1__c": (10, "EUR"),
            "QQQ_T2__1__n": "ONE",
        },
        ["QQQ-T1.1.a"],
    ),
    (
        "group_sum_not_above",
        {"column": "QQQ-T1.a", "group": "QQQ-T1.p", "upper": "QQQ-T2.c", "upper_group": "QQQ-T2.n"},
        {
            "QQQ_T1__1__a": (60, "EUR"),
            "QQQ_T1__1__p": "other",
            "QQQ_T2__1__c": (10, "EUR"),
            "QQQ_T2__1__n": "one",
        },
        [],
    ),
    (
        "row_count",
        {"table": "QQQ-T1", "where": "s", "values": ("yes",), "count": "QQQ-01.value"},
        {"QQQ_T1__1__s": "yes", "QQQ_T1__2__s": "no", "QQQ_01__value": 2},
        ["QQQ-01.value"],
    ),
    (
        "row_count",
        {"table": "QQQ-T1", "where": "s", "values": ("yes",), "count": "QQQ-01.value"},
        {"QQQ_T1__1__s": "yes", "QQQ_01__value": 1},
        [],
    ),
    (
        "listed_in",
        {"column": "QQQ-T1.p", "of": "QQQ-T2.n"},
        {"QQQ_T1__1__p": "alpha", "QQQ_T1__2__p": "Beta", "QQQ_T2__1__n": "beta"},
        ["QQQ-T1.1.p"],
    ),
    (
        "not_counted_twice",
        {"same": ("p",), "differs": "s", "values": ("in", "out"), "amount": "QQQ-T1.a"},
        {
            "QQQ_T1__1__a": 5,
            "QQQ_T1__1__p": "x",
            "QQQ_T1__1__s": "in",
            "QQQ_T1__2__a": 5,
            "QQQ_T1__2__p": "X",
            "QQQ_T1__2__s": "out",
        },
        ["QQQ-T1.2.a"],
    ),
    (
        "not_counted_twice",
        {"same": ("p",), "differs": "s", "values": ("in", "out"), "amount": "QQQ-T1.a"},
        {
            "QQQ_T1__1__a": 5,
            "QQQ_T1__1__p": "x",
            "QQQ_T1__1__s": "in",
            "QQQ_T1__2__a": 6,
            "QQQ_T1__2__p": "x",
            "QQQ_T1__2__s": "out",
        },
        [],
    ),
]


@pytest.mark.parametrize(("rule", "parameters", "given", "places"), CASES)
def test_a_rule_finds_what_it_is_for(rule, parameters, given, places):
    assert run(rule, parameters, answers(**given)) == places


@pytest.mark.parametrize(
    ("rule", "more", "now", "before", "found"),
    [
        ("within_factor_of_previous", {"factor": 10}, 50, 5, True),
        ("within_factor_of_previous", {"factor": 10}, 49, 5, False),
        ("within_factor_of_previous", {"factor": 10}, 0.5, 5, True),
        ("same_as_previous", {}, 5.1, 5, True),
        ("same_as_previous", {}, 5, 5, False),
    ],
)
def test_a_rule_compares_with_last_edition(rule, more, now, before, found):
    places = run(
        rule,
        {"fields": ("value",)} | more,
        answers(QQQ_01__value=now),
        previous=answers(QQQ_01__value=before),
    )
    assert bool(places) == found


def test_without_a_last_edition_nothing_is_compared():
    assert run("same_as_previous", {"fields": ("value",)}, answers(QQQ_01__value=1)) == []


def test_last_edition_in_another_unit_is_converted_first():
    now, before = answers(QQQ_01__value=(5000, "kt/y")), answers(QQQ_01__value=(5, "Mt/y"))
    assert run("same_as_previous", {"fields": ("value",)}, now, previous=before) == []


def test_every_check_of_the_questionnaire_can_run(edition):
    framework = read_framework(find_project())
    assert check_rules(framework, edition, ()) == ()
    assert {check.rule for check in framework.checks} <= set(RULES)


def test_a_check_with_an_unknown_rule_is_an_authors_fault(edition, framework):
    for rule, parameters in (("guess", {}), ("not_above", {"lower": "x"})):
        check = Check(
            code="c",
            severity="note",
            rule=rule,
            questions=("FIN-01",),
            parameters=parameters,
            message="m",
            action="a",
        )
        wrong = framework.model_copy(update={"checks": (check,)})
        with pytest.raises(FrameworkError, match="rule"):
            check_rules(wrong, edition, ())


RATES = Rates({("USD", 2023): Rate("USD", 2023, 1.1, "a test")})


@pytest.mark.parametrize(
    ("amounts", "is_found"),
    [
        ([(100, "EUR"), (110, "USD")], False),  # 220 USD of 250
        ([(200, "EUR"), (110, "USD")], False),  # 330: within what the rates of other years leave
        ([(300, "EUR"), (110, "USD")], True),  # 440
        ([(100, "USD"), (160, "USD")], True),  # one currency leaves nothing open
        ([(9000, "EUR"), (9000, "JPY")], False),  # no rate: nothing is said
    ],
)
def test_amounts_of_several_currencies_are_compared_with_room(amounts, is_found):
    rows = {f"FIN_T1__{i}__amount": amount for i, amount in enumerate(amounts, start=1)}
    items = answers(FIN_01__value=(250, "USD"), **rows)
    parameters = {"column": "FIN-T1.amount", "upper": "FIN-01.value", "tolerance": 0.02}
    assert bool(run("column_sum_not_above", parameters, items, rates=RATES)) is is_found


@pytest.mark.parametrize(("paid", "is_found"), [(109, False), (130, False), (150, True)])
def test_money_paid_out_is_held_against_a_cost_in_another_currency(paid, is_found):
    items = answers(
        FIN_T1__1__project="Pipe", FIN_T1__1__amount=(paid, "USD"),
        TEC_T1__1__name="Pipe", TEC_T1__1__capex=(100, "EUR"),
    )  # fmt: skip
    parameters = {
        "column": "FIN-T1.amount", "group": "FIN-T1.project",
        "upper": "TEC-T1.capex", "upper_group": "TEC-T1.name", "tolerance": 0.02,
    }  # fmt: skip
    assert bool(run("group_sum_not_above", parameters, items, rates=RATES)) is is_found
    assert not run("group_sum_not_above", parameters, items)
