"""What one cell means as an answer of its kind: value, status, and what there is to say."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from annual_report.framework.model import Choice, Framework
from annual_report.framework.questions import Kind
from annual_report.survey.form.book import Cell
from annual_report.survey.reading.spellings import Match, match_entry, show_entries
from annual_report.survey.reading.typed import Understood, propose_units, tidy, understand
from annual_report.survey.reading.typed_number import Mark
from annual_report.units import accepted_units


@dataclass(frozen=True)
class Ask:
    """One finding about a cell, before it has a place; ``close`` proposes what is expected."""

    code: str
    found: str
    expected: str | None = None
    close: bool = False


@dataclass(frozen=True)
class Meaning:
    """One cell as an answer.

    ``number`` and ``text`` are set where the cell was understood, also when ``status`` becomes
    ``invalid`` later because the value is out of its range.
    """

    status: str
    number: float | None = None
    text: str | None = None
    unit: str | None = None
    currency: str | None = None
    reported: str | None = None
    note: str | None = None
    asks: tuple[Ask, ...] = ()

    @property
    def given(self) -> bool:
        return self.status != "missing"

    def refuse(self, ask: Ask) -> Meaning:
        """The same answer, not to be used until it is explained."""
        return replace(self, status="invalid", asks=(*self.asks, ask))

    def explain(self, note: str) -> Meaning:
        """The same answer, with a word on how it was read, beside what there is to say already."""
        notes = f"{self.note}; {note}" if self.note else note
        others = tuple(ask for ask in self.asks if ask.code != "answer-understood")
        ask = Ask("answer-understood", tidy(self.reported or ""), notes)
        return replace(self, note=notes, asks=(*others, ask))


MISSING = Meaning("missing")
_FEW = 12
_DAYS = (25_569, 73_415)  # 1970 to 2100, as a spreadsheet counts days
_EPOCH = dt.date(1899, 12, 30)


@dataclass(frozen=True)
class Asked:
    """What a cell was asked for."""

    kind: Kind
    unit: str | None = None
    choices: tuple[Choice, ...] = ()
    list_name: str | None = None


def asked(framework: Framework, kind: Kind, *, unit: str | None, choices: str | None) -> Asked:
    """Say what a cell takes, with its list spelled out."""
    if choices is None or kind != "choice":
        return Asked(kind, unit)
    return Asked(kind, unit, framework.choices[choices], choices)


def read_cell(
    cell: Cell | None,
    wanted: Asked,
    *,
    hint: str | None = None,
    decimal: Mark | None = None,
    formats: bool = True,
) -> Meaning:
    """Read one cell as an answer.

    Parameters
    ----------
    hint
        Language in which the respondent writes.
    decimal
        What separates the decimals of a typed number, where that is known.
    formats
        Whether the file told the cells' number formats; without them a fraction in a percent
        cell is taken for what our template makes of it.
    """
    if cell is None:
        return MISSING
    reported = cell.text
    if cell.type == "e":
        return Meaning("invalid", reported=reported, asks=(Ask("error-cell", reported),))
    if cell.type == "f":
        return Meaning("invalid", asks=(Ask("formula-without-value", "a formula"),))
    if cell.type == "s":
        return replace(_read_text(cell.value, wanted, hint, decimal), reported=reported)
    read = {"n": _read_number, "b": _read_bool, "d": _read_date}[cell.type]
    meaning = read(cell, wanted, formats)
    return replace(meaning, reported=reported)


def _refuse(cell: Cell, expected: str, code: str = "not-understood") -> Meaning:
    return Meaning("invalid", asks=(Ask(code, cell.text, expected),))


def _read_text(text: str, wanted: Asked, hint: str | None, decimal: Mark | None) -> Meaning:
    if wanted.kind == "choice":
        return _read_choice(text, wanted)
    if wanted.kind == "level":
        return _read_level(text, hint)
    understood = understand(text, wanted.kind, unit=wanted.unit, hint=hint, decimal=decimal)
    return _from_understood(text, understood, wanted)


def _from_understood(text: str, read: Understood, wanted: Asked) -> Meaning:
    if read.state == "question":
        ask = Ask(read.code or "not-understood", tidy(text), read.question)
        if read.code == "unit-unknown" and read.unit:
            ask = ask_unit(read.unit, wanted.unit)
        return Meaning("invalid", asks=(ask,))
    if read.state == "not applicable":
        return Meaning("not applicable", note=read.note)
    noted = (Ask("answer-understood", tidy(text), read.note),) if read.note else ()
    if read.state == "empty":
        return Meaning("missing", note=read.note)
    if isinstance(read.value, str):
        number = {"yes": 1.0, "no": 0.0}.get(read.value) if wanted.kind == "yes_no" else None
        return Meaning("reported", number, read.value, note=read.note, asks=noted)
    return Meaning(
        "reported",
        read.value,
        unit=read.unit,
        currency=read.currency,
        note=read.note,
        asks=noted,
    )


def ask_unit(found: str, asked_unit: str | None) -> Ask:
    """Ask for a unit that can be converted into the one asked for; propose those that are near."""
    if asked_unit is None:
        return Ask("unit-unknown", found, "no unit")
    near = propose_units(found, asked_unit)
    listed = " or ".join(near) or ", ".join(accepted_units(asked_unit))
    return Ask("unit-unknown", found, listed, bool(near))


def _read_choice(text: str, wanted: Asked) -> Meaning:
    choices = wanted.choices
    plain = tidy(text)
    absent = understand(text, "text")
    match = match_entry(plain, choices, wanted.list_name)
    if match.plain:
        return Meaning("reported", text=match.code)
    if absent.state in ("empty", "not applicable"):
        status = "missing" if absent.state == "empty" else "not applicable"
        return Meaning(status, note=absent.note)
    if match.code is not None:
        note = f"{plain} read as {show_entries([match.code], choices)}"
        ask = Ask("answer-understood", plain, note)
        return Meaning("reported", text=match.code, note=note, asks=(ask,))
    return Meaning("invalid", asks=(ask_choice(plain, choices, match),))


def ask_choice(text: str, choices: Sequence[Choice], match: Match) -> Ask:
    """Ask for an entry of a list: propose those that are near, or name all if they are few."""
    near = match.several or match.near
    if near:
        return Ask("choice-unknown", text, show_entries(near, choices), close=True)
    few = len(choices) <= _FEW
    listed = "; ".join(choice.label for choice in choices) if few else "it opens in the cell itself"
    return Ask("choice-unknown", text, listed)


def _read_level(text: str, hint: str | None) -> Meaning:
    plain = tidy(text)
    match = re.fullmatch(r"(?:level |step |l)?([0-4])(?:\s*(?:[-–:.(/].*)?)?", plain, re.I | re.S)
    ranged = re.match(r"(?:level )?[0-4]\s*(?:-|–|to|/)\s*[0-4]\b", plain, re.I)
    if match and not ranged and not re.match(r"[0-4][.,]\d", plain):
        return Meaning("reported", float(match[1]))
    absent = understand(text, "year", hint=hint)
    if absent.state in ("empty", "not applicable"):
        status = "missing" if absent.state == "empty" else "not applicable"
        return Meaning(status, note=absent.note)
    return Meaning("invalid", asks=(Ask("not-understood", plain, "one level from 0 to 4"),))


def _read_number(cell: Cell, wanted: Asked, formats: bool) -> Meaning:
    if not isinstance(cell.value, (int, float)):
        return _refuse(cell, "a finite number")
    value = float(cell.value)
    if wanted.kind == "percent":
        return _read_fraction(cell, value, formats)
    if wanted.kind in ("number", "money"):
        return _read_plain(cell, value, wanted)
    if wanted.kind == "year":
        whole = value == int(value) and 1000 <= value <= 9999
        return Meaning("reported", value) if whole else _refuse(cell, "a year such as 2030")
    if wanted.kind == "level":
        fits = value in (0, 1, 2, 3, 4)
        return Meaning("reported", value) if fits else _refuse(cell, "one level from 0 to 4")
    if wanted.kind == "yes_no":
        if value in (0, 1):
            return Meaning("reported", value, "yes" if value else "no")
        return _refuse(cell, "Yes or No")
    if wanted.kind == "date":
        return _read_day_count(cell, value)
    if wanted.kind == "choice":
        return _read_choice(f"{value:.12g}", wanted)
    return Meaning("reported", text=f"{value:.12g}")


def _read_plain(cell: Cell, value: float, wanted: Asked) -> Meaning:
    if "%" in cell.format:
        return _refuse(cell, "a number, not a percentage")
    currency = _format_currency(cell.format) if wanted.kind == "money" else None
    return Meaning("reported", value, currency=currency)


def _format_currency(shown: str) -> str | None:
    """The currency that a number format shows beside an amount, such as ``[$EUR] #,##0``."""
    match = re.search(r"\[\$([A-Z]{3})", shown)
    if match:
        return match[1]
    return "EUR" if "€" in shown else "GBP" if "£" in shown else None


