"""What goes back: each respondent's own workbook with its queries, and a list for the author."""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from annual_report.edition import Edition
from annual_report.files import write_whole
from annual_report.framework.model import Framework
from annual_report.survey.findings.finding import Finding
from annual_report.survey.reading.returns import Return
from annual_report.survey.receiving.container import Refused, identify
from annual_report.survey.receiving.reading_process import (
    ReadingProcess,
    WorkerDied,
    shared_process,
)

_WEIGHTS = {"error": "Please mend", "warning": "Please check", "note": "For information"}
# Notes that only say how a cell was read would bury the queries
_SILENT = frozenset(
    {
        "reader-second-failed",
        "cells-not-compared",
        "sheet-not-compared",
        "corrected",
        "confirmed",
        "return-chosen",
        "cell-comment",
        "query-reply",
    }
)

_THANKS = (
    "Thank you for your return to {title}. We have read {workbook}; queries: {count}, those that "
    "matter most first."
)
_REPLY = (
    "Click a place to go to its cell: each is filled in orange and has a comment. Correct the "
    "cells, or reply in the last column; then sign off with the new day and send this file back."
)


@dataclass(frozen=True)
class Report:
    """One line of the author's list: a cluster and what became of its return."""

    cluster: str
    name: str
    state: str
    signed: str | None = None
    workbook: str | None = None
    answered: int = 0
    asked: int = 0
    faults: tuple[Finding, ...] = ()
    query: str | None = None

    def count(self, severity: str) -> int:
        return sum(fault.severity == severity for fault in self.faults)


def list_queries(one: Return) -> tuple[Finding, ...]:
    """The findings that a respondent is asked about, the gravest first in each place's order."""
    asked = [f for f in one.faults if f.code not in _SILENT and f.severity != "note"]
    told = [f for f in one.faults if f.code not in _SILENT and f.severity == "note"]
    rank = {"error": 0, "warning": 1}
    return (*sorted(asked, key=lambda fault: rank[fault.severity]), *told)


def write_queries(
    path: Path,
    *,
    source: Path,
    one: Return,
    framework: Framework,
    edition: Edition,
    process: ReadingProcess | None = None,
) -> Path | None:
    """Write the respondent's own workbook with each cell in question marked.

    Returns
    -------
    Path or None
        Where it is; None if there is nothing to ask, or the file cannot be opened.
    """
    faults = list_queries(one)
    if not faults:
        return None
    order = {
        "target": str(path.resolve()),
        "day": edition.published.isoformat(),
        "title": f"Queries about your return: {_name(edition, one)}",
        "intro": [
            _THANKS.format(title=edition.title, workbook=one.workbook, count=len(faults)),
            _REPLY,
        ],
        "queries": [_to_query(fault, framework) for fault in faults],
        "percents": _list_percents(one),
    }
    try:
        kind = identify(source)
        reply = (process or shared_process()).mark(source, kind, order)
    except (Refused, WorkerDied):
        return None
    return path if "written" in reply else None


def _list_percents(one: Return) -> list[tuple[str, str]]:
    """Sheet and cell of each share that was read from a number, where a format may not have told.

    A workbook that has to be laid out anew gives these cells the format that says so.
    """
    return [
        (answer.sheet, answer.cell)
        for answer in one.items
        if answer.kind == "percent" and answer.cell and answer.meaning.number is not None
    ]


def _name(edition: Edition, one: Return) -> str:
    return next((c.name for c in edition.clusters if c.id == one.cluster), one.workbook)


def _to_query(fault: Finding, framework: Framework) -> dict[str, object]:
    row = f", row {fault.row}" if fault.row else ""
    return {
        "weight": _WEIGHTS[fault.severity],
        "sheet": fault.sheet,
        "cell": fault.cell,
        "question": f"{fault.question}{row}" if fault.question else None,
        "message": _message(fault, framework),
        "action": fault.action,
    }


