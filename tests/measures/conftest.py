"""Answers of one cluster from a few keys, and the context that calculations look things up in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import pytest

from annual_report.edition import Edition
from annual_report.framework import Framework, read_framework
from annual_report.measures.indicators.calculation import Context
from annual_report.project import Project
from annual_report.rates import Rate, Rates
from annual_report.tables import ANSWERS

MakeAnswers = Callable[..., pd.DataFrame]


@pytest.fixture(scope="session")
def framework(root: Path) -> Framework:
    return read_framework(Project(root))


@pytest.fixture(scope="session")
def edition() -> Edition:
    clusters = [
        {"id": f"c{i}", "name": f"Cluster {i}", "country": "NO", "joined": 2020} for i in range(4)
    ]
    return Edition.model_validate(
        {
            "edition": "tested",
            "year": 2023,
            "title": "Tested",
            "headline": "Tested",
            "subtitle": "Tested",
            "status": "Tested",
            "publisher": "Tests",
            "published": "2024-01-01",
            "currency": "USD",
            "currency_year": 2023,
            "clusters": clusters,
        }
    )


@pytest.fixture(scope="session")
def context(framework: Framework, edition: Edition) -> Context:
    table = {("USD", 2022): 1.05, ("USD", 2023): 1.08, ("NOK", 2023): 11.4, ("GBP", 2023): 0.87}
    rates = Rates({k: Rate(k[0], k[1], per_eur, "a test") for k, per_eur in table.items()})
    return Context(edition, framework, rates)


@pytest.fixture(scope="session")
def make_answers(framework: Framework) -> MakeAnswers:
    """Rows of the table of answers from ``{"FIN-01.value": 5e9, "TEC-T1.1.lever": "ccus"}``.

    A tuple is a number with its unit or currency; ``None`` is a missing answer; text such as
    ``status:invalid`` is an answer of that status.
    """

    def make(
        values: Mapping[str, object],
        *,
        cluster: str = "c0",
        consent: Mapping[str, str] | None = None,
    ) -> pd.DataFrame:
        records = [
            _make_record(key, value, cluster, (consent or {}).get(key, "publish"), framework)
            for key, value in values.items()
        ]
        return pd.DataFrame.from_records(records, columns=[c.name for c in ANSWERS.columns])

    return make


STATUS = "status:"


def _make_record(
    key: str, value: object, cluster: str, consent: str, framework: Framework
) -> dict[str, object]:
    code, *middle, field = key.split(".")
    if code in framework.questions:
        kind = dict(framework.questions[code].fields)[field]
    else:
        kind = framework.tables[code].column(field).kind
    mark = None
    if isinstance(value, tuple):
        value, mark = value
    status = "missing" if value is None else "reported"
    if isinstance(value, str) and value.startswith(STATUS):
        value, status = None, value.removeprefix(STATUS)
    is_number = isinstance(value, int | float)
    return {
        "id": f"{cluster}.{key}",
        "edition": "tested",
        "cluster": cluster,
        "question": code,
        "row": int(middle[0]) if middle else 0,
        "field": field,
        "kind": kind,
        "number": float(value) if is_number else None,  # type: ignore[arg-type]
        "text": value if isinstance(value, str) else None,
        "unit": None if kind == "money" else mark,
        "currency": (mark or "USD") if kind == "money" else None,
        "consent": consent,
        "status": status,
        "reported": None if value is None else str(value),
        "workbook": f"{cluster}.xlsx",
        "sheet": code[:3],
        "cell": "B2",
        "sha256": "0" * 64,
    }
