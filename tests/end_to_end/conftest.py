"""The example edition, built once for all tests here, from a copy of what git holds."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from annual_report.project import Project
from annual_report.running.run import RunResult, run_edition


def copy_project(root: Path, target: Path) -> Project:
    """Copy what a run reads: data and notebooks, and the lock that is part of a fingerprint."""
    for name in ("framework", "editions", "reference", "raw", "corrections"):
        shutil.copytree(root / "data" / name, target / "data" / name)
    shutil.copytree(
        root / "notebooks",
        target / "notebooks",
        ignore=shutil.ignore_patterns(".ipynb_checkpoints"),
    )
    shutil.copy(root / "requirements.lock", target)
    return Project(target)


@pytest.fixture(scope="session", name="copy_project")
def _copy_project() -> Callable[[Path, Path], Project]:
    return copy_project


@pytest.fixture(scope="session")
def example(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = copy_project(root, tmp_path_factory.mktemp("example"))
    result = run_edition(project, "example")
    assert describe(result) == []
    assert result.exit_code == 0
    return project


@pytest.fixture(scope="session")
def built(example: Project) -> Project:
    """Both editions, built in one folder."""
    assert run_edition(example, "2023").exit_code == 0
    return example


def describe(result: RunResult) -> list[str]:
    return [f"{f.step}: {f.reason}" for f in result.failures]
