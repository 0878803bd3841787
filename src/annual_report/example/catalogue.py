"""What is written by hand about the example, read into models."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple, TypeVar

from pydantic import Field

from annual_report.errors import EditionError
from annual_report.settings import Model, read_settings

M = TypeVar("M", bound=Model)

Raw = int | float | str | None
Blank = Literal["n/a"] | None


class Course(NamedTuple):
    """Baseline, its year, the value of 2023, target, its year; None stays unanswered."""

    baseline: float | None
    baseline_year: int | None
    value: float
    target: float | None
    target_year: int | None


class Sector(NamedTuple):
    """A sector and its share of the cluster's emissions, percent."""

    code: str
    share: float


class Shared(NamedTuple):
    """Pieces of shared infrastructure in 2023, and how many the plan needs by when."""

    value: int
    target: int
    target_year: int


class Levels(Model):
    """Maturity levels, 0 to 4; None stays unanswered."""

    governance: int | None = None
    sharing: int | None = None
    standards: int | None = None
    efficiency: int | None = None
    electrification: int | None = None
    hydrogen: int | None = None
    ccus: int | None = None
    engagement: int | None = None
    streamlined: int | None = None
    readiness: int | None = None


class Profile(Model):
    """One fictional cluster as it stands in 2023.

    ``gdp`` and ``needed`` are USD bn, ``jobs`` thousands, ``potential`` and ``emissions`` MtCO2e.
    ``typed`` is what stands in a cell instead of a clean answer, by the key of the cell, and
    ``restated`` what a figure was said to be in the edition before. ``finance_sheet`` is the title
    that the sheet on finance came back with, its rows moved down.
    """

    id: str
    name: str
    country: str
    latitude: float
    longitude: float
    joined: int
    places: tuple[str, ...] = Field(min_length=4)
    companies: int
    sectors: tuple[Sector, ...]
    emissions: Course
    bought: float = Field(description="share of scope 2 in the emissions")
    potential: float
    gdp: float
    jobs: float | None = None
    gases: str = "AR5"
    levels: Levels
    permitting: Course
    priced: float
    trained: Course
    infrastructure: Shared
    staff: float
    members: int
    collaborations: int | None = None
    renewable: Course | Blank = None
    hydrogen: Course | Blank = None
    capture: Course | Blank = None
    recovery: Course | Blank = None
    heat: Course | Blank = None
    needed: float | None = None
    consent: dict[str, str] = Field(default_factory=dict)
    typed: dict[str, Raw] = Field(default_factory=dict)
    restated: dict[str, float] = Field(default_factory=dict)
    finance_sheet: str | None = None


class Project(Model):
    """One project: abatement in kt CO2e a year, capital cost in millions of USD."""

    cluster: str
    name: str
    lever: str
    stage: str
    abatement_kt: float
    capacity: float | None = None
    unit: str | None = None
    capex_musd: float
    decided: int
    start: int
    shared: bool


class Policy(Model):
    """One policy of a country, and the year in which it reached its status."""

    country: str
    name: str
    level: str
    instrument: str
    status: str
    lever: str
    moved: int


class Case(Model):
    """One story."""

    pillar: str
    title: str
    problem: str
    action: str
    result: str
    evidence: str | None = None


class Quote(Model):
    """One quote; only an approved one may ever be printed."""

    text: str
    role: str
    approved: bool


class Country(Model):
    """A country of the example: its money, its language, whose public money there is."""

    currency: str
    language: str
    public: tuple[str, ...]


class PartnerKind(Model):
    """The second half of a partner's name, and what such a partner is."""

    ending: str
    type: str
    side: str


class LocalPolicy(Model):
    """A policy of a town; its name has a place for the town's."""

    name: str
    instrument: str
    lever: str


class Syllables(Model):
    """What the names of further clusters are made of."""

    first: tuple[str, ...]
    second: tuple[str, ...]
    third: tuple[str, ...]
    kind: tuple[str, ...]


class Words(Model):
    """Everything that rows are put together from."""

    countries: dict[str, Country]
    roles: tuple[str, ...]
    signatories: tuple[str, ...]
    partners: tuple[PartnerKind, ...]
    local_policies: tuple[LocalPolicy, ...]
    comments: dict[str, tuple[str, ...]]
    syllables: Syllables


class _Clusters(Model):
    clusters: tuple[Profile, ...]
    leavers: tuple[Profile, ...]


class _Stories(Model):
    cases: dict[str, tuple[Case, ...]]
    quotes: dict[str, tuple[Quote, ...]]


@dataclass(frozen=True)
class Catalogue:
    """All that is written by hand; who left before the last year is not among the profiles."""

    profiles: tuple[Profile, ...]
    leavers: tuple[Profile, ...]
    projects: Mapping[str, Sequence[Project]]
    policies: Mapping[str, Sequence[Policy]]
    cases: Mapping[str, Sequence[Case]]
    quotes: Mapping[str, Sequence[Quote]]
    words: Words


@lru_cache(maxsize=1)
def read_catalogue() -> Catalogue:
    """Read the files beside this module.

    Raises
    ------
    EditionError
        If one of them has a fault; the message names file, line and key.
    """
    folder = Path(__file__).parent
    register = read_settings(folder / "clusters.yaml", _Clusters, error=EditionError)
    everyone = (*register.clusters, *register.leavers)
    stories = read_settings(folder / "stories.yaml", _Stories, error=EditionError)
    projects = _read_rows(folder / "projects.csv", Project)
    policies = _read_rows(folder / "policies.csv", Policy)
    return Catalogue(
        profiles=register.clusters,
        leavers=register.leavers,
        projects={p.id: [row for row in projects if row.cluster == p.id] for p in everyone},
        policies={
            country: [row for row in policies if row.country == country]
            for country in {row.country for row in policies}
        },
        cases=stories.cases,
        quotes=stories.quotes,
        words=read_settings(folder / "words.yaml", Words, error=EditionError),
    )


def _read_rows(path: Path, model: type[M]) -> list[M]:
    with path.open(encoding="utf-8", newline="") as file:
        return [
            model.model_validate({name: value or None for name, value in row.items()})
            for row in csv.DictReader(file)
        ]
