from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from annual_report.exhibits.look.canvas import new_figure, to_svg
from annual_report.exhibits.look.letters import Word, lift_words

SVG = "{http://www.w3.org/2000/svg}"


def draw(**style: object) -> str:
    with new_figure(width=100, height=50) as figure:
        figure.text(0.1, 0.2, "plain ▲ 天津")
        figure.text(0.5, 0.5, "น้ำ 3", fontsize=12, color="#14212b", **style)
        return to_svg(figure)


def list_texts(svg: str) -> list[str]:
    return ["".join(text.itertext()) for text in ET.fromstring(svg).iter(f"{SVG}text")]


def test_only_words_whose_letters_join_leave_the_drawing() -> None:
    svg, words = lift_words(draw())
    assert list_texts(svg) == ["plain ▲ 天津"]
    assert words == (Word("น้ำ 3", 141.73, 70.87, 12.0, "#14212b"),)


def test_a_drawing_without_such_words_is_as_it_was() -> None:
    with new_figure(height=20) as figure:
        figure.text(0, 0, "Łódź → Ελλάδα, Россия ▲ 天津 울산")
        svg = to_svg(figure)
    assert lift_words(svg) == (svg, ())


@pytest.mark.parametrize(
    ("style", "anchor", "angle", "strong", "italic"),
    [
        ({"ha": "center"}, 0.5, 0, False, False),
        ({"ha": "right", "weight": "bold"}, 1, 0, True, False),
        ({"rotation": 90, "style": "italic"}, 0, -90, False, True),
    ],
)
def test_a_word_keeps_its_look(
    style: dict[str, object], anchor: float, angle: float, strong: bool, italic: bool
) -> None:
    _, (word,) = lift_words(draw(**style))
    assert (word.anchor, word.angle) == (anchor, angle)
    assert (word.strong, word.italic) == (strong, italic)
