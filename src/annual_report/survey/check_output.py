"""What a check prints: one line a finding and a count, or the same for programs; the exit code."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from annual_report.edition import Edition
from annual_report.survey.findings.finding import Finding
from annual_report.survey.reading.returns import Return


@dataclass(frozen=True)
class Checked:
    """One file with what was found in it."""

    path: Path | None
    edition: Edition
    one: Return


def _exit_code(results: Sequence[tuple[str, Sequence[Finding]]]) -> int:
    if any(state == "unreadable" for state, _ in results):
        return 2
    return int(any(f.severity == "error" for _, faults in results for f in faults))


def print_text(results: Iterator[Checked]) -> int:
    """Print a line for each finding, then a count; give the exit code."""
    seen: list[tuple[str, Sequence[Finding]]] = []
    for checked in results:
        seen.append((checked.one.state, checked.one.faults))
        for fault in checked.one.faults:
            _say(_line(checked, fault))
    counts = {
        severity: sum(f.severity == severity for _, faults in seen for f in faults)
        for severity in ("error", "warning", "note")
    }
    silent = sum(state == "silent" for state, _ in seen)
    unreadable = sum(state == "unreadable" for state, _ in seen)
    read = len(seen) - silent - unreadable
    words = [_plural(read, "file") + " read", _plural(unreadable, "file") + " unreadable"]
    words += [f"{silent} silent"] if silent else []
    words += [_plural(count, severity) for severity, count in counts.items()]
    _say(", ".join(words))
    return _exit_code(seen)


def _plural(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _line(checked: Checked, fault: Finding) -> str:
    where = fault.workbook or checked.one.workbook or checked.one.cluster or ""
    if fault.sheet and fault.cell:
        where += f", {fault.sheet}!{fault.cell}"
    row = f" row {fault.row}" if fault.row else ""
    code = f" ({fault.question}{row})" if fault.question else ""
    parts = [f"{where}{code}: {fault.severity}: {fault.message}"]
    if fault.found is not None and fault.found not in fault.message:
        parts.append(_sentence("Found", fault.found))
    if fault.expected is not None and fault.expected not in f"{fault.message} {fault.action}":
        parts.append(_sentence("Expected", fault.expected))
    parts.append(f"What to do: {fault.action}")
    return " ".join(parts)


def _sentence(label: str, text: str) -> str:
    return f"{label}: {text}" if text.endswith((".", "?", "!")) else f"{label}: {text}."


def print_json(results: Iterator[Checked]) -> int:
    """Print each file with its findings as one JSON object; give the exit code."""
    seen: list[tuple[str, Sequence[Finding]]] = []
    files = []
    for checked in results:
        one = checked.one
        seen.append((one.state, one.faults))
        files.append(
            {
                "workbook": one.workbook or None,
                "cluster": one.cluster,
                "edition": checked.edition.edition,
                "state": one.state,
                "sha256": one.sha256 or None,
                "signed": one.signed,
                "findings": [
                    asdict(fault) | {"workbook": fault.workbook or one.workbook or None}
                    for fault in one.faults
                ],
            }
        )
    sys.stdout.write(json.dumps({"files": files}, indent=2, ensure_ascii=True) + "\n")
    return _exit_code(seen)


def _say(line: str) -> None:
    """Print one line: what a return holds moves no cursor and ends no line."""
    shown = "".join(c if c.isprintable() else " " for c in line)
    sys.stdout.write(
        shown.encode(sys.stdout.encoding or "utf-8", "replace").decode(
            sys.stdout.encoding or "utf-8", "replace"
        )
        + "\n"
    )
