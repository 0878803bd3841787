"""What the data are worth: who answered, what was found in the returns, what was changed."""

from __future__ import annotations

from typing import Any

from annual_report.exhibits.clusters import LISTED, cut
from annual_report.exhibits.model import Cell, Grid, Prose, Table, TableColumn
from annual_report.exhibits.season import Season
from annual_report.exhibits.words import (
    compose,
    count_things,
    write_lead,
)
from annual_report.numbers import COUNT
from annual_report.season.symbols import RETURN_STATES as STATES
from annual_report.tables import list_records


def show_lead(season: Season) -> Prose:
    """Say how many clusters answered and why the others did not."""
    clusters = season.value("all.register.clusters") or 0
    sentences = [
        compose(
            "There is a return that could be read for {} of {}.",
            season.number("all.register.returns.answered", COUNT),
            count_things(clusters, "cluster"),
        )
    ]
    for state, words, one in (
        ("silent", "have none", "has none"),
        ("unreadable", "sent a file that could not be read", ""),
        ("failed", "could not be processed", ""),
    ):
        number = season.number(f"all.register.returns.{state}", COUNT)
        if number.value:
            verb = one if one and number.value == 1 else words
            sentences.append(compose(f"{{}} {verb}.", number))
    return write_lead(*sentences)


def show_response(season: Season) -> Table:
    """List every register entry with what became of its return.

    Of more than a page has rows, those with most to settle.
    """
    names = {c.id: c.name for c in season.edition.clusters}
    records = sorted(list_records(season.returns), key=lambda r: names[r["cluster"]].casefold())
    count = len(records)
    if count > LISTED:
        records = list(cut(sorted(records, key=_measure_trouble)))
    rows: list[tuple[Cell, ...]] = [
        (
            names[r["cluster"]],
            STATES[r["state"]] + (f": {r['reason']}" if r["reason"] else ""),
            f"{r['answered']} of {r['asked']}" if r["state"] == "answered" else "",
            season.count(r["errors"]),
            season.count(r["warnings"]),
        )
        for r in records
    ]
    return Table(
        id="response",
        title="What became of each return",
        source="Returns as received; errors and warnings are findings, listed by kind below.",
        n=len(season.answered),
        of=count,
        notes=_note_shown(len(rows), count),
        grid=Grid(
            columns=(
                TableColumn(name="cluster", label="Cluster", width=2.6),
                TableColumn(name="state", label="Return", width=1.8),
                TableColumn(name="answered", label="Questions answered", align="right"),
                TableColumn(name="errors", label="Errors", align="right", width=0.7),
                TableColumn(name="warnings", label="Warnings", align="right", width=0.8),
            ),
            rows=tuple(rows),
        ),
    )


def _note_shown(shown: int, count: int) -> tuple[str, ...]:
    if shown == count:
        return ()
    words = (
        f"Shown: the {shown} of {count_things(count, 'cluster')} with most to settle: files that "
        "could not be read first, then errors and warnings, then those without a return. All are "
        "in the table Returns of the data annex."
    )
    return (words,)


def _measure_trouble(record: dict[str, Any]) -> tuple[bool, int, int, bool]:
    """The gravest first; what is equal stays in the order of names."""
    is_broken = record["state"] in ("unreadable", "failed")
    is_silent = record["state"] == "silent"
    return not is_broken, -record["errors"], -record["warnings"], not is_silent
