"""The command line: one clear message, the right exit code, nothing half-written."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def project(root: Path, tmp_path: Path) -> Path:
    """A project without returns."""
    for name in ("framework", "editions", "reference"):
        shutil.copytree(root / "data" / name, tmp_path / "data" / name)
    shutil.copytree(root / "notebooks", tmp_path / "notebooks")
    return tmp_path


@pytest.fixture
def run(project: Path) -> Run:
    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "annual_report", *arguments]
        return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)

    return call


def list_written(project: Path) -> list[str]:
    folders = (project / "reports", project / "data" / "processed")
    return [str(path) for folder in folders for path in folder.rglob("*") if path.is_file()]


def test_help_names_every_command(run: Run) -> None:
    shown = run("--help")
    assert shown.returncode == 0
    for command in ("report", "survey", "check", "fetch", "deliver", "example", "explain"):
        assert f"  {command} " in shown.stdout


@pytest.mark.parametrize("command", ["report", "survey"])
def test_a_missing_edition_is_one_line_and_exit_2(run: Run, project: Path, command: str) -> None:
    shown = run(command, "1999")
    assert shown.returncode == 2
    assert shown.stderr.count("\n") == 1
    assert "no edition '1999'" in shown.stderr
    assert "2023" in shown.stderr
    assert not list_written(project)


@pytest.mark.parametrize("command", ["report", "survey"])
def test_an_unknown_cluster_is_one_line_and_exit_2(run: Run, project: Path, command: str) -> None:
    shown = run(command, "2023", "--cluster", "atlantis")
    assert shown.returncode == 2
    assert "no cluster 'atlantis'" in shown.stderr
    assert "brightlands" in shown.stderr
    assert not list_written(project)


def test_a_bad_framework_names_file_and_line_and_exits_with_2(run: Run, project: Path) -> None:
    path = project / "data" / "framework" / "indicators.yaml"
    text = path.read_text(encoding="utf-8").replace("weight: 20", "weigth: 20", 1)
    path.write_text(text, encoding="utf-8")
    line = text[: text.index("weigth")].count("\n") + 1
    shown = run("survey", "2023")
    assert shown.returncode == 2
    assert "Traceback" not in shown.stderr
    assert f"line {line}" in shown.stderr
    assert "weigth" in shown.stderr


def test_outside_a_project_the_message_says_where_to_go(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "annual_report", "report", "2023"]
    shown = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert shown.returncode == 2
    assert "no annual-report project here" in shown.stderr


def test_explaining_an_unknown_number_is_exit_2(run: Run) -> None:
    shown = run("explain", "2023", "all.NO-SUCH.total")
    assert shown.returncode == 2
    assert "no number 'all.NO-SUCH.total'" in shown.stderr


@pytest.mark.parametrize("number", ["rate.USD", "rate.USD.soon", "1999:all.HEAD-JOBS.total", ""])
def test_explaining_what_is_no_address_is_one_line_and_exit_2(run: Run, number: str) -> None:
    shown = run("explain", "2023", number)
    assert shown.returncode == 2
    assert shown.stderr.startswith("annual-report: ")
    assert shown.stderr.count("\n") == 1


def test_check_knows_two_formats(run: Run) -> None:
    result = run("check", "example", "--format", "xml")
    assert result.returncode == 2
    assert "Traceback" not in result.stderr
    assert "'xml'" in result.stderr
