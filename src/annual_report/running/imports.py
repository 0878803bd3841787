"""Imports that would cost a run more than they give it."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

# jsonschema, which nbformat imports, builds a grammar of international web addresses with it: one
# to two seconds, for a check that notebooks have no use for and that jsonschema does without
NEEDLESS = "rfc3987_syntax"


@contextlib.contextmanager
def skip_needless() -> Iterator[None]:
    """Import what is imported here without a part that nobody needs."""
    known = NEEDLESS in sys.modules
    if not known:
        sys.modules[NEEDLESS] = None  # type: ignore[assignment]  # "not installed"
    try:
        yield
    finally:
        if not known:
            sys.modules.pop(NEEDLESS, None)


def import_driver() -> None:
    """Import papermill and all else that drives a notebook."""
    with skip_needless():
        import papermill.execute

        import annual_report.running.client

        assert papermill.execute
        assert annual_report.running.client
