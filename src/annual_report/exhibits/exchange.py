"""Exchange rates as they are printed: always what one unit of the other currency cost."""

from __future__ import annotations

from annual_report.errors import RateError
from annual_report.exhibits.model import Number
from annual_report.exhibits.season import Season
from annual_report.numbers import Style

_SIGNIFICANT = Style(digits=5)


def label_rate(season: Season) -> str:
    """The unit of a printed rate, such as `USD for 1`."""
    return f"{season.edition.currency} for 1"


def print_rate(season: Season, currency: str, year: int) -> Number:
    """What one unit of a currency cost in the edition's; a mark where that year has no rate."""
    try:
        rate = season.rates.cross(currency, season.edition.currency, year)
    except RateError as error:
        return Number(text="", mark="missing", source=error.what)
    return Number(
        text=season.print_number(rate.value, _SIGNIFICANT),
        value=rate.value,
        id=rate.id,
        source=f"{rate.formula}\n{rate.source}",
    )
