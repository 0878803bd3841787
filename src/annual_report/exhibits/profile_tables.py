"""What a cluster listed row by row: its projects, and the money behind them."""

from __future__ import annotations

from collections.abc import Sequence

from annual_report.exhibits.amounts import choose_common_style, print_amount
from annual_report.exhibits.exchange import label_rate, print_rate
from annual_report.exhibits.grids import drop_empty_columns
from annual_report.exhibits.model import Cell, Number, Table, TableColumn
from annual_report.exhibits.profile import has_answered
from annual_report.exhibits.queried import reword
from annual_report.exhibits.rows import (
    ListedRow,
    Reported,
    label_choice,
    list_rows_of,
    print_reported,
)
from annual_report.exhibits.season import Season
from annual_report.exhibits.words import count_things
from annual_report.measures.finance import PAST_FID
from annual_report.measures.technology import OPERATIONAL
from annual_report.numbers import Style, format_year

PROJECTS, FUNDING = "TEC-T1", "FIN-T1"
NOT_NAMED = "not named"


SHORT_LEVERS = {
    "efficiency": "Efficiency",
    "electrification": "Electrification",
    "hydrogen": "Hydrogen",
    "ccus": "Carbon capture",
}


def show_projects(season: Season, cluster: str) -> Table | None:
    """List the cluster's projects with what they are to save and cost; None without any."""
    listing = list_rows_of(season, cluster, PROJECTS)
    if not has_answered(season, cluster) or not listing.rows:
        return None
    rows = listing.rows
    saving = choose_common_style(
        season, [r.address(f"{a}_abatement") for r in rows for a in ("expected", "delivered")]
    )
    cost = choose_common_style(season, [r.address("capex") for r in rows])
    columns = (
        TableColumn(name="project", label="Project", width=2.4),
        TableColumn(name="lever", label="Lever", width=1.35),
        TableColumn(name="stage", label="Stage", width=2.5),
        TableColumn(name="expected", label="Expected", unit=saving.unit, align="right"),
        TableColumn(name="delivered", label="Delivered", unit=saving.unit, align="right"),
        TableColumn(name="cost", label="Cost", unit=cost.unit, align="right", width=0.8),
        TableColumn(name="decided", label="Decided", align="right", width=0.8),
        TableColumn(name="start", label="Start", align="right", width=0.55),
    )
    return Table(
        id=f"{cluster}-projects",
        title=_title_projects(rows),
        source=f"Survey, table {PROJECTS}; costs converted at the average rate of "
        f"{season.edition.currency_year}.",
        notes=tuple(filter(None, [listing.note])),
        pillar="technology",
        grid=drop_empty_columns(columns, [_list_project(season, r, saving, cost) for r in rows]),
    )


def _title_projects(rows: Sequence[ListedRow]) -> str:
    staged = [row.text("stage") for row in rows if row.text("stage")]
    if not staged:
        return f"{count_things(len(rows), 'project')} listed, without a stage"
    past = sum(stage in PAST_FID for stage in staged)
    return f"{past} of {count_things(len(staged), 'project')} past the investment decision"


def _list_project(season: Season, row: ListedRow, saving: Style, cost: Style) -> tuple[Cell, ...]:
    return (
        row.text("name") or NOT_NAMED,
        _label_lever(season, row.text("lever")),
        _label(season, "stages", row.text("stage")),
        print_amount(season, row.address("expected_abatement"), saving),
        _print_delivered(season, row, saving),
        print_amount(season, row.address("capex"), cost),
        _print_year(row.numbers.get("fid_year")),
        _print_year(row.numbers.get("start_year")),
    )


def _print_delivered(season: Season, row: ListedRow, saving: Style) -> Cell:
    """What a project saves today; a blank where it does not run yet."""
    number = print_amount(season, row.address("delivered_abatement"), saving)
    return "" if number.mark == "missing" and row.text("stage") != OPERATIONAL else number


def show_funding(season: Season, cluster: str) -> Table | None:
    """List the cluster's money as reported and as converted, with the rate; None without any."""
    listing = list_rows_of(season, cluster, FUNDING)
    if not has_answered(season, cluster) or not listing.rows:
        return None
    rows = listing.rows
    style = choose_common_style(season, [r.address("amount") for r in rows])
    columns = (
        TableColumn(name="source", label="Source", width=2.5),
        TableColumn(name="sector", label="Side", width=0.75),
        TableColumn(name="instrument", label="Instrument", width=1.8),
        TableColumn(name="status", label="Status", width=1.1),
        TableColumn(
            name="reported", label="As reported", unit="millions", align="right", width=1.15
        ),
        TableColumn(name="currency", label="", width=0.5),
        TableColumn(name="rate", label="Rate", unit=label_rate(season), align="right"),
        TableColumn(name="year", label="Year", align="right", width=0.6),
        TableColumn(name="amount", label="Converted", unit=style.unit, align="right"),
    )
    return Table(
        id=f"{cluster}-funding",
        title=f"{count_things(len(rows), 'row')} of funding, as reported and converted",
        source=f"Survey, table {FUNDING}; annual average rates, listed in the data annex.",
        notes=tuple(filter(None, [listing.note])),
        pillar="finance",
        grid=drop_empty_columns(columns, [_list_money(season, r, style) for r in rows]),
    )


def _list_money(season: Season, row: ListedRow, style: Style) -> tuple[Cell, ...]:
    reported = row.numbers.get("amount")
    found = season.find(row.address("amount"))
    year = found.year if found else None
    return (
        row.text("source") or NOT_NAMED,
        _label(season, "money_sides", row.text("sector")),
        _label(season, "finance_instruments", row.text("instrument")),
        _label(season, "funding_statuses", row.text("status")),
        _print_millions(season, reported) if reported else season.number(row.address("amount")),
        reported.unit if reported else "",
        _print_rate(season, reported, year),
        format_year(year) if year else "",
        print_amount(season, row.address("amount"), style),
    )


def _print_millions(season: Season, reported: Reported) -> Number:
    text = season.print_number(reported.number, Style(scale=1e6, digits=4))
    return reword(print_reported(season, reported), text)


def _print_rate(season: Season, reported: Reported | None, year: int | None) -> Cell:
    if reported is None or year is None or reported.unit == season.edition.currency:
        return ""
    return print_rate(season, reported.unit, year)


def _label_lever(season: Season, code: str) -> str:
    return SHORT_LEVERS.get(code) or _label(season, "levers", code)


def _label(season: Season, choices: str, code: str) -> str:
    return label_choice(season, choices, code) if code else ""


def _print_year(reported: Reported | None) -> Number:
    if reported is None:
        return Number(text="", mark="missing", source="not answered")
    text = format_year(int(reported.number))
    return Number(text=text, value=reported.number, id=reported.id, source=reported.place)
