"""A cluster's emissions: where they came from, where they are, and the pace that is needed."""

from __future__ import annotations

from matplotlib.axes import Axes

from annual_report.exhibits.amounts import to_amount
from annual_report.exhibits.canvas import HALF_MM, new_figure, to_svg
from annual_report.exhibits.charts import (
    DASHES,
    SMALL,
    Amount,
    add_panel,
    draw_line,
    draw_marker,
    write_label,
)
from annual_report.exhibits.charts_paths import Point
from annual_report.exhibits.clusters import print_verdict
from annual_report.exhibits.model import Cell, Figure, Grid, Number, TableColumn
from annual_report.exhibits.profile import EMISSIONS, has_answered, style_emissions
from annual_report.exhibits.season import Season
from annual_report.exhibits.tokens import BAND, MUTED, TECHNOLOGY
from annual_report.numbers import Style, format_year

INDICATOR = "TEC-EMISSIONS"
_FIELDS = {"baseline": "Baseline", "value": "Now", "target": "Target"}
_MARKERS = {"baseline": "baseline", "value": "now", "target": "target"}
_CLOSE_MM = 8.0
"""Years closer than this would run into each other."""
_ROOM_MM = 14.0
"""A way shorter than this has no room for words beside it."""
_LEFT_MM, _RIGHT_MM, _TOP_MM, _FLOOR_MM, _HEIGHT_MM = 4.0, 61.0, 8.0, 44.0, 53.0


def show_emissions(season: Season, cluster: str) -> Figure | None:
    """Draw baseline, now and target, the way so far and the way needed; None without a value."""
    if not has_answered(season, cluster):
        return None
    points = {f: p for f in _FIELDS if (p := _read_point(season, cluster, f))}
    if len(points) < 2:
        return None
    verdict = print_verdict(season, cluster, INDICATOR)
    return Figure(
        id=f"{cluster}-emissions",
        title=_write_title(season, cluster),
        unit="Mt CO₂e a year, scope 1 and 2",
        source=f"Survey, {EMISSIONS}. {_explain(season, cluster, verdict.text)}",
        pillar="technology",
        half=True,
        alt=_describe(points, verdict.text, read_pace(season, cluster)[0].text),
        svg=_draw(points, read_pace(season, cluster)[0].text),
        grid=_list_points(season, cluster),
    )


def _read_point(season: Season, cluster: str, field: str) -> Point | None:
    found = season.find(f"{cluster}.{EMISSIONS}.{field}.standard")
    if found is None or found.number is None or found.year is None or not found.is_public:
        return None
    return Point(
        found.year, to_amount(season.print_measured(found, style_emissions(season, cluster)))
    )


def _write_title(season: Season, cluster: str) -> str:
    verdict = season.number(f"{cluster}.{INDICATOR}.verdict").text
    factor = season.number(f"{cluster}.{INDICATOR}.acceleration", Style("×", digits=2))
    if verdict in ("off track", "well off track") and factor.value:
        return f"Emissions must fall {factor.text} times as fast"
    return {
        "achieved": "Emissions have reached their target",
        "on track": "Emissions are on track for the target",
        "well off track": "Emissions have not moved since the baseline",
        "wrong direction": "Emissions move away from their target",
        "missed": "The target for emissions was missed",
    }.get(verdict, "Emissions, as far as they are known")


def _explain(season: Season, cluster: str, verdict: str) -> str:
    if not verdict:
        return "No verdict: not all of baseline, value, target and their years are given."
    needed, so_far, factor = (number.text for number in read_pace(season, cluster))
    told = [f"{verdict} (linear method)"]
    told += [f"needed from now on: {needed} Mt CO₂e a year"] if needed else []
    told += [f"so far: {so_far} a year"] if needed and so_far else []
    told += [f"acceleration factor {factor}"] if factor else []
    return f"{'; '.join(told)}."


def read_pace(season: Season, cluster: str) -> tuple[Number, Number, Number]:
    """The change a year that is needed, that so far, and their ratio; blank once it is met."""
    largest = max(
        abs(season.value(f"{cluster}.{INDICATOR}.{name}") or 0.0)
        for name in ("required", "observed")
    )
    change = Style("Mt CO₂e", decimals=2 if largest < 10 else 1, sign=True)
    styles = {"required": change, "observed": change, "acceleration": Style("×", digits=2)}
    is_met = season.number(f"{cluster}.{INDICATOR}.verdict").text == "achieved"
    needed, so_far, factor = (
        season.number(f"{cluster}.{INDICATOR}.{name}", style) for name, style in styles.items()
    )
    blank = Number(text="")
    return (blank, so_far, blank) if is_met else (needed, so_far, factor)


def _describe(points: dict[str, Point], verdict: str, needed: str) -> str:
    told = ", ".join(
        f"{_FIELDS[field].lower()} {point.amount.text} in {point.year}"
        for field, point in points.items()
    )
    pace = f" Change needed a year: {needed}." if needed else ""
    return f"Line of emissions in megatonnes of CO₂ equivalent: {told}. Verdict: {verdict or '–'}.{pace}"


