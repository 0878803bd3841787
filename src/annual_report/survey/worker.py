"""The process in which files are parsed: it may die, and nobody is hurt.

Started as ``python -m annual_report.survey.worker``. It takes one JSON object a line on standard
input and gives back one, preceded by its length in eight bytes. It imports the parsers and nothing
heavy, limits its own memory and the time that it computes, and ends with who asks it, though it be
in the middle of a file.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import Any, BinaryIO

from annual_report.lifeline import end_with

# openpyxl would take lxml where it happens to be installed; one parser everywhere
os.environ["OPENPYXL_LXML"] = "False"

MEMORY = 440 << 20


def serve(requests: BinaryIO, replies: BinaryIO) -> None:
    """Say that it is ready, then answer requests until there are no more."""
    _send(replies, b"ready")
    for line in requests:
        request = json.loads(line)
        _limit_time(request["seconds"])
        _send(replies, json.dumps(_answer(request)).encode())


def _send(replies: BinaryIO, reply: bytes) -> None:
    replies.write(len(reply).to_bytes(8, "big") + reply)
    replies.flush()


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    from annual_report.survey.receiving import parsing

    path, kind = request["path"], request["kind"]
    try:
        if "order" in request:
            from annual_report.survey.sending import marking

            return marking.mark(path, kind, request["order"])
        return parsing.parse(path, kind, second=request["second"])
    except MemoryError:
        return {"stopped": "more memory than a survey needs"}
    except RecursionError:
        return {"fault": "its parts are nested too deeply"}
    except Exception as error:  # noqa: BLE001  whatever a parser raises is about the file
        return {"fault": f"{type(error).__name__}: {error}"[:300]}


def _limit_time(seconds: float) -> None:
    """Let the system end this process when it has computed for so long from now on."""
    signal.setitimer(signal.ITIMER_PROF, seconds)


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # no such limit on this system; the time limit stays
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    soft = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Serve on the standard streams; what a library prints cannot spoil the replies."""
    end_with(0)
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    # openpyxl loads numpy where it finds it; here it would only cost time and memory
    sys.modules["numpy"] = None  # type: ignore[assignment]
    from annual_report.survey.receiving import parsing  # noqa: F401  before the limit, once

    _limit_memory()
    serve(sys.stdin.buffer, replies)


if __name__ == "__main__":
    main()
