"""Entries of a list by the ways in which people spell them, and what a near miss may have meant.

A list's own words come first: code, label, the words before a bracket or in it, and what
``choices.yaml`` gives under ``also``. Countries and currencies have their names in ISO 3166, ISO
4217 and the Unicode CLDR besides. A spelling counts only where it names one entry.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import pycountry
from babel import Locale
from babel.numbers import get_currency_name, list_currencies

from annual_report.errors import UnitError
from annual_report.framework.questions import Choice
from annual_report.units import find_unit

COUNTRIES, CURRENCIES = "countries", "currencies"
PROPOSALS = 3
_NEAR = 0.72
# Whose names for countries are understood beside the English ones
_LANGUAGES = [
    "de",
    "fr",
    "es",
    "nl",
    "it",
    "pt",
    "pl",
    "sv",
    "nb",
    "nn",
    "da",
    "fi",
    "id",
    "ms",
    "tr",
    "cs",
    "sk",
    "hu",
    "ro",
    "bg",
    "hr",
    "sl",
    "et",
    "lv",
    "lt",
    "el",
    "ru",
    "uk",
    "ar",
    "he",
    "hi",
    "th",
    "vi",
    "zh",
    "zh_Hant",
    "ja",
    "ko",
]

Spellings = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Match:
    """The entry that a text names; or those that it could mean; or those that are near it.

    ``plain`` says that the text is the entry's code or label, so that nothing has to be said.
    """

    code: str | None = None
    plain: bool = False
    several: tuple[str, ...] = ()
    near: tuple[str, ...] = ()


def fold(text: str) -> str:
    """Fold away what never changes which entry is meant: case, accents, spaces and marks.

    Examples
    --------
    >>> fold(" The U.S.A. "), fold("AR 5"), fold("España")
    ('usa', 'ar5', 'espana')
    """
    apart = unicodedata.normalize("NFKD", text.casefold().replace("&", " and "))
    bare = "".join(c for c in apart if not unicodedata.combining(c))
    words = re.sub(r"^\s*the\s+", "", bare)
    return "".join(c for c in words if c.isalnum()) or words.strip()


def match_entry(text: str, choices: Sequence[Choice], list_name: str | None = None) -> Match:
    """Find the entry of a list that a text names.

    Parameters
    ----------
    list_name
        The name of the list; that of countries and that of currencies are known to more names.
    """
    words = " ".join(text.split()).casefold()
    for choice in choices:
        if words in (choice.label.casefold(), choice.code.casefold()):
            return Match(choice.code, plain=True)
    codes = {choice.code for choice in choices}
    word = fold(text)
    if not word:
        return Match()
    for spellings in _list_spellings(tuple(choices), list_name):
        found = spellings.get(word, frozenset()) & codes
        if len(found) == 1:
            return Match(next(iter(found)))
        if found:
            return Match(several=tuple(c.code for c in choices if c.code in found))
    unit = _match_unit_code(text, codes)
    return Match(unit) if unit else Match(near=_propose(word, tuple(choices), list_name))


def show_entries(codes: Iterable[str], choices: Sequence[Choice]) -> str:
    """Name entries as a respondent finds them in the list, with their codes where those are short.

    Examples
    --------
    >>> show_entries(["GB"], [Choice(code="GB", label="United Kingdom")])
    'United Kingdom (GB)'
    """
    labels = {choice.code: choice.label for choice in choices}
    shown = [
        f"{labels[code]} ({code})" if code.isupper() and code not in labels[code] else labels[code]
        for code in codes
    ]
    return " or ".join(shown)


def _list_spellings(choices: tuple[Choice, ...], list_name: str | None) -> Iterator[Spellings]:
    """Yield what names the entries, the surest first; what costs more only if it is needed."""
    for names in (_name_entry, _name_parts):
        yield _invert((choice.code, name) for choice in choices for name in names(choice))
    for further in _FURTHER.get(list_name or "", ()):
        yield further()


def _name_entry(choice: Choice) -> Iterator[str]:
    yield from (choice.code, choice.label, *choice.also)


def _name_parts(choice: Choice) -> Iterator[str]:
    """The words before a bracket are a name; what is in it may be one."""
    head, bracket, inside = choice.label.partition("(")
    yield re.split(r"\s*[(:]", head)[0]
    if bracket and len(inside) <= len("ABCDE)"):
        yield inside


def _invert(named: Iterable[tuple[str, str]]) -> Spellings:
    spellings: dict[str, frozenset[str]] = {}
    for code, name in named:
        word = fold(name)
        spellings[word] = spellings.get(word, frozenset()) | {code}
    return spellings


@functools.cache
def _spell_countries() -> Spellings:
    english = Locale("en").territories
    named: list[tuple[str, str]] = []
    for country in pycountry.countries:
        names = ("alpha_3", "name", "official_name", "common_name")
        given = [getattr(country, name, None) for name in names]
        named += [
            (country.alpha_2, name) for name in (*given, english.get(country.alpha_2)) if name
        ]
        # "Korea, Republic of" is said the other way round as well
        last, comma, first = country.name.partition(", ")
        named += [(country.alpha_2, f"{first} {last}")] if comma else []
    return _invert(named)


@functools.cache
def _spell_countries_abroad() -> Spellings:
    named = (
        (code, name)
        for language in _LANGUAGES
        for code, name in Locale.parse(language).territories.items()
        if len(code) == 2 and code.isalpha()
    )
    return _invert(named)


@functools.cache
def _spell_currencies() -> Spellings:
    counts = (None, 1, 2)
    return _invert(
        (code, get_currency_name(code, count=count, locale="en"))
        for code in sorted(list_currencies("en"))
        for count in counts
    )


_FURTHER: Mapping[str, tuple[Callable[[], Spellings], ...]] = {
    COUNTRIES: (_spell_countries, _spell_countries_abroad),
    CURRENCIES: (_spell_currencies,),
}


def name_currency(text: str) -> str | None:
    """Name the currency that English words spell, such as ``US dollars``; None if none does."""
    found = _spell_currencies().get(fold(text), frozenset())
    return next(iter(found)) if len(found) == 1 else None


def _match_unit_code(text: str, codes: set[str]) -> str | None:
    """An entry that is a unit may be spelled like one."""
    try:
        code = find_unit(text).code
    except UnitError:
        return None
    return code if code in codes else None


def _propose(word: str, choices: tuple[Choice, ...], list_name: str | None) -> tuple[str, ...]:
    codes = {choice.code for choice in choices}
    nearest: dict[str, float] = {}
    for place, spellings in enumerate(_list_spellings(choices, list_name)):
        if place > 2:  # a slip in another language is too far off
            break
        for spelling, named in spellings.items():
            likeness = rate_likeness(word, spelling)
            for code in named & codes if likeness >= _NEAR else ():
                nearest[code] = max(nearest.get(code, 0.0), likeness)
    best = sorted(nearest, key=lambda code: (-nearest[code], code))
    return tuple(best[:PROPOSALS])


def propose(text: str, entries: Iterable[str], *, least: float = _NEAR) -> tuple[str, ...]:
    """Propose entries that are spelled nearly like a text, the nearest first."""
    word = fold(text)
    rated = {entry: rate_likeness(word, fold(entry)) for entry in entries}
    best = sorted((e for e in rated if rated[e] >= least), key=lambda entry: -rated[entry])
    return tuple(best[:PROPOSALS])


def rate_likeness(one: str, other: str) -> float:
    """Rate from 0 to 1 how much of two spellings is the same; nothing for very short ones."""
    if min(len(one), len(other)) < 2 or abs(len(one) - len(other)) > 4:
        return 0.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= _NEAR else 0.0
