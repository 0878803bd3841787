"""One small season of made-up returns, measured by the real code, that exhibits are drawn from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from annual_report.edition import Cluster, Edition, read_edition
from annual_report.framework import Framework, Question, Table, TableColumn, read_framework
from annual_report.measures.gather import gather
from annual_report.measures.indicators.cluster import compute_measures, read_context
from annual_report.measures.lineage import PREVIOUS
from annual_report.project import Project
from annual_report.tables import ANSWERS, FINDINGS, MEASURES, RETURNS, read_table, write_table

NAMES = (
    "Anvil Coast", "Brackwater Firth", "Costa Brisa", "Delta Forge", "Eastmoor", "Fjordhavn",
    "Grey Estuary", "Harbour Nine", "Iron Quay", "Juniper Basin", "Kessel Port", "Lakeland",
)  # fmt: skip
COUNTRIES = ("NO", "GB", "ES", "NL", "GB", "NO", "DE", "US", "AU", "US", "BE", "JP")
YEAR = 2023
SILENT = "lakeland"
CURRENCIES = ("USD", "EUR", "GBP", "JPY")


@dataclass
class MadeSeason:
    """A season on disk, with the tables behind it for plain sums and counts.

    ``cluster`` is the one that a profile is run for.
    """

    project: Project
    edition: Edition
    framework: Framework
    cluster: str | None = None

    @cached_property
    def measures(self) -> dict[str, Any]:
        """Every measure by its id, of clusters and totals, whatever its consent."""
        paths = sorted((self._folder / "measures").glob("*.parquet"))
        frame = read_table(paths, MEASURES)
        return dict(zip(frame["id"], frame.itertuples(), strict=True))

    @cached_property
    def answered(self) -> list[Cluster]:
        """Who sent a return that was read, in the order of the register."""
        returns = read_table(self._folder / "returns.parquet", RETURNS).set_index("cluster")
        return [c for c in self.edition.clusters if returns["state"].get(c.id) == "answered"]

    def answers_of(self, cluster: str) -> pd.DataFrame:
        return read_table(self._folder / "answers" / f"{cluster}.parquet", ANSWERS)

    def value(self, address: str) -> float | None:
        """The number at an address; None where there is none."""
        found = self.measures.get(address)
        return None if found is None or pd.isna(found.number) else found.number

    def text(self, address: str) -> str:
        """The words at an address; empty where there are none."""
        found = self.measures.get(address)
        return "" if found is None or pd.isna(found.text) else found.text

    @property
    def _folder(self) -> Path:
        return self.project.processed(self.edition.edition)


@dataclass
class Return:
    """One cluster's answers, put down one at a time."""

    framework: Framework
    edition: str
    cluster: str
    records: list[dict[str, Any]] = field(default_factory=list)

    def answer(self, question: str, value: Any, name: str = "value", **more: Any) -> None:
        """Answer a field of a single question."""
        asked = self.framework.questions[question]
        self._put(question, 0, name, dict(asked.fields)[name], value, **more)

    def fill(self, table: str, row: int, cells: dict[str, Any], **more: Any) -> None:
        """Fill a row of a table question; ``unit`` of a cell stands in its own column."""
        asked = self.framework.tables[table]
        for name, value in cells.items():
            column = asked.column(name)
            extra = dict(more)
            if column.kind == "money":
                extra["currency"] = cells["currency"]
            elif column.unit_from:
                extra["unit"] = cells[column.unit_from]
            elif column.unit:
                extra["unit"] = column.unit
            self._put(table, row, name, column.kind, value, **extra)

    def _put(self, question: str, row: int, name: str, kind: str, value: Any, **more: Any) -> None:
        is_number = kind in ("number", "money", "percent", "level", "year", "yes_no")
        place = f"{question}.{row}.{name}" if row else f"{question}.{name}"
        self.records.append(
            {column.name: None for column in ANSWERS.columns}
            | {
                "id": f"{self.cluster}.{place}",
                "edition": self.edition,
                "cluster": self.cluster,
                "question": question,
                "row": row,
                "field": name,
                "kind": kind,
                "number": float(value) if is_number else None,
                "text": None if is_number else str(value),
                "consent": "publish",
                "status": "reported",
                "reported": str(value),
                "workbook": f"{self.cluster}.xlsx",
                "sheet": question[:3],
                "cell": f"F{len(self.records) + 1}",
                "sha256": "0" * 64,
            }
            | more
        )

    def to_frame(self) -> pd.DataFrame:
        return pd.DataFrame(self.records, columns=[c.name for c in ANSWERS.columns])


