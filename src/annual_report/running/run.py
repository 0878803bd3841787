"""Run an edition from its returns to its report."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from annual_report.edition import Edition, read_edition
from annual_report.errors import RunError
from annual_report.project import Project
from annual_report.running.kernels.executing import import_driver
from annual_report.running.kernels.limits import Limits, count_cores
from annual_report.running.steps.execution import Execution, StepResult, Watcher
from annual_report.running.steps.executors import open_executor
from annual_report.running.steps.files import list_leftovers
from annual_report.running.steps.fingerprints import Records
from annual_report.running.steps.inputs import resolve_inputs
from annual_report.running.steps.locking import hold_lock
from annual_report.running.steps.plan import GATHER, PUBLISH, NotebookRun, Plan, Step, make_plan
from annual_report.running.steps.record import write_failures, write_record
from annual_report.running.steps.tasks import Failure, Task

EXIT_COMPLETE = 0
EXIT_INCOMPLETE = 3


@dataclass(frozen=True)
class Unreadable:
    """A cluster that sent something which nobody could read, and why."""

    cluster: str
    reason: str


@dataclass(frozen=True)
class RunResult:
    """What a run did and what is missing from it."""

    results: tuple[StepResult, ...]
    reports: Path
    unreadable: tuple[Unreadable, ...] = ()

    @property
    def failures(self) -> tuple[Failure, ...]:
        """What failed, in the order of the plan."""
        return tuple(r.failure for r in self.results if r.failure is not None)

    @property
    def unchanged(self) -> bool:
        """Whether all was there and nothing had to be done."""
        return all(r.state == "unchanged" for r in self.results)

    @property
    def exit_code(self) -> int:
        """0 if all that was asked for is there, 3 if something is missing."""
        complete = all(r.state in ("done", "unchanged") for r in self.results)
        return EXIT_COMPLETE if complete and not self.unreadable else EXIT_INCOMPLETE


def run_edition(
    project: Project,
    edition_name: str,
    *,
    jobs: int | None = None,
    scheduler: str | None = None,
    clusters: Sequence[str] | None = None,
    limits: Limits | None = None,
    watcher: Watcher | None = None,
) -> RunResult:
    """Run what is not already done: notebooks, gathering, publishing.

    Parameters
    ----------
    jobs
        Steps that run at a time on this machine; one for each core by default.
    scheduler
        Address of a Dask scheduler whose workers run the steps instead.
    clusters
        Only the profiles of these; all, and the report, by default.

    Raises
    ------
    EditionError
        If there is no such edition, or a cluster is not on its register.
    RunError
        If a notebook cannot be run at all, or another run does not end.
    """
    edition = read_edition(project, edition_name)
    plan = make_plan(project, edition, clusters=clusters)
    watcher = watcher or Watcher()
    with _explained(), hold_lock(project.processed(edition_name), tell=watcher.said):
        sweep(project, edition_name, plan)
        return run_plan(
            project, edition, plan, jobs=jobs, scheduler=scheduler, limits=limits, watcher=watcher
        )


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    """Say of the run's own files what a step's failure says of its files."""
    try:
        yield
    except OSError as error:
        raise RunError(
            "the run cannot write what it has to",
            where=error.filename,
            found=error.strerror,
            do="make room, or mend the permissions, and run this again: what is done is kept",
        ) from error


def run_plan(
    project: Project,
    edition: Edition,
    plan: Plan,
    *,
    jobs: int | None = None,
    scheduler: str | None = None,
    limits: Limits | None = None,
    watcher: Watcher | None = None,
) -> RunResult:
    """Run a plan whose lock is held."""
    watcher = watcher or Watcher()
    started = dt.datetime.now(dt.UTC)
    size = jobs or count_cores()
    limits = limits or Limits(threads=max(1, count_cores() // size))
    environment = {"SOURCE_DATE_EPOCH": str(_find_epoch(edition))}
    with open_executor(project.root, jobs=jobs, scheduler=scheduler) as (executor, width):
        execution = Execution(
            plan,
            Records(project, edition.edition),
            executor,
            width,
            make_task=lambda step: Task(step, project.root, limits, environment),
            before=_Teller(project, edition.edition).tell,
            lose=lambda result: _remove_results(project, result),
            prepare=(lambda: None) if scheduler else import_driver,
            watcher=watcher,
        )
        watcher.planned(plan)
        try:
            execution.run()
        finally:
            watcher.closed()
    results = tuple(execution.results[step.name] for step in plan)
    unreadable = list_unreadable(project, edition.edition)
    result = RunResult(results, project.reports(edition.edition), unreadable)
    if not result.unchanged:
        write_record(
            project,
            edition,
            results,
            started=started,
            settings={"jobs": size, "scheduler": scheduler},
        )
    return result


def list_unreadable(project: Project, edition: str) -> tuple[Unreadable, ...]:
    """Clusters whose return could not be read; the report stands, but without them."""
    path = project.processed(edition) / "returns.parquet"
    if not path.is_file():
        return ()
    import pyarrow.parquet as pq  # a run with nothing to do starts without pandas

    table = pq.ParquetFile(path).read(columns=["cluster", "state", "reason"], use_threads=False)
    return tuple(
        Unreadable(row["cluster"], row["reason"] or "")
        for row in table.to_pylist()
        if row["state"] == "unreadable"
    )


@dataclass
class _Teller:
    """Before the gathering and the publishing: tells what has failed."""

    project: Project
    edition: str
    told: int = -1

    def tell(self, step: Step, execution: Execution) -> None:
        if step.name != GATHER and not step.name.startswith(f"{PUBLISH}/"):
            return
        if len(execution.lost) == self.told:
            return
        self.told = len(execution.lost)
        path = write_failures(self.project, self.edition, execution.failures)
        execution.records.forget(path.relative_to(self.project.root).as_posix())


def _remove_results(project: Project, result: StepResult) -> None:
    """Remove what an earlier run has left of a step that has failed now: it is no longer true."""
    step = result.step
    if isinstance(step.work, NotebookRun):
        step.work.output.unlink(missing_ok=True)
    fresh = {project.root / path for path in result.left}
    for path in resolve_inputs(project.root, (*step.may_leave, *step.outputs)):
        if path not in fresh:
            path.unlink()


def sweep(project: Project, edition: str, plan: Plan) -> None:
    """Remove what a killed run was writing, and what no step of the plan leaves any more."""
    folders = (project.processed(edition), project.reports(edition))
    for folder in folders:
        for path in list_leftovers(folder) if folder.is_dir() else ():
            _remove(path)
    if not plan.complete:
        return
    executed = {s.work.output for s in plan if isinstance(s.work, NotebookRun)}
    for path in (folders[0] / "notebooks").glob("*/*.ipynb"):
        if path not in executed:
            _remove(path)
    published = {project.root / output for step in plan for output in step.outputs}
    for path in (folders[1] / "clusters").glob("*"):
        if path not in published:
            _remove(path)


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()


def _find_epoch(edition: Edition) -> int:
    noon = dt.datetime.combine(edition.published, dt.time(12), dt.UTC)
    return int(noon.timestamp())
