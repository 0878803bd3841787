"""Tell what is running and what is left: a live bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from annual_report.running.steps.execution import StepResult, Watcher
from annual_report.running.steps.plan import Plan, Step

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

    from annual_report.running.run import RunResult

SHOWN_AT_ONCE = 4


def make_watcher(console: Console) -> Watcher:
    """Choose how to tell: live if the console is a terminal."""
    return LiveWatcher(console) if console.is_terminal else LineWatcher(console)


class LineWatcher(Watcher):
    """One line for each step that has run; nothing for what was unchanged."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.total = 0
        self.ended_count = 0

    def planned(self, plan: Plan) -> None:
        self.total = len(plan.steps)

    def ended(self, result: StepResult) -> None:
        self.ended_count += 1
        if result.state != "unchanged":
            self.said(f"{self.ended_count}/{self.total} {describe_result(result)}")

    def said(self, notice: str) -> None:
        self.console.print(notice, markup=False, highlight=False, soft_wrap=True)


class LiveWatcher(Watcher):
    """A bar with the steps that run now; failures stay on the screen above it."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.running: list[str] = []
        self.progress: Progress | None = None
        self.task: TaskID | None = None

    def planned(self, plan: Plan) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        self.progress = Progress(
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.description}", markup=False),
            console=self.console,
            transient=True,
        )
        self.task = self.progress.add_task("", total=len(plan.steps))
        self.progress.start()

    def began(self, step: Step) -> None:
        self.running.append(step.name)
        self._show()

    def ended(self, result: StepResult) -> None:
        if result.step.name in self.running:
            self.running.remove(result.step.name)
        if self.progress is not None and self.task is not None:
            self.progress.advance(self.task)
        if result.failure:
            self.said(describe_result(result))
        self._show()

    def said(self, notice: str) -> None:
        self.console.print(notice, markup=False, highlight=False, soft_wrap=True)

    def closed(self) -> None:
        if self.progress is not None:
            self.progress.stop()

    def _show(self) -> None:
        names = self.running[:SHOWN_AT_ONCE]
        more = len(self.running) - len(names)
        text = ", ".join(names) + (f" and {more} more" if more else "")
        if self.progress is not None and self.task is not None:
            self.progress.update(self.task, description=text)


def describe_result(result: StepResult) -> str:
    """Say in one line how a step ended."""
    if result.failure:
        return f"{result.step.name} failed: {result.failure.reason}"
    if result.state == "left out":
        return f"{result.step.name} left out: a step that it needs has failed"
    return f"{result.step.name} {result.state} in {result.seconds:.1f} s"


def describe_run(result: RunResult) -> Iterator[str]:
    """Say how a run ended: what was built and where, what is missing and why."""
    for one in result.results:
        if one.state not in ("done", "unchanged"):
            yield describe_result(one)
    for missing in result.unreadable:
        yield f"{missing.cluster} is not in the report: {missing.reason}"
    pages = ", ".join(_list_pages(result))
    if not pages:
        yield "no page was built"
    elif result.unchanged:
        yield f"nothing has changed since {pages} were built"
    elif result.exit_code == 0:
        yield f"built {pages}"
    else:
        yield f"built {pages}, without what is listed above"


def _list_pages(result: RunResult) -> list[str]:
    """List the pages that are there: the report's, or, without one, those of the profiles."""
    good = [one.step for one in result.results if one.state in ("done", "unchanged")]
    made = [Path(o) for step in good for o in step.outputs if o.endswith((".html", ".pdf"))]
    report = [path for path in made if path.parent.name != "clusters"]
    suffixes: dict[Path, list[str]] = {}
    for path in report or made:
        suffixes.setdefault(path.with_suffix(""), []).append(path.suffix)
    root = result.reports.parents[1]
    return [f"{root / stem}{' and '.join(sorted(kinds))}" for stem, kinds in suffixes.items()]
