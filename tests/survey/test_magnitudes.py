"""A number typed a thousand times too large or small is asked about once, and the right one proposed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from annual_report.edition import read_edition
from annual_report.framework import Framework, read_framework
from annual_report.project import Project, find_project
from annual_report.survey.collecting.cluster import check_return
from annual_report.survey.collecting.filing import identify_returns
from annual_report.survey.findings.kinds import KINDS
from annual_report.survey.reading.answer import Answer
from annual_report.survey.reading.returns import Return, read_return

OUT, DOUBT = "value-out-of-range", "value-doubtful"
# what each cluster of the example typed by mistake, and what we have to propose: millions as units,
# thousands, tonnes as millions of them, years as months, shares as per cent
THIS_YEAR = {
    "anvil": ("CLU-08.value", 16.8e6, "16.8 MtCO2e/y"),
    "baiyun": ("POL-01.value", 0.75, "9 months"),
    "brackwater": ("CLU-11.value", 10060, "10.06 billion GBP"),
    "costa-brisa": ("FIN-01.value", 5500, "5.5 billion EUR"),
    "haidong": ("CLU-14.value", 235.54, "235,540 jobs"),
    "hoshizaki": ("POL-01.value", 31 / 12, "31 months"),
    "iron-quay": ("FIN-01.value", 4_300_000, "4.3 billion GBP"),
    "kessel": ("CLU-08.value", 0.0335, "33.5 MtCO2e/y"),
    "koorana": ("TEC-01.value", 480_000, "480 MW"),
    "lakeland": ("FIN-T1.1.amount", 70, "70 million USD"),
    "langit": ("CLU-12.value", 7.02, "7,020 jobs"),
    "meridian": ("CLU-10.value", 104e6, "104 MtCO2e/y"),
    "norrhavn": ("TEC-04.value", 0.0046, "46 percent"),
    "porto-azulao": ("POL-02.value", 0.0085, "85 percent"),
    "sagebrush": ("TEC-T1.1.capex", 620_000, "620 million USD"),
    "sinar": ("CLU-11.value", 47_250_000, "47.25 trillion IDR"),
    "three-rivers": ("TEC-T1.1.expected_abatement", 8.8, "8.8 million tCO2e/y"),
    "tidewater": ("CLU-08.baseline", 39e6, "39 MtCO2e/y"),
    "vallon": ("TEC-03.value", 20, "0.02 Mt/y"),
    "wattle": ("PAR-04.value", 5000, "5"),
}
# the same without an edition before: only ranges, baseline and target can tell
FIRST_YEAR = {
    "anvil": ("CLU-08.target", 12e6, "12 MtCO2e/y"),
    "baiyun": ("FIN-01.value", 93_000, "93 billion CNY"),
    "brackwater": ("POL-01.baseline", 3.5, "42 months"),
    "costa-brisa": ("CLU-11.value", 3769, "3.769 billion EUR"),
    "haidong": ("TEC-01.value", 1_327_000, "1,327 MW"),
    "hoshizaki": ("CLU-08.value", 48_000, "48 MtCO2e/y"),
    "iron-quay": ("FIN-01.value", 4_200_000, "4.2 billion GBP"),
    "kessel": ("CLU-10.value", 0.03, "30 MtCO2e/y"),
    "koorana": ("TEC-02.value", 400, "0.4 kt/y"),
    "lakeland": ("TEC-T1.1.capex", 1880, "1.88 billion USD"),
    "langit": ("CLU-14.value", 95.3, "95,300 jobs"),
    "meridian": ("TEC-T1.1.expected_abatement", 12.5, "12.5 million tCO2e/y"),
    "norrhavn": ("POL-02.value", 0.0087, "87 percent"),
    "porto-azulao": ("CLU-11.value", 3_246_000, "3.246 billion EUR"),
    "sagebrush": ("CLU-08.value", 0.039, "39 MtCO2e/y"),
    "three-rivers": ("CLU-12.value", 6.56, "6,560 jobs"),
    "tidewater": ("FIN-T1.1.amount", 200, "200 million USD"),
}


def mistype(path: Path, key: str, number: float) -> None:
    """Type a number into a return; of a table into the first row that holds one."""
    book = openpyxl.load_workbook(path)
    code, field = key.split(".", maxsplit=1)[0], key.rsplit(".", maxsplit=1)[-1]
    place = book.defined_names[f"{code.replace('-', '_')}.{field}"].attr_text
    sheet, _, cells = place.replace("$", "").rpartition("!")
    cell = book[sheet.strip("'")][cells.partition(":")[0]]
    while key.count(".") == 2 and not isinstance(cell.value, (int, float)):
        cell = cell.offset(1)
    cell.value = number
    book.save(path)


def list_queries(root: Path, edition: str) -> dict[str, list[dict[str, object]]]:
    """What the command asks about each cluster's return; what it only notes is left out."""
    command = [sys.executable, "-m", "annual_report", "check", edition, "--format", "json"]
    run = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert run.returncode in (0, 1), run.stderr
    return {
        one["cluster"]: [f for f in one["findings"] if f["severity"] != "note"]
        for one in json.loads(run.stdout)["files"]
    }


