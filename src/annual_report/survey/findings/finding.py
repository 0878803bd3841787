"""What was found in one place of one return. Findings are collected, never raised."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from annual_report.survey.findings.kind import FindingKind, Severity
from annual_report.survey.findings.kinds import KINDS

__all__ = ["KINDS", "Finding", "FindingKind", "Place", "Severity", "find", "worst"]


@dataclass(frozen=True)
class Finding:
    """What was found in one place of one return.

    ``workbook`` is the file that it is about, where that is not the return that it was found with.
    """

    code: str
    severity: Severity
    message: str
    action: str
    question: str | None = None
    row: int | None = None
    field: str | None = None
    sheet: str | None = None
    cell: str | None = None
    found: str | None = None
    expected: str | None = None
    workbook: str | None = None


@dataclass(frozen=True)
class Place:
    """Where something was found: question, row, field, and the cell of the return."""

    question: str | None = None
    row: int | None = None
    field: str | None = None
    sheet: str | None = None
    cell: str | None = None

    def __str__(self) -> str:
        row = str(self.row) if self.row else None
        return ".".join(part for part in (self.question, row, self.field) if part) or "the workbook"


def find(
    code: str,
    place: Place | None = None,
    *,
    found: object = None,
    expected: object = None,
    severity: Severity | None = None,
    message: str | None = None,
    action: str | None = None,
    workbook: str | None = None,
) -> Finding:
    """Make a finding of a known kind; checks of the framework bring words of their own."""
    kind = KINDS.get(code)
    place = place or Place()
    words = {
        "found": _quote(found),
        "expected": "" if expected is None else str(expected),
        "place": str(place),
        "workbook": workbook or "itself",
    }
    if kind is None:
        assert severity is not None
        assert message is not None
        assert action is not None
        kind = FindingKind(code, severity, code, message, action)
    return Finding(
        code,
        severity or kind.severity,
        fill_in(message or kind.message, words),
        fill_in(action or kind.action, words),
        place.question,
        place.row,
        place.field,
        place.sheet,
        place.cell,
        None if found is None else str(found)[:500],
        None if expected is None else str(expected)[:500],
        workbook,
    )


def fill_in(template: str, words: dict[str, str]) -> str:
    """Put words into a template; what respondents typed is never taken for a template."""
    for name, text in words.items():
        template = template.replace("{" + name + "}", text.replace("{", "").replace("}", ""))
    return template


def _quote(found: object) -> str:
    text = "" if found is None else str(found)
    return text if len(text) <= 120 else text[:117] + "…"


def worst(findings: Iterable[Finding]) -> Severity | None:
    """The most severe of some findings; None if there are none."""
    present = {finding.severity for finding in findings}
    order: tuple[Severity, ...] = ("error", "warning", "note")
    return next((severity for severity in order if severity in present), None)
