"""What is written is read back, whatever people and programs do to the workbook in between."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.survey import fillings, xlsb

from annual_report.survey.reading.returns import read_return
from annual_report.survey.receiving.reading_process import ReadingProcess
from annual_report.survey.sending.workbook import write_workbook
from annual_report.tables import ANSWERS, FINDINGS, check_table

SLOW = settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module")
def process():
    with ReadingProcess(seconds=60) as one:
        yield one


@pytest.fixture
def trip(tmp_path, framework, edition, cluster, process):
    """Write answers, let something happen to the file, read it again."""

    def go(answers, change=lambda path: path):
        path = tmp_path / "return.xlsx"
        write_workbook(path, framework=framework, edition=edition, cluster=cluster, answers=answers)
        changed = change(path)
        return read_return(changed, framework=framework, edition=edition, process=process)

    return go


def assert_same(one, answers, cluster):
    found = fillings.read_back(one.items)
    expected = fillings.expect(answers) | {"STA-01.value": cluster.name}
    assert found.keys() == expected.keys()
    for key, value in expected.items():
        if isinstance(value, float):
            assert found[key] == pytest.approx(value, rel=1e-9, abs=1e-9), key
        else:
            assert found[key] == value, key


@SLOW
@given(data=st.data())
def test_any_filling_reads_as_it_was_written(data, framework, cluster, trip):
    answers = data.draw(fillings.fillings(framework))
    one = trip(answers)
    assert_same(one, answers, cluster)
    assert (one.cluster, one.state, one.signed) == (cluster.id, "answered", "2024-03-01")
    check_table(one.answers, ANSWERS)
    check_table(one.findings, FINDINGS)


def insert_rows(path):
    """Rows above everything, with names left behind, as careless programs do."""
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        sheet.insert_rows(1, 3)
    book.save(path)
    return path


def rename_sheets(path):
    book = openpyxl.load_workbook(path)
    for number, sheet in enumerate(book.worksheets):
        if sheet.sheet_state == "visible":
            sheet.title = f"Blatt {number}"
    book.move_sheet(book.worksheets[0], offset=2)
    book.save(path)
    return path


def lose_names(path):
    book = openpyxl.load_workbook(path)
    for name in list(book.defined_names):
        del book.defined_names[name]
    book.save(path)
    return path


@pytest.mark.parametrize("change", [insert_rows, rename_sheets, lose_names])
@SLOW
@given(data=st.data())
def test_answers_are_found_after_the_sheets_were_changed(data, change, framework, cluster, trip):
    answers = data.draw(fillings.fillings(framework))
    assert_same(trip(answers, change), answers, cluster)


ONE_OF_EACH = {
    "STA-03.value": "EUR",
    "STA-04.value": 2023,
    "STA-05.value": "de",
    "STA-07.value": dt.date(2024, 3, 1),
    "FIN-01.value": 5_000_000,
    "FIN-01.currency": "USD",
    "FIN-01.value_year": 2023,
    "FIN-01.target": 6.5e9,
    "FIN-01.target_year": 2030,
    "FIN-01.consent": "publish",
    "FIN-02.value": 0.7,
    "FIN-02.unit": "Mt/y",
    "FIN-02.basis": "measured",
    "FIN-02.baseline": 0.9,
    "FIN-03.value": 12.5,
    "FIN-04.value": 3,
    "FIN-04.comment": "= not a formula",
    "FIN-05.value": True,
    "FIN-06.value": "ccus",
    "FIN-07.value": 1234,
    "FIN-T1.1.source": "None",
    "FIN-T1.1.amount": 12.25,
    "FIN-T1.1.currency": "JPY",
    "FIN-T1.1.year": 2022,
    "FIN-T1.1.share": 33.3333,
    "FIN-T1.1.mw": 0.5,
    "FIN-T1.1.cross_border": False,
    "FIN-T1.1.started": dt.date(2021, 5, 6),
    "FIN-T1.1.consent": "do not use",
    "FIN-T1.4.source": "After two empty rows",
}


def test_siblings_come_with_their_answers(trip):
    rows = trip(ONE_OF_EACH).answers.set_index("id")
    money = rows.loc["norrhavn.FIN-01.value"]
    assert (money.number, money.currency, money.consent) == (5_000_000, "USD", "publish")
    amount = rows.loc["norrhavn.FIN-02.value"]
    assert (amount.number, amount.unit, amount.basis) == (0.7, "Mt/y", "measured")
    assert amount.consent == "aggregate only"
    row = rows.loc["norrhavn.FIN-T1.1.amount"]
    assert (row.number, row.currency, row.consent) == (12.25, "JPY", "do not use")
    assert rows.loc["norrhavn.FIN-T1.4.source", "text"] == "After two empty rows"
    assert not any(rows.index.str.startswith("norrhavn.FIN-T1.2"))


def test_an_amount_without_a_currency_takes_that_of_the_return(trip):
    answers = ONE_OF_EACH | {"FIN-01.currency": None}
    rows = trip(answers).answers.set_index("id")
    assert rows.loc["norrhavn.FIN-01.value", "currency"] == "EUR"


def test_every_answer_tells_its_cell(trip, tmp_path):
    one = trip(ONE_OF_EACH)
    book = openpyxl.load_workbook(tmp_path / "return.xlsx")
    rows = one.answers[one.answers["status"] == "reported"]
    assert len(rows) > 20
    numbers = rows[rows["kind"].isin(["number", "money", "year"])]
    for row in numbers.itertuples():
        assert book[row.sheet][row.cell].value == row.number, row.id


def test_a_missing_answer_has_a_cell_too(trip):
    rows = trip({}).answers
    missing = rows[rows["status"] == "missing"]
    assert len(missing) > 10
    assert missing["cell"].notna().all()


@pytest.mark.parametrize("shared", [True, False], ids=["shared", "inline"])
@pytest.mark.parametrize("short", [True, False], ids=["short", "full"])
def test_answers_survive_the_binary_format(short, shared, trip, cluster):
    """Cells without a column of their own are as good as others, though one reader misses them."""

    def change(path):
        target = path.with_suffix(".xlsb")
        target.write_bytes(xlsb.to_xlsb(path, short=short, shared=shared))
        return target

    one = trip(ONE_OF_EACH, change)
    assert_same(one, ONE_OF_EACH, cluster)
    assert one.cluster == cluster.id
    assert {f.code for f in one.faults} <= {"answer-understood", "sheet-unknown"}


def convert(path, kind):
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed here")
    profile = path.parent / "profile"
    out = path.parent / "out"
    subprocess.run(
        [
            office,
            f"-env:UserInstallation=file://{profile}",
            "--headless",
            "--convert-to",
            kind,
            "--outdir",
            str(out),
            str(path),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return out / f"return.{kind}"


@pytest.mark.office
@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_answers_survive_libreoffice(kind, trip, cluster):
    one = trip(ONE_OF_EACH, lambda path: convert(path, kind))
    assert_same(one, ONE_OF_EACH, cluster)
    assert one.cluster == cluster.id
    assert not [f for f in one.faults if f.code in ("cell-guessed", "question-not-found")]
    rows = one.answers.set_index("id")
    assert rows.loc["norrhavn.FIN-02.value", "unit"] == "Mt/y"
    assert rows.loc["norrhavn.FIN-01.value", "consent"] == "publish"


@pytest.mark.office
@pytest.mark.long
@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
@settings(SLOW, max_examples=4)
@given(data=st.data())
def test_any_filling_survives_libreoffice(data, kind, trip, framework, cluster):
    answers = data.draw(fillings.fillings(framework))
    assert_same(trip(answers, lambda path: convert(path, kind)), answers, cluster)
