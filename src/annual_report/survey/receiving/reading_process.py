"""The parent's side of the worker: start it, ask it, stop it when it takes too long."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

SECONDS = 4.0
_WAIT = 15  # times longer than it may compute: on a busy machine it may have to wait
_START_SECONDS = 120.0


class WorkerDied(Exception):
    """The process ended or was stopped; the message says why, in words for a finding.

    ``slow`` tells that it was stopped for taking too long: trying again would take as long.
    """

    def __init__(self, why: str, *, slow: bool = False) -> None:
        super().__init__(why)
        self.slow = slow


class ReadingProcess:
    """One worker process, started when first asked, replaced when it dies.

    Parameters
    ----------
    seconds
        How long a parser may compute over one file. Time in which others have the processor does
        not count, so that a return is not refused because the machine was busy.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None

    def parse(self, path: Path, kind: str, *, second: bool) -> dict[str, Any]:
        """Have one file parsed, by two readers where ``second`` asks for it.

        Raises
        ------
        WorkerDied
            If the parser took the process down, or too long.
        """
        request = {"path": str(path.resolve()), "kind": kind, "second": second}
        return self._ask(request, self._seconds)

    def mark(self, path: Path, kind: str, order: dict[str, Any]) -> dict[str, Any]:
        """Have a copy of a file written with its queries marked.

        Raises
        ------
        WorkerDied
            If that took the process down, or too long.
        """
        request = {"path": str(path.resolve()), "kind": kind, "order": order}
        return self._ask(request, 10 * self._seconds)

    def _ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        process = self._running()
        assert process.stdin is not None
        try:
            process.stdin.write(json.dumps(request | {"seconds": seconds}).encode() + b"\n")
            process.stdin.flush()
            reply = self._receive(process, time.monotonic() + _WAIT * seconds)
        except (BrokenPipeError, EOFError, TimeoutError) as error:
            code = process.poll() if isinstance(error, TimeoutError) else process.wait()
            self.close()
            slow = code in (None, -signal.SIGPROF)
            why = f"took more than {seconds:g} seconds" if slow else f"ended with code {code}"
            raise WorkerDied(f"the parser {why}", slow=slow) from None
        except BaseException:
            self.close()  # a half-read reply would be taken for the next file's
            raise
        answer: dict[str, Any] = json.loads(reply)
        if "stopped" in answer:
            self.close()  # after running out of memory it is not to be trusted
            raise WorkerDied(f"the parser took {answer['stopped']}")
        return answer

    def close(self) -> None:
        """Stop the process, if it runs."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self.close()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "annual_report.survey.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            # one heap for all threads: a second one would count as memory that it takes
            env=os.environ | {"MALLOC_ARENA_MAX": "1"},
        )
        ready = self._receive(self._process, time.monotonic() + _START_SECONDS)
        assert ready == b"ready"
        return self._process

    def _receive(self, process: subprocess.Popen[bytes], deadline: float) -> bytes:
        size = int.from_bytes(self._read(process, 8, deadline), "big")
        return self._read(process, size, deadline)

    @staticmethod
    def _read(process: subprocess.Popen[bytes], size: int, deadline: float) -> bytes:
        assert process.stdout is not None
        handle, parts, missing = process.stdout.fileno(), [], size
        while missing:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([handle], [], [], left)[0]:
                raise TimeoutError
            chunk = os.read(handle, min(missing, 1 << 20))
            if not chunk:
                raise EOFError
            parts.append(chunk)
            missing -= len(chunk)
        return b"".join(parts)


_shared: dict[int, ReadingProcess] = {}


def shared_process() -> ReadingProcess:
    """The worker that this process reuses; a forked child gets one of its own."""
    me = os.getpid()
    if me not in _shared:
        _shared.clear()
        _shared[me] = ReadingProcess()
        atexit.register(_shared[me].close)
    return _shared[me]
