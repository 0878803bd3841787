"""The plan has a step for every notebook, and refuses those that cannot be run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from annual_report.edition import read_edition
from annual_report.errors import EditionError, RunError
from annual_report.running.steps.plan import make_plan

if TYPE_CHECKING:
    from tests.running.conftest import SmallProject


def test_the_steps_stand_behind_those_that_they_need(small: SmallProject) -> None:
    seen: set[str] = set()
    plan = small.plan()
    names = {step.name for step in plan}
    for step in plan:
        assert {n for n in (*step.needs, *step.follows) if n in names} <= seen
        seen.add(step.name)


def test_clusters_are_independent_before_the_gathering(small: SmallProject) -> None:
    plan = small.plan()
    assert plan["north/01-ingest"].needs == ("index",)
    assert plan["north/02-progress"].needs == ("north/01-ingest",)
    assert plan["gather"].needs == ()  # it follows all chains, but goes without those that fail
    assert set(plan["gather"].follows) >= {"north/02-progress", "west/02-progress"}
    assert plan["north/03-profile"].needs == ("gather", "north/02-progress")


def test_some_clusters_get_their_profiles_and_no_report(small: SmallProject) -> None:
    edition = read_edition(small.project, "spring")
    plan = make_plan(small.project, edition, clusters=["west"])
    names = {step.name for step in plan}
    assert {"west/03-profile", "publish/west"} <= names
    assert not any(name.startswith(("north", "report")) for name in names)
    assert not plan.complete


def test_a_profile_is_published_from_all_its_notebooks(small: SmallProject) -> None:
    folder = small.project.notebooks / "cluster"
    (folder / "04-more.ipynb").write_bytes((folder / "03-profile.ipynb").read_bytes())
    plan = small.plan()
    assert plan["north/04-more"].needs == ("gather", "north/03-profile")
    assert plan["publish/north"].shows == ("north/03-profile", "north/04-more")
    assert plan["publish/north"].needs == plan["publish/north"].shows
    assert {"north/03-profile", "north/04-more"} <= set(plan["publish/html"].shows)


def test_an_unknown_cluster_is_named(small: SmallProject) -> None:
    edition = read_edition(small.project, "spring")
    with pytest.raises(EditionError, match="no cluster 'east'"):
        make_plan(small.project, edition, clusters=["east"])


def test_a_notebook_without_parameters_is_refused(small: SmallProject) -> None:
    small.edit_notebook("report/10-summary.ipynb", '"parameters"', '"other"')
    with pytest.raises(RunError, match="no cell for its parameters") as caught:
        small.plan()
    assert caught.value.where == "notebooks/report/10-summary.ipynb"


def test_a_parameter_that_the_notebook_does_not_know_is_refused(small: SmallProject) -> None:
    small.edit_notebook("cluster/01-ingest.ipynb", "cluster = ", "region = ")
    with pytest.raises(RunError, match="does not know the parameter 'cluster'") as caught:
        small.plan()
    assert caught.value.found == "edition, region"


def test_a_file_that_is_no_notebook_is_refused(small: SmallProject) -> None:
    (small.project.notebooks / "report" / "15-empty.ipynb").write_text("")
    with pytest.raises(RunError, match="not a notebook"):
        small.plan()


@pytest.mark.parametrize(
    "ours", [{"reads": ["everything"]}, {"after": "lunch"}, {"writes": ["answers"]}]
)
def test_what_a_notebook_says_of_itself_is_checked(
    small: SmallProject, ours: dict[str, object]
) -> None:
    path = small.project.notebooks / "report" / "10-summary.ipynb"
    node = json.loads(path.read_text())
    node["metadata"]["annual_report"] = ours
    path.write_text(json.dumps(node))
    with pytest.raises(RunError, match="something unknown of itself"):
        small.plan()
