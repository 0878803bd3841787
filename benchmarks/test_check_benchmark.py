"""How long the twenty example returns take to read and check, and what memory that needs."""

from __future__ import annotations

import contextlib
import io
import resource
from concurrent.futures import ThreadPoolExecutor

import pytest

from annual_report.edition import read_edition
from annual_report.framework import read_framework
from annual_report.project import find_project
from annual_report.survey.check import check_paths
from annual_report.survey.collecting.filing import list_files
from annual_report.survey.reading.returns import read_return
from annual_report.survey.receiving.reading_process import ReadingProcess


@pytest.fixture(scope="module")
def house():
    project = find_project()
    if not list_files(project.raw("example")):
        pytest.skip("there are no example returns; annual-report example writes them")
    return project


def test_twenty_returns_are_read_by_two_warm_workers(benchmark, house):
    framework, edition = read_framework(house), read_edition(house, "example")
    files = list_files(house.raw("example"))
    with ReadingProcess() as one, ReadingProcess() as two:

        def read(numbered):
            number, path = numbered
            process = (one, two)[number]
            return [
                read_return(p, framework=framework, edition=edition, process=process) for p in path
            ]

        def run():
            with ThreadPoolExecutor(2) as pool:
                return [
                    r for part in pool.map(read, enumerate((files[::2], files[1::2]))) for r in part
                ]

        run()  # start-up is no part of it
        found = benchmark.pedantic(run, rounds=3)
    assert all(one.state == "answered" for one in found)


def test_the_command_checks_an_edition(benchmark, house):
    def run():
        with contextlib.redirect_stdout(io.StringIO()):
            return check_paths(house, [str(house.raw("example"))], edition="example")

    assert benchmark.pedantic(run, rounds=1, warmup_rounds=1) in (0, 1)
    # kilobytes; the largest worker that was waited for
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 500 << 10
