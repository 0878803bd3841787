"""Lower bounds are tried when they change, and only then."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

import lowest
from bootstrap import SetUpError


@pytest.fixture
def project(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of files that name packages, and no more."""
    for name in ("pyproject.toml", "requirements.lock"):
        shutil.copy(root / name, tmp_path)
    for name in ("data", "notebooks"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(lowest, "ROOT", tmp_path)
    return tmp_path


def edit(project: Path, old: str, new: str) -> None:
    path = project / "pyproject.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "is_other"),
    [
        ("pandas>=", "pandas>=1", True),
        ("distributed>=", "distributed>=1", True),
        ("hypothesis>=", "hypothesis>=1", True),
        (">=3.11", ">=3.12", True),
        ("  # fixed by the users", "  # wanted by the users", False),
        ('"jupyterlab', '\n\n  "jupyterlab', False),
        ("line-length = 100", "line-length = 90", False),
    ],
)
def test_bounds_are_what_is_asked_for_and_not_how(
    project: Path, old: str, new: str, is_other: bool
) -> None:
    before = lowest.hash_bounds(project)
    edit(project, old, new)
    assert (lowest.hash_bounds(project) != before) == is_other


def test_what_has_passed_is_not_tried_again_until_a_bound_changes(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tried = []
    monkeypatch.setattr(lowest, "try_bounds", lambda *_: tried.append(1) or {"pandas": "2.3.0"})
    assert [lowest.main([]), lowest.main([])] == [0, 0]
    assert len(tried) == 1
    assert "have been tried" in capsys.readouterr().err
    assert lowest.main(["--again"]) == 0
    edit(project, "pandas>=", "pandas>=1")
    assert lowest.main([]) == 0
    assert len(tried) == 3


def test_what_fails_is_not_written_down(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(command: Sequence[str], *_: object, why: str = lowest._NO_REPORT) -> None:
        if "report" in command:
            raise SetUpError(why)

    monkeypatch.setattr(lowest, "run", fail)
    monkeypatch.setattr(lowest, "install_project", lambda *_: None)
    assert lowest.main([]) == 1
    assert "do not hold" in capsys.readouterr().err
    assert not (project / lowest.TRIED).exists()


def test_the_environment_is_of_the_lowest_releases_of_the_oldest_python(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[str] = []

    def note(command: Sequence[str], _: Path, environment: Mapping[str, str], **__: str) -> None:
        commands.append(" ".join(command))
        assert environment["VIRTUAL_ENV"].startswith(str(tmp_path))

    monkeypatch.setattr(lowest, "run", note)
    monkeypatch.setattr(lowest, "install_project", lambda *_: None)
    monkeypatch.setattr(lowest, "ask_versions", lambda *_: ((3, 11), {"pandas": "2.3.0"}))
    assert lowest.try_bounds(project, tmp_path / "try") == {"pandas": "2.3.0"}
    venv, packages, report, tests = commands
    assert " venv --quiet --seed --python 3.11 " in venv
    assert "--resolution lowest-direct --all-extras --group dev" in packages
    assert "report example" in report
    assert "-m not long" in tests
