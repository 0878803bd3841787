from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annual_report.errors import RateError
from annual_report.measures.money import (
    Deflators,
    convert_money,
    convert_to_constant_prices,
    read_deflators,
)
from annual_report.rates import Rate, Rates, read_rates

REFERENCE = Path(__file__).parents[2] / "data" / "reference"
RATES = read_rates(REFERENCE)


@pytest.mark.parametrize(("year", "rate"), [(2022, 1.0530), (2023, 1.0813), (2024, 1.0824)])
def test_the_dollar_averages_of_the_reference_file(year, rate):
    assert RATES.find("USD", year).per_eur == pytest.approx(rate, abs=5e-5)


def test_a_conversion_keeps_what_was_reported_the_rate_its_year_and_its_source():
    money = convert_money(50_000_000, "EUR", 2023, to="USD", rates=RATES)
    rate = RATES.find("USD", 2023)
    assert money.amount == pytest.approx(50_000_000 * rate.per_eur)
    assert (money.currency, money.price_year) == ("USD", 2023)
    assert (money.reported_amount, money.reported_currency) == (50_000_000, "EUR")
    assert (money.reported_year, money.rate_year) == (2023, 2023)
    assert money.rate_ids == ("rate.EUR.2023", "rate.USD.2023")
    assert money.source == rate.source
    assert money.formula == "50,000,000 EUR × 1.0813 USD per EUR (2023 average, ECB)"


def test_a_cross_rate_is_the_ratio_of_the_two_means():
    money = convert_money(100, "NOK", 2022, to="USD", rates=RATES)
    frame = pd.read_csv(REFERENCE / "exchange-rates.csv").query("year == 2022")
    means = frame.set_index("currency")["per_eur"]
    assert money.amount == pytest.approx(100 * means["USD"] / means["NOK"])
    assert money.rate_ids == ("rate.NOK.2022", "rate.USD.2022")


@pytest.mark.parametrize(("currency", "peg"), [("SAR", 3.75), ("AED", 3.6725)])
def test_pegged_currencies_convert_at_their_peg(currency, peg):
    money = convert_money(1.0, "USD", 2023, to=currency, rates=RATES)
    assert money.amount == pytest.approx(peg)
    assert "crossed" in money.source


def test_the_same_currency_needs_no_rate():
    money = convert_money(7.5, "COP", 1995, to="COP", rates=RATES)
    assert (money.amount, money.rate, money.rate_ids) == (7.5, 1.0, ())
    assert money.formula == "7.5 COP"


def test_no_rate_for_a_year_is_an_error_and_never_the_neighbour():
    rates = Rates({("USD", y): Rate("USD", y, 1.1, "test") for y in (2021, 2022, 2024)})
    with pytest.raises(RateError, match="no exchange rate for USD in 2023") as error:
        convert_money(1.0, "EUR", 2023, to="USD", rates=rates)
    assert error.value.expected == "USD in 2021, 2022, 2024"
    with pytest.raises(RateError, match="XYZ"):
        convert_money(1.0, "XYZ", 2022, to="USD", rates=rates)


def test_a_currency_quoted_for_part_of_a_year_has_no_average():
    with pytest.raises(RateError):  # the ECB stopped quoting the rouble in March 2022
        RATES.find("RUB", 2022)
    assert RATES.find("RUB", 2021).per_eur > 0


def test_constant_prices_deflate_at_home_and_convert_at_the_base_year():
    # the example of the OECD's Development Assistance Committee
    rates = Rates(
        {
            ("LCU", 2010): Rate("LCU", 2010, 300.0, "test"),
            ("LCU", 2020): Rate("LCU", 2020, 100.0, "test"),
            ("USD", 2010): Rate("USD", 2010, 1.0, "test"),
            ("USD", 2020): Rate("USD", 2020, 1.0, "test"),
        }
    )
    deflators = Deflators({("LCU", 2010): 50.0, ("LCU", 2020): 100.0}, {"LCU": "test"})
    current = convert_money(30e9, "LCU", 2010, to="USD", rates=rates)
    constant = convert_to_constant_prices(
        30e9, "LCU", 2010, to="USD", base_year=2020, rates=rates, deflators=deflators
    )
    assert current.amount == pytest.approx(100e6)
    assert constant.amount == pytest.approx(600e6)
    assert current.amount / constant.amount == pytest.approx(0.167, abs=5e-4)
    assert (constant.price_year, constant.reported_year) == (2020, 2010)
    assert constant.rate_ids == ("rate.LCU.2020", "rate.USD.2020")
    assert constant.formula == (
        "30,000,000,000 LCU ÷ 0.5 (prices of 2010 to 2020) × 0.01 USD per LCU (2020 average, test)"
    )


def test_no_deflator_is_an_error():
    deflators = read_deflators(REFERENCE)
    assert deflators.compute_ratio("USD", 2017, 2023) == pytest.approx(100.0 / 122.3)
    with pytest.raises(RateError, match="no deflator for NOK"):
        deflators.compute_ratio("NOK", 2020, 2023)


def test_prices_of_the_base_year_need_no_deflator():
    money = convert_to_constant_prices(
        5.0, "EUR", 2023, to="USD", base_year=2023, rates=RATES, deflators=Deflators({}, {})
    )
    assert money == convert_money(5.0, "EUR", 2023, to="USD", rates=RATES)


def test_every_rate_has_a_source():
    assert all(rate.source.partition(":")[1] for rate in RATES.by_key.values())


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("currency,year,rate\n", "wrong columns"),
        ("currency,year,per_eur,source\nUSD,2023,0,x\n", "not a number above 0"),
        ("currency,year,per_eur,source\nUSD,2023,abc,x\n", "not a number above 0"),
        ("currency,year,per_eur,source\nUSD,soon,1.1,x\n", "year is not a number"),
        ("currency,year,per_eur,source\nUSD,2023,1.1,\n", "no source"),
        ("currency,year,per_eur,source\nUSD,2023,1.1,x\nUSD,2023,1.2,x\n", "twice"),
    ],
)
def test_a_faulty_reference_file_is_refused_with_its_line(tmp_path, text, what):
    (tmp_path / "exchange-rates.csv").write_text(text)
    with pytest.raises(RateError, match=what):
        read_rates(tmp_path)


def test_a_missing_reference_file_is_refused(tmp_path):
    with pytest.raises(RateError, match="missing"):
        read_rates(tmp_path)


@given(
    st.floats(-1e12, 1e12),
    st.sampled_from(["EUR", "USD", "NOK", "SAR", "JPY"]),
    st.sampled_from(["EUR", "USD", "NOK", "SAR", "JPY"]),
    st.integers(2015, 2024),
)
def test_there_and_back_is_the_same_amount(amount, currency, to, year):
    there = convert_money(amount, currency, year, to=to, rates=RATES)
    back = convert_money(there.amount, to, year, to=currency, rates=RATES)
    assert back.amount == pytest.approx(amount, rel=1e-12, abs=1e-9)
