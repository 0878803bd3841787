"""What a step has to say though it succeeds: the warnings that our modules log."""

from __future__ import annotations

import logging

from annual_report.running.kernels.warming import resolve_target

LOGGER = "annual_report"


class _Notebook(logging.Handler):
    """Keeps each message once."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: dict[str, None] = {}

    def emit(self, record: logging.LogRecord) -> None:
        self.messages[record.getMessage()] = None


def call(target: str, *arguments: object) -> tuple[str, ...]:
    """Call ``module:function``; return what it warned of."""
    logger, kept = logging.getLogger(LOGGER), _Notebook()
    logger.addHandler(kept)
    try:
        resolve_target(target)(*arguments)
    finally:
        logger.removeHandler(kept)
    return tuple(kept.messages)
