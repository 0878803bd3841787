"""The year at a glance: what the report found, headline tiles, what others have published."""

from __future__ import annotations

from collections.abc import Iterator

from annual_report.edition import PublishedTotal
from annual_report.exhibits.amounts import place_unit
from annual_report.exhibits.model import (
    Cell,
    Grid,
    Number,
    Prose,
    Runs,
    Span,
    Table,
    TableColumn,
    Tile,
    Tiles,
)
from annual_report.exhibits.season import Season
from annual_report.exhibits.words import (
    compose,
    count_things,
    lower_first,
    pluralise,
    write_lead,
    write_text,
)
from annual_report.framework import Headline
from annual_report.numbers import CHANGE, COUNT, POINTS, Style, choose_style, format_count

TILES = ("HEAD-POTENTIAL", "HEAD-GDP", "HEAD-JOBS")
REGISTER_CODES = {
    "HEAD-CLUSTERS": "all.register.clusters",
    "HEAD-COUNTRIES": "all.register.countries",
    "HEAD-CONTINENTS": "all.register.continents",
    "HEAD-JOINERS": "all.register.joined",
}
"""Published totals that stand beside a count on the register."""


def show_lead(season: Season) -> Prose:
    """Say what the year's returns say, in computed numbers."""
    return write_lead(*_write_findings(season))


def _write_findings(season: Season) -> Iterator[Runs]:
    answered = season.number("all.register.returns.answered", COUNT)
    clusters = season.value("all.register.clusters") or 0
    countries = season.number("all.register.countries", COUNT)
    nations = pluralise(countries.value or 0, "country", "countries")
    yield compose(
        f"There is a return for {{}} of {{}} in {{}} {nations}.",
        answered,
        count_things(clusters, "cluster"),
        countries,
    )
    medians = {
        p: found.number
        for p in season.framework.pillars
        if (found := season.find(f"all.{p.code}.score.median")) and found.number is not None
    }
    if not medians:
        yield compose("Too few questions are answered for a score or a total.")
        return
    last = min(medians, key=lambda p: medians[p])
    median = season.number(f"all.{last.code}.score.median", POINTS)
    yield compose(f"{last.title} has the lowest median score, {{}} of 100.", median)
    yield from _write_money(season)
    yield from _write_emissions(season)


def _write_money(season: Season) -> Iterator[Runs]:
    needed, secured = season.find("all.funding.needed"), season.find("all.funding.secured")
    if not (needed and secured and needed.number and secured.number is not None):
        return
    style = choose_style(needed.number, needed.unit or season.edition.currency)
    yield compose(
        f"Of the {place_unit(style)} that the plans need, {place_unit(style)} are committed or paid "
        "out.",
        season.number(needed.id, style),
        season.number(secured.id, style),
    )


def _write_emissions(season: Season) -> Iterator[Runs]:
    stem = "all.TEC-EMISSIONS.count"
    on, off = season.find(f"{stem}.on-track"), season.find(f"{stem}.well-off-track")
    far = season.number(f"{stem}.well-off-track", COUNT)
    if off is None or not off.number:
        return
    near = season.number(f"{stem}.on-track", COUNT) if on else "none"
    verb = pluralise(on.number if on and on.number else 0, "is", "are")
    yield compose(
        f"On emissions, {{}} of {{}} {verb} on track and {{}} well off track.",
        near,
        count_things(off.n or 0, "cluster"),
        far,
    )


def show_tiles(season: Season) -> Tiles:
    """Headline figures with definition, year, n of N and the change on the constant cohort."""
    headlines = {h.code: h for h in season.framework.headlines}
    tiles = [_headline_tile(season, headlines[code]) for code in TILES]
    return Tiles(id="headlines", tiles=(*tiles, _register_tile(season)))


def style_headline(season: Season, headline: Headline) -> Style:
    """How a headline is shown: scaled as the framework says, two or three significant digits."""
    words = headline.name_unit(season.edition.currency)
    total = season.value(f"all.{headline.code}.total") or 0.0
    return Style(words, headline.scale, digits=2 if total < 10 * headline.scale else 3)


def _headline_tile(season: Season, headline: Headline) -> Tile:
    total = season.find(f"all.{headline.code}.total")
    style = style_headline(season, headline)
    number = season.number(f"all.{headline.code}.total", style)
    n, of = (total.n or 0, total.of or 0) if total else (0, len(season.edition.clusters))
    unit, _, per = style.unit.partition(" a ")
    label = f"{lower_first(headline.name)} a {per}" if per else lower_first(headline.name)
    basis = f"{format_count(n)} of {count_things(of, 'cluster')}, {season.edition.year}"
    published = _find_published(season, headline.code)
    if number.mark == "missing" and published:
        return Tile(
            number=_print_published(season, published),
            unit=unit,
            label=label,
            basis="as published elsewhere",
            change=f"{format_count(n)} of {count_things(of, 'cluster')} gave it",
        )
    change = _describe_change(season, headline.code)
    if number.mark == "withheld":
        change = "withheld to protect a respondent"
    return Tile(
        number=number,
        unit=unit if not number.mark else "",
        label=label,
        basis=basis,
        change=change,
    )


