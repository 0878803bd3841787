"""The indicators of one cluster: value, share of the way, verdict, and where each comes from."""

from __future__ import annotations

from annual_report.edition import read_edition
from annual_report.exhibits.model import Cell, Grid, Number, Table, TableColumn
from annual_report.exhibits.queried import SIGN
from annual_report.exhibits.season import Measured, Season
from annual_report.exhibits.typesetting import typeset
from annual_report.exhibits.words import count_things
from annual_report.framework import Indicator, read_framework
from annual_report.measures.cluster import measure_cluster
from annual_report.numbers import (
    PERCENT,
    Style,
    choose_style,
    fit_decimals,
    label_unit,
    write_numbers_in,
)
from annual_report.project import find_project
from annual_report.season.symbols import VERDICT_SYMBOLS, name_questions

_COLUMNS = (
    TableColumn(name="indicator", label="Indicator", width=3.9),
    TableColumn(name="pillar", label="Pillar", width=1.3),
    TableColumn(name="value", label="Value", align="right", width=0.8),
    TableColumn(name="unit", label="Unit", width=1.5),
    TableColumn(name="share", label="Progress", unit="%", align="right", width=1),
    TableColumn(name="verdict", label="Verdict", width=1.6),
    TableColumn(name="questions", label="From", width=1.3),
)
_SHARE = Style("%", 0.01, decimals=0)


def measure_progress(edition: str | int, cluster: str) -> Season:
    """Compute and keep the measures of one cluster; give the season as far as it is known.

    Raises
    ------
    TableError
        If the cluster's return has not been read yet.
    """
    project = find_project()
    found = read_edition(project, edition)
    write_numbers_in(found.locale)
    measure_cluster(project, found.edition, cluster)
    return Season(project, found, typeset(read_framework(project)), cluster)


def show_indicators(season: Season, cluster: str, pillar: str | None = None) -> Table:
    """List the indicators of a cluster, those of one pillar only if it is given."""
    pillars = [p for p in season.framework.pillars if pillar in (None, p.code)]
    indicators = [i for p in pillars for i in season.framework.indicators_of(p.code)]
    rows = [_list_cells(season, cluster, indicator) for indicator in indicators]
    known = sum(_has_value(season, cluster, i) for i in indicators)
    return Table(
        id=f"{cluster}-indicators" + (f"-{pillar}" if pillar else ""),
        title=f"{known} of {count_things(len(indicators), 'indicator')} can be computed",
        source=(
            "Survey, questions as named. Progress: from baseline to target, or from worst to best, "
            "not cut at 100. Verdicts: linear method."
        ),
        pillar=pillar,
        grid=Grid(columns=_COLUMNS, rows=tuple(rows)),
    )


def style_indicator(indicator: Indicator, found: Measured | None) -> Style:
    """How the value of an indicator is shown: in its own unit, so that a column reads."""
    if indicator.unit == "ratio":
        return Style("to 1", digits=3)
    if indicator.unit == "percent":
        return PERCENT
    if indicator.unit == "tCO2e/y" and found is not None and found.number is not None:
        return choose_style(found.number, indicator.unit)
    style = Style(label_unit(indicator.unit), digits=3)
    if found is None or found.number is None:
        return style
    return fit_decimals(style, found.number)


def _has_value(season: Season, cluster: str, indicator: Indicator) -> bool:
    found = season.find(f"{cluster}.{indicator.code}.value")
    return found is not None and found.is_known


def _list_cells(season: Season, cluster: str, indicator: Indicator) -> tuple[Cell, ...]:
    stem = f"{cluster}.{indicator.code}"
    style = style_indicator(indicator, season.find(f"{stem}.value"))
    share: Cell = season.number(f"{stem}.share", _SHARE) if indicator.scored else "context"
    has_verdict = season.find(f"{stem}.verdict") is not None
    pillar = next(p for p in season.framework.pillars if p.code == indicator.pillar)
    return (
        indicator.name,
        pillar.title,
        season.number(f"{stem}.value", style),
        style.unit,
        share,
        print_verdict(season, cluster, indicator.code) if has_verdict else "",
        name_questions(indicator.questions),
    )


def print_verdict(season: Season, cluster: str, indicator: str) -> Number:
    """A verdict with its symbol in front; a mark where there is none to print."""
    number = season.number(f"{cluster}.{indicator}.verdict")
    if number.mark or not number.text:
        return number
    symbol = VERDICT_SYMBOLS.get(number.text.removesuffix(SIGN), "")
    return number.model_copy(update={"text": f"{symbol} {number.text}".strip()})