def make_return(
    framework: Framework, *, edition: str, year: int, cluster: str, seed: int
) -> Return:
    """Make up one return; the same seed gives the same answers, a later year more progress."""
    rng = np.random.default_rng(seed)
    made = Return(framework, edition, cluster)
    for question in framework.questions.values():
        _answer_question(made, question, year, rng)
    for table in framework.tables.values():
        _fill_table(made, table, year, rng)
    return made


def _answer_question(made: Return, question: Question, year: int, rng: np.random.Generator) -> None:
    draw = float(rng.uniform(0.2, 0.9))
    code = question.code
    if rng.uniform() < 0.08 or code.startswith("STA"):
        return
    if question.kind == "level":
        made.answer(code, min(4, int(5 * draw) + (year - 2022)))
    elif question.kind == "yes_no":
        made.answer(code, draw > 0.4)
    elif question.kind == "choice":
        codes = [c.code for c in made.framework.choices[question.choices or ""]]
        made.answer(code, codes[int(draw * len(codes)) % len(codes)])
    elif question.kind == "money":
        made.answer(code, round(draw * 1e10, -6), currency="USD")
        _date(made, question, value=year)
    elif question.kind in ("number", "percent"):
        _answer_number(made, question, year, draw)


def _answer_number(made: Return, question: Question, year: int, draw: float) -> None:
    top = {"CLU-06": 30, "CLU-07": 5, "CLU-08": 30, "CLU-10": 40, "POL-01": 60}.get(
        question.code, min(question.maximum or 100, 2000)
    )
    falls = question.code in ("CLU-06", "CLU-07", "CLU-08", "POL-01")
    start, goal = (draw, draw * 0.4) if falls else (draw * 0.2, draw)
    share = (0.15 + 0.08 * (year - 2022)) * (1.6 - draw)
    now = start + share * (goal - start)
    numbers = {"value": now, "baseline": start, "target": goal}
    for name, number in numbers.items():
        if name in dict(question.fields):
            made.answer(question.code, round(number * top, 1), name, unit=question.unit)
    _date(made, question, value=year, baseline=2015, target=2035)


def _date(made: Return, question: Question, **years: int) -> None:
    for name, year in years.items():
        if f"{name}_year" in dict(question.fields):
            made.answer(question.code, year, f"{name}_year")


def _fill_table(made: Return, table: Table, year: int, rng: np.random.Generator) -> None:
    for row in range(1, int(rng.integers(3, 8)) + 1):
        cells = {c.name: _make_cell(made, table, c, rng, row=row) for c in table.columns}
        cells |= {c.name: year for c in table.columns if c.kind == "year"}
        if cells.get("stage", "operational") != "operational":
            cells.pop("delivered_abatement")
        made.fill(table.code, row, cells)


def _make_cell(
    made: Return, table: Table, column: TableColumn, rng: np.random.Generator, *, row: int
) -> Any:
    if column.kind == "choice":
        known = {"currencies": CURRENCIES, "capacity_units": ("MW",)}
        offered = [c.code for c in made.framework.choices[column.choices or ""]]
        codes = known.get(column.choices or "", offered)
        return codes[int(rng.integers(len(codes)))]
    if column.kind == "yes_no":
        return rng.uniform() > 0.5
    if column.kind == "text":
        return f"{table.name.capitalize()} {row} of {made.cluster}"
    scale = {"money": 1e9, "percent": 20, "number": 1e6}.get(column.kind, 1)
    return round(float(rng.uniform(0.01, 2)) * scale)


def list_register(count: int) -> list[dict[str, object]]:
    """Register entries: the named ones first, then as many more as asked for."""
    names = [*NAMES, *(f"Cluster {n:04d}" for n in range(len(NAMES), count))][:count]
    return [
        {
            "id": name.lower().replace(" ", "-"),
            "name": name,
            "country": COUNTRIES[n % len(COUNTRIES)],
            "joined": YEAR if n % 5 == 4 else 2021,
        }
        for n, name in enumerate(names)
    ]


def make_project(
    root: Path, editions: dict[str, list[dict[str, object]]], *, locale: str = "en"
) -> Project:
    """A project folder with the real framework and reference data, and editions of its own."""
    source = Path(__file__).resolve().parents[1] / "data"
    (root / "data" / "editions").mkdir(parents=True)
    for name in ("framework", "reference"):
        (root / "data" / name).symlink_to(source / name, target_is_directory=True)
    previous = None
    for (name, register), year in zip(editions.items(), (YEAR - 1, YEAR), strict=True):
        settings = {
            "edition": name,
            "year": year,
            "title": f"Annual report {year}",
            "headline": "A small season",
            "subtitle": "Made up for tests",
            "status": "Test data",
            "publisher": "Nobody",
            "published": f"{year + 1}-01-15",
            "previous": previous,
            "currency": "USD",
            "currency_year": year,
            "locale": locale,
            "clusters": [{**c, "joined": min(int(str(c["joined"])), year)} for c in register],
        }
        path = root / "data" / "editions" / f"{name}.yaml"
        path.write_text(yaml.safe_dump(settings), encoding="utf-8")
        previous = name
    return Project(root)


