"""The single questions of a return: what stands in each cell of a clean answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from annual_report.example.catalogue import Blank, Course
from annual_report.example.dice import round_figures
from annual_report.example.season import Answers, Season
from annual_report.framework import Framework

NOT_APPLICABLE = "n/a"
PUBLISH, AGGREGATE = "publish", "aggregate only"
_LEVELS = {
    "PAR-01": "governance",
    "PAR-02": "sharing",
    "PAR-09": "standards",
    "POL-03a": "efficiency",
    "POL-03b": "electrification",
    "POL-03c": "hydrogen",
    "POL-03d": "ccus",
    "POL-04": "engagement",
    "POL-05": "streamlined",
    "FIN-03": "readiness",
}
_JOBS = {"CLU-12": 0.03, "CLU-13": 0.05, "CLU-14": 0.37}
_REST_OF_JOBS = "CLU-15"
_PLAN_YEAR = 2030
_SCOPE_2_THEN, _SCOPE_2_LATER = 1.15, 0.6


def answer_questions(season: Season, framework: Framework) -> Answers:
    """Answer the single questions, with year, basis, consent and comment where they are asked."""
    answers: Answers = {
        **_introduce(season),
        **_describe_cluster(season),
        **_describe_levels(season),
        **_describe_partnerships(season),
        **_describe_policy(season),
        **_describe_finance(season),
        **_describe_technology(season),
    }
    return {**answers, **dict(_accompany(answers, season, framework))}


def _accompany(
    answers: Answers, season: Season, framework: Framework
) -> Iterator[tuple[str, object]]:
    """Yield what stands beside a value: its year, how it is known, who may see it, a comment."""
    for code, question in framework.questions.items():
        value = answers.get(f"{code}.value")
        if value is None:
            continue
        dice = season.dice("beside", code)
        is_figure = value != NOT_APPLICABLE
        if question.dated and is_figure:
            yield f"{code}.value_year", season.year
        if question.basis and is_figure:
            yield f"{code}.basis", "estimated" if dice.chance(0.45) else "measured"
        if question.consent:
            yield f"{code}.consent", season.profile.consent.get(code, PUBLISH)
        comments = season.catalogue.words.comments.get(code, ())
        if comments and dice.chance(0.6):
            yield f"{code}.comment", dice.pick(comments)


def _introduce(season: Season) -> Answers:
    dice, words = season.dice("start"), season.catalogue.words
    role, signatory = dice.pick(words.roles), dice.pick(words.signatories)
    signed = dt.date(season.year + 1, 2, 12) + dt.timedelta(days=dice.whole(0, 55))
    return {
        "STA-02.value": role,
        "STA-03.value": season.country.currency,
        "STA-04.value": season.year,
        "STA-05.value": "en" if dice.chance(0.6) else season.country.language,
        "STA-06.value": signatory,
        "STA-07.value": signed,
    }


def _describe_cluster(season: Season) -> Answers:
    profile, dice = season.profile, season.dice("cluster")
    shrink = dice.between(0.95, 0.995) if season.is_earlier else 1.0
    potential = profile.potential / (dice.between(1.025, 1.055) if season.is_earlier else 1.0)
    return {
        "CLU-01.value": profile.country,
        "CLU-02.value": profile.latitude,
        "CLU-03.value": profile.longitude,
        "CLU-04.value": profile.joined,
        "CLU-05.value": round(profile.companies * shrink),
        **_describe_emissions(season),
        "CLU-09.value": profile.gases,
        "CLU-10.value": round(potential, 1),
        "CLU-11.value": _find_gdp(season),
        **_split_jobs(season),
    }


def _describe_emissions(season: Season) -> Answers:
    course = season.profile.emissions
    total = _follow(course, season, "emissions", "CLU-08")
    bought = season.profile.bought
    shares = {
        "value": bought,
        "baseline": min(0.9, bought * _SCOPE_2_THEN),
        "target": bought * _SCOPE_2_LATER,
    }
    answers = dict(total)
    for field, share in shares.items():
        whole = total.get(f"CLU-08.{field}")
        if not isinstance(whole, int | float):
            continue
        second = round(whole * share, 2)
        answers[f"CLU-07.{field}"] = second
        answers[f"CLU-06.{field}"] = round(whole - second, 2)
        for code in ("CLU-06", "CLU-07"):
            if field != "value":
                answers[f"{code}.{field}_year"] = total[f"CLU-08.{field}_year"]
    return answers


def _find_gdp(season: Season) -> float:
    growth = season.dice("gdp").between(1.02, 1.055) if season.is_earlier else 1.0
    return round_figures(season.convert(season.profile.gdp * 1e9) / growth, 4)


def _split_jobs(season: Season) -> Answers:
    if season.profile.jobs is None:
        return {}
    dice = season.dice("jobs")
    before = dice.between(1.004, 1.016) if season.is_earlier else 1.0
    jobs = season.profile.jobs * 1000 / before
    parts = {
        code: round(jobs * share * dice.between(0.75, 1.25), -1) for code, share in _JOBS.items()
    }
    parts[_REST_OF_JOBS] = round(jobs - sum(parts.values()), -1)
    return {f"{code}.value": int(number) for code, number in parts.items()}


def _describe_levels(season: Season) -> Answers:
    answers: Answers = {}
    for code, name in _LEVELS.items():
        level = getattr(season.profile.levels, name)
        if level is None:
            continue
        rose = season.is_earlier and season.dice("rose", code).chance(0.25)
        answers[f"{code}.value"] = max(0, level - rose)
    return answers


def _describe_partnerships(season: Season) -> Answers:
    profile, dice = season.profile, season.dice("partnerships")
    decides = (profile.levels.governance or 0) >= 3
    shared = profile.infrastructure
    fewer = dice.whole(0, 1) if season.is_earlier else 0
    answers: Answers = {
        "PAR-03.value": decides and not (season.is_earlier and dice.chance(0.2)),
        "PAR-04.value": round_figures(profile.staff * (0.85 if season.is_earlier else 1), 2),
        "PAR-05.value": profile.members - (dice.whole(0, 4) if season.is_earlier else 0),
        "PAR-06.value": max(0, shared.value - fewer),
        "PAR-06.target": shared.target,
        "PAR-06.target_year": shared.target_year,
        **_follow(profile.trained, season, "trained", "PAR-08"),
    }
    if profile.collaborations is not None:
        answers["PAR-07.value"] = max(0, profile.collaborations - fewer)
    if profile.levels.standards:
        themes = ("co2_transport", "hydrogen_transport", "heat", "grid", "circular", "data")
        answers["PAR-10.value"] = dice.pick(themes)
    return answers


def _describe_policy(season: Season) -> Answers:
    return {
        **_follow(season.profile.permitting, season, "permitting", "POL-01"),
        "POL-02.value": season.profile.priced,
    }


def _describe_finance(season: Season) -> Answers:
    profile = season.profile
    goal = profile.emissions.target_year or _PLAN_YEAR
    answers: Answers = {"FIN-02.value": max(goal, _PLAN_YEAR)}
    if profile.needed is not None:
        currency = str(profile.typed.get("FIN-01.currency", season.country.currency))
        needed = season.convert(profile.needed * 1e9, currency=currency)
        answers["FIN-01.value"] = round_figures(needed / (1.03 if season.is_earlier else 1), 2)
    return answers


def _describe_technology(season: Season) -> Answers:
    profile = season.profile
    courses = (profile.renewable, profile.hydrogen, profile.capture, profile.recovery, profile.heat)
    answers: Answers = {}
    for number, course in enumerate(courses, start=1):
        answers |= _follow(course, season, f"technology {number}", f"TEC-0{number}")
    return answers


def _follow(course: Course | Blank, season: Season, topic: str, code: str) -> Answers:
    """The cells of a question with baseline and target."""
    if course is None:
        return {}
    if not isinstance(course, Course):
        return {f"{code}.value": NOT_APPLICABLE}
    restated = season.profile.restated.get(f"{code}.baseline") if season.is_earlier else None
    return {
        f"{code}.value": season.step_back(course, topic),
        f"{code}.baseline": course.baseline if restated is None else restated,
        f"{code}.baseline_year": course.baseline_year,
        f"{code}.target": course.target,
        f"{code}.target_year": course.target_year,
    }
