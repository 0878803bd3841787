"""One cluster's part in an edition: its return found, read, corrected, checked and kept."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from annual_report.edition import Edition, read_edition
from annual_report.framework.model import Framework
from annual_report.framework.reading import read_framework
from annual_report.project import Project
from annual_report.rates import RATES_FILE, Rates, read_rates
from annual_report.survey.checking.currency_queries import join_currency_queries
from annual_report.survey.checking.rules import check_rules, find_year
from annual_report.survey.checking.size_queries import query_sizes
from annual_report.survey.collecting.corrections import (
    Correction,
    apply_corrections,
    select_corrections,
)
from annual_report.survey.collecting.filing import Filing, find_returns
from annual_report.survey.collecting.labels import Label
from annual_report.survey.form.layout import list_codes_of
from annual_report.survey.reading.habits import resettle_numbers
from annual_report.survey.reading.returns import (
    WHOSE,
    Return,
    order_findings,
    printable,
    read_return,
)
from annual_report.survey.receiving.kept import keep_readings
from annual_report.survey.receiving.reading_process import ReadingProcess
from annual_report.tables import ANSWERS, FINDINGS, RETURNS, write_table

_START = "STA"


@dataclass(frozen=True)
class Ingested:
    """What one register entry sent, ready to be written: tables of the three contracts."""

    cluster: str
    edition: str
    state: str
    reason: str | None
    answers: pd.DataFrame
    findings: pd.DataFrame
    returns: pd.DataFrame


def ingest_return(
    project: Project,
    edition_name: str,
    cluster_id: str,
    *,
    filing: Filing | None = None,
    process: ReadingProcess | None = None,
) -> Ingested:
    """Read one cluster's return, apply its corrections and check it across its cells.

    Parameters
    ----------
    filing
        Which file is whose, where that is known already.

    Raises
    ------
    EditionError, FrameworkError
        If the edition or the framework is wrong, or the cluster is not on the register.
    CorrectionError
        If a correction no longer fits the return.
    """
    edition, framework = read_edition(project, edition_name), read_framework(project)
    edition.cluster(cluster_id)
    process = process or keep_readings(project)
    filing = filing or find_returns(project, edition_name, cluster_id, process=process)
    one = read_cluster(project, edition, framework, cluster_id, filing=filing, process=process)
    return _tabulate(one, framework, cluster_id)


def read_cluster(
    project: Project,
    edition: Edition,
    framework: Framework,
    cluster_id: str,
    *,
    filing: Filing,
    process: ReadingProcess | None = None,
) -> Return:
    """Read the return that counts for a cluster; state `silent` where there is none."""
    where = project.corrections(edition.edition)
    mine = select_corrections(where, cluster_id, [c.id for c in edition.clusters])
    label = filing.chosen.get(cluster_id)
    asides = filing.asides.get(cluster_id, ())
    if label is None:
        silent = Return(cluster_id, "silent", None, edition.edition, "", "", None, (), asides)
        return _with_corrections(silent, mine, framework, where.name)
    one = _read_label(project, edition, framework, label, cluster_id, process)
    one = weigh_numbers(project, edition, framework, one, process=process)
    one = _with_corrections(one, mine, framework, where.name)
    one = check_return(project, edition, framework, one, process=process)
    return replace(one, faults=(*asides, *one.faults))


def weigh_numbers(
    project: Project,
    edition: Edition,
    framework: Framework,
    one: Return,
    *,
    process: ReadingProcess | None = None,
) -> Return:
    """Hold the numbers that two habits read differently against last edition's, if there are any."""
    if one.cluster is None or not any(answer.readings for answer in one.items):
        return one
    earlier = _read_previous(project, edition, framework, one.cluster, process)
    if earlier is None:
        return one
    items, faults = resettle_numbers(one.items, one.faults, one.evidence, earlier.items)
    return replace(one, items=items, faults=order_findings(faults, framework))


def check_return(
    project: Project,
    edition: Edition,
    framework: Framework,
    one: Return,
    *,
    process: ReadingProcess | None = None,
) -> Return:
    """Check a return across its cells and against last edition's; its findings grow."""
    if one.state != "answered":
        return one
    earlier = None
    if one.cluster is not None:
        earlier = _read_previous(project, edition, framework, one.cluster, process)
    is_there = (project.reference / RATES_FILE).is_file()
    rates = read_rates(project.reference) if is_there else None
    if earlier is not None:
        earlier = _query_sizes(earlier, framework, rates=rates, year=None)
    one = _query_sizes(one, framework, rates=rates, year=edition.year, previous=earlier)
    found = check_rules(framework, edition, one.items, previous=earlier, rates=rates)
    faults = join_currency_queries((*one.faults, *found))
    return replace(one, faults=order_findings(faults, framework))


