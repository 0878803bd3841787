"""What holds for every exhibit of every chapter, whatever the returns say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.made_season import MadeSeason
from tests.notebooks.conftest import RunNotebook, Shown

from annual_report.errors import MeasureError
from annual_report.exhibits.framed import LISTED
from annual_report.exhibits.look.canvas import FULL_MM, HALF_MM
from annual_report.exhibits.look.tokens import MARK_MEANINGS
from annual_report.exhibits.model import Exhibit, Figure, Number, Prose, Table, Tiles
from annual_report.measures.lineage import Lineage

ROOT = Path(__file__).resolve().parents[2]
FACE = "import annual_report as ar"
LAYER = [
    f"report/{path.name}"
    for path in sorted((ROOT / "notebooks" / "report").glob("*.ipynb"))
    if FACE in path.read_text(encoding="utf-8")
]
PILLARS = ("partnerships", "policy", "finance", "technology", "outlook")
"""Chapters that speak of what clusters answered, and of nothing where none did."""
LARGEST_SVG = 250_000

each_chapter = pytest.mark.parametrize("chapter", LAYER)
each_pillar = pytest.mark.parametrize(
    "chapter", [c for c in LAYER if any(pillar in c for pillar in PILLARS)]
)


def list_numbers(exhibit: Exhibit) -> Iterator[Number]:
    if isinstance(exhibit, Prose):
        yield from (r for runs in exhibit.paragraphs for r in runs if isinstance(r, Number))
    elif isinstance(exhibit, Tiles):
        yield from (tile.number for tile in exhibit.tiles)
    elif isinstance(exhibit, (Figure, Table)):
        yield from (c for row in exhibit.grid.rows for c in row if isinstance(c, Number))


def read_prose(prose: Prose) -> str:
    return " ".join(run.text for runs in prose.paragraphs for run in runs)


def list_texts(exhibit: Exhibit) -> list[str]:
    if isinstance(exhibit, Prose):
        return [read_prose(exhibit)]
    if isinstance(exhibit, Tiles):
        return [f"{tile.label} {tile.basis} {tile.change}" for tile in exhibit.tiles]
    assert isinstance(exhibit, (Figure, Table))
    cells = (c.text if isinstance(c, Number) else c for row in exhibit.grid.rows for c in row)
    alt = [exhibit.alt] if isinstance(exhibit, Figure) else []
    return [exhibit.title, *alt, exhibit.source, *exhibit.notes, *cells]


def list_figures(shown: Shown) -> list[Figure]:
    return [exhibit for exhibit in shown.values() if isinstance(exhibit, Figure)]


@pytest.fixture(scope="module")
def lone_season(make_season: Callable[..., MadeSeason]) -> MadeSeason:
    return make_season(4, answered=1)


@each_chapter
def test_every_number_leads_back_to_a_measure_or_a_cell(
    chapter: str, run_notebook: RunNotebook, season: MadeSeason
) -> None:
    lineage = Lineage(season.project, season.edition.edition)
    for exhibit in run_notebook(chapter, season).values():
        for number in list_numbers(exhibit):
            if number.text and number.id:
                try:
                    lineage.find(number.id)
                except MeasureError:
                    pytest.fail(f"{number.id} leads nowhere")


@each_pillar
def test_a_full_season_is_shown_and_not_told_away(
    chapter: str, run_notebook: RunNotebook, season: MadeSeason
) -> None:
    for name, exhibit in run_notebook(chapter, season).items():
        assert not (isinstance(exhibit, Prose) and exhibit.role == "absence"), name


@each_chapter
def test_a_figure_says_in_words_what_it_shows(
    chapter: str, run_notebook: RunNotebook, season: MadeSeason
) -> None:
    for exhibit in list_figures(run_notebook(chapter, season)):
        printed = [n.text for n in list_numbers(exhibit) if n.value]
        assert any(text in exhibit.alt for text in printed)
        assert exhibit.unit or exhibit.id == "map"
        assert (exhibit.n is not None, exhibit.of) == (True, 12)


@each_chapter
def test_titles_are_ten_words_at_most(
    chapter: str, run_notebook: RunNotebook, season: MadeSeason, lone_season: MadeSeason
) -> None:
    for over in (season, lone_season):
        for exhibit in run_notebook(chapter, over).values():
            if isinstance(exhibit, (Figure, Table)):
                assert len(exhibit.title.split()) <= 10, exhibit.title


@each_chapter
def test_type_in_figures_is_never_small(
    chapter: str, run_notebook: RunNotebook, season: MadeSeason
) -> None:
    for exhibit in list_figures(run_notebook(chapter, season)):
        sizes = re.findall(r'font-size="([\d.]+)"', exhibit.svg + exhibit.narrow)
        assert min(map(float, sizes)) >= 7.5


@each_chapter
def test_a_wide_figure_has_a_narrow_one_for_telephones(
    chapter: str, run_notebook: RunNotebook, season: MadeSeason
) -> None:
    for exhibit in list_figures(run_notebook(chapter, season)):
        wide, narrow = exhibit.svg, exhibit.narrow
        expected = FULL_MM if narrow else HALF_MM
        assert read_size(wide)[0] == pytest.approx(expected, abs=0.1)
        if narrow:
            assert read_size(narrow)[0] == pytest.approx(HALF_MM, abs=0.1)


def read_size(svg: str) -> tuple[float, float]:
    """Width and height of a drawing in millimetres."""
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    assert box is not None
    return float(box[1]) * 25.4 / 72, float(box[2]) * 25.4 / 72


@each_chapter
def test_exhibits_of_many_clusters_fit_on_a_page(
    chapter: str, run_notebook: RunNotebook, large_season: MadeSeason
) -> None:
    for exhibit in run_notebook(chapter, large_season).values():
        if isinstance(exhibit, Figure):
            assert read_size(exhibit.svg)[1] < 235, exhibit.id  # mm of A4 between head and source
            assert len(exhibit.svg) < LARGEST_SVG
            assert len(exhibit.alt) < 4_500
        if isinstance(exhibit, Table) and "methodology" not in chapter:
            assert len(exhibit.grid.rows) <= LISTED + 1, exhibit.id


@each_chapter
def test_what_shows_some_of_the_clusters_says_that_it_leaves_others_out(
    chapter: str, run_notebook: RunNotebook, large_season: MadeSeason
) -> None:
    names = [cluster.name for cluster in large_season.edition.clusters]
    for exhibit in run_notebook(chapter, large_season).values():
        if isinstance(exhibit, (Figure, Table)):
            cells = {getattr(cell, "text", cell) for row in exhibit.grid.rows for cell in row}
            named = cells & set(names)
            if 0 < len(named) < (exhibit.n or 0):
                notes = " ".join((*exhibit.notes, exhibit.source))
                if "Not on the map" in notes:  # where they are named
                    continue
                assert re.search(r"Shown: the (first )?\d+", notes), exhibit.id
                assert "data annex" in notes


@each_pillar
def test_nothing_is_invented_where_nobody_answered(
    chapter: str, run_notebook: RunNotebook, silent_season: MadeSeason
) -> None:
    for exhibit in run_notebook(chapter, silent_season).values():
        assert isinstance(exhibit, Prose)
        assert exhibit.role in ("absence", "lead", "text")
        assert not [n for n in list_numbers(exhibit) if n.id]
        assert re.search(r"\b(No|no|open|Nothing)\b", read_prose(exhibit))


@each_chapter
def test_one_answer_reads_right(
    chapter: str, run_notebook: RunNotebook, lone_season: MadeSeason
) -> None:
    things = "clusters|projects|policies|people|months|kinds|pieces"
    for exhibit in run_notebook(chapter, lone_season).values():
        for text in list_texts(exhibit):
            assert not re.search(rf"(?<![\d.,])1 ({things})\b(?! of)", text), text


@each_chapter
def test_what_is_for_totals_only_never_stands_alone(
    chapter: str, run_notebook: RunNotebook, private_season: MadeSeason
) -> None:
    for exhibit in run_notebook(chapter, private_season).values():
        for number in list_numbers(exhibit):
            address = (number.id or "all.").removeprefix("before:")
            if not address.startswith(("all.", "rate.")):
                assert not number.text
                assert number.mark in MARK_MEANINGS


@pytest.fixture(scope="module")
def swiss_season(make_season: Callable[..., MadeSeason]) -> MadeSeason:
    return make_season(5, answered=5, locale="de_CH")


@each_pillar
def test_numbers_are_grouped_as_the_edition_does(
    chapter: str, run_notebook: RunNotebook, swiss_season: MadeSeason
) -> None:
    for exhibit in run_notebook(chapter, swiss_season).values():
        for text in list_texts(exhibit):
            assert not re.search(r"\d,\d{3}(?!\d)", text), text
