"""The profile of one cluster: who it is, and the sentence that sums it up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from annual_report.countries import name_country
from annual_report.exhibits.amounts import choose_common_style
from annual_report.exhibits.model import Heading, Number, Prose, Runs, Tile, Tiles
from annual_report.exhibits.rows import label_choice, list_rows_of
from annual_report.exhibits.season import Season
from annual_report.exhibits.words import (
    compose,
    join_words,
    lower_first,
    pluralise,
    write_lead,
)
from annual_report.measures.answers import USABLE
from annual_report.numbers import COUNT, POINTS, Style, format_year
from annual_report.tables import list_records

COMPANIES, EMISSIONS, BASIS, SECTORS = "CLU-05", "CLU-08", "CLU-09", "CLU-T1"
_SECTORS_NAMED = 3


def show_heading(season: Season, cluster: str) -> Heading:
    """The cluster's name, as the chapter's title."""
    return Heading(level=1, text=season.name_of(cluster), id=cluster)


def read_return(season: Season, cluster: str) -> dict[str, Any]:
    """What became of the cluster's return, a row of the table of returns."""
    return next(r for r in list_records(season.returns) if r["cluster"] == cluster)


def has_answered(season: Season, cluster: str) -> bool:
    """Whether there is a return to show anything of."""
    return bool(read_return(season, cluster)["state"] == "answered")


def show_lead(season: Season, cluster: str) -> Prose:
    """Say how much is known, how emissions stand, and which pillar leads; or why nothing is."""
    row = read_return(season, cluster)
    if row["state"] != "answered":
        return write_lead(_tell_register(season, cluster), _tell_absence(row))
    answered = Number(text=str(row["answered"]), value=float(row["answered"]))
    verb = pluralise(row["answered"], "is", "are")
    count = compose(f"Of {row['asked']} questions {{}} {verb} answered.", answered)
    return write_lead(*_tell_verdict(season, cluster), *_tell_scores(season, cluster), count)


def _tell_register(season: Season, cluster: str) -> Runs:
    entry = season.edition.cluster(cluster)
    country = name_country(entry.country, season.edition.locale)
    joined = Number(
        text=format_year(entry.joined),
        value=float(entry.joined),
        source=entry.source or f"data/editions/{season.edition.edition}.yaml",
    )
    return compose(f"{country}; on the register since {{}}.", joined)


def _tell_absence(row: dict[str, Any]) -> Runs:
    reasons = {
        "silent": "There is no return for this edition, so that nothing more is reported here.",
        "unreadable": "The file that came could not be read.",
    }
    words = reasons.get(row["state"], "Its return could not be processed.")
    return compose(" ".join(filter(None, (words, row["reason"]))))


def _tell_verdict(season: Season, cluster: str) -> Iterator[Runs]:
    verdict = season.number(f"{cluster}.TEC-EMISSIONS.verdict")
    factor = season.number(f"{cluster}.TEC-EMISSIONS.acceleration", Style("×", digits=2))
    if verdict.text in ("off track", "well off track") and factor.value:
        yield compose(
            "Emissions are {}: to meet the target they must fall {} times as fast as so far.",
            verdict,
            factor,
        )
    elif verdict.text in ("achieved", "missed"):
        yield compose("The target for emissions is {}.", verdict)
    elif verdict.text == "wrong direction":
        yield compose("Emissions move in the {}.", verdict)
    elif verdict.text == "on track":
        yield compose("Emissions are {}.", verdict)


def _tell_scores(season: Season, cluster: str) -> Iterator[Runs]:
    numbers = {
        p.title: season.number(f"{cluster}.{p.code}.score", POINTS)
        for p in season.framework.pillars
    }
    known = {title: n for title, n in numbers.items() if n.value is not None}
    if len(known) < 2:
        return
    best = max(known, key=lambda title: known[title].value or 0.0)
    worst = min(known, key=lambda title: known[title].value or 0.0)
    yield compose(
        f"Its highest score is {lower_first(best)}, {{}} of 100, its lowest {lower_first(worst)}, "
        "{}.",
        known[best],
        known[worst],
    )


def show_facts(season: Season, cluster: str) -> Tiles | None:
    """Country, companies, emissions and jobs, as far as they are told; None for a silent one."""
    if not has_answered(season, cluster):
        return None
    tiles = [_tell_country(season, cluster)]
    tiles += _tell_companies(season, cluster)
    tiles += _tell_emissions(season, cluster)
    tiles += _tell_jobs(season, cluster)
    return Tiles(id=f"{cluster}-facts", style="facts", tiles=tuple(tiles))


def _tell_country(season: Season, cluster: str) -> Tile:
    entry = season.edition.cluster(cluster)
    return Tile(
        number=Number(text=name_country(entry.country, season.edition.locale)),
        unit="",
        label=f"member since {format_year(entry.joined)}",
    )


def _tell_companies(season: Season, cluster: str) -> Iterator[Tile]:
    number = season.number(f"{cluster}.{COMPANIES}.value.standard", COUNT)
    if number.value is None:
        return
    rows = list_rows_of(season, cluster, SECTORS).rows[:_SECTORS_NAMED]
    names = [lower_first(label_choice(season, "sectors", row.text("sector"))) for row in rows]
    unit = pluralise(number.value, "company", "companies")
    yield Tile(number=number, unit=unit, label=join_words(names) or "or tenants")


def _tell_emissions(season: Season, cluster: str) -> Iterator[Tile]:
    found = season.find(f"{cluster}.{EMISSIONS}.value.standard")
    if found is None or found.number is None or not found.is_public:
        return
    basis = read_text(season, cluster, BASIS)
    label = ", ".join(filter(None, (f"emitted in {found.year}", basis)))
    yield Tile(
        number=season.print_measured(found, style_emissions(season, cluster)),
        unit="Mt CO₂e",
        label=label,
    )


def style_emissions(season: Season, cluster: str) -> Style:
    """One number of decimals for all emissions of a cluster, in megatonnes."""
    fields = ("baseline", "value", "target")
    values = (season.value(f"{cluster}.{EMISSIONS}.{field}.standard") for field in fields)
    largest = max((abs(v) for v in values if v is not None), default=0.0)
    return Style("Mt CO₂e a year", decimals=1 if largest >= 1 else 2)


def _tell_jobs(season: Season, cluster: str) -> Iterator[Tile]:
    found = season.find(f"{cluster}.HEAD-JOBS.value")
    if found is not None and found.number is not None and found.is_public:
        style = choose_common_style(season, [found.id])
        label = f"created or protected, {found.year}"
        yield Tile(number=season.print_measured(found, style), unit="jobs", label=label)


def read_text(season: Season, cluster: str, question: str) -> str:
    """The text or choice code of a single answer that may be shown; empty without one."""
    answers = season.answers_of(cluster)
    mine = answers[(answers["question"] == question) & (answers["field"] == "value")]
    usable = mine[mine["status"].isin(USABLE) & (mine["consent"] == "publish")]
    texts = [text for text in usable["text"] if isinstance(text, str)]
    return texts[0] if texts else ""
