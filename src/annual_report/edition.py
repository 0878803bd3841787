"""One reporting year: title, register of clusters, currency, rules, published totals."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from fractions import Fraction
from functools import cache, cached_property
from typing import Annotated, Literal

import pycountry
from pydantic import BeforeValidator, Field, model_validator

from annual_report.errors import EditionError
from annual_report.project import Project
from annual_report.settings import Model, read_settings

ID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"


def _fraction(value: object) -> object:
    return float(Fraction(value)) if isinstance(value, str) else value


Share = Annotated[float, BeforeValidator(_fraction), Field(ge=0, le=1)]


@cache
def _is_country(code: str) -> bool:
    return pycountry.countries.get(alpha_2=code) is not None


class Cluster(Model):
    """One entry of the register."""

    id: str = Field(pattern=ID_PATTERN)
    name: str = Field(min_length=1)
    country: str = Field(description="ISO 3166-1 alpha-2")
    joined: int = Field(ge=1990, le=2100)
    source: str | None = None

    @model_validator(mode="after")
    def _known_country(self) -> Cluster:
        if not _is_country(self.country):
            raise ValueError(f"{self.country!r} is no ISO 3166-1 alpha-2 country code")
        return self


class PublishedTotal(Model):
    """A total that was published elsewhere; shown beside what the returns add up to.

    ``code`` is that of the headline it stands beside, if there is one; ``number`` is in the unit
    that the headline is shown in.
    """

    code: str
    label: str
    number: float
    unit: str
    definition: str
    source: str


class Context(Model):
    """A published fact that belongs to no single cluster."""

    pillar: str
    text: str
    number: float | None = None
    unit: str | None = None
    source: str


class Disclosure(Model):
    """When a published total gives one respondent away. Never printed."""

    minimum_contributors: int = Field(default=3, ge=1)
    p_percent: float = Field(default=10.0, ge=0, le=100)


class Rules(Model):
    """Choices that one reporting year makes.

    With more clusters than ``profiles_in_report`` the report holds a register that leads to the
    profiles instead of the profiles themselves.
    """

    coverage_threshold: Share = 2 / 3
    allow_mixed_ghg_basis: bool = False
    minimum_for_quartiles: int = Field(default=10, ge=1)
    profiles_in_report: int = Field(default=60, ge=0)
    uncertainty_draws: int = Field(default=1000, ge=1)
    uncertainty_seed: int = 2023
    disclosure: Disclosure = Disclosure()


class Edition(Model):
    """One reporting year.

    ``currency_year`` is the year whose annual average rates convert money that names no year of
    its own. ``published`` dates the outputs, so that they are the same on every day they are built.
    ``register_notes`` tell readers what the register cannot say in its columns.
    """

    edition: str = Field(pattern=ID_PATTERN)
    year: int = Field(ge=1990, le=2100)
    title: str
    headline: str
    subtitle: str
    status: str
    publisher: str
    published: dt.date
    previous: str | None = None
    locale: str = "en"
    paper: Literal["a4", "us-letter"] = "a4"
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    currency_year: int
    fictional: bool = False
    rules: Rules = Rules()
    published_totals: tuple[PublishedTotal, ...] = ()
    context: tuple[Context, ...] = ()
    register_notes: tuple[str, ...] = ()
    clusters: tuple[Cluster, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _no_double(self) -> Edition:
        for name, values in (
            ("id", [c.id for c in self.clusters]),
            ("name", [c.name for c in self.clusters]),
        ):
            twice = [value for value, times in Counter(values).items() if times > 1]
            if twice:
                raise ValueError(f"two clusters have the {name} {min(twice)!r}")
        if any(c.id in ("all", "rate") for c in self.clusters):
            raise ValueError("'all' and 'rate' are reserved and cannot be a cluster's id")
        return self

    @property
    def has_files_of_profiles(self) -> bool:
        """Whether there are too many profiles for one report, which then leads to their files."""
        return len(self.clusters) > self.rules.profiles_in_report

    @cached_property
    def _places(self) -> dict[str, int]:
        return {cluster.id: place for place, cluster in enumerate(self.clusters)}

    def cluster(self, cluster_id: str) -> Cluster:
        """Return one entry of the register.

        Raises
        ------
        EditionError
            If the register has no such cluster.
        """
        if cluster_id in self._places:
            return self.clusters[self._places[cluster_id]]
        raise EditionError(
            f"no cluster {cluster_id!r} on the register of {self.edition}",
            where=f"data/editions/{self.edition}.yaml",
            expected=", ".join(c.id for c in self.clusters[:30]),
            do="use one of these ids, or add the cluster to the register",
        )


def read_edition(project: Project, name: str) -> Edition:
    """Read one edition from ``data/editions/<name>.yaml``.

    Raises
    ------
    EditionError
        If the file is missing, is not YAML, has an unknown key or a wrong value, or is named
        differently inside.
    """
    path = project.editions / f"{name}.yaml"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in project.editions.glob("*.yaml")))
        raise EditionError(
            f"no edition {name!r}",
            where=str(path.relative_to(project.root)),
            expected=known or "at least one file in data/editions",
            do="use one of these, or write that file",
        )
    edition = read_settings(path, Edition, error=EditionError, kept=project.parsed)
    if edition.edition != name:
        raise EditionError(
            "the edition's name is not its file's",
            where=str(path.relative_to(project.root)),
            expected=f"edition: {name}",
            found=f"edition: {edition.edition}",
        )
    return edition
