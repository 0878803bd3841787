"""The policy chapter: instruments, permits, gaps in the rules, and what carries a price."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from annual_report.edition import Cluster
from annual_report.exhibits.amounts import to_amount, word_for_mark
from annual_report.exhibits.canvas import HALF_MM
from annual_report.exhibits.charts import Category
from annual_report.exhibits.charts_bars import draw_parts
from annual_report.exhibits.charts_dots import Column, Dots, draw_dots
from annual_report.exhibits.clusters import choose_clusters, print_verdict
from annual_report.exhibits.levels import count_levels, plot_level_columns
from annual_report.exhibits.model import (
    Cell,
    Figure,
    Grid,
    Number,
    Prose,
    Runs,
    Span,
    Table,
    TableColumn,
)
from annual_report.exhibits.numbers import COUNT, PERCENT, Style
from annual_report.exhibits.parts import read_parts
from annual_report.exhibits.season import Season
from annual_report.exhibits.tokens import BAND, PILLARS, TINTS
from annual_report.exhibits.verdicts import explain_symbols
from annual_report.exhibits.words import (
    compose,
    count_things,
    pluralise,
    say_how_many,
    write_absence,
    write_lead,
    write_text,
)

PILLAR = "policy"
MONTHS = Style("months", digits=2)
LEVERS = {
    "POL-03a": "Efficiency and circularity",
    "POL-03b": "Electrification and heat",
    "POL-03c": "Hydrogen",
    "POL-03d": "Carbon capture",
}
_DEEP, _MIDDLE, _LIGHT = TINTS[PILLAR]
_STATUSES = {
    "in_force": Category("In force", _DEEP),
    "adopted": Category("Adopted", _MIDDLE),
    "proposed": Category("Proposed", _LIGHT),
    "called_for": Category("Called for", BAND),
}


def tell_policy(season: Season) -> Prose:
    """Say how many policies are in force, how long a permit takes, what carries a price."""
    told = [*_tell_policies(season), *_tell_permits(season), *_tell_price(season)]
    if not told:
        return write_lead(compose("No cluster reported on policies, permits or a carbon price."))
    return write_lead(*told)


def _tell_policies(season: Season) -> list[Runs]:
    listed = season.number("all.POL-T1.level-status.any.any", COUNT)
    working = season.number("all.POL-T1.level-status.any.in_force", COUNT)
    if not listed.value or working.value is None:
        return []
    if not working.value:
        word = "policy" if listed.value == 1 else "policies"
        return [compose(f"None of {{}} listed {word} is in force.", listed)]
    verb = "is" if working.value == 1 else "are"
    noun = pluralise(listed.value, "policy", "policies")
    return [
        compose(f"{{}} of {{}} {noun} that the plans depend on {verb} in force.", working, listed)
    ]


def _tell_permits(season: Season) -> list[Runs]:
    now = season.number("all.POL-01.value.median", MONTHS)
    target = season.number("all.POL-01.target.median", MONTHS)
    if now.value is None:
        return []
    noun = pluralise(now.value, "month")
    if target.value is None:
        return [compose(f"The median permit takes {{}} {noun}.", now)]
    return [
        compose(f"The median permit takes {{}} {noun}; the median target is {{}}.", now, target)
    ]


def _tell_price(season: Season) -> list[Runs]:
    covered = season.number("all.POL-02.value.median", PERCENT)
    if covered.value is None:
        return []
    return [compose("In the median cluster a carbon price covers {}\u00a0% of emissions.", covered)]


def tell_government(season: Season) -> Prose:
    """Say how government works with the clusters, and what is published of its programmes."""
    facts = [fact for fact in season.edition.context if fact.pillar == PILLAR]
    told = [
        *_tell_engagement(season),
        *((Span(text=fact.text), Span(text=f" ({fact.source})", muted=True)) for fact in facts),
    ]
    if not told:
        return write_absence("No cluster reported how government works with it.")
    return write_text(*told, bullets=len(told) > 1)


def _tell_engagement(season: Season) -> list[Runs]:
    counts = count_levels(season, "POL-04")
    if not counts.answered:
        return []
    partner, agreement = counts.now[:2]
    clusters = count_things(counts.answered, "answering cluster")
    return [
        compose(
            f"Of {clusters}, {{}} report a signed agreement with government, and {{}} a "
            "partnership in which it has put in money, land or legal powers.",
            agreement, partner,
        )
    ]  # fmt: skip


def plot_policies(season: Season) -> Figure | Prose:
    """Policies at each level of government, by how far they have come."""
    levels = {
        c.code: c.label.partition(" (")[0] for c in season.framework.choices["government_levels"]
    }
    name = "all.POL-T1.level-status"
    parts = read_parts(season, name, rows=levels, columns=_STATUSES)
    if parts.whole is None:
        return write_absence("No cluster listed the policies that its plan depends on.")
    draw = partial(draw_parts, parts.bars, parts.categories, labels=32)
    return Figure(
        id="policies",
        title=say_how_many(
            season.value(f"{name}.any.in_force") or 0.0, parts.whole.number or 0.0,
            "listed policy", plural="listed policies", has="is in force", have="are in force",
        ),
        svg=draw(),
        narrow=draw(width=HALF_MM),
        alt=parts.describe("Policies at each level of government, by status"),
        grid=parts.to_grid("Level"),
        unit="policies",
        source="Survey, table POL-T1; a policy that several clusters list counts for each.",
        n=parts.whole.n,
        of=parts.whole.of,
        notes=parts.notes,
        pillar=PILLAR,
    )  # fmt: skip


def show_instruments(season: Season) -> Table | Prose:
    """Instruments of all levels of government, by how far they have come."""
    kinds = {c.code: c.label for c in season.framework.choices["policy_instruments"]}
    parts = read_parts(season, "all.POL-T1.instrument-status", rows=kinds, columns=_STATUSES)
    if parts.whole is None:
        return write_absence("No cluster listed a policy instrument.")
    listed = [part for part in parts.rows if part.total.value or part.total.mark == "withheld"]
    listed.sort(key=lambda part: -(part.total.value or 0.0))
    grid = parts.to_grid("Instrument")
    rows: list[tuple[Cell, ...]] = [(part.label, *part.numbers, part.total) for part in listed]
    totals = [
        season.number(f"all.POL-T1.instrument-status.any.{status}", COUNT)
        for status in (*_STATUSES, "any")
    ]
    return Table(
        id="instruments",
        title=_title_instruments(len(listed)),
        grid=Grid(
            columns=(grid.columns[0].model_copy(update={"width": 3.0}), *grid.columns[1:]),
            rows=(*rows, ("All instruments", *totals)),
            total_rows=1,
        ),
        unit="policies",
        source="Survey, table POL-T1.",
        n=parts.whole.n,
        of=parts.whole.of,
        pillar=PILLAR,
    )


def _title_instruments(count: int) -> str:
    if count == 1:
        return "The plans depend on one kind of instrument"
    return f"The plans depend on {count} kinds of instruments"


def plot_permits(season: Season) -> Figure | Prose:
    """Months to a permit in each cluster: baseline, now, target, and whether the pace is enough."""
    fields = ("baseline", "value", "target")
    chosen = choose_clusters(
        season, *(f"POL-01.{f}.standard" for f in fields), sort_by="POL-01.value.standard"
    )
    if not chosen.clusters:
        return write_absence("No cluster reported how long its permits take.")
    permits = [_read_permit(season, cluster) for cluster in chosen.clusters]
    draw = partial(
        draw_dots,
        [permit.cluster for permit in permits],
        [Column("Months to a permit", tuple(permit.dots for permit in permits), texts=42)],
        colour=PILLARS[PILLAR],
        missing=chosen.missing,
    )
    return Figure(
        id="permits",
        title=_title_permits(season),
        svg=draw(),
        narrow=draw(width=HALF_MM),
        alt="Dots, one row a cluster, for the months a permit took at the baseline, takes now and "
        f"should take: {'; '.join(f'{permit.cluster} {permit.text}' for permit in permits)}.",
        grid=Grid(
            columns=(
                TableColumn(name="cluster", label="Cluster", width=2),
                TableColumn(name="baseline", label="Baseline", unit="months", align="right"),
                TableColumn(name="now", label="Now", unit="months", align="right"),
                TableColumn(name="target", label="Target", unit="months", align="right"),
                TableColumn(name="verdict", label="Pace", width=1.6),
            ),
            rows=tuple(permit.cells for permit in permits),
        ),
        unit="months from a complete application to a permit, median of the last three years",
        source="Survey, question POL-01; pace: linear method.",
        n=chosen.public + chosen.kept_back,
        of=chosen.of,
        notes=tuple(filter(None, [_explain_pace(permits), chosen.note])),
        pillar=PILLAR,
    )


@dataclass(frozen=True)
class _Permit:
    """Months to a permit in one cluster, and the verdict on their pace."""

    cluster: str
    baseline: Number
    now: Number
    target: Number
    verdict: Number

    @property
    def cells(self) -> tuple[Cell, ...]:
        return (self.cluster, self.baseline, self.now, self.target, self.verdict)

    @property
    def months(self) -> str:
        return " → ".join(n.text or "?" for n in (self.baseline, self.now, self.target))

    @property
    def text(self) -> str:
        return f"{self.months}  {self.verdict.text}".rstrip()

    @property
    def dots(self) -> Dots:
        symbol = self.verdict.text.partition(" ")[0]
        return Dots(
            to_amount(self.now),
            to_amount(self.baseline),
            to_amount(self.target),
            text=self.text,
            short=f"{self.months} {symbol}".rstrip(),
        )


def _read_permit(season: Season, cluster: Cluster) -> _Permit:
    def read(field: str) -> Number:
        return season.number(f"{cluster.id}.POL-01.{field}.standard", MONTHS)

    verdict = print_verdict(season, cluster.id, "POL-PERMITTING")
    return _Permit(cluster.name, read("baseline"), read("value"), read("target"), verdict)


def _explain_pace(permits: list[_Permit]) -> str:
    symbols = explain_symbols(permit.verdict.text.partition(" ")[2] for permit in permits)
    return f"{symbols}." if symbols else ""


def _title_permits(season: Season) -> str:
    now, target = season.find("all.POL-01.value.median"), season.find("all.POL-01.target.median")
    if now is None or now.number is None:
        return "How long permits take, and should take"
    text = season.number(now.id, MONTHS).text
    noun = pluralise(now.number, "month")
    if now.n == 1:
        return f"In the one answering cluster, permits take {text} {noun}"
    if target is None or target.number is None or target.n == 1:
        return f"The median permit takes {text} {noun}"
    if now.number <= target.number:
        return f"The median permit takes {text} {noun}, within the target"
    goal = season.number(target.id, MONTHS).text
    return f"The median permit takes {text} {noun}; the target is {goal}"


def plot_gaps(season: Season) -> Figure | Prose:
    """How far the rules cover what each lever needs."""
    return plot_level_columns(
        season, LEVERS, figure_id="gaps", title=_title_gaps(season), pillar=PILLAR
    )


def _title_gaps(season: Season) -> str:
    counts = {label: count_levels(season, code) for code, label in LEVERS.items()}
    found = {label: c.mean for label, c in counts.items() if c.answered}
    means = {label: mean for label, mean in found.items() if mean is not None}
    if len(means) < max(2, len(found)):
        return "How far the rules cover what levers need"
    lowest = [label for label, mean in means.items() if mean == min(means.values())]
    if len(lowest) > 1:
        return "No single lever has the widest gaps in rules"
    return f"Rules lag furthest behind for {lowest[0].lower()}"


def plot_carbon_price(season: Season) -> Figure | Prose:
    """Share of each cluster's direct emissions under a carbon price."""
    measure = "POL-02.value.standard"
    chosen = choose_clusters(season, measure)
    if not chosen.clusters:
        return write_absence("No cluster reported what a carbon price covers.")
    numbers = [season.number(f"{c.id}.{measure}", PERCENT) for c in chosen.clusters]
    median = season.number("all.POL-02.value.median", PERCENT)
    names = [c.name for c in chosen.clusters]
    dots = tuple(
        Dots(to_amount(n), text=f"{n.text}\u00a0%" if n.text else word_for_mark(n)) for n in numbers
    )
    rows: list[tuple[Cell, ...]] = list(zip(names, numbers, strict=True))
    draw = partial(
        draw_dots,
        names,
        [Column("", dots, median=to_amount(median) if len(names) > 2 else None, most=100)],
        colour=PILLARS[PILLAR],
        missing=chosen.missing,
    )
    return Figure(
        id="carbon-price",
        title=_title_price(season),
        svg=draw(),
        narrow=draw(width=HALF_MM),
        alt="Dots, one row a cluster, for the percentage of direct emissions under a carbon price: "
        f"{', '.join(f'{name} {n.text or word_for_mark(n)}' for name, n in zip(names, numbers, strict=True))}.",
        grid=Grid(
            columns=(
                TableColumn(name="cluster", label="Cluster", width=2),
                TableColumn(name="share", label="Under a carbon price", unit="%", align="right"),
            ),
            rows=tuple(rows),
        ),
        unit="% of scope 1 emissions under a carbon tax or emissions trading",
        source="Survey, question POL-02; free allowances count as covered.",
        n=chosen.public + chosen.kept_back,
        of=chosen.of,
        notes=tuple(filter(None, [chosen.note])),
        pillar=PILLAR,
    )


def _title_price(season: Season) -> str:
    median = season.find("all.POL-02.value.median")
    if median is None or median.number is None or (median.n or 0) < 2:
        return "What a carbon price covers, by cluster"
    if median.number == 0:
        return "In the median cluster no emissions carry a price"
    text = season.number(median.id, PERCENT).text
    return f"In the median cluster {text}\u00a0% of emissions are priced"
