"""The house's look for whatever seaborn and matplotlib draw, and its colours by name."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import seaborn as sns
from cycler import cycler
from matplotlib.colors import LinearSegmentedColormap, to_hex

from annual_report.exhibits.canvas import STYLE
from annual_report.exhibits.tokens import (
    BAND,
    GROUND,
    INK,
    MUTED,
    PAPER,
    PILLARS,
    RULE,
    TINTS,
    choose_text_colour,
)

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


_RAMP = LinearSegmentedColormap.from_list(
    "annual-report", [PAPER, TINTS["partnerships"][2], *reversed(TINTS["partnerships"][:2])]
)


_LUMINANCE = "seaborn.matrix.relative_luminance"


def _find_ground(fill: Any) -> float:
    """Whether a field takes ink, as a luminance that seaborn's rule takes for light or dark."""
    return float(choose_text_colour(to_hex(fill)) == INK)


@contextmanager
def dress_seaborn() -> Iterator[None]:
    """Let a heat map have the colours of the house and numbers to be read, and box plots be quiet.

    seaborn writes in white on fields where ink reads three times as well, and still asks matplotlib
    for boxes in the way that 3.11 has deprecated.
    """
    ramp, light = patch.object(sns.cm, "rocket", _RAMP), patch(_LUMINANCE, _find_ground)
    with ramp, light, warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="vert: bool was deprecated")
        yield


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
