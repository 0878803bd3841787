"""A small questionnaire with one of everything, and an edition that asks it."""

from __future__ import annotations

import datetime as dt

import pytest

from annual_report.edition import Cluster, Edition
from annual_report.framework.model import (
    Choice,
    Framework,
    Level,
    Pillar,
    Question,
    Section,
    Table,
    TableColumn,
)
from annual_report.framework.questions import MEASURED

ANY_SIZE = [{"high": 1e15, "why": "this questionnaire is about nothing"}]


def _plausible(kind: str) -> dict[str, object]:
    return {"plausible": ANY_SIZE} if kind in MEASURED else {}


def _question(code: str, kind: str, **more: object) -> Question:
    words = {"text": f"What about {code}?", "guidance": f"How to answer {code}.", "example": "one"}
    return Question.model_validate(words | {"code": code, "kind": kind} | _plausible(kind) | more)


def _column(name: str, kind: str, **more: object) -> TableColumn:
    label = name.replace("_", " ").capitalize()
    known = {"name": name, "label": label, "kind": kind} | _plausible(kind)
    return TableColumn.model_validate(known | more)


START = Section(
    code="STA",
    title="Start here",
    intro="Who answers.\n\nHow consent works.",
    questions=(
        _question("STA-01", "text", required=True, consent=False),
        _question("STA-03", "choice", choices="currencies", consent=False, comment=False),
        _question("STA-04", "year", minimum=2000, maximum=2100, consent=False, comment=False),
        _question("STA-05", "choice", choices="languages", consent=False, comment=False),
        _question("STA-07", "date", required=True, consent=False, comment=False),
    ),
)
FINANCE = Section(
    code="FIN",
    title="Finance",
    pillar="finance",
    intro="Money and numbers.",
    questions=(
        _question("FIN-01", "money", minimum=0, required=True, dated=True, target=True),
        _question(
            "FIN-02",
            "number",
            unit="kt/y",
            minimum=0,
            maximum=1000,
            dated=True,
            baseline=True,
            target=True,
            basis=True,
        ),
        _question("FIN-03", "percent", unit="percent", minimum=0, maximum=100, baseline=True),
        _question(
            "FIN-04",
            "level",
            required=True,
            rubric=[Level(level=n, label=f"Step {n}", meaning=f"Means {n}.") for n in range(5)],
        ),
        _question("FIN-05", "yes_no"),
        _question("FIN-06", "choice", choices="levers"),
        _question("FIN-07", "number", unit="count", minimum=0, maximum=1_000_000),
    ),
    tables=(
        Table(
            code="FIN-T1",
            name="funding",
            text="Which money?",
            guidance="One row a source.",
            example="A bank | 5",
            key=("source",),
            columns=(
                _column("source", "text", required=True),
                _column("lever", "choice", choices="levers"),
                _column("amount", "money", minimum=0, unit_from="currency"),
                _column("currency", "choice", choices="currencies"),
                _column("year", "year"),
                _column("share", "percent", unit="percent", minimum=0, maximum=100),
                _column("mw", "number", unit="MW", minimum=0),
                _column("cross_border", "yes_no"),
                _column("started", "date"),
            ),
        ),
    ),
)


@pytest.fixture(scope="session")
def framework() -> Framework:
    return Framework(
        version="test",
        title="A test survey",
        contact="the office",
        pillars=(Pillar(code="finance", title="Finance", prefix="FIN", question="Money?"),),
        choices={
            "currencies": (
                Choice(code="USD", label="US dollar (USD)"),
                Choice(code="EUR", label="Euro (EUR)"),
                Choice(code="JPY", label="Japanese yen (JPY)"),
            ),
            "languages": (
                Choice(code="en", label="English"),
                Choice(code="de", label="German"),
                Choice(code="fr", label="French"),
            ),
            "levers": (
                Choice(code="hydrogen", label="Hydrogen"),
                Choice(code="ccus", label="Carbon capture, utilisation and storage"),
            ),
        },
        sections=(START, FINANCE),
        indicators=(
            {
                "code": "FIN-ONE",
                "pillar": "finance",
                "name": "One",
                "definition": "one",
                "calculation": "level",
                "questions": ("FIN-04",),
                "unit": "share",
                "weight": 100,
                "source": "none",
            },
        ),
        headlines=(),
    )


@pytest.fixture(scope="session")
def edition() -> Edition:
    return Edition(
        edition="test",
        year=2023,
        title="A test report",
        headline="All is a test",
        subtitle="of a survey",
        status="draft",
        publisher="The office",
        published=dt.date(2024, 5, 1),
        currency="USD",
        currency_year=2023,
        clusters=(
            {"id": "norrhavn", "name": "Norrhavn", "country": "SE", "joined": 2021},
            {"id": "port-azul", "name": "Port Azul", "country": "ES", "joined": 2022},
        ),
    )


@pytest.fixture(scope="session")
def cluster(edition: Edition) -> Cluster:
    return edition.clusters[0]
