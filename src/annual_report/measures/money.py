"""Money of one currency and year in another: annual average rates, constant prices.

A rate is the mean of a year's daily euro reference rates of the European Central Bank; a cross
rate is the ratio of two such means. A year without a rate is an error, and never the year beside
it. Every converted amount keeps what was reported, the rate, its year and its source.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from annual_report.errors import RateError
from annual_report.rates import EURO, PAR, Rates, read_reference, spell_years

DEFLATORS_FILE = "deflators.csv"


@dataclass(frozen=True)
class Converted:
    """An amount in another currency, and the whole way there.

    Parameters
    ----------
    amount, currency
        The result; at prices of ``price_year``.
    reported_amount, reported_currency, reported_year
        What the respondent wrote.
    rate, rate_year
        Units of ``currency`` for one unit of the reported currency, and the year it averages.
    rate_ids
        Addresses of the rates behind ``rate``; empty where nothing was converted.
    source
        Where the rates, and the deflators if any, were published.
    formula
        The calculation with its numbers filled in.
    """

    amount: float
    currency: str
    price_year: int
    reported_amount: float
    reported_currency: str
    reported_year: int
    rate: float
    rate_year: int
    rate_ids: tuple[str, ...]
    source: str
    formula: str


@dataclass(frozen=True)
class Deflators:
    """Price indices by currency and year; only ratios within one currency mean anything."""

    by_key: Mapping[tuple[str, int], float]
    sources: Mapping[str, str]

    def compute_ratio(self, currency: str, year: int, base_year: int) -> float:
        """Compute prices of ``year`` over prices of ``base_year``, the deflator to base 1.

        Raises
        ------
        RateError
            If either year has no index for the currency.
        """
        if year == base_year:
            return PAR
        for wanted in (year, base_year):
            if (currency, wanted) not in self.by_key:
                years = sorted(y for code, y in self.by_key if code == currency)
                raise RateError(
                    f"no deflator for {currency} in {wanted}",
                    where=f"data/reference/{DEFLATORS_FILE}",
                    expected=f"{currency} in {spell_years(years)}" if years else "a known currency",
                    found=f"{currency} {wanted}",
                    do="add the price index with its source, or show current prices",
                )
        return self.by_key[currency, year] / self.by_key[currency, base_year]


def convert_money(amount: float, currency: str, year: int, *, to: str, rates: Rates) -> Converted:
    """Convert an amount at the annual average rate of its year.

    Parameters
    ----------
    amount, currency, year
        What was reported; ``currency`` is an ISO 4217 code.
    to
        The currency wanted.

    Raises
    ------
    RateError
        If either currency has no rate for that year.
    """
    return _convert(amount, currency, year, to=to, rate_year=year, price_ratio=PAR, rates=rates)


def convert_to_constant_prices(
    amount: float,
    currency: str,
    year: int,
    *,
    to: str,
    base_year: int,
    rates: Rates,
    deflators: Deflators,
) -> Converted:
    """Express an amount in another currency at the prices and rates of a base year.

    Deflated in its own currency first and then converted at the base year's average rate, as the
    OECD's Development Assistance Committee does; the other order would carry the swings of the
    exchange rate into what should be a change in volume.

    Raises
    ------
    RateError
        If a deflator, or a rate of the base year, is missing.
    """
    ratio = deflators.compute_ratio(currency, year, base_year)
    return _convert(
        amount, currency, year, to=to, rate_year=base_year, price_ratio=ratio, rates=rates
    )


def _convert(
    amount: float,
    currency: str,
    year: int,
    *,
    to: str,
    rate_year: int,
    price_ratio: float,
    rates: Rates,
) -> Converted:
    same = currency == to
    cross = None if same else rates.cross(currency, to, rate_year)
    rate = cross.value if cross else PAR
    pair = (cross.own, cross.target) if cross else ()
    sources = dict.fromkeys(r.source for r in pair if r.currency != EURO)
    formula = f"{amount:,.15g} {currency}"
    if price_ratio != PAR:
        formula += f" ÷ {price_ratio:.5g} (prices of {year} to {rate_year})"
    if not same:
        names = ", ".join(_shorten(source) for source in sources)
        formula += f" × {rate:.5g} {to} per {currency} ({rate_year} average, {names})"
    return Converted(
        amount=amount / price_ratio * rate,
        currency=to,
        price_year=rate_year,
        reported_amount=amount,
        reported_currency=currency,
        reported_year=year,
        rate=rate,
        rate_year=rate_year,
        rate_ids=tuple(r.id for r in pair),
        source="; ".join(sources),
        formula=formula,
    )


def _shorten(source: str) -> str:
    """The publisher, which is what stands before the first colon of a source."""
    return source.partition(":")[0]


def read_deflators(folder: Path) -> Deflators:
    """Read ``deflators.csv`` (currency, year, index, source) of the reference folder.

    Raises
    ------
    RateError
        If the file is missing or lacks a column, an index is not positive, or a key repeats.
    """
    frame = read_reference(folder / DEFLATORS_FILE, "index")
    rows = zip(frame["currency"], frame["year"], frame["index"], strict=True)
    sources = dict(zip(frame["currency"], frame["source"], strict=True))
    return Deflators(
        MappingProxyType({(str(c), int(y)): float(i) for c, y, i in rows}),
        MappingProxyType(sources),
    )
