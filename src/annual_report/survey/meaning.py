"""What one cell means as an answer of its kind: value, status, and what there is to say."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace

from annual_report.framework.model import Choice, Framework
from annual_report.framework.questions import Kind
from annual_report.survey.book import Cell
from annual_report.survey.typed import Understood, tidy, understand


@dataclass(frozen=True)
class Ask:
    """One finding about a cell, before it has a place."""

    code: str
    found: str
    expected: str | None = None


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


MISSING = Meaning("missing")
_DAYS = (25_569, 73_415)  # 1970 to 2100, as a spreadsheet counts days
_EPOCH = dt.date(1899, 12, 30)


@dataclass(frozen=True)
class Asked:
    """What a cell was asked for."""

    kind: Kind
    unit: str | None = None
    choices: tuple[Choice, ...] = ()


def asked(framework: Framework, kind: Kind, *, unit: str | None, choices: str | None) -> Asked:
    """Say what a cell takes, with its list spelled out."""
    return Asked(kind, unit, framework.choices[choices] if choices and kind == "choice" else ())


def read_cell(
    cell: Cell | None, wanted: Asked, *, hint: str | None = None, formats: bool = True
) -> Meaning:
    """Read one cell as an answer.

    Parameters
    ----------
    hint
        Language in which the respondent writes numbers.
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
        return replace(_read_text(cell.value, wanted, hint), reported=reported)
    read = {"n": _read_number, "b": _read_bool, "d": _read_date}[cell.type]
    meaning = read(cell, wanted, formats)
    return replace(meaning, reported=reported)


def _refuse(cell: Cell, expected: str, code: str = "not-understood") -> Meaning:
    return Meaning("invalid", asks=(Ask(code, cell.text, expected),))


def _read_text(text: str, wanted: Asked, hint: str | None) -> Meaning:
    if wanted.kind == "choice":
        return _read_choice(text, wanted.choices)
    if wanted.kind == "level":
        return _read_level(text, hint)
    understood = understand(text, wanted.kind, unit=wanted.unit, hint=hint)
    return _from_understood(text, understood, wanted)


def _from_understood(text: str, read: Understood, wanted: Asked) -> Meaning:
    if read.state == "question":
        found = read.unit if read.code == "unit-unknown" and read.unit else tidy(text)
        return Meaning("invalid", asks=(Ask(read.code or "not-understood", found, read.question),))
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


def _read_choice(text: str, choices: tuple[Choice, ...]) -> Meaning:
    plain = tidy(text).casefold()
    for choice in choices:
        if plain in (choice.label.casefold(), choice.code.casefold()):
            return Meaning("reported", text=choice.code)
    # the words before a bracket are the name; what is in it explains
    short = [c for c in choices if plain == re.split(r"\s*[(:]", c.label.casefold())[0]]
    if len(short) == 1:
        note = f"{text.strip()} read as {short[0].label}"
        ask = Ask("answer-understood", text.strip(), note)
        return Meaning("reported", text=short[0].code, note=note, asks=(ask,))
    absent = understand(text, "text")
    if absent.state in ("empty", "not applicable"):
        status = "missing" if absent.state == "empty" else "not applicable"
        return Meaning(status, note=absent.note)
    listed = "; ".join(choice.label for choice in choices)
    return Meaning("invalid", asks=(Ask("choice-unknown", text.strip(), listed),))


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
        return _read_choice(f"{value:.12g}", wanted.choices)
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
    return _read_text(cell.text, Asked("date"), None)


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
