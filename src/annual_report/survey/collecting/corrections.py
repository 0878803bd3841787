"""What the author of the report changed in an answer, why, and what it must have been before."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Literal

from pydantic import Field

from annual_report.errors import CorrectionError
from annual_report.framework.model import Framework
from annual_report.framework.questions import Kind
from annual_report.settings import Model, read_settings
from annual_report.survey.findings.finding import Finding, find
from annual_report.survey.reading.answer import Answer
from annual_report.survey.reading.meaning import Meaning
from annual_report.survey.reading.typed import tidy, understand
from annual_report.units import accepted_units

Value = bool | int | float | dt.date | str


class Decision(Model):
    """What somebody decided about a cluster's return, and why."""

    cluster: str
    reason: str = Field(min_length=1)
    decided_by: str = Field(min_length=1, description="a role, not a person's name")
    date: dt.date

    @property
    def note(self) -> str:
        return f"{self.reason} ({self.decided_by}, {self.date.isoformat()})"


class Correction(Decision):
    """One decision about one answer.

    ``expected`` is what the return must still say: a number, or the text as typed; leave it out
    where the answer was missing. ``new`` is the value that counts, or ``confirmed``.
    """

    question: str
    row: int = Field(default=0, ge=0)
    field: str = "value"
    expected: Value | None = None
    new: Value | Literal["confirmed"]
    unit: str | None = None
    currency: str | None = None

    @property
    def place(self) -> str:
        row = f".{self.row}" if self.row else ""
        return f"{self.cluster}.{self.question}{row}.{self.field}"


class ChosenFile(Decision):
    """One decision about which file is a cluster's return.

    ``use`` is the file's name in ``data/raw/<edition>``; ``expected`` is the cluster that it names
    itself, where that is another one.
    """

    use: str = Field(min_length=1)
    expected: str | None = None


class Corrections(Model):
    """``data/corrections/<edition>.yaml``."""

    corrections: tuple[Correction, ...] = ()
    returns: tuple[ChosenFile, ...] = ()


def read_corrections(path: Path) -> Corrections:
    """Read the corrections of an edition; none where there is no file.

    Raises
    ------
    CorrectionError
        If the file is not YAML or breaks the model.
    """
    if not path.is_file():
        return Corrections()
    return read_settings(path, Corrections, error=CorrectionError)


def select_corrections(path: Path, cluster: str, register: Collection[str]) -> list[Correction]:
    """The corrections of one cluster.

    Raises
    ------
    CorrectionError
        If the file cannot be read, or one of its entries is about no cluster of the register: it
        would never be applied.
    """
    every = read_corrections(path).corrections
    for correction in every:
        if correction.cluster not in register:
            raise CorrectionError(
                "the correction is about a cluster that is not on the register",
                where=f"{path.name}: {correction.place}",
                expected=", ".join(sorted(register)),
                found=correction.cluster,
                do="use one of these ids, or take the correction out",
            )
    return [correction for correction in every if correction.cluster == cluster]


def apply_corrections(
    items: tuple[Answer, ...],
    faults: tuple[Finding, ...],
    corrections: Iterable[Correction],
    *,
    framework: Framework,
    where: str,
) -> tuple[tuple[Answer, ...], tuple[Finding, ...]]:
    """Apply one cluster's corrections to its answers; what was asked there is answered.

    Raises
    ------
    CorrectionError
        If a correction names no answer of the return, or the answer is not what it expects.
    """
    by_place = {(a.question, a.row, a.field): place for place, a in enumerate(items)}
    changed = list(items)
    for correction in corrections:
        key = (correction.question, correction.row, correction.field)
        if key not in by_place:
            raise CorrectionError(
                "the correction is about an answer that is not in the return",
                where=f"{where}: {correction.place}",
                do="correct question, row and field, or take the correction out",
            )
        old = changed[by_place[key]]
        _check_expected(old, correction, where)
        changed[by_place[key]] = _correct(old, correction, framework, where)
        faults = tuple(f for f in faults if (f.question, f.row or 0, f.field) != key)
        faults = (*faults, _tell(old, correction))
    return tuple(changed), faults


