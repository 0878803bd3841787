"""The public tables as people and spreadsheets read them: totals, scores, answers, rates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Literal

from annual_report.edition import Edition
from annual_report.exhibits.look.tokens import PILLARS
from annual_report.measures.measure import ALL
from annual_report.measures.public import (
    PUBLIC,
    PUBLIC_ANSWERS,
    PUBLIC_MEASURES,
    PUBLIC_RETURNS,
)
from annual_report.project import Project
from annual_report.rates import EURO, read_rates
from annual_report.tables import (
    QUERIED,
    Contract,
    list_records,
    read_part,
    read_rows,
    read_table,
)

Kind = Literal["string", "number", "integer"]
Mark = Literal["missing", "withheld", "not applicable"]
Value = str | float | int | None

RATE = "rate."


@dataclass(frozen=True)
class Field:
    """One column: its name in the data package, its title in the workbook, what it means."""

    name: str
    title: str
    meaning: str
    kind: Kind = "string"


@dataclass(frozen=True)
class AnnexTable:
    """One table of the annex.

    A row's value in the column ``marked`` is a number, or one of the marks says why there is none;
    in the data package the marks have a column of their own.
    """

    name: str
    sheet: str
    title: str
    unit: str
    source: str
    fields: tuple[Field, ...]
    rows: tuple[tuple[Value, ...], ...]
    key: tuple[str, ...]
    marked: tuple[str, ...] = ()
    marks: tuple[tuple[Mark | None, ...], ...] = ()


def build_tables(project: Project, edition: Edition) -> tuple[AnnexTable, ...]:
    """Build every table of the annex, in their order, from the public tables."""
    folder = project.processed(edition.edition) / PUBLIC
    parts = [folder / "clusters" / cluster.id for cluster in edition.clusters]
    measures = [part / "measures.parquet" for part in parts]
    columns = (*_MEASURE_COLUMNS, "inputs")
    found = read_part(
        folder / "measures.parquet", PUBLIC_MEASURES, where=("cluster", ALL), columns=columns
    )
    totals = [dict(zip(columns, row, strict=True)) for row in found]
    rated = _read_records(measures, PUBLIC_MEASURES, ("inputs",))
    return (
        _build_totals(totals),
        _build_scores(edition, _read_records(measures, PUBLIC_MEASURES, _MEASURE_COLUMNS)),
        _build_measures(_read_records(measures, PUBLIC_MEASURES, _MEASURE_COLUMNS)),
        _build_answers(
            _read_records(
                [part / "answers.parquet" for part in parts], PUBLIC_ANSWERS, _ANSWER_COLUMNS
            )
        ),
        _build_returns(
            edition, list_records(read_table(folder / "returns.parquet", PUBLIC_RETURNS))
        ),
        _build_rates(project, edition.currency, chain(totals, rated)),
    )


def _read_records(
    paths: Iterable[Path], contract: Contract, columns: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Read rows one at a time, a file after the other: all of them would fill the memory."""
    for path in paths:
        if path.is_file():
            for row in read_rows(path, contract, columns=columns):
                yield dict(zip(columns, row, strict=True))


_ID = Field("id", "Number id", "address of the number, for annual-report explain")
_CLUSTER = Field("cluster", "Cluster", "id of the cluster; all for totals")
_MEASURE = (
    _ID,
    _CLUSTER,
    Field("code", "Code", "indicator, pillar or headline"),
    Field("measure", "Measure", "value, achieved share, verdict, score, total"),
    Field("number", "Number", "the result in its unit", "number"),
    Field("text", "In words", "a result in words, such as a verdict"),
    Field("unit", "Unit", "unit of the number; an ISO 4217 code for money"),
    Field("year", "Year", "year the result stands for", "integer"),
    Field("n", "n", "how many clusters answered", "integer"),
    Field("of", "of N", "of how many clusters", "integer"),
    Field("method", "Method", "name of the published method"),
    Field("formula", "Formula", "the formula with its numbers filled in"),
    Field("flag", "Flag", "queried: a respondent is asked whether an answer behind it is right"),
)


