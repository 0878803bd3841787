from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annual_report.errors import UnitError
from annual_report.units import UNITS, accepted_units, convert, find_unit

CODES = [unit.code for unit in UNITS]


@pytest.mark.parametrize("code", CODES)
def test_a_code_of_the_table_is_found(code):
    assert find_unit(code).code == code


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Mt CO2e", "MtCO2e"),
        ("MtCO2e per year", "MtCO2e/y"),
        ("Mt CO₂-eq / yr", "MtCO2e/y"),
        ("tonnes of CO2 equivalent p.a.", "tCO2e/y"),
        ("t CO2 yr⁻¹", "tCO2e/y"),
        ("Million tonnes CO2e (per year)", "MtCO2e/y"),
        ("metric tons", "t"),
        ("kilotonnes", "kt"),
        ("KT", "kt"),
        ("kt H2 / y", "kt/y"),
        ("kt of hydrogen a year", "kt/y"),
        ("kw", "kW"),
        ("Mw", "MW"),
        ("megawatts", "MW"),
        ("GWH", "GWh"),
        ("%", "percent"),
        ("Per cent", "percent"),
        (" months ", "months"),
        ("MONTHS", "months"),
        ("yrs", "years"),
    ],
)
def test_a_spelling_people_type_is_understood(typed, code):
    assert find_unit(typed).code == code


@pytest.mark.parametrize(
    "typed",
    [
        "mW",
        "mwh",
        "MT",
        "mt CO2e",
        "MTCO2e",
        "tons",
        "kilotons CO2e",
        "US tons",
        "Mtons",
    ],
)
def test_a_spelling_that_could_mean_two_things_is_refused(typed):
    with pytest.raises(UnitError, match="two things") as error:
        find_unit(typed)
    assert error.value.do.startswith("write ")


@pytest.mark.parametrize(
    "typed", ["", "barrels", "USD", "CO2e", "t of", "MtCO2e/month", "/y", "knot"]
)
def test_an_unknown_unit_lists_the_accepted_ones(typed):
    with pytest.raises(UnitError, match="unknown unit") as error:
        find_unit(typed)
    assert error.value.expected == ", ".join(CODES)
    assert error.value.found == typed


def test_the_drop_down_lists_units_of_the_same_dimension():
    assert accepted_units("MtCO2e/y") == ("tCO2e/y", "ktCO2e/y", "MtCO2e/y")
    assert accepted_units("percent") == ("percent", "share")
    assert accepted_units("count") == ("count",)


def test_labels_are_written_for_readers():
    assert find_unit("MtCO2e/y").label == "Mt CO₂e a year"
    assert find_unit("kt/y").label == "kt a year"
    assert find_unit("percent").label == "%"


@pytest.mark.parametrize(
    ("value", "origin", "goal", "expected"),
    [
        (18.7, "MtCO2e", "ktCO2e", 18700.0),
        (18.7, "MtCO2e/y", "tCO2e/y", 18_700_000.0),
        (0.1, "GW", "kW", 100_000.0),
        (63, "percent", "share", 0.63),
        (1.5, "years", "months", 18.0),
        (-4.35, "TWh", "MWh", -4_350_000.0),
    ],
)
def test_conversion_is_exact(value, origin, goal, expected):
    assert convert(value, origin, goal) == expected


def test_a_value_that_is_not_finite_stays_as_it_is():
    assert str(convert(float("nan"), "t", "kt")) == "nan"
    assert convert(float("inf"), "t", "kt") == float("inf")


def test_units_of_two_dimensions_do_not_convert():
    with pytest.raises(
        UnitError, match="MtCO2e is greenhouse gas and MtCO2e/y is greenhouse gas a"
    ):
        convert(1.0, "MtCO2e", "MtCO2e/y")
    with pytest.raises(UnitError):
        convert(1.0, "MW", "MWh")


@given(st.decimals(-(10**9), 10**9, places=4), st.sampled_from(UNITS), st.data())
def test_conversion_there_and_back_is_the_same_number(value, unit, data):
    other = find_unit(data.draw(st.sampled_from(accepted_units(unit.code))))
    there = convert(float(value), unit, other)
    assert there == float(Fraction(value) * unit.factor / other.factor)
    assert convert(there, other, unit) == pytest.approx(float(value), rel=1e-15)
