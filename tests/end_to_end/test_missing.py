"""A return that nobody can read: the others stay whole, the report says why, the run says so."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import yaml

from annual_report.project import Project
from annual_report.running.progress import describe_run
from annual_report.running.run import run_edition

EDITION = "2023"


def test_an_unreadable_return_is_named_and_leaves_the_others_whole(
    root: Path, copy_project: Callable[[Path, Path], Project], tmp_path: Path
) -> None:
    project = copy_project(root, tmp_path)
    keep_few_clusters(project)
    (project.raw(EDITION) / "teda.xlsx").write_text("this is no workbook", encoding="utf-8")
    result = run_edition(project, EDITION)
    assert result.failures == ()
    assert [missing.cluster for missing in result.unreadable] == ["teda"]
    assert result.exit_code == 3
    told = list(describe_run(result))
    assert any(line.startswith("teda is not in the report: ") for line in told)
    page = (project.reports(EDITION) / "annual-report.html").read_text(encoding="utf-8")
    assert "could not be read" in page
    assert "Circular plastics" in page or "circular plastics" in page  # of Brightlands
    assert run_edition(project, EDITION).exit_code == 3  # still, though nothing is to do


def keep_few_clusters(project: Project) -> None:
    """Three clusters are enough here: one whole, one silent, one broken."""
    path = project.editions / f"{EDITION}.yaml"
    edition = yaml.safe_load(path.read_text(encoding="utf-8"))
    kept = ("brightlands", "kwinana", "teda")
    edition["clusters"] = [c for c in edition["clusters"] if c["id"] in kept]
    path.write_text(json.dumps(edition, default=str), encoding="utf-8")
    for other in project.raw(EDITION).glob("*.xlsx"):
        if other.stem not in kept:
            other.unlink()
