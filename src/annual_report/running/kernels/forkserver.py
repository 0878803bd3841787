"""The warm parent: a process with one thread that imports everything once and forks on request.

Started by :class:`annual_report.running.kernels.forking.ForkServer` and by nobody else, as
``python -m annual_report.running serve FD MODULE…``. Over the socket ``FD`` come the server's ends of
connections, one for each child asked for and a second for one that talks. A connection lives as
long as its child: when the asker closes its end, or dies, the child and all it started are killed;
when the child ends, the asker is told how. What a child has started and led out of its group
becomes the server's own when the child ends, and ends with the server. So nothing is left behind,
whoever is killed.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import pickle
import random
import selectors
import shutil
import signal
import socket
import sys
import traceback
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType
from typing import NoReturn, Protocol

from annual_report.lifeline import end_with
from annual_report.running.kernels.limits import THREAD_VARIABLES, bound_memory
from annual_report.running.kernels.messages import (
    RETIRE,
    Ended,
    Failed,
    Ready,
    Request,
    Started,
    Told,
)
from annual_report.running.kernels.warming import NotWanted, find_threads, resolve_target, warm_up

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36


class Sender(Protocol):
    """Where a child says what it has to say."""

    def send(self, message: object) -> None:
        """Send one object."""


class _Output:
    """Standard output as a place to say things; what else the function prints goes elsewhere."""

    def __init__(self) -> None:
        self._file = os.fdopen(os.dup(1), "wb")
        os.dup2(2, 1)

    def send(self, message: object) -> None:
        self._file.write(pickle.dumps(message))
        self._file.flush()


class Server:
    """Forks a child for each connection and watches over it."""

    def __init__(self, control: socket.socket) -> None:
        self.control = control
        self.selector = selectors.DefaultSelector()
        self.waiting: dict[Connection, Connection | None] = {}
        self.running: dict[int, tuple[Connection | None, Request]] = {}
        self.pid = os.getpid()
        self.alive = True
        self.retired = False
        self.wake, self._waker = os.pipe()
        os.set_blocking(self._waker, False)
        os.set_blocking(self.wake, False)

    def begin(self) -> None:
        """Listen; `attend` and `serve` act."""
        _control_process(_PR_SET_CHILD_SUBREAPER, 1)
        signal.set_wakeup_fd(self._waker, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, _notice)
        for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(ignored, signal.SIG_IGN)  # the asker decides when we end
        self.selector.register(self.control, selectors.EVENT_READ, self._accept)
        self.selector.register(self.wake, selectors.EVENT_READ, self._reap)

    def tell(self, ready: Ready) -> None:
        """Say how warm we are."""
        with (
            Connection(os.dup(self.control.fileno())) as channel,
            contextlib.suppress(BrokenPipeError),
        ):
            channel.send(ready)

    def attend(self) -> None:
        """Do what is waiting to be done, and do not wait for more.

        Raises
        ------
        NotWanted
            If the process that started us has gone.
        """
        for key, _ in self.selector.select(0):
            key.data()
        if not self.alive:
            raise NotWanted

    def serve(self) -> None:
        """Serve until the process that started us closes its end or dies."""
        while self.alive and not (self.retired and not self.running):
            for key, _ in self.selector.select():
                key.data()
        for pid in list(self.running):
            self._kill(pid)
        self._reap()
        while adopted := list_children():
            for pid in adopted:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)

    def _accept(self) -> None:
        try:
            message, descriptors, _, _ = socket.recv_fds(self.control, 1, 2)
        except ConnectionResetError:  # it ended without hearing all that we have said
            message, descriptors = b"", []
        if not message:
            self.alive = False
        self.retired = self.retired or message == RETIRE
        for descriptor in descriptors:
            os.set_inheritable(descriptor, False)  # not for what a child starts
        if descriptors:
            ends: list[Connection] = [Connection(descriptor) for descriptor in descriptors]
            connection, *lines = ends
            self.waiting[connection] = lines[0] if lines else None
            self.selector.register(
                connection, selectors.EVENT_READ, lambda: self._start(connection)
            )

    def _start(self, connection: Connection) -> None:
        self.selector.unregister(connection)
        with self.waiting.pop(connection) or contextlib.nullcontext() as line:
            try:
                request = connection.recv()
            except (EOFError, OSError):
                connection.close()
                return
            try:
                if reason := find_threads():
                    raise OSError(reason)
                pid = os.fork()
            except OSError as error:
                connection.send(Failed(error, traceback.format_exc()))
                connection.close()
                return
            if pid == 0:
                self._become_child(connection, request, line)
        self.running[pid] = (connection, request)
        self.selector.register(connection, selectors.EVENT_READ, lambda: self._hear(pid))

    def _hear(self, pid: int) -> None:
        """Pass a signal on; or the asker is gone, or has enough of this child: end it."""
        connection, request = self.running.get(pid, (None, None))
        if connection is None or request is None:  # its end was noticed a moment ago
            return
        try:
            self._kill(pid, connection.recv())
        except (EOFError, OSError):
            self.selector.unregister(connection)
            connection.close()
            self.running[pid] = (None, request)
            self._kill(pid)

    def _reap(self) -> None:
        with contextlib.suppress(BlockingIOError):
            os.read(self.wake, 4096)
        for pid in list(self.running):
            ended, status = os.waitpid(pid, 0 if not self.alive else os.WNOHANG)
            if not ended:
                continue
            self._kill(pid)  # what the child has started and left behind
            connection, request = self.running.pop(pid)
            if request.folder:
                shutil.rmtree(request.folder, ignore_errors=True)
            if connection is not None:
                self.selector.unregister(connection)
                with contextlib.suppress(OSError):
                    connection.send(Ended(os.waitstatus_to_exitcode(status)))
                connection.close()
        self._reap_adopted()

    def _reap_adopted(self) -> None:
        """Hear of the end of what children had started; an end of a child is heard in its turn."""
        options = os.WEXITED | os.WNOHANG | os.WNOWAIT
        with contextlib.suppress(ChildProcessError):
            while ended := os.waitid(os.P_ALL, 0, options):
                if ended.si_pid in self.running:
                    return
                os.waitpid(ended.si_pid, 0)

    @staticmethod
    def _kill(pid: int, number: int = signal.SIGKILL) -> None:
        for kill in (os.killpg, os.kill):  # the second for a child that leads no group yet
            with contextlib.suppress(ProcessLookupError, PermissionError):
                kill(pid, number)
                return

    def _become_child(
        self, connection: Connection, request: Request, line: Connection | None
    ) -> NoReturn:
        try:
            os.setsid()
            _die_with_parent(self.pid)
            for other, _ in self.running.values():
                if other is not None:
                    other.close()
            for pair in self.waiting.items():
                for other in filter(None, pair):
                    other.close()
            self.selector.close()
            self.control.close()
            os.close(self.wake)
            signal.set_wakeup_fd(-1)
            os.close(self._waker)
            for changed in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(changed, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            connection.send(Started(os.getpid()))  # said by the child, so that it comes first
            run_child(connection, request, line)
        except BaseException:  # noqa: BLE001  a child must never go on as the server
            traceback.print_exc()
            os._exit(1)
        os._exit(0)


def run_child(connection: Sender, request: Request, line: Connection | None = None) -> None:
    """Do what was asked and leave without the long good-bye of an interpreter full of libraries."""
    try:
        prepare_child(request)
        function = resolve_target(request.target)
        if request.talks:
            function = partial(function, line=line)
        connection.send(Told(function(*request.arguments)))
    except BaseException as error:  # noqa: BLE001  whatever it is, the asker is told
        trace = traceback.format_exc()
        connection.send(Failed(_make_portable(error), trace))
    finally:
        atexit._run_exitfuncs()  # noqa: SLF001  os._exit does not
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):
                stream.flush()


def _make_portable(error: BaseException) -> BaseException:
    try:
        copy: BaseException = pickle.loads(pickle.dumps(error))  # noqa: S301
    except Exception:  # noqa: BLE001  classes of others, with constructors of all kinds
        return RuntimeError(f"{type(error).__name__}: {error}")
    return copy


def prepare_child(request: Request) -> None:
    """Give the child its environment, folder, limits and always the same random numbers."""
    os.environ.clear()
    os.environ.update(request.environment)
    for variable in THREAD_VARIABLES:
        os.environ.setdefault(variable, str(request.limits.threads))
    for folder in reversed(request.environment.get("PYTHONPATH", "").split(os.pathsep)):
        if folder and folder not in sys.path:  # an ordinary Python would have it there
            sys.path.insert(0, folder)
    if request.cwd:
        os.chdir(request.cwd)
    random.seed(0)
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed(0)
    if pyarrow := sys.modules.get("pyarrow"):
        pyarrow.set_cpu_count(request.limits.threads)
    bound_memory(request.limits.memory_mb)


def list_children() -> list[int]:
    """List the processes whose parent is this one, where the system says so."""
    try:
        listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii")
    except OSError:
        return []
    return [int(pid) for pid in listed.split()]


def _control_process(option: int, value: int) -> None:
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(option, value)


def _die_with_parent(parent: int) -> None:
    _control_process(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before it could be watched
        os._exit(1)


def _notice(number: int, frame: FrameType | None) -> None:
    """Do nothing: the wake-up descriptor has the news."""


def main() -> None:
    """Warm up, say so, serve; or do the one thing that stands on standard input."""
    task, descriptor, *modules = sys.argv[1:]
    if task == "call":
        end_with(int(descriptor))
        run_child(_Output(), pickle.load(sys.stdin.buffer))  # noqa: S301  from our own parent
        return
    control = socket.socket(fileno=int(descriptor))
    server = Server(control)
    server.begin()
    with contextlib.suppress(NotWanted):
        ready = warm_up(tuple(modules), attend=server.attend, tell=server.tell)
        server.tell(ready)
        server.retired = server.retired or ready.reason is not None
    server.serve()


if __name__ == "__main__":
    main()
