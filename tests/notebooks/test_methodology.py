"""The methodology says what the framework and the code say."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import yaml
from tests.made_season import MadeSeason
from tests.notebooks.conftest import RunNotebook, Shown, read_text

import annual_report as ar
from annual_report.exhibits.model import Number
from annual_report.measures.indicators.progress import LINEAR_VERDICTS, Trajectory, judge_progress
from annual_report.project import ROOT_VARIABLE
from annual_report.tables import MEASURES, read_table

CHAPTER = "report/80-methodology.ipynb"


def test_the_lead_counts_what_the_framework_holds(chapter: Shown, season: MadeSeason) -> None:
    framework = season.framework
    scored = sum(i.scored for i in framework.indicators)
    context = len(framework.indicators) - scored
    text = read_text(chapter["lead"])
    assert text.startswith(f"{len(framework.pillars)} pillars, {scored} scored indicators and")
    assert f" {context} for context, computed from {len(framework.questions)} questions" in text
    assert f"{len(framework.tables)} tables of the survey, version {framework.version}." in text


@pytest.mark.parametrize("pillar", ["partnerships", "policy", "finance", "technology"])
def test_every_indicator_is_defined_and_scored_weights_add_up(
    pillar: str, chapter: Shown, season: MadeSeason
) -> None:
    table = chapter[pillar]
    indicators = season.framework.indicators_of(pillar)
    told = [str(row[1]).replace("CO₂", "CO2") for row in table.grid.rows]
    assert told == [i.definition.replace("CO₂", "CO2") for i in indicators]
    weights = [row[2] for row in table.grid.rows]
    assert sum(w.value for w in weights if isinstance(w, Number)) == pytest.approx(100)
    assert weights.count("context") == sum(not i.scored for i in indicators)
    assert table.pillar == pillar


def test_a_run_of_questions_is_written_as_one(chapter: Shown) -> None:
    rows = [row for name in ("policy", "finance", "technology") for row in chapter[name].grid.rows]
    written = {str(row[0]): str(row[4]) for row in rows}
    assert written["Rules in place for the four levers"] == "POL-03a–d"
    assert written["Money secured"] == "FIN-T1, FIN-01"
    assert written["Emissions, against baseline and target"] == "CLU-08"


def test_each_verdict_is_given_exactly_when_the_table_says(chapter: Shown) -> None:
    rules = {row[1]: row[2] for row in chapter["verdicts"].grid.rows}
    assert list(rules) == list(LINEAR_VERDICTS)
    conditions = {verdict: rule.partition(":")[0] for verdict, rule in rules.items()}
    conditions["well off track"] = conditions["well off track"].partition(",")[0]
    on_pace = ("on track", "off track", "well off track", "wrong direction")
    rng = np.random.default_rng(8)
    seen = set()
    for current in [*rng.uniform(20, 120, 200), 79.9, 60.0, 75.0, 73.4]:
        progress = judge_progress(Trajectory(100, current, 40, 2015, 2023, 2035))
        if progress.verdict in on_pace and progress.factor is not None:
            factor = ((40 - current) / (2035 - 2023)) / ((current - 100) / (2023 - 2015))
            for verdict in on_pace:
                holds = eval_condition(conditions[verdict], factor)
                assert holds == (verdict == progress.verdict), (verdict, factor)
            seen.add(progress.verdict)
    assert seen == set(on_pace)


def eval_condition(words: str, factor: float) -> bool:
    """Whether a factor fulfils a condition such as ``1 < acceleration factor < 2``."""
    expression = words.replace("acceleration factor", "factor").replace("≤", "<=")
    return bool(eval(expression.replace("≥", ">="), {}, {"factor": factor}))


def test_every_level_of_every_rubric_is_told_below_its_question(
    chapter: Shown, season: MadeSeason
) -> None:
    grid = chapter["rubrics"].grid
    asked = [q for q in season.framework.questions.values() if q.rubric]
    assert [grid.rows[place][0] for place in grid.groups] == [q.code for q in asked]
    ends = [*grid.groups[1:], len(grid.rows)]
    for question, start, end in zip(asked, grid.groups, ends, strict=True):
        steps = [row[1] for row in grid.rows[start + 1 : end]]
        assert steps == [f"{s.level} {s.label}" for s in question.rubric]
    text = json.dumps(chapter["rubrics"].model_dump(mode="json"), ensure_ascii=False)
    for question in asked:
        for step in question.rubric:
            assert json.dumps(step.meaning.replace("CO2", "CO₂"), ensure_ascii=False)[1:-1] in text


def test_the_rules_name_the_constants_that_are_used(chapter: Shown) -> None:
    assert "Below 2/3" in read_text(chapter["coverage"])
    text = read_text(chapter["interval"])
    assert "the middle 90 % of 1,000 scores" in text
    assert "between 0.75 and 1.25" in text
    assert "Below 10 scores" in read_text(chapter["peers"])


def test_terms_stand_in_bold_type(chapter: Shown) -> None:
    first, *rest = chapter["coverage"].paragraphs[0]
    assert (first.text, first.strong) == ("Coverage:", True)
    assert not any(run.strong for run in rest)


def test_the_values_that_protect_respondents_are_not_told(
    root: Path, make_season: Callable[..., MadeSeason], monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = json.loads((root / "notebooks" / CHAPTER).read_text(encoding="utf-8"))["cells"]
    (about,) = ("".join(c["source"]) for c in cells if c["id"] == "about-totals")
    assert "**Withheld:**" in about
    assert not any(character.isdigit() for character in about)
    over = make_season(1, answered=0)
    path = over.project.root / "data" / "editions" / "now.yaml"
    settings = yaml.safe_load(path.read_text(encoding="utf-8"))
    settings["rules"] = {"disclosure": {"minimum_contributors": 7, "p_percent": 37}}
    path.write_text(yaml.safe_dump(settings), encoding="utf-8")
    monkeypatch.setenv(ROOT_VARIABLE, str(over.project.root))
    assert not {"7", "37"} & {*ar.open_season("now").rules.values()}


def test_each_rate_is_the_ratio_of_two_averages_of_its_year(
    chapter: Shown, season: MadeSeason
) -> None:
    path = season.project.reference / "exchange-rates.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rates = {(r["currency"], int(r["year"])): float(r["per_eur"]) for r in csv.DictReader(file)}
    table = chapter["rates"]
    shown = set()
    for currency, *cells in table.grid.rows:
        for column, cell in zip(table.grid.columns[1:], cells, strict=True):
            if isinstance(cell, Number):
                year = int(column.label)
                own = rates.get((str(currency), year), 1.0)
                assert cell.value == pytest.approx(rates["USD", year] / own)
                assert cell.id == f"rate.{currency}-USD.{year}"
                shown.add(f"rate.{currency}.{year}")
    assert shown == {rate for rate in list_rates(season) if not rate.startswith("rate.USD.")}


def list_rates(season: MadeSeason) -> set[str]:
    """The rates that the measures of clusters were computed with."""
    folder = season.project.processed("now") / "measures"
    frames = [read_table(folder / f"{c.id}.parquet", MEASURES) for c in season.edition.clusters]
    return {i for f in frames for inputs in f["inputs"] for i in inputs if i.startswith("rate.")}


def test_where_nothing_was_converted_there_are_no_rates(
    run_notebook: RunNotebook, silent_season: MadeSeason
) -> None:
    assert "rates" not in run_notebook(CHAPTER, silent_season)


def test_a_currency_of_answers_for_totals_only_is_not_told(
    run_notebook: RunNotebook, make_season: Callable[..., MadeSeason]
) -> None:
    over = make_season(3, answered=3, consent="aggregate only")
    assert list_rates(over)
    assert "rates" not in run_notebook(CHAPTER, over)
