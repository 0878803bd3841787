"""Which currency an amount is in: what a sign stands for here, and what stands beside an amount."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from babel.numbers import get_territory_currencies

from annual_report.framework.questions import Choice
from annual_report.survey.form.book import Cell
from annual_report.survey.reading.meaning import Ask, Asked, Meaning, read_cell
from annual_report.survey.reading.spellings import CURRENCIES, match_entry, show_entries
from annual_report.survey.reading.typed import tidy, understand
from annual_report.survey.reading.typed_currency import SIGNS, read_sign

# Said without a country, these are the world's; the others are nobody's
_FIRST = {"$": "USD", "£": "GBP"}


@dataclass(frozen=True)
class Beside:
    """What stands beside an amount: a currency, and perhaps thousands or millions of it.

    ``lost`` says that something stands there and was not understood.
    """

    currency: str | None = None
    factor: float = 1.0
    text: str = ""
    lost: bool = False

    def scale(self, meaning: Meaning, currency: str) -> Meaning:
        """Multiply an amount by what stands beside it; one that says a size itself is asked about."""
        if self.factor == 1 or meaning.number is None:
            return meaning
        if re.search(r"[^\W\d]", re.sub(r"[eE][+-]?\d", "", meaning.reported or "")):
            return meaning.refuse(Ask("unit-double", meaning.reported or "", self.text))
        number = float(f"{meaning.number * self.factor:.15g}")
        note = f"{meaning.reported} beside {self.text} read as {number:,.12g} {currency}"
        return replace(meaning, number=number).explain(note)


@dataclass(frozen=True)
class Currencies:
    """The currencies that a return may name.

    Parameters
    ----------
    own
        The return's own, for every amount that names no other; it may say thousands as well.
    country
        The cluster's country by its code, whose currency a sign may stand for.
    """

    choices: tuple[Choice, ...] = ()
    own: Beside = field(default_factory=Beside)
    country: str | None = None

    def read_cell(self, cell: Cell | None) -> tuple[Meaning, float]:
        """Read a cell that names a currency; and what an amount beside it is to be multiplied by.

        ``TEUR`` and ``Mio. €`` beside an amount say the currency and thousands or millions of it.
        """
        meaning = read_cell(cell, Asked("choice", None, self.choices, CURRENCIES))
        if cell is None or cell.type != "s" or meaning.status != "invalid":
            return meaning, 1.0
        text = tidy(cell.text)
        sign = read_sign(text)
        if sign is not None:
            return self._read_sign(text, sign), 1.0
        scaled = understand(f"1 {text}", "money")
        if scaled.value is not None and scaled.currency is not None and scaled.value != 1:
            factor = float(scaled.value)
            return self._read_sign(text, scaled.currency, factor), factor
        return meaning, 1.0

    def read_beside(self, cell: Cell | None) -> Beside:
        """Read a cell that names the currency of amounts beside it, or of all that name none."""
        meaning, factor = self.read_cell(cell)
        lost = meaning.status == "invalid"
        return Beside(meaning.text, factor, tidy(cell.text) if cell else "", lost)

    def resolve(self, sign: str, *, beside: str | None = None) -> tuple[str, ...]:
        """List the currencies that a code or sign can mean in this return, often one."""
        known = [choice.code for choice in self.choices]
        shared = [code for code in SIGNS.get(sign, (sign,)) if code in known]
        for code in (beside, self.own.currency):
            if code in shared:
                return (code,)
        home = [c for c in get_territory_currencies(self.country or "") if c in SIGNS.get(sign, ())]
        first = _FIRST.get(sign)
        if first in shared and (self.country is None or set(home) - {first}):
            return tuple(dict.fromkeys([*(home or shared[:3]), first]))
        if first in shared:
            return (first,)
        return tuple(c for c in home if c in shared)[:1] or tuple(shared)

    def ask(self, text: str, options: tuple[str, ...]) -> Ask:
        """Ask which of some currencies is meant, or for one that is known."""
        if options:
            return Ask("currency-ambiguous", text, " or ".join(options))
        near = match_entry(text, self.choices, CURRENCIES).near
        return Ask("currency-unknown", text, show_entries(near, self.choices) or None, bool(near))

    def _read_sign(self, text: str, sign: str, factor: float = 1.0) -> Meaning:
        options = self.resolve(sign)
        if len(options) != 1:
            ask = self.ask(text, options)
            return Meaning("invalid", reported=text, asks=(ask,))
        many = f"{factor:,.12g} " if factor != 1 else ""
        note = f"{text} read as {many}{options[0]}"
        ask = Ask("answer-understood", text, note)
        return Meaning("reported", text=options[0], reported=text, note=note, asks=(ask,))
