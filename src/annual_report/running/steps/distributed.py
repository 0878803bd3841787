"""Do the steps on the workers of a Dask scheduler; the extra ``distributed``.

A worker needs this package and its dependencies in the same versions, and the project's folder
under the same path: both are checked before the first step. Kernels are forked on the worker, from
a warm parent that is a plain child process: a worker under a nanny may not have children of
:mod:`multiprocessing`, and needs none.
"""

from __future__ import annotations

import contextlib
import platform
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from annual_report.errors import RunError
from annual_report.redaction import hide_secrets
from annual_report.running.kernels.forking import get_fork_server
from annual_report.running.steps.code import Code
from annual_report.running.steps.record import list_versions

RETRIES = 3
CONNECT_SECONDS = 10
STEPS_PER_THREAD = 2  # one runs, one is already there when it has ended


@dataclass(frozen=True)
class Equipment:
    """What a process has, as far as results depend on it."""

    python: str
    packages: str
    source: str
    folder: str


@contextlib.contextmanager
def open_dask(address: str, *, root: Path) -> Iterator[tuple[Executor, int]]:
    """Connect to a scheduler; give an executor and the number of steps to hand it at a time.

    Raises
    ------
    RunError
        If the extra is not installed, nobody answers, there is no worker, or one is not fit.
    """
    try:
        from distributed import Client
    except ImportError:
        raise RunError(
            "Dask is not installed",
            where=f"scheduler {address}",
            do="install annual-report with its extra 'distributed'",
        ) from None
    try:
        client: Any = Client(  # type: ignore[no-untyped-call]
            address, timeout=CONNECT_SECONDS, set_as_default=False
        )
    except (OSError, TimeoutError, ValueError) as error:
        raise RunError(
            "no Dask scheduler answers",
            where=address,
            found=hide_secrets(str(error), address),
            do="start one with `dask scheduler`, and workers with `dask worker ADDRESS`",
        ) from None
    with client:
        with tempfile.NamedTemporaryFile(dir=root / "data", prefix=".seen-by-workers-") as mark:
            found = client.run(describe_equipment, mark.name)
            check_workers(found, _describe(mark.name), address=address)
        threads = sum(client.nthreads().values())
        with client.get_executor(pure=False, retries=RETRIES) as executor:
            yield executor, threads * STEPS_PER_THREAD


def describe_equipment(mark: str) -> Equipment:
    """Describe this process's Python, packages and source, and whether it sees a file.

    Asked of a worker, this also lets it begin to warm up.
    """
    with contextlib.suppress(RunError):
        get_fork_server()
    return _describe(mark)


def _describe(mark: str) -> Equipment:
    return Equipment(
        python=platform.python_version(),
        packages=", ".join(f"{name} {version}" for name, version in list_versions().items()),
        source=Code().hash_all(),
        folder="seen" if Path(mark).is_file() else "not seen",
    )


def check_workers(found: Mapping[str, Equipment], ours: Equipment, *, address: str) -> None:
    """Refuse workers that would give other results, or that do not see the project.

    Raises
    ------
    RunError
        If there is no worker, or one differs; names it and the difference.
    """
    if not found:
        raise RunError(
            "the Dask scheduler has no worker",
            where=address,
            do=f"start one with `dask worker {address}`",
        )
    advice = {
        "python": "start the worker with the same Python",
        "packages": "install the same requirements.lock for the worker",
        "source": "install the same version of annual-report for the worker",
        "folder": "let the worker see the project's folder under the same path",
    }
    for worker, theirs in found.items():
        for part, do in advice.items():
            expected, actual = asdict(ours)[part], asdict(theirs)[part]
            if expected != actual:
                raise RunError(
                    f"a Dask worker has another {part} than this process",
                    where=worker,
                    expected=expected,
                    found=actual,
                    do=do,
                )
