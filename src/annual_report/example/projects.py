"""Projects and the money behind them: one table follows from the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from annual_report.example.catalogue import Project
from annual_report.example.dice import Dice, round_figures
from annual_report.example.season import LAST_YEAR, Answers, Season
from annual_report.example.tables import Row, number_rows

_PRIVATE = ("balance_sheet", "loan", "equity", "bond", "lease")
_LIKELY = (5.0, 3.0, 2.0, 1.0, 0.6)
_MOST_ROWS = 12
_BEFORE = {"feed": "feasibility", "fid": "feed"}


@dataclass(frozen=True)
class Stand:
    """A project as it stands in the year reported, its cost in the country's money."""

    project: Project
    stage: str
    capex: float


@dataclass(frozen=True)
class Slice:
    """A part of a project's cost: who pays it, how far it is, how large it is."""

    sector: str
    status: str
    low: float
    high: float
    chance: float = 1.0


# Each unit of money stands in one row, at its furthest status; the shares of one stage stay
# below the whole cost.
_SLICES: dict[str, tuple[Slice, ...]] = {
    "operational": (
        Slice("public", "disbursed", 0.08, 0.2, 0.4),
        Slice("private", "disbursed", 0.6, 0.76),
    ),
    "construction": (
        Slice("public", "disbursed", 0.06, 0.14),
        Slice("public", "committed", 0.06, 0.12, 0.5),
        Slice("private", "committed", 0.34, 0.56),
    ),
    "fid": (
        Slice("public", "committed", 0.18, 0.3),
        Slice("private", "committed", 0.35, 0.6),
    ),
    "feed": (
        Slice("public", "committed", 0.02, 0.06, 0.6),
        Slice("public", "announced", 0.15, 0.3, 0.7),
        Slice("private", "announced", 0.1, 0.3, 0.3),
    ),
    "feasibility": (Slice("public", "announced", 0.04, 0.12, 0.3),),
}


def list_projects(season: Season) -> Answers:
    """Projects with stage, capacity, abatement and cost."""
    rows = [_describe_project(stand, season) for stand in stand_of_year(season)]
    return number_rows("TEC-T1", rows, season)


def list_funding(season: Season) -> Answers:
    """Money announced, committed and paid out for those projects."""
    stands = stand_of_year(season)
    rows = [row for stand in stands for row in _fund(stand, season)]
    rows += _fund_together(stands, season)
    amounts = sorted((float(str(row["amount"])) for row in rows), reverse=True)
    # people list what matters: the small sums are left out
    least = amounts[:_MOST_ROWS][-1]
    rows = [row for row in rows if float(str(row["amount"])) >= least]
    return number_rows("FIN-T1", rows, season)


def stand_of_year(season: Season) -> list[Stand]:
    """Every project as it stands in the year; the year before has fewer, and less far."""
    stands = []
    for project in season.catalogue.projects[season.profile.id]:
        dice = season.dice("project", project.name)
        cost = season.convert(project.capex_musd * 1e6)
        grew = dice.between(1.0, 1.06) if season.is_earlier else 1.0
        stage = _find_stage(project, dice) if season.is_earlier else project.stage
        if stage is not None:
            stands.append(Stand(project, stage, round_figures(cost / grew, 3)))
    return stands


def _find_stage(project: Project, dice: Dice) -> str | None:
    """The stage a year earlier; None where nobody had announced the project yet."""
    if project.stage == "announced":
        return None if dice.chance(0.4) else "announced"
    if project.stage == "operational":
        return "construction" if project.start == LAST_YEAR else "operational"
    if project.stage == "construction":
        return "fid" if project.decided == LAST_YEAR - 1 else "construction"
    moved = project.stage == "fid" or dice.chance(0.4)
    return _BEFORE.get(project.stage, "announced") if moved else project.stage


def _describe_project(stand: Stand, season: Season) -> Row:
    project, dice = stand.project, season.dice("delivery", stand.project.name)
    expected = project.abatement_kt * 1000
    load = dice.between(0.78, 1.02) - (dice.between(-0.04, 0.08) if season.is_earlier else 0)
    delivered = round_figures(expected * load, 3) if stand.stage == "operational" else None
    return {
        "name": project.name,
        "lever": project.lever,
        "stage": stand.stage,
        "capacity": project.capacity,
        "capacity_unit": project.unit,
        "expected_abatement": expected,
        "delivered_abatement": delivered,
        "capex": stand.capex,
        "currency": season.country.currency,
        "fid_year": project.decided,
        "start_year": project.start,
        "shared": project.shared,
    }


def _fund(stand: Stand, season: Season) -> Iterator[Row]:
    dice = season.dice("funding", stand.project.name)
    for part in _SLICES.get(stand.stage, ()):
        share, happens = dice.between(part.low, part.high), dice.chance(part.chance)
        source, instrument = _find_source(part, stand, season, dice)
        year = _find_year(part, stand, season)
        if happens:
            yield {
                "source": source,
                "sector": part.sector,
                "instrument": instrument,
                "amount": round_figures(stand.capex * share, 2),
                "currency": season.country.currency,
                "year": year,
                "status": part.status,
                "project": stand.project.name,
            }


def _fund_together(stands: list[Stand], season: Season) -> list[Row]:
    """What is signed for the cluster as a whole: a public programme, a fund of its members."""
    dice, currency = season.dice("together"), season.country.currency
    whole = sum(stand.capex for stand in stands)
    programme = {
        "source": dice.pick(season.country.public),
        "sector": "public",
        "instrument": dice.pick(("grant", "concessional_loan")),
        "amount": round_figures(whole * dice.between(0.03, 0.08), 2),
        "status": "committed",
    }
    fund = {
        "source": f"{season.profile.places[0]} members' fund",
        "sector": "private",
        "instrument": "equity",
        "amount": round_figures(whole * dice.between(0.02, 0.06), 2),
        "status": "disbursed" if dice.chance(0.2) else "committed",
    }
    return [{**row, "currency": currency, "year": season.year} for row in (programme, fund)]


def _find_source(part: Slice, stand: Stand, season: Season, dice: Dice) -> tuple[str, str]:
    if part.sector == "public":
        public = dice.pick(season.country.public)
        return public, dice.pick(("grant", "concessional_loan", "guarantee"), (6, 2, 1))
    instrument = dice.pick(_PRIVATE, _LIKELY)
    place = dice.pick(season.profile.places)
    owner = "Owners of" if instrument in ("balance_sheet", "equity") else "Lenders to"
    who = f"{owner} {stand.project.name}" if dice.chance(0.5) else f"{place} Capital Partners"
    return who, instrument


def _find_year(part: Slice, stand: Stand, season: Season) -> int:
    if part.status == "announced":
        return season.year
    if stand.stage == "operational":
        return min(stand.project.start, season.year)
    return min(max(stand.project.decided, season.year - 1), season.year)
