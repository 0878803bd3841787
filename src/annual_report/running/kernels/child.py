"""A process that was forked from the warm parent, as who asked for it sees it."""

from __future__ import annotations

import contextlib
import os
import signal
from multiprocessing.connection import Connection
from typing import Any, Self

from annual_report.errors import RunError
from annual_report.running.kernels.messages import Ended, Failed, Told


class ForkError(RunError):
    """No child can be forked here; an ordinary process must do."""


class Child:
    """One forked process; closing it ends it and all it has started.

    ``line`` is where its function talks with us, if the request was for one that talks.
    """

    def __init__(self, connection: Connection, pid: int, line: Connection | None = None) -> None:
        self.connection = connection
        self.line = line
        self.pid = pid
        self.code: int | None = None

    def fileno(self) -> int:
        """Return the descriptor that becomes readable when the child has returned or ended."""
        return self.connection.fileno()

    def poll(self) -> int | None:
        """Return how the child ended, or None while it runs. What it returned is dropped."""
        while self.code is None and self.connection.poll(0):
            self._hear()
        return self.code

    def hear(self, timeout: float | None = None) -> Any:
        """Wait for what the child's function returns.

        Raises
        ------
        TimeoutError
            If it has not returned within ``timeout`` seconds.
        ChildProcessError
            If it ended before it returned.
        BaseException
            What the child raised.
        """
        while self.code is None:
            if not self.connection.poll(timeout):
                raise TimeoutError(f"no word from the child within {timeout:g} s")
            message = self._hear()
            if isinstance(message, Told | Failed):
                return open_answer(message)
        raise ChildProcessError(describe_end(self.code))

    def signal(self, number: int) -> None:
        """Send a signal to the child and all it has started."""
        with contextlib.suppress(OSError):
            self.connection.send(number)

    def close(self) -> None:
        """End the child if it still runs."""
        self.connection.close()
        if self.line is not None:
            self.line.close()
        if self.code is None:
            self.code = -signal.SIGKILL

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _hear(self) -> object:
        try:
            message = self.connection.recv()
        except (EOFError, OSError):  # the server itself was killed, and its children with it
            _kill_group(self.pid)
            message = Ended(-signal.SIGKILL)
        if isinstance(message, Ended):
            self.code = message.code
        return message


def open_answer(message: object) -> Any:
    """Return what a child has told, or raise what it has raised."""
    if isinstance(message, Failed):
        message.error.add_note(message.trace)
        raise message.error
    assert isinstance(message, Told)
    return message.value


def describe_end(code: int) -> str:
    """Say how a process ended."""
    if code < 0:
        return f"it was killed by {signal.Signals(-code).name}"
    return f"it left with exit code {code} before it was done"


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
