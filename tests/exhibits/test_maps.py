"""The outline of the land, and the projection that it is drawn with."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.made_season import MadeSeason

from annual_report.countries import name_country
from annual_report.exhibits.places import project_places, read_outline

EARTH = 4 * np.pi
degrees = st.floats(-90, 90, allow_nan=False)


@given(degrees)
def test_a_place_and_its_mirror_image_lie_opposite(latitude: float) -> None:
    x, y = project_places(np.array([30.0, -30.0]), np.array([latitude, -latitude]))
    assert x[0] == pytest.approx(-x[1])
    assert y[0] == pytest.approx(-y[1])


@given(st.floats(-60, 60), st.floats(-120, 120))
def test_equal_areas_stay_equal(latitude: float, longitude: float) -> None:
    size = 0.01
    corners = np.array([(0, 0), (size, 0), (size, size), (0, size)]) + (longitude, latitude)
    x, y = project_places(corners[:, 0], corners[:, 1])
    drawn = abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2
    low, high = np.sin(np.radians([latitude, latitude + size]))
    on_the_globe = np.radians(size) * (high - low)
    assert drawn == pytest.approx(on_the_globe, rel=1e-3)


def test_the_outline_stays_on_the_globe_and_small(season: MadeSeason) -> None:
    outline = read_outline(season.project.reference)
    points = np.concatenate(outline.rings)
    assert np.abs(points[:, 0]).max() <= 180
    assert points[:, 1].min() > -60
    assert points[:, 1].max() <= 90
    assert (season.project.reference / "land.json").stat().st_size < 60_000
    assert "public domain" in outline.source


def test_no_coast_runs_across_the_whole_map(season: MadeSeason) -> None:
    rings = read_outline(season.project.reference).rings
    longest = max(float(np.abs(np.diff(ring[:, 0])).max()) for ring in rings)
    assert longest < 60


def test_a_coast_over_the_180th_meridian_is_cut_there(root: Path) -> None:
    sys.path.insert(0, str(root / "scripts"))
    split_ring = importlib.import_module("make_map_outline").split_ring
    sys.path.pop(0)
    parts = split_ring([(170.0, 0.0), (-170.0, 0.0), (-170.0, 10.0), (170.0, 10.0), (170.0, 0.0)])
    assert sorted({x for part in parts for x, _ in part}) == [-180, -170, 170, 180]
    assert all(max(xs) - min(xs) == 10 for part in parts if (xs := [x for x, _ in part]))


def test_countries_are_named_in_the_language_of_the_edition() -> None:
    assert name_country("NO", "en") == "Norway"
    assert name_country("NO", "fr") == "Norvège"
    assert name_country("GB", "en_GB") == name_country("GB", "en-GB") == "United Kingdom"
