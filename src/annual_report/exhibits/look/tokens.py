"""The look in one place: colours, type and symbols, for matplotlib, HTML and Typst alike.

Figures are drawn in the light colours. HTML switches a figure to dark by a rule for each token,
so every colour of a figure must be one of these.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from annual_report.season.symbols import QUERIED_SIGN

FONTS = Path(__file__).parent / "fonts"
FAMILY = "Annual Report Sans"
SYMBOL_FAMILY = "Annual Report Symbols"
_SETS = ("Emoji", "Han", "Hangul")
_SHAPED = (
    *("Thai", "Lao", "Khmer", "Myanmar", "Devanagari", "Bengali", "Gurmukhi", "Gujarati", "Oriya"),
    *("Tamil", "Telugu", "Kannada", "Malayalam", "Sinhala", "Ethiopic"),
)
SHAPED_FAMILIES = tuple(f"Annual Report {script}" for script in _SHAPED)
"""Scripts whose letters join and change places: small fonts, of use only as a whole."""
FALLBACK_FAMILIES = (
    SYMBOL_FAMILY,
    *(f"Annual Report {name}" for name in _SETS),
    *SHAPED_FAMILIES,
)
FAMILIES = (FAMILY, *FALLBACK_FAMILIES)
ADDED_FAMILY = "Annual Report Added"
"""What a page calls the fonts that the editors have put into ``data/fonts``."""


@dataclass(frozen=True)
class Token:
    """One colour with a role, on paper and on a dark screen."""

    name: str
    light: str
    dark: str


GROUND = "#ffffff"
INK = "#14212b"
MUTED = "#5b6b77"
RULE = "#d5dce1"
PAPER = "#f4f6f7"
LAND = "#e2e7ea"
BAND = "#c8d0d6"
NEW = "#c26f17"
PARTNERSHIPS, POLICY = "#2b5c9e", "#7b4b94"
FINANCE, TECHNOLOGY = "#a8590f", "#137a63"

PILLARS = {
    "partnerships": PARTNERSHIPS,
    "policy": POLICY,
    "finance": FINANCE,
    "technology": TECHNOLOGY,
}
"""Pillar to colour; each also has its name beside it wherever it is used."""

TINTS = {
    "partnerships": ("#19355c", PARTNERSHIPS, "#7595c0"),
    "policy": ("#472c56", POLICY, "#a888b8"),
    "finance": ("#613409", FINANCE, "#c08752"),
    "technology": ("#0b4739", TECHNOLOGY, "#559f8f"),
}
"""Pillar to three ordered amounts, dark to light, each 3:1 or better on white."""

_DARK_TINTS = {
    "partnerships": ("#bed8f6", "#7db0ee", "#496789"),
    "policy": ("#e4d0f0", "#c9a0e2", "#6e5d81"),
    "finance": ("#f2d0ac", "#e6a159", "#7f5f3c"),
    "technology": ("#a6e2d0", "#4cc4a2", "#2f6f60"),
}
_STEPS = ("-deep", "", "-light")

TOKENS: tuple[Token, ...] = (
    Token("ground", GROUND, "#10171c"),
    Token("ink", INK, "#e8eef2"),
    Token("muted", MUTED, "#9fb0bc"),
    Token("rule", RULE, "#33414b"),
    Token("paper", PAPER, "#1a242b"),
    Token("land", LAND, "#26323a"),
    Token("band", BAND, "#41505b"),
    Token("new", NEW, "#eba24d"),
    *(
        Token(f"{pillar}{step}", light, dark)
        for pillar, tints in TINTS.items()
        for step, light, dark in zip(_STEPS, tints, _DARK_TINTS[pillar], strict=True)
    ),
)

MARK_SYMBOLS = {"missing": "–", "withheld": "⊘", "not applicable": "n/a", "queried": QUERIED_SIGN}
"""Why a number is not there, in a table cell; a queried one that is there is followed by its sign."""

MARK_MEANINGS = {
    "missing": "not answered",
    "withheld": "withheld to protect a respondent",
    "not applicable": "not applicable to this cluster",
    "queried": "the respondent is asked whether a number behind it is right; what is likely a "
    "thousand times off is left out",
}


def compute_contrast(first: str, second: str) -> float:
    """Compute the contrast ratio of two colours, 1 to 21, as WCAG 2 defines it.

    >>> round(compute_contrast("#000000", "#ffffff"), 1)
    21.0
    """
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def choose_text_colour(fill: str) -> str:
    """Choose ink or ground for text on a fill: whichever can be read better."""
    return max((INK, GROUND), key=lambda colour: compute_contrast(colour, fill))
