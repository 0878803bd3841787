"""How the warm parent becomes warm: what it imports, and whether it is then safe to fork."""

from __future__ import annotations

import contextlib
import gc
import importlib
import pkgutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from annual_report.running.kernels.imports import ABLE, skip_needless
from annual_report.running.kernels.messages import Ready


class NotWanted(BaseException):
    """Whoever wanted a warm parent is gone before it was warm."""


def resolve_target(target: str) -> Callable[..., Any]:
    """Import the function that ``module:function`` names."""
    module, _, name = target.partition(":")
    function: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return function


def warm_up(
    modules: tuple[str, ...],
    *,
    attend: Callable[[], None] = lambda: None,
    tell: Callable[[Ready], None] = lambda _: None,
) -> Ready:
    """Import what children need. A module that fails, or leaves a thread, makes us unfit to fork.

    ``package.*`` stands for all modules of a package; of those that fail nothing is said.
    ``module:function`` is called. Between two of them we attend to those who need not wait until we
    are warm; that a kernel can be forked, we tell when we come to ``ABLE``.
    """
    for name in modules:
        attend()
        if name == ABLE:
            if reason := find_threads():
                return Ready(reason)
            tell(Ready(wholly=False))
            continue
        try:
            _warm(name, attend)
        except Exception as error:  # noqa: BLE001  an import can raise anything
            return Ready(f"importing {name} failed: {type(error).__name__}: {error}")
    if reason := find_threads():
        return Ready(reason)
    gc.collect()
    gc.set_threshold(100_000, 20, 100)  # a child lives for a moment: few objects become garbage
    gc.freeze()  # children do not touch, and so do not copy, the pages of the libraries
    return Ready()


def _warm(name: str, attend: Callable[[], None]) -> None:
    if name.endswith(".*"):
        _import_all(name, attend)
        return
    with skip_needless():
        if ":" in name:
            resolve_target(name)()
        else:
            importlib.import_module(name)


def _import_all(pattern: str, attend: Callable[[], None]) -> None:
    name, package = pattern.removesuffix(".*"), None
    with contextlib.suppress(Exception), skip_needless():
        package = importlib.import_module(name)
    for module in pkgutil.walk_packages(package.__path__, f"{name}.") if package else ():
        attend()  # outside of what is skipped: a child may want it
        with contextlib.suppress(Exception), skip_needless():
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)


def find_threads() -> str | None:
    """Say why forking is not safe, if another thread than this one runs."""
    threads = count_threads()
    return (
        f"{threads} threads run after the imports, so that forking is not safe"
        if threads > 1
        else None
    )


def count_threads() -> int:
    """Count the threads of this process, those of C libraries too where the system tells."""
    tasks = Path("/proc/self/task")
    return len(list(tasks.iterdir())) if tasks.is_dir() else threading.active_count()
