"""A missing answer acts on what is computed from it, and on nothing else: never as a zero."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from annual_report.measures.answers import USABLE
from annual_report.measures.indicators.calculation import Context
from annual_report.measures.indicators.cluster import compute_measures, read_context
from annual_report.project import Project
from annual_report.survey.collecting.cluster import ingest_return
from annual_report.tables import list_records

EDITION, CLUSTER = "example", "kessel"


@pytest.fixture(scope="module")
def quick(root: Path) -> Context:
    """The example's context with few draws: the intervals themselves are tested elsewhere."""
    context = read_context(Project(root), EDITION)
    rules = context.edition.rules.model_copy(update={"uncertainty_draws": 20})
    edition = context.edition.model_copy(update={"rules": rules})
    return Context(edition, context.framework, context.rates)


@pytest.fixture(scope="module")
def answers(root: Path) -> pd.DataFrame:
    return ingest_return(Project(root), EDITION, CLUSTER).answers


def index(measures: pd.DataFrame) -> dict[str, dict[str, object]]:
    return {record["id"]: record for record in list_records(measures)}


def find_dependants(measures: Mapping[str, Mapping[str, object]], answer: str) -> set[str]:
    """Every measure that an answer reaches, by following inputs forward."""
    reached = {answer}
    size = 0
    while size != len(reached):
        size = len(reached)
        reached |= {key for key, m in measures.items() if reached & set(m["inputs"])}  # type: ignore[call-overload]
    return reached


def test_blanking_an_answer_moves_only_what_is_computed_from_it(
    quick: Context, answers: pd.DataFrame
) -> None:
    full = index(compute_measures(CLUSTER, answers, quick))
    usable = answers.index[answers["status"].isin(USABLE)]
    assert len(usable) > 150
    moved_by_none = 0
    for place in usable:
        blanked = answers.copy()
        blanked.loc[place, ["number", "text", "status"]] = [None, None, "missing"]
        answer = str(answers.loc[place, "id"])
        now = index(compute_measures(CLUSTER, blanked, quick))
        moved = {
            key
            for key in full.keys() | now.keys()
            if (full.get(key) or {}).get("number") != (now.get(key) or {}).get("number")
        }
        allowed = find_dependants(full, answer) | find_dependants(now, answer)
        allowed |= {key for key in moved if is_sibling(key, answer)}
        pillars = {m["pillar"] for key, m in full.items() if key in allowed and m["pillar"]}
        allowed |= {f"{CLUSTER}.{p}.{name}" for p in pillars for name in PILLAR_MEASURES}
        assert moved <= allowed, (answer, moved - allowed)
        moved_by_none += not moved
    assert moved_by_none < len(usable)


PILLAR_MEASURES = ("score", "coverage", "low", "high")


def is_sibling(measure: str, answer: str) -> bool:
    """Whether a measure is the standard form of another cell of the same row or question.

    A row's year picks the rate of its amount, and a row without its amount has none to convert.
    """
    return measure.endswith(".standard") and measure.rsplit(".", 2)[0] == answer.rsplit(".", 1)[0]
