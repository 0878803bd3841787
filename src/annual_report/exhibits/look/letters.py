"""The words of a drawing that only a typesetter can set: scripts whose letters join and change places.

What turns SVG into PDF sets each letter by itself, which spells Devanagari or Thai wrongly. On
paper such words are taken out of the drawing, and Typst sets them over it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from xml.etree import ElementTree as ET

_TEXT = "{http://www.w3.org/2000/svg}text"
_MOVES = re.compile(r"(translate|rotate)\(([^)]*)\)")
_ANCHORS = {"start": 0.0, "middle": 0.5, "end": 1.0}


@dataclass(frozen=True)
class Word:
    """One text of a drawing: where its anchor is, in the drawing's units, and how it looks.

    ``anchor`` is the share of its width that is left of there; ``angle`` is in degrees, clockwise.
    """

    text: str
    x: float
    y: float
    size: float
    fill: str
    anchor: float = 0.0
    angle: float = 0.0
    strong: bool = False
    italic: bool = False


def is_shaped(text: str) -> bool:
    """Tell whether a text has a letter that joins with its neighbours or carries a mark.

    >>> is_shaped("Łódź, 天津"), is_shaped("मुंबई")
    (False, True)
    """
    return not text.isascii() and any(map(_is_shaped, text))


def _is_shaped(character: str) -> bool:
    return unicodedata.category(character)[0] == "M" or "\u0530" <= character < "\u1e00"


def lift_words(svg: str) -> tuple[str, tuple[Word, ...]]:
    """Take the words out of a drawing that it cannot set itself; the drawing is as it was if none."""
    if not is_shaped(svg):
        return svg, ()
    root = ET.fromstring(svg)  # noqa: S314  our own drawing, not a file from outside
    found = [element for element in root.iterfind(_TEXT) if is_shaped("".join(element.itertext()))]
    words = tuple(map(_read_word, found))
    for element in found:
        root.remove(element)
    ET.register_namespace("", _TEXT[1:-5])
    return ET.tostring(root, encoding="unicode"), words


def _read_word(element: ET.Element) -> Word:
    x, y = (float(element.get(name, 0)) for name in ("x", "y"))
    angle = 0.0
    for kind, values in _MOVES.findall(element.get("transform", "")):
        numbers = [float(value) for value in re.split(r"[\s,]+", values.strip())]
        if kind == "translate":
            x, y = x + numbers[0], y + (numbers[1:] or [0.0])[0]
        else:
            angle = numbers[0]
    return Word(
        "".join(element.itertext()),
        x,
        y,
        float(element.get("font-size", 8)),
        element.get("fill", "#000000"),
        _ANCHORS[element.get("text-anchor", "start")],
        angle,
        element.get("font-weight", "400") in ("700", "bold"),
        element.get("font-style") == "italic",
    )
