"""The house's look for whatever seaborn and matplotlib draw, and its colours by name."""

from __future__ import annotations

from typing import Any

from cycler import cycler

from annual_report.exhibits.canvas import STYLE
from annual_report.exhibits.tokens import BAND, GROUND, INK, MUTED, PILLARS, RULE, TINTS

THEME: Any = STYLE | {
    "axes.labelsize": 7.5,
    "axes.prop_cycle": cycler(color=[*PILLARS.values(), MUTED, INK]),
    "axes.spines.bottom": False,
    "axes.titlesize": 8,
    "image.cmap": "Greys",
    "legend.fontsize": 8,
    "xtick.labelsize": 7.5,
}
"""matplotlib's settings while a figure is drawn."""


def colour(name: str) -> str:
    """A colour of the house: a pillar's, or ``ink``, ``muted``, ``rule``, ``band``, ``ground``.

    >>> colour("policy")
    '#7b4b94'
    """
    plain = {"ink": INK, "muted": MUTED, "rule": RULE, "band": BAND, "ground": GROUND}
    return PILLARS[name] if name in PILLARS else plain[name]


def steps(pillar: str, *, rest: bool = False) -> list[str]:
    """Three ordered colours of a pillar, dark to light; with a quiet fourth for the rest."""
    return [*TINTS[pillar], *([BAND] if rest else [])]
