"""The script that rebuilds the exchange rates, as far as it goes without the ECB's history."""

import csv
from pathlib import Path

import pytest

from rebuild_exchange_rates import compute_averages

REFERENCE = Path(__file__).parents[1] / "data" / "reference"


def read(name):
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_only_whole_years_that_are_over_are_averaged():
    history = {
        ("USD", 2009): [1.0, 1.0],
        ("USD", 2022): [1.0, 1.1, 1.2],
        ("USD", 2023): [1.3, 1.1],
        ("USD", 2024): [1.4],
        ("RUB", 2022): [80.0, 90.0],
        ("NOK", 2023): [11.0, 12.0],
    }
    found = compute_averages(history)
    assert found == pytest.approx({("USD", 2022): 1.1, ("USD", 2023): 1.2, ("NOK", 2023): 11.5})


def test_rows_by_hand_are_crossed_with_the_dollar_of_their_year():
    rates = {(r["currency"], r["year"]): r for r in read("exchange-rates.csv")}
    by_hand = read("exchange-rates-by-hand.csv")
    assert by_hand
    for row in by_hand:
        rate = rates[row["currency"], row["year"]]
        dollar = float(rates["USD", row["year"]]["per_eur"])
        assert float(rate["per_eur"]) == pytest.approx(float(row["per_usd"]) * dollar, rel=1e-8)
        assert rate["source"] == row["source"]


def test_the_file_is_sorted_and_has_no_row_twice():
    keys = [(r["currency"], int(r["year"])) for r in read("exchange-rates.csv")]
    assert keys == sorted(set(keys))
