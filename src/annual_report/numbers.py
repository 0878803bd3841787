"""Numbers as readers see them: grouped by the edition's locale, as precise as they deserve."""

from __future__ import annotations

import math
from contextvars import ContextVar
from dataclasses import dataclass, replace

from babel.numbers import format_decimal

from annual_report.units import find_unit

MINUS = "\u2212"
NO_BREAK = "\u00a0"
MOST_DECIMALS = 4
"""Of a number as somebody typed it."""


@dataclass(frozen=True)
class Style:
    """How a quantity is shown.

    Parameters
    ----------
    unit
        What stands after it, in a reader's words; empty for counts.
    scale
        The shown number is the quantity divided by this.
    digits
        Significant digits, at most; whole numbers are never cut short.
    decimals
        Fixed decimals instead, for columns of a table.
    """

    unit: str = ""
    scale: float = 1.0
    digits: int = 3
    decimals: int | None = None
    sign: bool = False


COUNT = Style(decimals=0)
YEAR = Style(decimals=0)
POINTS = Style("points", decimals=0)
SHARE = Style("%", 0.01, decimals=0)
MT = Style("Mt CO₂e", 1e6, decimals=1)


_LOCALE = ContextVar("locale", default="en")


def write_numbers_in(locale: str) -> None:
    """Write numbers as readers of this locale do, from here on; a notebook is about one edition."""
    _LOCALE.set(locale)


def format_number(value: float, style: Style, locale: str | None = None) -> str:
    """Show one number, without its unit; in the locale of the edition at hand if none is given.

    Examples
    --------
    >>> format_number(362_400_000_000, Style("USD bn", 1e9), "en")
    '362'
    >>> format_number(-0.0417, Style("%", 0.01, decimals=0, sign=True), "en")
    '−4'
    """
    shown = value / style.scale
    decimals = _count_decimals(shown, style)
    rounded = round(shown, decimals) + 0.0  # no negative zero
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    text = str(
        format_decimal(
            abs(rounded), format=pattern, locale=locale or _LOCALE.get(), group_separator=True
        )
    )
    sign = MINUS if rounded < 0 else ("+" if style.sign and rounded > 0 else "")
    return sign + text


def format_count(count: float) -> str:
    """Show a count that is none of the measures."""
    return format_number(count, COUNT)


def format_in_full(value: float, locale: str | None = None, *, most: int = MOST_DECIMALS) -> str:
    """Show a number with all the decimals that it has, up to a few.

    >>> format_in_full(1234.5, "de"), format_in_full(3.0)
    ('1.234,5', '3')
    """
    decimals = len(f"{value:.{most}f}".rstrip("0").partition(".")[2])
    return format_number(value, Style(decimals=decimals), locale)


def _count_decimals(shown: float, style: Style) -> int:
    if style.decimals is not None:
        return style.decimals
    if shown == 0 or (shown == int(shown) and abs(shown) < 10**style.digits):
        return 0
    magnitude = math.floor(math.log10(abs(shown))) + 1
    return max(0, style.digits - magnitude)


def fit_decimals(style: Style, *values: float) -> Style:
    """Give a style as many decimals as the quantities need, so that none looks more precise.

    >>> fit_decimals(Style("Mt"), 0.02).decimals, fit_decimals(Style("Mt"), 39.1, 40).decimals
    (2, 1)
    """
    return replace(style, decimals=max(_need_decimals(v / style.scale, style) for v in values))


def _need_decimals(shown: float, style: Style) -> int:
    most = _count_decimals(shown, style)
    return next(d for d in range(most + 1) if round(shown, d) == round(shown, most))


def format_year(year: int) -> str:
    """A year, never grouped."""
    return str(year)


def label_unit(code: str) -> str:
    """A unit in a reader's words; a currency stays as it is."""
    known = {
        "points": "points",
        "level": "level",
        "factor": "×",
        "share": "share",
        "ratio": "ratio",
    }
    if code in known:
        return known[code]
    if len(code) == 3 and code.isupper():
        return code
    return find_unit(code).label


def choose_style(value: float, unit: str) -> Style:
    """The style of a single quantity in running text or a tile: scaled so that it reads well."""
    label = label_unit(unit)
    if len(unit) == 3 and unit.isupper():
        for scale, word in ((1e12, "tn"), (1e9, "bn"), (1e6, "m"), (1e3, "thousand")):
            if abs(value) >= scale:
                return Style(f"{unit} {word}", scale)
        return Style(unit)
    if unit == "tCO2e/y":
        for scale, word in ((1e6, "Mt CO₂e a year"), (1e3, "kt CO₂e a year")):
            if abs(value) >= scale:
                return Style(word, scale)
    if unit == "percent":
        return Style("%", decimals=0 if abs(value) >= 1 else 1)
    if unit in ("share", "points"):
        return {"share": SHARE, "points": POINTS}[unit]
    return Style(label)


_LARGE = {"thousand": 1e3, "million": 1e6, "billion": 1e9}


def find_scale(unit: str, words: str) -> float | None:
    """How many of a unit are one of what a reader's words name; None if they name another.

    Of what is counted a headline may say millions alone: the jobs are in its name.

    >>> find_scale("USD", "USD bn"), find_scale("months", "months"), find_scale("months", "years")
    (1000000000.0, 1.0, None)
    >>> find_scale("jobs", "million")
    1000000.0
    """
    for power in (0, 3, 6, 9, 12):
        style = choose_style(10.0**power, unit)
        if style.unit == words:
            return style.scale
    return _LARGE.get(words)


def choose_shared_style(largest: float, unit: str) -> Style:
    """The style of numbers that stand together: one scale, one number of decimals.

    Parameters
    ----------
    largest
        The largest of the quantities, by its size.

    Examples
    --------
    >>> choose_shared_style(55_560_989_000, "EUR")
    Style(unit='EUR bn', scale=1000000000.0, digits=3, decimals=1, sign=False)
    """
    style = choose_style(largest, unit)
    if style.unit in ("", "number", "%", "points", "level"):
        return replace(style, decimals=0)
    if unit == "months":
        return replace(style, digits=2)
    return replace(style, decimals=1 if largest / style.scale < 100 else 0)


def print_number(value: float, style: Style, locale: str | None = None) -> str:
    """As `format_number`, but what is not zero never looks like zero, and zero is plain.

    >>> print_number(0.004, Style(decimals=1), "en"), print_number(0, Style(decimals=1), "en")
    ('<0.1', '0')
    """
    if value == 0:
        return "0"
    if style.decimals is not None:
        smallest = style.scale * 10.0**-style.decimals
        if abs(value) < smallest / 2:
            return f"<{format_number(smallest, style, locale)}"
    return format_number(value, style, locale)
