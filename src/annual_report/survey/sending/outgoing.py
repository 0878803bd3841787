"""Write the workbooks that go out, prefilled with what the last edition said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from annual_report.edition import read_edition
from annual_report.framework.reading import read_framework
from annual_report.project import Project
from annual_report.survey.collecting.cluster import read_cluster
from annual_report.survey.collecting.filing import identify_returns
from annual_report.survey.reading.answer import Answer
from annual_report.survey.sending.prefill import TAKEN_OVER, Earlier
from annual_report.survey.sending.workbook import write_workbook


def write_surveys(
    project: Project, edition_name: str, *, cluster: str | None = None
) -> Iterator[Path]:
    """Write the workbook of each cluster of a register, or of one; give their paths.

    They go to ``reports/<edition>/surveys/<cluster>.xlsx``.

    Raises
    ------
    EditionError, FrameworkError
        If the edition, its register or the framework is wrong, or there is no such cluster.
    """
    edition, framework = read_edition(project, edition_name), read_framework(project)
    chosen = edition.clusters if cluster is None else (edition.cluster(cluster),)
    for one in chosen:
        path = project.reports(edition_name) / "surveys" / f"{one.id}.xlsx"
        previous = read_previous_answers(project, edition.previous, one.id)
        write_workbook(path, framework=framework, edition=edition, cluster=one, previous=previous)
        yield path


def read_previous_answers(
    project: Project, edition_name: str | None, cluster_id: str
) -> dict[str, Earlier]:
    """Read what a cluster said in an edition, by the keys of the workbook; nothing if silent."""
    if edition_name is None:
        return {}
    edition, framework = read_edition(project, edition_name), read_framework(project)
    if cluster_id not in {one.id for one in edition.clusters}:
        return {}
    filing = identify_returns(project, edition_name)
    one = read_cluster(project, edition, framework, cluster_id, filing=filing)
    return recall_answers(one.items)


def recall_answers(items: Iterable[Answer]) -> dict[str, Earlier]:
    """Keep of a return's answers to single questions what the next workbook takes over."""
    return {
        f"{answer.question}.{answer.field}": Earlier(
            _to_value(answer), answer.unit, answer.currency
        )
        for answer in items
        if not answer.row
        and answer.field in TAKEN_OVER
        and answer.meaning.status in ("reported", "corrected")
    }


def _to_value(answer: Answer) -> object:
    number, text = answer.meaning.number, answer.meaning.text
    if answer.kind == "yes_no":
        return text == "yes"
    if number is None:
        return text
    return int(number) if number == int(number) else number
