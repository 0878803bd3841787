"""Verdicts on pace over all clusters: how many are on track towards what they set themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from annual_report.exhibits.amounts import list_marks, to_amount, word_for_mark
from annual_report.exhibits.canvas import FULL_MM, HALF_MM
from annual_report.exhibits.charts_bars import Row, draw_amounts
from annual_report.exhibits.model import Figure, Grid, Number, Prose, TableColumn
from annual_report.exhibits.season import Season
from annual_report.exhibits.tokens import BAND, PILLARS
from annual_report.exhibits.words import capitalise, lower_first, say_how_many, write_absence
from annual_report.numbers import COUNT
from annual_report.season.symbols import VERDICT_SYMBOLS

ON_PACE = ("achieved", "on track")


def count_verdicts(season: Season, indicator: str) -> dict[str, Number]:
    """How many clusters have each verdict, best first; those that nobody has are left out.

    What is withheld stays, so that no sum over them is taken for all.
    """
    ids = {v: f"all.{indicator}.count.{v.replace(' ', '-')}" for v in VERDICT_SYMBOLS}
    numbers = {verdict: season.number(i, COUNT) for verdict, i in ids.items()}
    return {verdict: n for verdict, n in numbers.items() if n.value or n.mark == "withheld"}


def count_judged(season: Season, indicator: str) -> int:
    """How many clusters gave enough for a verdict."""
    for verdict in VERDICT_SYMBOLS:
        found = season.find(f"all.{indicator}.count.{verdict.replace(' ', '-')}")
        if found is not None and found.n is not None:
            return found.n
    return 0


def explain_symbols(verdicts: Iterable[str]) -> str:
    """Name the verdicts whose symbols a picture shows."""
    used = set(verdicts)
    return ", ".join(f"{symbol} {v}" for v, symbol in VERDICT_SYMBOLS.items() if v in used)


@dataclass(frozen=True)
class Pace:
    """An indicator with a target, and what a cluster does that keeps pace with it."""

    indicator: str
    has: str
    have: str


def title_pace(season: Season, pace: Pace) -> str:
    """How many of the clusters with a verdict are on track or have achieved their target."""
    counts = count_verdicts(season, pace.indicator)
    if any(n.value is None for n in counts.values()):
        asked = next(i for i in season.framework.indicators if i.code == pace.indicator)
        return f"Progress by cluster: {lower_first(asked.name)}"
    good = sum(counts[v].value or 0.0 for v in ON_PACE if v in counts)
    judged = count_judged(season, pace.indicator)
    return say_how_many(good, judged, "judged cluster", has=pace.has, have=pace.have)


def plot_verdicts(
    season: Season, pace: Pace, *, figure_id: str, pillar: str, nobody: str, half: bool = False
) -> Figure | Prose:
    """Plot how many clusters have each verdict.

    Parameters
    ----------
    nobody
        What to say where no cluster gave enough for a verdict.
    """
    counts = count_verdicts(season, pace.indicator)
    judged = count_judged(season, pace.indicator)
    if not judged:
        return write_absence(nobody)
    labels = {v: f"{VERDICT_SYMBOLS[v]} {capitalise(v)}" for v in counts}
    asked = next(i for i in season.framework.indicators if i.code == pace.indicator)
    good = PILLARS[pillar]
    draw = partial(
        draw_amounts,
        [
            Row(labels[v], (to_amount(n),), end=n.text or word_for_mark(n))
            for v, n in counts.items()
        ],
        colours=[good if v in ON_PACE else BAND for v in counts],
        labels=34,
    )
    return Figure(
        id=figure_id,
        title=title_pace(season, pace),
        svg=draw(width=HALF_MM if half else FULL_MM),
        narrow="" if half else draw(width=HALF_MM),
        alt=f"Bars, number of clusters with each verdict on {asked.name[:1].lower()}"
        f"{asked.name[1:]}: "
        f"{', '.join(f'{v} {n.text or word_for_mark(n)}' for v, n in counts.items())}.",
        grid=Grid(
            columns=(
                TableColumn(name="verdict", label="Verdict", width=2),
                TableColumn(name="clusters", label="Clusters", align="right"),
            ),
            rows=tuple((labels[v], n) for v, n in counts.items()),
        ),
        unit="clusters",
        source=f"Survey, question {', '.join(asked.questions)}; linear method.",
        notes=list_marks([(labels[v], n) for v, n in counts.items()]),
        n=judged,
        of=len(season.edition.clusters),
        pillar=pillar,
        half=half,
    )
