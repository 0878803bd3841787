"""Countries by name."""

from __future__ import annotations

from babel import Locale


def name_country(code: str, locale: str) -> str:
    """The name of a country in the language of the edition.

    >>> name_country("NO", "en")
    'Norway'
    """
    return str(Locale.parse(locale, sep="-" if "-" in locale else "_").territories.get(code, code))
