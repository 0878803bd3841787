"""What people write where a list, a unit or a currency is asked, and what becomes of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annual_report.framework import read_framework
from annual_report.project import find_project
from annual_report.survey.form.book import Cell
from annual_report.survey.reading.currencies import Beside, Currencies
from annual_report.survey.reading.meaning import asked, read_cell
from annual_report.survey.reading.spellings import match_entry

FRAMEWORK = read_framework(find_project())


def read(text, list_name):
    cell = Cell("Sheet", 1, 1, "s", text, "General")
    return read_cell(cell, asked(FRAMEWORK, "choice", unit=None, choices=list_name))


COUNTRIES = {
    "US": ["USA", "U.S.A.", "usa", "United States of America", "U.S.", "America", "Estados Unidos"],
    "GB": ["UK", "U.K.", "uk ", "Great Britain", "England", "GBR", "United Kingdom.", "The UK"],
    "DE": ["Deutschland", "germany", "GERMANY ", "DEU", "Allemagne", "Alemania", "Duitsland"],
    "ES": ["España", "Espana", "ESPAÑA", "Spain.", "Spanien"],
    "NL": ["Nederland", "Holland", "The Netherlands", "the netherlands", "NLD"],
    "KR": ["Korea", "South Korea", "Republic of Korea", "대한민국", "KOR"],
    "VN": ["Viet Nam", "Vietnam", "Việt Nam"],
    "CN": ["China", "PRC", "P.R. China", "中国"],
    "JP": ["Japan", "日本", "JPN"],
    "SE": ["Sverige", "Sweden", "Suède"],
    "AT": ["Österreich", "Osterreich"],
    "CH": ["Schweiz", "Suisse", "Svizzera"],
    "BR": ["Brasil", "Brazil"],
    "AE": ["UAE", "U.A.E.", "Emirates"],
    "SA": ["KSA", "Saudi", "Kingdom of Saudi Arabia"],
    "CZ": ["Czech Republic", "Česko", "Czechia"],
    "TR": ["Turkey", "Türkiye", "Turkiye"],
    "CI": ["Ivory Coast", "Côte d'Ivoire"],
    "RU": ["Russian Federation"],
    "NO": ["Norge", "Norway", "NOR"],
    "HK": ["Hong Kong"],
    "BA": ["Bosnia and Herzegovina"],
}
ENTRIES = [
    ("levers", "ccus", ["CCS", "ccs.", "CCUS", "Carbon capture and storage", "CCU"]),
    ("levers", "hydrogen", ["H2", "HYDROGEN", "green hydrogen", "hydrogen."]),
    ("ghg_bases", "AR5", ["AR 5", "AR-5", "ar5", "IPCC AR5", "A.R.5"]),
    ("stages", "fid", ["FID", "F.I.D.", "Final investment decision"]),
    ("stages", "feed", ["FEED", "Front-end engineering design"]),
    ("stages", "construction", ["under  construction", "Under Construction."]),
    ("partner_statuses", "mou", ["MoU", "Memorandum of Understanding"]),
    ("government_levels", "supranational", ["Supranational", "supra-national"]),
    ("capacity_units", "Mt/y", ["Mtpa", "Mt/a", "Mt per year", "Mt p.a."]),
    ("capacity_units", "t/y", ["t/a", "tpa", "tonnes per annum"]),
    ("capacity_units", "MW", ["megawatt", "Mw"]),
    ("currencies", "EUR", ["Euro", "EURO", "euros", "eur"]),
    ("currencies", "USD", ["US dollar", "US Dollars", "usd"]),
    ("currencies", "CNY", ["RMB", "Renminbi", "Chinese yuan"]),
    ("currencies", "GBP", ["Pound sterling", "British pounds"]),
    ("languages", "de", ["german", "German."]),
]
SPELLED = [("countries", code, name) for code, names in COUNTRIES.items() for name in names]
SPELLED += [(lst, code, name) for lst, code, names in ENTRIES for name in names]


@pytest.mark.parametrize(("list_name", "code", "text"), SPELLED)
def test_what_has_one_meaning_is_read_and_shown(list_name, code, text):
    meaning = read(text, list_name)
    assert (meaning.status, meaning.text) == ("reported", code), meaning
    choice = next(c for c in FRAMEWORK.choices[list_name] if c.code == code)
    plain = " ".join(text.split()).casefold() in (choice.code.casefold(), choice.label.casefold())
    assert [ask.code for ask in meaning.asks] == ([] if plain else ["answer-understood"])
    assert plain or choice.label in meaning.note


@pytest.mark.parametrize(
    ("list_name", "text", "proposed"),
    [
        ("countries", "Untied Kingdom", "United Kingdom (GB)"),
        ("countries", "Germnay", "Germany (DE)"),
        ("countries", "Swedn", "Sweden (SE)"),
        ("countries", "Netherland", "Netherlands (NL)"),
        ("levers", "Hydrogn", "Hydrogen"),
        ("levers", "Carbon capture and storge", "Carbon capture, utilisation and storage"),
        ("stages", "Announcd", "Announced"),
        ("currencies", "Euroo", "Euro (EUR)"),
    ],
)
def test_a_near_miss_proposes_what_may_be_meant(list_name, text, proposed):
    (ask,) = read(text, list_name).asks
    assert (ask.code, ask.close) == ("choice-unknown", True)
    assert proposed in ask.expected.split(" or ")
    assert len(ask.expected.split(" or ")) <= 3


@pytest.mark.parametrize("text", ["Atlantis", "somewhere", "🙂", "q", "12"])
def test_what_is_near_nothing_lists_no_250_countries(text):
    (ask,) = read(text, "countries").asks
    assert (ask.code, ask.close) == ("choice-unknown", False)
    assert len(ask.expected) < 60


def test_what_is_near_nothing_lists_the_entries_of_a_short_list():
    (ask,) = read("Nuclear", "levers").asks
    assert ask.expected.count(";") == 3


def test_no_answer_is_no_country():
    assert read("n/a", "countries").status == "not applicable"
    assert read("-", "countries").status == "missing"
    assert read("NA", "countries").text == "NA"


LISTED = [(name, choice) for name, choices in FRAMEWORK.choices.items() for choice in choices]


@given(st.sampled_from(LISTED), st.data())
def test_case_spaces_and_marks_change_no_entry(listed, data):
    list_name, choice = listed
    text = data.draw(st.sampled_from([choice.code, choice.label, *choice.also]))
    cased = data.draw(st.sampled_from([str, str.upper, str.lower, str.title]))(text)
    ends = st.sampled_from(["", " ", ".", "  ", " .", "\u00a0"])
    typed = data.draw(ends) + cased.replace(" ", data.draw(st.sampled_from([" ", "  "])))
    typed += data.draw(ends)
    meaning = read(typed, list_name)
    assert meaning.text == choice.code, typed


@given(st.sampled_from([c for name, c in LISTED if name == "countries"]), st.data())
def test_one_slip_in_a_long_name_is_a_proposal_and_never_another_country(choice, data):
    word = choice.label
    if len(word) < 7:
        return
    at = data.draw(st.integers(1, len(word) - 2))
    slipped = word[:at] + word[at + 1 :]
    match = match_entry(slipped, FRAMEWORK.choices["countries"], "countries")
    assert match.code in (None, choice.code)
    assert match.code or choice.code in (*match.near, *match.several)


@given(st.text(max_size=30), st.sampled_from(sorted(FRAMEWORK.choices)))
def test_nothing_that_is_typed_into_a_list_is_a_fault(text, list_name):
    meaning = read(text, list_name)
    assert (meaning.text is not None) == (meaning.status == "reported")


def currency(text, *, country=None, own=None):
    choices = FRAMEWORK.choices["currencies"]
    cell = Cell("Sheet", 1, 1, "s", text, "General")
    return Currencies(choices, own=Beside(own), country=country).read_cell(cell)


@pytest.mark.parametrize(
    ("text", "country", "own", "code"),
    [
        ("€", None, None, "EUR"),
        ("US$", None, None, "USD"),
        ("A$", None, None, "AUD"),
        ("£", "GB", None, "GBP"),
        ("£", "DE", None, "GBP"),
        ("zł", "PL", None, "PLN"),
        # a sign that several currencies share is the return's own, or its country's
        ("$", "AU", "AUD", "AUD"),
        ("$", "AU", "USD", "USD"),
        ("¥", "JP", None, "JPY"),
        ("¥", "CN", None, "CNY"),
        ("kr", "SE", None, "SEK"),
        ("kr", "NO", "EUR", "NOK"),
        # or the one that everybody means by it, where no other is near
        ("$", "DE", None, "USD"),
        ("$", "US", None, "USD"),
        ("$", "SA", "SAR", "USD"),
        ("dollars", "JP", None, "USD"),
    ],
)
def test_a_sign_with_one_meaning_is_read_and_shown(text, country, own, code):
    meaning, factor = currency(text, country=country, own=own)
    assert (meaning.text, factor) == (code, 1)
    assert meaning.note == f"{text} read as {code}"


@pytest.mark.parametrize(
    ("text", "country", "options"),
    [
        ("$", "AU", "AUD or USD"),
        ("$", "CA", "CAD or USD"),
        ("$", "HK", "HKD or USD"),
        ("$", "MX", "MXN or USD"),
        ("¥", "DE", "JPY or CNY"),
        ("kr", "DE", "SEK or NOK or DKK or ISK"),
    ],
)
def test_a_sign_with_several_meanings_is_asked_about(text, country, options):
    meaning, _ = currency(text, country=country)
    (ask,) = meaning.asks
    assert (ask.code, ask.expected) == ("currency-ambiguous", options)


@pytest.mark.parametrize(
    ("text", "code", "factor"),
    [
        ("TEUR", "EUR", 1e3),
        ("T€", "EUR", 1e3),
        ("kEUR", "EUR", 1e3),
        ("Mio. EUR", "EUR", 1e6),
        ("m€", "EUR", 1e6),
        ("€m", "EUR", 1e6),
        ("MEUR", "EUR", 1e6),
        ("EUR million", "EUR", 1e6),
        ("USDm", "USD", 1e6),
        ("£bn", "GBP", 1e9),
        ("Mrd. EUR", "EUR", 1e9),
    ],
)
def test_thousands_and_millions_beside_an_amount_are_told(text, code, factor):
    meaning, times = currency(text, country="DE")
    assert (meaning.text, times) == (code, factor)
    assert f"{factor:,.0f} {code}" in meaning.note
