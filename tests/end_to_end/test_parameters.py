"""papermill's own command line: `-p edition 2023` gives the notebook a number."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from annual_report.exhibits.model import MIME
from annual_report.project import Project


@pytest.mark.parametrize(
    "notebook", ["cluster/01-ingest.ipynb", "cluster/02-progress.ipynb", "report/10-summary.ipynb"]
)
def test_an_edition_may_be_given_as_a_number(built: Project, tmp_path: Path, notebook: str) -> None:
    parameters = ["-p", "edition", "2023"]
    if notebook.startswith("cluster"):
        parameters += ["-p", "cluster", "kwinana"]
    output = tmp_path / "out.ipynb"
    command = [sys.executable, "-m", "papermill", built.notebooks / notebook, output, *parameters]
    done = subprocess.run(command, cwd=built.root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    cells = json.loads(output.read_text(encoding="utf-8"))["cells"]
    injected = [c for c in cells if "injected-parameters" in c["metadata"].get("tags", [])]
    assert "edition = 2023\n" in "".join(injected[0]["source"]) + "\n"
    shown = "text/html" if notebook.startswith("cluster") else MIME  # plain frames for the author
    assert any(shown in o.get("data", {}) for c in cells for o in c.get("outputs", []))
