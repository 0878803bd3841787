"""The example as it lies in the repository, read and measured once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from annual_report.example.catalogue import Catalogue, read_catalogue
from annual_report.framework import Framework, read_framework
from annual_report.measures.indicators.cluster import compute_measures, read_context
from annual_report.project import Project
from annual_report.rates import Rates, read_rates
from annual_report.survey.collecting.cluster import ingest_return
from annual_report.survey.collecting.filing import identify_returns


@dataclass(frozen=True)
class Measured:
    """What the real reader and the real measures make of one edition."""

    answers: pd.DataFrame
    findings: pd.DataFrame
    returns: pd.DataFrame
    measures: pd.DataFrame

    def values(self, code: str) -> pd.Series:
        """One headline or indicator by cluster, those without a number left out."""
        chosen = self.measures.query("code == @code and measure == 'value'")
        return chosen.set_index("cluster")["number"].dropna()


@pytest.fixture(scope="session")
def project(root: Path) -> Project:
    return Project(root)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return read_catalogue()


@pytest.fixture(scope="session")
def framework(project: Project) -> Framework:
    return read_framework(project)


@pytest.fixture(scope="session")
def rates(project: Project) -> Rates:
    return read_rates(project.reference)


def measure(project: Project, edition: str) -> Measured:
    context, filing = read_context(project, edition), identify_returns(project, edition)
    read = [
        ingest_return(project, edition, cluster.id, filing=filing)
        for cluster in context.edition.clusters
    ]
    return Measured(
        pd.concat([one.answers for one in read], ignore_index=True),
        pd.concat([one.findings for one in read], ignore_index=True),
        pd.concat([one.returns for one in read], ignore_index=True),
        pd.concat(
            [compute_measures(one.cluster, one.answers, context) for one in read],
            ignore_index=True,
        ),
    )


@pytest.fixture(scope="session")
def example(project: Project) -> Measured:
    return measure(project, "example")


@pytest.fixture(scope="session")
def example_2022(project: Project) -> Measured:
    return measure(project, "example-2022")


@pytest.fixture(scope="session")
def facts_2023(project: Project) -> Measured:
    return measure(project, "2023")
