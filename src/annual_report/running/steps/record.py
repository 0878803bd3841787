"""The record of a run: ``run.json``, the one output that holds times, and ``failures.json``."""

from __future__ import annotations

import datetime as dt
import importlib.metadata
import json
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from annual_report.edition import Edition
from annual_report.files import write_whole
from annual_report.project import Project
from annual_report.redaction import hide_secrets
from annual_report.running.steps.execution import StepResult
from annual_report.running.steps.files import hash_file
from annual_report.running.steps.plan import FAILURES, NotebookRun
from annual_report.running.steps.tasks import Failure

RECORD = "run.json"
PACKAGES = (
    "annual-report",
    "babel",
    "jupyterlab",
    "matplotlib",
    "nbconvert",
    "numpy",
    "openpyxl",
    "pandas",
    "papermill",
    "pyarrow",
    "pydantic",
    "pypandoc_binary",
    "scipy",
    "seaborn",
    "typst",
)


def write_failures(project: Project, edition: str, failures: Sequence[Failure]) -> Path:
    """Write what has failed so far, for the steps that tell the reader; the same for the same."""
    path = project.processed(edition) / FAILURES
    told = [{k: v for k, v in asdict(f).items() if k != "stops_run"} for f in failures]
    content = json.dumps(told, indent=1, ensure_ascii=False) + "\n"
    if not path.is_file() or path.read_text(encoding="utf-8") != content:
        write_whole(path, content)
    return path


def write_record(
    project: Project,
    edition: Edition,
    results: Iterable[StepResult],
    *,
    started: dt.datetime,
    settings: Mapping[str, Any],
) -> Path:
    """Write ``reports/<edition>/run.json``: inputs, versions, parameters, steps."""
    name = edition.edition
    path = project.reports(name) / RECORD
    content = {
        "edition": name,
        "started": started.isoformat(timespec="seconds"),
        "ended": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "settings": dict(settings),
        "versions": {"python": platform.python_version(), **list_versions()},
        "inputs": _hash_inputs(project, edition),
        "steps": [_describe(result) for result in results],
    }
    write_whole(path, hide_secrets(json.dumps(content, indent=1, ensure_ascii=False)) + "\n")
    return path


def list_versions() -> dict[str, str]:
    """List the versions of the packages that results depend on most."""
    versions = {}
    for package in PACKAGES:
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return versions


def _hash_inputs(project: Project, edition: Edition) -> dict[str, str]:
    name = edition.edition
    folders = [project.raw(name), project.framework, project.reference]
    if edition.previous:
        folders.append(project.raw(edition.previous))
    files = [project.editions / f"{name}.yaml", project.corrections(name)]
    files += [path for folder in folders for path in folder.rglob("*")]
    return {
        path.relative_to(project.root).as_posix(): hash_file(path)
        for path in sorted(files)
        if path.is_file()
    }


def _describe(result: StepResult) -> dict[str, Any]:
    work = result.step.work
    described: dict[str, Any] = {"step": result.step.name, "status": result.state}
    if isinstance(work, NotebookRun):
        described |= {"notebook": work.notebook.name, "parameters": dict(work.parameters)}
    else:
        described |= {"function": work.target, "arguments": list(work.arguments)}
    described["seconds"] = round(result.seconds, 3)
    if result.failure:
        described["reason"] = result.failure.reason
    if result.notices:
        described["notices"] = list(result.notices)
    return described
