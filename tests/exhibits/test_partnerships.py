"""The partnerships chapter against plain counts of the answers."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import pytest

from annual_report.exhibits import partnerships
from annual_report.exhibits.model import Figure, Number, Table
from annual_report.exhibits.season import Season


def count_answers(season: Season, question: str) -> Counter[float]:
    answers = pd.concat([season.answers_of(c.id) for c in season.answered])
    mine = answers[(answers["question"] == question) & (answers["field"] == "value")]
    return Counter(mine["number"])


def test_the_ladder_counts_clusters_this_year_and_last(season: Season) -> None:
    exhibit = partnerships.plot_governance(season)
    assert isinstance(exhibit, Figure)
    counted = count_answers(season, "PAR-01")
    rows = exhibit.grid.rows
    now = [row[1].value for row in rows if isinstance(row[1], Number)]
    assert now == [counted[level] for level in (4, 3, 2, 1, 0)]
    before = [row[2] for row in rows]
    assert all(isinstance(n, Number) and (n.id or "").startswith("before:all.") for n in before)
    assert exhibit.n == counted.total()


def test_the_title_of_a_ladder_is_true(season: Season) -> None:
    exhibit = partnerships.plot_governance(season)
    assert isinstance(exhibit, Figure)
    counted = count_answers(season, "PAR-01")
    governed = counted[3] + counted[4]
    if governed == counted.total():
        assert exhibit.title == "All answering clusters have steering bodies"
    else:
        assert not exhibit.title.startswith("All")


def test_silent_clusters_stand_in_the_open_box(season: Season) -> None:
    exhibit = partnerships.plot_governance(season)
    assert isinstance(exhibit, Figure)
    silent = len(season.edition.clusters) - count_answers(season, "PAR-01").total()
    assert f">{silent} not answered<" in exhibit.svg


def test_partners_by_side_and_status(season: Season) -> None:
    exhibit = partnerships.plot_partners(season)
    assert isinstance(exhibit, Figure)
    answers = pd.concat([season.answers_of(c.id) for c in season.answered])
    cells = answers[answers["question"] == "PAR-T1"]
    wide = cells.pivot_table(
        index=["cluster", "row"], columns="field", values="text", aggfunc="first"
    )
    counted = Counter(zip(wide["side"], wide["status"], strict=True))
    sides = [c.code for c in season.framework.choices["sides"]]
    for side, row in zip(sides, exhibit.grid.rows, strict=True):
        values = [cell.value for cell in row[1:] if isinstance(cell, Number)]
        statuses = ("operating", "agreement", "mou", "exploring")
        expected = [counted[side, status] for status in statuses]
        assert values == [*expected, sum(expected)]


def test_training_adds_up(season: Season) -> None:
    exhibit = partnerships.show_training(season)
    assert isinstance(exhibit, Table)
    *rows, total = exhibit.grid.rows
    now = [row[2].value for row in rows if isinstance(row[2], Number) and row[2].value is not None]
    assert isinstance(total[2], Number)
    assert total[2].value == pytest.approx(sum(now))
    assert exhibit.title == f"{total[2].text} people were trained in shared programmes"
