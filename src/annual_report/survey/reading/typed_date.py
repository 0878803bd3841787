"""Dates and years as people write them."""

from __future__ import annotations

import datetime as dt
import re

_MONTHS = (
    "jan january januar janvier enero januari gennaio janeiro ene janv gen",
    "feb february februar février fevrier febrero februari febbraio fevereiro fév fev",
    "mar march märz maerz mars marzo maart março marco mrz mär mrt",
    "apr april avril abril aprile avr abr",
    "may mai mayo mei maggio maio mag",
    "jun june juni juin junio giugno junho giu",
    "jul july juli juillet julio luglio julho juil lug",
    "aug august août aout agosto augustus ago aoû",
    "sep sept september septembre septiembre settembre setembro set",
    "oct october oktober octobre octubre ottobre outubro okt out ott",
    "nov november novembre noviembre novembro",
    "dec december dezember décembre decembre diciembre dicembre dezembro dez déc dic",
)
_MONTH = {name: place for place, names in enumerate(_MONTHS, 1) for name in names.split()}
# Languages in which 03/04 is the third of April without exception
_DAY_FIRST = frozenset({"de", "fr", "es", "nl", "it", "pt", "pl", "da", "no", "fi", "id", "tr"})
_YEAR_WORDS = re.compile(
    r"(?:by|in|fy|cy|year|end|of|mid|early|late|the|from|since|until|about|approx|ca|c|circa|est"
    r"|estimated|estimate|expected|planned|target|baseline|base|q[1-4]|h[12]|tbc|provisional|e|f"
    r"|[~≈().,:;'\-\s])*",
    re.I,
)

# value, note (or what was expected), question
DateReading = tuple[str | int | None, str | None, str | None]


def understand_date(text: str, *, hint: str | None) -> DateReading:
    """Read a day; ISO text, a note on how, or a question that names both readings.

    Examples
    --------
    >>> understand_date("03/04/2023", hint=None)
    (None, None, '2023-04-03 or 2023-03-04')
    """
    ymd = re.fullmatch(
        r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?", text
    )
    compact = re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text)
    found = ymd or compact
    if found:
        day = _day(int(found[1]), int(found[2]), int(found[3]))
        note = None if ymd and "-" in text else f"{text} read as {day}"
        return (day, note, None) if day else (None, "a date that exists", None)
    numbers = re.fullmatch(r"(\d{1,2})([-/. ])\s?(\d{1,2})\2\s?(\d{4})", text)
    if numbers:
        return _two_orders(text, numbers, hint)
    named = _named_month(text)
    if named:
        return named
    short = re.fullmatch(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2}", text)
    if short:
        return None, None, f"several dates: {text} has a year of two digits"
    return None, "a date such as 2024-03-31", None


def _two_orders(text: str, numbers: re.Match[str], hint: str | None) -> DateReading:
    one, two, year = int(numbers[1]), int(numbers[3]), int(numbers[4])
    day_first, month_first = _day(year, two, one), _day(year, one, two)
    language = (hint or "").partition("-")[0].lower()
    # nobody writes month.day.year with points
    certain = numbers[2] == "." or language in _DAY_FIRST or day_first == month_first
    if day_first and (certain or not month_first):
        return day_first, f"{text} read as {day_first}", None
    if month_first and not day_first and numbers[2] != ".":
        return month_first, f"{text} read as {month_first}", None
    if day_first and month_first:
        return None, None, f"{day_first} or {month_first}"
    return None, "a date that exists", None


def _named_month(text: str) -> DateReading | None:
    words = [
        w for w in re.split(r"[\s,./\-]+", text.casefold()) if w not in ("", "of", "de", "the")
    ]
    numbers = [re.sub(r"(?<=\d)(st|nd|rd|th|er|º)$", "", w) for w in words]
    months = [_MONTH[w] for w in words if w in _MONTH]
    years = [int(w) for w in numbers if re.fullmatch(r"\d{4}", w)]
    days = [int(w) for w in numbers if re.fullmatch(r"\d{1,2}", w)]
    if len(words) == 3 and len(months) == len(years) == len(days) == 1:
        day = _day(years[0], months[0], days[0])
        return (day, f"{text} read as {day}", None) if day else (None, "a date that exists", None)
    if len(words) == 2 and len(months) == len(years) == 1:
        return None, None, f"any day of {text}"
    return None


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return None


def understand_year(text: str) -> DateReading:
    """Read a year: alone, with a few words around it, or as part of a date.

    Examples
    --------
    >>> understand_year("2030 (est.)")
    (2030, '2030 (est.) read as 2030', None)
    """
    expected = "a year such as 2030"
    if re.fullmatch(r"(?:1[89]|2[01])\d\d(?:\.0+)?", text):
        return int(text[:4]), None, None
    two = re.search(r"(?<!\d)((?:19|20)\d\d)\s?[/–-]\s?((?:19|20)?\d\d)(?!\d)", text)
    whole_date = understand_date(text, hint="de")[0]
    if isinstance(whole_date, str):
        return int(whole_date[:4]), f"{text} read as {whole_date[:4]}", None
    if two:
        second = two[2] if len(two[2]) == 4 else two[1][:2] + two[2]
        return None, None, f"{two[1]} or {second}"
    years = re.findall(r"(?<!\d)(?:19|20|21)\d\d(?!\d)", text)
    if len(years) > 1:
        return None, None, " or ".join(dict.fromkeys(years))
    if len(years) == 1:
        around = text.replace(years[0], " ")
        months = " ".join(w for w in around.split() if w.casefold().strip(".,") not in _MONTH)
        if _YEAR_WORDS.fullmatch(months):
            return int(years[0]), f"{text} read as {years[0]}", None
    return None, expected, None
