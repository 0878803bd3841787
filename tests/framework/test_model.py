"""The parts of a questionnaire hold what they promise."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from annual_report.framework import Question, TableColumn

RANGE = {"plausible": [{"low": 1, "high": 9, "why": "as others say"}]}
WORDS = {"code": "TEC-01", "text": "How much?", "guidance": "All of it.", "example": "1"}


def _question(**more: object) -> Question:
    return Question.model_validate(WORDS | more)


def _column(**more: object) -> TableColumn:
    return TableColumn.model_validate({"name": "size", "label": "Size"} | more)


def test_fields_follow_from_what_a_question_takes() -> None:
    question = _question(kind="number", unit="MW", dated=True, baseline=True, target=True, **RANGE)
    assert [name for name, _ in question.fields] == [
        "value", "value_year", "baseline", "baseline_year", "target", "target_year", "comment",
    ]  # fmt: skip


def test_fields_of_a_plain_question_are_value_and_comment() -> None:
    assert dict(_question(kind="text").fields) == {"value": "text", "comment": "text"}
    assert dict(_question(kind="yes_no", comment=False).fields) == {"value": "yes_no"}


@pytest.mark.parametrize(
    "more",
    [
        {"kind": "number"} | RANGE,
        {"kind": "number", "unit": "MW"},
        {"kind": "money"},
        {"kind": "percent", "plausible": []},
        {"kind": "text"} | RANGE,
        {"kind": "number", "unit": "MW", "plausible": [{"why": "no bound at all"}]},
        {"kind": "number", "unit": "MW", "plausible": [{"low": 1, "high": 9}]},
        {
            "kind": "number",
            "unit": "MW",
            "plausible": [{"low": 9, "high": 1, "why": "turned round"}],
        },
        {"kind": "number", "unit": "MW", "plausible": [{"low": 1, "per": "A.b", "why": "no own"}]},
        {"kind": "text", "unit": "MW"},
        {"kind": "text", "minimum": 0},
        {"kind": "choice"},
        {"kind": "text", "choices": "levers"},
        {"kind": "level"},
        {"kind": "level", "baseline": True},
        {"kind": "yes_no", "target": True},
        {"kind": "colour"},
    ],
)
def test_questions_that_contradict_themselves_are_refused(more: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        _question(**more)


@pytest.mark.parametrize(
    "more",
    [
        {"kind": "number"} | RANGE,
        {"kind": "number", "unit": "MW"},
        {"kind": "number", "unit": "MW", "unit_from": "unit"} | RANGE,
        {"kind": "money"} | RANGE,
        {"kind": "text", "unit_from": "unit"},
        {"kind": "text", "name": "Big Size"},
    ],
)
def test_columns_that_contradict_themselves_are_refused(more: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        _column(**more)


def test_column_takes_its_unit_from_the_table_of_units_or_from_its_row() -> None:
    assert _column(kind="number", unit="MW", **RANGE).unit == "MW"
    assert _column(kind="number", unit_from="unit", **RANGE).unit_from == "unit"
    assert _column(kind="money", unit_from="currency", **RANGE).unit_from == "currency"
