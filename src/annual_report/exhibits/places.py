"""Where things are: the outline of the land, and the globe on paper."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from annual_report.errors import ProjectError

_Floats = npt.NDArray[np.float64]
_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796


@dataclass(frozen=True)
class Outline:
    """The land of the earth: closed lines in degrees, and where they come from."""

    rings: tuple[_Floats, ...]
    source: str


@cache
def read_outline(reference: Path) -> Outline:
    """Read ``land.json``, which scripts/make_map_outline.py makes.

    Raises
    ------
    ProjectError
        If the file is missing.
    """
    path = reference / "land.json"
    try:
        land = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ProjectError(
            "the outline of the map is missing", where=str(path), do="restore it from git"
        ) from None
    return Outline(tuple(np.array(ring, dtype=float) for ring in land["rings"]), land["source"])


def project_places(longitude: _Floats, latitude: _Floats) -> tuple[_Floats, _Floats]:
    """Project degrees onto a plane where equal areas stay equal.

    The Equal Earth projection of Šavrič, Patterson and Jenny (2018), on a sphere of radius 1.

    Examples
    --------
    >>> x, y = project_places(np.array([0.0, 180.0]), np.array([0.0, 0.0]))
    >>> [round(float(v), 4) for v in x]
    [0.0, 2.7066]
    """
    theta = np.arcsin(np.sqrt(3) / 2 * np.sin(np.radians(latitude)))
    slope = 9 * _A4 * theta**8 + 7 * _A3 * theta**6 + 3 * _A2 * theta**2 + _A1
    x = 2 * np.sqrt(3) * np.radians(longitude) * np.cos(theta) / (3 * slope)
    y = _A4 * theta**9 + _A3 * theta**7 + _A2 * theta**3 + _A1 * theta
    return x, y
