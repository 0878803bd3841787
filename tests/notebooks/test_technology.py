"""The technology chapter against plain arithmetic on the answers."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from tests.made_season import MadeSeason
from tests.notebooks.conftest import Shown, list_values

from annual_report.exhibits.model import Number
from annual_report.season.symbols import VERDICT_SYMBOLS

CHAPTER = "report/50-technology.ipynb"
PAST = {"fid", "construction", "operational"}
EMITTED = "all.HEAD-EMISSIONS.total"
LEVERS = {
    "efficiency": "Efficiency",
    "electrification": "Electrification",
    "hydrogen": "Hydrogen",
    "ccus": "Carbon capture",
}


def list_projects(season: MadeSeason) -> list[dict[str, Any]]:
    answers = pd.concat([season.answers_of(c.id) for c in season.answered])
    projects: dict[tuple[str, int], dict[str, Any]] = {}
    for cell in answers[answers["question"] == "TEC-T1"].to_dict("records"):
        value = cell["text"] if isinstance(cell["text"], str) else cell["number"]
        projects.setdefault((cell["cluster"], cell["row"]), {})[cell["field"]] = value
    return list(projects.values())


def test_each_step_of_the_waterfall(chapter: Shown, season: MadeSeason) -> None:
    rows = {row[0]: row for row in chapter["abatement"].grid.rows}
    saved = {}
    for lever, label in LEVERS.items():
        delivered = decided = pipeline = 0.0
        for project in (p for p in list_projects(season) if p["lever"] == lever):
            done = project.get("delivered_abatement") or 0.0
            more = max(0.0, project["expected_abatement"] - done)
            delivered += done
            if project["stage"] in PAST:
                decided += more
            else:
                pipeline += more
        values = [cell.value or 0.0 for cell in rows[label][1:4]]
        assert values == pytest.approx([delivered, decided, pipeline])
        saved[label] = delivered + decided + pipeline
    most = max(saved, key=lambda label: saved[label])
    assert chapter["abatement"].title == f"{most} is to save most of all levers"


def test_the_open_rest_is_the_potential_less_all_projects_of_those_who_gave_it(
    chapter: Shown, season: MadeSeason
) -> None:
    rest = chapter["abatement"].grid.rows[-1][-1]
    potential = rest_of = 0.0
    for cluster in season.answered:
        answers = season.answers_of(cluster.id)
        found = answers[(answers["question"] == "CLU-10") & (answers["field"] == "value")]
        if found.empty:
            continue
        potential += float(found["number"].iloc[0]) * 1e6
        cells = answers[answers["question"] == "TEC-T1"]
        for _, project in cells.groupby("row"):
            numbers = project.set_index("field")["number"]
            expected, done = numbers["expected_abatement"], numbers.get("delivered_abatement", 0.0)
            rest_of += max(expected, done)
    assert rest.value == pytest.approx(potential - rest_of)


def test_the_pipeline_counts_every_project_once(chapter: Shown, season: MadeSeason) -> None:
    exhibit = chapter["pipeline"]
    listed = list_projects(season)
    counts = [row[1].value for row in exhibit.grid.rows]
    stages = [c.code for c in season.framework.choices["stages"]]
    expected = [sum(p["stage"] == stage for p in listed) for stage in stages]
    assert counts == [*expected, len(listed)]
    assert exhibit.grid.total_rows == 1
    past = sum(p["stage"] in PAST for p in listed)
    assert exhibit.title == f"{past} of {len(listed)} projects of known stage are decided"


def test_projects_stand_lever_by_lever_the_largest_first(
    chapter: Shown, season: MadeSeason
) -> None:
    rows = chapter["projects"].grid.rows
    labels = [*LEVERS.values()]
    levers = [row[2] for row in rows]
    assert levers == sorted(levers, key=labels.index)
    for lever, label in LEVERS.items():
        mine = [row for row in rows if row[2] == label]
        sizes = sorted(
            (
                max(p["expected_abatement"], p.get("delivered_abatement") or 0.0)
                for p in list_projects(season)
                if p["lever"] == lever
            ),
            reverse=True,
        )
        told = [
            max(c.value for c in row[5:7] if isinstance(c, Number) and c.value is not None)
            for row in mine
        ]
        assert told == pytest.approx(sizes[:6])


def test_what_nobody_was_asked_for_is_empty_and_not_missing(chapter: Shown) -> None:
    for row in chapter["projects"].grid.rows:
        delivered = row[6]
        assert isinstance(delivered, Number) or (delivered == "" and row[3] != "Operational")


def test_every_panel_has_its_verdict_by_symbol(chapter: Shown) -> None:
    exhibit = chapter["emissions"]
    for row in exhibit.grid.rows:
        symbol = row[-1].text.partition(" ")[0]
        if symbol:
            assert symbol in VERDICT_SYMBOLS.values()
            assert symbol in exhibit.svg
        assert f"{row[0]}: " in exhibit.alt


def test_every_panel_prints_the_change_a_year_that_meets_its_target(
    chapter: Shown, season: MadeSeason
) -> None:
    exhibit = chapter["emissions"]
    drawn = exhibit.svg.replace("</tspan><tspan>", "")
    names = {c.name: c.id for c in season.edition.clusters}
    needs = list_values(exhibit, 4)
    assert needs
    for name, needed in needs.items():
        given = season.answers_of(names[name])
        numbers = given.query("question == 'CLU-08'").set_index("field")["number"]
        target, value = numbers["target"], numbers["value"]
        years = numbers["target_year"] - numbers["value_year"]
        assert needed == pytest.approx((target - value) / years)
        text = f"{abs(needed):.2f} a year"
        assert text in drawn
    so_far = list_values(exhibit, 5)
    for name, change in so_far.items():
        given = season.answers_of(names[name])
        numbers = given.query("question == 'CLU-08'").set_index("field")["number"]
        past = numbers["value_year"] - numbers["baseline_year"]
        assert change == pytest.approx((numbers["value"] - numbers["baseline"]) / past)


def test_the_lead_adds_up_what_clusters_emit(chapter: Shown, season: MadeSeason) -> None:
    said: list[Any] = [
        run for run in chapter["lead"].paragraphs[0] if getattr(run, "id", "") == EMITTED
    ]
    answers = pd.concat([season.answers_of(c.id) for c in season.answered])
    mine = answers[(answers["question"] == "CLU-08") & (answers["field"] == "value")]
    assert said[0].value == pytest.approx(mine["number"].sum())
