"""One kind of finding: its code, its weight, and its words with blanks to fill in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True)
class FindingKind:
    """One kind of finding.

    ``message`` and ``action`` may hold ``{found}``, ``{expected}``, ``{place}`` and ``{workbook}``.
    """

    code: str
    severity: Severity
    title: str
    message: str
    action: str
