"""Bars at the edges of what returns can say: nothing known, one part with nearly all, hidden parts."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annual_report.exhibits.canvas import FULL_MM, HALF_MM
from annual_report.exhibits.charts import Amount, Category, measure_text, place_key, split_in_blocks
from annual_report.exhibits.charts_bars import Rest, Row, draw_waterfall, draw_whole
from annual_report.exhibits.tokens import BAND, INK, MUTED

MM = 25.4 / 72
CATEGORIES = (Category("Disbursed", INK), Category("Committed", MUTED), Category("Announced", BAND))


def amount(value: float | None) -> Amount:
    return Amount(value, "" if value is None else f"{value:g}")


def read_labels(svg: str) -> dict[str, str]:
    """Read the texts of a drawing, and where each is anchored."""
    return {said: anchor for anchor, said in re.findall(r"<text([^>]*)>([^<]+)</text>", svg)}


def find_left(anchor: str) -> float:
    found = re.search(r'\bx="([-\d.]+)"|translate\(([-\d.]+)', anchor)
    assert found is not None
    return float(found[1] or found[2]) * MM


@pytest.mark.parametrize("width", [FULL_MM, HALF_MM])
def test_a_whole_of_nothing_is_drawn(width: float) -> None:
    svg = draw_whole(
        [(c, amount(None)) for c in CATEGORIES], None, whole=amount(0), label="Needed: 0",
        scale=1, width=width,
    )  # fmt: skip
    assert "Needed: 0" in svg


def test_a_part_that_is_withheld_leaves_a_gap_and_the_scale_goes_to_the_whole() -> None:
    parts = [(CATEGORIES[0], amount(None)), (CATEGORIES[2], amount(10))]
    rest = Rest(amount(30), "still to find")
    svg = draw_whole(parts, rest, whole=amount(100), label="Needed: 100", scale=1)
    assert "100" in read_labels(svg)  # on the scale, though the parts drawn are but 40
    # The known part is a tenth of the width, the open box three tenths at its end
    assert find_left(read_labels(svg)["30 still to find"]) > 0.7 * FULL_MM


@given(
    st.lists(st.just(0.0) | st.floats(0.001, 1e6), min_size=3, max_size=3).filter(any),
    st.sampled_from([FULL_MM, HALF_MM]),
)
def test_the_names_of_parts_stay_inside(sizes: list[float], width: float) -> None:
    parts = [(c, amount(size)) for c, size in zip(CATEGORIES, sizes, strict=True)]
    svg = draw_whole(parts, None, whole=amount(sum(sizes)), label="All", scale=1, width=width)
    for said, anchor in read_labels(svg).items():
        if said.split()[0] in ("Disbursed", "Committed", "Announced"):
            assert find_left(anchor) + measure_text(said) <= width + 0.1


@pytest.mark.parametrize("width", [FULL_MM, HALF_MM])
def test_a_text_without_room_beside_its_bar_is_not_cut(width: float) -> None:
    rows = [Row("One lever", (amount(1), amount(0.5), amount(1000)), end="")]
    svg = draw_waterfall(rows, CATEGORIES, None, scale=1, width=width)
    assert "1 disbursed, 0.5 committed" in svg
    assert "…" not in svg


@given(st.lists(st.integers(), max_size=9), st.floats(1, 300), st.floats(1, 300))
def test_blocks_hold_all_parts_in_order(parts: list[int], width: float, least: float) -> None:
    blocks = split_in_blocks(parts, width=width, least=least)
    assert [part for block in blocks for part in block] == parts
    assert all(len(block) == 1 or len(block) * least <= width for block in blocks)


@given(st.lists(st.text("abc", min_size=1, max_size=12), max_size=8), st.floats(30, 170))
def test_a_key_has_its_entries_in_order_and_inside(labels: list[str], width: float) -> None:
    places = place_key(labels, width=width, indent=20)
    assert places == sorted(places, key=lambda place: (place[1], place[0]))
    for label, (x, _) in zip(labels, places, strict=True):
        assert x == 0 or x + 3.8 + measure_text(label) <= width
