"""The picture of the cover: four bars for each cluster, as high as its pillar scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from annual_report.errors import TableError
from annual_report.exhibits.tokens import PILLARS
from annual_report.tables import MEASURES, read_table

_COLOURS = {
    "partnerships": "#6fa0dd",
    "policy": "#b78ccc",
    "finance": "#e0a35c",
    "technology": "#62bfa4",
}
_WIDTH, _HEIGHT = 600, 300
_LOWEST = 8.0

Scores = Mapping[str, Sequence[float | None]]


def read_scores(paths: Sequence[Path]) -> Scores:
    """Read each cluster's published pillar scores, 0 to 100, in the order of the files.

    A table that cannot be read leaves its cluster out: a cover is no place to fail.
    """
    scores: dict[str, Sequence[float | None]] = {}
    for path in paths:
        try:
            frame = read_table(path, MEASURES, columns=["code", "measure", "number", "consent"])
        except TableError:
            continue
        public = frame[(frame["measure"] == "score") & (frame["consent"] == "publish")]
        of_pillar = public.set_index("code")["number"].dropna()
        values = {str(code).lower(): float(number) for code, number in of_pillar.items()}
        if values:
            scores[path.stem] = [values.get(pillar) for pillar in PILLARS]
    return scores


def draw_motif(scores: Scores) -> str | None:
    """Draw the cover's picture as SVG; none if no cluster has a score.

    A pillar without a score is a low, open bar: what is missing shows as missing.
    """
    if not scores:
        return None
    step = _WIDTH / len(scores)
    bar = step / 5
    shapes: list[str] = []
    for place, values in enumerate(scores.values()):
        for number, (colour, value) in enumerate(zip(_COLOURS.values(), values, strict=True)):
            height = _HEIGHT * max(value if value is not None else _LOWEST, _LOWEST) / 100
            look = f'fill="{colour}"' if value is not None else f'fill="none" stroke="{colour}"'
            shapes.append(
                f'<rect x="{place * step + number * bar:.2f}" y="{_HEIGHT - height:.2f}" '
                f'width="{bar * 0.86:.2f}" height="{height:.2f}" {look}/>'
            )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'preserveAspectRatio="none" aria-hidden="true">{"".join(shapes)}</svg>'
    )