def _describe_change(season: Season, code: str) -> str:
    change = season.find(f"all.{code}.cohort-change")
    if change is None or change.number is None:
        return ""
    shown = season.print_measured(change, CHANGE).text
    return f"{shown}\u00a0% on {count_things(change.n or 0, 'cluster')} public in both years"


def _register_tile(season: Season) -> Tile:
    countries = season.number("all.register.countries", COUNT)
    continents = season.value("all.register.continents") or 0
    clusters = season.value("all.register.clusters") or 0
    joined = season.value("all.register.joined") or 0
    left = f", {format_count(len(season.left))} left" if season.left else ""
    return Tile(
        number=countries,
        unit=pluralise(countries.value or 0, "country", "countries"),
        label=f"on {count_things(continents, 'continent')}",
        basis=f"{count_things(clusters, 'cluster')} on the register",
        change=f"{format_count(joined)} joined in {season.edition.year}{left}",
    )


def show_published(season: Season) -> Table | None:
    """Set totals that others published beside what the returns add up to; None without any."""
    totals = season.edition.published_totals
    if not totals:
        return None
    confirmed = sum(_recompute(season, t).value == t.number for t in totals)
    return Table(
        id="published-totals",
        title=f"{format_count(confirmed)} of {format_count(len(totals))} published totals can be confirmed",
        source="Published: as the last column names it. From the returns: this edition.",
        sortable=False,
        grid=Grid(
            columns=(
                TableColumn(name="what", label="What", width=1.5),
                TableColumn(name="published", label="Published", align="right", width=0.9),
                TableColumn(name="recomputed", label="From the returns", align="right", width=0.9),
                TableColumn(name="unit", label="Unit", width=1.1),
                TableColumn(name="why", label="How they compare", width=1.9),
                TableColumn(name="meaning", label="What is meant", width=3.4),
                TableColumn(name="source", label="Source", width=0.9),
            ),
            rows=tuple(_compare_published(season, total) for total in totals),
        ),
    )


def _compare_published(season: Season, total: PublishedTotal) -> tuple[Cell, ...]:
    return (
        total.label,
        _print_published(season, total),
        _recompute(season, total),
        total.unit.replace("CO2", "CO₂"),
        _explain(season, total),
        total.definition,
        total.source,
    )


def _recompute(season: Season, total: PublishedTotal) -> Number:
    if total.code in REGISTER_CODES:
        return season.number(REGISTER_CODES[total.code], COUNT)
    headline = next((h for h in season.framework.headlines if h.code == total.code), None)
    style = style_headline(season, headline) if headline else None
    return season.number(f"all.{total.code}.total", style)


def _explain(season: Season, total: PublishedTotal) -> str:
    found = season.find(REGISTER_CODES.get(total.code, f"all.{total.code}.total"))
    if found is None or found.number is None:
        of = len(season.edition.clusters)
        n = found.n if found and found.n else 0
        return f"{format_count(n)} of {count_things(of, 'cluster')} gave it"
    if total.code in REGISTER_CODES:
        same = found.number == total.number
        return "the same" if same else "what the register's own entries give"
    return f"{format_count(found.n or 0)} of {count_things(found.of or 0, 'cluster')} gave it"


def _find_published(season: Season, code: str) -> PublishedTotal | None:
    return next((t for t in season.edition.published_totals if t.code == code), None)


def _print_published(season: Season, total: PublishedTotal) -> Number:
    source = f"{total.definition}\n{total.source}\ndata/editions/{season.edition.edition}.yaml"
    return Number(text=season.print_in_full(total.number), value=total.number, source=source)


def show_context(season: Season) -> Prose | None:
    """Tell published facts that belong to no single cluster; None without any."""
    facts = [
        (Span(text=fact.text), Span(text=f" ({fact.source})", muted=True))
        for fact in season.edition.context
    ]
    return write_text(*facts, bullets=True) if facts else None


def show_register_notes(season: Season) -> Prose | None:
    """Say what the register's columns cannot; None where there is nothing to say."""
    notes = [compose(note) for note in season.edition.register_notes]
    return Prose(role="note", paragraphs=tuple(notes)) if notes else None
