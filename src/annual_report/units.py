"""The closed table of units, the spellings people type, and exact conversion between them.

A general unit library reads ``kt`` as a knot and ``ton`` as 907 kilograms; a survey needs the
opposite, few units and no guess. A spelling is accepted only where it can mean one thing: ``MW``
and ``kw`` are, ``mW`` is not; ``MT`` and ``mt`` are metric tonnes to one respondent and million
tonnes to the next, and ``tons`` may be short tons, so that all three are refused.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from annual_report.errors import UnitError


@dataclass(frozen=True)
class Unit:
    """One unit of the table.

    Parameters
    ----------
    code
        How tables and settings spell it, such as ``MtCO2e/y``.
    dimension
        What it measures; only units of one dimension convert into each other.
    factor
        How many of the dimension's base unit it is, exactly.
    label
        How a reader sees it, such as ``Mt CO₂e a year``; empty for a plain count.
    """

    code: str
    dimension: str
    factor: Fraction
    label: str


_SCALES = (("t", 1), ("kt", 1_000), ("Mt", 1_000_000))
_MASSES = tuple(
    Unit(
        f"{scale}{substance}{rate}",
        f"{name}{per}",
        Fraction(factor),
        f"{scale}{words}{per}",
    )
    for substance, words, name in (
        ("CO2e", " CO₂e", "greenhouse gas"),
        ("", "", "mass"),
    )
    for rate, per in (("", ""), ("/y", " a year"))
    for scale, factor in _SCALES
)

UNITS: tuple[Unit, ...] = (
    *_MASSES,
    Unit("kW", "power", Fraction(1), "kW"),
    Unit("MW", "power", Fraction(1_000), "MW"),
    Unit("GW", "power", Fraction(1_000_000), "GW"),
    Unit("MWh", "energy", Fraction(1), "MWh"),
    Unit("GWh", "energy", Fraction(1_000), "GWh"),
    Unit("TWh", "energy", Fraction(1_000_000), "TWh"),
    Unit("percent", "ratio", Fraction(1, 100), "%"),
    Unit("share", "ratio", Fraction(1), "share"),
    Unit("count", "count", Fraction(1), ""),
    Unit("jobs", "jobs", Fraction(1), "jobs"),
    Unit("months", "duration", Fraction(1), "months"),
    Unit("years", "duration", Fraction(12), "years"),
    Unit("degrees", "angle", Fraction(1), "°"),
)

# Spaces and case are folded away (see _fold); what stands here is lower case but for M = mega
_MASS_SPELLINGS = {
    "t": (
        "t",
        "tonne",
        "tonnes",
        "metricton",
        "metrictons",
        "metrictonne",
        "metrictonnes",
        "tonnen",
        "tonnellate",
        "toneladas",
    ),
    "kt": (
        "kt",
        "kilotonne",
        "kilotonnes",
        "thousandtonnes",
        "thousandt",
        "1000t",
        "1000tonnes",
        "kilotonnen",
        "tsdt",
        "tsdtonnen",
    ),
    "Mt": (
        "Mt",
        "megatonne",
        "megatonnes",
        "milliontonnes",
        "milliont",
        "millionmetrictons",
    )
    + ("milliontonne", "millionmetrictonnes", "megatonnen", "miot", "miotonnen", "millionentonnen"),
}
_SUBSTANCE_SPELLINGS = {
    # a tonne of CO2 is a tonne of CO2e by definition, whatever the assessment report
    "CO2e": ("co2e", "co2eq", "co2-e", "co2-eq", "co2equivalent", "co2equivalents")
    + ("co2-equivalent", "co2-equivalents", "co2", "co2äq", "co2-äq", "co2-äquivalente")
    + ("co2äquivalente", "eqco2", "co2équivalent", "co2-équivalent"),
    "": ("", "h2", "hydrogen", "product", "products"),
}
_RATE_SPELLINGS = {
    "": ("",),
    "/y": (
        "/y",
        "/yr",
        "/year",
        "/a",
        "/annum",
        "peryear",
        "peryr",
        "perannum",
        "pery",
        "pa",
    )
    + ("ayear", "annually", "y-1", "yr-1", "a-1", "a", "/jahr", "projahr", "/an", "paran")
    + ("/jaar", "perjaar", "/año", "poraño", "/anno", "all'anno", "/ano", "porano", "/år", "perår"),
}
_OTHER_SPELLINGS = {
    "kW": ("kw", "kilowatt", "kilowatts"),
    "MW": ("Mw", "megawatt", "megawatts"),
    "GW": ("gw", "gigawatt", "gigawatts"),
    "MWh": ("Mwh", "megawatthour", "megawatthours", "megawatt-hour", "megawatt-hours"),
    "GWh": ("gwh", "gigawatthour", "gigawatthours", "gigawatt-hour", "gigawatt-hours"),
    "TWh": ("twh", "terawatthour", "terawatthours", "terawatt-hour", "terawatt-hours"),
    "percent": ("percent", "%", "pct", "percentage"),
    "share": ("share", "fraction"),
    "count": ("count", "number", "#"),
    "jobs": ("jobs", "job"),
    "months": ("months", "month"),
    "years": ("years", "year", "yrs", "yr"),
    "degrees": ("degrees", "degree", "deg", "°"),
}


_BY_CODE = {unit.code: unit for unit in UNITS}


def _invert(spellings: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {spelling: part for part, many in spellings.items() for spelling in many}


_MASS_PART = _invert(_MASS_SPELLINGS)
_SUBSTANCE_PART = _invert(_SUBSTANCE_SPELLINGS)
_RATE_PART = _invert(_RATE_SPELLINGS)
_OTHER_CODE = _invert(_OTHER_SPELLINGS)
_MASS_UNIT = re.compile(
    "(?P<mass>{})(?:of(?!$))?(?:(?P<substance>{})(?P<rate>{})|(?P<rate_first>{})(?P<after>{}))".format(
        *(
            "|".join(map(re.escape, part))
            for part in (_MASS_PART, _SUBSTANCE_PART, _RATE_PART, _RATE_PART, _SUBSTANCE_PART)
        )
    )
)


def _parse(text: str) -> str | None:
    folded = _fold(text)
    parts = _MASS_UNIT.fullmatch(folded)
    if parts is None:
        return _OTHER_CODE.get(folded)
    substance, rate = parts["substance"], parts["rate"]
    if substance is None:  # "kt/a CO2"
        substance, rate = parts["after"], parts["rate_first"]
    return _MASS_PART[parts["mass"]] + _SUBSTANCE_PART[substance] + _RATE_PART[rate]


def _fold(text: str) -> str:
    """Fold away what never changes a meaning: spaces, subscripts, dots, brackets and case.

    Only the M of mega keeps its case: it is the one prefix that another case gives a meaning.
    """
    plain = unicodedata.normalize("NFKC", text).replace("−", "-").replace("–", "-")
    plain = re.sub(r"[\s._()\[\]^·⋅]", "", plain)
    folded = plain.lower()
    return "M" + folded[1:] if re.match(r"M(t(?!on)|[Ww])", plain) else folded


# What a spelling could mean: how the units begin, and what to write
_AMBIGUOUS = tuple(
    (re.compile(pattern), beginnings, advice)
    for pattern, beginnings, advice in (
        ("^mt", ("Mt", "t"), "write Mt for million tonnes, t for metric tonnes"),
        ("^mw", ("MW",), "write MW or MWh with a capital M"),
        (
            "tons?(?!n)",
            ("t", "kt", "Mt"),
            "write t for metric tonnes, kt for thousands and Mt for millions of them",
        ),
    )
)


def find_unit(text: str) -> Unit:
    """Find the unit that a text spells.

    Parameters
    ----------
    text
        A code of the table or what somebody typed: ``MtCO2e/y``, ``Mt CO₂e per year``, ``%``.

    Raises
    ------
    UnitError
        If the table does not know it, or if it could mean two units; lists the accepted ones.

    Examples
    --------
    >>> find_unit("kilotonnes of CO2-eq p.a.").code
    'ktCO2e/y'
    """
    code = _parse(text)
    if code is not None:
        return _BY_CODE[code]
    for pattern, _, advice in _AMBIGUOUS:
        if pattern.search(_fold(text)):
            what, do = "a unit that could mean two things", advice
            break
    else:
        what, do = "unknown unit", "use one of these units"
    raise UnitError(what, expected=", ".join(_BY_CODE), found=text, do=do)


def list_meanings(text: str, asked: str) -> tuple[str, ...]:
    """List the units convertible into one that a text could mean which has several meanings.

    Examples
    --------
    >>> list_meanings("MT", "kt/y")
    ('Mt/y', 't/y')
    """
    for pattern, beginnings, _ in _AMBIGUOUS:
        if pattern.search(_fold(text)):
            starts = [re.compile(f"{begin}(?![a-z])") for begin in beginnings]
            return tuple(u for start in starts for u in accepted_units(asked) if start.match(u))
    return ()


def accepted_units(unit_code: str) -> tuple[str, ...]:
    """List the codes of all units that convert into this one, as for a drop-down list.

    Raises
    ------
    UnitError
        If the table does not know the unit.

    Examples
    --------
    >>> accepted_units("MW")
    ('kW', 'MW', 'GW')
    """
    dimension = find_unit(unit_code).dimension
    return tuple(unit.code for unit in UNITS if unit.dimension == dimension)


def convert(value: float, from_unit: Unit | str, to_unit: Unit | str) -> float:
    """Convert a number from one unit into another of the same dimension.

    The number is taken as the decimal that prints it and scaled by an exact ratio; only the
    result is rounded, once, to the nearest float. A value that is not finite stays as it is.

    Raises
    ------
    UnitError
        If a unit is unknown, or if the two measure different things.

    Examples
    --------
    >>> convert(18.7, "Mt", "kt")
    18700.0
    """
    origin = find_unit(from_unit) if isinstance(from_unit, str) else from_unit
    goal = find_unit(to_unit) if isinstance(to_unit, str) else to_unit
    if origin.dimension != goal.dimension:
        raise UnitError(
            f"{origin.code} is {origin.dimension} and {goal.code} is {goal.dimension}",
            expected=", ".join(accepted_units(goal.code)),
            found=origin.code,
            do="report the number in one of these units",
        )
    if not math.isfinite(value):
        return float(value)
    return float(Fraction(repr(float(value))) * origin.factor / goal.factor)
