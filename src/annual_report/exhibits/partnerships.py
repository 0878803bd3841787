"""The partnerships chapter: how clusters are governed, who their partners are, what they share."""

from __future__ import annotations

from functools import partial

from annual_report.exhibits.amounts import to_amount, word_for_mark
from annual_report.exhibits.canvas import HALF_MM
from annual_report.exhibits.charts import Category
from annual_report.exhibits.charts_bars import draw_parts
from annual_report.exhibits.charts_dots import Column, Dots, draw_dots
from annual_report.exhibits.clusters import choose_clusters, print_verdict
from annual_report.exhibits.levels import Rung, plot_levels
from annual_report.exhibits.model import Cell, Figure, Grid, Number, Prose, Runs, Table, TableColumn
from annual_report.exhibits.parts import read_parts
from annual_report.exhibits.season import Season
from annual_report.exhibits.tokens import BAND, PILLARS, TINTS
from annual_report.exhibits.words import (
    compose,
    pluralise,
    say_how_many,
    write_absence,
    write_lead,
)
from annual_report.numbers import COUNT, SHARE

PILLAR = "partnerships"
BINDING = ("operating", "agreement")
_DEEP, _MIDDLE, _LIGHT = TINTS[PILLAR]
_CATEGORIES = {
    "operating": Category("Operating", _DEEP),
    "agreement": Category("Binding agreement", _MIDDLE),
    "mou": Category("Memorandum", _LIGHT),
    "exploring": Category("Exploring", BAND),
}
_GOVERNED = Rung(3, "has a steering body", "have steering bodies")
_TRUSTED = Rung(3, "shares a data inventory", "share data inventories")


def tell_partnerships(season: Season) -> Prose:
    """Say how clusters are governed, with how many partners they have signed, what they build."""
    told = [*_tell_partners(season), *_tell_infrastructure(season), *_tell_training(season)]
    if not told:
        return write_lead(compose("No cluster reported how its members work together."))
    return write_lead(*told)


def _tell_partners(season: Season) -> list[Runs]:
    name = "all.PAR-T1.side-status.any"
    partners = season.number(f"{name}.any", COUNT)
    binding, operating = (season.number(f"{name}.{s}", COUNT) for s in ("agreement", "operating"))
    if not partners.value or binding.value is None or operating.value is None:
        return []
    noun = pluralise(partners.value, "partner")
    return [
        compose(
            f"Clusters list {{}} {noun}: {{}} under a binding agreement, and {{}} in operation.",
            partners, binding, operating,
        )
    ]  # fmt: skip


def _tell_infrastructure(season: Season) -> list[Runs]:
    number = season.number("all.PAR-06.value.total", COUNT)
    target = season.number("all.PAR-06.target.total", COUNT)
    if number.value is None:
        return []
    if target.value is None:
        noun = pluralise(number.value, "piece")
        return [compose(f"They develop {{}} {noun} of shared infrastructure.", number)]
    return [
        compose("They develop {} pieces of shared infrastructure; plans need {}.", number, target)
    ]


def _tell_training(season: Season) -> list[Runs]:
    trained = season.number("all.PAR-08.value.total", COUNT)
    if not trained.value:
        return []
    noun = pluralise(trained.value, "person has", "people have")
    return [compose(f"{{}} {noun} been trained in shared programmes.", trained)]


def plot_governance(season: Season) -> Figure | Prose:
    """How many clusters stand on each level of governance, this year and last."""
    return plot_levels(season, "PAR-01", _GOVERNED, figure_id="governance", pillar=PILLAR)


def plot_trust(season: Season) -> Figure | Prose:
    """How many clusters stand on each level of trust and data sharing, this year and last."""
    return plot_levels(season, "PAR-02", _TRUSTED, figure_id="trust", pillar=PILLAR)


def plot_partners(season: Season) -> Figure | Prose:
    """Partners on each side of the market, by how far the relation has come."""
    sides = {c.code: c.label.partition(" (")[0] for c in season.framework.choices["sides"]}
    parts = read_parts(season, "all.PAR-T1.side-status", rows=sides, columns=_CATEGORIES)
    if parts.whole is None:
        return write_absence("No cluster listed its partners.")
    bound = sum(season.value(f"all.PAR-T1.side-status.any.{s}") or 0.0 for s in BINDING)
    draw = partial(draw_parts, parts.bars, parts.categories, labels=26)
    return Figure(
        id="partners",
        title=say_how_many(
            bound, parts.whole.number or 0.0, "listed partner", has="has a binding agreement",
            have="have binding agreements",
        ),
        svg=draw(),
        narrow=draw(width=HALF_MM),
        alt=parts.describe("Partners on each side of the market, by how far the relation has come"),
        grid=parts.to_grid("Side"),
        unit="partners",
        source="Survey, table PAR-T1; each partner stands once, at its furthest status.",
        n=parts.whole.n,
        of=parts.whole.of,
        notes=parts.notes,
        pillar=PILLAR,
    )  # fmt: skip


