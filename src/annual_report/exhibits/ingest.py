"""What a notebook shows of a return that it has just read: its answers and what was found."""

from __future__ import annotations

from collections import Counter

from annual_report.edition import read_edition
from annual_report.exhibits.model import Grid, Number, Prose, Table, TableColumn
from annual_report.exhibits.words import compose, count_things, write_absence, write_text
from annual_report.numbers import format_count, write_numbers_in
from annual_report.project import find_project
from annual_report.survey.season import Ingested, ingest_return, write_ingested
from annual_report.tables import SEVERITIES, STATUSES, list_records


def ingest_cluster(edition: str | int, cluster: str) -> Ingested:
    """Read, correct and check one cluster's return, and leave its tables where the next step looks.

    Raises
    ------
    EditionError
        If there is no such edition, or the cluster is not on its register.
    CorrectionError
        If a correction no longer fits the return.
    """
    project = find_project()
    found = read_edition(project, edition)
    write_numbers_in(found.locale)
    ingested = ingest_return(project, found.edition, cluster)
    write_ingested(project, ingested)
    return ingested


def show_state(ingested: Ingested) -> Prose:
    """Say whether a return came, from which file, and how much of it is answered."""
    row = list_records(ingested.returns)[0]
    if ingested.state != "answered":
        return write_absence(ingested.reason or "No return came in.")
    number = Number(text=format_count(row["answered"]), value=float(row["answered"]))
    asked = count_things(row["asked"], "question")
    return write_text(compose("{} of {} are answered in {}.", number, asked, row["workbook"]))


def show_answers(ingested: Ingested) -> Table | Prose:
    """Count the cells by sheet and by what became of them."""
    answers = ingested.answers
    if answers.empty:
        return write_absence("There are no answers to show.")
    counts = Counter(zip(answers["sheet"], answers["status"], strict=True))
    sheets = list(dict.fromkeys(answers["sheet"]))
    columns = [TableColumn(name="sheet", label="Sheet", width=2)]
    columns += [TableColumn(name=s.replace(" ", "_"), label=s, align="right") for s in STATUSES]
    rows = [[sheet, *(_count(counts[sheet, status]) for status in STATUSES)] for sheet in sheets]
    total = Counter(answers["status"])
    rows.append(["All sheets", *(_count(total[status]) for status in STATUSES)])
    return Table(
        id=f"{ingested.cluster}-cells",
        title="What became of each cell",
        unit="cells",
        source="The return, as read and corrected.",
        grid=Grid(columns=tuple(columns), rows=tuple(map(tuple, rows)), total_rows=1),
    )


def show_findings(ingested: Ingested) -> Table | Prose:
    """List what was found in the return, the gravest first."""
    found = list_records(ingested.findings)
    if not found:
        return write_absence("Nothing in this return raised a question.")
    found.sort(key=lambda record: SEVERITIES.index(record["severity"]))
    columns = (
        TableColumn(name="severity", label="How grave"),
        TableColumn(name="place", label="Where", width=1.4),
        TableColumn(name="message", label="What was found", width=4),
        TableColumn(name="action", label="What to do", width=3),
    )
    rows = tuple((f["severity"], _place(f), f["message"], f["action"]) for f in found)
    return Table(
        id=f"{ingested.cluster}-findings",
        title=f"{count_things(len(found), 'finding')} in this return",
        source="The checks of data/framework/checks.yaml and of the reader.",
        grid=Grid(columns=columns, rows=rows),
    )


def _count(number: int) -> Number:
    return Number(text=format_count(number), value=float(number))


def _place(finding: dict[str, str | None]) -> str:
    cell = " › ".join(part for part in (finding["sheet"], finding["cell"]) if part)
    return cell or finding["question"] or "whole return"
