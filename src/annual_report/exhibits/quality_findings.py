"""What was found in the returns, what was changed, and what could not be used."""

from __future__ import annotations

from annual_report.exhibits.clusters import cut
from annual_report.exhibits.model import Cell, Grid, Number, Prose, Table, TableColumn
from annual_report.exhibits.profile_gaps import title_finding
from annual_report.exhibits.rows import note_first
from annual_report.exhibits.season import Season
from annual_report.exhibits.words import count_things, lower_first, name_field, write_absence
from annual_report.measures.consent import name_place
from annual_report.measures.quantities import METHOD
from annual_report.measures.totals import WITHHELD
from annual_report.survey.findings import KINDS
from annual_report.tables import SEVERITIES, list_records

_GRAVITY = (
    "Error: the answer cannot be used or contradicts another. Warning: to be confirmed. Note: how "
    "an answer was understood."
)


def show_findings(season: Season) -> Table | Prose:
    """Count the findings by kind: how grave, how many, in how many returns, what helps."""
    found = list_records(season.findings)
    if not found:
        return write_absence("Nothing in any return raised a question.")
    kinds = {(f["code"], f["severity"]) for f in found}
    order = sorted(
        kinds,
        key=lambda kind: (
            SEVERITIES.index(kind[1]),
            -sum(f["code"] == kind[0] and f["severity"] == kind[1] for f in found),
            kind[0],
        ),
    )
    rows = []
    for code, severity in order:
        mine = [f for f in found if (f["code"], f["severity"]) == (code, severity)]
        rows.append(
            (
                severity,
                title_finding(season, code),
                season.count(len(mine)),
                season.count(len({f["cluster"] for f in mine})),
                _find_action(season, code),
            )
        )
    grave = sum(f["severity"] == "error" for f in found)
    return Table(
        id="findings",
        title=f"{count_things(len(found), 'finding', locale=season.edition.locale)}, "
        f"{count_things(grave, 'error', locale=season.edition.locale)} among them",
        source="Checks of the reader and of the framework, each return by itself.",
        notes=(_GRAVITY,),
        grid=Grid(
            columns=(
                TableColumn(name="severity", label="Kind", width=0.8),
                TableColumn(name="finding", label="Finding", width=3),
                TableColumn(name="count", label="Times", align="right", width=0.6),
                TableColumn(name="returns", label="Returns", align="right", width=0.7),
                TableColumn(name="action", label="What helps", width=3.4),
            ),
            rows=tuple(rows),
        ),
    )


def _find_action(season: Season, code: str) -> str:
    if code in KINDS:
        return KINDS[code].action.replace("{expected}", "what the survey offers")
    return next((c.action for c in season.framework.checks if c.code == code), "")


def show_corrections(season: Season) -> Table | Prose:
    """List every answer that was corrected or confirmed: from what, to what, why, by whom."""
    places = {cluster.id: place for place, cluster in enumerate(season.answered)}
    found = season.answers_where("status", "corrected")
    mine = (
        record
        for record in found
        if record["cluster"] in places and record["consent"] != "do not use"
    )
    records = sorted(mine, key=lambda record: places[record["cluster"]])
    file = f"data/corrections/{season.edition.edition}.yaml"
    if not records:
        return write_absence("No answer was corrected.")
    rows: list[tuple[Cell, ...]] = []
    for record in cut(records):
        is_public = record["consent"] == "publish"
        rows.append(
            (
                season.name_of(record["cluster"]),
                name_field(record["question"], record["row"], record["field"]),
                (record["reported"] or "nothing") if is_public else "for totals only",
                _print_new(season, record) if is_public else Number(text="", mark="withheld"),
                record["note"] or "",
            )
        )
    return Table(
        id="corrections",
        title=f"{count_things(len(records), 'answer')} corrected or confirmed",
        source=f"{file}; the workbooks stay as received.",
        notes=note_first(len(rows), len(records), "corrections", where=f"in {file}"),
        grid=Grid(
            columns=(
                TableColumn(name="cluster", label="Cluster", width=1.6),
                TableColumn(name="answer", label="Answer", width=1.3),
                TableColumn(name="reported", label="As reported", width=1.1),
                TableColumn(name="used", label="As used", align="right", width=1.1),
                TableColumn(name="why", label="Why, who and when", width=3.6),
            ),
            rows=tuple(rows),
        ),
    )


def _print_new(season: Season, record: dict[str, object]) -> Number:
    number = record["number"]
    shown = season.print_in_full(number) if isinstance(number, float) else str(record["text"])
    return Number(
        text=shown,
        value=number if isinstance(number, float) else None,
        id=str(record["id"]),
        source=name_place(record),
    )


def show_unconverted(season: Season) -> Table | Prose:
    """List the amounts that could not be converted, and why; their sizes are not printed."""
    places = {cluster.id: place for place, cluster in enumerate(season.answered)}
    found = [
        m
        for m in season.measures_where("method", METHOD)
        if m.number is None and m.is_public and m.cluster in places
    ]
    found.sort(key=lambda m: places[m.cluster])
    rows: list[tuple[Cell, ...]] = [
        (season.name_of(m.cluster), f"{m.code}.{m.measure.removesuffix('.standard')}", m.text or "")
        for m in cut(found)
    ]
    if not rows:
        return write_absence("Every amount and every quantity could be converted.")
    return Table(
        id="unconverted",
        title=f"{count_things(len(found), 'answer')} could not be converted",
        source="Annual average rates of data/reference; no neighbour year's rate is used.",
        notes=note_first(
            len(rows), len(found), "answers", where="in the table Measures of the data annex"
        ),
        grid=Grid(
            columns=(
                TableColumn(name="cluster", label="Cluster", width=1.6),
                TableColumn(name="answer", label="Answer", width=1.4),
                TableColumn(name="why", label="Why", width=3),
            ),
            rows=tuple(rows),
        ),
    )


def show_withheld(season: Season) -> Table | Prose:
    """Count what is withheld in each group of totals, and the answers that are not shown alone."""
    groups: dict[str, list[bool]] = {}
    for measured in season.measures_of().values():
        is_withheld = measured.text == WITHHELD
        groups.setdefault(_name_group(season, measured.code), []).append(is_withheld)
    rows: list[tuple[Cell, ...]] = [
        (name, season.count(sum(marks)), season.count(len(marks)))
        for name, marks in groups.items()
        if any(marks)
    ]
    count, of = season.count_private()
    if count:
        rows.append(("Answers that enter totals only", season.count(count), season.count(of)))
    if not rows:
        return write_absence(
            "Nothing is withheld: every answer may be published, and no total gives one away."
        )
    return Table(
        id="withheld",
        title="What is withheld, and of how much",
        source="Rules of disclosure as in the methodology; consent as given in the returns.",
        sortable=False,
        grid=Grid(
            columns=(
                TableColumn(name="what", label="What", width=3),
                TableColumn(name="withheld", label="Withheld", align="right"),
                TableColumn(name="of", label="Of", align="right"),
            ),
            rows=tuple(rows),
        ),
    )


def _name_group(season: Season, code: str) -> str:
    headlines = {h.code: h.name for h in season.framework.headlines}
    if code in headlines:
        return f"Totals: {lower_first(headlines[code])}"
    if code in season.framework.tables:
        return f"Totals of table {code}, {season.framework.tables[code].name}"
    if code in season.framework.questions:
        return "Totals of single questions"
    return f"Totals: {code.replace('-', ' ')}"
