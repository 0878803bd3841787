"""What figures do not tell: a cluster's cases, and the words its people agreed to."""

from __future__ import annotations

from annual_report.exhibits.model import Case, Cases, Heading, Quote, Quotes
from annual_report.exhibits.rows import ListedRow, list_rows_of
from annual_report.exhibits.season import Season

CASES, QUOTES = "HIG-T1", "HIG-T2"


def show_heading(season: Season, cluster: str) -> Heading | None:
    """The heading above cases and quotes; None where there are neither."""
    if show_cases(season, cluster) is None and show_quotes(season, cluster) is None:
        return None
    return Heading(level=2, text="From problem to result", id=f"{cluster}-highlights")


def show_cases(season: Season, cluster: str) -> Cases | None:
    """Tell each case as problem, action, result and evidence; None without any."""
    cases = [_read_case(row) for row in list_rows_of(season, cluster, CASES).rows]
    return Cases(cases=tuple(cases)) if cases else None


def _read_case(row: ListedRow) -> Case:
    return Case(
        pillar=row.text("pillar") or "other",
        title=row.text("title"),
        problem=row.text("problem"),
        action=row.text("action"),
        result=row.text("result"),
        evidence=row.text("evidence"),
        id=f"{row.cluster}.{row.table}.{row.row}.title",
        source=f"Survey, {row.table}, row {row.row}",
    )


def show_quotes(season: Season, cluster: str) -> Quotes | None:
    """Print the quotes that were approved and may be published; None without any."""
    rows = [row for row in list_rows_of(season, cluster, QUOTES).rows if is_approved(row)]
    quotes = tuple(
        Quote(
            text=row.text("text"),
            role=f"{row.text('role')}; approved for publication",
            id=f"{row.cluster}.{row.table}.{row.row}.text",
        )
        for row in rows
    )
    return Quotes(quotes=quotes) if quotes else None


def is_approved(row: ListedRow) -> bool:
    """Whether the speaker agreed to these words, and the cluster to show that."""
    approved = row.numbers.get("approved")
    return approved is not None and approved.number == 1 and bool(row.text("role"))
