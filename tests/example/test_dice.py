"""Chance that can be repeated."""

from __future__ import annotations

import math
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from annual_report.example.dice import Dice, round_figures


def test_a_stream_is_that_of_pythons_own_generator() -> None:
    # seeding with a text and random() are what Python promises to keep
    generator, dice = Random("2023/anvil"), Dice(2023, "anvil")
    for _ in range(5):
        assert dice.between(0, 1) == generator.random()


def test_streams_of_two_topics_differ() -> None:
    assert Dice(1, "a").between(0, 1) != Dice(1, "b").between(0, 1)


@given(st.integers(), st.integers(-50, 50), st.integers(0, 50))
def test_whole_numbers_stay_between_their_bounds(seed: int, low: int, more: int) -> None:
    assert low <= Dice(seed).whole(low, low + more) <= low + more


@given(st.integers(), st.lists(st.integers(), unique=True), st.integers(0, 20))
def test_drawn_items_come_at_most_once(seed: int, items: list[int], count: int) -> None:
    drawn = Dice(seed).draw(items, count)
    assert len(drawn) == len(set(drawn)) == min(count, len(items))
    assert set(drawn) <= set(items)


@given(st.integers(), st.lists(st.floats(0.01, 10), min_size=1, max_size=8))
def test_a_weight_of_nothing_is_never_picked(seed: int, weights: list[float]) -> None:
    assert Dice(seed).pick(range(len(weights) + 1), [0.0, *weights]) != 0


@given(st.floats(1e-3, 1e14), st.integers(1, 6))
def test_rounding_changes_less_than_half_a_unit_of_the_last_figure(
    number: float, figures: int
) -> None:
    unit = 10 ** (math.floor(math.log10(number)) - figures + 1)
    assert abs(round_figures(number, figures) - number) <= unit * 0.5 * (1 + 1e-9)
