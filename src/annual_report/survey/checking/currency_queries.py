"""One query, and not one an amount, where the currency of a whole return is what is missing."""

from __future__ import annotations

from dataclasses import replace

from annual_report.survey.findings.finding import Finding
from annual_report.survey.form.layout import CURRENCY

MISSING = "currency-missing"
_SHOWN = 6


def join_currency_queries(faults: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Let the query about the return's currency speak for the amounts that lack theirs with it.

    Where nothing is asked about that one, as after a correction of it, each amount keeps its own.
    """
    lacking = [fault for fault in faults if fault.code == MISSING]
    about = (f for f in faults if f.question == CURRENCY and f.severity != "note")
    first = next(about, None)
    if first is None or not lacking:
        return faults
    message = f"{first.message} {_say_amounts(lacking)}"
    joined = replace(first, message=message, severity="error")
    kept = (fault for fault in faults if fault.code != MISSING)
    return tuple(joined if fault is first else fault for fault in kept)


def _say_amounts(lacking: list[Finding]) -> str:
    places = [f"{f.question} row {f.row}" if f.row else str(f.question) for f in lacking]
    places = list(dict.fromkeys(places))
    shown = ", ".join(places[:_SHOWN]) + (" and others" if len(places) > _SHOWN else "")
    return (
        f"Until it is answered, the amounts that name no currency themselves are in no figure of "
        f"the report: {shown}."
    )
