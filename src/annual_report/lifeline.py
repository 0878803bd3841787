"""A process that ends with the one that it works for, however that one ends."""

from __future__ import annotations

import os
import select
import signal
import threading


def end_with(descriptor: int) -> None:
    """End this process as soon as nobody holds the other end of a pipe; all of its group, if it leads one.

    What the pipe still holds does not matter: it is watched and never read. A thread does that, so
    that a process ends which computes, or waits for a file, and asks for nothing.
    """
    if hasattr(select, "poll"):
        threading.Thread(target=_watch, args=(descriptor,), daemon=True).start()


def _watch(descriptor: int) -> None:
    poll = select.poll()
    poll.register(descriptor, 0)  # a hang-up is told unasked
    while not poll.poll():
        pass
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)
