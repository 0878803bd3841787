"""The technology chapter: where the reduction potential stands, emission paths, projects."""

from __future__ import annotations

from functools import partial

from annual_report.edition import Cluster
from annual_report.exhibits.amounts import choose_common_style, list_marks, print_amount, to_amount
from annual_report.exhibits.canvas import HALF_MM
from annual_report.exhibits.charts import Category
from annual_report.exhibits.charts_bars import Rest, Row, draw_waterfall
from annual_report.exhibits.charts_paths import Path, Point, draw_paths
from annual_report.exhibits.clusters import Chosen, choose_clusters
from annual_report.exhibits.model import Cell, Figure, Grid, Number, Prose, Runs, TableColumn
from annual_report.exhibits.profile_emissions import read_pace
from annual_report.exhibits.season import Season
from annual_report.exhibits.tokens import PILLARS, TINTS
from annual_report.exhibits.verdicts import (
    ON_PACE,
    Pace,
    count_judged,
    count_verdicts,
    explain_symbols,
    title_pace,
)
from annual_report.exhibits.words import (
    compose,
    count_things,
    pluralise,
    write_absence,
    write_lead,
)
from annual_report.measures.abatement import STATES
from annual_report.numbers import COUNT, Style

PILLAR = "technology"
PANELS = 20
EMISSIONS = "CLU-08"
MEGATONNES = Style("Mt CO₂e a year", digits=3)
_PACE = Pace("TEC-EMISSIONS", "keeps pace with its target", "keep pace")
_STATE_LABELS = ("Delivered", "Past decision", "In the pipeline")
_CATEGORIES = tuple(
    Category(label, colour) for label, colour in zip(_STATE_LABELS, TINTS[PILLAR], strict=True)
)


def tell_technology(season: Season) -> Prose:
    """Say what the clusters emit, how many keep pace, and what their projects bring."""
    told = [*_tell_emissions(season), *_tell_pace(season), *_tell_projects(season)]
    if not told:
        return write_lead(compose("No cluster reported emissions or projects."))
    return write_lead(*told)


def _tell_emissions(season: Season) -> list[Runs]:
    total = season.find("all.HEAD-EMISSIONS.total")
    if total is None or total.number is None:
        return []
    clusters = count_things(total.n or 0, "cluster")
    number = season.number(total.id, MEGATONNES)
    if total.n == 1:
        return [compose("The one cluster that reported emissions emits {} Mt CO₂e a year.", number)]
    return [compose(f"The {clusters} that reported emissions emit {{}} Mt CO₂e a year.", number)]


def _tell_pace(season: Season) -> list[Runs]:
    counts = count_verdicts(season, _PACE.indicator)
    judged = count_judged(season, _PACE.indicator)
    if not judged:
        return []
    clusters = count_things(judged, "judged cluster")
    good = {v: counts[v] for v in ON_PACE if v in counts}
    if not good:
        return [compose(f"None of {clusters} keeps pace with its target.")]
    words = {
        "achieved": ("has met its target", "have met their targets"),
        "on track": ("is on track", "are on track"),
    }
    told = " and ".join(f"{{}} {pluralise(n.value or 0, *words[v])}" for v, n in good.items())
    return [compose(f"Of {clusters}, {told}.", *good.values())]


def _tell_projects(season: Season) -> list[Runs]:
    count = season.number("all.pipeline.all.count", COUNT)
    ids = ["all.pipeline.all.expected", "all.pipeline.past.expected"]
    style = choose_common_style(season, ids)
    expected, past = (print_amount(season, i, style) for i in ids)
    if not count.value:
        return []
    noun = pluralise(count.value, "project")
    if not expected.value or past.value is None:
        verb = "is" if count.value == 1 else "are"
        return [compose(f"{{}} {noun} of known lever and stage {verb} listed.", count)]
    return [
        compose(
            f"The {{}} {noun} of known lever and stage are to cut {{}} {style.unit}, of which {{}} are past the investment "
            "decision.",
            count, expected, past,
        )
    ]  # fmt: skip


