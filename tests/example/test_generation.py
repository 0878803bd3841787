"""The generator gives the same bytes for the same seed, and any number of clusters."""

from __future__ import annotations

from pathlib import Path

import pytest

from annual_report.edition import read_edition
from annual_report.errors import EditionError
from annual_report.example import generate_example
from annual_report.example.catalogue import Catalogue
from annual_report.example.generator import answer_survey
from annual_report.example.invention import extend_catalogue
from annual_report.example.projects import stand_of_year
from annual_report.example.season import Season
from annual_report.framework import Framework
from annual_report.project import Project
from annual_report.rates import Rates
from annual_report.survey.form.layout import plan_layout

STAGES = ("announced", "feasibility", "feed", "fid", "construction", "operational")


@pytest.fixture
def empty(project: Project, tmp_path: Path) -> Project:
    """A project with the questionnaire and the rates, and nothing else."""
    (tmp_path / "data").mkdir()
    for name in ("framework", "reference"):
        (tmp_path / "data" / name).symlink_to(project.root / "data" / name)
    return Project(tmp_path)


def _read_all(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for name in ("raw", "editions")
        for path in sorted((folder / "data" / name).rglob("*.*"))
        if path.is_file()
    }


def test_the_same_seed_gives_the_same_bytes(empty: Project) -> None:
    paths = generate_example(empty, clusters=1, seed=7)
    first = _read_all(empty.root)
    generate_example(empty, clusters=1, seed=7)
    assert len(paths) == 2
    assert _read_all(empty.root) == first


def test_another_seed_gives_other_answers(
    catalogue: Catalogue, rates: Rates, framework: Framework
) -> None:
    one, two = (
        answer_survey(Season(catalogue.profiles[0], catalogue, rates, 2022, seed), framework)
        for seed in (1, 2)
    )
    assert one != two


@pytest.mark.long
def test_the_committed_example_is_what_the_generator_writes(
    empty: Project, project: Project
) -> None:
    generate_example(empty)
    written = _read_all(empty.root)
    committed = _read_all(project.root)
    assert len(written) == 40
    assert {name: committed[name] for name in written} == written


def test_an_example_of_one_has_editions_of_its_own(empty: Project, project: Project) -> None:
    generate_example(empty, clusters=1)
    edition = read_edition(empty, "example-1")
    assert edition.clusters == (read_edition(project, "example").cluster("anvil"),)
    assert edition.previous == "example-1-2022"
    assert edition.fictional


def test_the_seed_does_not_move_the_potential_gdp_or_jobs(
    catalogue: Catalogue, rates: Rates, framework: Framework
) -> None:
    for seed in (1, 2):
        answers = [
            answer_survey(Season(profile, catalogue, rates, 2023, seed), framework)
            for profile in catalogue.profiles
        ]
        assert sum(one["CLU-10.value"] for one in answers) == pytest.approx(626)  # type: ignore[misc]
        jobs = [one.get(f"CLU-{n}.value", 0) for one in answers for n in (12, 13, 14, 15)]
        assert sum(jobs) == 3_400_000  # type: ignore[arg-type]


def test_no_cluster_is_refused(empty: Project) -> None:
    with pytest.raises(EditionError, match="needs a cluster"):
        generate_example(empty, clusters=0)


def test_a_thousand_clusters_have_names_of_their_own(catalogue: Catalogue) -> None:
    many = extend_catalogue(catalogue, clusters=1000, seed=3).profiles
    assert many[:20] == catalogue.profiles
    assert len({p.name for p in many}) == len({p.id for p in many}) == 1000
    assert extend_catalogue(catalogue, clusters=1000, seed=3).profiles == many


def test_every_answer_has_a_cell(catalogue: Catalogue, rates: Rates, framework: Framework) -> None:
    cells = plan_layout(framework).slots()
    for profile in catalogue.profiles:
        answers = answer_survey(Season(profile, catalogue, rates, 2023, 2023), framework)
        assert not set(answers) - set(cells)
        assert not set(profile.typed) - set(cells)


def test_no_project_stands_further_a_year_earlier(catalogue: Catalogue, rates: Rates) -> None:
    for profile in catalogue.profiles:
        now, before = (
            {
                stand.project.name: STAGES.index(stand.stage)
                for stand in stand_of_year(Season(profile, catalogue, rates, year, 2023))
            }
            for year in (2023, 2022)
        )
        assert set(before) <= set(now)
        assert all(before[name] <= now[name] for name in before)


def test_no_project_gets_more_money_than_it_costs(
    catalogue: Catalogue, rates: Rates, framework: Framework
) -> None:
    for profile in catalogue.profiles:
        season = Season(profile, catalogue, rates, 2023, 2023)
        answers = answer_survey(season, framework)
        cost = {stand.project.name: stand.capex for stand in stand_of_year(season)}
        paid = dict.fromkeys(cost, 0.0)
        for key, project in answers.items():
            if key.startswith("FIN-T1.") and key.endswith(".project"):
                paid[str(project)] += answers[key.replace(".project", ".amount")]  # type: ignore[operator]
        assert all(paid[name] <= cost[name] for name in cost)
