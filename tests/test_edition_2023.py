"""The 2023 edition says what sources say, and nothing more."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from annual_report.edition import Edition, read_edition
from annual_report.framework import read_framework
from annual_report.project import Project

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def edition() -> Edition:
    return read_edition(Project(ROOT), "2023")


def test_register_names_eighteen_clusters_each_with_its_source(edition: Edition) -> None:
    assert len(edition.clusters) == 18
    assert all(cluster.source for cluster in edition.clusters)


def test_years_joined_are_those_of_the_announcements(edition: Edition) -> None:
    assert Counter(cluster.joined for cluster in edition.clusters) == {2021: 4, 2022: 4, 2023: 10}
    january = [c for c in edition.clusters if c.source == "Jan 2023 announcement"]
    assert len(january) == 7


def test_published_totals_are_kept_as_published(edition: Edition) -> None:
    published = {total.code: (total.number, total.unit) for total in edition.published_totals}
    assert published == {
        "HEAD-POTENTIAL": (626, "Mt CO2e a year"),
        "HEAD-GDP": (362, "USD bn"),
        "HEAD-JOBS": (3.4, "million"),
        "HEAD-CLUSTERS": (20, "clusters"),
        "HEAD-COUNTRIES": (10, "countries"),
        "HEAD-CONTINENTS": (4, "continents"),
        "HEAD-JOINERS": (3, "clusters"),
    }


def test_published_totals_stand_beside_headlines_in_the_same_unit(edition: Edition) -> None:
    shown = {h.code: h.name_unit(edition.currency) for h in read_framework(Project(ROOT)).headlines}
    for total in edition.published_totals:
        assert shown.get(total.code, total.unit) == total.unit


def test_reduction_potential_is_said_not_to_be_emissions(edition: Edition) -> None:
    total = next(t for t in edition.published_totals if t.code == "HEAD-POTENTIAL")
    assert "neither what the clusters emit" in total.definition


def test_national_hub_programme_is_context_and_no_clusters_share(edition: Edition) -> None:
    hubs = next(fact for fact in edition.context if fact.number == 7)
    assert hubs.unit == "USD bn"
    assert "national programme" in hubs.text


def test_context_belongs_to_pillars_of_the_survey(edition: Edition) -> None:
    pillars = {pillar.code for pillar in read_framework(Project(ROOT)).pillars}
    assert {fact.pillar for fact in edition.context} <= pillars
