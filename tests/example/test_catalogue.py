"""What is written by hand holds together."""

from __future__ import annotations

from collections import Counter

import pytest

from annual_report.edition import read_edition
from annual_report.example.catalogue import Catalogue
from annual_report.framework import Framework
from annual_report.measures.totals.continents import read_continents
from annual_report.project import Project


def test_twenty_clusters_lie_in_ten_countries_on_four_continents(
    catalogue: Catalogue, project: Project
) -> None:
    continents = read_continents(project.reference)
    countries = {profile.country for profile in catalogue.profiles}
    assert len(catalogue.profiles) == 20
    assert len(countries) == 10
    assert len({continents[country] for country in countries}) == 4


def test_three_clusters_joined_in_2023(catalogue: Catalogue) -> None:
    assert sum(profile.joined == 2023 for profile in catalogue.profiles) == 3


def test_no_cluster_of_the_example_is_on_the_real_register(
    catalogue: Catalogue, project: Project
) -> None:
    real = {c.name.casefold() for c in read_edition(project, "2023").clusters}
    real |= {c.id for c in read_edition(project, "2023").clusters}
    invented = {p.name.casefold() for p in catalogue.profiles} | {p.id for p in catalogue.profiles}
    assert not real & invented


def test_every_code_is_one_of_the_framework(catalogue: Catalogue, framework: Framework) -> None:
    codes = {name: {c.code for c in entries} for name, entries in framework.choices.items()}
    projects = [p for rows in catalogue.projects.values() for p in rows]
    policies = [p for rows in catalogue.policies.values() for p in rows]
    assert {p.lever for p in projects} == codes["levers"]
    assert {p.stage for p in projects} == codes["stages"]
    assert {p.unit for p in projects if p.unit} <= codes["capacity_units"]
    assert {p.status for p in policies} == codes["policy_statuses"]
    assert {p.instrument for p in policies} <= codes["policy_instruments"]
    assert {p.lever for p in policies} <= codes["all_levers"]
    assert {s.code for p in catalogue.profiles for s in p.sectors} <= codes["sectors"]
    assert {c.pillar for rows in catalogue.cases.values() for c in rows} == codes["pillars"]


def test_every_cluster_has_projects_policies_and_stories(catalogue: Catalogue) -> None:
    for profile in catalogue.profiles:
        assert 4 <= len(catalogue.projects[profile.id]) <= 10
        assert len(catalogue.policies[profile.country]) >= 4
        assert 1 <= len(catalogue.cases[profile.id]) <= 3
        assert catalogue.quotes[profile.id]


def test_stories_are_many_and_no_two_are_alike(catalogue: Catalogue) -> None:
    cases = [case for rows in catalogue.cases.values() for case in rows]
    quotes = [quote for rows in catalogue.quotes.values() for quote in rows]
    assert len(cases) >= 40
    assert len(quotes) >= 40
    for texts in ([c.title for c in cases], [c.result for c in cases], [q.text for q in quotes]):
        assert max(Counter(texts).values()) == 1
    assert all(len(case.title.split()) <= 10 for case in cases)
    assert 0 < sum(not quote.approved for quote in quotes) < len(quotes) / 4


def test_links_lead_nowhere_real(catalogue: Catalogue) -> None:
    links = [c.evidence for rows in catalogue.cases.values() for c in rows if c.evidence]
    assert links
    assert all(".example/" in link for link in links)


@pytest.mark.parametrize("field", ["potential", "companies", "gdp"])
def test_no_cluster_is_more_than_a_third_of_all(catalogue: Catalogue, field: str) -> None:
    sizes = [getattr(profile, field) for profile in catalogue.profiles]
    assert max(sizes) < sum(sizes) / 3
