"""The questionnaire itself: is everything asked that should be, and asked well?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from annual_report.framework import Framework, Question, TableColumn, read_framework
from annual_report.project import Project
from annual_report.tables import BASES, CONSENTS
from annual_report.units import find_unit

ROOT = Path(__file__).parents[2]

# What the survey was asked to hold, sheet by sheet, and where it does
ASKED = {
    "cluster, prefilled": "STA-01",
    "contact role": "STA-02",
    "reporting currency": "STA-03",
    "reporting year": "STA-04",
    "language": "STA-05",
    "sign-off, by role": "STA-06",
    "sign-off, on a day": "STA-07",
    "country": "CLU-01",
    "latitude": "CLU-02",
    "longitude": "CLU-03",
    "year joined": "CLU-04",
    "companies or tenants": "CLU-05",
    "sectors": "CLU-T1",
    "scope 1 emissions": "CLU-06",
    "scope 2 emissions": "CLU-07",
    "scope 1 and 2 emissions": "CLU-08",
    "AR basis": "CLU-09",
    "CO2e reduction potential": "CLU-10",
    "direct GDP contribution": "CLU-11",
    "jobs created, direct": "CLU-12",
    "jobs created, indirect": "CLU-13",
    "jobs protected, direct": "CLU-14",
    "jobs protected, indirect": "CLU-15",
    "governance level": "PAR-01",
    "trust and data sharing level": "PAR-02",
    "cross-company decision body": "PAR-03",
    "dedicated staff": "PAR-04",
    "members signed": "PAR-05",
    "shared infrastructure under joint development": "PAR-06",
    "cross-cluster or cross-border collaborations": "PAR-07",
    "people trained in shared talent programmes": "PAR-08",
    "standards work for new infrastructure": "PAR-09",
    "partners": "PAR-T1",
    "permitting time": "POL-01",
    "emissions under a carbon price": "POL-02",
    "policy gap, efficiency": "POL-03a",
    "policy gap, electrification": "POL-03b",
    "policy gap, hydrogen": "POL-03c",
    "policy gap, capture": "POL-03d",
    "government engagement level": "POL-04",
    "local regulation streamlined level": "POL-05",
    "policies": "POL-T1",
    "investment needed to the target year": "FIN-01",
    "business-case readiness level": "FIN-03",
    "funding": "FIN-T1",
    "renewable capacity": "TEC-01",
    "low-carbon hydrogen": "TEC-02",
    "CO2 captured": "TEC-03",
    "circularity or recovery rate": "TEC-04",
    "electrified heat share": "TEC-05",
    "projects": "TEC-T1",
    "case studies": "HIG-T1",
    "quotes": "HIG-T2",
}
COLUMNS = {
    "PAR-T1": "name type side status cross_border",
    "POL-T1": "name level instrument status lever",
    "FIN-T1": "source sector instrument amount currency year status project",
    "TEC-T1": "name lever stage capacity capacity_unit expected_abatement delivered_abatement "
    "capex currency fid_year start_year shared",
    "HIG-T1": "pillar title problem action result evidence",
    "HIG-T2": "text role approved",
}
CHOICES = {
    "levers": ["efficiency", "electrification", "hydrogen", "ccus"],
    "sides": ["supply", "demand", "infrastructure", "finance", "government", "research"],
    "partner_statuses": ["exploring", "mou", "agreement", "operating"],
    "government_levels": ["local", "national", "supranational"],
    "policy_statuses": ["called_for", "proposed", "adopted", "in_force"],
    "money_sides": ["public", "private"],
    "funding_statuses": ["announced", "committed", "disbursed"],
    "stages": ["announced", "feasibility", "feed", "fid", "construction", "operational"],
    "ghg_bases": ["AR4", "AR5", "AR6"],
}
WITH_BASELINE_AND_TARGET = (
    "CLU-06", "CLU-07", "CLU-08", "PAR-08", "POL-01",
    "TEC-01", "TEC-02", "TEC-03", "TEC-04", "TEC-05",
)  # fmt: skip
SCORED = {
    "partnerships": "GOVERNANCE SHARING PARTNERS SIDES INFRASTRUCTURE TRAINED",
    "policy": "PERMITTING CARBONPRICE INFORCE GAP STREAMLINED ENGAGEMENT",
    "finance": "SECURED PASTFID DISBURSED READINESS",
    "technology": "EMISSIONS DELIVERED PASTFID RENEWABLE HYDROGEN CAPTURE CIRCULARITY HEAT",
}
CONTEXT = {
    "partnerships": "CROSSBORDER",
    "policy": "INSTRUMENTS",
    "finance": "LEVERAGE INSTRUMENTS",
    "technology": "",
}
# Calculations that give something else than a unit of the table
OTHER_UNITS = {"level", "ratio", "money"}


@pytest.fixture(scope="module")
def framework() -> Framework:
    return read_framework(Project(ROOT))


def _columns(framework: Framework) -> list[TableColumn]:
    return [column for table in framework.tables.values() for column in table.columns]


@pytest.mark.parametrize(("item", "code"), ASKED.items(), ids=list(ASKED))
def test_every_item_of_the_survey_is_asked(framework: Framework, item: str, code: str) -> None:
    assert code in framework.questions or code in framework.tables, item


def test_sheets_stand_in_the_order_of_the_workbook(framework: Framework) -> None:
    titles = "Start here, Cluster, Partnerships, Policy, Finance, Technology, Highlights"
    assert ", ".join(section.title for section in framework.sections) == titles


@pytest.mark.parametrize("code", COLUMNS)
def test_tables_have_their_columns_and_room_for_sixty_rows(framework: Framework, code: str) -> None:
    table = framework.tables[code]
    assert [column.name for column in table.columns] == COLUMNS[code].split()
    assert table.rows == 60


@pytest.mark.parametrize("name", CHOICES)
def test_lists_hold_the_steps_asked_for(framework: Framework, name: str) -> None:
    assert [choice.code for choice in framework.choices[name]] == CHOICES[name]


def test_what_is_compared_with_a_target_takes_baseline_target_and_years(
    framework: Framework,
) -> None:
    for code in WITH_BASELINE_AND_TARGET:
        question = framework.questions[code]
        assert (question.baseline, question.target, question.dated) == (True, True, True), code


@pytest.mark.parametrize("pillar", SCORED)
def test_indicators_of_each_pillar_are_complete(framework: Framework, pillar: str) -> None:
    for scored, wanted in ((True, SCORED), (False, CONTEXT)):
        found = {i.code.split("-", 1)[1] for i in framework.indicators_of(pillar, scored=scored)}
        assert found == set(wanted[pillar].split())
    assert 6 <= len(framework.indicators_of(pillar)) <= 8


def test_indicators_carry_the_prefix_of_their_pillar(framework: Framework) -> None:
    prefixes = {pillar.code: pillar.prefix for pillar in framework.pillars}
    for indicator in framework.indicators:
        assert indicator.code.startswith(prefixes[indicator.pillar]), indicator.code


def test_headlines_are_potential_gdp_jobs_and_emissions(framework: Framework) -> None:
    asked = {h.code: h.questions for h in framework.headlines}
    assert asked == {
        "HEAD-POTENTIAL": ("CLU-10",),
        "HEAD-GDP": ("CLU-11",),
        "HEAD-JOBS": ("CLU-12", "CLU-13", "CLU-14", "CLU-15"),
        "HEAD-EMISSIONS": ("CLU-08",),
    }


def test_headline_of_money_is_named_in_the_currency_of_the_edition(framework: Framework) -> None:
    gdp = next(h for h in framework.headlines if h.code == "HEAD-GDP")
    assert gdp.name_unit("NOK") == "NOK bn"


def test_every_unit_is_one_of_the_table_and_in_its_own_spelling(framework: Framework) -> None:
    units = {x.unit for x in (*framework.questions.values(), *_columns(framework)) if x.unit}
    units |= {choice.code for choice in framework.choices["capacity_units"]}
    units |= {x.unit for x in (*framework.indicators, *framework.headlines)} - OTHER_UNITS
    assert {unit: find_unit(unit).code for unit in units} == {unit: unit for unit in units}


def test_every_list_is_used_and_every_used_list_exists(framework: Framework) -> None:
    used = {x.choices for x in (*framework.questions.values(), *_columns(framework)) if x.choices}
    assert used == set(framework.choices)


def test_labels_of_a_list_differ(framework: Framework) -> None:
    for name, choices in framework.choices.items():
        assert len({choice.label for choice in choices}) == len(choices), name


def test_every_currency_has_a_rate(framework: Framework) -> None:
    rates = (ROOT / "data" / "reference" / "exchange-rates.csv").read_text(encoding="utf-8")
    known = {line.split(",")[0] for line in rates.splitlines()[1:]} | {"EUR"}
    assert {choice.code for choice in framework.choices["currencies"]} <= known


def test_pillars_to_choose_from_are_the_pillars(framework: Framework) -> None:
    chosen = [(choice.code, choice.label) for choice in framework.choices["pillars"]]
    assert chosen == [(pillar.code, pillar.title) for pillar in framework.pillars]


def test_no_two_rubrics_share_a_level_in_words(framework: Framework) -> None:
    levels = [q for q in framework.questions.values() if q.kind == "level"]
    meanings = [step.meaning for question in levels for step in question.rubric]
    assert len(meanings) == 5 * len(levels)
    assert len(set(meanings)) == len(meanings)
    assert all(len(meaning) > 30 and meaning.endswith(".") for meaning in meanings)


def test_every_question_is_asked_in_full(framework: Framework) -> None:
    for question in framework.questions.values():
        assert question.text.endswith("?"), question.code
        assert len(question.guidance) > 40, question.code
        assert question.example, question.code
    for table in framework.tables.values():
        assert table.text.endswith("?"), table.code
        assert len(table.guidance) > 40, table.code
        # an example shows a row in the order of the columns
        if "|" in table.example:
            cells = table.example.split("|")
            assert len(cells) <= len(table.columns), table.code


def test_no_two_questions_have_the_same_words(framework: Framework) -> None:
    asked = [*framework.questions.values(), *framework.tables.values()]
    assert len({x.text for x in asked}) == len(asked)
    assert len({x.guidance for x in asked}) == len(asked)


def test_every_quantity_says_which_answers_are_plausible_and_why(framework: Framework) -> None:
    for field in (*framework.questions.values(), *_columns(framework)):
        name = field.code if isinstance(field, Question) else field.name
        if field.kind not in ("number", "money", "percent"):
            continue
        assert field.plausible, name
        for one in (r for r in field.plausible if r.per is None):
            assert None not in (one.low, one.high), name  # both bounds: a thousand either way
        for one in field.plausible:
            assert len(one.why.split()) > 2, name
        own = [r for r in field.plausible if r.per is None and r.unit in (None, field.unit)]
        for one in own:  # what cannot be is not plausible
            assert field.minimum is None or one.low >= field.minimum, name
            assert field.maximum is None or one.high <= field.maximum, name


def test_every_quantity_has_limits_of_what_can_be(framework: Framework) -> None:
    for field in (*framework.questions.values(), *_columns(framework)):
        name = field.code if isinstance(field, Question) else field.name
        if field.kind in ("number", "percent", "year"):
            assert field.minimum is not None, name
            assert field.maximum is not None, name
        if field.kind == "money":  # no largest amount: a dollar is some 15,000 rupiah
            assert field.minimum == 0, name


def test_measured_quantities_say_how_they_are_known(framework: Framework) -> None:
    for code in (*WITH_BASELINE_AND_TARGET, "CLU-10", "CLU-11", "CLU-12", "POL-02", "FIN-01"):
        assert framework.questions[code].basis, code


def test_start_explains_every_consent_and_basis(framework: Framework) -> None:
    intro = framework.sections[0].intro
    for word in (*CONSENTS, *BASES):
        assert f'"{word}"' in intro


def test_scored_inputs_are_required_or_may_be_marked_not_applicable(framework: Framework) -> None:
    for indicator in framework.indicators:
        for code in indicator.questions if indicator.scored else ():
            part = framework.questions.get(code) or framework.tables[code]
            assert part.required, code


def test_definitions_say_what_a_missing_answer_does(framework: Framework) -> None:
    for indicator in framework.indicators:
        assert re.search(r"no value|no share|gives none", indicator.definition), indicator.code


def test_no_text_is_longer_than_a_cell_shows(framework: Framework) -> None:
    for question in framework.questions.values():
        assert len(question.text) <= 120, question.code
        assert len(question.guidance) <= 620, question.code
    for table in framework.tables.values():
        assert len(table.guidance) <= 700, table.code
