from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.ticker import LogFormatterSciNotation, LogitFormatter

from annual_report.exhibits.look.coverage import list_drawn
from annual_report.exhibits.look.powers import PlainLabels, write_plain_labels, write_powers

LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−", "0123456789--")


@pytest.mark.parametrize(
    ("label", "text"),
    [
        (r"$\mathdefault{10^{2}}$", "10²"),
        (r"$\mathdefault{-10^{-12}}$", "−10⁻¹²"),
        (r"$\mathdefault{2\times10^{5}}$", "2×10⁵"),
        (r"$\mathdefault{\frac{1}{2}}$", "½"),
        (r"$\mathdefault{1-10^{-3}}$", "1−10⁻³"),
        (r"$\mathdefault{\overline{10^{-3}}}$", "1−10⁻³"),
        (r"$\mathdefault{10^{0.50}}$", "10^0.50"),
        ("$5 or $6", "$5 or $6"),
    ],
)
def test_mathematics_of_a_label_is_text(label: str, text: str) -> None:
    assert write_powers(label) == text


@given(st.integers(-30, 30))
def test_the_text_is_the_number_that_matplotlib_writes(power: int) -> None:
    label = PlainLabels(LogFormatterSciNotation())(10.0**power)
    assert set(map(ord, label)) <= list_drawn()
    found = re.fullmatch(r"10([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)", label)
    assert found
    assert int(found[1].translate(LOWERED)) == power


@given(st.floats(1e-6, 1 - 1e-6))
def test_no_notation_of_a_share_is_left(share: float) -> None:
    assert not set("$\\{}^") & set(PlainLabels(LogitFormatter()).format_ticks([share])[0])


def test_a_colour_bar_is_labelled_in_text_too() -> None:
    figure = Figure()
    axes = figure.subplots()
    bar = figure.colorbar(axes.scatter([1, 2], [1, 2], c=[1, 1000], norm="log"))
    write_plain_labels(figure)
    figure.draw_without_rendering()
    assert "10²" in [label.get_text() for label in bar.ax.get_yticklabels()]
