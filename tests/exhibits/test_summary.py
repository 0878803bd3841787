"""The summary prints totals as measured, and says what others published as what it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from annual_report.edition import Context, PublishedTotal
from annual_report.exhibits.model import Number, Table
from annual_report.exhibits.season import Season
from annual_report.exhibits.summary import (
    show_context,
    show_lead,
    show_published,
    show_register_notes,
    show_tiles,
    style_headline,
)
from annual_report.numbers import format_number


def with_edition(season: Season, **changes: object) -> Season:
    return replace(season, edition=season.edition.model_copy(update=changes))


@pytest.fixture
def published() -> tuple[PublishedTotal, ...]:
    rest = {"definition": "As others count it.", "source": "a newspaper"}
    return (
        PublishedTotal(code="HEAD-CLUSTERS", label="Clusters", number=20, unit="clusters", **rest),
        PublishedTotal(code="HEAD-JOBS", label="Jobs", number=3.4, unit="million", **rest),
    )


@pytest.mark.parametrize(
    ("code", "value", "text"),
    [
        ("HEAD-POTENTIAL", 626.0, "626"),
        ("HEAD-GDP", 362e9, "362"),
        ("HEAD-JOBS", 3.4e6, "3.4"),
    ],
)
def test_headlines_print_with_the_precision_they_deserve(
    season: Season, code: str, value: float, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Season, "value", lambda *_: value)
    headline = next(h for h in season.framework.headlines if h.code == code)
    assert format_number(value, style_headline(season, headline), "en") == text


def test_a_tile_says_how_many_answered_and_of_which_year(season: Season) -> None:
    tile = show_tiles(season).tiles[0]
    total = season.find("all.HEAD-POTENTIAL.total")
    assert total is not None
    assert tile.basis == f"{total.n} of 12 clusters, {season.edition.year}"
    assert tile.number.value == total.number
    assert "clusters public in both years" in tile.change


def test_abbreviations_keep_their_capitals(season: Season) -> None:
    assert show_tiles(season).tiles[1].label == "contribution to GDP"


def test_the_lead_counts_the_returns(season: Season) -> None:
    text = "".join(run.text for run in show_lead(season).paragraphs[0])
    assert text.startswith("There is a return for 11 of 12 clusters in 9 countries.")


def test_every_number_of_the_lead_has_its_way_back(season: Season) -> None:
    numbers = [r for r in show_lead(season).paragraphs[0] if isinstance(r, Number)]
    assert numbers
    assert all(season.find(n.id or "") for n in numbers)


def test_published_totals_stand_beside_what_the_returns_give(
    season: Season, published: tuple[PublishedTotal, ...]
) -> None:
    table = show_published(with_edition(season, published_totals=published))
    assert isinstance(table, Table)
    clusters, jobs = table.grid.rows
    assert [c.text for c in clusters[1:3] if isinstance(c, Number)] == ["20", "12"]
    assert isinstance(jobs[1], Number)
    assert jobs[1].text == "3.4"
    assert jobs[-1] == "a newspaper"


def test_a_tile_that_no_return_fills_shows_what_was_published(
    silent_season: Season, published: tuple[PublishedTotal, ...]
) -> None:
    tile = show_tiles(with_edition(silent_season, published_totals=published)).tiles[2]
    assert (tile.number.text, tile.basis) == ("3.4", "as published elsewhere")
    assert tile.number.id is None


def test_nothing_published_nothing_shown(season: Season) -> None:
    assert show_published(season) is None
    assert show_context(season) is None
    assert show_register_notes(season) is None


def test_context_and_notes_are_told_with_their_source(season: Season) -> None:
    fact = Context(pillar="policy", text="A law is in force.", source="the law")
    told = with_edition(season, context=(fact,), register_notes=("Two are not named.",))
    context, notes = show_context(told), show_register_notes(told)
    assert context is not None
    assert notes is not None
    assert [run.text for run in context.paragraphs[0]] == ["A law is in force.", " (the law)"]
    assert notes.paragraphs[0][0].text == "Two are not named."
