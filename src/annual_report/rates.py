"""Annual average exchange rates, and the reference files in which they and price indices stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from annual_report.errors import RateError

RATES_FILE = "exchange-rates.csv"
EURO = "EUR"
PAR = 1.0


@dataclass(frozen=True)
class Rate:
    """How many units of a currency one euro cost on average in one year."""

    currency: str
    year: int
    per_eur: float
    source: str

    @property
    def id(self) -> str:
        """Address of the rate, such as ``rate.USD.2023``."""
        return f"rate.{self.currency}.{self.year}"


@dataclass(frozen=True)
class CrossRate:
    """How many units of one currency one unit of another cost on average in one year.

    Parameters
    ----------
    own, target
        What one euro cost in the other currency, and in the one that it is priced in.
    """

    own: Rate
    target: Rate

    @property
    def id(self) -> str:
        """Address of the rate, such as ``rate.GBP-USD.2023``, the dollars for one pound."""
        return f"rate.{self.own.currency}-{self.target.currency}.{self.own.year}"

    @property
    def value(self) -> float:
        return self.target.per_eur / self.own.per_eur

    @property
    def formula(self) -> str:
        own, target = self.own, self.target
        return (
            f"{target.per_eur:.10g} {target.currency} per EUR"
            f" ÷ {own.per_eur:.10g} {own.currency} per EUR, averages of {own.year}"
        )

    @property
    def source(self) -> str:
        """Who published what it is made of; the euro itself needs no source."""
        parts = (self.own, self.target)
        return "; ".join(dict.fromkeys(r.source for r in parts if r.currency != EURO))


@dataclass(frozen=True)
class Rates:
    """Annual average rates by currency and year."""

    by_key: Mapping[tuple[str, int], Rate]

    def find(self, currency: str, year: int) -> Rate:
        """Find the rate of one currency in one year; the euro's own is 1 in every year.

        Raises
        ------
        RateError
            If there is none. The years that do have one are listed, and none of them is used.
        """
        rate = self.by_key.get((currency, year))
        if rate is not None:
            return rate
        if currency == EURO:
            return Rate(EURO, year, PAR, "the euro itself")
        years = sorted(y for code, y in self.by_key if code == currency)
        raise RateError(
            f"no exchange rate for {currency} in {year}",
            where=f"data/reference/{RATES_FILE}",
            expected=f"{currency} in {spell_years(years)}" if years else "a known currency",
            found=f"{currency} {year}",
            do="add the annual average with its source, or report the amount in another currency",
        )

    def cross(self, currency: str, target: str, year: int) -> CrossRate:
        """Find what one unit of a currency cost in another.

        Raises
        ------
        RateError
            If either has no rate in that year.
        """
        return CrossRate(self.find(currency, year), self.find(target, year))


def read_rates(folder: Path) -> Rates:
    """Read ``exchange-rates.csv`` (currency, year, per_eur, source) of the reference folder.

    Raises
    ------
    RateError
        If the file is missing or lacks a column, a rate is not positive, or a key repeats.
    """
    frame = read_reference(folder / RATES_FILE, "per_eur")
    rows = zip(frame["currency"], frame["year"], frame["per_eur"], frame["source"], strict=True)
    rates = (Rate(str(c), int(y), float(r), str(s)) for c, y, r, s in rows)
    return Rates(MappingProxyType({(rate.currency, rate.year): rate for rate in rates}))


def spell_years(years: list[int]) -> str:
    """Spell years for people: a range where none is missing."""
    if years == list(range(years[0], years[-1] + 1)):
        return f"{years[0]} to {years[-1]}"
    return ", ".join(map(str, years))


def read_reference(path: Path, value: str) -> pd.DataFrame:
    """Read a table of currency, year, a value above 0 and its source; each key once.

    Raises
    ------
    RateError
        If the file is missing or breaks these rules; names the row.
    """
    expected = ["currency", "year", value, "source"]
    try:
        frame = pd.read_csv(path, dtype={"currency": str, "source": str}, keep_default_na=False)
    except FileNotFoundError:
        raise RateError("the file is missing", where=str(path)) from None
    if list(frame.columns) != expected:
        raise RateError(
            "wrong columns",
            where=str(path),
            expected=", ".join(expected),
            found=", ".join(map(str, frame.columns)),
        )
    number = pd.to_numeric(frame[value], errors="coerce")
    year = pd.to_numeric(frame["year"], errors="coerce")
    faults = {
        f"{value} is not a number above 0": ~(number > 0),
        "the year is not a number": year.isna(),
        "no source": frame["source"].eq(""),
        "currency and year stand here twice": frame.duplicated(["currency", "year"]),
    }
    for what, rows in faults.items():
        if rows.any():
            line = int(rows.to_numpy().argmax()) + 2
            raise RateError(what, where=f"{path}:{line}", do="mend this row")
    frame[value], frame["year"] = number.astype(float), year.astype(int)
    return frame
