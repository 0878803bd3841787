"""Understand what people type into a cell: what is certain is read, what is not is asked about.

Pure functions of a text, the kind asked for, and what is known of the respondent's language and
units. Nothing here guesses: a text with two readings gives a question that names both.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Literal

from annual_report.errors import UnitError
from annual_report.framework.questions import Kind
from annual_report.survey.reading.spellings import propose
from annual_report.survey.reading.typed_date import understand_date, understand_year
from annual_report.survey.reading.typed_number import Mark, Reading, read_number
from annual_report.units import accepted_units, find_unit, list_meanings

State = Literal["value", "empty", "not applicable", "question"]


@dataclass(frozen=True)
class Understood:
    """What a text means, or what has to be asked.

    Parameters
    ----------
    value
        A number, or a text, ISO date or choice; None unless ``state`` is ``value``.
    note
        How it was read, where that is not plain.
    question
        What has to be asked: the readings, or what was expected.
    code
        The code of the finding that asks it.
    unit, currency
        As spelled in the answer itself; ``$``, ``¥`` and ``kr`` stand for several currencies.
    """

    state: State
    value: float | str | None = None
    note: str | None = None
    question: str | None = None
    code: str | None = None
    unit: str | None = None
    currency: str | None = None


_NOTHING = re.compile(
    r"[-–—_.?…*]+|tb[cdahn]|t\.b\.[cd]\.?|to be (confirmed|determined|decided|defined)|pending"
    r"|unknown|not (yet )?(known|available)|no (data|answer|information)|don'?t know|open"
    r"|k\.?\s?a\.?|keine angabe|n\.?d\.?|s\.?d\.?|inconnu|unbekannt|desconocido",
    re.I,
)
_NOT_APPLICABLE = re.compile(
    r"n\s?[/.]\s?a\.?|na|#n/a|not applicable|does not apply|doesn'?t apply|entfällt|sans objet"
    r"|no aplica|n\.v\.t\.|nicht zutreffend",
    re.I,
)
_ZERO = re.compile(r"zero|nil|null", re.I)
_NONE = re.compile(r"none|no|nothing|keine?|aucune?|ninguno|nessuno|geen", re.I)
_YES = ("yes", "y", "true", "1", "ja", "oui", "si", "sí", "sim", "是", "はい", "✓", "✔")
_NO = ("no", "n", "false", "0", "nein", "non", "nee", "não", "否", "いいえ", "✗", "✘")
_COUNTED = re.compile(
    r"(jobs?|people|persons?|employees|staff|workers|trainees|ftes?|companies|company|tenants"
    r"|members?|partners?|projects?|collaborations?|full[- ]time equivalents?|x|pcs|units?)",
    re.I,
)


def tidy(text: str) -> str:
    """Fold widths and spaces: full-width digits, no-break spaces, curly quotes, long dashes."""
    plain = unicodedata.normalize("NFKC", text)
    plain = re.sub(r"[\u200b-\u200f\u202a-\u202e\u2060\ufeff]", "", plain)
    plain = plain.replace("−", "-").replace("’", "'").replace("‘", "'")
    return " ".join(plain.split())


def understand(
    text: str,
    kind: Kind,
    *,
    unit: str | None = None,
    hint: str | None = None,
    decimal: Mark | None = None,
) -> Understood:
    """Understand one typed text as an answer of a kind.

    Parameters
    ----------
    text
        What stands in the cell.
    kind
        The kind asked for; ``choice`` and ``level`` are matched by the reader, which knows
        their lists.
    unit
        Code of the unit asked for.
    hint
        Language that the respondent says the return is written in, such as ``de``; None when
        nothing is known. It tells the order of a date, and never what separates decimals.
    decimal
        What separates the decimals, where more than the language says so.

    Examples
    --------
    >>> understand("~1 234,5", "number", unit="t").value
    1234.5
    >>> understand("1.234", "number", unit="t").question
    '1.234 or 1,234'
    """
    plain = tidy(text)
    if kind == "text":
        return _understand_text(text, plain)
    early = _understand_absence(plain, kind)
    if early is not None:
        return early
    if kind == "yes_no":
        return _understand_yes_no(plain)
    if kind == "date":
        return _from_date(understand_date(plain, hint=hint))
    if kind == "year":
        return _from_date(understand_year(plain))
    return _understand_quantity(plain, kind, unit=unit, hint=hint, decimal=decimal)


def _understand_text(text: str, plain: str) -> Understood:
    if not plain or re.fullmatch(r"[-–—_.?…]+|tb[cd]", plain, re.I):
        return Understood("empty", note=f"{plain} read as no answer" if plain else None)
    if re.fullmatch(r"n\s?[/.]\s?a\.?|not applicable", plain, re.I):
        return Understood("not applicable", note="read as not applicable")
    return Understood("value", text.strip())


def _understand_absence(plain: str, kind: Kind) -> Understood | None:
    if not plain:
        return Understood("empty")
    if _NOT_APPLICABLE.fullmatch(plain):
        return Understood("not applicable", note="read as not applicable")
    if _NOTHING.fullmatch(plain):
        return Understood("empty", note=f"{plain} read as no answer yet")
    if kind in ("number", "money", "percent"):
        if _ZERO.fullmatch(plain):
            return Understood("value", 0.0, note=f"{plain} read as 0")
        if _NONE.fullmatch(plain):
            return _ask("answer-ambiguous", "0, or no answer")
    return None


def _ask(code: str, question: str, note: str | None = None) -> Understood:
    return Understood("question", note=note, question=question, code=code)


def _understand_yes_no(plain: str) -> Understood:
    word = plain.casefold().rstrip(".!")
    for words, value in ((_YES, "yes"), (_NO, "no")):
        if word in words:
            known = word in ("yes", "no")
            return Understood("value", value, note=None if known else f"{plain} read as {value}")
    return _ask("not-understood", "Yes or No")


def _from_date(read: tuple[str | int | None, str | None, str | None]) -> Understood:
    value, note, question = read
    if value is not None:
        return Understood("value", float(value) if isinstance(value, int) else value, note=note)
    if question:
        return _ask("date-ambiguous", question)
    return _ask("not-understood", note or "a date")


def _understand_quantity(
    plain: str, kind: Kind, *, unit: str | None, hint: str | None, decimal: Mark | None
) -> Understood:
    whole = unit in ("count", "jobs")
    reading = read_number(plain, hint=hint, decimal=decimal, whole=whole, money=kind == "money")
    if reading.question is not None:
        return _ask(reading.code or "number-ambiguous", reading.question)
    if reading.value is None:
        return _ask("not-understood", "an amount" if kind == "money" else "a number")
    if kind == "percent":
        return _understand_percent(reading, hint=hint)
    if kind == "money":
        return _understand_money(reading)
    if reading.currency:
        return _ask("not-understood", "a number, not an amount of money")
    return _understand_unit(reading, unit)


def _read(reading: Reading, *, unit: str | None = None, note: str | None = None) -> Understood:
    notes = [part for part in (*reading.notes, note) if part]
    text = "; ".join(notes) or None
    return Understood("value", reading.value, note=text, unit=unit, currency=reading.currency)


def _understand_percent(reading: Reading, *, hint: str | None) -> Understood:
    del hint
    rest = reading.rest.casefold()
    assert reading.value is not None
    if reading.currency:
        return _ask("not-understood", "a percentage")
    if rest in ("%", "percent", "per cent", "pct", "prozent", "pour cent", "por ciento", "p.c."):
        return _read(reading)
    if rest:
        return _ask("not-understood", "a percentage")
    if 0 < abs(reading.value) <= 1:
        shown = f"{reading.value:.12g} %, or {reading.value * 100:.12g} %"
        return _ask("number-ambiguous", shown)
    return _read(reading, note="read as per cent")


def _understand_money(reading: Reading) -> Understood:
    if reading.rest:
        return _ask("not-understood", "an amount of money")
    return _read(reading)


def _understand_unit(reading: Reading, asked: str | None) -> Understood:
    rest = reading.rest
    if not rest:
        return _read(reading)
    if asked in ("count", "jobs") and _COUNTED.fullmatch(rest):
        return _read(reading, note=f"{rest} read as the thing counted")
    found = match_unit(rest, asked)
    if found is None:
        listed = ", ".join(accepted_units(asked)) if asked else "no unit"
        return replace(_ask("unit-unknown", listed), unit=rest)
    code, note = found
    return _read(reading, unit=code, note=note)


def match_unit(text: str, asked: str | None) -> tuple[str, str | None] | None:
    """Match a typed unit with the one asked for; its code and a note, or None.

    A respondent who is asked for kilotonnes of CO2e a year and writes ``Mt`` or ``Mt/a`` means the
    same thing by it as the question: what the question fixes may be left out.
    """
    if asked is None:
        return None
    accepted = accepted_units(asked)
    for ending in _ENDINGS:
        try:
            unit = find_unit(text + ending)
        except UnitError:
            continue
        if unit.code in accepted:
            plain = unit.code in (asked, text)
            return unit.code, None if plain else f"{text} read as {unit.code}"
    return None


# What a question fixes: a rate, a substance, or both
_ENDINGS = ("", "/y", " CO2e", " CO2e/y")


def propose_units(text: str, asked: str) -> tuple[str, ...]:
    """Propose units that a text which is none may have meant, the likeliest first.

    Examples
    --------
    >>> propose_units("MT", "kt/y"), propose_units("Mtt/y", "ktCO2e/y"), propose_units("GJ", "t")
    (('Mt/y', 't/y'), ('MtCO2e/y',), ())
    """
    accepted = accepted_units(asked)
    short = {code: code.replace("CO2e", "") for code in accepted}  # what a question fixes
    near = propose(text, accepted) or propose(text, short.values())
    return list_meanings(text, asked) or tuple(c for c in accepted if c in near or short[c] in near)
