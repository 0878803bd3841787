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
from seaborn.categorical import _CategoricalPlotter

from annual_report.exhibits.look.canvas import STYLE
from annual_report.exhibits.look.tokens import (
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
from annual_report.season.asking import check_name

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
    """Let seaborn draw in the colours of the house, and where it errs be right.

    seaborn 0.13 still asks matplotlib for boxes in the way that 3.11 has deprecated, counts pairs of
    categories that never occur, with which pandas 3 fills up, so that boxes of one hue a row would be
    thin and beside their rows, and writes in white on fields of a heat map where ink reads three
    times as well.
    """
    with (
        patch.object(sns.cm, "rocket", _RAMP),
        patch.object(_CategoricalPlotter, "_dodge_needed", _needs_dodge),
        patch(_LUMINANCE, _find_ground),
        warnings.catch_warnings(),
    ):
        warnings.filterwarnings("ignore", message="vert: bool was deprecated")
        yield


def _needs_dodge(plotter: Any) -> bool:
    """Whether marks of several hues stand at one place."""
    if "hue" not in plotter.variables:
        return False
    groups = list({plotter.orient, "col", "row"} & {*plotter.variables})
    data = plotter.plot_data
    pairs = data[[*groups, "hue"]].dropna().drop_duplicates()
    return len(pairs) != len(pairs[groups].drop_duplicates())


def colour(name: str) -> str:
    """A colour of the house: a pillar's, or ``ink``, ``muted``, ``rule``, ``band``, ``ground``.

    >>> colour("policy")
    '#7b4b94'
    """
    plain = {"ink": INK, "muted": MUTED, "rule": RULE, "band": BAND, "ground": GROUND}
    check_name(name, {**PILLARS, **plain}, "colour of the house")
    return PILLARS[name] if name in PILLARS else plain[name]


def steps(pillar: str, *, rest: bool = False) -> list[str]:
    """Three ordered colours of a pillar, dark to light; with a quiet fourth for the rest."""
    check_name(pillar, TINTS, "pillar")
    return [*TINTS[pillar], *([BAND] if rest else [])]
