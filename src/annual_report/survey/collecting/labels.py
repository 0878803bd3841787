"""What one file says of itself: whose it is, when it was signed, and why it may not count."""

from __future__ import annotations

from dataclasses import dataclass

from annual_report.survey.findings.finding import Finding
from annual_report.survey.reading.returns import WHOSE, Return, printable


@dataclass(frozen=True)
class Label:
    """What one file says of itself.

    ``fault`` is why it cannot be read, or why it says of no cluster that it is its return.
    """

    workbook: str
    sha256: str
    cluster: str | None
    state: str
    signed: str | None
    fault: Finding | None

    @property
    def name(self) -> str:
        """The name of the file as text that goes into any table."""
        return printable(self.workbook)


def label_return(one: Return) -> Label:
    """Say of a return that has been read whose it is."""
    faults = [f for f in one.faults if one.state == "unreadable" or f.code in WHOSE]
    fault = faults[0] if faults and (one.cluster is None or one.state == "unreadable") else None
    return Label(one.workbook, one.sha256, one.cluster, one.state, one.signed, fault)
