"""What make adds to every command, once the environment is there."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import bootstrap


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Give a checkout whose environment says that it is finished."""
    for name in ("requirements.lock", "pyproject.toml"):
        (tmp_path / name).write_bytes((bootstrap.ROOT / name).read_bytes())
    shutil.copytree(bootstrap.ROOT / "scripts", tmp_path / "scripts")
    commands = tmp_path / ".venv" / "bin"
    commands.mkdir(parents=True)
    (commands / "python").symlink_to(sys.executable)
    bootstrap.Stamp.of(tmp_path).write(tmp_path / ".venv")
    return tmp_path


def test_finding_an_environment_that_is_ready(benchmark: Any, checkout: Path) -> None:
    found = benchmark(bootstrap.set_up_venv, checkout, checkout / ".venv")
    assert found == checkout / ".venv" / "bin"


def test_what_make_asks_before_each_command(benchmark: Any, checkout: Path) -> None:
    script = checkout / "scripts" / "environment.py"
    done = benchmark(
        subprocess.run, [sys.executable, script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == str(checkout / ".venv" / "bin")
