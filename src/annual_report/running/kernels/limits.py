"""What one notebook may take of the machine."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1024 * 1024

THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
)


@dataclass(frozen=True)
class Limits:
    """What one notebook may take; beyond it the notebook fails and the others go on.

    Parameters
    ----------
    seconds
        Wall time of the whole notebook.
    memory_mb
        Memory that the notebook may take on top of the libraries, in MB. Held by the operating
        system on Linux; macOS does not enforce it.
    output_mb
        What all its cells together may print and show, in MB.
    threads
        Threads of BLAS and Arrow: its share of the cores.
    """

    seconds: float = 600.0
    memory_mb: int = 2048
    output_mb: int = 50
    threads: int = 1


def count_cores() -> int:
    """Count the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def bound_memory(megabytes: int) -> None:
    """Let this process and its children take so much memory on top of what it has now."""
    import resource

    if not hasattr(resource, "RLIMIT_DATA"):
        return
    allowed = _data_size() + megabytes * MEGABYTE
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if hard != resource.RLIM_INFINITY:
        allowed = min(allowed, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (allowed, hard))


def _data_size() -> int:
    try:
        return int(Path("/proc/self/statm").read_text().split()[5]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0