def _check_expected(old: Answer, correction: Correction, where: str) -> None:
    expected, found = correction.expected, old.meaning.reported
    if expected is None:
        same = found is None
    elif isinstance(expected, (int, float)) and not isinstance(expected, bool):
        number = old.meaning.number
        same = number is not None and math.isclose(number, expected, rel_tol=1e-9)
        same = same or tidy(found or "") == tidy(str(expected))
    else:
        words = {tidy(text) for text in (found, old.meaning.text) if text is not None}
        text = {True: "yes", False: "no"}.get(expected, "") if isinstance(expected, bool) else ""
        same = bool(words & {tidy(str(expected)), text or tidy(str(expected))})
    if not same:
        raise CorrectionError(
            "the return no longer says what the correction expects",
            where=f"{where}: {correction.place}",
            expected="nothing" if expected is None else str(expected),
            found="nothing" if found is None else found,
            do="look at the return again, then change the correction or take it out",
        )


def _correct(old: Answer, correction: Correction, framework: Framework, where: str) -> Answer:
    if correction.new == "confirmed":
        if old.meaning.number is None and old.meaning.text is None:
            raise CorrectionError(
                "an answer that was not understood cannot be confirmed",
                where=f"{where}: {correction.place}",
                found=old.meaning.reported or "nothing",
                do="give the new value instead of `confirmed`",
            )
        meaning = replace(old.meaning, status="corrected", note=correction.note, asks=())
    else:
        number, text = _read_new(old, correction, framework, where)
        meaning = Meaning(
            "corrected", number, text, reported=old.meaning.reported, note=correction.note
        )
    _check_marks(old, correction, framework, where)
    unit = correction.unit or old.unit or _asked_unit(old, framework)
    currency = correction.currency or old.currency
    if old.kind == "money" and currency is None:
        raise CorrectionError(
            "the correction leaves an amount without a currency",
            where=f"{where}: {correction.place}",
            do="give its `currency` beside the new value",
        )
    return replace(old, meaning=meaning, unit=unit, currency=currency)


def _asked_unit(old: Answer, framework: Framework) -> str | None:
    if old.kind not in ("number", "percent"):
        return None
    if old.row:
        return framework.tables[old.question].column(old.field).unit
    return framework.questions[old.question].unit


def _read_new(
    old: Answer, correction: Correction, framework: Framework, where: str
) -> tuple[float | None, str | None]:
    new = correction.new
    if old.kind in ("number", "money", "percent", "level", "year"):
        if isinstance(new, (int, float)) and not isinstance(new, bool) and _fits(new, old.kind):
            return float(new), None
    elif old.kind == "yes_no":
        word = {True: "yes", False: "no"}[new] if isinstance(new, bool) else str(new)
        read = understand(word, "yes_no")
        if read.state == "value":
            return (1.0 if read.value == "yes" else 0.0), str(read.value)
    elif old.kind == "choice":
        if str(new) in _codes(old, framework):
            return None, str(new)
    elif old.kind == "date":
        day = new.isoformat() if isinstance(new, dt.date) else str(new)
        read = understand(day, "date")
        if read.state == "value":
            return None, str(read.value)
    else:
        return None, str(new)
    raise CorrectionError(
        f"the new value is no {old.kind.replace('_', '/')}",
        where=f"{where}: {correction.place}",
        found=str(new),
        do="give a number, a level from 0 to 4, a year, a choice's code, yes or no, or a date, as "
        "the question asks",
    )


def _fits(number: float, kind: Kind) -> bool:
    """Whether a number can be an answer at all; its plausible range is for the author to judge."""
    if kind == "level":
        return number in range(5)
    return kind != "year" or (number == int(number) and 1000 <= number <= 9999)


def _check_marks(old: Answer, correction: Correction, framework: Framework, where: str) -> None:
    """Refuse a unit or currency that nothing could be done with."""
    asked = _asked_unit(old, framework)
    units = accepted_units(asked) if asked else ()
    currencies = tuple(c.code for c in framework.choices.get("currencies", ()))
    for name, given, known in (
        ("unit", correction.unit, units),
        ("currency", correction.currency, currencies if old.kind == "money" else ()),
    ):
        if given is not None and given not in known:
            raise CorrectionError(
                f"the answer takes no such {name}",
                where=f"{where}: {correction.place}",
                expected=", ".join(known) or f"no {name}",
                found=given,
            )


def _codes(old: Answer, framework: Framework) -> set[str]:
    if old.row:
        choices = framework.tables[old.question].column(old.field).choices
    else:
        choices = framework.questions[old.question].choices
    return {choice.code for choice in framework.choices[choices or ""]}


def _tell(old: Answer, correction: Correction) -> Finding:
    found = old.meaning.reported or "nothing"
    if correction.new == "confirmed":
        return find("confirmed", old.place, found=found)
    return find("corrected", old.place, found=found, expected=correction.new)