def _message(fault: Finding, framework: Framework) -> str:
    message = " ".join(fault.message.split())
    if fault.code == "missing-required" and fault.expected:
        return f"{message} {fault.expected}"
    known = {check.code for check in framework.checks}
    if fault.code in known and fault.found and fault.expected:
        return f"{message} Found: {fault.found}; expected: {fault.expected}."
    return message


_STYLE = """
:root{--ink:#14212B;--muted:#5B6B77;--rule:#D5DCE1;--paper:#F4F6F7;--link:#2B5C9E}
@media(prefers-color-scheme:dark){:root{--ink:#E8EDF0;--muted:#A3B1BB;--rule:#33434F;
--paper:#1B2A35;--link:#8DB4E8}body{background:#101A22}}
body{font:16px/1.5 Lato,system-ui,sans-serif;color:var(--ink);margin:0 auto;max-width:72rem;
padding:2rem 1rem}
h1{font-size:2rem;line-height:1.2;margin:0 0 .5rem}p{color:var(--muted);max-width:62ch}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:.5rem .75rem;border-bottom:1px solid var(--rule);vertical-align:top}
thead th{font-size:.85rem;color:var(--muted)}td.n,th.n{text-align:right}
a{color:var(--link)}details{margin-top:.25rem}li{margin:.25rem 0}
.wide{overflow-x:auto}
"""


def write_queries_index(
    path: Path,
    *,
    edition: Edition,
    reports: Iterable[Report],
    strays: Iterable[Finding] = (),
) -> None:
    """Write the author's list: who has answered, who has not, what is open; newest first."""
    lines = sorted(reports, key=lambda line: line.name)
    lines.sort(key=lambda line: line.signed or "", reverse=True)
    order = {"unreadable": 1, "silent": 2}
    lines.sort(key=lambda line: order.get(line.state, 0))
    answered = sum(line.state == "answered" for line in lines)
    title = html.escape(f"Queries: {edition.title}")
    lost = [f"<li>{html.escape(stray.message)}</li>" for stray in strays]
    strangers = f"<h2>Files that belong to no cluster</h2><ul>{''.join(lost)}</ul>" if lost else ""
    text = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><style>{_STYLE}</style></head>
<body><main><h1>{title}</h1>
<p>{answered} of {len(lines)} clusters have sent a return that can be read. Newest sign-off first.</p>
<div class="wide"><table><thead><tr><th scope="col">Cluster</th><th scope="col">Return</th>
<th scope="col">Signed off</th><th scope="col" class="n">Answered</th>
<th scope="col" class="n">To mend</th><th scope="col" class="n">To check</th>
<th scope="col">Send back</th></tr></thead><tbody>
{"".join(_line(line) for line in lines)}
</tbody></table></div>{strangers}</main></body></html>
"""
    write_whole(path, text.encode())


_STATES = {
    "answered": "answered",
    "unreadable": "cannot be read",
    "silent": "nothing sent",
    "failed": "failed",
}


def _line(line: Report) -> str:
    link = (
        f'<a href="{html.escape(line.query)}">{html.escape(line.query)}</a>' if line.query else ""
    )
    opened = [f for f in line.faults if f.severity != "note" or f.code == "query-reply"]
    items = "".join(
        f"<li>{html.escape(_WEIGHTS[f.severity])}: {html.escape(_place(f))} {html.escape(f.message)}</li>"
        for f in opened
    )
    details = f"<details><summary>{len(opened)} open</summary><ul>{items}</ul></details>"
    progress = f"{line.answered} of {line.asked}" if line.state == "answered" else ""
    return (
        f'<tr><th scope="row">{html.escape(line.name)}</th>'
        f"<td>{_STATES[line.state]}{details if opened else ''}</td>"
        f"<td>{html.escape(line.signed or '')}</td><td class=n>{progress}</td>"
        f"<td class=n>{line.count('error') or ''}</td><td class=n>{line.count('warning') or ''}</td>"
        f"<td>{link}</td></tr>\n"
    )


def _place(fault: Finding) -> str:
    where = f"{fault.sheet} {fault.cell}" if fault.sheet and fault.cell else ""
    return f"{fault.question or ''} ({where})" if where else fault.question or ""
