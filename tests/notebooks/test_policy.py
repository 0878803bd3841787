"""The policy chapter against plain counts and medians of the answers."""

from __future__ import annotations

import statistics
from collections import Counter

import pandas as pd
import pytest
from tests.made_season import MadeSeason
from tests.notebooks.conftest import RunNotebook, Shown, list_values, read_answers, read_text

from annual_report.exhibits.model import Prose

CHAPTER = "report/30-policy.ipynb"


def test_policies_by_level_and_status(chapter: Shown, season: MadeSeason) -> None:
    exhibit = chapter["policies"]
    answers = pd.concat([season.answers_of(c.id) for c in season.answered])
    cells = answers[answers["question"] == "POL-T1"]
    wide = cells.pivot_table(
        index=["cluster", "row"], columns="field", values="text", aggfunc="first"
    )
    counted = Counter(zip(wide["level"], wide["status"], strict=True))
    for level, name in (("local", "Local or regional"), ("national", "National")):
        row = next(r for r in exhibit.grid.rows if r[0] == name)
        values = [cell.value for cell in row[1:-1]]
        statuses = ("in_force", "adopted", "proposed", "called_for")
        assert values == [counted[level, status] for status in statuses]


def test_instruments_are_listed_once_with_their_total(chapter: Shown) -> None:
    exhibit = chapter["show-instruments"]
    *rows, total = exhibit.grid.rows
    assert exhibit.grid.total_rows == 1
    for column in range(1, 6):
        assert sum(row[column].value or 0 for row in rows) == total[column].value
    assert exhibit.title == f"The plans depend on {len(rows)} kinds of instruments"
    totals = [row[-1].value for row in rows]
    assert totals == sorted(totals, reverse=True)


def test_permits_go_from_baseline_to_target(chapter: Shown, season: MadeSeason) -> None:
    exhibit = chapter["permits"]
    for column, field in ((1, "baseline"), (2, "value"), (3, "target")):
        reported = read_answers(season, "POL-01", field)
        assert list_values(exhibit, column) == pytest.approx(reported)
    median = statistics.median(read_answers(season, "POL-01").values())
    told = float(exhibit.title.split(" takes ")[1].split()[0])
    assert told == pytest.approx(median, rel=0.06)


def test_gaps_count_the_clusters_at_each_level(chapter: Shown, season: MadeSeason) -> None:
    exhibit = chapter["gaps"]
    for column, code in enumerate(("POL-03a", "POL-03b", "POL-03c", "POL-03d"), start=1):
        counted = Counter(read_answers(season, code).values())
        shown = list_values(exhibit, column)
        assert [shown[name] for name in ("3", "2", "1")] == [counted[n] for n in (3, 2, 1)]


def test_carbon_price_shows_every_public_answer_on_one_scale(
    chapter: Shown, season: MadeSeason
) -> None:
    exhibit = chapter["carbon-price"]
    assert list_values(exhibit, 1) == pytest.approx(read_answers(season, "POL-02"))
    assert ">100<" in exhibit.svg


def test_where_nobody_answered_the_chapter_says_so(
    run_notebook: RunNotebook, silent_season: MadeSeason
) -> None:
    shown = run_notebook(CHAPTER, silent_season)
    assert all(isinstance(s, Prose) for s in shown.values())
    assert read_text(shown["lead"]) == "No cluster reported on policies, permits or a carbon price."


def test_what_is_for_totals_only_is_in_no_exhibit(
    run_notebook: RunNotebook, private_season: MadeSeason
) -> None:
    shown = run_notebook(CHAPTER, private_season)
    assert isinstance(shown["carbon-price"], Prose)
    assert "in the totals only" in read_text(shown["carbon-price"])
