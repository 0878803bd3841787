"""What last edition said comes back the same from the next workbook, whatever its units were."""

from __future__ import annotations

import shutil
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.survey import fillings
from typer.testing import CliRunner

from annual_report.cli import app
from annual_report.edition import read_edition
from annual_report.framework import read_framework
from annual_report.project import Project, find_project
from annual_report.survey.form.layout import answer_cells, plan_layout, takes_unit
from annual_report.survey.reading.answer import Answer
from annual_report.survey.reading.meaning import Meaning
from annual_report.survey.reading.returns import read_return
from annual_report.survey.receiving.reading_process import ReadingProcess
from annual_report.survey.sending.outgoing import read_previous_answers, recall_answers
from annual_report.survey.sending.prefill import Earlier, prefill_question
from annual_report.survey.sending.workbook import write_workbook
from annual_report.units import accepted_units

SLOW = settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
REAL = read_framework(find_project())
CURRENCIES = ("EUR", "JPY", "USD")
GOALS = ("baseline", "target")
# As a table of weights and measures has them, and not as the code does
SIZES = {"t": 1, "kt": 10**3, "Mt": 10**6, "kW": 1, "MW": 10**3, "GW": 10**6}
SIZES |= {"months": 1, "years": 12}


def measure(value, beside):
    """A quantity in the smallest unit of its kind, or with what cannot be converted beside it."""
    number = Decimal(f"{value:.15g}")
    size = SIZES.get(str(beside).removesuffix("/y").removesuffix("CO2e"))
    return (number, beside) if size is None else number * size


def is_same(one, other):
    """Whether two numbers, each with its unit or currency, are one quantity."""
    quantity, again = measure(*one), measure(*other)
    if "years" in (one[1], other[1]):  # a twelfth of fifteen digits may need one more
        return abs(quantity - again) <= quantity * Decimal("1e-14")
    return quantity == again


@pytest.fixture(scope="module")
def process():
    with ReadingProcess(seconds=60) as one:
        yield one


@st.composite
def quantities(draw, question):
    """What a return may have said to a question: each field in a unit of its own, or in none."""
    numbers = st.one_of(
        st.integers(0, 10**9),
        st.floats(0, 1e9, allow_subnormal=False),  # no cell holds smaller ones
        st.decimals(0, 10**6, places=4).map(float),
    )
    said = {}
    for name, kind in question.fields:
        if name in ("comment", "value_year") or not draw(st.booleans()):
            continue
        if kind in ("number", "money"):
            units = accepted_units(question.unit) if question.unit else ()
            unit = draw(st.sampled_from((*units, None))) if takes_unit(question) else question.unit
            currency = draw(st.sampled_from((*CURRENCIES, None))) if kind == "money" else None
            said[name] = Earlier(draw(numbers), unit, currency)
        elif kind == "percent":
            said[name] = Earlier(draw(st.integers(0, 10**6)) / 10_000, "percent")
        elif kind == "year":
            said[name] = Earlier(draw(st.integers(2000, 2100)))
    return said


QUESTIONS = tuple(
    question
    for question in REAL.questions.values()
    if question.kind in ("number", "money", "percent", "year")
)
# The questionnaire asks for no baseline or target in money; another may
MONEY = REAL.questions["FIN-01"].model_copy(update={"baseline": True, "target": True})


@given(data=st.data())
@settings(max_examples=300)
def test_each_quantity_is_the_same_in_the_unit_of_its_row_or_left_out_with_a_reason(data):
    question = data.draw(st.sampled_from((*QUESTIONS, MONEY)))
    said = data.draw(quantities(question))
    prefill = prefill_question(question, said)
    row = prefill.answers.get("unit", prefill.answers.get("currency", question.unit))
    left_out = []
    for name, one in said.items():
        if name in prefill.answers:
            beside = row if name in GOALS else None
            assert is_same((prefill.answers[name], beside), (one.value, one.beside))
        elif name in GOALS:
            left_out.append(name)
    assert set(prefill.answers) <= {*said, "unit", "currency"}
    last = said.get("value")
    if prefill.last is not None:
        assert is_same((prefill.last.value, prefill.last.beside), (last.value, last.beside))
    elif last is not None:
        left_out.append("value")
    assert len(prefill.notes) == len(left_out)
    for name in left_out:
        assert any(f"Last edition's {name} was " in note for note in prefill.notes)
        # a unit that is known is never a reason: numbers of a spreadsheet convert exactly
        assert said[name].unit is None


