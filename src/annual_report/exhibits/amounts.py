"""From measures to what a chart draws: printed alike, marks kept, words for what is not there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from annual_report.exhibits.charts import Amount
from annual_report.exhibits.model import Number
from annual_report.exhibits.queried import reword
from annual_report.exhibits.season import Season
from annual_report.exhibits.tokens import MARK_MEANINGS
from annual_report.exhibits.words import capitalise, join_words
from annual_report.numbers import NO_BREAK, Style, choose_style


def choose_common_style(season: Season, ids: Iterable[str]) -> Style:
    """One scale and one number of decimals for numbers that stand together in a chart or column."""
    found = [m for m in map(season.find, ids) if m is not None and m.number is not None]
    if not found:
        return Style()
    largest = max(abs(m.number or 0.0) for m in found)
    style = choose_style(largest, found[0].unit or "count")
    if style.unit in ("", "number"):
        return Style(decimals=0)
    return replace(style, decimals=1 if largest / style.scale < 100 else 0)


def print_amount(season: Season, number_id: str, style: Style) -> Number:
    """As ``season.number``, but what is not zero never looks like zero, and zero is plain."""
    number = season.number(number_id, style)
    if number.value == 0:
        return reword(number, "0")
    if number.value and style.decimals is not None:
        smallest = style.scale * 10.0**-style.decimals
        if abs(number.value) < smallest / 2:
            return reword(number, f"<{season.print_number(smallest, style)}")
    return number


def to_amount(number: Number) -> Amount:
    """What a chart draws of a printed number."""
    return Amount(number.value, number.text)


def list_marks(numbers: Sequence[tuple[str, Number]]) -> tuple[str, ...]:
    """Say of the numbers that a chart cannot draw why they are not there; a note for each reason.

    Parameters
    ----------
    numbers
        Each with its name; what was never reported needs no note.
    """
    notes = []
    for mark in ("withheld", "not applicable", "queried"):
        names = [name for name, number in numbers if number.mark == mark]
        if names:
            notes.append(f"{capitalise(join_words(names))}: {MARK_MEANINGS[mark]}.")
    return tuple(notes)


def place_unit(style: Style) -> str:
    r"""Where a number goes in a sentence: the currency in front of it, any other unit behind.

    >>> place_unit(Style("USD bn", 1e9)), place_unit(Style("months"))
    ('USD\xa0{}\xa0bn', '{}\xa0months')
    """
    first, _, rest = style.unit.partition(" ")
    if len(first) == 3 and first.isupper():
        return f"{first}{NO_BREAK}{{}}{NO_BREAK}{rest}".rstrip()
    return f"{{}}{NO_BREAK}{style.unit}".rstrip()


def word_for_mark(number: Number) -> str:
    """What stands in a chart where a number does not."""
    words = {"withheld": "for totals only", "not applicable": "not applicable"}
    return (words | {"queried": "queried"}).get(number.mark, "not answered")
