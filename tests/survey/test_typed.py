"""What people type, and what becomes of it: a table to read as much as to run."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annual_report.survey.reading.typed import Understood, understand

NBSP, THIN = "\u00a0", "\u202f"

# text, kind, unit, hint → value
CERTAIN = [
    # plain numbers
    ("12", "number", "t", None, 12),
    ("12.5", "number", "t", None, 12.5),
    ("12,5", "number", "t", None, 12.5),
    ("-12", "number", "t", None, -12),
    ("−12", "number", "t", None, -12),
    ("+12", "number", "t", None, 12),
    ("0", "number", "t", None, 0),
    ("0.5", "number", "t", None, 0.5),
    ("0,5", "number", "t", None, 0.5),
    (".5", "number", "t", None, 0.5),
    ("12.", "number", "t", None, 12),
    ("0.125", "number", "t", None, 0.125),
    ("0,125", "number", "t", None, 0.125),
    ("1234", "number", "t", None, 1234),
    ("1234.5", "number", "t", None, 1234.5),
    ("1234,567", "number", "t", None, 1234.567),
    ("12.3456", "number", "t", None, 12.3456),
    ("12,34", "number", "t", None, 12.34),
    ("  7  ", "number", "t", None, 7),
    # groups of thousands
    ("1.234,5", "number", "t", None, 1234.5),
    ("1,234.5", "number", "t", None, 1234.5),
    ("1 234,5", "number", "t", None, 1234.5),
    (f"1{NBSP}234,5", "number", "t", None, 1234.5),
    (f"1{THIN}234{THIN}567", "number", "t", None, 1234567),
    ("1'234.5", "number", "t", None, 1234.5),
    ("1’234’567", "number", "t", None, 1234567),
    ("1.234.567", "number", "t", None, 1234567),
    ("1,234,567", "number", "t", None, 1234567),
    ("1.234.567,89", "number", "t", None, 1234567.89),
    ("1,234,567.89", "number", "t", None, 1234567.89),
    ("12,34,567", "number", "t", None, 1234567),
    ("1 234", "number", "t", None, 1234),
    # one separator, three digits: what is counted has no thousandths
    ("12,000", "number", "count", "en", 12000),
    ("12.000", "number", "count", None, 12000),
    ("~5,000", "number", "count", None, 5000),
    ("12,000 jobs", "number", "jobs", None, 12000),
    ("1.234", "number", "count", None, 1234),
    ("1,234", "number", "jobs", None, 1234),
    ("1.234", "number", "count", "en", 1234),
    # powers
    ("1e6", "number", "t", None, 1e6),
    ("1.2E+06", "number", "t", None, 1.2e6),
    ("1.2e-3", "number", "t", None, 0.0012),
    ("3x10^6", "number", "t", None, 3e6),
    ("3×10^6", "number", "t", None, 3e6),
    # odd characters
    ("１２３", "number", "t", None, 123),
    ("１，２３４．５", "number", "t", None, 1234.5),
    ("\u200b12", "number", "t", None, 12),
    ("\ufeff12", "number", "t", None, 12),
    # multipliers
    ("12k", "number", "count", None, 12000),
    ("12 K", "number", "count", None, 12000),
    ("1.5k", "number", "jobs", None, 1500),
    ("3.4 million", "number", "jobs", None, 3.4e6),
    ("3,4 Mio.", "number", "jobs", "de", 3.4e6),
    ("2 thousand", "number", "count", None, 2000),
    ("5 Tsd.", "number", "count", "de", 5000),
    ("1.1 bn", "money", None, None, 1.1e9),
    ("2 Mrd", "money", None, "de", 2e9),
    ("2 milliards", "money", None, "fr", 2e9),
    ("1 billion", "money", None, "en", 1e9),
    ("1 billion", "money", None, None, 1e9),
    ("2 lakh", "number", "count", None, 200000),
    ("3 crore", "money", None, None, 3e7),
    ("5 mil", "number", "count", "es", 5000),
    ("3万", "number", "count", None, 30000),
    # estimates
    ("~5000", "number", "count", None, 5000),
    ("≈ 12", "number", "t", None, 12),
    ("ca. 12", "number", "t", None, 12),
    ("approx. 12.5", "number", "t", None, 12.5),
    ("about 300", "number", "count", None, 300),
    ("12 (est.)", "number", "t", None, 12),
    ("12 estimated", "number", "t", None, 12),
    ("12 (tbc)", "number", "t", None, 12),
    ("rund 40", "number", "count", "de", 40),
    # things counted
    ("250 jobs", "number", "jobs", None, 250),
    ("12 companies", "number", "count", None, 12),
    ("6.5 FTE", "number", "count", None, 6.5),
    ("3.4 m jobs", "number", "jobs", None, 3.4e6),
    # money
    ("€50m", "money", None, None, 5e7),
    ("50 M€", "money", None, None, 5e7),
    ("50m€", "money", None, None, 5e7),
    ("EUR 50 million", "money", None, None, 5e7),
    ("50 mn EUR", "money", None, None, 5e7),
    ("USD 1.2bn", "money", None, None, 1.2e9),
    ("$ 3,000,000", "money", None, None, 3e6),
    ("£1,250,000.50", "money", None, None, 1250000.5),
    ("1 250 000 kr", "money", None, None, 1250000),
    ("12 euros", "money", None, None, 12),
    ("US$5k", "money", None, None, 5000),
    ("5000000", "money", None, None, 5e6),
    ("SAR 12 million", "money", None, None, 1.2e7),
    ("500 TEUR", "money", None, None, 5e5),
    ("500 T€", "money", None, None, 5e5),
    ("500 kEUR", "money", None, None, 5e5),
    ("500 k€", "money", None, None, 5e5),
    ("2,5 Mio. EUR", "money", None, None, 2.5e6),
    ("2,5 Mio.", "money", None, None, 2.5e6),
    ("2,5 m€", "money", None, None, 2.5e6),
    ("2.5 MEUR", "money", None, None, 2.5e6),
    ("2.5 EURm", "money", None, None, 2.5e6),
    ("EUR 2.5bn", "money", None, None, 2.5e9),
    ("2 EURbn", "money", None, None, 2e9),
    ("2 Mrd. EUR", "money", None, "de", 2e9),
    ("5 MSEK", "money", None, None, 5e6),
    ("5 tkr", "money", None, None, 5e3),
    ("5 mln zł", "money", None, None, 5e6),
    ("5 tys. PLN", "money", None, None, 5e3),
    ("R$ 5 mi", "money", None, None, 5e6),
    ("5 million US dollars", "money", None, None, 5e6),
    ("EUR 5.000.000,-", "money", None, None, 5e6),
    # percentages
    ("12 %", "percent", "percent", None, 12),
    ("12%", "percent", "percent", None, 12),
    ("12,5 %", "percent", "percent", None, 12.5),
    ("0.12 %", "percent", "percent", None, 0.12),
    ("12 percent", "percent", "percent", None, 12),
    ("12 per cent", "percent", "percent", None, 12),
    ("12 Prozent", "percent", "percent", None, 12),
    ("12", "percent", "percent", None, 12),
    ("0", "percent", "percent", None, 0),
    ("~ 40 %", "percent", "percent", None, 40),
    # years
    ("2030", "year", None, None, 2030),
    ("2030 (est.)", "year", None, None, 2030),
    ("by 2030", "year", None, None, 2030),
    ("end of 2030", "year", None, None, 2030),
    ("FY2023", "year", None, None, 2023),
    ("Q4 2030", "year", None, None, 2030),
    ("2030-12-31", "year", None, None, 2030),
    ("31.12.2030", "year", None, None, 2030),
    ("２０３０", "year", None, None, 2030),
    ("March 2027", "year", None, None, 2027),
    ("2030.0", "year", None, None, 2030),
    # dates
    ("2023-04-03", "date", None, None, "2023-04-03"),
    ("2023/4/3", "date", None, None, "2023-04-03"),
    ("2023.04.03", "date", None, None, "2023-04-03"),
    ("20230403", "date", None, None, "2023-04-03"),
    ("3 April 2023", "date", None, None, "2023-04-03"),
    ("April 3, 2023", "date", None, None, "2023-04-03"),
    ("3rd of April 2023", "date", None, None, "2023-04-03"),
    ("03-Apr-2023", "date", None, None, "2023-04-03"),
    ("3. März 2023", "date", None, None, "2023-03-03"),
    ("1er août 2023", "date", None, None, "2023-08-01"),
    ("3 de abril de 2023", "date", None, None, "2023-04-03"),
    ("03.04.2023", "date", None, None, "2023-04-03"),
    ("13/04/2023", "date", None, None, "2023-04-13"),
    ("04/13/2023", "date", None, None, "2023-04-13"),
    ("05/05/2023", "date", None, None, "2023-05-05"),
    ("03/04/2023", "date", None, "fr", "2023-04-03"),
    ("2023-04-03 00:00:00", "date", None, None, "2023-04-03"),
    # yes and no
    ("Yes", "yes_no", None, None, "yes"),
    ("NO", "yes_no", None, None, "no"),
    ("y", "yes_no", None, None, "yes"),
    ("ja", "yes_no", None, None, "yes"),
    ("oui", "yes_no", None, None, "yes"),
    ("sí", "yes_no", None, None, "yes"),
    ("nein", "yes_no", None, None, "no"),
    ("TRUE", "yes_no", None, None, "yes"),
    ("是", "yes_no", None, None, "yes"),
    # texts stay texts
    ("None", "text", None, None, "None"),
    ("Null Island Energy", "text", None, None, "Null Island Energy"),
    ("=SUM(A1:A2)", "text", None, None, "=SUM(A1:A2)"),
    ("2030", "text", None, None, "2030"),
    (" Port of X ", "text", None, None, "Port of X"),
    ("NA Industries", "text", None, None, "NA Industries"),
]

# text, kind, unit, hint → unit of the answer
UNITS = [
    ("18.7 Mt", "number", "kt/y", None, 18.7, "Mt/y"),
    ("18.7 Mt", "number", "ktCO2e/y", None, 18.7, "MtCO2e/y"),
    ("18.7 Mt CO2e per year", "number", "ktCO2e/y", None, 18.7, "MtCO2e/y"),
    ("5000 tCO2/y", "number", "MtCO2e/y", "en", 5000, "tCO2e/y"),
    ("556 MW", "number", "MW", None, 556, "MW"),
    ("0.5 GW", "number", "MW", None, 0.5, "GW"),
    ("18 months", "number", "months", None, 18, "months"),
    ("1.5 years", "number", "months", None, 1.5, "years"),
    ("12 kt", "number", "kt/y", None, 12, "kt/y"),
    ("12 t/a", "number", "ktCO2e/y", None, 12, "tCO2e/y"),
    ("12 Mtpa", "number", "ktCO2e/y", None, 12, "MtCO2e/y"),
    ("12 Mtpa", "number", "kt/y", None, 12, "Mt/y"),
    ("12 ktpa CO2", "number", "MtCO2e/y", None, 12, "ktCO2e/y"),
    ("12 kt/a CO2", "number", "MtCO2e/y", None, 12, "ktCO2e/y"),
    ("12 kta", "number", "Mt/y", None, 12, "kt/y"),
    ("2,5 Mio. t", "number", "kt/y", None, 2.5e6, "t/y"),
    ("12 Tonnen pro Jahr", "number", "kt/y", None, 12, "t/y"),
    ("12 Mt CO2-Äq./a", "number", "ktCO2e/y", None, 12, "MtCO2e/y"),
]

# text, kind, unit, hint → code of the finding, and its readings
ASKED = [
    ("1.234", "number", "t", None, "number-ambiguous", "1.234 or 1,234"),
    ("1,234", "number", "t", None, "number-ambiguous", "1.234 or 1,234"),
    ("12.500", "money", None, None, "number-ambiguous", "12.5 or 12,500"),
    # … whatever language a return is said to be in
    ("1.200", "number", "t", "en", "number-ambiguous", "1.2 or 1,200"),
    ("12.345 t", "number", "t", "en", "number-ambiguous", "12.345 or 12,345"),
    ("1,200", "number", "t", "de", "number-ambiguous", "1.2 or 1,200"),
    ("1.200", "money", None, "de", "number-ambiguous", "1.2 or 1,200"),
    ("1 billion", "money", None, "de", "number-ambiguous", "1,000,000,000 or 1,000,000,000,000"),
    ("5 mil", "money", None, None, "number-ambiguous", "5,000 or 5,000,000"),
    ("0.12", "percent", "percent", None, "number-ambiguous", "0.12 %, or 12 %"),
    ("1", "percent", "percent", None, "number-ambiguous", "1 %, or 100 %"),
    ("none", "number", "t", None, "answer-ambiguous", "0, or no answer"),
    ("keine", "money", None, None, "answer-ambiguous", "0, or no answer"),
    (">500", "number", "t", None, "answer-ambiguous", None),
    ("at least 500", "number", "t", None, "answer-ambiguous", None),
    ("5-10", "number", "t", None, "answer-ambiguous", None),
    ("5 to 10", "number", "count", None, "answer-ambiguous", None),
    ("03/04/2023", "date", None, None, "date-ambiguous", "2023-04-03 or 2023-03-04"),
    ("03/04/2023", "date", None, "en", "date-ambiguous", "2023-04-03 or 2023-03-04"),
    ("3/4/23", "date", None, None, "date-ambiguous", None),
    ("April 2023", "date", None, None, "date-ambiguous", None),
    ("2022/23", "year", None, None, "date-ambiguous", "2022 or 2023"),
    ("2030-2035", "year", None, None, "date-ambiguous", "2030 or 2035"),
    ("2030 or 2035", "year", None, None, "date-ambiguous", "2030 or 2035"),
    ("12 furlongs", "number", "kt/y", None, "unit-unknown", None),
    ("12 MT", "number", "kt/y", None, "unit-unknown", None),
    ("12 MW", "number", "kt/y", None, "unit-unknown", None),
    ("1,2,3", "number", "t", None, "not-understood", None),
    ("1.23.4", "number", "t", None, "not-understood", None),
    ("12 34", "number", "t", None, "not-understood", None),
    ("a lot", "number", "t", None, "not-understood", None),
    ("€12", "number", "t", None, "not-understood", None),
    ("12 %", "money", None, None, "not-understood", None),
    ("maybe", "yes_no", None, None, "not-understood", None),
    ("31.02.2023", "date", None, None, "not-understood", None),
    ("soon", "year", None, None, "not-understood", None),
    ("20230", "year", None, None, "not-understood", None),
]

ABSENT = [
    ("", "number", "empty"),
    ("   ", "text", "empty"),
    (NBSP, "money", "empty"),
    ("-", "number", "empty"),
    ("–", "percent", "empty"),
    ("tbc", "number", "empty"),
    ("TBD", "money", "empty"),
    ("to be confirmed", "date", "empty"),
    ("?", "year", "empty"),
    ("unknown", "number", "empty"),
    ("not yet available", "number", "empty"),
    ("-", "text", "empty"),
    ("n/a", "number", "not applicable"),
    ("N.A.", "money", "not applicable"),
    ("n / a", "percent", "not applicable"),
    ("not applicable", "yes_no", "not applicable"),
    ("n/a", "text", "not applicable"),
    ("entfällt", "number", "not applicable"),
]


def test_there_are_at_least_150_cases():
    assert len(CERTAIN) + len(UNITS) + len(ASKED) + len(ABSENT) >= 150


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("1.234", ".", 1.234),
        ("1,234", ".", 1234),
        ("1.234", ",", 1234),
        ("1,234", ",", 1.234),
        ("1.200 Mio.", ",", 1.2e9),
        ("EUR 1,200", ".", 1200),
        # what has one reading keeps it
        ("2,5", ".", 2.5),
        ("1.234,5", ".", 1234.5),
    ],
)
def test_what_separates_the_decimals_decides_where_it_is_known(text, decimal, value):
    assert understand(text, "money", decimal=decimal).value == value


@pytest.mark.parametrize(("text", "kind", "unit", "hint", "value"), CERTAIN)
def test_what_is_certain_is_read(text, kind, unit, hint, value):
    read = understand(text, kind, unit=unit, hint=hint)
    assert (read.state, read.value) == ("value", value), read


@pytest.mark.parametrize(("text", "kind", "unit", "hint", "value", "found"), UNITS)
def test_a_unit_in_the_answer_is_taken_with_it(text, kind, unit, hint, value, found):
    read = understand(text, kind, unit=unit, hint=hint)
    assert (read.state, read.value, read.unit) == ("value", value, found), read


@pytest.mark.parametrize(("text", "kind", "unit", "hint", "code", "readings"), ASKED)
def test_what_has_two_readings_is_asked_about(text, kind, unit, hint, code, readings):
    read = understand(text, kind, unit=unit, hint=hint)
    assert (read.state, read.value, read.code) == ("question", None, code), read
    assert read.question
    if readings is not None:
        assert read.question == readings


@pytest.mark.parametrize(("text", "kind", "state"), ABSENT)
def test_no_answer_is_no_zero(text, kind, state):
    read = understand(text, kind, unit="t" if kind == "number" else None)
    assert (read.state, read.value) == (state, None), read


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("€50m", "EUR"),
        ("50 M€", "EUR"),
        ("GBP 5", "GBP"),
        ("500 TEUR", "EUR"),
        ("500 T€", "EUR"),
        ("500 kEUR", "EUR"),
        ("2.5 MEUR", "EUR"),
        ("2.5 EURm", "EUR"),
        ("5 MSEK", "SEK"),
        ("5 Mkr", "kr"),
        ("5 million US dollars", "USD"),
        ("5 dollars", "$"),
        ("5 million pounds", "£"),
        ("Rp 5 miliar", "IDR"),
        ("$5", "$"),
        ("US$5", "USD"),
        ("¥5", "¥"),
        ("5 kr", "kr"),
        ("5", None),
    ],
)
def test_a_currency_in_the_answer_is_taken_with_it(text, currency):
    assert understand(text, "money").currency == currency


def test_what_is_not_plain_is_noted():
    assert understand("12k", "number", unit="count").note == "12k read as 12,000"
    assert understand("~12", "number", unit="t").note == "an estimate"
    assert understand("12", "number", unit="t").note is None


@given(st.floats(-1e12, 1e12, allow_nan=False).map(lambda x: round(x, 2)))
def test_every_way_of_writing_a_number_gives_the_number(number):
    english = f"{number:,.2f}"
    german = english.translate(str.maketrans(",.", ".,"))
    french = english.replace(",", NBSP).replace(".", ",")
    swiss = english.replace(",", "'")
    for text in (english, german, french, swiss, f"{number:.2f}"):
        read = understand(text, "number", unit="t")
        assert read.value == pytest.approx(number, abs=0.005), text


@given(
    st.text(max_size=40), st.sampled_from(["number", "money", "percent", "year", "date", "text"])
)
def test_nothing_that_is_typed_is_a_fault(text, kind):
    read = understand(text, kind, unit={"number": "kt/y", "percent": "percent"}.get(kind))
    assert isinstance(read, Understood)
    assert (read.value is not None) == (read.state == "value")
    assert (read.code is not None) == (read.state == "question")
