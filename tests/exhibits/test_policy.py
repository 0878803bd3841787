"""The policy chapter against plain counts and medians of the answers."""

from __future__ import annotations

import statistics
from collections import Counter

import pandas as pd
import pytest

from annual_report.edition import Context
from annual_report.exhibits import policy
from annual_report.exhibits.model import Figure, Number, Table
from annual_report.exhibits.season import Season


def read_answers(season: Season, question: str, field: str = "value") -> dict[str, float]:
    answers = pd.concat([season.answers_of(c.id) for c in season.answered])
    mine = answers[(answers["question"] == question) & (answers["field"] == field)]
    return dict(zip(mine["cluster"], mine["number"], strict=True))


def test_policies_by_level_and_status(season: Season) -> None:
    exhibit = policy.plot_policies(season)
    assert isinstance(exhibit, Figure)
    answers = pd.concat([season.answers_of(c.id) for c in season.answered])
    cells = answers[answers["question"] == "POL-T1"]
    wide = cells.pivot_table(
        index=["cluster", "row"], columns="field", values="text", aggfunc="first"
    )
    counted = Counter(zip(wide["level"], wide["status"], strict=True))
    for level, row in zip(("local", "national", "supranational"), exhibit.grid.rows, strict=True):
        values = [cell.value for cell in row[1:-1] if isinstance(cell, Number)]
        statuses = ("in_force", "adopted", "proposed", "called_for")
        assert values == [counted[level, status] for status in statuses]


def test_instruments_are_listed_once_with_their_total(season: Season) -> None:
    exhibit = policy.show_instruments(season)
    assert isinstance(exhibit, Table)
    *rows, total = exhibit.grid.rows
    for column in range(1, 6):
        numbers = [row[column] for row in (*rows, total)]
        values = [n.value or 0 for n in numbers if isinstance(n, Number)]
        assert sum(values[:-1]) == values[-1]
    assert exhibit.title == f"The plans depend on {len(rows)} kinds of instruments"


def test_permits_go_from_baseline_to_target(season: Season) -> None:
    exhibit = policy.plot_permits(season)
    assert isinstance(exhibit, Figure)
    now = read_answers(season, "POL-01")
    names = {season.name_of(cluster): months for cluster, months in now.items()}
    shown = {row[0]: row[2].value for row in exhibit.grid.rows if isinstance(row[2], Number)}
    assert {name: shown[name] for name in names} == pytest.approx(names)
    median = statistics.median(now.values())
    text = season.number("all.POL-01.value.median", policy.MONTHS).text
    assert float(text) == pytest.approx(median, rel=0.06)
    assert text in exhibit.title


def test_gaps_name_the_lever_that_rules_cover_least(season: Season) -> None:
    exhibit = policy.plot_gaps(season)
    assert isinstance(exhibit, Figure)
    means = {
        label: statistics.mean(read_answers(season, code).values())
        for code, label in policy.LEVERS.items()
    }
    worst = min(means, key=lambda label: means[label])
    assert exhibit.title == f"Rules lag furthest behind for {worst.lower()}"


def test_carbon_price_shows_every_public_answer_on_one_scale(season: Season) -> None:
    exhibit = policy.plot_carbon_price(season)
    assert isinstance(exhibit, Figure)
    priced = read_answers(season, "POL-02")
    values = [row[1].value for row in exhibit.grid.rows if isinstance(row[1], Number)]
    assert sorted(v for v in values if v is not None) == pytest.approx(sorted(priced.values()))
    assert ">100<" in exhibit.svg


def test_published_facts_stand_beside_the_returns(season: Season) -> None:
    fact = Context(pillar="policy", text="A programme began.", source="a press report")
    edition = season.edition.model_copy(update={"context": (fact,)})
    season_with_fact = Season(season.project, edition, season.framework)
    prose = policy.tell_government(season_with_fact)
    told = "".join(run.text for run in prose.paragraphs[-1])
    assert told == "A programme began. (a press report)"
