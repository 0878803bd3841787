"""A page prints CO₂; what is looked up by a code or a unit stays what it was."""

from __future__ import annotations

from annual_report.exhibits.typesetting import typeset
from annual_report.framework import read_framework
from annual_report.project import find_project


def test_words_have_the_small_two_and_nothing_else_changes() -> None:
    plain = read_framework(find_project())
    printed = typeset(plain)
    assert printed.model_dump_json().replace("CO₂", "CO2") == plain.model_dump_json()
    names = [indicator.name for indicator in printed.indicators]
    assert "CO₂ captured, against the target" in names
    assert not [name for name in names if "CO2" in name]


def test_codes_and_units_stay() -> None:
    plain = read_framework(find_project())
    printed = typeset(plain)
    assert [i.unit for i in printed.indicators] == [i.unit for i in plain.indicators]
    assert [q.unit for q in printed.questions.values()] == [
        q.unit for q in plain.questions.values()
    ]
    for name, choices in plain.choices.items():
        assert [c.code for c in printed.choices[name]] == [c.code for c in choices]