def _read_fraction(cell: Cell, value: float, formats: bool) -> Meaning:
    if "%" in cell.format or (not formats and abs(value) <= 1):
        return Meaning("reported", float(f"{value * 100:.12g}"))
    if 0 < abs(value) <= 1 or not formats:
        readings = f"{value:.12g} %, or {value * 100:.12g} %"
        return _refuse(cell, readings, "number-ambiguous")
    note = f"{value:.12g} read as per cent" if value else None
    return Meaning("reported", value, note=note)


def _read_day_count(cell: Cell, value: float) -> Meaning:
    if _DAYS[0] <= value <= _DAYS[1] and value == int(value):
        day = (_EPOCH + dt.timedelta(days=int(value))).isoformat()
        note = f"{cell.text} read as the date {day}"
        ask = Ask("answer-understood", cell.text, f"the date {day}")
        return Meaning("reported", text=day, note=note, asks=(ask,))
    return _read_text(cell.text, Asked("date"), None, None)


def _read_bool(cell: Cell, wanted: Asked, formats: bool) -> Meaning:
    del formats
    if wanted.kind == "yes_no":
        return Meaning("reported", float(cell.value), "yes" if cell.value else "no")
    if wanted.kind == "text":
        return Meaning("reported", text="TRUE" if cell.value else "FALSE")
    return _refuse(cell, _NAMES[wanted.kind])


def _read_date(cell: Cell, wanted: Asked, formats: bool) -> Meaning:
    del formats
    day = str(cell.value)[:10]
    if wanted.kind == "date":
        return Meaning("reported", text=day)
    if wanted.kind == "text":
        return Meaning("reported", text=day)
    if wanted.kind == "year":
        note = f"{day} read as {day[:4]}"
        ask = Ask("answer-understood", day, day[:4])
        return Meaning("reported", float(day[:4]), note=note, asks=(ask,))
    return _refuse(cell, f"{_NAMES[wanted.kind]}, not a date")


_NAMES: dict[Kind, str] = {
    "number": "a number",
    "money": "an amount of money",
    "percent": "a percentage",
    "choice": "an entry of the list",
    "level": "one level from 0 to 4",
    "text": "a text",
    "date": "a date",
    "yes_no": "Yes or No",
    "year": "a year such as 2030",
}
