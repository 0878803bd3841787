"""All clusters at a glance: scores as measured, in alphabetical order, gaps in words."""

from __future__ import annotations

import statistics

import pytest

from annual_report.exhibits import glance
from annual_report.exhibits.glance import TOO_FEW, show_glance, show_glance_table
from annual_report.exhibits.model import Figure, Number, Table
from annual_report.exhibits.season import Season
from annual_report.season.symbols import VERDICT_SYMBOLS

PILLARS = ("partnerships", "policy", "finance", "technology")


def test_the_table_prints_each_score_to_the_point(season: Season) -> None:
    table = show_glance_table(season)
    assert isinstance(table, Table)
    ids = {c.name: c.id for c in season.edition.clusters}
    for name, *cells in table.grid.rows[:-1]:
        for pillar, cell in zip(PILLARS, cells, strict=False):
            score = season.value(f"{ids[str(name)]}.{pillar}.score")
            assert isinstance(cell, Number)
            assert cell.text == (TOO_FEW if score is None else f"{score:.0f}")


def test_the_last_row_is_the_median_of_the_rows_above(season: Season) -> None:
    table = show_glance_table(season)
    assert isinstance(table, Table)
    for column in range(1, 5):
        cells = [row[column] for row in table.grid.rows]
        known = [c.value for c in cells[:-1] if isinstance(c, Number) and c.value is not None]
        median = cells[-1]
        assert isinstance(median, Number)
        assert median.value == statistics.median(known)


def test_a_verdict_has_its_symbol_and_its_word(season: Season) -> None:
    table = show_glance_table(season)
    assert isinstance(table, Table)
    shown = [row[-1] for row in table.grid.rows[:-1]]
    texts = [cell.text for cell in shown if isinstance(cell, Number) and cell.text]
    assert texts
    assert set(texts) <= {f"{symbol} {verdict}" for verdict, symbol in VERDICT_SYMBOLS.items()}


def test_clusters_stand_in_alphabetical_order(season: Season) -> None:
    figure = show_glance(season)
    assert isinstance(figure, Figure)
    names = [str(row[0]) for row in figure.grid.rows]
    assert names == sorted(names, key=str.casefold)


def test_what_has_no_score_is_written_into_the_picture(season: Season) -> None:
    figure = show_glance(season)
    assert isinstance(figure, Figure)
    missing = sum(
        season.value(f"{c.id}.{p}.score") is None for c in season.answered for p in PILLARS
    )
    assert missing
    assert figure.svg.count("not enough answered") == missing


def list_scores(season: Season, pillar: str) -> list[float]:
    values = (season.value(f"{c.id}.{pillar}.score") for c in season.answered)
    return [value for value in values if value is not None]


def test_more_clusters_than_a_page_has_rows_are_counted(
    season: Season, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(glance, "LISTED", 5)
    figure = show_glance(season)
    assert isinstance(figure, Figure)
    height = float(figure.svg.partition('viewBox="')[2].partition('"')[0].split()[3])
    assert height * 25.4 / 72 < 80
    assert "Anvil Coast" not in figure.svg
    for column, pillar in enumerate(PILLARS, 1):
        scores = list_scores(season, pillar)
        for place, row in enumerate(figure.grid.rows):
            low, high = 10 * place, 10 * place + (10 if place < 9 else 11)
            assert isinstance(row[column], Number)
            assert row[column].value == sum(low <= score < high for score in scores)


def test_the_spread_of_scores_is_that_of_the_clusters(
    season: Season, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(glance, "LISTED", 5)
    table = show_glance_table(season)
    assert isinstance(table, Table)
    for row, pillar in zip(table.grid.rows, PILLARS, strict=True):
        scores = list_scores(season, pillar)
        low, q1, median, q3, high = [cell.value for cell in row[2:] if isinstance(cell, Number)]
        assert (low, high) == (min(scores), max(scores))
        assert median == statistics.median(scores)
        if len(scores) >= 10:
            first, _, third = statistics.quantiles(scores, method="inclusive")
            assert (q1, q3) == (pytest.approx(first), pytest.approx(third))
    assert "too many clusters to list" in table.notes[0]


def test_without_any_score_both_step_aside(silent_season: Season) -> None:
    assert show_glance(silent_season).kind == "prose"
    assert show_glance_table(silent_season) is None
