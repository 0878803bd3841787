"""The outlook: four themes that stay open, and what the returns say about each."""

from __future__ import annotations

from functools import partial

from annual_report.exhibits.amounts import (
    choose_common_style,
    list_marks,
    place_unit,
    print_amount,
    to_amount,
    word_for_mark,
)
from annual_report.exhibits.canvas import HALF_MM
from annual_report.exhibits.charts import Category
from annual_report.exhibits.charts_bars import Row, draw_amounts, draw_parts
from annual_report.exhibits.levels import Rung, count_levels, plot_levels
from annual_report.exhibits.model import Figure, Grid, Number, Prose, Runs, TableColumn
from annual_report.exhibits.parts import Part, read_parts
from annual_report.exhibits.season import Season
from annual_report.exhibits.tokens import PILLARS, TINTS
from annual_report.exhibits.verdicts import (
    ON_PACE,
    Pace,
    count_judged,
    count_verdicts,
    plot_verdicts,
)
from annual_report.exhibits.words import (
    compose,
    count_things,
    pluralise,
    write_absence,
    write_lead,
    write_paragraph,
)
from annual_report.numbers import COUNT, Style

MONTHS = Style("months", digits=2)
_STANDARDS = Rung(3, "brings standards to committees", "shape standards")
_SIMPLER = Rung(2, "has one desk for permits", "have one desk")
_TRAINING = Pace("PAR-TRAINED", "trains people fast enough", "train fast enough")
_PERMITTING = Pace("POL-PERMITTING", "shortens permits fast enough", "shorten permits enough")
_SECTORS = {
    "public": Category("Public", TINTS["finance"][0]),
    "private": Category("Private", TINTS["finance"][2]),
}


def tell_outlook(season: Season) -> Prose:
    """Say in a sentence or two how far the four themes have come."""
    told = [
        *_tell_pace(season, "PAR-TRAINED", "training people"),
        *_tell_pace(season, "POL-PERMITTING", "the time that permits take"),
    ]
    if not told:
        return write_lead(
            compose("Talent, standards, permits and public money stay open: no pace can be judged.")
        )
    return write_lead(compose("Talent, standards, permits and public money stay open."), *told)


def _tell_pace(season: Season, indicator: str, what: str) -> list[Runs]:
    judged = count_judged(season, indicator)
    if not judged:
        return []
    counts = count_verdicts(season, indicator)
    good = [counts[v] for v in ON_PACE if v in counts]
    clusters = count_things(judged, "judged cluster")
    if not good:
        return [compose(f"On {what}, none of {clusters} keeps pace with its target.")]
    if len(good) == 1:
        verb = (
            "keeps pace with its target" if good[0].value == 1 else "keep pace with their targets"
        )
        return [compose(f"On {what}, {{}} of {clusters} {verb}.", good[0])]
    return [compose(f"On {what}, of {clusters} {{}} met the target and {{}} are on track.", *good)]


def tell_talent(season: Season) -> Prose:
    """What the returns say about people trained in shared programmes."""
    trained = season.number("all.PAR-08.value.total", COUNT)
    target = season.number("all.PAR-08.target.total", COUNT)
    staff = season.number("all.PAR-04.value.total", COUNT)
    told: list[Runs] = []
    if trained.value is not None:
        noun = pluralise(trained.value, "person", "people")
        goal = "" if target.value is None else "; the targets add up to {}"
        numbers = [trained, *([target] if goal else [])]
        template = f"Shared programmes have trained {{}} {noun} so far{goal}."
        told.append(compose(template, *numbers))
    if staff.value is not None:
        template = "The clusters' own offices count {} full-time posts."
        told.append(compose(template, staff))
    if not told:
        return write_absence("No cluster reported shared talent programmes.")
    return write_paragraph(*told)


def plot_talent(season: Season) -> Figure | Prose:
    """How many clusters train people fast enough for their targets."""
    return plot_verdicts(
        season, _TRAINING, figure_id="talent", pillar="partnerships",
        nobody="No cluster gave baseline, present number and target of people trained.",
    )  # fmt: skip


def tell_standards(season: Season) -> Prose:
    """What the returns say about standards for new infrastructure."""
    counts = count_levels(season, "PAR-09")
    if not counts.answered:
        return write_absence("No cluster reported work on standards for new infrastructure.")
    in_use, committees = counts.now[:2]
    clusters = count_things(counts.answered, "answering cluster")
    return write_paragraph(
        compose(
            f"Of {clusters}, {{}} helped to write a standard that now applies, and {{}} bring a "
            "specification of their own into a standards body or a regulator's process.",
            in_use, committees,
        )
    )  # fmt: skip


def plot_standards(season: Season) -> Figure | Prose:
    """How far the work on standards has come."""
    return plot_levels(season, "PAR-09", _STANDARDS, figure_id="standards", pillar="partnerships")


