"""The partnerships chapter against plain counts of the answers."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import pytest
from tests.made_season import MadeSeason
from tests.notebooks.conftest import RunNotebook, Shown, list_values, read_answers, read_text

from annual_report.exhibits.model import Figure, Prose

CHAPTER = "report/20-partnerships.ipynb"


def test_the_ladder_counts_clusters_this_year_and_last(chapter: Shown, season: MadeSeason) -> None:
    exhibit = chapter["governance"]
    counted = Counter(read_answers(season, "PAR-01").values())
    assert [row[1].value for row in exhibit.grid.rows] == [counted[n] for n in (4, 3, 2, 1, 0)]
    assert all(row[2].id.startswith("before:all.") for row in exhibit.grid.rows)
    assert (exhibit.n, exhibit.of) == (counted.total(), len(season.edition.clusters))
    assert exhibit.source.endswith("tick: 2022.")


def test_the_title_of_a_ladder_is_true(chapter: Shown, season: MadeSeason) -> None:
    counted = Counter(read_answers(season, "PAR-01").values())
    everyone = counted[3] + counted[4] == counted.total()
    assert chapter["governance"].title.startswith("All answering clusters have") == everyone


def test_partners_by_side_and_status(chapter: Shown, season: MadeSeason) -> None:
    answers = pd.concat([season.answers_of(c.id) for c in season.answered])
    cells = answers[answers["question"] == "PAR-T1"]
    wide = cells.pivot_table(
        index=["cluster", "row"], columns="field", values="text", aggfunc="first"
    )
    counted = Counter(zip(wide["side"], wide["status"], strict=True))
    sides = [c.code for c in season.framework.choices["sides"]]
    for side, row in zip(sides, chapter["partners"].grid.rows, strict=False):
        expected = [counted[side, s] for s in ("operating", "agreement", "mou", "exploring")]
        assert [cell.value for cell in row[1:]] == [*expected, sum(expected)]


def test_what_is_shared_is_what_was_answered(chapter: Shown, season: MadeSeason) -> None:
    exhibit = chapter["shared"]
    told = (("PAR-06", "value"), ("PAR-06", "target"), ("PAR-07", "value"))
    for column, (question, field) in enumerate(told, start=1):
        assert list_values(exhibit, column) == read_answers(season, question, field)
    pieces = sum(read_answers(season, "PAR-06").values())
    assert exhibit.title == f"{pieces:,.0f} pieces of shared infrastructure are developed jointly"


def test_training_adds_up(chapter: Shown, season: MadeSeason) -> None:
    exhibit = chapter["training"]
    assert exhibit.grid.total_rows == 1
    now, target = read_answers(season, "PAR-08"), read_answers(season, "PAR-08", "target")
    baseline = read_answers(season, "PAR-08", "baseline")
    told = list_values(exhibit, 2)
    assert told.pop("All clusters") == pytest.approx(sum(now.values()))
    assert told == pytest.approx(now)
    ways = list_values(exhibit, 4)
    for name, way in ways.items():
        gone = (now[name] - baseline[name]) / (target[name] - baseline[name])
        assert way == pytest.approx(min(gone, 1.0)) or way == pytest.approx(gone)
    assert [c.unit for c in exhibit.grid.columns] == ["", "", "", "", "%", ""]


def test_where_nobody_answered_the_chapter_says_so(
    run_notebook: RunNotebook, silent_season: MadeSeason
) -> None:
    shown = run_notebook(CHAPTER, silent_season)
    assert all(isinstance(s, Prose) for s in shown.values())
    assert read_text(shown["lead"]) == "No cluster reported how its members work together."


def test_nothing_is_said_over_counts_that_are_withheld(
    run_notebook: RunNotebook, private_season: MadeSeason
) -> None:
    shown = run_notebook(CHAPTER, private_season)
    for name in ("governance", "trust"):
        exhibit = shown[name]
        assert isinstance(exhibit, Figure)
        kept = [row for row in exhibit.grid.rows if row[1].mark == "withheld"]
        if any(row[0].startswith(("4", "3")) for row in kept):
            assert exhibit.title.startswith(("How", "Which"))
        assert bool(kept) == any("withheld" in note for note in exhibit.notes)
