"""The best loop that a skilled user would write: papermill in one process, two threads, HTML there.

Started by ``running.py`` with the project's folder.
"""

from __future__ import annotations

import logging
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import papermill
from nbconvert.exporters import HTMLExporter
from running import EDITION, list_notebooks

from annual_report.measures import gather
from annual_report.project import Project
from annual_report.running.steps.plan import NotebookRun, Step


def run_chain(steps: list[Step]) -> None:
    """Run notebooks one after another and convert each to HTML."""
    for step in steps:
        assert isinstance(step.work, NotebookRun)
        step.work.output.parent.mkdir(parents=True, exist_ok=True)
        executed = papermill.execute_notebook(
            str(step.work.notebook.path),
            str(step.work.output),
            parameters=dict(step.work.parameters),
            progress_bar=False,
        )
        page, _ = HTMLExporter().from_notebook_node(executed)
        step.work.output.with_suffix(".html").write_text(page, encoding="utf-8")


def main() -> None:
    """Run the clusters' notebooks two at a time, gather, run the rest two at a time."""
    logging.disable(logging.WARNING)
    root = Path(sys.argv[1])
    os.environ["ANNUAL_REPORT_ROOT"] = str(root)
    os.chdir(root)
    project = Project(root)
    before, after = list_notebooks(project)
    chains: dict[str, list[Step]] = {}
    for step in before:
        chains.setdefault(step.cluster or "", []).append(step)
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(run_chain, chains.values()))
        gather.measure_previous(project, EDITION)
        gather.gather(project, EDITION)
        list(threads.map(run_chain, [[step] for step in after]))


if __name__ == "__main__":
    main()
