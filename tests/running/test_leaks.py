"""However a run ends, no process, socket or connection file stays behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from annual_report.errors import RunError
from annual_report.running.kernels import forking
from annual_report.running.kernels.forking import ForkServer
from annual_report.running.kernels.imports import ABLE
from annual_report.running.kernels.limits import Limits
from annual_report.running.kernels.messages import Request

DRIVER = """
import os, sys, time
import nbformat
from annual_report.running.kernels import forking
from annual_report.running.kernels.imports import KERNEL
forking._server = forking.ForkServer(modules=KERNEL, packages=())
cell = nbformat.v4.new_code_cell(
    "import os, subprocess, time\\n"
    "child = subprocess.Popen(['sleep', '600'])\\n"
    f"open({sys.argv[1]!r}, 'w').write(f'{{os.getppid()}} {{os.getpid()}} {{child.pid}}')\\n"
    "time.sleep(600)"
)
notebook = nbformat.v4.new_notebook(cells=[cell])
"""
BY_NBCLIENT = """
from nbclient import NotebookClient
from annual_report.running.kernels.manager import ForkedKernelManager
NotebookClient(notebook, kernel_manager_class=ForkedKernelManager).execute()
"""
BY_ENGINE = """
import papermill
notebook.metadata.kernelspec = {"name": "python3", "display_name": "", "language": "python"}
papermill.execute_notebook(notebook, None, engine_name="annual-report", progress_bar=False)
"""


def wait_until(condition: Callable[[], object], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def short_path() -> Iterator[Path]:
    """A folder short enough for sockets in it; pytest's own is not."""
    with tempfile.TemporaryDirectory(prefix="ar-") as folder:
        yield Path(folder)


@pytest.fixture
def quick() -> ForkServer:
    with ForkServer(modules=("json",), packages=()) as server:
        yield server


def fork(server: ForkServer, target: str, *arguments: object, folder: Path | None = None):
    request = Request(
        target,
        arguments,
        Limits(),
        environment=dict(os.environ),
        folder=str(folder) if folder else None,
    )
    return server.fork(request)


def test_a_child_answers_and_ends(quick: ForkServer) -> None:
    with fork(quick, "json:dumps", [1, 2]) as child:
        assert child.hear(10) == "[1, 2]"
        wait_until(lambda: child.poll() is not None)
        assert child.code == 0
    wait_until(lambda: not is_alive(child.pid))


def test_a_child_that_raises_gives_its_error_with_the_trace(quick: ForkServer) -> None:
    with (
        fork(quick, "json:loads", "no json") as child,
        pytest.raises(ValueError, match="Expecting value") as caught,
    ):
        child.hear(10)
    assert "Traceback" in "".join(caught.value.__notes__)


def test_closing_a_child_ends_it(quick: ForkServer) -> None:
    child = fork(quick, "time:sleep", 600)
    child.close()
    wait_until(lambda: not is_alive(child.pid))


def test_a_killed_child_is_noticed_and_its_folder_removed(
    quick: ForkServer, tmp_path: Path
) -> None:
    folder = tmp_path / "private"
    folder.mkdir()
    with fork(quick, "time:sleep", 600, folder=folder) as child:
        os.kill(child.pid, signal.SIGKILL)
        with pytest.raises(ChildProcessError, match="SIGKILL"):
            child.hear(10)
        assert not folder.exists()


def test_a_killed_server_takes_its_children_along(quick: ForkServer) -> None:
    with fork(quick, "time:sleep", 600) as child:
        os.kill(quick._process.pid, signal.SIGKILL)
        with pytest.raises(ChildProcessError):
            child.hear(10)
        wait_until(lambda: not is_alive(child.pid))
    with pytest.raises(RunError, match="died"):
        fork(quick, "time:sleep", 600)


def test_a_closed_server_takes_its_children_along() -> None:
    with ForkServer(modules=("json",), packages=()) as server:
        child = fork(server, "time:sleep", 600)
    wait_until(lambda: not is_alive(child.pid))
    assert child.poll() is not None


def test_a_server_that_cannot_import_says_why() -> None:
    with ForkServer(modules=("no_such_module",), packages=()) as server:
        assert "no_such_module" in (server.wait_until_ready().reason or "")


@pytest.mark.parametrize("wholly", [True, False])
def test_a_server_with_a_second_thread_refuses_to_fork(
    wholly: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kernel too, which does not wait until all is imported."""
    (tmp_path / "threaded.py").write_text(
        "import threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    modules = ("threaded",) if wholly else ("threaded", ABLE, "json")
    with ForkServer(modules=modules, packages=()) as server:
        assert "2 threads" in (server.wait_until_ready(wholly=wholly).reason or "")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("way", [BY_NBCLIENT, BY_ENGINE], ids=["by nbclient", "by the engine"])
def test_a_driver_that_is_ended_leaves_nothing(
    way: str, number: int, tmp_path: Path, short_path: Path
) -> None:
    seen, scratch = tmp_path / "seen", short_path
    environment = os.environ | {"TMPDIR": str(scratch)}
    with subprocess.Popen(
        [sys.executable, "-c", DRIVER + way, str(seen)],
        env=environment,
        stderr=subprocess.DEVNULL,
        process_group=0,
    ) as driver:
        wait_until(lambda: seen.exists() and len(seen.read_text().split()) == 3)
        pids = [int(word) for word in seen.read_text().split()]
        assert bool(list(scratch.glob("annual-report-kernel-*"))) == (way == BY_NBCLIENT)
        driver.send_signal(number)
        driver.wait(30)
    for pid in pids:
        wait_until(lambda pid=pid: not is_alive(pid))
    wait_until(lambda: not list(scratch.glob("annual-report-*")))


def test_a_server_whose_last_word_nobody_heard_ends_quietly(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with ForkServer(modules=("json", ABLE, "wave"), packages=()) as server:
        assert server.wait_until_ready(wholly=False).reason is None
        wait_until(server._has_said)
    assert server._process.returncode == 0
    assert capfd.readouterr().err == ""


def test_a_server_that_is_no_longer_wanted_imports_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, mark = tmp_path / "gate", tmp_path / "mark"
    os.mkfifo(gate)
    (tmp_path / "gated.py").write_text(f"open({str(gate)!r}).read()")
    (tmp_path / "marking.py").write_text(f"open({str(mark)!r}, 'w').close()")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    server = ForkServer(modules=("gated", "marking"), packages=())
    with gate.open("w"):  # it is there, and waits
        server._control.shutdown(socket.SHUT_RDWR)
    server.close()
    assert server._process.returncode == 0
    assert not mark.exists()


def test_a_run_that_is_being_ended_starts_nothing_anew() -> None:
    with forking.end_children(), pytest.raises(RunError, match="being ended"):
        forking.get_fork_server()
    request = ("json:dumps", ([1],))
    assert forking.call_forked(*request, limits=Limits(), environment=os.environ, cwd="/") == "[1]"


def test_a_copy_of_the_client_leaves_the_warm_parent_alone() -> None:
    code = (
        "import os; from annual_report.running.kernels import forking\n"
        "server = forking.get_fork_server(); server.wait_until_ready()\n"
        "pid = os.fork()\n"
        "if pid == 0: os._exit(3 if forking._server is None else 4)\n"
        "code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])\n"
        "print(code, server.alive, forking.get_fork_server() is server)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["3", "True", "True"]
