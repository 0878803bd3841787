"""Make data/reference/land.json, the outline under the map of clusters, from Natural Earth.

Natural Earth's land at 1:110 million is in the public domain. The npm package world-atlas carries
it as TopoJSON, a format that stores each stretch of coast once, as steps on a grid::

    npm install --prefix /tmp/atlas world-atlas@2
    python scripts/make_map_outline.py /tmp/atlas/node_modules/world-atlas/land-110m.json

What comes out is a list of closed lines in degrees: without Antarctica, where no industry is, and to a tenth of a
degree, which is finer than the map is printed. Made anew it gives the same bytes.
"""

from __future__ import annotations

import json
import sys
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

SOURCE = "Natural Earth, land 1:110m, public domain, https://www.naturalearthdata.com"
SOUTHERNMOST = -60.0
TARGET = Path(__file__).resolve().parents[1] / "data" / "reference" / "land.json"

Point = tuple[float, float]


def decode_arcs(topology: dict[str, Any]) -> list[list[Point]]:
    """Turn the stretches of coast, steps on a grid, into degrees."""
    (x_scale, y_scale), (x, y) = topology["transform"]["scale"], topology["transform"]["translate"]
    return [
        [
            (round(x + i * x_scale, 1), round(y + j * y_scale, 1))
            for i, j in accumulate(arc, lambda a, b: (a[0] + b[0], a[1] + b[1]))
        ]
        for arc in topology["arcs"]
    ]


def join_ring(numbers: list[int], arcs: list[list[Point]]) -> list[Point]:
    """Join stretches into a closed line; ``~n`` stands for the stretch ``n`` backwards."""
    line: list[Point] = []
    for number in numbers:
        stretch = arcs[number] if number >= 0 else arcs[~number][::-1]
        line += stretch[1:] if line else stretch
    return line[:1] + [after for before, after in pairwise(line) if after != before]


def split_ring(ring: list[Point]) -> list[list[Point]]:
    """Cut a line that runs over the 180th meridian into the parts on either side."""
    line = [ring[0]]
    for x, y in ring[1:]:
        line.append((x + 360 * round((line[-1][0] - x) / 360), y))
    shifted = ([(x + turn, y) for x, y in line] for turn in (-360, 0, 360))
    parts = (cut_ring(cut_ring(part, 180, side=-1), -180, side=1) for part in shifted)
    return [part for part in parts if len(part) > 3]


def cut_ring(ring: list[Point], meridian: float, *, side: int) -> list[Point]:
    """Keep what lies on one side of a meridian: +1 east of it, -1 west."""
    kept: list[Point] = []
    for (x0, y0), (x1, y1) in zip([ring[-1], *ring[:-1]] if ring else [], ring, strict=True):
        if (side * (x0 - meridian) >= 0) != (side * (x1 - meridian) >= 0):
            kept.append((meridian, round(y0 + (y1 - y0) * (meridian - x0) / (x1 - x0), 1)))
        if side * (x1 - meridian) >= 0:
            kept.append((round(x1, 1), y1))
    return kept


def list_rings(topology: dict[str, Any]) -> list[list[Point]]:
    """List the coasts north of Antarctica; inland seas run the other way round."""
    arcs = decode_arcs(topology)
    shapes = [s for g in topology["objects"]["land"]["geometries"] for s in g["arcs"]]
    rings = [part for s in shapes for ring in s for part in split_ring(join_ring(ring, arcs))]
    return [ring for ring in rings if max(y for _, y in ring) > SOUTHERNMOST]


def main(source: Path) -> None:
    """Read the TopoJSON and write the outline."""
    rings = list_rings(json.loads(source.read_text(encoding="utf-8")))
    outline = {"source": SOURCE, "rings": rings}
    text = json.dumps(outline, separators=(",", ":")).replace(".0,", ",").replace(".0]", "]")
    TARGET.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
