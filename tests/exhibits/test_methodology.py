"""The methodology says what the framework and the code say."""

from __future__ import annotations

import json

import pytest

from annual_report.exhibits import methodology, methodology_rules
from annual_report.exhibits.indicators import list_questions
from annual_report.exhibits.model import Number, Prose
from annual_report.exhibits.season import Season
from annual_report.measures.progress import LINEAR_VERDICTS


def read_text(prose: Prose) -> str:
    return " ".join("".join(run.text for run in runs) for runs in prose.paragraphs)


def test_every_indicator_is_defined_and_scored_weights_add_up(season: Season) -> None:
    for pillar in season.framework.pillars:
        table = methodology.show_indicators(season, pillar.code)
        indicators = season.framework.indicators_of(pillar.code)
        assert [row[1] for row in table.grid.rows] == [i.definition for i in indicators]
        weights = [row[2].value or 0 for row in table.grid.rows if isinstance(row[2], Number)]
        assert sum(weights) == pytest.approx(100)


def test_every_verdict_of_the_linear_method_is_explained(season: Season) -> None:
    shown = [row[1] for row in methodology.show_verdicts(season).grid.rows]
    assert shown == list(LINEAR_VERDICTS)


def test_every_level_of_every_rubric_is_told(season: Season) -> None:
    text = json.dumps(methodology.show_rubrics(season).model_dump(mode="json"), ensure_ascii=False)
    for question in season.framework.questions.values():
        assert all(json.dumps(s.meaning, ensure_ascii=False)[1:-1] in text for s in question.rubric)


def test_the_rules_name_the_constants_that_are_used(season: Season) -> None:
    text = read_text(methodology_rules.show_scores(season))
    for constant in ("1,000", "0.75", "1.25", "2/3", "Below 10"):
        assert constant in text


def test_the_values_that_protect_respondents_are_not_told(season: Season) -> None:
    rules = season.edition.rules.disclosure
    text = read_text(methodology_rules.show_totals(season))
    assert f"{rules.p_percent:g}" not in text
    assert not any(character.isdigit() for character in text)


def test_each_rate_is_the_ratio_of_two_averages_of_its_year(season: Season) -> None:
    table = methodology_rules.show_rates(season)
    assert table is not None
    rates = {
        (row["currency"], int(row["year"])): float(row["per_eur"])
        for row in _read_reference(season)
    }
    shown = 0
    for currency, *cells in table.grid.rows:
        for column, cell in zip(table.grid.columns[1:], cells, strict=True):
            if isinstance(cell, Number):
                year = int(column.label)
                own = rates.get((str(currency), year), 1.0)
                assert cell.value == pytest.approx(rates["USD", year] / own)
                assert cell.id == f"rate.{currency}-USD.{year}"
                shown += 1
    assert shown


def _read_reference(season: Season) -> list[dict[str, str]]:
    import csv

    path = season.project.reference / "exchange-rates.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_run_of_questions_is_written_as_one(season: Season) -> None:
    written = {i.code: list_questions(i) for i in season.framework.indicators}
    assert written["POL-GAP"] == "POL-03a–d"
    assert written["FIN-SECURED"] == "FIN-T1, FIN-01"
    assert written["TEC-EMISSIONS"] == "CLU-08"