def plot_abatement(season: Season) -> Figure | Prose:
    """The reduction of each lever: delivered, past decision, in the pipeline; then what is open."""
    levers = {c.code: c.label for c in season.framework.choices["levers"]}
    ids = [f"all.abatement.{lever}.{state}" for lever in levers for state in STATES]
    rest_id = "all.abatement.unallocated"
    style = choose_common_style(season, [*ids, rest_id])
    table = {
        lever: [print_amount(season, f"all.abatement.{lever}.{s}", style) for s in STATES]
        for lever in levers
    }
    rest = print_amount(season, rest_id, style)
    if not any(n.value for numbers in table.values() for n in numbers):
        return write_absence("No cluster reported what its projects save.")
    rows = [
        Row(levers[k], tuple(map(to_amount, numbers)), end=_say_nothing(numbers))
        for k, numbers in table.items()
    ]
    known = rest.value is not None
    marked = [
        (f"{levers[k].lower()} {label.lower()}", number)
        for k, numbers in table.items()
        for label, number in zip(_STATE_LABELS, numbers, strict=True)
    ]
    whole = season.find(rest_id)
    draw = partial(
        draw_waterfall,
        rows,
        _CATEGORIES,
        Rest(to_amount(rest), "Not covered by any project") if known else None,
        scale=style.scale,
    )
    return Figure(
        id="abatement",
        title=_title_abatement(season, levers),
        svg=draw(),
        narrow=draw(width=HALF_MM),
        alt=_describe_abatement(levers, table, rest, style),
        grid=_list_abatement(levers, table, rest, style),
        unit=style.unit,
        source="Survey, table TEC-T1 and question CLU-10.",
        n=_count_contributors(season, ids),
        of=len(season.edition.clusters),
        notes=(*_note_rest(whole.n if whole and known else None), *list_marks(marked)),
        pillar=PILLAR,
    )


def _say_nothing(numbers: list[Number]) -> str:
    """What stands in a row without a bar."""
    if any(number.value is not None for number in numbers):
        return "0"
    return "withheld" if any(n.mark == "withheld" for n in numbers) else "none reported"


def _count_contributors(season: Season, ids: list[str]) -> int | None:
    listed = season.find("all.TEC-T1.lever-stage.any.any")
    return listed.n if listed else None


def _note_rest(n: int | None) -> tuple[str, ...]:
    if n is None:
        return ()
    clusters = count_things(n, "cluster")
    return (
        f"Not covered: the reduction potential of the {clusters} that gave it, less their projects.",
    )


def _describe_abatement(
    levers: dict[str, str], table: dict[str, list[Number]], rest: Number, style: Style
) -> str:
    told = [
        f"{levers[lever]}: "
        + ", ".join(
            f"{label.lower()} {n.text}"
            for label, n in zip(_STATE_LABELS, numbers, strict=True)
            if n.text
        )
        for lever, numbers in table.items()
        if any(n.text for n in numbers)
    ]
    if rest.text:
        told.append(f"not covered by any project: {rest.text}")
    return f"A waterfall over the levers, in {style.unit}. {'; '.join(told)}."


def _list_abatement(
    levers: dict[str, str], table: dict[str, list[Number]], rest: Number, style: Style
) -> Grid:
    columns = (
        TableColumn(name="lever", label="Lever", width=2.4),
        *(
            TableColumn(name=state, label=label, unit=style.unit, align="right")
            for state, label in zip(STATES, _STATE_LABELS, strict=True)
        ),
        TableColumn(name="rest", label="Not covered", unit=style.unit, align="right"),
    )
    rows: list[tuple[Cell, ...]] = [(levers[k], *numbers, "") for k, numbers in table.items()]
    return Grid(columns=columns, rows=(*rows, ("No project", "", "", "", rest)))


def _title_abatement(season: Season, levers: dict[str, str]) -> str:
    """Name the lever whose projects are to save most; by words, so no sum is printed."""
    sums = {
        lever: sum(season.value(f"all.abatement.{lever}.{s}") or 0.0 for s in STATES)
        for lever in levers
    }
    withheld = any(
        (found := season.find(f"all.abatement.{lever}.{s}")) is not None
        and found.text == "withheld"
        for lever in levers
        for s in STATES
    )
    best = [lever for lever, value in sums.items() if value == max(sums.values())]
    if withheld or len(best) > 1:
        return "What projects save, lever by lever"
    short = SHORT_LEVERS.get(best[0], levers[best[0]])
    if sum(value > 0 for value in sums.values()) == 1:
        return f"Only {short.lower()} projects say what they save"
    return f"{short} is to save most of all levers"


SHORT_LEVERS = {
    "efficiency": "Efficiency",
    "electrification": "Electrification",
    "hydrogen": "Hydrogen",
    "ccus": "Carbon capture",
}