_MEASURE_COLUMNS = (*(field.name for field in _MEASURE), "mark")


def _build_totals(measures: Iterable[dict[str, Any]]) -> AnnexTable:
    return _tabulate_measures(
        measures,
        name="totals",
        sheet="Totals",
        title="Totals and summaries over all clusters",
    )


def _build_measures(measures: Iterable[dict[str, Any]]) -> AnnexTable:
    return _tabulate_measures(
        measures,
        name="measures",
        sheet="Measures",
        title="Indicators, verdicts and scores of each cluster",
    )


def _tabulate_measures(
    measures: Iterable[dict[str, Any]], *, name: str, sheet: str, title: str
) -> AnnexTable:
    rows: list[tuple[Value, ...]] = []
    marks: list[tuple[Mark | None]] = []
    for measure in measures:
        rows.append(
            tuple(
                measure[f.name] or None if f.kind == "string" else measure[f.name] for f in _MEASURE
            )
        )
        marks.append((measure["mark"] or None,))
    return AnnexTable(
        name=name,
        sheet=sheet,
        title=title,
        unit="Unit of each number: see the column Unit",
        source="Computed from the returns; the methods are in the methodology chapter.",
        fields=_MEASURE,
        rows=tuple(rows),
        key=("id",),
        marked=("number",),
        marks=tuple(marks),
    )


def _build_scores(edition: Edition, measures: Iterable[dict[str, Any]]) -> AnnexTable:
    found = {(row["cluster"], row["code"]): row for row in measures if row["measure"] == "score"}
    rows, marks = [], []
    for cluster in sorted(edition.clusters, key=lambda c: c.name.casefold()):
        scores = [found.get((cluster.id, pillar)) for pillar in PILLARS]
        of_row: list[Mark | None] = ["missing" if s is None else s["mark"] or None for s in scores]
        numbers = [
            None if s is None or mark else s["number"]
            for s, mark in zip(scores, of_row, strict=True)
        ]
        queried = (
            pillar
            for pillar, score, number in zip(PILLARS, scores, numbers, strict=True)
            if number is not None and score is not None and score["flag"] == QUERIED
        )
        flags = ", ".join(queried) or None
        rows.append((cluster.id, cluster.name, cluster.country, *numbers, flags))
        marks.append(tuple(of_row))
    return AnnexTable(
        name="scores",
        sheet="Scores",
        title="Pillar scores of each cluster",
        unit="Points, 0 to 100",
        source="Weighted share of the way to each cluster's own targets. In alphabetical order: "
        "this is not a ranking.",
        fields=(
            Field("cluster", "Cluster id", "id of the cluster on the register"),
            Field("name", "Cluster", "name of the cluster"),
            Field("country", "Country", "ISO 3166-1 alpha-2 code"),
            *(Field(p, p.capitalize(), f"score of the pillar {p}", "number") for p in PILLARS),
            Field("flag", "Queried", "pillars with a queried answer behind their score"),
        ),
        rows=tuple(rows),
        key=("cluster",),
        marked=tuple(PILLARS),
        marks=tuple(marks),
    )


_ANSWER = (
    _ID,
    Field("cluster", "Cluster", "id of the cluster"),
    Field("question", "Question", "code of the question or table"),
    Field("row", "Row", "row of a table question; 0 for a single question", "integer"),
    Field("field", "Field", "value, baseline, target, or the column of a table question"),
    Field("number", "Number", "the answer as a number in its unit", "number"),
    Field("text", "Text", "the answer as text, choice or date"),
    Field("unit", "Unit", "unit as reported"),
    Field("currency", "Currency", "ISO 4217 code of an amount"),
    Field("status", "Status", "reported, corrected, missing, not applicable or invalid"),
    Field("flag", "Flag", "queried: the respondent is asked whether its size is right"),
    Field("place", "Place", "cluster, sheet and cell of the return"),
)