@pytest.mark.parametrize(
    ("said", "row", "answers"),
    [
        ({"value": (47_000, "kt"), "baseline": (58, "Mt"), "target": (31.3, "Mt")}, "Mt", (58, 31.3)),
        ({"value": (47_000, "kt"), "baseline": (58_000, "kt")}, "kt", (58_000, None)),
        ({"baseline": (0.1, "t"), "target": (12_345_678.9, "kt")}, "Mt", (1e-7, 12_345.6789)),
        ({"value": (2, "kt"), "target": (0.3, "kt")}, "kt", (None, 0.3)),
        ({}, "Mt", (None, None)),
    ],
)  # fmt: skip
def test_a_row_has_one_unit_and_numbers_as_one_would_type_them(said, row, answers):
    earlier = {name: Earlier(value, f"{unit}CO2e/y") for name, (value, unit) in said.items()}
    prefill = prefill_question(REAL.questions["CLU-08"], earlier)
    assert prefill.answers["unit"] == f"{row}CO2e/y"
    assert tuple(prefill.answers.get(name) for name in GOALS) == answers
    assert prefill.notes == ()


def test_months_are_not_written_as_a_third_of_a_year():
    years = REAL.questions["POL-01"].model_copy(update={"unit": "years"})
    said = {"baseline": Earlier(40, "months"), "target": Earlier(2.5, "years")}
    answers = prefill_question(years, said).answers
    assert answers == {"unit": "months", "baseline": 40, "target": 30}


def test_a_number_too_small_for_a_cell_is_never_zero():
    said = {"value": Earlier(1, "tCO2e/y"), "target": Earlier(5e-324, "tCO2e/y")}
    asked = {"value": Earlier(1, "MtCO2e/y"), **said, "baseline": Earlier(1, "MtCO2e/y")}
    for earlier in (said, asked):
        prefill = prefill_question(REAL.questions["CLU-08"], earlier)
        assert prefill.answers["unit"] == "tCO2e/y"
        assert prefill.answers["target"] == 5e-324


def test_no_amount_is_exchanged_and_the_row_says_why_one_is_missing():
    said = {
        "value": Earlier(5e9, currency="EUR"),
        "baseline": Earlier(1e9, currency="USD"),
        "target": Earlier(6.5e9, currency="EUR"),
    }
    prefill = prefill_question(MONEY, said)
    assert prefill.answers == {"target": 6.5e9, "currency": "EUR"}
    (note,) = prefill.notes
    assert note == (
        "Last edition's baseline was 1,000,000,000 USD. It is not filled in here: another amount "
        "of this row was in EUR, and a row has one currency."
    )
    assert prefill.last == said["value"]


# --- through real workbooks


def pass_on(path, items, *, framework, edition, cluster, process):
    """Write the next edition's workbook from what a return said, and read it back untouched."""
    previous = recall_answers(items)
    write_workbook(path, framework=framework, edition=edition, cluster=cluster, previous=previous)
    return read_return(path, framework=framework, edition=edition, process=process)


def assert_taken_over(items, again, framework):
    """Every goal that the workbook has a cell for says again what it said."""
    now = {(a.question, a.field): a for a in again.items if not a.row}
    goals = ("baseline", "baseline_year", "target", "target_year")
    for one in items:
        if one.row or one.field not in goals or one.meaning.status not in ("reported", "corrected"):
            continue
        other = now[one.question, one.field]
        key = f"{one.question}.{one.field}"
        if other.meaning.status == "missing":
            # only what has no unit, or another currency than its row, may be left out
            beside = {a.unit or a.currency for a in items if a.question == one.question}
            assert framework.questions[one.question].kind == "money" or None in beside, key
            continue
        before = one.meaning.number, one.unit or one.currency
        assert is_same((other.meaning.number, other.unit or other.currency), before), key
    found = {fault.code for fault in again.faults}
    assert found <= {"missing-required"}


@st.composite
def returns(draw):
    """The single questions of a return, each number in a unit of its own."""
    items = []
    for question in QUESTIONS:
        for name, one in draw(quantities(question)).items():
            kind = dict(question.fields)[name]
            unit = one.unit or (question.unit if kind == "number" else None)
            currency = one.currency or ("EUR" if kind == "money" else None)
            low, high = question.minimum or 0, question.maximum or 1e9
            if kind in ("number", "money") and not low <= one.value <= high / 1e6:
                continue
            meaning = Meaning("reported", float(one.value))
            items.append(Answer(question.code, 0, name, kind, meaning, unit, currency))
    return items


@SLOW
@given(items=returns())
def test_any_return_to_the_questionnaire_comes_back_from_the_next_workbook(
    items, tmp_path, edition, cluster, process
):
    again = pass_on(
        tmp_path / "next.xlsx",
        items,
        framework=REAL,
        edition=edition,
        cluster=cluster,
        process=process,
    )
    assert_taken_over(items, again, REAL)


