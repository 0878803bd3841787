"""Compare a run with what people do today; write the figures to ``benchmarks/results.md``.

    python benchmarks/running.py [--repeats 3] [--only ours,skilled,…] [--scale 100,1000]

Every part works on a copy of the project in a temporary folder, and on the same notebooks with the
same parameters. Ratios are made of medians of one session. Nothing else should run meanwhile.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import os
import platform
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from annual_report.edition import read_edition
from annual_report.example.register import LAST_YEAR, name_edition
from annual_report.project import Project, find_project
from annual_report.running.kernels.forking import get_fork_server, stop_fork_server
from annual_report.running.kernels.imports import import_driver
from annual_report.running.kernels.limits import count_cores
from annual_report.running.run import run_plan
from annual_report.running.steps.execution import Watcher
from annual_report.running.steps.plan import NotebookRun, Plan, Step, make_plan

HERE = Path(__file__).parent
EDITION = "example"
COPIED = ("data", "notebooks", "requirements.lock")
SCHEDULER_WORDS = ("scheduler", "--host", "127.0.0.1", "--port", "18787", "--no-dashboard")
SCHEDULER = "tcp://127.0.0.1:18787"


def copy_project(folder: Path) -> Project:
    """Copy what a run reads, and nothing that one has left."""
    source = find_project().root
    for name in COPIED:
        copy = shutil.copytree if (source / name).is_dir() else shutil.copy
        copy(source / name, folder / name)
    forget_results(Project(folder))
    return Project(folder)


def forget_results(project: Project) -> None:
    """Make the project as it was before its first run."""
    shutil.rmtree(project.root / "data" / "processed", ignore_errors=True)
    shutil.rmtree(project.root / "reports", ignore_errors=True)


def measure_time(work: Callable[[], object]) -> float:
    """Return the seconds that something takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def call_command(project: Project, *words: str) -> None:
    """Run one of our or Jupyter's commands in the project, as a user would."""
    environment = os.environ | {"ANNUAL_REPORT_ROOT": str(project.root)}
    subprocess.run(
        [sys.executable, "-m", *words],
        cwd=project.root,
        env=environment,
        check=True,
        capture_output=True,
    )


def run_ours(
    project: Project, *, edition: str = EDITION, scheduler: str | None = None, jobs: int = 2
) -> None:
    """Run ``annual-report report`` as a process of its own."""
    place = ("--scheduler", scheduler) if scheduler else ("--jobs", str(jobs))
    call_command(project, "annual_report", "report", edition, *place)


def list_notebooks(project: Project) -> tuple[list[Step], list[Step]]:
    """List the notebook steps before and after the gathering."""
    plan = make_plan(project, read_edition(project, EDITION))
    steps = [step for step in plan if isinstance(step.work, NotebookRun)]
    before = [step for step in steps if "gather" not in step.needs and not _is_after(step)]
    return before, [step for step in steps if step not in before]


def _is_after(step: Step) -> bool:
    return isinstance(step.work, NotebookRun) and (
        step.work.notebook.after_gather or step.cluster is None
    )


def gather(project: Project) -> None:
    """Do in a process of its own what stands between the notebooks."""
    code = (
        "import sys; from pathlib import Path; from annual_report.project import Project;"
        "from annual_report.measures import gather as g; p = Project(Path(sys.argv[1]));"
        f"g.measure_previous(p, {EDITION!r}); g.gather(p, {EDITION!r})"
    )
    subprocess.run([sys.executable, "-c", code, str(project.root)], check=True)


def run_shell_loop(project: Project) -> None:
    """Do what people do: papermill and nbconvert, a command each, one notebook after another."""
    before, after = list_notebooks(project)
    for steps in (before, after):
        for step in steps:
            assert isinstance(step.work, NotebookRun)
            step.work.output.parent.mkdir(parents=True, exist_ok=True)
            words = [w for name, value in step.work.parameters for w in ("-p", name, value)]
            output = str(step.work.output)
            call_command(project, "papermill", str(step.work.notebook.path), output, *words)
            call_command(project, "nbconvert", "--to", "html", output)
        if steps is before:
            gather(project)


