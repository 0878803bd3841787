"""Ask the warm parent for children: the client's side of :mod:`annual_report.running.kernels.forkserver`."""

from __future__ import annotations

import atexit
import contextlib
import os
import select
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Self

import annual_report
from annual_report.errors import RunError
from annual_report.running.kernels.child import Child, ForkError, describe_end
from annual_report.running.kernels.fresh import call_fresh, end_fresh
from annual_report.running.kernels.imports import OUR_PACKAGES, WARM_MODULES
from annual_report.running.kernels.limits import THREAD_VARIABLES, Limits
from annual_report.running.kernels.messages import FORK, RETIRE, Failed, Ready, Request, Started

LOOK_SECONDS = 1.0  # how often it is worth looking whether our source has changed


class ForkServer:
    """The warm parent of this process's children.

    Parameters
    ----------
    modules
        What it imports; those who need not wait for all of it are forked in between. If it cannot
        import one, it is not fit to fork.
    packages
        Packages of which it imports all modules that it can.
    """

    def __init__(
        self,
        modules: tuple[str, ...] = WARM_MODULES,
        packages: tuple[str, ...] = OUR_PACKAGES,
    ) -> None:
        self.source = look_at_source()
        self.looked = time.monotonic()
        self._ended = False
        ours, theirs = socket.socketpair()
        self._control = ours
        self._lock = threading.Lock()
        self._hearing = threading.Lock()
        self._ready: Ready | None = None
        try:
            self._process = subprocess.Popen(  # noqa: S603  our own module
                [sys.executable, "-P", "-m", "annual_report.running", "serve", str(theirs.fileno())]
                + [*modules, *(f"{package}.*" for package in packages)],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env=_make_environment(),
                process_group=0,  # Ctrl-C is for us, not for the children
            )
        finally:
            theirs.close()

    def wait_until_ready(self, *, wholly: bool = True) -> Ready:
        """Wait until the server is warm, or says why it cannot fork.

        Parameters
        ----------
        wholly
            Whether it must have imported everything; or only what a notebook's kernel needs.
        """
        with self._hearing:
            while self._ready is None or (wholly and not self._ready.wholly):
                self._ready = self._hear()
            return self._ready

    def _look(self) -> Ready:
        """Return what the server has said up to now; not a word is no bad word."""
        if self._hearing.acquire(blocking=False):  # or another waits for its word at this moment
            try:
                while not (self._ready and self._ready.wholly) and self._has_said():
                    self._ready = self._hear()
            finally:
                self._hearing.release()
        return self._ready or Ready(wholly=False)

    def _has_said(self) -> bool:
        return bool(select.select([self._control], [], [], 0)[0])

    def _hear(self) -> Ready:
        try:
            with Connection(os.dup(self._control.fileno())) as channel:
                ready: Ready = channel.recv()
        except (EOFError, OSError):
            return Ready("the warm parent ended while it was starting")
        return ready

    @property
    def alive(self) -> bool:
        return not self._ended and self._process.poll() is None

    def fork(self, request: Request) -> Child:
        """Fork a child and return as soon as it has been started; wait for the warmth if it must.

        Raises
        ------
        ForkError
            If the server is not fit to fork or has died.
        """
        ready = self._look() if request.early else self.wait_until_ready()
        if reason := ready.reason:
            raise ForkError("the warm parent cannot fork", found=reason)
        pairs = [Pipe() for _ in range(2 if request.talks else 1)]
        (connection, *lines), theirs = zip(*pairs, strict=True)
        try:
            with self._lock:
                socket.send_fds(self._control, [FORK], [end.fileno() for end in theirs])
            for end in theirs:
                end.close()
            connection.send(request)
            answer = connection.recv()
        except (EOFError, OSError) as error:
            for end in (connection, *lines, *theirs):
                end.close()
            self._ended = True
            raise ForkError("the warm parent has died", found=str(error) or None) from error
        if isinstance(answer, Started):
            return Child(connection, answer.pid, *lines)
        for end in (connection, *lines):
            end.close()
        found = str(answer.error) if isinstance(answer, Failed) else describe_end(answer.code)
        raise ForkError("no child could be forked", found=found)

    def retire(self) -> None:
        """Let the server end when its last child has."""
        with contextlib.suppress(OSError), self._lock:
            self._control.send(RETIRE)
        atexit.register(self.close)

    def close(self) -> None:
        """End the server and all its children; who waits for its word is told so."""
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)
        self._control.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


