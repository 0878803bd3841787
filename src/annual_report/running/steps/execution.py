"""Do the steps of a plan, each as soon as what it needs is there, and nothing twice."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, field, replace
from typing import Literal

from annual_report.errors import RunError
from annual_report.running.steps.fingerprints import Record, Records
from annual_report.running.steps.plan import Plan, Step
from annual_report.running.steps.tasks import Failure, Outcome, Task, perform

State = Literal["unchanged", "done", "failed", "left out"]
ATTEMPTS = 3


@dataclass(frozen=True)
class StepResult:
    """How a step ended. ``seconds`` is zero for what was not run.

    ``left`` are the files that a step has written though it failed.
    """

    step: Step
    state: State
    seconds: float = 0.0
    failure: Failure | None = None
    notices: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


class Watcher:
    """Is told what happens; this one keeps it to itself."""

    def planned(self, plan: Plan) -> None:
        """The run begins."""

    def began(self, step: Step) -> None:
        """A step has been handed to a worker."""

    def ended(self, result: StepResult) -> None:
        """A step has ended, or needed no run."""

    def said(self, notice: str) -> None:
        """There is something to know."""

    def closed(self) -> None:
        """The run has ended, well or not."""


@dataclass(frozen=True)
class _Attempt:
    step: Step
    fingerprint: str
    number: int


@dataclass
class Execution:
    """One run through a plan.

    Parameters
    ----------
    size
        How many steps run at a time.
    make_task
        Makes of a step what a worker gets.
    prepare
        Called when the first step has been handed to a worker.
    before
        Called when a step's turn has come and before its inputs are looked at.
    lose
        Called when a step has failed or is left out.
    """

    plan: Plan
    records: Records
    executor: Executor
    size: int
    make_task: Callable[[Step], Task]
    before: Callable[[Step, Execution], None]
    lose: Callable[[StepResult], None]
    prepare: Callable[[], None]
    watcher: Watcher = field(default_factory=Watcher)
    results: dict[str, StepResult] = field(default_factory=dict)
    lost: list[StepResult] = field(default_factory=list)

    def __post_init__(self) -> None:
        order = {step.name: place for place, step in enumerate(self.plan)}
        self._blockers = {
            step.name: {n for n in (*step.needs, *step.follows) if n in order} for step in self.plan
        }
        self._dependants: dict[str, list[int]] = {name: [] for name in order}
        for name, blockers in self._blockers.items():
            for blocker in blockers:
                self._dependants[blocker].append(order[name])
        self._ready = [order[name] for name, blockers in self._blockers.items() if not blockers]
        self._prepared = False
        self._said: set[str] = set()
        self._running: dict[Future[Outcome], _Attempt] = {}

    def run(self) -> None:
        """Run to the end; a step that fails leaves out only those that need it.

        Raises
        ------
        RunError
            If a step has found something that makes every page wrong. What runs then ends first.
        """
        while self._ready or self._running:
            failures = (result.failure for result in self.lost)
            if stopping := next((f for f in failures if f and f.stops_run), None):
                wait(self._running)
                raise RunError(
                    f"{stopping.reason}; nothing has been published", where=stopping.step
                )
            while self._ready and len(self._running) < self.size:
                self._take(self.plan.steps[heapq.heappop(self._ready)])
            if self._running:
                done, _ = wait(self._running, return_when=FIRST_COMPLETED)
                for future in done:
                    self._finish(future)

    @property
    def failures(self) -> list[Failure]:
        """What has failed so far, in the order of the plan."""
        results = (self.results.get(step.name) for step in self.plan)
        return [r.failure for r in results if r is not None and r.failure is not None]

    def _take(self, step: Step) -> None:
        missing = [n for n in step.needs if n in self.results and not self._is_good(n)]
        if missing:
            self._end(StepResult(step, "left out"))
            return
        self.before(step, self)
        fingerprint = self.records.compute_fingerprint(step)
        if self.records.is_done(step, fingerprint):
            self._end(StepResult(step, "unchanged", notices=self.records.list_notices(step)))
        else:
            self._submit(_Attempt(step, fingerprint, 1))

    def _is_good(self, name: str) -> bool:
        return self.results[name].state in ("done", "unchanged")

    def _submit(self, attempt: _Attempt) -> None:
        self.watcher.began(attempt.step)
        future = self.executor.submit(perform, self.make_task(attempt.step))
        self._running[future] = attempt
        if not self._prepared:  # while the worker waits for its warm parent
            self._prepared = True
            self.prepare()

    def _finish(self, future: Future[Outcome]) -> None:
        attempt = self._running.pop(future)
        step, outcome = attempt.step, _read_outcome(future, attempt.step)
        if outcome.failure is None:
            current = self.records.compute_fingerprint(step, afresh=True)
            if current != attempt.fingerprint and attempt.number < ATTEMPTS:
                self._submit(_Attempt(step, current, attempt.number + 1))
                return
            outcome = self._keep(step, attempt, current, outcome)
        if outcome.failure is None:
            self._end(StepResult(step, "done", outcome.seconds, notices=outcome.notices))
            return
        self.records.drop(step)
        left = tuple(outcome.outputs)
        self._end(StepResult(step, "failed", outcome.seconds, outcome.failure, left=left))

    def _keep(self, step: Step, attempt: _Attempt, current: str, outcome: Outcome) -> Outcome:
        """Write down what a step has left; that it failed if it read what was being changed."""
        reason = None
        if current != attempt.fingerprint:
            reason = _describe_unrest(step)
        else:
            try:
                self.records.keep(step, Record(current, outcome.outputs, outcome.notices))
            except OSError as error:
                reason = f"what {step.name} left cannot be written down: {error}"
        if reason is None:
            return outcome
        failure = Failure(step.name, step.cluster, None, None, reason)
        return replace(outcome, failure=failure)

    def _end(self, result: StepResult) -> None:
        name = result.step.name
        self.results[name] = result
        if result.state in ("failed", "left out"):
            self.lost.append(result)
            if not (result.failure and result.failure.stops_run):  # all stays as it was
                self.lose(result)
        self.watcher.ended(result)
        for notice in result.notices:
            if notice not in self._said:
                self._said.add(notice)
                self.watcher.said(f"note: {notice}")
        for place in self._dependants[name]:
            blockers = self._blockers[self.plan.steps[place].name]
            blockers.discard(name)
            if not blockers:
                heapq.heappush(self._ready, place)


def _read_outcome(future: Future[Outcome], step: Step) -> Outcome:
    try:
        return future.result()
    except Exception as error:  # noqa: BLE001  a lost worker, an answer that cannot travel
        reason = f"the worker was lost: {type(error).__name__}: {error}"
        return Outcome(step.name, 0.0, failure=Failure(step.name, step.cluster, None, None, reason))


def _describe_unrest(step: Step) -> str:
    return (
        f"what {step.name} reads has changed {ATTEMPTS} times while it ran;"
        " wait until nobody writes there, then run this again"
    )