def run_skilled_loop(project: Project) -> None:
    """Do what a skilled user would: one process, two threads, HTML in process."""
    subprocess.run([sys.executable, str(HERE / "skilled_loop.py"), str(project.root)], check=True)


def run_floor(project: Project) -> float:
    """Execute the cells in two warm processes and return the seconds of that alone."""
    done = subprocess.run(
        [sys.executable, str(HERE / "floor.py"), str(project.root)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return float(done.stdout.split()[-1])


def run_notebooks_part(project: Project) -> float:
    """Run only the notebooks with ours, from a warm start; return the seconds of that alone."""
    edition = read_edition(project, EDITION)
    plan = make_plan(project, edition)
    get_fork_server().wait_until_ready()
    import_driver()
    seconds = 0.0
    try:
        for part in _split_plan(plan):
            names = {step.name for step in part}
            needed = tuple(_cut(step, names) for step in part)
            timed = any(isinstance(step.work, NotebookRun) for step in part)
            run = lambda steps=needed: run_plan(  # noqa: E731
                project, edition, Plan(plan.edition, steps), jobs=2, watcher=Watcher()
            )
            spent = measure_time(run)
            seconds += spent if timed else 0.0
    finally:
        stop_fork_server()
    return seconds


def _split_plan(plan: Plan) -> Iterator[list[Step]]:
    chains = [s for s in plan if isinstance(s.work, NotebookRun) and not _is_after(s)]
    rest = [s for s in plan if isinstance(s.work, NotebookRun) and _is_after(s)]
    yield [s for s in plan if s.name in ("index", "previous-index", "previous")]
    yield chains
    yield [s for s in plan if s.name == "gather"]
    yield rest


def _cut(step: Step, names: set[str]) -> Step:
    keep = lambda wanted: tuple(n for n in wanted if n in names)  # noqa: E731
    return replace(step, needs=keep(step.needs), follows=keep(step.follows))


def change_one_return(project: Project) -> None:
    """Change one number in one of the twenty returns."""
    from openpyxl import load_workbook

    path = min(project.raw(EDITION).glob("*.xlsx"))
    book = load_workbook(path)
    for sheet in book.worksheets[1:]:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, int | float) and cell.value > 5000:
                    cell.value = cell.value * 1.01
                    book.save(path)
                    return


@contextlib.contextmanager
def dask_cluster(project: Project) -> Iterator[None]:
    """Start a scheduler and two workers with Dask's own commands."""
    environment = os.environ | {"ANNUAL_REPORT_ROOT": str(project.root)}
    words = ("worker", SCHEDULER, "--nworkers", "2", "--nthreads", "1", "--no-dashboard")
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "dask", *command],
            env=environment,
            stderr=subprocess.DEVNULL,
            process_group=0,
        )
        for command in (SCHEDULER_WORDS, words)
    ]
    try:
        time.sleep(8)
        yield
    finally:
        for process in reversed(started):
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def measure_round(project: Project, only: set[str], found: dict[str, list[float]]) -> None:
    """Measure each part once more, one after another."""

    def note(name: str, seconds: float) -> None:
        found.setdefault(name, []).append(seconds)
        print(f"{name:10} {seconds:8.2f} s", flush=True)

    if "ours" in only:
        forget_results(project)
        note("ours", measure_time(lambda: run_ours(project)))
        note("second", measure_time(lambda: run_ours(project)))
        with _kept(min(project.raw(EDITION).glob("*.xlsx"))):
            change_one_return(project)
            note("changed", measure_time(lambda: run_ours(project)))
    for name, work in (("skilled", run_skilled_loop), ("shell", run_shell_loop)):
        if name in only:
            forget_results(project)
            note(name, measure_time(lambda work=work: work(project)))
    for name, part in (("notebooks", run_notebooks_part), ("floor", run_floor)):
        if name in only:
            forget_results(project)
            note(name, part(project))
    if "dask" in only:
        with dask_cluster(project):
            for name in ("dask-first", "dask"):  # the first finds cold workers
                forget_results(project)
                note(name, measure_time(lambda: run_ours(project, scheduler=SCHEDULER)))


