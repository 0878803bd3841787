"""docs/gallery.md is made of docs/gallery.ipynb, and shows each mark that a notebook may use."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import matplotlib.pyplot as plt
import pytest
from tests.made_season import MadeSeason

import annual_report
from annual_report.errors import AnnualReportError
from annual_report.exhibits.model import Prose
from annual_report.project import ROOT_VARIABLE
from draw_gallery import (
    NOTEBOOK,
    PAGE,
    PICTURES,
    REFUSED,
    Cell,
    list_pictured,
    name_picture,
    run_cells,
    write_page,
)

DRAWING = ("exhibits.marks.", "exhibits.recipes", "exhibits.look.theme")
MARKS = sorted(
    name
    for module, names in annual_report._WHERE.items()
    if module.startswith(DRAWING)
    for name in names
)
LONGEST_CELL = 12
MOST_BYTES = 1_500_000
AGAIN = "run make docs-pictures"

CELLS = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
NAMED = re.findall(r"\]\(pictures/(gallery-[^)]+)\)", PAGE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", MARKS)
def test_each_mark_is_shown(name: str) -> None:
    assert re.search(rf"\bar\.{name}\b", NOTEBOOK.read_text(encoding="utf-8")), name


def test_the_page_says_what_the_notebook_says() -> None:
    cells = [Cell(c["id"], "".join(c["source"]), c["cell_type"] == "code") for c in CELLS]
    page = PAGE.read_text(encoding="utf-8")
    said = [part for part in page.split("\n\n") if not part.startswith(("![", "> "))]
    assert "\n\n".join(said) == write_page(cells), AGAIN


def test_each_picture_is_there_and_none_is_left_over() -> None:
    found = {path.name: path.stat().st_size for path in PICTURES.glob("gallery-*")}
    assert sorted(found) == sorted(NAMED), AGAIN
    assert sum(found.values()) < MOST_BYTES


def test_a_cell_fits_beside_its_picture() -> None:
    for cell in CELLS:
        lines = "".join(cell["source"]).splitlines()
        if cell["cell_type"] == "code":
            assert len(lines) <= LONGEST_CELL, f"{cell['id']}: split it"
            assert all(len(line) <= 100 for line in lines), f"{cell['id']}: a line is too long"


@pytest.fixture(scope="module")
def shown(season: MadeSeason) -> Iterator[list[Cell]]:
    """What the cells show over a season that is made up."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ROOT_VARIABLE, str(season.project.root))
        yield run_cells(NOTEBOOK, edition=season.edition.edition)
    plt.close("all")


def test_it_draws_over_another_edition_what_it_draws_over_the_example(shown: list[Cell]) -> None:
    assert [name_picture(exhibit) for exhibit in list_pictured(shown)] == NAMED
    assert [cell.id for cell in shown if isinstance(cell.shown, Prose)] == ["say"]


def test_what_it_calls_impossible_is_refused(shown: list[Cell]) -> None:
    refused = {cell.id for cell in shown if isinstance(cell.shown, AnnualReportError)}
    assert refused == {c["id"] for c in CELLS if REFUSED in c["metadata"].get("tags", ())}
    assert len(refused) >= 5
