"""The floor: the same cells, executed in two processes that are warm already, and nothing else.

No kernel, no messages, no notebook written: each cell is run in a namespace, and what its last
expression shows is rendered. Prints the seconds that the notebooks took, without the steps between.
Started by ``running.py`` with the project's folder.
"""

from __future__ import annotations

import ast
import multiprocessing
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from IPython.core.formatters import DisplayFormatter
from running import EDITION, list_notebooks

from annual_report.measures import gather
from annual_report.project import Project
from annual_report.running.kernels.imports import LIBRARIES, OUR_PACKAGES
from annual_report.running.kernels.warming import warm_up
from annual_report.running.steps.plan import NotebookRun, Step
from annual_report.survey.collecting.filing import identify_returns

FORMATTER = DisplayFormatter()


def execute_cells(steps: list[Step]) -> None:
    """Run the cells of notebooks one after another, each notebook in a namespace of its own."""
    for step in steps:
        assert isinstance(step.work, NotebookRun)
        os.chdir(step.work.notebook.path.parent)
        names: dict[str, object] = {"__name__": "__main__"}
        for source in step.work.notebook.code_cells:
            execute_cell(source, names)
            names.update(dict(step.work.parameters))


def execute_cell(source: str, names: dict[str, object]) -> None:
    """Run one cell and render what it shows."""
    tree = ast.parse(source)
    shown = None
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        shown = ast.Expression(tree.body.pop().value)
    exec(compile(tree, "cell", "exec"), names)
    if shown is not None:
        value = eval(compile(shown, "cell", "eval"), names)
        if value is not None:
            FORMATTER.format(value)


def main() -> None:
    """Time the notebooks before and after the gathering on two warm processes."""
    root = Path(sys.argv[1])
    os.environ |= {"ANNUAL_REPORT_ROOT": str(root), "OMP_NUM_THREADS": "1"}
    warm_up((*LIBRARIES, *(f"{package}.*" for package in OUR_PACKAGES)))
    project = Project(root)
    identify_returns(project, EDITION)
    gather.measure_previous(project, EDITION)
    before, after = list_notebooks(project)
    chains: dict[str, list[Step]] = {}
    for step in before:
        chains.setdefault(step.cluster or "", []).append(step)
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        list(pool.map(time.sleep, [0.2, 0.2]))  # both processes are there
        begin = time.perf_counter()
        list(pool.map(execute_cells, chains.values()))
        seconds = time.perf_counter() - begin
        gather.gather(project, EDITION)
        begin = time.perf_counter()
        list(pool.map(execute_cells, [[step] for step in after]))
        seconds += time.perf_counter() - begin
    print(seconds)


if __name__ == "__main__":
    main()