@pytest.fixture
def season(tmp_path: Path, root: Path) -> Path:
    for name in ("framework", "reference", "editions", "corrections"):
        shutil.copytree(root / "data" / name, tmp_path / "data" / name)
    for name in ("example", "example-2022"):
        shutil.copytree(root / "data" / "raw" / name, tmp_path / "data" / "raw" / name)
    (tmp_path / "notebooks").mkdir()
    return tmp_path


@pytest.mark.long
@pytest.mark.parametrize(
    ("edition", "mistakes"), [("example", THIS_YEAR), ("example-2022", FIRST_YEAR)]
)
def test_each_mistaken_size_of_a_season_is_one_query_with_the_right_proposal(
    season: Path, edition: str, mistakes: dict[str, tuple[str, float, str]]
) -> None:
    before = list_queries(season, edition)
    assert {f["code"] for found in before.values() for f in found}.isdisjoint({OUT, DOUBT})
    for cluster, (key, number, _) in mistakes.items():
        mistype(season / "data" / "raw" / edition / f"{cluster}.xlsx", key, number)
    after = list_queries(season, edition)
    for cluster, (key, _, meant) in mistakes.items():
        new = [f for f in after[cluster] if f not in before[cluster]]
        assert len(new) == 1, (cluster, new)
        assert new[0]["code"] in (OUT, DOUBT)
        assert (new[0]["question"], new[0]["field"]) == (key.split(".")[0], key.split(".")[-1])
        assert f"Did you mean {meant}?" in str(new[0]["message"]), cluster


# --- one return, changed after it was read


@pytest.fixture(scope="module")
def project() -> Project:
    return find_project()


@pytest.fixture(scope="module")
def asked(project: Project) -> Framework:
    return read_framework(project)


@pytest.fixture(scope="module")
def kessel(project: Project, asked: Framework) -> Return:
    """A whole return without an edition before it, read from its workbook."""
    edition = read_edition(project, "example-2022")
    path = project.raw("example-2022") / "kessel.xlsx"
    return read_return(path, framework=asked, edition=edition)


def change(one: Return, **numbers: float | None) -> Return:
    """Change answers by key, as `CLU_08__value=3`, `TEC_T1__2__capex=4`."""
    keys = {tuple(key.replace("_", "-", 1).split("__")): n for key, n in numbers.items()}

    def put(answer: Answer) -> Answer:
        row = (str(answer.row),) if answer.row else ()
        key = (answer.question, *row, answer.field)
        if key not in keys:
            return answer
        number = keys[key]
        status = "missing" if number is None else "reported"
        meaning = replace(answer.meaning, number=number, status=status, asks=())
        return replace(answer, meaning=meaning)

    return replace(one, items=tuple(put(answer) for answer in one.items))


def check(project: Project, asked: Framework, one: Return, edition: str = "example-2022") -> Return:
    return check_return(project, read_edition(project, edition), asked, one)


def sizes(one: Return) -> list[tuple[str, str]]:
    return [(f.code, f"{f.question}.{f.field}") for f in one.faults if f.code in (OUT, DOUBT)]


def find(one: Return, question: str, field: str = "value", row: int = 0) -> Answer:
    return next(a for a in one.items if (a.question, a.row, a.field) == (question, row, field))


def test_a_whole_return_is_believed(project: Project, asked: Framework, kessel: Return) -> None:
    one = check(project, asked, kessel)
    assert sizes(one) == []
    assert {answer.flag for answer in one.items} == {None}


@pytest.mark.long
def test_no_return_of_the_repository_is_bothered(project: Project, asked: Framework) -> None:
    for name in ("2023", "example"):
        edition = read_edition(project, name)
        for label in identify_returns(project, name).chosen.values():
            path = project.raw(name) / label.workbook
            one = check(project, asked, read_return(path, framework=asked, edition=edition), name)
            found = [place for place in sizes(one) if "TEC-01" not in place[1]]
            assert found == [], label.workbook  # kilowatts, which a correction of the example mends


def test_what_is_a_thousand_times_off_is_in_no_figure(
    project: Project, asked: Framework, kessel: Return
) -> None:
    one = check(project, asked, change(kessel, FIN_01__value=2940))
    need = find(one, "FIN-01")
    assert (need.flag, need.meaning.status) == ("queried", "invalid")
    frame = one.answers.set_index("id")
    assert frame.loc["kessel.FIN-01.value", "flag"] == "queried"
    assert frame.isna().loc["kessel.FIN-01.value", "number"]


def test_what_may_be_so_is_used_and_marked(
    project: Project, asked: Framework, kessel: Return
) -> None:
    one = check(project, asked, change(kessel, POL_01__value=2.8))
    assert sizes(one) == [(DOUBT, "POL-01.value")]
    assert (find(one, "POL-01").flag, find(one, "POL-01").meaning.status) == ("queried", "reported")
    assert one.answers.set_index("id").loc["kessel.POL-01.value", "number"] == 2.8