def _list_points(season: Season, cluster: str) -> Grid:
    columns = (
        TableColumn(name="point", label="Point"),
        TableColumn(name="year", label="Year", align="right"),
        TableColumn(name="emissions", label="Emissions", unit="Mt CO₂e a year", align="right"),
    )
    rows: list[tuple[Cell, ...]] = []
    for field, label in _FIELDS.items():
        point = _read_point(season, cluster, field)
        number = season.number(
            f"{cluster}.{EMISSIONS}.{field}.standard", style_emissions(season, cluster)
        )
        rows.append((label, format_year(point.year) if point else "", number))
    labels = ("Change a year, needed", "Change a year, so far", "Acceleration factor")
    pace = zip(labels, read_pace(season, cluster), strict=True)
    rows += [(label, "", number) for label, number in pace if number.value is not None]
    return Grid(columns=columns, rows=tuple(rows))


def _draw(points: dict[str, Point], needed: str) -> str:
    years = sorted(p.year for p in points.values())
    span = max(years[-1] - years[0], 1)
    highest = max(p.size for p in points.values()) or 1.0

    def place(point: Point) -> tuple[float, float]:
        x = _LEFT_MM + (point.year - years[0]) / span * (_RIGHT_MM - _LEFT_MM)
        return x, _FLOOR_MM - point.size / highest * (_FLOOR_MM - _TOP_MM)

    with new_figure(width=HALF_MM, height=_HEIGHT_MM) as figure:
        axes = add_panel(figure, left=0, top=0, width=HALF_MM, height=_HEIGHT_MM)
        draw_line(axes, (0, HALF_MM), (_FLOOR_MM, _FLOOR_MM), color=BAND, linewidth=0.7)
        at = {field: place(p) for field, p in points.items()}
        _draw_ways(axes, at)
        _write_needed(axes, at, needed)
        for field, point in points.items():
            # To the right of a target that is past stands what came after it
            is_past = field == "target" and point.year < years[-1]
            _draw_point(axes, field, point, *place(point), is_past=is_past)
        _write_years(axes, {year: place(Point(year, Amount(0.0, "")))[0] for year in years})
        return to_svg(figure)


def _write_years(axes: Axes, at: dict[int, float]) -> None:
    """Write the years below the floor; two that are close lean away from each other."""
    ordered = sorted(at.items(), key=lambda item: item[1])
    for place, (year, x) in enumerate(ordered):
        before = ordered[place - 1][1] if place else -_CLOSE_MM
        after = ordered[place + 1][1] if place + 1 < len(ordered) else x + _CLOSE_MM
        middle, align = x, "center"
        if after - x < _CLOSE_MM:
            middle, align = (x + after) / 2 - 0.8, "right"
        elif x - before < _CLOSE_MM:
            middle, align = (x + before) / 2 + 0.8, "left"
        write_label(
            axes, middle, _FLOOR_MM + 3.4, format_year(year), ha=align, fontsize=SMALL, color=MUTED
        )


def _draw_ways(axes: Axes, at: dict[str, tuple[float, float]]) -> None:
    for start, end, style in (
        ("baseline", "target", {"color": BAND, "linewidth": 1.0}),
        ("baseline", "value", {"color": TECHNOLOGY, "linewidth": 1.8}),
        ("value", "target", {"color": TECHNOLOGY, "linewidth": 1.2, "linestyle": DASHES}),
    ):
        if start in at and end in at:
            (x0, y0), (x1, y1) = at[start], at[end]
            draw_line(axes, (x0, x1), (y0, y1), **style)


def _write_needed(axes: Axes, at: dict[str, tuple[float, float]], needed: str) -> None:
    """Write the change needed beside the way that still is to go, where that has room for it."""
    if not needed or not {"value", "target"} <= set(at):
        return
    (x0, y0), (x1, y1) = at["value"], at["target"]
    if x1 - x0 < _ROOM_MM or y1 - y0 < _CLOSE_MM:
        return
    x, y = (x0 + x1) / 2 + 2, (y0 + y1) / 2 - 2
    write_label(axes, x, y, f"{needed} a year", fontsize=SMALL, color=TECHNOLOGY)


def _draw_point(
    axes: Axes, field: str, point: Point, x: float, y: float, *, is_past: bool = False
) -> None:
    draw_marker(axes, x, y, _MARKERS[field], colour=TECHNOLOGY)
    words = f"{point.amount.text} {_FIELDS[field].lower()}"
    if field == "target":
        across, down, align = (0.0, 4.0, "center") if is_past else (2.5, 0.0, "left")
        write_label(axes, x + across, y + down, words, ha=align)
        return
    weight = "bold" if field == "value" else "normal"
    place = "left" if x < HALF_MM / 3 else "center"
    write_label(axes, x, y - 4, words, ha=place, fontweight=weight)
