"""The small tables of a return: sectors, partners, policies, stories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from annual_report.example.dice import Dice
from annual_report.example.questions import PUBLISH
from annual_report.example.season import LAST_YEAR, Answers, Season

PARTNER_STATUSES = ("exploring", "mou", "agreement", "operating")
POLICY_STATUSES = ("called_for", "proposed", "adopted", "in_force")
_MARKET = ("supply", "demand")

Row = Mapping[str, object]


def number_rows(table: str, rows: Sequence[Row], season: Season) -> Answers:
    """Give rows the keys of a table's cells, with the consent of the table."""
    consent = season.profile.consent.get(table, PUBLISH)
    answers: Answers = {}
    for number, row in enumerate(rows, start=1):
        cells = {**row, "consent": consent}
        answers |= {f"{table}.{number}.{name}": value for name, value in cells.items()}
    return answers


def list_sectors(season: Season) -> Answers:
    """Sectors, the largest emitter first, with companies that add up to at most all of them."""
    profile, dice = season.profile, season.dice("sectors")
    pull = [dice.between(0.5, 1.5) for _ in profile.sectors]
    companies = profile.companies * (0.9 if season.is_earlier else 1)
    rows = [
        {
            "sector": sector.code,
            "companies": max(1, int(companies * weight / sum(pull))),
            "emissions_share": sector.share,
        }
        for sector, weight in zip(profile.sectors, pull, strict=True)
    ]
    return number_rows("CLU-T1", rows, season)


def list_partners(season: Season) -> Answers:
    """Partners of all sides; a firmly governed cluster has more of them under contract."""
    profile, dice = season.profile, season.dice("partners")
    level = profile.levels.governance or 0
    count = min(14, 4 + level + dice.whole(0, 5))
    kinds = dice.draw(season.catalogue.words.partners, count)
    # every cluster talks to somebody on either side of the market
    kinds.sort(key=lambda kind: kind.side not in _MARKET)
    weights = [1.4, 1.6, 0.5 + level * 0.55, 0.2 + level * 0.4]
    rows = []
    for kind in kinds:
        place, status = dice.pick(profile.places), dice.pick(PARTNER_STATUSES, weights)
        is_newer, is_abroad = dice.chance(0.3), dice.chance(0.15)
        rows.append(
            {
                "name": f"{place} {kind.ending}",
                "type": kind.type,
                "side": kind.side,
                "status": _lower(status, PARTNER_STATUSES, season.is_earlier and is_newer),
                "cross_border": is_abroad,
            }
        )
    kept = rows[: len(rows) - dice.whole(0, 2)] if season.is_earlier else rows
    return number_rows("PAR-T1", kept, season)


def list_policies(season: Season) -> Answers:
    """The policies of the country, and one to three of the place."""
    profile, dice = season.profile, season.dice("policies")
    rows: list[Row] = [
        {
            "name": policy.name,
            "level": policy.level,
            "instrument": policy.instrument,
            "status": _lower(policy.status, POLICY_STATUSES, _is_later(policy.moved, season)),
            "lever": policy.lever,
        }
        for policy in season.catalogue.policies[profile.country]
    ]
    level = profile.levels.streamlined or 0
    for policy in dice.draw(season.catalogue.words.local_policies, dice.whole(1, 3)):
        place, status = dice.pick(profile.places), _draw_local(dice, level)
        rows.append(
            {
                "name": policy.name.format(place=place),
                "level": "local",
                "instrument": policy.instrument,
                "status": _lower(status, POLICY_STATUSES, season.is_earlier and dice.chance(0.3)),
                "lever": policy.lever,
            }
        )
    return number_rows("POL-T1", rows, season)


def list_highlights(season: Season) -> Answers:
    """Cases and quotes; none in the year before, which nobody would print again."""
    if season.is_earlier:
        return {}
    cases = season.catalogue.cases.get(season.profile.id, ())
    quotes = season.catalogue.quotes.get(season.profile.id, ())
    return {
        **number_rows("HIG-T1", [case.model_dump() for case in cases], season),
        **number_rows("HIG-T2", [quote.model_dump() for quote in quotes], season),
    }


def _draw_local(dice: Dice, level: int) -> str:
    return dice.pick(POLICY_STATUSES, [1.5, 1.0, 0.6, 0.3 + level * 0.5])


def _is_later(moved: int, season: Season) -> bool:
    return season.is_earlier and moved == LAST_YEAR


def _lower(status: str, statuses: Sequence[str], is_lower: bool) -> str:
    place = statuses.index(status)
    return statuses[max(0, place - is_lower)]
