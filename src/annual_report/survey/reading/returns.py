"""Read one return: from whatever file was sent to typed answers and findings, never a fault."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from annual_report.edition import Edition
from annual_report.files import name_oddity
from annual_report.framework.model import Framework
from annual_report.survey.findings.finding import Finding, Place, find
from annual_report.survey.form.book import Book, decode_book
from annual_report.survey.form.layout import CLUSTER_NAME, SIGNED, list_codes
from annual_report.survey.reading.answer import Answer, to_finding
from annual_report.survey.reading.answers import Reader
from annual_report.survey.reading.completeness import find_double_rows, find_missing
from annual_report.survey.reading.habits import Evidence, settle_numbers
from annual_report.survey.reading.oddities import find_oddities
from annual_report.survey.reading.renaming import rename_codes
from annual_report.survey.reading.typed import tidy
from annual_report.survey.reading.typed_number import name_mark
from annual_report.survey.receiving.container import Refused, identify
from annual_report.survey.receiving.reading_process import (
    ReadingProcess,
    WorkerDied,
    shared_process,
)
from annual_report.tables import ANSWERS, FINDINGS

UNIDENTIFIED = "unidentified"
WHOSE = frozenset({"cluster-unknown", "cluster-two", "cluster-unnamed"})
"""Findings about whose a return is."""


@dataclass(frozen=True)
class Return:
    """What one file holds.

    ``cluster`` is None where the file does not say, or says two; ``state`` is ``answered`` or
    ``unreadable``, then with a ``reason``.
    """

    cluster: str | None
    state: str
    reason: str | None
    edition: str
    workbook: str
    sha256: str
    signed: str | None
    items: tuple[Answer, ...]
    faults: tuple[Finding, ...]
    evidence: Evidence = field(default_factory=Evidence)

    @property
    def answers(self) -> pd.DataFrame:
        """The answers as a table of the contract ``ANSWERS``."""
        return answers_frame(self)

    @property
    def findings(self) -> pd.DataFrame:
        """The findings as a table of the contract ``FINDINGS``."""
        return findings_frame(self)


def read_return(
    path: Path,
    *,
    framework: Framework,
    edition: Edition,
    cluster_hint: str | None = None,
    process: ReadingProcess | None = None,
) -> Return:
    """Read one file that somebody sent.

    Parameters
    ----------
    cluster_hint
        The cluster, where the caller knows better than a file that does not say.
    process
        The worker that parses; the one that this process shares by default.

    Returns
    -------
    Return
        Always: what is wrong with a file is a finding.
    """
    blank = Return(cluster_hint, "unreadable", None, edition.edition, path.name, "", None, (), ())
    try:
        kind = identify(path)
        blank = replace(blank, sha256=hash_file(path))
        book, notes = _parse(path, kind, process or shared_process())
    except Refused as refused:
        fault = find(refused.code, found=refused.found, expected=refused.expected)
        sha = blank.sha256 or hash_file(path)
        return replace(blank, sha256=sha, reason=fault.message, faults=(fault,))
    return _read_book(book, blank, framework, edition, notes)


def hash_file(path: Path) -> str:
    """Hash the bytes of a file; empty for what is none, such as a device that never ends."""
    if name_oddity(path) is not None:
        return ""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


# Which parser reads a kind of file, and whether another one compares; the next is tried when one
# dies, another parser when one cannot
_ATTEMPTS: dict[str, tuple[tuple[str, bool], ...]] = {
    "xlsx": (("xlsx", True), ("xlsx", False), ("other", False)),
    "ods": (("ods", True), ("ods", False)),
    "xls": (("xls", False),),
    "xlsb": (("xlsb", True),),
}


def _parse(path: Path, kind: str, process: ReadingProcess) -> tuple[Book, tuple[Finding, ...]]:
    """Parse with two readers; with one where the other dies; with the other where one cannot.

    Raises
    ------
    Refused
        If nothing could read the file.
    """
    refusal: Refused | None = None
    cannot: str | None = None
    for reader, second in _ATTEMPTS[kind]:
        if reader == cannot:
            continue
        try:
            raw = process.parse(path, reader, second=second)
            if "fault" not in raw:
                return _decode(raw, refusal)
            refusal, cannot = refusal or _refusal(raw["fault"]), reader
        except WorkerDied as died:
            refusal = Refused("file-reader-stopped", str(died))
            if died.slow:
                break
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            # a reply that is no workbook: its parser was led astray
            refusal = Refused("file-damaged", f"{type(error).__name__}: {error}"[:200])
    assert refusal is not None
    raise refusal


def _decode(raw: dict[str, object], refusal: Refused | None) -> tuple[Book, tuple[Finding, ...]]:
    book = decode_book(raw)
    why = book.second_fault or (refusal.found if refusal else None)
    return book, (find("reader-second-failed", found=why),) if why else ()


def _refusal(fault: str) -> Refused:
    if "assword" in fault or "ncrypted" in fault:
        return Refused("file-protected", fault)
    if "cells hold something" in fault or "larger than any survey" in fault:
        return Refused("file-suspicious", fault.partition(": ")[2] or fault)
    return Refused("file-damaged", fault)


def _read_book(
    book: Book,
    blank: Return,
    framework: Framework,
    edition: Edition,
    notes: tuple[Finding, ...],
) -> Return:
    book = rename_codes(book, framework)
    reader = Reader(book, framework, _find_country(book, edition, blank.cluster))
    if not any(reader.places.knows(code) for code in (*framework.questions, *framework.tables)):
        fault = find("file-not-our-survey")
        return replace(blank, reason=fault.message, faults=(fault,))
    answers = reader.read()
    evidence = Evidence(tuple(reader.typed.items()), name_mark(reader.hint))
    answers = settle_numbers(answers, evidence)
    asked = [to_finding(answer.place, ask) for answer in answers for ask in answer.meaning.asks]
    cluster, identity = _identify_cluster(book, answers, edition, blank.cluster)
    odd = find_oddities(book, answers, reader.places)
    gaps = (*find_missing(framework, answers), *find_double_rows(framework, answers))
    faults = (*notes, *identity, *reader.findings, *asked, *gaps, *odd)
    refused = next((f for f in faults if f.code == "file-other-edition"), None)
    if refused is not None:
        return replace(blank, cluster=cluster, reason=refused.message, faults=(refused,))
    return replace(
        blank,
        cluster=cluster,
        state="answered",
        signed=_value(answers, SIGNED),
        items=answers,
        faults=order_findings(faults, framework),
        evidence=evidence,
    )


def _find_country(book: Book, edition: Edition, hint: str | None) -> str | None:
    """The country of the cluster that the workbook was prepared for."""
    prepared = book.about.get("cluster", hint)
    return next((c.country for c in edition.clusters if c.id == prepared), None)


def _value(answers: Iterable[Answer], code: str) -> str | None:
    found = (a.meaning.text for a in answers if a.question == code and a.field == "value")
    return next(found, None)


def _identify_cluster(
    book: Book, answers: tuple[Answer, ...], edition: Edition, hint: str | None
) -> tuple[str | None, tuple[Finding, ...]]:
    other = book.about.get("edition")
    faults: list[Finding] = []
    if other is not None and other != edition.edition:
        faults.append(find("file-other-edition", found=other, expected=edition.edition))
    prepared = book.about.get("cluster")
    named = _value(answers, CLUSTER_NAME)
    ids = {c.id for c in edition.clusters}
    place = next((a.place for a in answers if a.question == CLUSTER_NAME), Place(CLUSTER_NAME))
    claims = {prepared} if prepared in ids else set()
    if named is not None:
        claim = _find_named(named, prepared if claims else None, edition)
        if claim is None and not claims:
            return hint, (*faults, find("cluster-unknown", place, found=named))
        if claim is not None:
            claims.add(claim)
        else:
            message = "cluster-unknown"
            faults.append(find(message, place, found=named, severity="warning"))
    if len(claims) > 1:
        both = " and ".join(sorted(str(c) for c in claims))
        return None, (*faults, find("cluster-two", place, found=both))
    if not claims:
        if prepared is not None:
            return hint, (*faults, find("cluster-unknown", place, found=prepared))
        unnamed = () if hint else (find("cluster-unnamed", place),)
        return hint, (*faults, *unnamed)
    return claims.pop(), tuple(faults)


def _find_named(named: str, prepared: str | None, edition: Edition) -> str | None:
    """Find the cluster with a name or id; that of the file first, as the register may be long."""
    word = _plain(named)
    if prepared is not None and word == _plain(edition.cluster(prepared).name):
        return prepared
    known = {_plain(c.name): c.id for c in edition.clusters}
    return (known | {_plain(c.id): c.id for c in edition.clusters}).get(word)


def _plain(name: str) -> str:
    return "".join(c for c in tidy(name).casefold() if c.isalnum())


def order_findings(faults: Iterable[Finding], framework: Framework) -> tuple[Finding, ...]:
    """In the order of the framework; what concerns the whole file first."""
    codes = list_codes(framework)
    place = {code: number for number, code in enumerate(codes)}

    def key(fault: Finding) -> tuple[int, int]:
        return place.get(fault.question or "", -1), fault.row or 0

    return tuple(sorted(faults, key=key))


def answers_frame(one: Return) -> pd.DataFrame:
    """Lay the answers of a return out as a table of the contract ``ANSWERS``."""
    cluster, workbook = one.cluster or UNIDENTIFIED, printable(one.workbook)
    rows = [
        (
            f"{cluster}.{a.question}.{a.row}.{a.field}"
            if a.row
            else f"{cluster}.{a.question}.{a.field}",
            one.edition,
            cluster,
            a.question,
            a.row,
            a.field,
            a.kind,
            a.meaning.number if _counts(a) else None,
            a.meaning.text if _counts(a) else None,
            a.unit if _counts(a) else None,
            a.currency if _counts(a) else None,
            a.basis,
            a.consent,
            a.meaning.status,
            a.flag,
            a.meaning.reported,
            a.meaning.note,
            workbook,
            a.sheet,
            a.cell,
            one.sha256,
        )
        for a in one.items
    ]
    frame = pd.DataFrame(rows, columns=[c.name for c in ANSWERS.columns])
    return _typed(frame, integers=("row",), numbers=("number",))


def printable(name: str) -> str:
    """A file's name as text: bytes that are no UTF-8 would go into no table."""
    return name.encode("utf-8", "replace").decode("utf-8")


