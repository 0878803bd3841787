"""A name that no font has and a broken picture: told early, and the report is whole all the same."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pypdfium2
import yaml
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from annual_report.project import Project

EDITION = "2023"
DRAW = """
from IPython.display import SVG, display
import pandas as pd
display(SVG('<svg xmlns="http://www.w3.org/2000/svg"><image href="coast.png"/></svg>'))
pd.set_option("display.max_rows", None)
pd.DataFrame({"place": [f"place {n}" for n in range(161)], "number": range(161)})
"""


def test_a_name_without_a_font_and_a_broken_picture_cost_nothing_else(
    root: Path, copy_project: Callable[[Path, Path], Project], tmp_path: Path
) -> None:
    project = copy_project(root, tmp_path)
    name_clusters(project, brightlands="ท่าเรือ ᎣᏏᏲ", teda="天津 मुंबई")
    add_chapter(project)
    old = project.reports(EDITION) / "annual-report.pdf"
    old.parent.mkdir(parents=True)
    old.write_text("last week's")
    done = subprocess.run(
        [Path(sys.executable).with_name("annual-report"), "report", EDITION],
        cwd=project.root, capture_output=True, text=True, check=False,
    )  # fmt: skip
    said = (done.stdout + done.stderr).splitlines()
    assert done.returncode == 0, said
    notes = [line for line in said if line.startswith("note: ")]
    assert any("in its name: no font here has Ꭳ (U+13A3, Cherokee letter o)" in n for n in notes)
    assert any("50-coast, cell 3: a picture is left out of the report" in n for n in notes)
    chapters = [n for n, line in enumerate(said) if "report/" in line and " done in " in line]
    assert said.index(notes[0]) < min(chapters)
    with pypdfium2.PdfDocument(old.read_bytes()) as book:
        text = "".join(page.get_textpage().get_text_range() for page in book)
    for words in (
        "ท่าเรือ",
        "\ufffd\ufffd\ufffd",
        "天津",
        "place 160",
        "A picture could not be shown",
    ):
        assert words in text
    page = old.with_suffix(".html").read_text(encoding="utf-8")
    assert 'href="annual-report.pdf"' in page
    assert "ท่าเรือ ᎣᏏᏲ" in page
    record = json.loads((old.parent / "run.json").read_text(encoding="utf-8"))
    told = {step["step"]: step.get("notices") for step in record["steps"]}
    assert told["characters"]
    assert told["publish/pdf"]


def name_clusters(project: Project, **names: str) -> None:
    """Keep these clusters of the register, under these names."""
    path = project.editions / f"{EDITION}.yaml"
    edition = yaml.safe_load(path.read_text(encoding="utf-8"))
    edition["clusters"] = [
        {**cluster, "name": names[cluster["id"]]}
        for cluster in edition["clusters"]
        if cluster["id"] in names
    ]
    path.write_text(json.dumps(edition, default=str), encoding="utf-8")
    for other in project.raw(EDITION).glob("*.xlsx"):
        if other.stem not in names:
            other.unlink()


def add_chapter(project: Project) -> None:
    parameters = new_code_cell(f'edition = "{EDITION}"', metadata={"tags": ["parameters"]})
    cells = [new_markdown_cell("# The coast"), parameters, new_code_cell(DRAW)]
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = new_notebook(cells=cells, metadata=metadata)
    nbformat.write(notebook, project.notebooks / "report" / "50-coast.ipynb")