def plot_shared(season: Season) -> Figure | Prose:
    """Shared infrastructure in hand and needed, and collaborations beyond the cluster."""
    built, needed, ties = "PAR-06.value.standard", "PAR-06.target.standard", "PAR-07.value.standard"
    chosen = choose_clusters(season, built, ties)
    if not chosen.clusters:
        return write_absence("No cluster reported shared infrastructure or ties across borders.")
    table = [
        tuple(season.number(f"{c.id}.{measure}", COUNT) for measure in (built, needed, ties))
        for c in chosen.clusters
    ]
    columns = (
        Column(
            "Shared infrastructure: in hand, and needed",
            tuple(Dots(to_amount(b), target=to_amount(t), text=_pair(b, t)) for b, t, _ in table),
        ),
        Column(
            "Collaborations with other clusters or abroad",
            tuple(Dots(to_amount(x), text=x.text or word_for_mark(x)) for *_, x in table),
        ),
    )
    names = [c.name for c in chosen.clusters]
    draw = partial(draw_dots, names, columns, colour=PILLARS[PILLAR], missing=chosen.missing)
    return Figure(
        id="shared-infrastructure",
        title=_title_shared(season),
        svg=draw(),
        narrow=draw(width=HALF_MM),
        alt="Dots, one row a cluster, for shared infrastructure in hand, the number needed, and "
        "collaborations: "
        + "; ".join(
            f"{name} {_pair(b, t)}, {x.text or 'unknown'}"
            for name, (b, t, x) in zip(names, table, strict=True)
        )
        + ".",
        grid=Grid(
            columns=(
                TableColumn(name="cluster", label="Cluster", width=2),
                TableColumn(name="built", label="Shared infrastructure", align="right"),
                TableColumn(name="needed", label="Needed", align="right"),
                TableColumn(name="ties", label="Collaborations", align="right"),
            ),
            rows=tuple((name, *numbers) for name, numbers in zip(names, table, strict=True)),
        ),
        unit="pieces of infrastructure; collaborations",
        source="Survey, questions PAR-06 and PAR-07; in hand: under a signed agreement.",
        n=chosen.public + chosen.kept_back,
        of=chosen.of,
        notes=tuple(filter(None, [chosen.note])),
        pillar=PILLAR,
    )


def _pair(number: Number, target: Number) -> str:
    if number.value is None:
        return word_for_mark(number)
    return f"{number.text} of {target.text}" if target.value is not None else number.text


def _title_shared(season: Season) -> str:
    total = season.number("all.PAR-06.value.total", COUNT)
    if total.value is None:
        return "What clusters share, and with whom they collaborate"
    if total.value == 1:
        return "One piece of shared infrastructure is under joint development"
    return f"{total.text} pieces of shared infrastructure are developed jointly"


def show_training(season: Season) -> Table | Prose:
    """People trained in shared programmes, against the targets."""
    fields = ("baseline", "value", "target")
    chosen = choose_clusters(
        season, *(f"PAR-08.{f}.standard" for f in fields), sort_by="PAR-08.value.standard"
    )
    if not chosen.clusters:
        return write_absence("No cluster reported people trained in shared programmes.")
    rows: list[tuple[Cell, ...]] = [
        (
            cluster.name,
            *(season.number(f"{cluster.id}.PAR-08.{f}.standard", COUNT) for f in fields),
            season.number(f"{cluster.id}.PAR-TRAINED.share", SHARE),
            print_verdict(season, cluster.id, "PAR-TRAINED"),
        )
        for cluster in chosen.clusters
    ]
    totals = [season.number(f"all.PAR-08.{f}.total", COUNT) for f in fields]
    number = season.find("all.PAR-08.value.total")
    return Table(
        id="training",
        title=_title_training(totals[1]),
        grid=Grid(
            columns=(
                TableColumn(name="cluster", label="Cluster", width=2),
                TableColumn(name="baseline", label="Baseline", align="right"),
                TableColumn(name="now", label="Now", align="right"),
                TableColumn(name="target", label="Target", align="right"),
                TableColumn(name="share", label="Of the way", unit="%", align="right"),
                TableColumn(name="verdict", label="Pace", width=1.6),
            ),
            rows=(*rows, ("All clusters", *totals, "", "")),
            total_rows=1,
        ),
        unit="people",
        source="Survey, question PAR-08; pace: linear method, from baseline to target.",
        n=number.n if number else None,
        of=chosen.of,
        notes=tuple(filter(None, [chosen.note])),
        pillar=PILLAR,
    )


def _title_training(total: Number) -> str:
    if total.value is None:
        return "People trained in shared programmes, by cluster"
    if total.value == 1:
        return "One person was trained in shared programmes"
    return f"{total.text} people were trained in shared programmes"