def _query_sizes(
    one: Return,
    framework: Framework,
    *,
    rates: Rates | None,
    year: int | None,
    previous: Return | None = None,
) -> Return:
    """Mark what is hard to believe; what was so last year proves nothing about this year."""
    before = previous.items if previous is not None else ()
    items, faults = query_sizes(
        one.items,
        one.faults,
        framework,
        previous=before,
        rates=rates,
        year=find_year(one.items) or year,
        previous_year=find_year(before),
    )
    return replace(one, items=items, faults=faults)


def _read_label(
    project: Project,
    edition: Edition,
    framework: Framework,
    label: Label,
    cluster_id: str,
    process: ReadingProcess | None,
) -> Return:
    path = project.raw(edition.edition) / label.workbook
    one = read_return(
        path, framework=framework, edition=edition, cluster_hint=cluster_id, process=process
    )
    if label.cluster == cluster_id:
        return one
    # somebody else has said whose it is: the author of the report, or the name of the file
    faults = tuple(fault for fault in one.faults if fault.code not in WHOSE)
    return replace(one, cluster=cluster_id, faults=faults)


def _with_corrections(
    one: Return, mine: list[Correction], framework: Framework, where: str
) -> Return:
    if not mine:
        return one
    items, faults = apply_corrections(one.items, one.faults, mine, framework=framework, where=where)
    return replace(one, items=items, faults=order_findings(faults, framework))


def _read_previous(
    project: Project,
    edition: Edition,
    framework: Framework,
    cluster_id: str,
    process: ReadingProcess | None,
) -> Return | None:
    """Last edition's return of the cluster, corrected but not checked again."""
    if edition.previous is None:
        return None
    before = read_edition(project, edition.previous)
    if cluster_id not in {cluster.id for cluster in before.clusters}:
        return None
    filing = find_returns(project, before.edition, cluster_id, process=process)
    label = filing.chosen.get(cluster_id)
    if label is None or label.state != "answered":
        return None
    one = _read_label(project, before, framework, label, cluster_id, process)
    where = project.corrections(before.edition)
    mine = select_corrections(where, cluster_id, [c.id for c in before.clusters])
    return _with_corrections(one, mine, framework, where.name)


def _tabulate(one: Return, framework: Framework, cluster_id: str) -> Ingested:
    one = replace(one, cluster=cluster_id)
    asked, answered = count_answers(framework, one)
    severities = [fault.severity for fault in one.faults]
    row = {
        "edition": one.edition,
        "cluster": cluster_id,
        "state": one.state,
        "reason": one.reason,
        "workbook": printable(one.workbook) or None,
        "sha256": one.sha256 or None,
        "signed": one.signed,
        "asked": asked,
        "answered": answered,
        "errors": severities.count("error"),
        "warnings": severities.count("warning"),
    }
    frame = pd.DataFrame([row], columns=[c.name for c in RETURNS.columns]).astype(object)
    return Ingested(
        cluster_id, one.edition, one.state, one.reason, one.answers, one.findings, frame
    )


def count_answers(framework: Framework, one: Return) -> tuple[int, int]:
    """Count questions and tables asked and answered, those of the start sheet left out."""
    sections = [section for section in framework.sections if section.code != _START]
    codes = [code for s in sections for code in list_codes_of(s)]
    given = {
        answer.question
        for answer in one.items
        if answer.meaning.status in ("reported", "corrected", "not applicable")
        and (answer.row or answer.field == "value")
    }
    return len(codes), sum(code in given for code in codes)


def write_ingested(project: Project, ingested: Ingested) -> None:
    """Write one cluster's answers, findings and the row of its return."""
    folder = project.processed(ingested.edition)
    for contract, frame in (
        (ANSWERS, ingested.answers),
        (FINDINGS, ingested.findings),
        (RETURNS, ingested.returns),
    ):
        write_table(frame, contract, folder / contract.name / f"{ingested.cluster}.parquet")
