"""How a pandas Styler has dressed the cells of a table: colours, weight, slope, alignment.

What is taken over is read as values and written anew; nothing of a style sheet is copied.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from annual_report.exhibits.look.tokens import TOKENS, choose_text_colour, compute_contrast

READABLE = 4.5
"""Contrast of text that everybody can read (WCAG 2, AA)."""

Align = Literal["left", "right", "center"]

_SHEET = re.compile(r"<style\b[^>]*>(.*?)</style\s*>", re.I | re.S)
_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_OWN = re.compile(r"#([\w-]+)")
_ATTRIBUTE = re.compile(r"<t[dh]\b[^>]*?\sstyle\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.I)
_RGB = re.compile(r"rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)\s*\)")
_DARK_GROUND = next(token.dark for token in TOKENS if token.name == "ground")


@dataclass(frozen=True)
class CellStyle:
    """How one cell looks. A filled cell is the same on a dark screen; text alone grows lighter."""

    fill: str | None = None
    colour: str | None = None
    bold: bool = False
    italic: bool = False
    align: Align | None = None

    @property
    def name(self) -> str:
        """Name of its class on a page."""
        parts = (self.fill, self.colour, "bold" if self.bold else "", "italic" * self.italic)
        return "-".join(["cell", *((part or "").lstrip("#") or "x" for part in parts)])

    @property
    def is_plain(self) -> bool:
        return not (self.fill or self.colour or self.bold or self.italic)

    def write_attributes(self) -> dict[str, str]:
        """Write it for Pandoc's filter."""
        told = {
            "class": "" if self.is_plain else self.name,
            "fill": self.fill or "",
            "colour": self.colour or "",
            "weight": "bold" if self.bold else "",
            "slope": "italic" if self.italic else "",
            "align": f"Align{self.align.title()}" if self.align else "",
        }
        return {key: value for key, value in told.items() if value}


@lru_cache(maxsize=256)
def _read_sheet(html: str) -> tuple[tuple[str, CellStyle], ...]:
    found: dict[str, dict[str, str]] = {}
    for sheet in _SHEET.findall(html):
        for selectors, body in _RULE.findall(_COMMENT.sub("", sheet)):
            for selector in selectors.split(","):
                if own := _OWN.fullmatch(selector.strip()):
                    found.setdefault(f"#{own[1]}", {}).update(_read_declarations(body))
    for double, single in _ATTRIBUTE.findall(html):
        text = double or single
        found.setdefault(normalise(text), {}).update(_read_declarations(text))
    styles = ((key, _make_style(values)) for key, values in found.items())
    return tuple((key, style) for key, style in styles if style != CellStyle())


def read_cell_styles(html: str) -> Mapping[str, CellStyle]:
    """Read how the cells of an HTML output look.

    Returns
    -------
    Mapping
        By ``#`` and the cell's id, or by its own ``style``, normalised.
    """
    return dict(_read_sheet(html)) if "style" in html.lower() else {}


def normalise(style: str) -> str:
    """Write a ``style`` attribute as Pandoc's filter compares it.

    Pandoc itself reads the alignment, and takes it out.
    """
    declarations = re.sub(r"\s+", "", style).split(";")
    return ";".join(d for d in declarations if d and not d.lower().startswith("text-align:"))


def write_rules(styles: Iterable[CellStyle]) -> str:
    """Write the rules of a page for its cells, on a light and on a dark screen."""
    named = {style.name: style for style in styles if not style.is_plain}
    return "".join(_write_rule(named[name]) for name in sorted(named))


def _write_rule(style: CellStyle) -> str:
    rules = [f"background:{style.fill}"] if style.fill else []
    rules += [f"color:{style.colour}"] if style.colour else []
    rules += ["font-weight:700"] if style.bold else []
    rules += ["font-style:italic"] if style.italic else []
    selector = f".ar .{style.name}:is(td,th)"
    rule = f"{selector}{{{';'.join(rules)}}}"
    if style.colour and not style.fill:
        lighter = _lighten(style.colour)
        rule += f"@media screen and (prefers-color-scheme:dark){{{selector}{{color:{lighter}}}}}"
    return rule


def _lighten(colour: str) -> str:
    """Mix white into a colour until it can be read on the dark ground."""
    channels = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    for step in range(11):
        mixed = [round(c + (255 - c) * step / 10) for c in channels]
        found = "#" + "".join(f"{c:02x}" for c in mixed)
        if compute_contrast(found, _DARK_GROUND) >= READABLE:
            break
    return found


def _read_declarations(body: str) -> dict[str, str]:
    pairs = (declaration.partition(":") for declaration in body.split(";"))
    return {
        name.strip().lower(): value.replace("!important", "").strip().lower()
        for name, _, value in pairs
    }


def _make_style(values: Mapping[str, str]) -> CellStyle:
    fill = _read_colour(values.get("background-color") or values.get("background", ""))
    colour = _read_colour(values.get("color", ""))
    if fill and colour is None:
        colour = choose_text_colour(fill)
    align = values.get("text-align")
    return CellStyle(
        fill,
        colour,
        bold=values.get("font-weight") in ("bold", "bolder", "600", "700", "800", "900"),
        italic=values.get("font-style") in ("italic", "oblique"),
        align=align if align in ("left", "right", "center") else None,  # type: ignore[arg-type]
    )


def _read_colour(text: str) -> str | None:
    """Read a colour as ``#rrggbb``; one that lets through what is below lies on white."""
    from matplotlib.colors import to_rgba

    if found := _RGB.fullmatch(text):
        channels = [min(int(part), 255) for part in found.groups()]
        return "#" + "".join(f"{channel:02x}" for channel in channels)
    if not re.fullmatch(r"#[0-9a-f]{3,8}|[a-z]+", text):
        return None
    try:
        *shades, cover = to_rgba(text)
    except ValueError:
        return None
    if cover == 0:
        return None
    return "#" + "".join(f"{round((s * cover + 1 - cover) * 255):02x}" for s in shades)
