"""Currencies as people write them: signs, codes and words, with thousands or millions before them."""

from __future__ import annotations

import re

from babel.numbers import list_currencies

from annual_report.survey.reading.spellings import name_currency

# What each sign can stand for; of several, the return or its country may tell which
SIGNS: dict[str, tuple[str, ...]] = {
    "€": ("EUR",),
    "£": ("GBP", "EGP", "LBP", "SDG", "SSP", "SYP", "FKP", "GIP", "SHP"),
    "$": ("USD", "AUD", "CAD", "HKD", "NZD", "SGD", "MXN", "COP", "BRL", "TWD", "ARS", "CLP"),
    "¥": ("JPY", "CNY"),
    "kr": ("SEK", "NOK", "DKK", "ISK"),
    "Rs": ("INR", "PKR", "LKR", "NPR", "MUR"),
    "₹": ("INR",),
    "₩": ("KRW",),
    "₺": ("TRY",),
    "₪": ("ILS",),
    "₱": ("PHP",),
    "฿": ("THB",),
    "元": ("CNY",),
    "円": ("JPY",),
    "US$": ("USD",),
    "A$": ("AUD",),
    "AU$": ("AUD",),
    "C$": ("CAD",),
    "CA$": ("CAD",),
    "HK$": ("HKD",),
    "NZ$": ("NZD",),
    "S$": ("SGD",),
    "NT$": ("TWD",),
    "R$": ("BRL",),
    "Mex$": ("MXN",),
    "Kč": ("CZK",),
    "zł": ("PLN",),
    "Ft": ("HUF",),
    "lei": ("RON",),
    "Rp": ("IDR",),
    "RM": ("MYR",),
    "SFr": ("CHF",),
}
_SHARED = {"$", "£", "¥", "kr", "Rs"}
_WORDS = {
    "euro": "€",
    "euros": "€",
    "rmb": "元",
    "renminbi": "元",
    "yuan": "元",
    "yen": "円",
} | dict.fromkeys(("kr", "kronor", "kroner", "krona", "krone"), "kr")
_WORDS |= {"dollar": "$", "dollars": "$", "pound": "£", "pounds": "£", "sterling": "£"}
_WORDS |= {"rs": "Rs", "rupee": "Rs", "rupees": "Rs", "kč": "Kč", "zł": "zł", "ft": "Ft"}
_WORDS |= {"lei": "lei", "rp": "Rp", "rm": "RM", "sfr": "SFr", "won": "₩", "baht": "฿"}

_MARK = re.compile(r"(?:US|AU|CA|HK|NZ|NT|Mex|A|C|S|R)\$|[€£$¥₹₩₺₪₱฿元円]")
_CODE = re.compile(r"(?<![A-Za-z])([A-Z]{3})(?![A-Za-z])")
_CODES = frozenset(list_currencies("en"))
_FIRST = re.compile(r"^([^\W\d]+)\.?(?=[\s\d])")
_LAST = re.compile(r"(?<=[\d\s.])([^\W\d]+)\.?$")
_LAST_TWO = re.compile(r"(?<=[\d\s.])([^\W\d]+ [^\W\d]+)$")
# "TEUR" and "T€" are thousands, "MEUR" millions, "EURm" and "EURbn" too
_SCALES = {"T": "thousand", "t": "thousand", "k": "thousand", "K": "thousand"}
_SCALES |= {"M": "million", "m": "million", "mn": "million", "bn": "billion", "md": "mrd"}
_BEFORE = re.compile(r"(?<![A-Za-z])(T|t|k|K|M|m|mn|bn|md)([A-Z]{3}|€|£|kr)(?![A-Za-z])")
_AFTER = re.compile(r"(?<![A-Za-z])([A-Z]{3})(k|K|m|M|mn|bn)(?![A-Za-z])")


def split_scales(text: str) -> str:
    """Write a thousand or a million that is joined to a currency as a word beside it.

    Examples
    --------
    >>> split_scales("500 TEUR"), split_scales("2.5 EURm"), split_scales("5 Mkr")
    ('500 thousand EUR', '2.5 million EUR', '5 million kr')
    """

    def apart(scale: str, currency: str, whole: str) -> str:
        known = currency in _CODES or not currency.isupper()
        return f"{_SCALES[scale]} {currency}" if known and whole not in _CODES else whole

    text = _BEFORE.sub(lambda found: apart(found[1], found[2], found[0]), text)
    return _AFTER.sub(lambda found: apart(found[2], found[1], found[0]), text)


def take_currency(body: str, *, money: bool) -> tuple[str, str | None]:
    """Take a currency out of a text: a sign anywhere, an ISO code or a word beside the number.

    Returns
    -------
    tuple
        The rest, and an ISO code; or the sign, where several currencies share it.
    """
    mark = _MARK.search(body)
    if mark:
        rest = _without(body, mark)
        word = _CODE.search(rest) if money else None  # "$ 5 USD"
        if word:
            return _without(rest, word), word[1]
        return rest, read_sign(mark[0])
    if not money:
        return body, None
    word = _CODE.search(body)
    if word:
        code = read_sign(word[1])
        return _without(body, word), code or word[1]
    two = _LAST_TWO.search(body)
    if two and (named := name_currency(two[1])):
        return _without(body, two), named
    for place in (_FIRST, _LAST):
        word = place.search(body)
        if word and (sign := _WORDS.get(word[1].casefold())):
            return _without(body, word), read_sign(sign)
    return body, None


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}".strip()


def read_sign(text: str) -> str | None:
    """Read a sign or word that stands for a currency: its code, or the sign that several share."""
    sign = text if text in SIGNS else _WORDS.get(text.casefold().rstrip("."))
    if sign is None:
        return None
    return sign if sign in _SHARED else SIGNS[sign][0]
