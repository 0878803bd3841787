"""The inner door: one cluster's private tables as plain frames, for the notebooks that make them.

What these notebooks show is for the author. It is never published, and no exporter takes a notebook
that imports this module.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from annual_report.edition import read_edition
from annual_report.framework import read_framework
from annual_report.measures.indicators.cluster import measure_cluster
from annual_report.numbers import label_unit
from annual_report.project import find_project
from annual_report.survey.collecting.cluster import Ingested, ingest_return, write_ingested
from annual_report.tables import MEASURES, SEVERITIES, read_table


def ingest(edition: str | int, cluster: str) -> Ingested:
    """Read, correct and check one cluster's return, and leave its tables where the next step looks.

    Returns
    -------
    Ingested
        With the frames ``returns`` (one row), ``answers`` (a cell a row) and ``findings`` (the
        gravest first).

    Raises
    ------
    EditionError
        If there is no such edition, or the cluster is not on its register.
    CorrectionError
        If a correction no longer fits the return.
    """
    project = find_project()
    ingested = ingest_return(project, read_edition(project, edition).edition, cluster)
    write_ingested(project, ingested)
    order = ingested.findings["severity"].map(SEVERITIES.index).sort_values(kind="stable").index
    return replace(ingested, findings=ingested.findings.loc[order].reset_index(drop=True))


def measure(edition: str | int, cluster: str) -> pd.DataFrame:
    """Compute and keep the measures of one cluster: a number, verdict or score a row.

    Raises
    ------
    TableError
        If the cluster's return has not been read yet.
    """
    project = find_project()
    path = measure_cluster(project, read_edition(project, edition).edition, cluster)
    return read_table(path, MEASURES)


def list_indicators() -> pd.DataFrame:
    """The indicators that are computed, by code: pillar, indicator, unit, questions."""
    found = read_framework(find_project()).indicators
    return pd.DataFrame(
        {
            "pillar": [i.pillar for i in found],
            "indicator": [i.name for i in found],
            "unit": [label_unit(i.unit) for i in found],
            "questions": [", ".join(i.questions) for i in found],
        },
        index=pd.Index([i.code for i in found], name="code"),
    )
