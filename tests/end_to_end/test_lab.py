"""A chapter on an ordinary kernel, such as JupyterLab's, says what it says in a build."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from annual_report.exhibits.model import MIME
from annual_report.project import Project

CHAPTERS = ("10-summary", "50-technology")


def execute(project: Project, name: str, folder: Path) -> Path:
    """Execute a chapter as nbconvert does, in fresh processes."""
    command = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "notebook", "--execute"]
    source = project.notebooks / "report" / f"{name}.ipynb"
    subprocess.run(
        [*command, "--output-dir", str(folder), str(source)], check=True, capture_output=True
    )
    return folder / f"{name}.ipynb"


def read_outputs(path: Path) -> list[dict[str, Any]]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [output for cell in cells for output in cell.get("outputs", ())]


def read_exhibits(path: Path) -> list[str]:
    bundles = [output.get("data", {}) for output in read_outputs(path)]
    return [json.dumps(bundle[MIME], sort_keys=True) for bundle in bundles if MIME in bundle]


@pytest.mark.long
@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_is_the_same_on_an_ordinary_kernel(
    example: Project, tmp_path: Path, name: str
) -> None:
    executed = execute(example, name, tmp_path)
    built = example.processed("example") / "notebooks" / "report" / f"{name}.ipynb"
    assert len(read_exhibits(built)) >= 5
    assert read_exhibits(executed) == read_exhibits(built)
    warned = [o for o in read_outputs(executed) if o.get("name") == "stderr"]
    assert warned == []
