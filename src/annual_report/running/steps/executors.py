"""Where steps are done: threads here, or the workers of a Dask scheduler."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path

from annual_report.running.kernels.forking import end_children
from annual_report.running.kernels.limits import count_cores


@contextlib.contextmanager
def open_executor(
    root: Path, *, jobs: int | None, scheduler: str | None
) -> Iterator[tuple[Executor, int]]:
    """Open an executor; give it and the number of steps that it does at a time.

    A thread only waits for the forked process that does the work.
    """
    if scheduler:
        from annual_report.running.steps.distributed import (
            open_dask,  # an extra, imported on demand
        )

        with open_dask(scheduler, root=root) as opened:
            yield opened
        return
    size = jobs or count_cores()
    with ThreadPoolExecutor(size, thread_name_prefix="annual-report") as executor:
        try:
            yield executor, size
        except BaseException:
            with end_children():  # and so the threads that wait for them end
                executor.shutdown(wait=True, cancel_futures=True)
            raise