def plot_standard_fields(season: Season) -> Figure | Prose:
    """Which field the work on standards is mostly about."""
    fields = {c.code: c.label for c in season.framework.choices["standards_themes"]}
    ids = {code: f"all.PAR-10.count.{code.replace(' ', '-')}" for code in fields}
    numbers = {code: season.number(i, COUNT) for code, i in ids.items()}
    named = {code: n for code, n in numbers.items() if n.value or n.mark == "withheld"}
    first = season.find(next(iter(ids.values())))
    if not named or first is None:
        return write_absence("No cluster named the field of its work on standards.")
    ranked = sorted(named, key=lambda code: -(named[code].value or 0.0))
    labels = {code: _shorten_field(fields[code]) for code in ranked}
    return Figure(
        id="standard-fields",
        title=_title_fields(labels, named),
        svg=draw_amounts(
            [
                Row(labels[c], (to_amount(named[c]),), end=named[c].text or word_for_mark(named[c]))
                for c in ranked
            ],
            colours=[PILLARS["partnerships"]] * len(ranked),
            width=HALF_MM,
            labels=36,
        ),
        alt="Bars, number of clusters whose work on standards is mostly about each field: "
        f"{', '.join(f'{labels[c]} {named[c].text or word_for_mark(named[c])}' for c in ranked)}.",
        grid=Grid(
            columns=(
                TableColumn(name="field", label="Field", width=3),
                TableColumn(name="clusters", label="Clusters", align="right"),
            ),
            rows=tuple((fields[c], named[c]) for c in ranked),
        ),
        unit="clusters",
        source="Survey, question PAR-10.",
        notes=list_marks([(labels[c], named[c]) for c in ranked]),
        n=first.n,
        of=first.of,
        pillar="partnerships",
        half=True,
    )


def _shorten_field(label: str) -> str:
    return label.partition(", such as")[0].partition(" (")[0]


def _title_fields(labels: dict[str, str], named: dict[str, Number]) -> str:
    if any(n.value is None for n in named.values()):
        return "What work on standards is mostly about"
    most = max(n.value or 0.0 for n in named.values())
    top = [labels[c].lower().replace("co₂", "CO₂") for c in labels if named[c].value == most]
    if len(top) > 1 or len(top[0].split()) > 5:
        return "What work on standards is mostly about"
    return f"Standards work most often concerns {top[0]}"


def tell_permitting(season: Season) -> Prose:
    """What the returns say about permits and local regulation."""
    ids = {f: f"all.POL-01.{f}.median" for f in ("baseline", "value", "target")}
    numbers = {f: season.number(i, MONTHS) for f, i in ids.items()}
    told: list[Runs] = []
    if numbers["value"].value is not None:
        noun = pluralise(numbers["value"].value, "month")
        told.append(compose(f"The median permit takes {{}} {noun} now.", numbers["value"]))
    if numbers["baseline"].value is not None and numbers["target"].value is not None:
        told.append(
            compose(
                "The median baseline was {}, and the median target is {}.",
                numbers["baseline"], numbers["target"],
            )
        )  # fmt: skip
    simpler = count_levels(season, "POL-05")
    if simpler.answered:
        clusters = count_things(simpler.answered, "answering cluster")
        told.append(
            compose(
                f"Of {clusters}, {{}} report permits handled at the same time under binding "
                "deadlines, and {} sites assessed beforehand.",
                simpler.now[1], simpler.now[0],
            )
        )  # fmt: skip
    if not told:
        return write_absence("No cluster reported on permits or local regulation.")
    return write_paragraph(*told)


def plot_simpler(season: Season) -> Figure | Prose:
    """How far local regulation has been made simpler."""
    return plot_levels(season, "POL-05", _SIMPLER, figure_id="local-regulation", pillar="policy")


def plot_permit_pace(season: Season) -> Figure | Prose:
    """How many clusters shorten their permits fast enough for their targets."""
    return plot_verdicts(
        season, _PERMITTING, figure_id="permit-pace", pillar="policy", half=True,
        nobody="No cluster gave baseline, present time and target of its permits.",
    )  # fmt: skip


def tell_public_money(season: Season) -> Prose:
    """What the returns say about public money and the private money beside it."""
    ids = ["all.funding.public-secured", "all.funding.private-secured"]
    style = choose_common_style(season, ids)
    public, private = (print_amount(season, i, style) for i in ids)
    if "withheld" in (public.mark, private.mark):
        return write_absence("Public and private sums would give a respondent away.")
    if public.value is None or private.value is None:
        return write_absence("No cluster reported which of its money is public.")
    place = place_unit(style)
    return write_paragraph(
        compose(
            f"Public money of {place} is committed or disbursed, beside {place} of private money. "
            "That they stand side by side does not say that the one brought the other.",
            public, private,
        )
    )  # fmt: skip


def plot_instruments(season: Season) -> Figure | Prose:
    """Public and private money by instrument."""
    kinds = {c.code: c.label for c in season.framework.choices["finance_instruments"]}
    short = {code: label.partition(" (")[0].partition(" or ")[0] for code, label in kinds.items()}
    parts = read_parts(season, "all.FIN-T1.instrument-sector", rows=short, columns=_SECTORS)
    if parts.whole is None:
        return write_absence("No cluster reported by which instrument its money comes.")
    listed = sorted(
        (part for part in parts.rows if part.total.value or part.total.mark == "withheld"),
        key=lambda part: -(part.numbers[0].value or 0.0),
    )
    shown = parts.with_rows(listed)
    draw = partial(draw_parts, shown.bars, shown.categories, labels=42)
    return Figure(
        id="money-instruments",
        title=_title_money(listed),
        svg=draw(),
        narrow=draw(width=HALF_MM),
        alt=shown.describe("Bars, public and private money by instrument"),
        grid=shown.to_grid("Instrument"),
        unit=parts.style.unit,
        source="Survey, table FIN-T1; money of every status, at the average rate of its year.",
        n=parts.whole.n,
        of=parts.whole.of,
        notes=parts.notes,
        pillar="finance",
    )


def _title_money(listed: list[Part]) -> str:
    public = {part.label: part.numbers[0].value or 0.0 for part in listed}
    top = [label for label, value in public.items() if value and value == max(public.values())]
    hidden = any(part.numbers[0].mark == "withheld" for part in listed)
    if len(top) != 1 or hidden:
        return "Public and private money, by instrument"
    return f"Largest form of public money: {top[0][:1].lower()}{top[0][1:]}"