def plot_emissions(season: Season) -> Figure | Prose:
    """Emissions of each cluster: baseline, now, target, the pace needed, and the verdict."""
    fields = ("value", "baseline", "target")
    measures = (f"{EMISSIONS}.{f}.standard" for f in fields)
    chosen = choose_clusters(season, *measures, most=PANELS)
    paths = [_read_path(season, cluster) for cluster in chosen.clusters]
    drawn = [path for path in paths if path.known]
    if not drawn:
        return write_absence("No cluster reported its emissions and a year.")
    draw = partial(draw_paths, drawn, colour=PILLARS[PILLAR])
    return Figure(
        id="emission-paths",
        title=_title_emissions(season),
        svg=draw(),
        narrow=draw(width=HALF_MM),
        alt="Small panels, one a cluster, with emissions at the baseline, now and at the target: "
        + "; ".join(_spell_path(path) for path in drawn)
        + ".",
        grid=_list_paths(season, chosen.clusters),
        unit="Mt CO₂e a year, scope 1 and 2; each panel on its own scale from zero",
        source=f"Survey, question {EMISSIONS}; verdict: linear method, the change a year that is "
        "needed over that so far.",
        n=chosen.public + chosen.kept_back,
        of=chosen.of,
        notes=tuple(filter(None, [chosen.note, _explain_panels(drawn), _note_silent(chosen)])),
        pillar=PILLAR,
    )


def _note_silent(chosen: Chosen) -> str:
    return f"Clusters without a panel: {chosen.missing}." if chosen.missing else ""


def _title_emissions(season: Season) -> str:
    if not count_judged(season, _PACE.indicator):
        return "What clusters emit, and where they want to be"
    return title_pace(season, _PACE)


def _read_path(season: Season, cluster: Cluster) -> Path:
    style = _choose_path_style(season, cluster)

    def read(field: str) -> Point | None:
        found = season.find(f"{cluster.id}.{EMISSIONS}.{field}.standard")
        if found is None or found.number is None or found.year is None or not found.is_public:
            return None
        return Point(found.year, to_amount(print_amount(season, found.id, style)))

    verdict = season.number(f"{cluster.id}.TEC-EMISSIONS.verdict")
    needed = read_pace(season, cluster.id)[0]
    return Path(
        cluster.name,
        verdict.text or "insufficient data",
        read("baseline"),
        read("value"),
        read("target"),
        pace=f"{needed.text} a year" if needed.text else "",
    )


def _choose_path_style(season: Season, cluster: Cluster) -> Style:
    """One decimal, or two where a cluster emits less than a million tonnes."""
    ids = (f"{cluster.id}.{EMISSIONS}.{field}.standard" for field in ("value", "baseline"))
    largest = max(season.value(i) or 0.0 for i in ids)
    return Style(MEGATONNES.unit, decimals=1 if largest >= 1 else 2)


def _spell_path(path: Path) -> str:
    points = ", ".join(f"{p.amount.text} in {p.year}" for p in path.known)
    pace = f", {path.pace} needed" if path.pace else ""
    return f"{path.label} {points}, {path.verdict}{pace}"


def _list_paths(season: Season, clusters: tuple[Cluster, ...]) -> Grid:
    fields = ("baseline", "value", "target")
    columns = [TableColumn(name="cluster", label="Cluster", width=2)]
    for field, label in zip(fields, ("Baseline", "Now", "Target"), strict=True):
        columns.append(TableColumn(name=field, label=label, unit="Mt CO₂e a year", align="right"))
        columns.append(TableColumn(name=f"{field}-year", label="Year", align="right"))
    for name, label in (("needed", "Needed a year"), ("observed", "So far a year")):
        columns.append(TableColumn(name=name, label=label, unit="Mt CO₂e", align="right"))
    columns.append(TableColumn(name="factor", label="Factor", align="right"))
    columns.append(TableColumn(name="verdict", label="Pace", width=1.6))
    rows: list[tuple[Cell, ...]] = []
    for cluster in clusters:
        style = _choose_path_style(season, cluster)
        cells: list[Cell] = [cluster.name]
        for field in fields:
            number_id = f"{cluster.id}.{EMISSIONS}.{field}.standard"
            found = season.find(number_id)
            cells.append(print_amount(season, number_id, style))
            cells.append(str(found.year) if found and found.year and found.is_public else "")
        cells += read_pace(season, cluster.id)
        cells.append(season.number(f"{cluster.id}.TEC-EMISSIONS.verdict"))
        rows.append(tuple(cells))
    return Grid(columns=tuple(columns), rows=tuple(rows))


def _explain_panels(paths: list[Path]) -> str:
    symbols = explain_symbols(path.verdict for path in paths)
    pace = ". A year: the change needed from now on" if any(p.pace for p in paths) else ""
    return f"{symbols}{pace}."
