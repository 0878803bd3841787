"""A small project with three clusters, whose returns are text files."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from annual_report.edition import read_edition
from annual_report.project import Project
from annual_report.running.kernels.limits import Limits
from annual_report.running.run import RunResult, run_plan, sweep
from annual_report.running.steps.execution import Watcher
from annual_report.running.steps.plan import FunctionCall, Plan, Step, make_plan

HERE = Path(__file__).parent
EDITION = "spring"
CLUSTERS = ("north", "south", "west")


class SmallProject:
    """The small project, and ways to run and change it."""

    def __init__(self, root: Path) -> None:
        self.project = Project(root)
        self.edition = EDITION
        shutil.copytree(HERE / "notebooks", root / "notebooks")
        for folder in ("framework", "reference", "editions", "raw/spring"):
            (root / "data" / folder).mkdir(parents=True)
        (root / "data" / "framework" / "questions.yaml").write_text("which: words\n")
        (root / "requirements.lock").write_text("nothing==1\n")
        entries = "".join(
            f"  - {{id: {c}, name: {c.title()}, country: 'NO', joined: 2020}}\n" for c in CLUSTERS
        )
        (root / "data" / "editions" / "spring.yaml").write_text(
            "edition: spring\nyear: 2023\ntitle: Words\nheadline: Words\nsubtitle: Words\n"
            "status: Test\npublisher: Test\npublished: 2024-01-31\ncurrency: USD\n"
            f"currency_year: 2023\nclusters:\n{entries}"
        )
        for number, cluster in enumerate(CLUSTERS, 1):
            self.write_return(cluster, " ".join(f"word{i}" for i in range(number)))

    def write_return(self, cluster: str, text: str) -> None:
        (self.project.raw(self.edition) / f"{cluster}.txt").write_text(text)

    def plan(self) -> Plan:
        plan = make_plan(self.project, read_edition(self.project, self.edition))
        return replace(plan, steps=tuple(_stand_in(step) for step in plan))

    def run(
        self, *, jobs: int = 2, scheduler: str | None = None, watcher: Watcher | None = None
    ) -> RunResult:
        plan = self.plan()
        sweep(self.project, self.edition, plan)
        return run_plan(
            self.project,
            read_edition(self.project, self.edition),
            plan,
            jobs=jobs,
            scheduler=scheduler,
            limits=Limits(seconds=60),
            watcher=watcher,
        )

    def edit_notebook(self, name: str, old: str, new: str) -> None:
        path = self.project.notebooks / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    def done(self, result: RunResult) -> set[str]:
        return {name for name, state in self.states(result).items() if state == "done"}

    def states(self, result: RunResult) -> dict[str, str]:
        return {r.step.name: r.state for r in result.results}


def _stand_in(step: Step) -> Step:
    """Let the functions of the test stand in for the real gathering and publishing."""
    if not isinstance(step.work, FunctionCall):
        return step
    if step.name == "index":
        return replace(step, work=FunctionCall("functions:sort_returns", (EDITION,)))
    if step.name == "gather":
        return replace(
            step,
            work=FunctionCall("functions:gather", (EDITION,)),
            outputs=(f"data/processed/{EDITION}/measures/all.parquet",),
        )
    if step.cluster:
        return replace(
            step,
            work=FunctionCall("functions:publish_profile", (EDITION, step.cluster)),
            outputs=(f"reports/{EDITION}/clusters/{step.cluster}.html",),
        )
    names = tuple(Path(output).name for output in step.outputs if "*" not in output)
    return replace(
        step,
        work=FunctionCall("functions:publish", (EDITION, *names)),
        outputs=tuple(f"reports/{EDITION}/{name}" for name in names),
    )


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small project with its report, built once for all tests."""
    root = tmp_path_factory.mktemp("built") / "project"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(HERE))
        assert SmallProject(root).run().failures == ()
    return root


@pytest.fixture
def built(tmp_path: Path, built_once: Path, monkeypatch: pytest.MonkeyPatch) -> SmallProject:
    """A copy of the built project: fingerprints do not depend on the folder."""
    monkeypatch.setenv("PYTHONPATH", str(HERE))
    project = SmallProject.__new__(SmallProject)
    project.edition = EDITION
    project.project = Project(tmp_path / "project")
    shutil.copytree(built_once, project.project.root)
    return project


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallProject:
    monkeypatch.setenv("PYTHONPATH", str(HERE))
    return SmallProject(tmp_path / "project")