def write_season(
    project: Project, returns: Iterable[Return], before: Iterable[Return] = ()
) -> MadeSeason:
    """Measure two editions and leave their tables where the pipeline leaves them."""
    folder = project.processed("now")
    former = _write_tables(project, "before", before)
    for name, contract in (("answers", ANSWERS), ("measures", MEASURES)):
        paths = sorted((former / name).glob("*.parquet"))
        write_table(read_table(paths, contract), contract, folder / PREVIOUS / f"{name}.parquet")
    _write_tables(project, "now", returns)
    return MadeSeason(project, read_edition(project, "now"), read_framework(project))


def _write_tables(project: Project, edition: str, returns: Iterable[Return]) -> Path:
    folder = project.processed(edition)
    by_cluster = {made.cluster: made for made in returns}
    context = read_context(project, edition)
    for cluster in context.edition.clusters:
        made = by_cluster.get(cluster.id, Return(context.framework, edition, cluster.id))
        answers = made.to_frame()
        measures = compute_measures(cluster.id, answers, context)
        for name, contract, frame in (
            ("answers", ANSWERS, answers),
            ("findings", FINDINGS, pd.DataFrame(columns=[c.name for c in FINDINGS.columns])),
            ("measures", MEASURES, measures),
            ("returns", RETURNS, _describe_return(made)),
        ):
            write_table(frame, contract, folder / name / f"{cluster.id}.parquet")
    gather(project, edition)
    return folder


def _describe_return(made: Return) -> pd.DataFrame:
    answered = len(made.records)
    known = {
        "edition": made.edition, "cluster": made.cluster, "asked": 50, "answered": answered,
        "state": "answered" if answered else "silent", "errors": 0, "warnings": 0,
        "reason": None if answered else "no workbook came",
    }  # fmt: skip
    return pd.DataFrame([known], columns=[c.name for c in RETURNS.columns])


@pytest.fixture(scope="session")
def framework(root: Path) -> Framework:
    return read_framework(Project(root))


@pytest.fixture(scope="session")
def season(tmp_path_factory: pytest.TempPathFactory, framework: Framework) -> MadeSeason:
    """Twelve clusters, one of them silent; ten of them answered the year before as well."""
    project = make_project(
        tmp_path_factory.mktemp("season"),
        {"before": list_register(10), "now": list_register(12)},
    )
    ids = [str(entry["id"]) for entry in list_register(12)]
    returns = [
        make_return(framework, edition="now", year=YEAR, cluster=cluster, seed=seed)
        for seed, cluster in enumerate(ids)
        if cluster != SILENT
    ]
    before = [
        make_return(framework, edition="before", year=YEAR - 1, cluster=cluster, seed=seed)
        for seed, cluster in enumerate(ids[:10])
    ]
    return write_season(project, returns, before)


@pytest.fixture(scope="session")
def silent_season(tmp_path_factory: pytest.TempPathFactory) -> MadeSeason:
    """Three clusters on the register, no return from any, and no edition before."""
    register = list_register(3)
    project = make_project(tmp_path_factory.mktemp("silent"), {"before": register, "now": register})
    season = write_season(project, [])
    return replace(season, edition=season.edition.model_copy(update={"previous": None}))


@pytest.fixture(scope="session")
def make_season(
    tmp_path_factory: pytest.TempPathFactory, framework: Framework
) -> Callable[..., MadeSeason]:
    """Make a season of a size of one's own, with one consent for all answers."""

    def make(
        size: int, *, answered: int, consent: str = "publish", locale: str = "en"
    ) -> MadeSeason:
        register = list_register(size)
        folder = tmp_path_factory.mktemp("made")
        project = make_project(folder, {"before": register, "now": register}, locale=locale)
        returns = [
            make_return(framework, edition="now", year=YEAR, cluster=str(entry["id"]), seed=seed)
            for seed, entry in enumerate(register[:answered])
        ]
        for record in (record for made in returns for record in made.records):
            record["consent"] = consent
        return write_season(project, returns)

    return make


@pytest.fixture(scope="session")
def private_season(make_season: Callable[..., MadeSeason]) -> MadeSeason:
    """Six clusters, whose answers are all for totals only."""
    return make_season(6, answered=6, consent="aggregate only")
