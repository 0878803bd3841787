"""The kinds of findings: told in the documentation, in words that stay words."""

from __future__ import annotations

from pathlib import Path

import pytest

from annual_report.survey.findings.finding import KINDS, Place, find

DOCS = Path(__file__).parents[2] / "docs" / "returns.md"


def test_every_kind_is_documented():
    lines = DOCS.read_text(encoding="utf-8").splitlines()
    told = [line for line in lines if line.startswith("| `")]
    assert told == [f"| `{k.code}` | {k.severity} | {k.title} |" for k in KINDS.values()]


@pytest.mark.parametrize("code", KINDS)
def test_a_finding_leaves_no_blank_to_fill(code):
    fault = find(code, Place("FIN-01"), found="this", expected="that")
    assert "{" not in fault.message + fault.action
    assert fault.message.rstrip().endswith((".", "?", "this", "that"))


def test_what_a_respondent_typed_is_never_taken_for_a_template():
    fault = find("not-understood", found="{expected}", expected="a number")
    assert fault.message == "We do not understand expected as a number."
