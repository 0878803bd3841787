from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from xml.etree import ElementTree as ET

import matplotlib as mpl
import pytest
import seaborn as sns
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.colors import to_hex

from annual_report.exhibits.look import tokens
from annual_report.exhibits.look.canvas import HALF_MM, new_figure, to_svg
from annual_report.exhibits.look.coverage import find_family, list_drawn, read_coverage
from annual_report.exhibits.look.drawing import AS_DRAWN
from annual_report.exhibits.marks.charts import measure_text

SVG = "{http://www.w3.org/2000/svg}"
DRAW_AGAIN = """
from annual_report.exhibits.look.canvas import new_figure, to_svg
with new_figure(height=40) as figure:
    axes = figure.subplots()
    axes.plot([1, 2, 3], [2, 1, 3], "o")
    axes.set_title("Kessel ✔")
    print(to_svg(figure))
"""


def draw(plot: Callable[[Axes], object]) -> str:
    with new_figure(width=HALF_MM, height=40) as figure:
        plot(figure.subplots())
        return to_svg(figure)


def read_texts(svg: str) -> list[str]:
    return ["".join(element.itertext()) for element in ET.fromstring(svg).iter(f"{SVG}text")]


def test_the_same_drawing_gives_the_same_bytes_in_another_process() -> None:
    again = subprocess.run([sys.executable, "-c", DRAW_AGAIN], capture_output=True, check=True)
    with new_figure(height=40) as figure:
        axes = figure.subplots()
        axes.plot([1, 2, 3], [2, 1, 3], "o")
        axes.set_title("Kessel ✔")
        assert to_svg(figure) == again.stdout.decode().strip()


def test_a_drawing_has_no_style_date_or_long_name() -> None:
    svg = draw(lambda axes: axes.scatter([1, 2], [1, 2], color=tokens.NEW, marker="D"))
    root = ET.fromstring(svg)
    assert not list(root.iter(f"{SVG}style"))
    assert not list(root.iter(f"{SVG}metadata"))
    assert all("style" not in element.attrib for element in root.iter())
    assert all(len(element.get("id", "")) <= 3 for element in root.iter())


def test_the_size_on_paper_is_the_size_asked_for() -> None:
    svg = draw(lambda axes: axes.plot([1, 2]))
    _, _, width, height = map(float, ET.fromstring(svg).attrib["viewBox"].split())
    assert width / 72 * 25.4 == pytest.approx(HALF_MM, abs=0.02)
    assert height / 72 * 25.4 == pytest.approx(40, abs=0.02)


@pytest.mark.parametrize("label", ["a < b & c", "$x^2$ costs $5", "<script>", 'quote " end'])
def test_a_label_is_text_and_nothing_else(label: str) -> None:
    assert label in read_texts(draw(lambda axes: axes.set_title(label)))


def test_an_axis_of_powers_is_labelled_in_text() -> None:
    def plot(axes: Axes) -> None:
        axes.loglog([1, 1000], [0.001, 10])
        axes.inset_axes((0.5, 0.5, 0.4, 0.4)).semilogy([1, 2], [10, 1e6])

    texts = read_texts(draw(plot))
    assert {"10⁰", "10²", "10⁻³", "10⁶"} <= set(texts)
    assert not any(mark in text for text in texts for mark in ("mathdefault", "^", "$"))


def test_control_characters_become_their_pictures() -> None:
    assert "a␀b␛" in read_texts(draw(lambda axes: axes.set_title("a\x00b\x1b")))


def test_characters_that_the_text_family_lacks_name_their_own() -> None:
    svg = draw(lambda axes: axes.set_title("▲ off track"))
    runs = [(t.get("font-family"), t.text) for t in ET.fromstring(svg).iter(f"{SVG}tspan")]
    assert (f"'{tokens.SYMBOL_FAMILY}'", "▲ ") in runs
    assert (None, "off track") in runs


def test_a_mark_has_its_colours_where_a_rule_of_the_page_reaches_them() -> None:
    svg = ET.fromstring(draw(lambda axes: axes.plot([1, 2], "D", color=tokens.MUTED)))
    marks = svg.findall(f".//{SVG}defs/{SVG}path")
    uses = svg.findall(f".//{SVG}use")
    assert marks
    assert len(uses) >= 2
    assert not any({"fill", "stroke"} & set(mark.attrib) for mark in marks)
    drawn = {use.get("fill") for use in uses} | {use.get("stroke") for use in uses}
    assert tokens.MUTED.lower() in drawn


def test_colours_without_dark_counterparts_stay_as_drawn_all_of_them() -> None:
    svg = ET.fromstring(draw(lambda axes: axes.plot([1, 2], color="#ff0000")))
    assert svg.get("class") == AS_DRAWN
    assert (
        ET.fromstring(draw(lambda axes: axes.plot([1, 2], color=tokens.INK))).get("class") is None
    )


def test_what_seaborn_dulls_is_a_token_again() -> None:
    dulled = to_hex(sns.desaturate(tokens.PILLARS["policy"], 0.75))
    drawn = draw(lambda axes: axes.barh(["a"], [1], color=dulled))
    assert dulled not in drawn
    assert tokens.PILLARS["policy"] in drawn


def test_a_figure_leaves_the_settings_of_matplotlib_as_they_were() -> None:
    before = font_manager.FontProperties().get_family()
    draw(lambda axes: axes.plot([1, 2]))
    assert font_manager.FontProperties().get_family() == before


def test_the_list_of_characters_is_that_of_the_fonts() -> None:
    for name, listed in read_coverage().items():
        if not name.endswith(".woff2"):
            font = font_manager.get_font(str(tokens.FONTS / name))
            assert listed == set(font.get_charmap()), name


@pytest.mark.parametrize(
    "text",
    [
        "Đà Nẵng",
        "Ελλάδα",
        "Россия",
        "Łódź",
        "✔●▲▼✖◇○◆◐⊘",
        "→≥−×₂€‰",
        "天津",
        "東京",
        "مرحبا",
        "울산",
        "ไทย",
        "हिन्दी",
    ],
)
def test_the_package_has_a_font_for(text: str) -> None:
    assert set(map(ord, text)) <= list_drawn()


@given(st.text(min_size=1, max_size=20))
def test_some_family_is_named_for_every_character(text: str) -> None:
    assert {find_family(character) for character in text} <= set(tokens.FAMILIES)


MEASURE = """
from annual_report.exhibits.marks.charts import measure_text
print(measure_text("Ports without a plan ✔", 9, bold=True))
"""


def test_a_text_measured_first_of_all_is_as_wide_as_one_measured_after_a_drawing() -> None:
    first = subprocess.run([sys.executable, "-c", MEASURE], capture_output=True, check=True)
    draw(lambda axes: axes.plot([1, 2]))
    assert float(first.stdout) == measure_text("Ports without a plan ✔", 9, bold=True)
    assert first.stderr == b""


def test_fonts_are_found_again_when_matplotlib_has_read_the_systems_anew() -> None:
    width = measure_text("Ports")
    manager = font_manager.fontManager
    manager.ttflist = [entry for entry in manager.ttflist if entry.name not in tokens.FAMILIES]
    manager._findfont_cached.cache_clear()
    assert measure_text("Ports") == width


def test_a_drawing_is_the_same_whatever_a_notebook_has_set_before() -> None:
    plain = draw(lambda axes: axes.plot([1, 2, 2]))
    with mpl.rc_context():
        sns.set_theme(style="darkgrid", context="talk", palette="husl")
        mpl.rcParams["xtick.major.pad"] = 20
        assert draw(lambda axes: axes.plot([1, 2, 2])) == plain
