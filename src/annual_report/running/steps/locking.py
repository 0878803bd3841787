"""One run of an edition at a time."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from annual_report.errors import RunError
from annual_report.running.steps.files import LOCK

try:
    import fcntl
except ImportError:  # Windows has another way, and nobody there has asked for it yet
    fcntl = None  # type: ignore[assignment]

POLL_SECONDS = 0.2


@contextlib.contextmanager
def hold_lock(
    folder: Path, *, wait_seconds: float = 3600.0, tell: Callable[[str], None] = lambda _: None
) -> Iterator[None]:
    """Hold the lock of a folder; wait, and say so, while another run holds it.

    The lock belongs to the open file: it goes with its holder, however that ends.

    Raises
    ------
    RunError
        If the other run is still there after ``wait_seconds``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("a+") as file:
        if fcntl is not None and not _try_lock(file.fileno()):
            file.seek(0)
            holder = file.read().strip() or "unknown"
            tell(f"waiting: another run of this edition is at work (process {holder})")
            deadline = time.monotonic() + wait_seconds
            while not _try_lock(file.fileno()):
                if time.monotonic() > deadline:
                    raise RunError(
                        "another run of this edition is at work",
                        where=str(folder),
                        found=f"process {holder}",
                        do="wait for it or end it, then run this again",
                    )
                time.sleep(POLL_SECONDS)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
