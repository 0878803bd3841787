"""matplotlib's SVG made small, self-contained and fit to stand inside a page.

Styles become attributes, so that a page without inline styles shows them and its own rules can
switch them to dark; ids are short; numbers have two decimals.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from matplotlib.colors import to_hex
from seaborn import desaturate

from annual_report.exhibits.look.coverage import find_family
from annual_report.exhibits.look.tokens import FAMILIES, FAMILY, INK, TOKENS

_SVG = "{http://www.w3.org/2000/svg}"
_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
_NUMBER = re.compile(r"-?\d*\.?\d+(?:e-?\d+)?")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_MEASURED = {"d", "x", "y", "x1", "x2", "y1", "y2", "width", "height", "transform", "points"}
_MEASURED |= {"stroke-width", "stroke-dasharray", "stroke-dashoffset", "font-size", "viewBox"}
_KNOWN = frozenset(token.light for token in TOKENS)
# A run of characters that these lack names its own family
AS_DRAWN = "as-drawn"
"""The class of a drawing whose colours are not all tokens, and so have no dark counterparts."""
_FONT = ", ".join(f"'{f}'" for f in (*FAMILIES[:4], "Lato", "DejaVu Sans")) + ", sans-serif"


def minify_svg(svg: str) -> str:
    """Make a drawing of matplotlib small and free of style sheets."""
    root = ET.fromstring(svg)  # noqa: S314  our own drawing, not a file from outside
    for element in root.iter():
        _move_style_to_attributes(element)
        _shorten_numbers(element)
        element.tail = None
        if element.tag != f"{_SVG}text":
            element.text = None
    for element in list(root.iter(f"{_SVG}text")):
        _name_families(element)
    _colour_marks_where_used(root)
    _shorten_ids(root)
    _drop_clutter(root)
    _settle_colours(root)
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    root.set("font-family", _FONT)
    root.set("stroke-linejoin", "round")
    ET.register_namespace("", _SVG[1:-1])
    return ET.tostring(root, encoding="unicode").replace(" />", "/>")


def _move_style_to_attributes(element: ET.Element) -> None:
    for rule in element.attrib.pop("style", "").split(";"):
        name, colon, value = rule.partition(":")
        if colon and name.strip() not in ("font-family", "white-space"):
            element.set(name.strip(), value.strip())
    if _XLINK_HREF in element.attrib:
        element.set("href", element.attrib.pop(_XLINK_HREF))
    if element.get("font-size", "").endswith("px"):
        element.set("font-size", element.attrib["font-size"][:-2])
    if element.get("transform", "").startswith("rotate(-0 "):
        del element.attrib["transform"]
    if element.get("text-anchor") == "start":
        del element.attrib["text-anchor"]


def _colour_marks_where_used(root: ET.Element) -> None:
    """Leave the colours of a mark to the places that use it.

    A rule of the page reaches those, and not the copy of the mark that a browser makes of them.
    """
    marks = {f"#{path.get('id')}": path for path in root.iterfind(f".//{_SVG}defs/{_SVG}path")}
    for use in root.iter(f"{_SVG}use"):
        mark = marks.get(use.attrib["href"], use)
        for name in {"fill", "stroke"} & set(mark.attrib) - set(use.attrib):
            use.set(name, mark.attrib[name])
    for path in marks.values():
        for name in ("fill", "stroke"):
            path.attrib.pop(name, None)


def _name_families(element: ET.Element) -> None:
    """Name the family of each run of characters that the text family lacks.

    A renderer that looks for another font by itself gives up where the fonts' ligatures differ,
    as in "▲ off track".
    """
    runs = list(_split_families(element.text or ""))
    if all(family == FAMILY for family, _ in runs):
        return
    element.text = None
    for family, text in runs:
        part = ET.SubElement(element, f"{_SVG}tspan")
        part.text = text
        if family != FAMILY:
            part.set("font-family", f"'{family}'")


def _split_families(text: str) -> Iterator[tuple[str, str]]:
    family, run = FAMILY, ""
    for character in text:
        found = family if character == " " else find_family(character)
        if found != family and run:
            yield family, run
            run = ""
        family, run = found, run + character
    yield family, run


def _shorten_numbers(element: ET.Element) -> None:
    for name in _MEASURED & element.attrib.keys():
        value = _NUMBER.sub(_round, element.attrib[name])
        if name == "d":
            value = re.sub(r"\s*([A-Za-z])\s*", r"\1", " ".join(value.split()))
        element.set(name, value)


def _round(match: re.Match[str]) -> str:
    text = f"{float(match[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _shorten_ids(root: ET.Element) -> None:
    short = {name: f"i{i}" for i, name in enumerate(dict.fromkeys(_list_references(root)))}
    for element in root.iter():
        for key, value in list(element.attrib.items()):
            if key == "href" and value.startswith("#"):
                element.set(key, f"#{short[value[1:]]}")
            elif key not in ("id", "href"):
                element.set(key, _REFERENCE.sub(lambda m: f"url(#{short[m[1]]})", value))
            elif key == "id" and value in short:
                element.set(key, short[value])
            elif key == "id":
                del element.attrib[key]


def _list_references(root: ET.Element) -> Iterator[str]:
    for element in root.iter():
        for key, value in element.attrib.items():
            if key == "href":
                yield from [value[1:]] if value.startswith("#") else []
            else:
                yield from _REFERENCE.findall(value)


def _drop_clutter(parent: ET.Element) -> None:
    """Remove metadata, style sheets, invisible backgrounds and groups that group nothing."""
    for child in list(parent):
        _drop_clutter(child)
        tag = child.tag.removeprefix(_SVG)
        place = list(parent).index(child)
        invisible = (
            tag == "path"
            and child.get("fill") == "none"
            and child.get("stroke", "none") == "none"
            and "id" not in child.attrib
            and parent.tag != f"{_SVG}clipPath"
        )
        empty = tag in ("g", "defs") and not len(child)
        if tag in ("metadata", "style") or invisible or empty:
            parent.remove(child)
        elif tag == "g" and not child.attrib:
            parent.remove(child)
            for offset, grandchild in enumerate(list(child)):
                parent.insert(place + offset, grandchild)


def _settle_colours(root: ET.Element) -> None:
    """Take the tokens that seaborn has dulled for what they are; leave other colours as drawn.

    A drawing with colours of its own keeps all of them on a dark screen, on a ground of its own:
    changed singly, a text might end on its own colour.
    """
    others = set()
    for element in root.iter():
        for name in ("fill", "stroke"):
            colour = element.get(name, "none")
            if _COLOUR.fullmatch(colour) and colour not in _KNOWN:
                element.set(name, _DULLED.get(colour, colour))
                others |= {colour} - _DULLED.keys()
    if others:
        root.set("class", AS_DRAWN)


def _list_dulled() -> dict[str, str]:
    """What seaborn makes of the tokens where it is not told otherwise, and of black."""
    greys = {f"#{grey:02x}{grey:02x}{grey:02x}": INK for grey in range(0x60)}
    dulled = {to_hex(desaturate(colour, 0.75)): colour for colour in sorted(_KNOWN)}
    return {**greys, **dulled}


_DULLED = _list_dulled()
