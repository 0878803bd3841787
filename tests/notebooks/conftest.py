"""Notebooks of the report run in this process, over seasons that are made up."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from tests.made_season import MadeSeason

from annual_report.exhibits.model import Figure, Number, Prose, Table
from annual_report.project import ROOT_VARIABLE
from draw_gallery import run_cell

Shown = dict[str, Any]
"""What each cell of a notebook shows, by the cell's id."""
RunNotebook = Callable[..., Shown]


@pytest.fixture(scope="session")
def large_season(make_season: Callable[..., MadeSeason]) -> MadeSeason:
    """More clusters than a page has rows."""
    return make_season(64, answered=62)


@pytest.fixture(scope="session")
def run_notebook(root: Path) -> RunNotebook:
    """Run a notebook over the tables of a season, once; give what each cell shows, by its id."""
    done: dict[tuple[str, Path, str | None], Shown] = {}

    def run(name: str, over: MadeSeason) -> Shown:
        asked = (name, over.project.root, over.cluster)
        if asked not in done:
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv(ROOT_VARIABLE, str(over.project.root))
                done[asked] = run_cells(root / "notebooks" / name, over)
        return done[asked]

    return run


@pytest.fixture
def chapter(request: pytest.FixtureRequest, run_notebook: RunNotebook, season: MadeSeason) -> Shown:
    """What the notebook that a test module names as its CHAPTER shows of the season."""
    return run_notebook(request.module.CHAPTER, season)


def run_cells(path: Path, over: MadeSeason, *, edition: str | None = None) -> Shown:
    """Run the code of a notebook from top to bottom, with the parameters of a season."""
    names: dict[str, Any] = {}
    shown = {}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            source = "".join(cell["source"])
            if "parameters" in cell["metadata"].get("tags", ()):
                source = (
                    f"edition = {edition or over.edition.edition!r}\ncluster = {over.cluster!r}"
                )
            value = run_cell(source, names, f"{path.name}, {cell['id']}")
            if value is not None:
                shown[cell["id"]] = value
    return shown


def read_text(shown: Any) -> str:
    """The words of an exhibit that a reader reads first: its title, or its sentences."""
    if isinstance(shown, Figure | Table):
        return shown.title
    assert isinstance(shown, Prose)
    return " ".join("".join(run.text for run in runs) for runs in shown.paragraphs)


def read_answers(over: MadeSeason, question: str, field: str = "value") -> dict[str, float]:
    """What the clusters answered, by their names."""
    answers = pd.concat([over.answers_of(c.id) for c in over.answered])
    mine = answers[(answers["question"] == question) & (answers["field"] == field)]
    names = {c.id: c.name for c in over.edition.clusters}
    return dict(zip(mine["cluster"].map(names), mine["number"], strict=True))


def list_values(exhibit: Figure | Table, column: int) -> dict[str, float]:
    """The numbers of one column of the table behind an exhibit, by the names of their rows."""
    cells = {str(row[0]): row[column] for row in exhibit.grid.rows}
    return {
        name: cell.value
        for name, cell in cells.items()
        if isinstance(cell, Number) and cell.value is not None
    }