def _counts(answer: Answer) -> bool:
    return answer.meaning.status in ("reported", "corrected")


def findings_frame(one: Return) -> pd.DataFrame:
    """Lay the findings of a return out as a table of the contract ``FINDINGS``."""
    cluster, workbook = one.cluster or UNIDENTIFIED, printable(one.workbook)
    counts: dict[str, int] = {}
    rows = []
    for f in one.faults:
        counts[f.code] = counts.get(f.code, 0) + 1
        rows.append(
            (
                f"{cluster}.{f.code}.{counts[f.code]}",
                one.edition,
                cluster,
                f.code,
                f.severity,
                f.question,
                f.row,
                f.field,
                printable(f.workbook) if f.workbook else workbook,
                f.sheet,
                f.cell,
                f.found,
                f.expected,
                f.message,
                f.action,
            )
        )
    frame = pd.DataFrame(rows, columns=[c.name for c in FINDINGS.columns])
    return _typed(frame, integers=("row",), numbers=())


def _typed(
    frame: pd.DataFrame, *, integers: tuple[str, ...], numbers: tuple[str, ...]
) -> pd.DataFrame:
    kinds = dict.fromkeys(frame.columns, "object")
    kinds |= dict.fromkeys(integers, "Int64") | dict.fromkeys(numbers, "float64")
    return frame.astype(kinds)
