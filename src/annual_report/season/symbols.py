"""How verdicts, missing numbers and cells are named where they stand in a text."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from annual_report.numbers import NO_BREAK
from annual_report.tables import QUERIED

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


def sign_queried(flag: object) -> str:
    """What stands behind the text of a number or verdict with this flag."""
    return f"{NO_BREAK}{QUERIED_SIGN}" if flag == QUERIED else ""


def sign_verdicts(verdicts: pd.Series, flags: pd.Series) -> pd.Series:
    """Each verdict with its symbol in front, and the sign where it is queried; empty without one."""
    signed = verdicts.map({name: f"{symbol} {name}" for name, symbol in VERDICT_SYMBOLS.items()})
    signs = flags.map(sign_queried).astype("object")
    return (signed.astype("object") + signs).fillna("")


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


def name_questions(codes: Sequence[str]) -> str:
    """The codes of questions in a row, or the ends of a run.

    >>> name_questions(["POL-03a", "POL-03b", "POL-03c"]), name_questions(["FIN-T1", "FIN-01"])
    ('POL-03a–c', 'FIN-T1, FIN-01')
    """
    if len(codes) > 1 and len({code[:-1] for code in codes}) == 1 and not codes[0][-1].isdigit():
        return f"{codes[0]}–{codes[-1][-1]}"
    return ", ".join(codes)
