"""The sign of a number that the respondent is asked about: part of what is printed, everywhere."""

from __future__ import annotations

from annual_report.exhibits.model import Number
from annual_report.exhibits.tokens import MARK_MEANINGS, MARK_SYMBOLS
from annual_report.numbers import NO_BREAK

SIGN = f"{NO_BREAK}{MARK_SYMBOLS['queried']}"


def query_number(number: Number) -> Number:
    """Mark a number as queried: in its text, so that a chart's label shows it as a table does."""
    told = f"queried: {MARK_MEANINGS['queried']}"
    source = f"{number.source}\n{told}" if number.source else told
    text = f"{number.text}{SIGN}" if number.text else ""
    return number.model_copy(update={"text": text, "source": source, "queried": True})
