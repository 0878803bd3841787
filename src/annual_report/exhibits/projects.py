"""Projects: how many stand at each stage, which have been decided, what each is to save."""

from __future__ import annotations

from annual_report.exhibits.amounts import choose_common_style, print_amount
from annual_report.exhibits.model import Cell, Grid, Number, Prose, Table, TableColumn
from annual_report.exhibits.rows import (
    ListedRow,
    label_choice,
    list_rows,
    print_reported,
)
from annual_report.exhibits.season import Season
from annual_report.exhibits.technology import SHORT_LEVERS
from annual_report.exhibits.words import count_things, write_absence
from annual_report.measures.technology import OPERATIONAL
from annual_report.numbers import Style

TECHNOLOGY = "technology"
LISTED_PER_LEVER = 6


def show_pipeline(season: Season) -> Table | Prose:
    """Projects at each stage: how many, what they cost, what they are to save and what they do."""
    stages = {c.code: c.label.partition(" (")[0] for c in season.framework.choices["stages"]}
    names = ("lever-stage", "lever-stage-capex", "lever-stage-expected", "lever-stage-delivered")
    whole = season.find("all.TEC-T1.lever-stage.any.any")
    if whole is None or not whole.number:
        return write_absence("No cluster listed a project.")
    styles = [
        choose_common_style(season, [f"all.TEC-T1.{name}.any.{s}" for s in (*stages, "any")])
        for name in names
    ]

    def read(stage: str) -> list[Number]:
        return [
            print_amount(season, f"all.TEC-T1.{name}.any.{stage}", style)
            for name, style in zip(names, styles, strict=True)
        ]

    labels = ("Projects", "Cost", "Expected", "Delivered")
    rows: list[tuple[Cell, ...]] = [(label, *read(stage)) for stage, label in stages.items()]
    return Table(
        id="pipeline",
        title=_title_pipeline(season),
        grid=Grid(
            columns=(
                TableColumn(name="stage", label="Stage", width=2),
                *(
                    TableColumn(name=label.lower(), label=label, unit=style.unit, align="right")
                    for label, style in zip(labels, styles, strict=True)
                ),
            ),
            rows=(*rows, ("All stages", *read("any"))),
            total_rows=1,
        ),
        source="Survey, table TEC-T1, projects of known lever and stage; expected: in a full year of "
        "normal operation.",
        n=whole.n,
        of=whole.of,
        pillar=TECHNOLOGY,
    )


def _title_pipeline(season: Season) -> str:
    past, count = season.value("all.pipeline.past.count"), season.value("all.pipeline.all.count")
    if past is None or not count:
        return "Projects by stage, with cost and abatement"
    if count == 1:
        return f"The one project of known stage is {'' if past else 'not '}decided"
    projects = count_things(count, "project", locale=season.edition.locale)
    if past == count:
        return f"All {projects} of known stage are decided"
    verb = "is" if past in (0, 1) else "are"
    first = season.count(past).text if past else "None"
    return f"{first} of {projects} of known stage {verb} decided"


def show_projects(season: Season) -> Table | Prose:
    """Projects one by one, lever by lever: stage, capacity, expected and delivered abatement."""
    listing = list_rows(season, "TEC-T1")
    levers = [c.code for c in season.framework.choices["levers"]]
    if not listing.rows:
        return write_absence("No cluster listed a project that may be named here.")
    rows: list[ListedRow] = []
    for lever in (*levers, ""):
        mine = [row for row in listing.rows if row.text("lever") == lever]
        rows += sorted(mine, key=lambda row: -_measure_size(season, row))[:LISTED_PER_LEVER]
    count = len(listing.rows)
    are_all = len(rows) == count
    projects = count_things(count, "project", locale=season.edition.locale)
    note = f"Shown: the {LISTED_PER_LEVER} largest of each lever; all are in the data annex."
    sizes = ("expected_abatement", "delivered_abatement")
    style = choose_common_style(season, [row.address(name) for row in rows for name in sizes])
    return Table(
        id="projects",
        title=f"{projects}, lever by lever" if are_all else f"The largest of {projects}, lever by lever",
        grid=Grid(
            columns=(
                TableColumn(name="project", label="Project", width=2.8),
                TableColumn(name="cluster", label="Cluster", width=2.2),
                TableColumn(name="lever", label="Lever", width=1.7),
                TableColumn(name="stage", label="Stage", width=2.3),
                TableColumn(name="capacity", label="Capacity", align="right", width=1.3),
                TableColumn(
                    name="expected", label="Expected", unit=style.unit, align="right", width=1.4
                ),
                TableColumn(
                    name="delivered", label="Delivered", unit=style.unit, align="right", width=1.4
                ),
            ),
            rows=tuple(_list_project(season, row, style) for row in rows),
        ),
        source="Survey, table TEC-T1; delivered: in the year reported.",
        n=len({row.cluster for row in listing.rows}),
        of=len(season.edition.clusters),
        notes=tuple(filter(None, ["" if are_all else note, listing.note])),
        pillar=TECHNOLOGY,
    )  # fmt: skip


def _measure_size(season: Season, row: ListedRow) -> float:
    sizes = (season.value(row.address(f"{name}_abatement")) for name in ("expected", "delivered"))
    return max((size for size in sizes if size is not None), default=-1.0)


def _list_project(season: Season, row: ListedRow, style: Style) -> tuple[Cell, ...]:
    return (
        row.text("name"),
        season.name_of(row.cluster),
        SHORT_LEVERS.get(row.text("lever"), row.text("lever")),
        label_choice(season, "stages", row.text("stage")) if row.text("stage") else "",
        _print_capacity(season, row),
        print_amount(season, row.address("expected_abatement"), style),
        _print_delivered(season, row, style),
    )


def _print_delivered(season: Season, row: ListedRow, style: Style) -> Cell:
    """What a project delivers; blank before operation, when nobody was asked."""
    number = print_amount(season, row.address("delivered_abatement"), style)
    if number.mark == "missing" and row.text("stage") != OPERATIONAL:
        return ""
    return number


def _print_capacity(season: Season, row: ListedRow) -> Number:
    reported = row.numbers.get("capacity")
    number = print_reported(season, reported)
    if reported is None or not number.text:
        return number
    units = {c.code: c.label for c in season.framework.choices["capacity_units"]}
    unit = units.get(reported.unit, reported.unit)
    return number.model_copy(update={"text": f"{number.text}\u00a0{unit}"})
