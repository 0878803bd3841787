"""What moved since the last edition: sentences over clusters that are in both, never over others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from annual_report.exhibits.model import Number, Prose, Runs
from annual_report.exhibits.queried import reword
from annual_report.exhibits.season import Season
from annual_report.exhibits.summary import style_headline
from annual_report.exhibits.words import (
    compose,
    count_things,
    join_words,
    name_some,
    pluralise,
    write_absence,
    write_text,
)
from annual_report.framework import Headline
from annual_report.numbers import COUNT, PERCENT

_LEVEL = "rubric_level"


def show_moves(season: Season) -> Prose:
    """Say what moved, in computed sentences, or why nothing can be compared."""
    if season.edition.previous is None:
        return write_absence("There is no earlier edition to compare this one with.")
    sentences = [
        *_tell_joiners(season),
        *_tell_leavers(season),
        *_tell_headlines(season),
        *_tell_levels(season),
        *_tell_scores(season),
    ]
    if not sentences:
        return write_absence("No cluster answered in both editions, so that nothing is compared.")
    return write_text(*sentences, bullets=True)


def _tell_joiners(season: Season) -> Iterator[Runs]:
    joined = [c.name for c in season.edition.clusters if c.joined == season.edition.year]
    if joined:
        noun = pluralise(len(joined), "cluster")
        number = season.number("all.register.joined", COUNT)
        names = name_some(sorted(joined, key=str.casefold), "cluster")
        yield compose(f"{{}} {noun} joined: {names}.", number)


def _tell_leavers(season: Season) -> Iterator[Runs]:
    if season.left:
        noun = pluralise(len(season.left), "cluster")
        number = season.number("all.register.left", COUNT)
        names = name_some([c.name for c in season.left], "cluster")
        yield compose(
            f"{{}} {noun} left: {names}. Last year's totals hold what this year's do not, so that "
            "the two are not compared.",
            number,
        )


def _tell_headlines(season: Season) -> Iterator[Runs]:
    for headline in season.framework.headlines:
        change = season.find(f"all.{headline.code}.cohort-change")
        if change is not None and change.number is not None:
            yield _tell_change(season, headline, change.number, change.n or 0)


def _tell_change(season: Season, headline: Headline, change: float, n: int) -> Runs:
    style = replace(style_headline(season, headline), digits=3)
    shown = season.number(f"all.{headline.code}.cohort-change", PERCENT)
    verb = "rose" if change > 0 else "fell"
    if not round(abs(change)):
        verb, shown = "changed", reword(shown, "less than 1")
    size = shown.model_copy(update={"text": shown.text.lstrip("−")})
    return compose(
        f"{headline.name} {verb} by {{}}\u00a0%, from {{}} to {{}} {style.unit}, over the "
        f"{count_things(n, 'cluster')} that published it in both years.",
        size,
        season.number(f"all.{headline.code}.cohort-before", style),
        season.number(f"all.{headline.code}.cohort", style),
    )


def _tell_levels(season: Season) -> Iterator[Runs]:
    for indicator in season.framework.indicators:
        if indicator.calculation != _LEVEL:
            continue
        stem = f"all.{indicator.questions[0]}.moves"
        up, down = season.find(f"{stem}.up"), season.find(f"{stem}.down")
        if up is None or down is None or not (up.number or down.number):
            continue
        yield compose(
            f"{indicator.name}: {{}} of {count_things(up.n or 0, 'cluster')} moved up a level or "
            "more, {} moved down.",
            _print_count(season, up.id),
            _print_count(season, down.id),
        )


def _tell_scores(season: Season) -> Iterator[Runs]:
    still = []
    for pillar in season.framework.pillars:
        up = season.find(f"all.{pillar.code}.moves.up")
        down = season.find(f"all.{pillar.code}.moves.down")
        if up is None or down is None:
            continue
        if not (up.number or down.number):
            still.append(pillar.title)
            continue
        yield compose(
            f"{pillar.title}: {{}} of {count_things(up.n or 0, 'score')} rose and {{}} fell by more "
            "than their intervals leave open.",
            _print_count(season, up.id),
            _print_count(season, down.id),
        )
    if still:
        yield compose(f"{join_words(still)}: no score moved by more than its interval leaves open.")


def _print_count(season: Season, number_id: str) -> Number:
    number = season.number(number_id, COUNT)
    return reword(number, "none") if number.value == 0 else number
