"""Imports that would cost a run more than they give it."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

NEEDLESS = (
    # jsonschema, which nbformat imports, builds a grammar of international web addresses with it:
    # one to two seconds, for a check that notebooks have no use for and that it does without
    "rfc3987_syntax",
    # a kernel's debugger: half a second, and nobody debugs a run
    "debugpy",
)


@contextlib.contextmanager
def skip_needless() -> Iterator[None]:
    """Import what is imported here without parts that nobody needs."""
    skipped = [name for name in NEEDLESS if name not in sys.modules]
    for name in skipped:
        sys.modules[name] = None  # type: ignore[assignment]  # "not installed"
    try:
        yield
    finally:
        for name in skipped:
            sys.modules.pop(name, None)


def import_driver() -> None:
    """Import papermill and all else that drives a notebook."""
    with skip_needless():
        import papermill.execute

        import annual_report.running.client

        assert papermill.execute
        assert annual_report.running.client