_ANSWER_COLUMNS = (*(field.name for field in _ANSWER), "mark")


def _build_answers(answers: Iterable[dict[str, Any]]) -> AnnexTable:
    rows: list[tuple[Value, ...]] = []
    marks: list[tuple[Mark | None]] = []
    for row in answers:
        if row["mark"] != "withheld":
            rows.append(
                tuple(row[f.name] or None if f.kind == "string" else row[f.name] for f in _ANSWER)
            )
            marks.append((row["mark"] or None,))
    return AnnexTable(
        name="answers",
        sheet="Answers",
        title="Answers that respondents allow to be published",
        unit="Unit of each number: see the columns Unit and Currency",
        source="Returns of the clusters. Answers without that consent are not in this table.",
        fields=_ANSWER,
        rows=tuple(rows),
        key=("id",),
        marked=("number",),
        marks=tuple(marks),
    )


def _build_returns(edition: Edition, returns: list[dict[str, Any]]) -> AnnexTable:
    names = {cluster.id: cluster for cluster in edition.clusters}
    fields = (
        Field("cluster", "Cluster id", "id of the cluster on the register"),
        Field("name", "Cluster", "name of the cluster"),
        Field("country", "Country", "ISO 3166-1 alpha-2 code"),
        Field("joined", "Joined", "year the cluster joined", "integer"),
        Field("state", "Return", "answered, silent, unreadable or failed"),
        Field("reason", "Reason", "why there is no answer"),
        Field("signed", "Signed", "date of the sign-off"),
        Field("asked", "Asked", "questions asked", "integer"),
        Field("answered", "Answered", "questions answered", "integer"),
        Field("errors", "Errors", "findings that are errors", "integer"),
        Field("warnings", "Warnings", "findings that are warnings", "integer"),
    )
    rows = []
    for row in returns:
        cluster = names[row["cluster"]]
        told = (row[field.name] for field in fields[4:])
        rows.append((cluster.id, cluster.name, cluster.country, cluster.joined, *told))
    return AnnexTable(
        name="returns",
        sheet="Returns",
        title="What became of each cluster's return",
        unit="Questions",
        source="Register of the edition and the returned workbooks.",
        fields=fields,
        rows=tuple(rows),
        key=("cluster",),
    )


def _build_rates(project: Project, home: str, measures: Iterable[dict[str, Any]]) -> AnnexTable:
    return AnnexTable(
        name="rates",
        sheet="Exchange rates",
        title="Exchange rates used",
        unit="Units of the currency for one of the other, annual average",
        source="As named in each row.",
        fields=(
            _ID,
            Field("currency", "Currency", "ISO 4217 code of the currency that the rate is in"),
            Field("per", "For one", "ISO 4217 code of the currency that is priced"),
            Field("year", "Year", "year of the average", "integer"),
            Field("rate", "Rate", "units of the currency for one of the other", "number"),
            Field("source", "Source", "who published the rate"),
        ),
        rows=tuple(_list_rates(project, home, measures)),
        key=("id",),
    )


def _list_rates(
    project: Project, home: str, measures: Iterable[dict[str, Any]]
) -> Iterator[tuple[Value, ...]]:
    """List the published rates, and those that are made of them and printed."""
    used = {i for row in measures for i in row["inputs"] if i.startswith(RATE)}
    if not used:
        return
    rates = read_rates(project.reference)
    for rate_id in sorted(used):
        _, currency, year = rate_id.split(".")
        rate = rates.find(currency, int(year))
        yield rate_id, currency, EURO, rate.year, rate.per_eur, rate.source
        if currency != home:
            cross = rates.cross(currency, home, rate.year)
            yield cross.id, home, currency, rate.year, cross.value, cross.source
