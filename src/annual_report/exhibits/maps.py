"""The map of clusters, and the register beside it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from annual_report.edition import Cluster
from annual_report.exhibits.canvas import FULL_MM, HALF_MM, new_figure, to_svg
from annual_report.exhibits.charts import measure_text
from annual_report.exhibits.clusters import LISTED
from annual_report.exhibits.model import Cell, Figure, Grid, Number, Prose, Table, TableColumn
from annual_report.exhibits.places import Outline, name_country, project_places, read_outline
from annual_report.exhibits.season import Season
from annual_report.exhibits.spread import print_count
from annual_report.exhibits.tokens import GROUND, INK, LAND, NEW
from annual_report.exhibits.words import (
    count_things,
    join_words,
    name_some,
    pluralise,
    spell_count,
    write_absence,
)
from annual_report.numbers import Style, format_count, format_year

LATITUDE, LONGITUDE = "CLU-02", "CLU-03"
SOUTH, NORTH = -57.0, 84.0
_NAMED = 5
_COUNTED = (
    "Counted by country: there are too many clusters to list. For each one see its profile and the "
    "table Returns of the data annex."
)
_DEGREES = Style("°", decimals=2)
STATES = {
    "answered": "return read",
    "silent": "no return",
    "unreadable": "could not be read",
    "failed": "could not be processed",
}
"""State of a return to the words of the report."""


@dataclass(frozen=True)
class Spot:
    """One cluster on the map, in degrees."""

    cluster: Cluster
    latitude: float
    longitude: float
    is_new: bool


def show_map(season: Season) -> Figure | Prose:
    """Draw where the clusters are, those that joined this year by diamond and colour."""
    spots = [spot for c in _list_clusters(season) if (spot := _find_spot(season, c))]
    if not spots:
        return write_absence(
            "No cluster has given its position for publication, so that there is no map: no place "
            "is guessed. The register below names their countries."
        )
    unknown = [c for c in _list_clusters(season) if c.id not in {s.cluster.id for s in spots}]
    outline = read_outline(season.project.reference)
    notes: tuple[str, ...] = ()
    if unknown:
        names = name_some([c.name for c in unknown], "cluster")
        verb = pluralise(len(unknown), "has", "have")
        notes = (f"Not on the map, which {verb} given no position to publish: {names}.",)
    draw = partial(_draw, spots, outline, season.edition.year)
    return Figure(
        id="map",
        title=_write_title(season),
        source="Positions: survey, CLU-02 and CLU-03. Outline: Natural Earth.",
        n=len(spots),
        of=len(season.edition.clusters),
        notes=notes,
        alt=_describe(season, spots),
        svg=draw(),
        narrow=draw(width=HALF_MM),
        grid=_list_places(season, spots)
        if len(spots) <= LISTED
        else _count_places(season, [spot.cluster for spot in spots]),
    )


def show_register(season: Season) -> Table:
    """List every entry of the register: country, year joined, what became of its return.

    More entries than a page has rows are counted by country.
    """
    clusters = _list_clusters(season)
    states = dict(zip(season.returns["cluster"], season.returns["state"], strict=True))
    answered = len(season.answered)
    title = f"There is a return for {format_count(answered)} of {count_things(len(clusters), 'cluster')}"
    source = f"Register of the edition {season.edition.edition}, and the returns."
    if len(clusters) > LISTED:
        return Table(
            id="register",
            title=title,
            source=source,
            notes=(_COUNTED,),
            grid=_count_places(season, clusters, states=states),
        )
    rows = [
        (
            cluster.name,
            name_country(cluster.country, season.edition.locale),
            _print_year(season, cluster),
            STATES[states[cluster.id]],
        )
        for cluster in clusters
    ]
    return Table(
        id="register",
        title=title,
        source=source,
        grid=Grid(
            columns=(
                TableColumn(name="cluster", label="Cluster", width=2.6),
                TableColumn(name="country", label="Country", width=1.4),
                TableColumn(name="joined", label="Joined", align="right", width=0.8),
                TableColumn(name="state", label="Return", width=1.4),
            ),
            rows=tuple(rows),
        ),
    )


def _list_clusters(season: Season) -> list[Cluster]:
    return sorted(season.edition.clusters, key=lambda c: c.name.casefold())


def _find_spot(season: Season, cluster: Cluster) -> Spot | None:
    found = [
        season.find(f"{cluster.id}.{question}.value.standard") for question in (LATITUDE, LONGITUDE)
    ]
    numbers = [f.number for f in found if f and f.is_public and f.number is not None]
    if len(numbers) < len(found):
        return None
    latitude, longitude = numbers
    return Spot(cluster, latitude, longitude, is_new=cluster.joined == season.edition.year)


def _print_year(season: Season, cluster: Cluster) -> Number:
    mark = " ◆" if cluster.joined == season.edition.year else ""
    source = f"data/editions/{season.edition.edition}.yaml"
    if cluster.source:
        source = f"{cluster.source}\n{source}"
    text = f"{format_year(cluster.joined)}{mark}"
    return Number(text=text, value=float(cluster.joined), source=source)


def _write_title(season: Season) -> str:
    joined = season.value("all.register.joined") or 0
    countries = season.value("all.register.countries") or 0
    clusters = season.value("all.register.clusters") or 0
    nations = f"{spell_count(countries)} {pluralise(countries, 'country', 'countries')}"
    if not joined:
        who = f"{spell_count(clusters)} {pluralise(clusters, 'cluster')}"
        return f"{who.capitalize()} in {nations}"
    who = f"{spell_count(joined)} {pluralise(joined, 'cluster')} joined"
    return f"{who.capitalize()}; the register now spans {nations}"


def _describe(season: Season, spots: Sequence[Spot]) -> str:
    new = [s.cluster.name for s in spots if s.is_new]
    year = season.edition.year
    told = f"World map with a dot for each of {count_things(len(spots), 'cluster')}."
    if new:
        told += f" Diamonds mark those that joined in {year}: {name_some(new, 'cluster')}."
    countries = [name_country(s.cluster.country, season.edition.locale) for s in spots]
    counts = Counter(countries)
    order = sorted(counts, key=lambda c: (-counts[c], c))
    counted = [f"{counts[c]} in {c}" for c in order]
    if len(counted) > LISTED // 2:
        rest = len(counted) - LISTED // 2
        counted = [*counted[: LISTED // 2], f"fewer in {rest} more countries"]
    return f"{told} There are {join_words(counted)}."


def _list_places(season: Season, spots: Sequence[Spot]) -> Grid:
    columns = (
        TableColumn(name="cluster", label="Cluster", width=2.6),
        TableColumn(name="country", label="Country", width=1.4),
        TableColumn(name="joined", label="Joined", align="right"),
        TableColumn(name="latitude", label="Latitude", unit="°", align="right"),
        TableColumn(name="longitude", label="Longitude", unit="°", align="right"),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            spot.cluster.name,
            name_country(spot.cluster.country, season.edition.locale),
            _print_year(season, spot.cluster),
            *(
                season.number(f"{spot.cluster.id}.{q}.value.standard", _DEGREES)
                for q in (LATITUDE, LONGITUDE)
            ),
        )
        for spot in spots
    ]
    return Grid(columns=columns, rows=tuple(rows))


def _count_places(
    season: Season, clusters: Sequence[Cluster], *, states: Mapping[str, str] | None = None
) -> Grid:
    """Count clusters by country, the most first; with what became of their returns."""
    by_country: dict[str, list[Cluster]] = {}
    for cluster in clusters:
        by_country.setdefault(cluster.country, []).append(cluster)
    names = {code: name_country(code, season.edition.locale) for code in by_country}
    kinds = [state for state in STATES if states and state in states.values()]
    columns = [
        TableColumn(name="country", label="Country", width=2),
        TableColumn(name="clusters", label="Clusters", align="right"),
        TableColumn(name="joined", label=f"Joined in {season.edition.year}", align="right"),
        *(TableColumn(name=k, label=STATES[k].capitalize(), align="right") for k in kinds),
    ]

    def count(mine: Sequence[Cluster]) -> list[Number]:
        joined = sum(cluster.joined == season.edition.year for cluster in mine)
        told = Counter(states[cluster.id] for cluster in mine) if states else Counter[str]()
        return [print_count(n) for n in (len(mine), joined, *(told[k] for k in kinds))]

    order = sorted(by_country, key=lambda code: (-len(by_country[code]), names[code]))
    rows: list[tuple[Cell, ...]] = [(names[code], *count(by_country[code])) for code in order]
    total: tuple[Cell, ...] = (count_things(len(order), "country", "countries"), *count(clusters))
    return Grid(columns=tuple(columns), rows=(*rows, total), total_rows=1)


def _draw(spots: Sequence[Spot], outline: Outline, year: int, *, width: float = FULL_MM) -> str:
    edges = np.array([SOUTH, NORTH])
    _, (bottom, top) = project_places(np.zeros(2), edges)
    left, right = -2.35, 2.64
    per_mm = (right - left) / width
    with new_figure(width=width, height=(top - bottom) / per_mm) as figure:
        figure.set_layout_engine("none")
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(left, right)
        axes.set_ylim(bottom, top)
        axes.add_patch(PathPatch(_trace(outline), facecolor=LAND, edgecolor="none"))
        _draw_spots(axes, spots)
        _write_names(axes, spots, per_mm=per_mm)
        _draw_key(axes, spots, year, per_mm=per_mm)
        return to_svg(figure)


def _trace(outline: Outline) -> Path:
    parts = []
    for ring in outline.rings:
        x, y = project_places(ring[:, 0], ring[:, 1])
        parts.append(Path(np.column_stack([x, y]), closed=True))
    return Path.make_compound_path(*parts)


def _draw_spots(axes: Axes, spots: Sequence[Spot]) -> None:
    size = _size_spots(len(spots))
    for is_new in (False, True):
        part = [s for s in spots if s.is_new == is_new]
        x, y = project_places(
            np.array([s.longitude for s in part]), np.array([s.latitude for s in part])
        )
        axes.plot(
            x, y, linestyle="none", marker="D" if is_new else "o",
            markersize=size + 0.2 * is_new, markerfacecolor=NEW if is_new else INK,
            markeredgecolor=GROUND, markeredgewidth=size * 0.14,
            clip_on=False, zorder=3 + is_new,
        )  # fmt: skip


def _size_spots(count: int) -> float:
    """Smaller dots where there are many, so that neighbours stay apart."""
    return 5.0 if count <= LISTED else max(2.2, 5.0 * math.sqrt(LISTED / count))


def _write_names(axes: Axes, spots: Sequence[Spot], *, per_mm: float) -> None:
    """Name the clusters that joined, on the side where no other dot stands in the way."""
    new = [s for s in spots if s.is_new]
    if len(new) > _NAMED:
        return
    places = {s.cluster.id: _project(s) for s in spots}
    for spot in new:
        x, y = places.pop(spot.cluster.id)
        width = (measure_text(spot.cluster.name, bold=True) + 5) * per_mm
        for side, place in ((1, "left"), (-1, "right")):
            near = (
                abs(v - y) < 2.5 * per_mm and 0 < side * (u - x) < width for u, v in places.values()
            )
            if not any(near) and axes.get_xlim()[0] < x + side * width < axes.get_xlim()[1]:
                axes.text(
                    x + side * 2.2 * per_mm, y, spot.cluster.name, ha=place,
                    va="center_baseline", fontsize=8, fontweight="bold",
                )  # fmt: skip
                break
        places[spot.cluster.id] = x, y


def _project(spot: Spot) -> tuple[float, float]:
    x, y = project_places(np.array([spot.longitude]), np.array([spot.latitude]))
    return float(x[0]), float(y[0])


def _draw_key(axes: Axes, spots: Sequence[Spot], year: int, *, per_mm: float) -> None:
    x, y = axes.get_xlim()[0] + 3 * per_mm, axes.get_ylim()[0] + 12 * per_mm
    for is_new, words in ((False, f"joined before {year}"), (True, f"joined in {year}")):
        count = sum(s.is_new == is_new for s in spots)
        if count:
            axes.plot(
                x, y, marker="D" if is_new else "o", markersize=5,
                markerfacecolor=NEW if is_new else INK, markeredgecolor=GROUND,
            )  # fmt: skip
            axes.text(
                x + 3 * per_mm,
                y,
                f"{format_count(count)} {words}",
                va="center_baseline",
                fontsize=8,
            )
            y -= 5.5 * per_mm
