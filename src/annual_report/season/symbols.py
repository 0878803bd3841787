"""How verdicts, missing numbers and cells are named where they stand in a text."""

from __future__ import annotations

VERDICT_SYMBOLS = {
    "achieved": "✔",
    "on track": "●",
    "off track": "▲",
    "well off track": "▼",
    "wrong direction": "✖",
    "missed": "◇",
    "insufficient data": "○",
}
"""Verdict to symbol: a verdict is read without its colour."""

MARK_WORDS = {
    "missing": "not answered",
    "withheld": "for totals only",
    "not applicable": "not applicable",
}
"""Why a number is not there, in a chart."""

QUERIED_SIGN = "(?)"
"""Behind a number that its respondent is asked about."""

RETURN_STATES = {
    "answered": "return read",
    "silent": "no return",
    "unreadable": "could not be read",
    "failed": "could not be processed",
}
"""State of a return to the words of the report."""


def name_field(question: str, row: int, field: str) -> str:
    """Name one cell of a return in a reader's words.

    >>> name_field("TEC-01", 0, "value"), name_field("FIN-T1", 3, "amount")
    ('TEC-01', 'FIN-T1, row 3, amount')
    """
    parts = (question, f"row {row}" if row else "", "" if field == "value" else field)
    return ", ".join(filter(None, parts)).replace("_", " ")
