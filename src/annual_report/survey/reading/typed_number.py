"""Numbers as people write them: separators of several languages, multipliers, currencies."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

from annual_report.survey.reading.spellings import name_currency
from annual_report.survey.reading.typed_currency import split_scales, take_currency

Mark = Literal[".", ","]
"""What separates the decimals."""

# Languages by their mark
_POINT = frozenset({"en", "zh", "ja", "ko", "th", "he", "hi", "ms"})
_COMMA = frozenset(
    {"de", "fr", "es", "nl", "it", "pt", "sv", "no", "da", "fi", "pl", "id", "tr", "cs", "el", "ru"}
)
# Where "billion" is a million millions
_LONG_SCALE = frozenset({"de", "fr", "es", "nl", "it", "sv", "no", "da", "fi", "pl", "cs"})

_APPROXIMATE_BEFORE = re.compile(
    r"^(?:[~≈≃∼]|(?:ca|c|circa|approx|approximately|about|around|roughly|some|est|estimated|etwa"
    r"|rund|env|environ|aprox|almost|nearly)\b\.?:?)\s*",
    re.I,
)
_APPROXIMATE_AFTER = re.compile(
    r"\s*(?:[\[(]\s*)?\b(?:est|estimate|estimated|approx|approximately|tbc|provisional|prelim"
    r"|preliminary|forecast)\b\.?(?:\s*[\])])?\s*$",
    re.I,
)
_BOUND = re.compile(
    r"^(?:[<>≤≥]=?|(?:up to|at least|at most|more than|less than|over|under|min|max)\b)", re.I
)
_RANGE = re.compile(r"\d\s*(?:-|–|—|to|bis|à|\.\.+)\s*(?:[€$£¥]\s*)?\d", re.I)

_MULTIPLIERS = {
    "k": 1e3,
    "thousand": 1e3,
    "tsd": 1e3,
    "tausend": 1e3,
    "mille": 1e3,
    "tys": 1e3,
    "ribu": 1e3,
    "lakh": 1e5,
    "m": 1e6,
    "mn": 1e6,
    "mln": 1e6,
    "mio": 1e6,
    "mm": 1e6,
    "million": 1e6,
    "millions": 1e6,
    "millionen": 1e6,
    "millones": 1e6,
    "miljoen": 1e6,
    "miljoner": 1e6,
    "millioner": 1e6,
    "millón": 1e6,
    "milioni": 1e6,
    "milhões": 1e6,
    "mill": 1e6,
    "mi": 1e6,
    "juta": 1e6,
    "crore": 1e7,
    "bn": 1e9,
    "b": 1e9,
    "mrd": 1e9,
    "mld": 1e9,
    "md": 1e9,
    "mds": 1e9,
    "mdr": 1e9,
    "miljarder": 1e9,
    "milliarder": 1e9,
    "miliardi": 1e9,
    "miliar": 1e9,
    "mia": 1e9,
    "milliard": 1e9,
    "milliards": 1e9,
    "milliarden": 1e9,
    "miljard": 1e9,
    "billion": 1e9,
    "billions": 1e9,
    "tn": 1e12,
    "trn": 1e12,
    "trillion": 1e12,
    "万": 1e4,
    "亿": 1e8,
    "億": 1e8,
}
_NUMBER = re.compile(r"[+-]?\s?(?:\d[\d.,' ]*|[.,]\d+)(?:\s?[eE][+-]?\d{1,2}(?!\w))?")
_POWER = re.compile(r"\s*[x×*·]\s*10\s?\^?\s?([+-]?\d{1,2})(?!\d)")


@dataclass(frozen=True)
class Reading:
    """A number read from a text, what is left of the text, or what has to be asked."""

    value: float | None = None
    rest: str = ""
    currency: str | None = None
    notes: tuple[str, ...] = ()
    question: str | None = None
    code: str | None = None


def read_number(
    text: str, *, hint: str | None, decimal: Mark | None, whole: bool, money: bool
) -> Reading:
    """Read the one number of a tidied text.

    Parameters
    ----------
    hint
        Language of the number; tells how many a billion are.
    decimal
        What separates the decimals, where that is known.
    whole
        Whether only whole numbers make sense, which decides too.
    money
        Whether a currency may stand beside it.
    """
    body, notes = _strip_approximate(text)
    if _BOUND.match(body):
        return Reading(question=f"exactly that, or a bound ({body})", code="answer-ambiguous")
    if _is_range(body):
        return Reading(question=f"one end of the range {body}", code="answer-ambiguous")
    body, currency = take_currency(split_scales(body) if money else body, money=money)
    match = _NUMBER.match(body)
    if match is None:
        match = _NUMBER.search(body)
        if match is None or not re.fullmatch(r"[\w ]{0,12}", body[: match.start()]):
            return Reading()
        body = body[match.start() :] + " " + body[: match.start()]
        match = _NUMBER.match(body)
        assert match is not None
    values = read_digits(match[0], decimal=decimal, whole=whole)
    if not values:
        return Reading()
    if len(values) > 1:
        return Reading(question=" or ".join(f"{v:,.15g}" for v in values), code="number-ambiguous")
    if whole and name_habit(match[0]) is None and re.search(r"[.,]\d", match[0]):
        notes = [*notes, f"{match[0].strip()} read as {values[0]:,.12g}"]
    return _finish(values[0], body[match.end() :], currency, notes, text, hint=hint, money=money)


def _strip_approximate(text: str) -> tuple[str, list[str]]:
    body = _APPROXIMATE_BEFORE.sub("", text)
    body = _APPROXIMATE_AFTER.sub("", body)
    return body.strip(), ["an estimate"] if body.strip() != text else []


def _is_range(body: str) -> bool:
    return bool(_RANGE.search(body)) and not re.fullmatch(r"[\d.,]+[eE]-\d+.*", body)


def _finish(
    value: float,
    rest: str,
    currency: str | None,
    notes: list[str],
    text: str,
    *,
    hint: str | None,
    money: bool,
) -> Reading:
    power = _POWER.match(rest)
    if power:
        value, rest = value * 10.0 ** int(power[1]), rest[power.end() :]
    rest = rest.strip(" .,;:-")
    word, _, after = rest.partition(" ")
    factor = _multiplier(word)
    if factor is not None and word.casefold() in ("billion", "billions") and hint in _LONG_SCALE:
        shown = f"{value * 1e9:,.15g} or {value * 1e12:,.15g}"
        return Reading(question=shown, code="number-ambiguous")
    if word.casefold() == "mil":
        if hint not in ("es", "pt"):
            shown = f"{value * 1e3:,.15g} or {value * 1e6:,.15g}"
            return Reading(question=shown, code="number-ambiguous")
        factor = 1e3
    if factor is not None:
        value, rest = _scale(value, factor), after.strip()
        notes = [*notes, f"{text} read as {value:,.12g}"]
    if currency is None and money and rest and (named := name_currency(rest)):
        currency, rest = named, ""
    if currency and currency.isalpha() and currency.isupper() and currency not in text:
        notes = [*notes, f"currency read as {currency}"]
    return Reading(value, rest, currency, tuple(notes))


def _multiplier(word: str) -> float | None:
    if word in ("M", "m", "K", "k", "B", "b"):
        return _MULTIPLIERS[word.lower()]
    return _MULTIPLIERS.get(word.casefold().rstrip("."))


def _scale(value: float, factor: float) -> float:
    """Scale as decimals do: 1.1 million is 1100000, not 1100000.0000000001."""
    return float(f"{value * factor:.15g}")


def read_digits(text: str, *, decimal: Mark | None, whole: bool) -> tuple[float, ...]:
    """Give the readings of digits with separators: one, two, or none if it is no number.

    Examples
    --------
    >>> read_digits("1.234,5", decimal=None, whole=False)
    (1234.5,)
    >>> read_digits("1.234", decimal=None, whole=False)
    (1.234, 1234.0)
    """
    body, _, exponent = text.replace("E", "e").strip().partition("e")
    sign, digits = _take_sign(body.strip().rstrip(".,' "))
    joined = _drop_spaces(digits)
    if not joined:
        return ()
    readings = _read_separators(joined, decimal=decimal, whole=whole)
    scale = 10.0 ** int(exponent) if exponent else 1.0
    scaled = (_scale(sign * value, scale) for value in readings)
    return tuple(value for value in scaled if math.isfinite(value))


def _take_sign(body: str) -> tuple[float, str]:
    return (-1.0 if body.startswith("-") else 1.0), body.lstrip("+- ")


def _drop_spaces(body: str) -> str | None:
    """Spaces and apostrophes may only stand between groups of three digits."""
    if not re.search(r"[' ]", body):
        return body
    if re.fullmatch(r"\d{1,3}(?:[' ]\d{3})+(?:[.,]\d+)?", body):
        return re.sub(r"[' ]", "", body)
    return None


def _read_separators(body: str, *, decimal: Mark | None, whole: bool) -> tuple[float, ...]:
    marks = [mark for mark in body if mark in ".,"]
    if not marks:
        return (float(body),)
    last = marks[-1]
    other = "," if last == "." else "."
    if len(set(marks)) == 2:
        head, _, tail = body.rpartition(last)
        grouped = _ungroup(head, other)
        return (float(f"{grouped}.{tail}"),) if grouped is not None and tail else ()
    if len(marks) > 1:
        grouped = _ungroup(body, last)
        return (float(grouped),) if grouped is not None else ()
    return _read_one_mark(body, last, decimal=decimal, whole=whole)


def _ungroup(text: str, mark: str) -> str | None:
    by_three = rf"\d{{1,3}}(?:{re.escape(mark)}\d{{3}})+"
    indian = r"\d{1,2}(?:,\d{2})+,\d{3}"
    if re.fullmatch(by_three, text) or (mark == "," and re.fullmatch(indian, text)):
        return text.replace(mark, "")
    return None


def _read_one_mark(body: str, mark: str, *, decimal: Mark | None, whole: bool) -> tuple[float, ...]:
    head, _, tail = body.partition(mark)
    small = float(f"{head or 0}.{tail}")
    if not _is_twofold(head, tail):
        return (small,)
    large = float(head + tail)
    if whole:  # nobody writes thousandths of what is counted
        return (large,)
    if decimal is None:
        return (small, large)
    return (small,) if mark == decimal else (large,)


def _is_twofold(head: str, tail: str) -> bool:
    return len(tail) == 3 and re.fullmatch(r"[1-9]\d{0,2}", head) is not None


def name_habit(text: str) -> Mark | None:
    """Name the mark that separates the decimals in a tidied text; None where it does not show.

    Examples
    --------
    >>> name_habit("1,234.5"), name_habit("2,5 t"), name_habit("1.234.567"), name_habit("1.200")
    ('.', ',', ',', None)
    """
    found = _NUMBER.search(text)
    if found is None:
        return None
    digits = re.sub(r"[' ]", "", found[0]).rstrip(".,").partition("e")[0]
    marks = [mark for mark in digits if mark in ".,"]
    if not marks or (len(marks) == 1 and _is_twofold(*digits.split(marks[0]))):
        return None
    groups = len(marks) > 1 and len(set(marks)) == 1
    return "." if (marks[-1] == ".") != groups else ","


def name_mark(language: str | None) -> Mark | None:
    """Name the mark that separates the decimals in a language."""
    code = (language or "").partition("-")[0].lower()
    return "." if code in _POINT else "," if code in _COMMA else None
