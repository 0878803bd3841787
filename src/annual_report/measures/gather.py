"""The step between clusters and report: the state of every return, all totals, what moved."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from annual_report.edition import Edition, read_edition
from annual_report.errors import EditionError
from annual_report.framework import Framework, read_framework
from annual_report.measures.flags import inherit_flags
from annual_report.measures.indicators.cluster import compute_measures, read_context
from annual_report.measures.lineage import GATHERED, PREVIOUS
from annual_report.measures.measure import ALL, Measure, to_frame
from annual_report.measures.public import (
    PUBLIC,
    PUBLIC_FINDINGS,
    PUBLIC_RETURNS,
    publish_findings,
    write_parts,
    write_public,
)
from annual_report.measures.totals.abatement import compute_abatement
from annual_report.measures.totals.breakdowns import compute_breakdowns
from annual_report.measures.totals.continents import read_continents
from annual_report.measures.totals.funding import compute_funding
from annual_report.measures.totals.moves import compute_moves
from annual_report.measures.totals.pipeline import compute_pipeline
from annual_report.measures.totals.register import describe_register
from annual_report.measures.totals.restatements import list_restatements
from annual_report.measures.totals.stack import ANSWER_COLUMNS, MEASURE_COLUMNS, Stack
from annual_report.measures.totals.totals import Totals, compare_cohort
from annual_report.project import Project
from annual_report.survey.collecting.cluster import ingest_return
from annual_report.survey.collecting.filing import identify_returns
from annual_report.tables import (
    ANSWERS,
    FINDINGS,
    MEASURES,
    QUERIED,
    RETURNS,
    list_records,
    read_table,
    stack_tables,
    write_table,
)

FAILURES = "failures.json"


def list_parts(project: Project, edition: Edition, name: str) -> list[Path]:
    """The files of one table, one a cluster, in the order of the register.

    A cluster whose notebooks failed in this run is left out, whatever an earlier run left of it.
    """
    folder = project.processed(edition.edition) / name
    failed = read_failures(project, edition.edition)
    paths = (folder / f"{c.id}.parquet" for c in edition.clusters if c.id not in failed)
    return [path for path in paths if path.is_file()]


def measure_previous(project: Project, edition_name: str) -> Path | None:
    """Read and measure the edition before this one, for what moved; None if there is none.

    Written under ``data/processed/<edition>/previous``, so that two editions built at once never
    write the same file.
    """
    name = read_edition(project, edition_name).previous
    if name is None:
        return None
    context = read_context(project, name)
    parts, answers = [], []
    filing = identify_returns(project, name)
    for cluster in context.edition.clusters:
        ingested = ingest_return(project, name, cluster.id, filing=filing)
        answers.append(ingested.answers)
        parts.append(compute_measures(cluster.id, ingested.answers, context))
    folder = project.processed(edition_name) / PREVIOUS
    write_table(pd.concat(answers, ignore_index=True), ANSWERS, folder / "answers.parquet")
    stack = Stack(pd.concat(parts), pd.concat(answers))
    totals = _make_totals(context.edition, context.framework, stack)
    whole = inherit_flags(_compute_all(totals), _list_queried(pd.concat(parts), pd.concat(answers)))
    measures = pd.concat([*parts, to_frame(whole)], ignore_index=True)
    write_table(measures, MEASURES, folder / "measures.parquet")
    return folder


def gather(project: Project, edition_name: str) -> Path:
    """Write ``returns.parquet``, ``measures/all.parquet`` and ``gathered`` from what clusters left.

    A register entry whose notebooks failed is there with state `failed` and its reason.
    """
    edition = read_edition(project, edition_name)
    framework = read_framework(project)
    folder = project.processed(edition_name)
    returns = _gather_returns(project, edition)
    _stack_clusters(project, edition)
    before = _read_before(project, edition, framework)
    stack = read_stack(folder / GATHERED)
    totals = _make_totals(edition, framework, stack, before=before)
    measures = [
        *describe_register(
            edition,
            returns,
            read_continents(project.reference),
            before=before.edition if before else None,
        ),
        *_compute_all(totals),
        *_compare(totals),
        *list_restatements(totals),
    ]
    write_table(returns, RETURNS, folder / "returns.parquet")
    path = folder / "measures" / f"{ALL}.parquet"
    frame = to_frame(inherit_flags(measures, _read_queried(folder, edition.previous)))
    write_table(frame, MEASURES, path)
    _publish(project, edition, frame, returns)
    _publish_findings(project, edition, framework)
    return path


def _publish(
    project: Project, edition: Edition, totals: pd.DataFrame, returns: pd.DataFrame
) -> None:
    """Write the public tables, those of the edition before first."""
    folder = project.processed(edition.edition)
    visible: set[str] = set()
    if edition.previous is not None:
        before = read_edition(project, edition.previous)
        visible = write_public(
            read_table(folder / PREVIOUS / "answers.parquet", ANSWERS),
            read_table(folder / PREVIOUS / "measures.parquet", MEASURES),
            {c.id: c.name for c in before.clusters},
            folder / PUBLIC / PREVIOUS,
        )
    measures = read_table(folder / GATHERED / "measures.parquet", MEASURES)
    write_public(
        read_table(folder / GATHERED / "answers.parquet", ANSWERS),
        pd.concat([measures, totals], ignore_index=True),
        {c.id: c.name for c in edition.clusters},
        folder / PUBLIC,
        before={f"{edition.previous}:{i}" for i in visible},
    )
    names = [c.name for c in PUBLIC_RETURNS.columns]
    ids = [c.id for c in edition.clusters]
    write_parts(returns[names], PUBLIC_RETURNS, folder / PUBLIC, ids)


def _publish_findings(project: Project, edition: Edition, framework: Framework) -> None:
    folder = project.processed(edition.edition)
    paths = [folder / GATHERED / "answers.parquet"]
    if edition.previous is not None:
        paths.append(folder / PREVIOUS / "answers.parquet")
    answers = read_table(paths, ANSWERS, columns=("cluster", "question", "consent"))
    found = read_table(folder / GATHERED / "findings.parquet", FINDINGS)
    told = publish_findings(found, framework, answers)
    write_parts(told, PUBLIC_FINDINGS, folder / PUBLIC, [c.id for c in edition.clusters])


def _make_totals(
    edition: Edition, framework: Framework, stack: Stack, *, before: Totals | None = None
) -> Totals:
    return Totals(edition, framework, stack, of=len(edition.clusters), before=before)


def _compute_all(totals: Totals) -> Iterator[Measure]:
    measures = [*totals.compute(), *compute_breakdowns(totals)]
    published = {measure.id: measure for measure in measures}
    yield from measures
    yield from compute_abatement(totals, published, table="TEC-T1", potential="CLU-10")
    yield from compute_funding(totals, published, table="FIN-T1", need="FIN-01")
    yield from compute_pipeline(totals, published, table="TEC-T1")


def _stack_clusters(project: Project, edition: Edition) -> None:
    """Turn tables of one cluster each into tables of all, sorted by what chapters ask for."""
    folder = project.processed(edition.edition) / GATHERED
    measures = list_parts(project, edition, "measures")
    built = {path.stem for path in measures}
    answers = [p for p in list_parts(project, edition, "answers") if p.stem in built]
    stack_tables(measures, MEASURES, folder / "measures.parquet", by="code")
    stack_tables(answers, ANSWERS, folder / "answers.parquet", by="question")
    findings = list_parts(project, edition, "findings")
    stack_tables(findings, FINDINGS, folder / "findings.parquet", by="code")


def read_stack(folder: Path) -> Stack:
    """Read what totals need of the measures and answers of all clusters."""
    return Stack(
        read_table(folder / "measures.parquet", MEASURES, columns=MEASURE_COLUMNS),
        read_table(folder / "answers.parquet", ANSWERS, columns=ANSWER_COLUMNS),
    )


def _read_queried(folder: Path, previous: str | None) -> set[str]:
    """The addresses of what is queried in the clusters' tables, of both editions."""
    queried: set[str] = set()
    for part, prefix in ((GATHERED, ""), (PREVIOUS, f"{previous}:")):
        paths = {name: folder / part / f"{name}.parquet" for name in ("measures", "answers")}
        if part == PREVIOUS and (previous is None or not paths["measures"].is_file()):
            continue
        frames = (
            read_table(paths[contract.name], contract, columns=("id", "flag"))
            for contract in (MEASURES, ANSWERS)
        )
        queried |= {prefix + found for found in _list_queried(*frames)}
    return queried


