"""The year at a glance: headline tiles, what the report found, what moved."""

from __future__ import annotations

from annual_report.exhibits.model import Number, Prose, Runs, Tile, Tiles
from annual_report.exhibits.numbers import CHANGE, COUNT, Style, label_unit
from annual_report.exhibits.season import Season
from annual_report.exhibits.words import (
    compose,
    count_things,
    pluralise,
    write_absence,
    write_lead,
    write_text,
)
from annual_report.framework import Headline

TILES = ("HEAD-POTENTIAL", "HEAD-GDP", "HEAD-JOBS")


def show_tiles(season: Season) -> Tiles:
    """Headline figures with definition, year, n of N and the change on the constant cohort."""
    headlines = {h.code: h for h in season.framework.headlines}
    tiles = [_headline_tile(season, headlines[code]) for code in TILES]
    return Tiles(id="headlines", tiles=(*tiles, _register_tile(season)))


def style_headline(season: Season, headline: Headline) -> Style:
    """How a headline is shown: scaled as the framework says, three significant digits."""
    words = headline.name_unit(season.edition.currency).replace("CO2", "CO₂")
    return Style(words, headline.scale, digits=3)


def _headline_tile(season: Season, headline: Headline) -> Tile:
    total = season.find(f"all.{headline.code}.total")
    style = style_headline(season, headline)
    number = season.number(f"all.{headline.code}.total", style)
    n, of = (total.n, total.of) if total else (0, len(season.edition.clusters))
    return Tile(
        number=number,
        unit=style.unit if not number.mark else "",
        label=headline.name.lower(),
        basis=f"{n} of {count_things(of or 0, 'cluster')}, {season.edition.year}",
        change=_describe_change(season, headline.code),
    )


def _describe_change(season: Season, code: str) -> str:
    change = season.find(f"all.{code}.cohort-change")
    if change is None or change.number is None:
        return ""
    shown = season.print_number(change.number, CHANGE)
    return f"{shown}\u00a0% on {count_things(change.n or 0, 'cluster')} in both years"


def _register_tile(season: Season) -> Tile:
    countries = season.number("all.register.countries", COUNT)
    continents = season.value("all.register.continents") or 0
    clusters = season.value("all.register.clusters") or 0
    joined = season.value("all.register.joined") or 0
    return Tile(
        number=countries,
        unit=pluralise(countries.value or 0, "country", "countries"),
        label=f"on {count_things(continents, 'continent')}",
        basis=f"{count_things(clusters, 'cluster')} on the register",
        change=f"{joined:.0f} joined in {season.edition.year}",
    )
