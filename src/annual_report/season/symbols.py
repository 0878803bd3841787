"""How verdicts and missing numbers are named where they stand in a text."""

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