def _list_queried(*frames: pd.DataFrame) -> set[str]:
    return {i for frame in frames for i in frame.loc[frame["flag"] == QUERIED, "id"]}


def _gather_returns(project: Project, edition: Edition) -> pd.DataFrame:
    frame = read_table(list_parts(project, edition, "returns"), RETURNS)
    known = {record["cluster"]: record for record in list_records(frame)}
    failures = read_failures(project, edition.edition)
    records = [
        known.get(cluster.id)
        or {
            "edition": edition.edition,
            "cluster": cluster.id,
            "state": "failed",
            "reason": failures.get(cluster.id, "its notebooks have not run"),
            **dict.fromkeys(("asked", "answered", "errors", "warnings"), 0),
        }
        for cluster in edition.clusters
    ]
    return pd.DataFrame.from_records(records, columns=[c.name for c in RETURNS.columns])


def read_failures(project: Project, edition: str) -> dict[str, str]:
    """Clusters whose notebooks failed in this run, with the reason of the first failure."""
    path = project.processed(edition) / FAILURES
    if not path.is_file():
        return {}
    failures = json.loads(path.read_text(encoding="utf-8"))
    return {f["cluster"]: f["reason"] for f in reversed(failures) if f.get("cluster")}


def _read_before(project: Project, edition: Edition, framework: Framework) -> Totals | None:
    if edition.previous is None:
        return None
    folder = project.processed(edition.edition) / PREVIOUS
    if not (folder / "measures.parquet").is_file():
        raise EditionError(
            "the edition before this one has not been measured",
            where=f"data/editions/{edition.edition}.yaml, previous",
            do="run make report, which measures it first",
        )
    return _make_totals(read_edition(project, edition.previous), framework, read_stack(folder))


def _compare(totals: Totals) -> Iterator[Measure]:
    if totals.before is None:
        return
    for headline in totals.framework.headlines:
        unit = totals.unit_of(headline.unit)
        yield from compare_cohort(
            totals, totals.before, code=headline.code, name="value", unit=unit
        )
    yield from compute_moves(totals, totals.before)
