"""From a season of Excel survey returns to one trustworthy annual report.

Notebooks say ``import annual_report as ar``: `ar.open_season` gives an edition's frames, and what
is named here is imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from annual_report.exhibits.door import open_season
    from annual_report.exhibits.look.theme import colour, steps
    from annual_report.exhibits.marks.bars import Bar, Inside, bar
    from annual_report.exhibits.marks.dots import Dot, Tick, dot, span
    from annual_report.exhibits.marks.paths import paths
    from annual_report.exhibits.marks.plot import Cascade, Plot
    from annual_report.exhibits.marks.texts import After, Beside, Open, Rule, after, beside, rule
    from annual_report.exhibits.marks.world import world
    from annual_report.exhibits.opening import Season
    from annual_report.exhibits.recipes import dumbbells, ladder, strips
    from annual_report.exhibits.titles import how_many, sentence, title
    from annual_report.exhibits.words import name_some
    from annual_report.season.selecting import (
        compare,
        known,
        parts,
        pick,
        place,
        reprint,
        totals,
        values,
    )
    from annual_report.season.value import Value

_WHERE = {
    "exhibits.door": ("open_season",),
    "exhibits.marks.bars": ("Bar", "Inside", "bar"),
    "exhibits.marks.dots": ("Dot", "Tick", "dot", "span"),
    "exhibits.marks.paths": ("paths",),
    "exhibits.marks.plot": ("Cascade", "Plot"),
    "exhibits.marks.texts": ("After", "Beside", "Open", "Rule", "after", "beside", "rule"),
    "exhibits.marks.world": ("world",),
    "exhibits.opening": ("Season",),
    "exhibits.recipes": ("dumbbells", "ladder", "strips"),
    "exhibits.look.theme": ("colour", "steps"),
    "exhibits.titles": ("how_many", "sentence", "title"),
    "exhibits.words": ("name_some",),
    "season.selecting": (
        "compare",
        "known",
        "parts",
        "pick",
        "place",
        "reprint",
        "totals",
        "values",
    ),
    "season.value": ("Value",),
}


def __getattr__(name: str) -> Any:
    for module, names in _WHERE.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"annual_report has no {name!r}; it has {', '.join(__dir__())}")


def __dir__() -> list[str]:
    return sorted(name for names in _WHERE.values() for name in names)
