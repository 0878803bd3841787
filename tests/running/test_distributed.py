"""Dask workers do the same steps and leave the same bytes; unfit ones are refused by name."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from annual_report.errors import RunError
from annual_report.running.steps.distributed import Equipment, check_workers

pytest.importorskip("distributed")

if TYPE_CHECKING:
    from tests.running.conftest import SmallProject

HERE = Path(__file__).parent
OURS = Equipment("3.12.1", "pandas 3.0", "abc", "seen")


@pytest.mark.parametrize(
    ("theirs", "said"),
    [
        (replace(OURS, python="3.11.0"), "another python"),
        (replace(OURS, packages="pandas 2.3"), "another packages"),
        (replace(OURS, source="def"), "another source"),
        (replace(OURS, folder="not seen"), "another folder"),
    ],
)
def test_an_unfit_worker_is_named_with_the_difference(theirs: Equipment, said: str) -> None:
    with pytest.raises(RunError, match=said) as caught:
        check_workers({"tcp://good": OURS, "tcp://bad": theirs}, OURS, address="tcp://x")
    assert caught.value.where == "tcp://bad"


def test_a_scheduler_without_workers_is_refused() -> None:
    with pytest.raises(RunError, match="no worker"):
        check_workers({}, OURS, address="tcp://x")


def start(*words: str) -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONPATH": str(HERE)}
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *words],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
    )


def drain(process: subprocess.Popen[str]) -> None:
    """Read along to the end, so that the process never waits for us."""

    def read() -> None:
        assert process.stderr is not None
        with process.stderr:
            process.stderr.read()

    threading.Thread(target=read, daemon=True).start()


@pytest.fixture
def scheduler() -> Iterator[str]:
    """A scheduler and two workers under nannies, as Dask's own commands start them."""
    processes = [start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")]
    try:
        assert processes[0].stderr is not None
        line = next(text for text in processes[0].stderr if "Scheduler at:" in text)
        address = re.search(r"tcp://\S+", line)
        assert address is not None
        drain(processes[0])
        words = (address[0], "--nworkers", "2", "--nthreads", "1", "--no-dashboard")
        processes.append(start("worker", *words))
        drain(processes[1])
        yield address[0]
    finally:
        for process in reversed(processes):
            process.send_signal(signal.SIGTERM)
            process.wait(30)


@pytest.mark.long
@pytest.mark.filterwarnings("default")  # of Dask's own sockets and loops
def test_dask_gives_the_same_bytes_even_when_a_worker_is_killed(
    small: SmallProject, built_once: Path, scheduler: str
) -> None:
    from distributed import Client

    with Client(scheduler, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
        victim = next(iter(client.run(os.getpid).values()))

        def kill_in_the_middle() -> None:
            executed = small.project.processed("spring") / "notebooks"
            while len(list(executed.rglob("*.ipynb"))) < 2:
                time.sleep(0.05)
            os.kill(victim, signal.SIGKILL)

        killer = threading.Thread(target=kill_in_the_middle)
        killer.start()
        result = small.run(scheduler=scheduler)
        killer.join()
    assert result.failures == ()
    for folder in ("data/processed/spring", "reports/spring"):
        expected = {p.relative_to(built_once) for p in (built_once / folder).rglob("*")}
        found = {
            p.relative_to(small.project.root) for p in (small.project.root / folder).rglob("*")
        }
        assert found == expected
        for path in (p for p in expected if (built_once / p).is_file()):
            if path.name not in ("run.json", ".lock"):
                assert (small.project.root / path).read_bytes() == (built_once / path).read_bytes()
