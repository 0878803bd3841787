"""A run that is killed takes all of its processes along: looked for in /proc, by what they inherit."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/environ").exists(), reason="looks into Linux's /proc"
)
MARK = "ANNUAL_REPORT_TEST_MARK"
UNFIT = """
import sys
if "annual_report.running" in sys.orig_argv and "serve" in sys.orig_argv:
    import threading, time
    threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
"""
BACKGROUND = (
    "import subprocess\n"
    "subprocess.Popen(['sleep', '600'])\n"
    "subprocess.Popen(['sleep', '601'], start_new_session=True)"
)


@dataclass(frozen=True)
class Kin:
    """A program and all that has come of it."""

    process: subprocess.Popen[bytes]
    mark: bytes

    def list_living(self) -> list[str]:
        return [command for folder in Path("/proc").glob("[0-9]*") if (command := self.see(folder))]

    def see(self, folder: Path) -> str:
        """Give the command of a process, if it lives and is one of these."""
        try:
            if self.mark not in (folder / "environ").read_bytes():
                return ""
            state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
        except OSError:  # it has just ended
            return ""
        return "" if state == "Z" else command

    def wait_for(self, *words: str) -> None:
        self._wait(lambda: all(any(w in c for c in self.list_living()) for w in words))

    def wait_until_gone(self) -> None:
        self._wait(lambda: not self.list_living())

    def _wait(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 120
        while not condition():
            assert time.monotonic() < deadline, self.list_living()
            time.sleep(0.05)


Start = Callable[..., Kin]


@pytest.fixture
def start(root: Path, tmp_path: Path) -> Iterator[Start]:
    """Start a command in a project of its own."""
    for name in ("framework", "editions", "reference", "raw"):
        shutil.copytree(root / "data" / name, tmp_path / "data" / name)
    shutil.copytree(root / "notebooks", tmp_path / "notebooks")
    started = []

    def go(*command: str, **environment: str) -> Kin:
        value = uuid.uuid4().hex
        process = subprocess.Popen(
            command,
            cwd=tmp_path,
            env=os.environ | environment | {MARK: value},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            process_group=0,
        )
        started.append(Kin(process, f"{MARK}={value}".encode()))
        return started[-1]

    yield go
    for kin in started:
        kin.process.kill()
        kin.process.wait()
        kin.wait_until_gone()


@pytest.mark.parametrize(
    "number",
    [
        signal.SIGKILL,
        pytest.param(signal.SIGTERM, marks=pytest.mark.long),
        pytest.param(signal.SIGHUP, marks=pytest.mark.long),
    ],
)
def test_a_run_that_is_killed_leaves_nothing(start: Start, tmp_path: Path, number: int) -> None:
    path = tmp_path / "notebooks" / "cluster" / "01-ingest.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"][-1]["source"] = f"{BACKGROUND}\nimport time\ntime.sleep(600)"
    notebook["cells"][-1]["cell_type"] = "code"
    notebook["cells"][-1].update(outputs=[], execution_count=None)
    path.write_text(json.dumps(notebook), encoding="utf-8")
    run = start(sys.executable, "-m", "annual_report", "report", "2023")
    run.wait_for("annual_report.running serve", "sleep 600", "sleep 601")
    run.process.send_signal(number)
    assert run.process.wait(60) == -number
    run.wait_until_gone()


def test_a_run_without_a_warm_parent_leaves_nothing_when_it_is_killed(
    start: Start, tmp_path: Path
) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(UNFIT, encoding="utf-8")
    command = (sys.executable, "-m", "annual_report", "report", "2023")
    run = start(*command, PYTHONPATH=str(tmp_path / "site"))
    run.wait_for("annual_report.running call", "survey.worker")
    run.process.kill()
    run.process.wait()
    run.wait_until_gone()
