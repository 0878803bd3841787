"""Pictures of notebooks and drawings of exhibits: whether they can be shown, and how on paper."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from xml.etree.ElementTree import ParseError

import typst
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

DOTS = 300
"""Dots to the inch of a drawing that cannot stay one."""

_LINKED = re.compile(r"(?:url\(\s*['\"]?|@import\s+['\"]?)(?!['\"#]|data:)", re.I)
_END_OF_JPEG = b"\xff\xd9"
_NEVER = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False)


def find_fault(data: bytes, suffix: str) -> str | None:
    """Say why a picture cannot be shown, on paper as little as on a screen; None if it can."""
    if suffix == "svg" and (fault := _find_fault_of_svg(data)):
        return fault
    try:
        _set(data, suffix, _NEVER)
    except typst.TypstError:
        return f"it is no whole {suffix.upper()} file"
    if suffix == "jpeg" and _END_OF_JPEG not in data[-1024:]:
        return "it is no whole JPEG file"  # Typst hands it on without a look at its end
    return None


def _find_fault_of_svg(data: bytes) -> str | None:
    try:
        root = fromstring(data)
    except (ParseError, DefusedXmlException, ValueError):
        return "it is no whole SVG file"
    if not root.tag.endswith("svg"):
        return "it is no SVG file"
    for element in root.iter():
        tag = str(element.tag).rpartition("}")[2]
        links = [v for k, v in element.attrib.items() if k.rpartition("}")[2] == "href"]
        shown = tag in ("image", "feImage", "use")
        elsewhere = [link for link in links if shown and not link.startswith(("#", "data:"))]
        words = [*element.attrib.values(), (element.text or "") if tag == "style" else ""]
        if elsewhere or any(map(_LINKED.search, words)):
            target = f", {elsewhere[0][:80]}," if elsewhere else ""
            return f"it shows another file{target} which a report cannot hold: embed it"
    return None


def set_in_dots(
    svg: str, fonts: typst.Fonts, standards: Sequence[typst.PDFStandard]
) -> bytes | None:
    """Turn a drawing into a picture of dots if these standards do not accept the text in it.

    Typst gives a drawing's text no way back from glyphs to letters where several letters make one
    glyph or change places, as in Thai, Devanagari or Hebrew with vowels. A picture has no text;
    its alternative text says what it shows, and the document's own text is not concerned.

    Returns
    -------
    bytes or None
        A PNG file; None where the drawing can stay one.
    """
    if svg.isascii() or all(map(_is_plain, svg)):
        return None
    data = svg.encode()
    try:
        _set(data, "svg", fonts, standards=standards)
    except typst.TypstError:
        return _set(data, "svg", fonts, form="png")
    return None


def _is_plain(character: str) -> bool:
    """Tell what is sure to be a glyph for each letter: Latin, punctuation, signs."""
    return character < "\u0300" or "\u2000" <= character < "\u2c00"


def _set(
    data: bytes,
    suffix: str,
    fonts: typst.Fonts,
    *,
    standards: Sequence[typst.PDFStandard] = (),
    form: typst.OutputFormat = "pdf",
) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / f"picture.{suffix}").write_bytes(data)
        main = Path(folder) / "main.typ"
        main.write_text(
            '#set document(title: "A picture")\n'
            "#set page(width: 170mm, height: auto, margin: 0mm, fill: none)\n"
            f'#image("picture.{suffix}", width: 100%, alt: "A picture")\n'
        )
        drawn = typst.compile(
            main,
            root=Path(folder),
            font_paths=fonts,
            format=form,
            pdf_standards=list(standards),
            ppi=DOTS,
        )
    assert isinstance(drawn, bytes)
    return drawn
