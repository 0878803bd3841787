"""Baselines reported otherwise than last time: old and new value side by side."""

from __future__ import annotations

from annual_report.exhibits.clusters import cut
from annual_report.exhibits.model import Cell, Exhibit, Grid, Table, TableColumn
from annual_report.exhibits.rows import note_first
from annual_report.exhibits.season import Season
from annual_report.exhibits.words import count_things, write_absence
from annual_report.measures.restatements import CODE
from annual_report.measures.totals import WITHHELD
from annual_report.numbers import Style, fit_decimals, label_unit

PREFIX = f"all.{CODE}."
_EXACT = Style(digits=6)


def show_restatements(season: Season) -> Exhibit:
    """List the baselines that changed since the edition before, or say that none did."""
    if season.edition.previous is None:
        return write_absence("There is no edition before this one to compare baselines with.")
    found = [
        m
        for key, m in season.measures_of().items()
        if key.startswith(PREFIX) and not key.endswith(".before")
    ]
    hidden = sum(m.text == WITHHELD for m in found)
    shown = [m.id for m in found if m.text != WITHHELD]
    if not found:
        return write_absence("No cluster changed a baseline since the edition before.")
    if not shown:
        return write_absence(
            f"{count_things(hidden, 'baseline')} changed, none of them for publication."
        )
    listed = cut(shown)
    return Table(
        id="restatements",
        title=f"{count_things(len(found), 'baseline')} changed since the edition before",
        source="Baselines of this edition's returns and of those before. Progress is measured "
        "from the new ones." + (f" {hidden} more not for publication." if hidden else ""),
        grid=Grid(
            columns=(
                TableColumn(name="cluster", label="Cluster", width=1.6),
                TableColumn(name="question", label="Baseline of", width=3),
                TableColumn(name="unit", label="Unit", width=1.2),
                TableColumn(name="before", label="Before", align="right"),
                TableColumn(name="now", label="Now", align="right"),
            ),
            rows=tuple(_show_row(season, key) for key in listed),
        ),
        notes=note_first(
            len(listed), len(shown), "baselines", where="in the table Totals of the data annex"
        ),
    )


def _show_row(season: Season, key: str) -> tuple[Cell, ...]:
    cluster, code = key.removeprefix(PREFIX).split(".")
    question = season.framework.questions[code]
    indicator = next((i for i in season.framework.indicators if code in i.questions), None)
    found = season.find(key)
    values = [season.value(f"{key}.before"), season.value(key)]
    style = fit_decimals(_EXACT, *(value for value in values if value is not None))
    return (
        season.name_of(cluster),
        f"{code} {indicator.name.partition(',')[0] if indicator else question.text}",
        label_unit(found.unit) if found and found.unit else "",
        season.number(f"{key}.before", style),
        season.number(key, style),
    )
