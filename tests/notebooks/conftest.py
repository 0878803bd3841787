"""Notebooks of the report run in this process, over seasons that are made up."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.exhibits.conftest import (  # noqa: F401  the same made-up seasons
    framework,
    make_season,
    season,
    silent_season,
)

from annual_report.exhibits.model import Figure, Prose, Table
from annual_report.exhibits.season import Season
from annual_report.project import ROOT_VARIABLE

Shown = dict[str, Any]
"""What each cell of a notebook shows, by the cell's id."""
RunNotebook = Callable[..., Shown]


@pytest.fixture
def run_notebook(root: Path, monkeypatch: pytest.MonkeyPatch) -> RunNotebook:
    """Run a notebook over the tables of a season; give what each cell shows, by its id."""

    def run(name: str, over: Season) -> Shown:
        monkeypatch.setenv(ROOT_VARIABLE, str(over.project.root))
        notebook = json.loads((root / "notebooks" / name).read_text(encoding="utf-8"))
        names: dict[str, Any] = {}
        shown = {}
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                source = "".join(cell["source"])
                if "parameters" in cell["metadata"].get("tags", ()):
                    source = f"edition = {over.edition.edition!r}\ncluster = {over.cluster!r}"
                value = run_cell(source, names, where=f"{name}, {cell['id']}")
                if value is not None:
                    shown[cell["id"]] = value
        return shown

    return run


def run_cell(source: str, names: dict[str, Any], *, where: str) -> Any:
    """Run one cell as a kernel does; give the value of its last line."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, where, "exec"), names)
    return eval(compile(ast.Expression(last.value), where, "eval"), names) if last else None


def read_text(shown: Any) -> str:
    """The words of an exhibit that a reader reads first: its title, or its sentences."""
    if isinstance(shown, Figure | Table):
        return shown.title
    assert isinstance(shown, Prose)
    return " ".join("".join(run.text for run in runs) for runs in shown.paragraphs)
