"""What a worker is asked to do, here or on another machine, and what it answers."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from annual_report.errors import AnnualReportError, NotebookError, RunError
from annual_report.project import ROOT_VARIABLE, Project
from annual_report.redaction import hide_secrets
from annual_report.running.kernels.cells import TRY_AGAIN
from annual_report.running.kernels.executing import run_notebook
from annual_report.running.kernels.forking import call_forked
from annual_report.running.kernels.limits import Limits
from annual_report.running.steps.files import hash_file
from annual_report.running.steps.inputs import resolve_inputs
from annual_report.running.steps.plan import FunctionCall, NotebookRun, Step


@dataclass(frozen=True)
class Task:
    """A step with all that a worker needs to do it."""

    step: Step
    root: Path
    limits: Limits
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Failure:
    """Why a step failed, in words for the report's reader and author.

    ``stops_run`` where no page of the report would be right: an error in the framework, a
    correction that no longer fits, a withheld value that the published ones give away.
    """

    step: str
    cluster: str | None
    notebook: str | None
    cell: str | None
    reason: str
    stops_run: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became of a task: the hash of each file it left, why it failed, what it warns of."""

    step: str
    seconds: float
    outputs: dict[str, str] = field(default_factory=dict)
    failure: Failure | None = None
    notices: tuple[str, ...] = ()


def perform(task: Task) -> Outcome:
    """Do one step in a process of its own; a failure is an answer, not an exception."""
    step, begin = task.step, time.monotonic()
    patterns = (*step.may_leave, *step.outputs)
    before = {path: _identify(path) for path in resolve_inputs(task.root, patterns)}
    notices: tuple[str, ...] = ()
    try:
        if isinstance(step.work, NotebookRun):
            _run_notebook(task, step.work)
        else:
            notices = _call_function(task, step.work)
        outputs = _collect_outputs(task, before)
    except (AnnualReportError, OSError, ChildProcessError, TimeoutError, MemoryError) as error:
        fresh = [p for p in resolve_inputs(task.root, step.outputs) if _is_new(p, before)]
        return Outcome(
            step.name,
            time.monotonic() - begin,
            {p.relative_to(task.root).as_posix(): hash_file(p) for p in fresh},
            _describe_failure(step, error),
        )
    return Outcome(step.name, time.monotonic() - begin, outputs, notices=notices)


def _run_notebook(task: Task, run: NotebookRun) -> None:
    try:
        run_notebook(
            run.notebook.path,
            run.output,
            name=run.notebook.name,
            parameters=dict(run.parameters),
            limits=task.limits,
            environment=_make_environment(task),
        )
    except (AnnualReportError, OSError):
        raise
    except Exception as error:
        # an unknown kernel, a notebook of another language, half a character
        raise NotebookError(
            f"{type(error).__name__}: {error}",
            where=run.notebook.name,
            found=f"for {task.step.cluster}" if task.step.cluster else None,
            do=TRY_AGAIN,
        ) from error


def _call_function(task: Task, call: FunctionCall) -> tuple[str, ...]:
    try:
        notices: tuple[str, ...] = call_forked(
            "annual_report.running.kernels.notices:call",
            (call.target, Project(task.root), *call.arguments),
            limits=task.limits,
            environment=_make_environment(task),
            cwd=str(task.root),
        )
    except AnnualReportError:
        raise
    except Exception as error:
        raise RunError(f"{type(error).__name__}: {error}", where=call.target) from error
    return notices


def _make_environment(task: Task) -> dict[str, str]:
    return {**os.environ, **task.environment, ROOT_VARIABLE: str(task.root)}


def _collect_outputs(task: Task, before: Mapping[Path, Any]) -> dict[str, str]:
    paths = [p for p in resolve_inputs(task.root, task.step.may_leave) if _is_new(p, before)]
    if isinstance(task.step.work, NotebookRun):
        paths.append(task.step.work.output)
    for pattern in task.step.outputs:
        found = resolve_inputs(task.root, (pattern,))
        if not found and "*" not in pattern:
            raise RunError("a step has not left its file", where=task.step.name, expected=pattern)
        paths += found
    return {p.relative_to(task.root).as_posix(): hash_file(p) for p in sorted(set(paths))}


def _identify(path: Path) -> tuple[int, int, int] | None:
    """Identify a file's content without reading it: a file written anew has a new inode."""
    with contextlib.suppress(OSError):
        status = path.stat()
        return status.st_ino, status.st_mtime_ns, status.st_size
    return None


def _is_new(path: Path, before: Mapping[Path, Any]) -> bool:
    return _identify(path) != before.get(path)


def _describe_failure(step: Step, error: BaseException) -> Failure:
    work = step.work
    notebook = work.notebook.name if isinstance(work, NotebookRun) else None
    where = error.where if isinstance(error, AnnualReportError) else None
    cell = where.rpartition(", ")[2] if where and ", cell " in where else None
    stops_run = isinstance(error, AnnualReportError) and error.stops_run
    return Failure(step.name, step.cluster, notebook, cell, hide_secrets(str(error)), stops_run)