def test_a_number_that_no_reading_explains_is_asked_about_plainly(
    project: Project, asked: Framework, kessel: Return
) -> None:
    one = check(project, asked, change(kessel, POL_01__value=0.2))
    (fault,) = [f for f in one.faults if f.code == DOUBT]
    assert "Did you mean" not in fault.message
    assert "between 3 months and 180 months" in fault.message


def test_a_number_beyond_what_can_be_gets_a_proposal_too(
    project: Project, asked: Framework, kessel: Return
) -> None:
    one = change(kessel, TEC_01__value=1_900_000)
    place = find(one, "TEC-01").place
    from annual_report.survey.findings.finding import find as make_finding

    refused = make_finding(OUT, place, found="1,900,000", expected="at most 50,000 MW.")
    one = check(project, asked, replace(one, faults=(*one.faults, refused)))
    (fault,) = [f for f in one.faults if f.code == OUT]
    assert "Did you mean 1,900 MW?" in fault.message


def test_zero_and_growth_from_little_are_no_mistakes(
    project: Project, asked: Framework, kessel: Return
) -> None:
    grown = change(
        kessel, TEC_02__baseline=None, TEC_02__value=0.02, TEC_02__target=60.0,
        TEC_03__value=0.0, CLU_12__value=0.0, CLU_08__target=0.0, POL_01__target=5.0,
    )  # fmt: skip
    assert sizes(check(project, asked, grown)) == []


def test_a_question_answered_in_another_unit_throughout_is_one_query(
    project: Project, asked: Framework, kessel: Return
) -> None:
    names = ("value", "baseline", "target")
    months = {name: find(kessel, "POL-01", name).meaning.number for name in names}
    years = {f"POL_01__{name}": number / 12 for name, number in months.items() if number}
    one = check(project, asked, change(kessel, **years))
    (fault,) = [f for f in one.faults if f.code in (OUT, DOUBT)]
    assert fault.field == "value"
    assert f"Did you mean {months['value']:g} months?" in fault.message
    assert fault.message.endswith("The same goes for the baseline and the target beside it.")
    assert {a.field for a in one.items if a.flag} == set(names)


@pytest.mark.parametrize(
    ("table", "column"),
    [("TEC-T1", "capex"), ("TEC-T1", "expected_abatement"), ("FIN-T1", "amount")],
)
def test_a_column_in_millions_is_one_query(
    project: Project, asked: Framework, kessel: Return, table: str, column: str
) -> None:
    typed = {
        a.row: a.meaning.number / 1e6
        for a in kessel.items
        if (a.question, a.field) == (table, column) and a.meaning.number
    }
    name = table.replace("-", "_")
    wrong = {f"{name}__{row}__{column}": number for row, number in typed.items()}
    one = check(project, asked, change(kessel, **wrong))
    (fault,) = [f for f in one.faults if f.code in (OUT, DOUBT)]
    assert "Did you mean" in fault.message
    assert "million" in fault.message.partition("Did you mean")[2]
    assert "in the rows" in fault.message
    assert {a.row for a in one.items if a.flag and a.field == column} == set(typed)


@pytest.mark.parametrize("column", ["capex", "expected_abatement"])
def test_a_column_in_thousands_is_asked_about_and_not_the_one_beside_it(
    project: Project, asked: Framework, kessel: Return, column: str
) -> None:
    wrong = {
        f"TEC_T1__{a.row}__{column}": a.meaning.number / 1000
        for a in kessel.items
        if (a.question, a.field) == ("TEC-T1", column) and a.meaning.number
    }
    one = check(project, asked, change(kessel, **wrong))
    assert {place for _, place in sizes(one)} == {f"TEC-T1.{column}"}
    assert all("Did you mean" in f.message for f in one.faults if f.code in (OUT, DOUBT))


def test_of_two_answers_the_one_that_is_as_last_year_is_not_asked_about(
    project: Project, asked: Framework
) -> None:
    edition = read_edition(project, "example")
    path = project.raw("example") / "kessel.xlsx"
    now = read_return(path, framework=asked, edition=edition)
    wrong = change(now, CLU_13__value=find(now, "CLU-13").meaning.number / 300)
    assert sizes(check(project, asked, wrong, "example")) == [(OUT, "CLU-13.value")] or sizes(
        check(project, asked, wrong, "example")
    ) == [(DOUBT, "CLU-13.value")]


@pytest.mark.parametrize("up", [True, False])
@pytest.mark.parametrize("code", ["CLU-06", "CLU-08", "CLU-11", "FIN-01", "CLU-10"])
def test_no_answer_is_asked_about_twice(
    project: Project, asked: Framework, kessel: Return, code: str, up: bool
) -> None:
    number = find(kessel, code).meaning.number
    assert number is not None
    wrong = number * (1e6 if up else 1e-6)
    one = check(project, asked, change(kessel, **{f"{code.replace('-', '_')}__value": wrong}))
    about = [f for f in one.faults if (f.question, f.field) == (code, "value")]
    assert [f.code for f in about if f.severity != "note"] == [OUT]


def test_both_kinds_tell_what_to_do() -> None:
    for code in (OUT, DOUBT):
        assert "say so in the comment" in KINDS[code].action