_server: ForkServer | None = None
_server_lock = threading.Lock()
_ending = threading.Event()


def _forget_inherited() -> None:
    """Leave the warm parent of the process that this one was forked from to that one."""
    global _server, _server_lock
    if _server is not None:
        atexit.unregister(_server.close)
    _server, _server_lock = None, threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_inherited)


@contextlib.contextmanager
def end_children() -> Iterator[None]:
    """End the warm parent and all its children, and let nobody who waits for one take another way."""
    _ending.set()
    try:
        stop_fork_server()
        end_fresh()
        yield
    finally:
        _ending.clear()


def check_wanted() -> None:
    """Refuse work for a run that is being ended.

    Raises
    ------
    RunError
        If it is.
    """
    if _ending.is_set():
        raise RunError("the run is being ended")


def get_fork_server() -> ForkServer:
    """Return this process's warm parent; start it when needed.

    It is started at the first call, anew if it has died, and anew if our source has changed: a
    kernel of a JupyterLab that runs for days must not see the functions of last week.

    Raises
    ------
    ForkError
        If this system cannot fork.
    """
    global _server  # noqa: PLW0603
    check_wanted()
    if not hasattr(os, "fork") or not hasattr(socket, "send_fds"):
        raise ForkError("this system cannot fork")
    with _server_lock:
        if _server is not None and not _is_current(_server):
            atexit.unregister(_server.close)
            _server.retire()
            _server = None
        if _server is None:
            _server = ForkServer()
            atexit.register(_server.close)
        return _server


def fork_child(request: Request) -> Child:
    """Fork a child from this process's warm parent; once more if that one had just ended.

    Raises
    ------
    ForkError
        If this system cannot fork, or no warm parent can be made ready.
    """
    server = get_fork_server()
    try:
        return server.fork(request)
    except ForkError:
        if server.wait_until_ready().reason is not None:
            raise
    return get_fork_server().fork(request)


def _is_current(server: ForkServer) -> bool:
    if not server.alive and server.wait_until_ready().reason is None:
        return False
    now = time.monotonic()
    if now - server.looked < LOOK_SECONDS:
        return True
    server.looked = now
    return server.source == look_at_source()


def look_at_source() -> tuple[tuple[str, int, int], ...]:
    """Look at the files of this package without reading them: name, size, time of change."""
    folder = Path(annual_report.__file__).parent
    entries = ((path.as_posix(), path.stat()) for path in sorted(folder.rglob("*.py")))
    return tuple((name, status.st_size, status.st_mtime_ns) for name, status in entries)


def stop_fork_server() -> None:
    """End this process's warm parent and all its children."""
    global _server
    with _server_lock:
        server, _server = _server, None
    if server is not None:
        atexit.unregister(server.close)
        server.close()


def call_forked(
    target: str,
    arguments: Sequence[object],
    *,
    limits: Limits,
    environment: Mapping[str, str],
    cwd: str,
) -> Any:
    """Call ``module:function`` in a forked process, or in a fresh one where that is impossible.

    Raises
    ------
    TimeoutError
        If it takes longer than it may.
    ChildProcessError
        If the process ended without a result.
    BaseException
        What the function raised.
    """
    request = Request(
        target, tuple(arguments), limits, environment=dict(environment), cwd=cwd, early=True
    )
    try:
        child = fork_child(request)
    except ForkError:
        check_wanted()
        return call_fresh(request)
    with child:
        return child.hear(limits.seconds)


def _make_environment() -> dict[str, str]:
    environment = os.environ | dict.fromkeys(THREAD_VARIABLES, "1")
    environment["PYTHONHASHSEED"] = "0"
    environment["JE_ARROW_MALLOC_CONF"] = "background_thread:false"  # no thread at fork
    environment["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"  # it would warn into every report
    environment["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    return environment
