"""What holds for every exhibit of the chapters, whatever the returns say."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest

from annual_report.errors import MeasureError
from annual_report.exhibits.canvas import FULL_MM, HALF_MM
from annual_report.exhibits.model import Exhibit, Figure, Number, Prose, Table
from annual_report.exhibits.season import Season
from annual_report.exhibits.tokens import MARK_MEANINGS

CHAPTERS = ("projects", "technology")
CALL = re.compile(r"(\w+)\.(\w+)\(season\)")
ROOT = Path(__file__).resolve().parents[2]


def list_calls() -> list[tuple[str, str]]:
    """Every call that the notebooks of the chapters make."""
    found = []
    for path in sorted((ROOT / "notebooks" / "report").glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        sources = ("".join(c["source"]) for c in cells if c["cell_type"] == "code")
        calls = (match for source in sources for match in CALL.findall(source))
        found += [call for call in calls if call[0] in CHAPTERS]
    return found


def draw(call: tuple[str, str], season: Season) -> Exhibit:
    module, name = call
    function: Callable[[Season], Exhibit] = getattr(
        import_module(f"annual_report.exhibits.{module}"), name
    )
    return function(season)


def list_numbers(exhibit: Exhibit) -> Iterator[Number]:
    if isinstance(exhibit, Prose):
        yield from (r for runs in exhibit.paragraphs for r in runs if isinstance(r, Number))
    elif isinstance(exhibit, (Figure, Table)):
        yield from (c for row in exhibit.grid.rows for c in row if isinstance(c, Number))


def read_text(prose: Prose) -> str:
    return " ".join(run.text for runs in prose.paragraphs for run in runs)


def list_texts(exhibit: Exhibit) -> list[str]:
    if isinstance(exhibit, Prose):
        return [read_text(exhibit)]
    assert isinstance(exhibit, (Figure, Table))
    cells = (c.text if isinstance(c, Number) else c for row in exhibit.grid.rows for c in row)
    return [exhibit.title, exhibit.source, *exhibit.notes, *cells]


each_call = pytest.mark.parametrize("call", list_calls(), ids=".".join)


@pytest.fixture(scope="module")
def private_season(make_season: Callable[..., Season]) -> Season:
    return make_season(6, answered=6, consent="aggregate only")


@pytest.fixture(scope="module")
def lone_season(make_season: Callable[..., Season]) -> Season:
    return make_season(4, answered=1)


@pytest.fixture(scope="module")
def crowded_season(make_season: Callable[..., Season]) -> Season:
    return make_season(40, answered=38)


def test_every_chapter_is_told() -> None:
    assert {module for module, _ in list_calls()} == set(CHAPTERS)


@each_call
def test_every_number_leads_back_to_a_measure_or_a_cell(
    call: tuple[str, str], season: Season
) -> None:
    for number in list_numbers(draw(call, season)):
        if number.text:
            assert number.id is not None
            try:
                season.lineage.find(number.id)
            except MeasureError:
                pytest.fail(f"{number.id} leads nowhere")


@each_call
def test_a_full_season_is_shown_and_not_told_away(call: tuple[str, str], season: Season) -> None:
    exhibit = draw(call, season)
    assert not (isinstance(exhibit, Prose) and exhibit.role == "absence")


@each_call
def test_a_figure_says_in_words_what_it_shows(call: tuple[str, str], season: Season) -> None:
    exhibit = draw(call, season)
    if isinstance(exhibit, Figure):
        printed = [n.text for n in list_numbers(exhibit) if n.value]
        assert any(text in exhibit.alt for text in printed)
        assert exhibit.unit
        assert exhibit.n is not None
        assert exhibit.of == 12


@each_call
def test_thousands_are_grouped_as_the_edition_does(call: tuple[str, str], season: Season) -> None:
    swiss = season.edition.model_copy(update={"locale": "de_CH"})
    exhibit = draw(call, replace(season, edition=swiss))
    for text in list_texts(exhibit):
        assert not re.search(r"\d,\d{3}(?!\d)", text), text


@each_call
def test_type_in_figures_is_never_small(call: tuple[str, str], season: Season) -> None:
    exhibit = draw(call, season)
    if isinstance(exhibit, Figure):
        drawn = exhibit.svg + exhibit.narrow
        assert min(float(size) for size in re.findall(r'font-size="([\d.]+)"', drawn)) >= 7.5


@each_call
def test_a_wide_figure_has_a_narrow_one_for_telephones(
    call: tuple[str, str], season: Season
) -> None:
    exhibit = draw(call, season)
    if isinstance(exhibit, Figure):
        wide, narrow = exhibit.svg, exhibit.narrow
        assert read_width(wide) == pytest.approx(FULL_MM if narrow else HALF_MM, abs=0.1)
        if narrow:
            assert read_width(narrow) == pytest.approx(HALF_MM, abs=0.1)
            assert count_marks(narrow) == count_marks(wide)


def read_width(svg: str) -> float:
    box = re.search(r'viewBox="0 0 ([\d.]+) ', svg)
    assert box is not None
    return float(box[1]) * 25.4 / 72


def count_marks(svg: str) -> int:
    """Count the dots of a drawing; it has as many however wide it is."""
    return svg.count("<use ")


@each_call
def test_a_figure_fits_on_a_page(call: tuple[str, str], crowded_season: Season) -> None:
    exhibit = draw(call, crowded_season)
    if isinstance(exhibit, Figure):
        box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', exhibit.svg)
        assert box is not None
        assert float(box[2]) * 25.4 / 72 < 235  # mm of A4 between head, title and source
    if isinstance(exhibit, Table):
        assert len(exhibit.grid.rows) <= 31


@each_call
def test_nothing_is_invented_where_nobody_answered(
    call: tuple[str, str], silent_season: Season
) -> None:
    exhibit = draw(call, silent_season)
    assert isinstance(exhibit, Prose)
    assert exhibit.role in ("absence", "lead")
    assert not list(list_numbers(exhibit))
    assert re.search(r"\b(No|no|open)\b", read_text(exhibit))


@each_call
def test_one_answer_reads_right(call: tuple[str, str], lone_season: Season) -> None:
    exhibit = draw(call, lone_season)
    texts = [read_text(exhibit)] if isinstance(exhibit, Prose) else []
    if isinstance(exhibit, Figure):
        texts += [exhibit.title, exhibit.alt, *exhibit.notes]
    if isinstance(exhibit, Table):
        texts += [exhibit.title, *exhibit.notes]
    for text in texts:
        wrong = re.search(r"(?<![\d.,])1 (clusters|projects|policies|people|months)\b", text)
        assert wrong is None, text


@each_call
def test_what_is_for_totals_only_never_stands_alone(
    call: tuple[str, str], private_season: Season
) -> None:
    exhibit = draw(call, private_season)
    for number in list_numbers(exhibit):
        if number.id and not number.id.startswith(("all.", "rate.")):
            assert not number.text
            assert number.mark in MARK_MEANINGS
    if isinstance(exhibit, (Figure, Table)):
        names = {c.name for c in private_season.edition.clusters}
        cells = {c for row in exhibit.grid.rows for c in row if isinstance(c, str)}
        assert not names & cells