@st.composite
def typed_fillings(draw, framework):
    """Fillings in which some numbers carry a unit or currency of their own."""
    answers = draw(fillings.fillings(framework, rows=1))
    slots = plan_layout(framework).slots()
    for key, value in answers.items():
        slot = slots[key]
        if slot.item is None or slot.field not in ("value", *GOALS) or key.count(".") > 1:
            continue
        if slot.item.kind == "number" and draw(st.booleans()):
            unit = draw(st.sampled_from(accepted_units(slot.item.unit)))
            answers[key] = f"{value:.9g} {unit}" if unit != "count" else value
        elif slot.item.kind == "money" and draw(st.booleans()):
            answers[key] = f"{draw(st.sampled_from(CURRENCIES))} {value:.0f}"
    return answers | {"STA-03.value": "EUR", "STA-05.value": "en"}


@settings(SLOW, max_examples=6)
@given(data=st.data())
def test_whatever_units_were_typed_they_come_back_as_the_same_quantities(
    data, tmp_path, framework, edition, cluster, process
):
    path = tmp_path / "first.xlsx"
    answers = data.draw(typed_fillings(framework))
    write_workbook(path, framework=framework, edition=edition, cluster=cluster, answers=answers)
    first = read_return(path, framework=framework, edition=edition, process=process)
    again = pass_on(
        tmp_path / "next.xlsx",
        first.items,
        framework=framework,
        edition=edition,
        cluster=cluster,
        process=process,
    )
    assert_taken_over(first.items, again, framework)


# --- from the command line


@pytest.fixture
def house(root, tmp_path, monkeypatch):
    """The project with an edition more, which asks the clusters of the example again."""
    for name in (
        "framework",
        "editions",
        "reference",
        "raw/example",
        "raw/example-2022",
        "corrections",
    ):
        shutil.copytree(root / "data" / name, tmp_path / "data" / name)
    editions = tmp_path / "data" / "editions"
    text = (editions / "example.yaml").read_text(encoding="utf-8")
    for old, new in (
        ("edition: example", "edition: example-2024"),
        ("year: 2023", "year: 2024"),
        ("previous: example-2022", "previous: example"),
        ("2024-05-15", "2025-05-15"),
    ):
        text = text.replace(old, new, 1)
    (editions / "example-2024.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path)


def call(*arguments):
    result = CliRunner().invoke(app, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_kilotonnes_beside_megatonnes_come_back_as_they_were(house):
    """One number of this row was typed in kt, the others stood in Mt."""
    raw = house.raw("example")
    for path in raw.glob("*.xlsx"):
        if path.stem != "hoshizaki":
            path.unlink()
    assert call("survey", "example-2024", "--cluster", "hoshizaki").exit_code == 0
    path = house.reports("example-2024") / "surveys" / "hoshizaki.xlsx"
    book = openpyxl.load_workbook(path)

    def at(field):
        sheet, _, cell = book.defined_names[f"CLU_08.{field}"].attr_text.rpartition("!")
        return book[sheet.strip("'")][cell.replace("$", "")]

    assert [at(name).value for name in ("baseline", "target", "unit")] == [58, 31.3, "MtCO2e/y"]
    sheet = at("value").parent
    (head,) = [c for row in sheet.iter_rows(max_row=8) for c in row if c.value == "Last edition"]
    last = sheet.cell(at("value").row, head.column)
    assert (last.value, last.number_format.split(";")[-1]) == (47, 'General" MtCO2e/y"')

    house.raw("example-2024").mkdir()
    shutil.copy(path, house.raw("example-2024"))
    told = call("check", "example-2024", "--cluster", "hoshizaki")
    for wrong in ("baseline differs", "thousand times", "ten times", "do not add up"):
        assert wrong not in told.stdout


@pytest.mark.long
def test_every_goal_of_a_season_comes_back_as_it_was(house, process):
    assert call("survey", "example-2024").exit_code == 0
    edition = read_edition(house, "example-2024")
    told = 0
    for cluster in edition.clusters:
        path = house.reports("example-2024") / "surveys" / f"{cluster.id}.xlsx"
        read = read_return(path, framework=REAL, edition=edition, process=process)
        now = {f"{a.question}.{a.field}": a for a in read.items if not a.row}
        for key, one in read_previous_answers(house, "example", cluster.id).items():
            code, _, field = key.partition(".")
            if field == "value" or field not in answer_cells(REAL.questions[code]):
                continue
            other = now[key]
            again = other.meaning.number, other.unit or other.currency
            assert is_same(again, (one.value, one.beside)), key
            told += 1
    assert told == 782
