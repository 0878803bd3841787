"""Levels whose counts are withheld are no zero, in no title and no comparison."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from annual_report.exhibits.levels import Counts, Rung, count_levels, plot_levels
from annual_report.exhibits.model import Figure, Number
from annual_report.exhibits.season import Season

BOTTOM_BUT_ONE = 1
LEVELS = ["PAR-01", "PAR-02", "POL-03a", "POL-03b", "POL-03c", "POL-03d", "POL-04", "POL-05"]


@pytest.fixture(scope="module")
def private_season(make_season: Callable[..., Season]) -> Season:
    return make_season(6, answered=6, consent="aggregate only")


def count(*values: float | None) -> Counts:
    numbers = tuple(Number(text="" if v is None else f"{v:g}", value=v) for v in values)
    return Counts("PAR-01", numbers, (), answered=6, of=6)


def test_known_counts_add_up() -> None:
    counts = count(1, 2, 0, 3, 0)
    assert counts.at_least(3) == 3
    assert counts.mean == (4 * 1 + 3 * 2 + 1 * 3) / 6


def test_nothing_is_said_over_a_withheld_count() -> None:
    counts = count(1, None, 0, None, 0)
    assert counts.at_least(4) == 1
    assert counts.at_least(3) is None
    assert counts.mean is None


def test_a_figure_with_withheld_counts_says_so_and_no_number(private_season: Season) -> None:
    rung = Rung(BOTTOM_BUT_ONE, "has begun", "have begun")
    withheld = 0
    for question in LEVELS:
        figure = plot_levels(private_season, question, rung, figure_id="one", pillar="policy")
        assert isinstance(figure, Figure)
        if count_levels(private_season, question).at_least(BOTTOM_BUT_ONE) is None:
            withheld += 1
            assert figure.title == "Some counts are withheld to protect respondents"
            assert any("withheld" in note for note in figure.notes)
    assert withheld
