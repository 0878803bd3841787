"""Functions called in fresh Pythons, where none can be forked: slower, and possible everywhere."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import threading
from typing import Any

from annual_report.running.kernels.child import describe_end, open_answer
from annual_report.running.kernels.messages import Request

_running: set[subprocess.Popen[bytes]] = set()
_lock = threading.Lock()


def call_fresh(request: Request) -> Any:
    """Call a function in a fresh Python, which ends with this process.

    Raises
    ------
    TimeoutError
        If it takes longer than it may.
    ChildProcessError
        If the process ended without a result.
    BaseException
        What the function raised.
    """
    lifeline, ours = os.pipe()
    try:
        process = subprocess.Popen(  # noqa: S603  our own module
            [sys.executable, "-P", "-m", "annual_report.running", "call", str(lifeline)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=request.environment,
            pass_fds=[lifeline],
            process_group=0,  # so that all it starts can be ended with it
        )
    finally:
        os.close(lifeline)
    with _lock:
        _running.add(process)
    try:
        answer, _ = process.communicate(pickle.dumps(request), timeout=request.limits.seconds)
    except subprocess.TimeoutExpired as error:
        raise TimeoutError(f"no word from the child within {request.limits.seconds:g} s") from error
    finally:
        with _lock:
            _running.discard(process)
        _kill(process)
        with process:  # its pipes are closed, its end is heard
            os.close(ours)
    if not answer:
        raise ChildProcessError(describe_end(process.returncode))
    return open_answer(pickle.loads(answer))  # noqa: S301  from our own child


def end_fresh() -> None:
    """End all of them and what they have started."""
    with _lock:
        for process in _running:
            _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