@contextlib.contextmanager
def _kept(path: Path) -> Iterator[None]:
    content = path.read_bytes()
    try:
        yield
    finally:
        path.write_bytes(content)


def measure_scale(size: int) -> float:
    """Measure an edition of so many clusters, in a project of its own."""
    with tempfile.TemporaryDirectory(prefix="annual-report-bench-") as folder:
        project = copy_project(Path(folder))
        call_command(project, "annual_report", "example", "--clusters", str(size))
        edition = name_edition(size, LAST_YEAR)
        assert len(read_edition(project, edition).clusters) == size
        seconds = measure_time(lambda: run_ours(project, edition=edition))
    print(f"{size} clusters {seconds:8.2f} s", flush=True)
    return seconds


RATIOS = (
    ("shell loop, cold, against ours", "shell", "ours", "at least 15"),
    ("best loop of a skilled user against ours", "skilled", "ours", "at least 5"),
    ("our notebooks against the floor", "notebooks", "floor", "at most 2"),
    ("one of twenty returns changed against all", "changed", "ours", "at most 0.25"),
    ("two Dask workers against two jobs", "dask", "ours", "at most 1.25"),
    ("1,000 clusters against 100", "1000 clusters", "100 clusters", "at most 11.5"),
)


def write_results(found: dict[str, list[float]], path: Path) -> None:
    """Write a page with the machine, the medians and the ratios; keep what is said below them."""
    today, version = dt.datetime.now(dt.UTC).date(), f"Python {platform.python_version()}"
    medians = {name: statistics.median(values) for name, values in found.items()}
    lines = [
        "# Benchmarks",
        "",
        f"{today}, {count_cores()} cores of {_name_processor()}, {version}.",
        f"Edition `{EDITION}`, 20 clusters. Made by `python benchmarks/running.py`.",
        "",
        "| what | median, s | all, s |",
        "|---|---|---|",
        *(
            f"| {name} | {medians[name]:.2f} | {', '.join(f'{v:.2f}' for v in values)} |"
            for name, values in found.items()
        ),
        "",
        "| ratio | found | target |",
        "|---|---|---|",
        *(
            f"| {title} | {medians[a] / medians[b]:.2f} | {target} |"
            for title, a, b, target in RATIOS
            if a in medians and b in medians
        ),
    ]
    if "second" in medians:
        lines.append(f"| second run, nothing changed | {medians['second']:.2f} s | at most 1.5 s |")
    old = path.read_text(encoding="utf-8") if path.is_file() else ""
    _, mark, said = old.partition("\n## ")
    path.write_text("\n".join(lines) + "\n" + mark + said, encoding="utf-8")


def _name_processor() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def main() -> None:
    """Measure what is asked for and write it down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", default="ours,skilled,shell,notebooks,floor,dask")
    parser.add_argument("--scale", default="", help="sizes of large editions, as in 100,1000")
    parser.add_argument("--output", type=Path, default=HERE / "results.md")
    options = parser.parse_args()
    found: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory(prefix="annual-report-bench-") as folder:
        project = copy_project(Path(folder))
        for _ in range(options.repeats):
            measure_round(project, set(options.only.split(",")), found)
            write_results(found, options.output)
    for size in (int(size) for size in options.scale.split(",") if size):
        found[f"{size} clusters"] = [measure_scale(size)]
        write_results(found, options.output)


if __name__ == "__main__":
    main()
