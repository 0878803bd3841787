"""The workbook that goes out: what is in it, and that it is always the same."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import zipfile

import openpyxl
import pytest

from annual_report.errors import FrameworkError
from annual_report.framework import read_framework
from annual_report.project import find_project
from annual_report.survey.form.layout import (
    CONTENTS,
    COVER,
    defined_name,
    parse_defined_name,
    plan_layout,
)
from annual_report.survey.sending.prefill import Earlier
from annual_report.survey.sending.workbook import write_workbook


@pytest.fixture
def write(tmp_path, framework, edition, cluster):
    def go(answers=None, previous=None, name="survey.xlsx"):
        path = tmp_path / name
        write_workbook(
            path,
            framework=framework,
            edition=edition,
            cluster=cluster,
            answers=answers,
            previous=previous,
        )
        return path

    return go


def test_the_same_inputs_give_the_same_bytes(write):
    answers = {"FIN-01.value": 5, "FIN-T1.2.source": "A bank"}
    assert write(answers).read_bytes() == write(answers, name="again.xlsx").read_bytes()


def test_the_bytes_do_not_depend_on_the_order_of_sets(write, tmp_path):
    program = (
        "import sys, hashlib, pathlib;"
        "from annual_report.framework import read_framework;"
        "from annual_report.project import find_project;"
        "from annual_report.edition import read_edition;"
        "from annual_report.survey.sending.workbook import write_workbook;"
        "p = find_project(); e = read_edition(p, '2023'); path = pathlib.Path(sys.argv[1]);"
        "write_workbook(path, framework=read_framework(p), edition=e, cluster=e.clusters[0])"
    )
    written = []
    for seed in ("1", "2"):
        path = tmp_path / f"{seed}.xlsx"
        environment = os.environ | {"PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", program, str(path)], check=True, env=environment)
        written.append(path.read_bytes())
    assert written[0] == written[1]


def test_nothing_in_it_tells_when_it_was_built(write, edition):
    with zipfile.ZipFile(write()) as archive:
        days = {entry.date_time[:3] for entry in archive.infolist()}
        core = archive.read("docProps/core.xml").decode()
    day = edition.published
    assert days == {(day.year, day.month, day.day)}
    assert core.count(day.isoformat()) == 2


def test_every_answer_cell_and_table_column_has_a_name(write, framework):
    book = openpyxl.load_workbook(write())
    for key, slot in plan_layout(framework).slots().items():
        code, *rest = key.split(".")
        target = book.defined_names[defined_name(code, rest[-1])].attr_text
        sheet, _, cells = target.rpartition("!")
        assert sheet.strip("'") == slot.sheet
        first, _, last = cells.replace("$", "").partition(":")
        if last:
            assert first.rstrip("0123456789") == slot.cell.rstrip("0123456789")
        else:
            assert first == slot.cell


def test_names_read_back():
    assert parse_defined_name(defined_name("FIN-01a", "value")) == ("FIN-01a", "value")
    assert parse_defined_name("list_consent") is None


def test_each_section_and_each_table_has_a_sheet(write):
    book = openpyxl.load_workbook(write())
    assert book.sheetnames == [COVER, CONTENTS, "1 Finance", "1a Funding", "Lists", "About"]
    hidden = [s.title for s in book.worksheets if s.sheet_state != "visible"]
    assert hidden == ["Lists", "About"]


def test_only_answer_cells_are_unlocked(write, framework):
    book = openpyxl.load_workbook(write())
    slots = {(slot.sheet, slot.cell) for slot in plan_layout(framework).slots().values()}
    for sheet in book.worksheets:
        assert sheet.protection.sheet
        assert sheet.protection.password is None
        open_cells = {
            (sheet.title, cell.coordinate)
            for row in sheet.iter_rows()
            for cell in row
            if not cell.protection.locked
        }
        assert open_cells == {slot for slot in slots if slot[0] == sheet.title}
    assert book.security.lockStructure


def test_closed_questions_have_lists_and_others_have_words(write):
    book = openpyxl.load_workbook(write())
    rules = {
        cell: rule
        for sheet in book.worksheets
        for rule in sheet.data_validations.dataValidation
        for cell in str(rule.sqref).split()
    }
    sheet = book["1 Finance"]
    names = book.defined_names
    level = names["FIN_04.value"].attr_text.rpartition("!")[2].replace("$", "")
    listed = rules[level].formula1.lstrip("=")
    lists, _, cells = names[listed].attr_text.rpartition("!")
    labels = [cell[0].value for cell in book[lists.strip("'")][cells.replace("$", "")]]
    assert labels == [*(f"{n} – Step {n}" for n in range(5)), "n/a"]
    assert all(rule.promptTitle and rule.prompt for rule in rules.values())
    assert all(len(rule.prompt) <= 255 and len(rule.promptTitle) <= 32 for rule in rules.values())
    guidance = {cell.value for row in sheet.iter_rows() for cell in row if cell.value}
    assert any("2 – Step 2: Means 2." in str(text) for text in guidance)


def test_messages_name_bounds_as_they_are_typed(write):
    book = openpyxl.load_workbook(write())
    words = {
        str(rule.sqref): rule.error
        for sheet in book.worksheets
        for rule in sheet.data_validations.dataValidation
        if rule.error and "at most" in rule.error
    }
    assert "Please type a percentage, at least 0% and at most 100%" in " ".join(words.values())
    assert "at least 1900 and at most 2200" in " ".join(words.values())
    assert "at most 1,000,000" in " ".join(words.values())


def test_contents_count_what_is_answered_by_formulas(write):
    sheet = openpyxl.load_workbook(write())[CONTENTS]
    assert sheet["C4"].value.startswith("=COUNTIF(")
    assert sheet["C4"].value.endswith('&" of 12 answered"')


def test_last_edition_stands_in_grey_and_fills_the_goals(write):
    previous = {
        "FIN-02.value": Earlier(33.0, "Mt/y"),
        "FIN-02.baseline": Earlier(50.0, "Mt/y"),
        "FIN-02.target": Earlier(0, "Mt/y"),
        "FIN-04.value": Earlier(2),
    }
    book = openpyxl.load_workbook(write({"FIN-02.target": 5}, previous))
    sheet = book["1 Finance"]
    header = {cell.value: cell.column_letter for cell in sheet[4]}
    row = next(c.row for c in sheet["A"] if c.value == "FIN-02")

    def at(label):
        return sheet[f"{header[label]}{row}"]

    assert at("Last edition").value == 33
    assert at("Last edition").number_format.endswith('General" Mt/y"')
    assert at("Last edition").font.color.rgb.endswith("5B6B77")
    assert at("Answer").value is None
    assert (at("Baseline").value, at("Target").value) == (50, 5)
    assert at("Unit or currency").value == "Mt/y"


def test_what_is_not_filled_in_is_told_beside_the_question(write):
    previous = {
        "FIN-01.value": Earlier(7, currency="USD"),
        "FIN-01.target": Earlier(9),
    }
    sheet = openpyxl.load_workbook(write(previous=previous))["1 Finance"]
    row = next(c.row for c in sheet["A"] if c.value == "FIN-01")
    texts = {cell.value for cell in sheet[row]}
    (guidance,) = [t for t in texts if isinstance(t, str) and t.startswith("How to answer")]
    assert guidance.endswith(
        "Last edition's target was 9. It is not filled in here: its currency is not known."
    )
    assert 7 in texts
    assert 9 not in texts


def test_text_never_becomes_a_formula(write):
    book = openpyxl.load_workbook(write({"FIN-T1.1.source": '=HYPERLINK("http://x")'}))
    cell = book["1a Funding"]["B8"]
    assert (cell.data_type, cell.value) == ("s", '=HYPERLINK("http://x")')


def test_an_answer_that_no_cell_takes_is_an_authors_fault(write, tmp_path):
    with pytest.raises(FrameworkError, match="no cell"):
        write({"FIN-99.value": 1})
    assert not list(tmp_path.iterdir())


def test_properties_say_what_it_is(write, cluster):
    book = openpyxl.load_workbook(write())
    assert cluster.name in book.properties.title
    assert book.properties.description
    told = {prop.name: prop.value for prop in book.custom_doc_props.props}
    assert told["survey_cluster"] == cluster.id


def test_the_real_questionnaire_fits_into_a_small_file(tmp_path, edition, cluster):
    framework = read_framework(find_project())
    path = tmp_path / "real.xlsx"
    write_workbook(path, framework=framework, edition=edition, cluster=cluster)
    assert path.stat().st_size < 90_000
    book = openpyxl.load_workbook(path)
    assert len(book.sheetnames) > len(framework.sections)


def test_a_filled_day_is_a_day(write):
    book = openpyxl.load_workbook(write({"STA-07.value": dt.date(2024, 3, 1)}))
    target = book.defined_names["STA_07.value"].attr_text.rpartition("!")[2].replace("$", "")
    cell = book[COVER][target]
    assert cell.value == dt.datetime(2024, 3, 1)  # noqa: DTZ001  a spreadsheet knows no zones
    assert cell.number_format == "yyyy-mm-dd"
