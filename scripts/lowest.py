"""Try the lower bounds of pyproject.toml: an environment of the oldest releases that they allow.

In it the example's report is built and the quick tests run. What has passed is written to
lowest.json, and is not tried again until a bound changes.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from bootstrap import (
    ROOT,
    SetUpError,
    ask_versions,
    install_project,
    read_requirements,
    say,
    translate_settings,
)

TRIED = "lowest.json"
TABLES = ("dependencies", "optional-dependencies", "requires-python")
# How an old release takes a younger one that it stands on is no fault of ours
TESTS = ("-m", "pytest", "-m", "not long", "-W", "default", "-q", "-p", "no:cacheprovider")
_NO_SETUP = "the environment of the oldest releases cannot be set up, for the reason above"
_NO_REPORT = (
    "the lower bounds of pyproject.toml do not hold: raise that of the package which fails above"
)


def main(arguments: Sequence[str]) -> int:
    """Try the bounds, unless they have been tried; say in one line what is wrong with them."""
    bounds = hash_bounds(ROOT)
    if "--again" not in arguments and read_tried(ROOT) == bounds:
        say(f"these lower bounds have been tried ({TRIED})")
        return 0
    try:
        with tempfile.TemporaryDirectory(prefix="annual-report-lowest-") as folder:
            packages = try_bounds(ROOT, Path(folder))
    except SetUpError as error:
        say(str(error))
        return 1
    write_tried(ROOT, bounds, packages)
    say(f"the lower bounds hold; {TRIED} says so, and belongs in the same commit")
    return 0


def hash_bounds(root: Path) -> str:
    """Identify what pyproject.toml asks for, whatever its layout and comments."""
    pyproject = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    asked = {name: pyproject["project"].get(name) for name in TABLES}
    asked["dependency-groups"] = pyproject.get("dependency-groups")
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


def read_tried(root: Path) -> str | None:
    """Read which bounds have passed last."""
    try:
        tried: str = json.loads((root / TRIED).read_text(encoding="utf-8"))["bounds"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return tried


def write_tried(root: Path, bounds: str, packages: Mapping[str, str]) -> None:
    """Write down that bounds have passed, and with which releases of the packages they name."""
    text = json.dumps({"bounds": bounds, "packages": dict(packages)}, indent=1, sort_keys=True)
    (root / TRIED).write_text(text + "\n", encoding="utf-8")


def try_bounds(root: Path, folder: Path) -> dict[str, str]:
    """Set the environment up, build the report and run the tests; give the releases it has.

    Raises
    ------
    SetUpError
        If it cannot be set up, or if one of both fails in it.
    """
    venv = folder / "venv"
    python = venv / "bin" / "python"
    environment = {**translate_settings(os.environ, Path(sys.executable)), "VIRTUAL_ENV": str(venv)}
    uv = [str(Path(sys.executable).with_name("uv"))]
    say("setting up the oldest releases that pyproject.toml allows")
    oldest = ["--python", read_oldest(root)]
    # with pip in it, as in .venv: it is asked for its settings
    run([*uv, "venv", "--quiet", "--seed", *oldest, str(venv)], root, environment, why=_NO_SETUP)
    options = ["--resolution", "lowest-direct", "--all-extras", "--group", "dev"]
    source = [*options, "--requirements", "pyproject.toml"]
    run([*uv, "pip", "install", "--quiet", *source], root, environment, why=_NO_SETUP)
    install_project(root, [*uv, "pip"], environment, folder / "set-up.log")
    project = copy_project(root, folder / "project")
    say("building the report of the example with them")
    run([str(python), "-m", "annual_report", "report", "example"], project, environment)
    say("running the tests with them")
    run([str(python), *TESTS], root, environment)
    return ask_versions(python, list(read_requirements(root)))[1]


def read_oldest(root: Path) -> str:
    """Read the oldest Python that the project runs on, for which old releases are made."""
    pyproject = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    return str(pyproject["project"]["requires-python"]).removeprefix(">=")


def copy_project(root: Path, target: Path) -> Path:
    """Copy what a run reads, so that it leaves nothing in this folder."""
    shutil.copytree(root / "data", target / "data", ignore=shutil.ignore_patterns("processed"))
    shutil.copytree(root / "notebooks", target / "notebooks")
    shutil.copy(root / "requirements.lock", target)
    return target


def run(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], *, why: str = _NO_REPORT
) -> None:
    """Run a command where all can see what it says; if it fails, say what that means."""
    done = subprocess.run(command, cwd=folder, env=dict(environment), check=False)
    if done.returncode:
        raise SetUpError(f"{why} (exit code {done.returncode})")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
