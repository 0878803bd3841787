"""One reporting year: title, register of clusters, currency, rules, published totals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction
from functools import cache, cached_property
from typing import Annotated, Literal, NoReturn

import pycountry
from pydantic import BeforeValidator, Field, model_validator

from annual_report.errors import EditionError
from annual_report.project import Project
from annual_report.settings import Keys, Misplaced, Model, make_error, read_settings

ID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
RESERVED = ("all", "rate")


def _fraction(value: object) -> object:
    return float(Fraction(value)) if isinstance(value, str) else value


def _spell(value: object) -> object:
    """YAML, and papermill's ``-p edition 2023``, read the name of a year as a number."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Name = Annotated[str, BeforeValidator(_spell)]
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

    edition: Name = Field(pattern=ID_PATTERN)
    year: int = Field(ge=1990, le=2100)
    title: str
    headline: str
    subtitle: str
    status: str
    publisher: str
    published: dt.date
    previous: Name | None = None
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
    def _agree(self) -> Edition:
        if faults := [*self._find_impossible_years(), *self._find_impossible_clusters()]:
            raise Misplaced(*faults)
        return self

    def _find_impossible_years(self) -> Iterator[tuple[Keys, str]]:
        for key in ("year", "currency_year"):
            if getattr(self, key) > self.published.year:
                message = f"{getattr(self, key)} lies after the publication on {self.published}"
                yield (key,), message

    def _find_impossible_clusters(self) -> Iterator[tuple[Keys, str]]:
        seen: dict[tuple[str, str], str] = {}
        for place, cluster in enumerate(self.clusters):
            for key in ("id", "name"):
                value = getattr(cluster, key)
                if (key, value) in seen:
                    message = (
                        f"two clusters have the {key} {value!r}; {seen[key, value]} is another"
                    )
                    yield ("clusters", place, key), message
                seen.setdefault((key, value), f"clusters.{place}")
            if cluster.id in RESERVED:
                message = f"{cluster.id!r} is reserved and cannot be a cluster's id"
                yield ("clusters", place, "id"), message
            if cluster.joined > self.year:
                message = (
                    f"{cluster.id} joined in {cluster.joined}, after the edition's {self.year}"
                )
                yield ("clusters", place, "joined"), message

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


def read_edition(project: Project, name: str | int) -> Edition:
    """Read one edition from ``data/editions/<name>.yaml``.

    Parameters
    ----------
    name
        A year may be given as a number.

    Raises
    ------
    EditionError
        If the file is missing, is not YAML, has an unknown key or a wrong value, or is named
        differently inside; or if the editions before it are not of earlier years.
    """
    path = project.editions / f"{name}.yaml"
    if not path.is_file():
        raise EditionError(
            f"no edition {str(name)!r}",
            where=str(path.relative_to(project.root)),
            expected=", ".join(_list_known(project)) or "at least one file in data/editions",
            do="use one of these, or write that file",
        )
    edition = _read_alone(project, str(name))
    later, passed = edition, {edition.edition}
    while later.previous is not None:
        if later.previous in passed:
            _refuse_previous(project, later, f"{later.previous} would come before itself")
        if later.previous not in _list_known(project):
            _refuse_previous(project, later, f"there is no edition {later.previous!r}")
        earlier = _read_alone(project, later.previous)
        if earlier.year >= later.year:
            message = f"{earlier.edition} is of {earlier.year}, not of a year before {later.year}"
            _refuse_previous(project, later, message)
        passed.add(earlier.edition)
        later = earlier
    return edition


def _list_known(project: Project) -> list[str]:
    return sorted(path.stem for path in project.editions.glob("*.yaml"))


def _refuse_previous(project: Project, edition: Edition, message: str) -> NoReturn:
    path = project.editions / f"{edition.edition}.yaml"
    text = path.read_text(encoding="utf-8")
    raise make_error(path, text, [(("previous",), message)], error=EditionError)


def _read_alone(project: Project, name: str) -> Edition:
    path = project.editions / f"{name}.yaml"
    edition = read_settings(path, Edition, error=EditionError, kept=project.parsed)
    if edition.edition != name:
        raise EditionError(
            "the edition's name is not its file's",
            where=str(path.relative_to(project.root)),
            expected=f"edition: {name}",
            found=f"edition: {edition.edition}",
        )
    return edition
