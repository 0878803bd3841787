"""The technology chapter against plain arithmetic on the answers."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from annual_report.exhibits import projects, technology
from annual_report.exhibits.model import Figure, Number, Table
from annual_report.exhibits.season import Season
from annual_report.season.symbols import VERDICT_SYMBOLS

PAST = {"fid", "construction", "operational"}


def list_projects(season: Season) -> list[dict[str, Any]]:
    answers = pd.concat([season.answers_of(c.id) for c in season.answered])
    projects: dict[tuple[str, int], dict[str, Any]] = {}
    for cell in answers[answers["question"] == "TEC-T1"].to_dict("records"):
        value = cell["text"] if isinstance(cell["text"], str) else cell["number"]
        projects.setdefault((cell["cluster"], cell["row"]), {})[cell["field"]] = value
    return list(projects.values())


def test_each_step_of_the_waterfall(season: Season) -> None:
    exhibit = technology.plot_abatement(season)
    assert isinstance(exhibit, Figure)
    levers = [c.code for c in season.framework.choices["levers"]]
    for lever, row in zip(levers, exhibit.grid.rows, strict=False):
        delivered = decided = pipeline = 0.0
        for project in (p for p in list_projects(season) if p["lever"] == lever):
            done = project.get("delivered_abatement") or 0.0
            more = max(0.0, project["expected_abatement"] - done)
            delivered += done
            if project["stage"] in PAST:
                decided += more
            else:
                pipeline += more
        values = [c.value for c in row[1:4] if isinstance(c, Number)]
        assert values == pytest.approx([delivered, decided, pipeline])


def test_the_open_rest_is_the_potential_less_all_projects_of_those_who_gave_it(
    season: Season,
) -> None:
    exhibit = technology.plot_abatement(season)
    assert isinstance(exhibit, Figure)
    rest = exhibit.grid.rows[-1][-1]
    assert isinstance(rest, Number)
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


def test_the_pipeline_counts_every_project_once(season: Season) -> None:
    exhibit = projects.show_pipeline(season)
    assert isinstance(exhibit, Table)
    listed = list_projects(season)
    counts = [row[1].value for row in exhibit.grid.rows if isinstance(row[1], Number)]
    stages = [c.code for c in season.framework.choices["stages"]]
    expected = [sum(p["stage"] == stage for p in listed) for stage in stages]
    assert counts == [*expected, len(listed)]
    past = sum(p["stage"] in PAST for p in listed)
    assert exhibit.title == f"{past} of {len(listed)} projects of known stage are decided"


def test_projects_stand_lever_by_lever_the_largest_first(season: Season) -> None:
    exhibit = projects.show_projects(season)
    assert isinstance(exhibit, Table)
    labels = [technology.SHORT_LEVERS[c.code] for c in season.framework.choices["levers"]]
    levers = [str(row[2]) for row in exhibit.grid.rows]
    assert levers == sorted(levers, key=labels.index)
    for label in labels:
        sizes = [
            r[5].value for r in exhibit.grid.rows if r[2] == label and isinstance(r[5], Number)
        ]
        assert len(sizes) <= projects.LISTED_PER_LEVER


def test_every_panel_has_its_verdict_by_symbol(season: Season) -> None:
    exhibit = technology.plot_emissions(season)
    assert isinstance(exhibit, Figure)
    for row in exhibit.grid.rows:
        verdict = row[-1]
        assert isinstance(verdict, Number)
        assert VERDICT_SYMBOLS[verdict.text] in exhibit.svg
        assert f"{row[0]} " in exhibit.alt


def test_every_panel_prints_the_change_a_year_that_meets_its_target(season: Season) -> None:
    exhibit = technology.plot_emissions(season)
    assert isinstance(exhibit, Figure)
    columns = [column.name for column in exhibit.grid.columns]
    told = 0
    for row in exhibit.grid.rows:
        cells = dict(zip(columns, row, strict=True))
        needed, so_far, verdict = cells["needed"], cells["observed"], cells["verdict"]
        assert isinstance(needed, Number)
        assert isinstance(so_far, Number)
        assert isinstance(verdict, Number)
        if verdict.text in ("achieved", "missed", ""):
            assert not needed.text
            continue
        cluster = next(c.id for c in season.edition.clusters if c.name == row[0])
        given = (
            season.answers_of(cluster).query("question == 'CLU-08'").set_index("field")["number"]
        )
        assert needed.value == pytest.approx(
            (given["target"] - given["value"]) / (given["target_year"] - given["value_year"])
        )
        assert so_far.value == pytest.approx(
            (given["value"] - given["baseline"]) / (given["value_year"] - given["baseline_year"])
        )
        assert f"{verdict.text}, {needed.text} a year" in exhibit.svg.replace("</tspan><tspan>", "")
        assert f"{needed.text} a year needed" in exhibit.alt
        told += 1
    assert told
