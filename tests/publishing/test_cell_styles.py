from __future__ import annotations

import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annual_report.exhibits.look.tokens import GROUND, INK, TOKENS, compute_contrast
from annual_report.publishing.blocks import Chapter, Fragment
from annual_report.publishing.cell_styles import CellStyle, read_cell_styles, write_rules
from annual_report.publishing.fragments import convert_fragments

FRAME = pd.DataFrame({"port": ["Anvil", "Kessel"], "jobs": [120, 4500]})
DARK = next(token.dark for token in TOKENS if token.name == "ground")


def read(declarations: str) -> CellStyle:
    return read_cell_styles(f"<style>#c {{{declarations}}}</style>").get("#c", CellStyle())


@pytest.mark.parametrize(
    ("declarations", "style"),
    [
        ("background-color: #ffeda0; color: #f1f1f1", CellStyle("#ffeda0", "#f1f1f1")),
        ("background-color: yellow", CellStyle("#ffff00", INK)),
        ("background: navy", CellStyle("#000080", GROUND)),
        ("color: RED !important; font-weight: bold", CellStyle(None, "#ff0000", bold=True)),
        ("color: rgb(1, 2, 300)", CellStyle(None, "#0102ff")),
        ("background-color: #0008", CellStyle("#777777", GROUND)),
        ("font-style: italic; text-align: right", CellStyle(italic=True, align="right")),
        ("color: transparent; background: url(x)", CellStyle()),
        ("color: expression(alert(1)); text-align: x", CellStyle()),
        ("position: fixed; content: 'x'", CellStyle()),
    ],
)
def test_what_a_style_says_is_read_as_values(declarations: str, style: CellStyle) -> None:
    assert read(declarations) == style


@given(st.text(max_size=60), st.text(max_size=20))
def test_nothing_of_a_style_sheet_is_copied(body: str, name: str) -> None:
    html = f"<style>#{name} {{{body}}} #c {{color: {body}}}</style><td style='{body}'>"
    rules = write_rules(read_cell_styles(html).values())
    plain = r"(?:background|color|font-weight|font-style):(?:#[0-9a-f]{6}|700|italic)"
    rule = rf"\.ar \.cell-[0-9a-z-]+:is\(td,th\)\{{{plain}(?:;{plain})*\}}"
    screen = rf"@media screen and \(prefers-color-scheme:dark\)\{{{rule}\}}"
    assert re.fullmatch(rf"(?:{rule}|{screen})*", rules)


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_coloured_text_can_be_read_on_a_dark_screen(channels: tuple[int, int, int]) -> None:
    colour = "#" + "".join(f"{channel:02x}" for channel in channels)
    rules = write_rules([CellStyle(colour=colour)])
    *_, last = re.findall(r"color:(#[0-9a-f]{6})", rules)
    assert compute_contrast(last, DARK) >= 4.5


def convert_styler(target: str) -> str:
    styler = FRAME.style.set_caption("Jobs by port & year").highlight_max(
        subset=["jobs"], props="background-color: #ffeda0; color: darkred; font-weight: bold"
    )
    fragment = Fragment(styler.to_html(), "html")
    (text,) = convert_fragments(
        [Chapter("T", "t", (fragment,))], "html" if target == "html" else "typst"
    )
    return text


def test_a_styler_keeps_its_colours_and_caption_on_a_page() -> None:
    html = convert_styler("html")
    assert "<caption>Jobs by port &amp; year</caption>" in html
    assert re.findall(r'class="(cell-[^"]+)">([^<]*)<', html) == [
        ("cell-ffeda0-8b0000-bold-x", "4500")
    ]
    assert "style" not in html


def test_a_styler_keeps_its_colours_and_caption_on_paper() -> None:
    markup = convert_styler("typst")
    assert "caption: [Jobs by port & year]" in markup
    cell = re.search(r'\("4500", .*?, \((fill: .*?), words: \((.*?),\)', markup)
    assert cell
    assert 'fill: rgb("#ffeda0")' in cell[1]
    assert 'fill: rgb("#8b0000")' in cell[2]
    assert 'weight: "bold"' in cell[2]


def test_cells_that_are_styled_in_place_keep_that_too() -> None:
    table = '<table><tr><td style="color : red; text-align:right; Font-Weight: bold;">x</td><td>y</td></tr></table>'
    (html,) = convert_fragments([Chapter("T", "t", (Fragment(table, "html"),))], "html")
    assert re.search(r'<td class="[^"]*\bcell-x-ff0000-bold-x\b[^"]*"[^>]*>x</td>', html)
    assert "<td>y</td>" in html
