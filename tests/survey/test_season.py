"""From a folder of files to each cluster's tables, and back to the respondents."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile

import openpyxl
import pytest
from openpyxl.comments import Comment
from tests.survey import xlsb
from tests.test_files import ODD
from typer.testing import CliRunner

from annual_report.cli import app
from annual_report.edition import read_edition
from annual_report.errors import CorrectionError, EditionError, ProjectError
from annual_report.framework import read_framework
from annual_report.project import Project, find_project
from annual_report.survey.check import check_paths
from annual_report.survey.collecting.cluster import ingest_return, write_ingested
from annual_report.survey.collecting.filing import find_returns, identify_returns
from annual_report.survey.reading.returns import read_return
from annual_report.survey.receiving.reading_process import ReadingProcess
from annual_report.survey.sending.outgoing import write_surveys
from annual_report.survey.sending.workbook import write_workbook
from annual_report.tables import ANSWERS, FINDINGS, RETURNS, read_table

EDITION = """\
edition: "{name}"
year: {year}
title: Report of {year}
headline: A headline
subtitle: A subtitle
status: test
publisher: The office
published: {next}-05-01
{previous}currency: USD
currency_year: {year}
clusters:
  - {{id: norrhavn, name: Norrhavn, country: SE, joined: 2021}}
  - {{id: port-azul, name: Port Azul, country: ES, joined: 2022}}
  - {{id: kessel, name: Kessel, country: DE, joined: 2022}}
"""

FILLED = {
    "STA-03.value": "EUR",
    "STA-04.value": 2023,
    "CLU-06.value": 5.0,
    "CLU-06.value_year": 2023,
    "CLU-06.baseline": 9.0,
    "CLU-06.baseline_year": 2015,
    "PAR-01.value": 2,
    "PAR-04.value": "around twelve",
    "TEC-T1.1.name": '=cmd|"/c calc"',
    "TEC-T1.1.stage": "feasibility",
}


@pytest.fixture(scope="module")
def process():
    with ReadingProcess(seconds=60) as one:
        yield one


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A project with two editions and no returns, and a good return of each."""
    root = tmp_path_factory.mktemp("template")
    shutil.copytree(find_project().framework, root / "data" / "framework")
    (root / "data" / "editions").mkdir()
    for name, year, previous in (("now", 2023, "previous: before\n"), ("before", 2022, "")):
        text = EDITION.format(name=name, year=year, next=year + 1, previous=previous)
        (root / "data" / "editions" / f"{name}.yaml").write_text(text, encoding="utf-8")
    project = Project(root)
    framework = read_framework(project)
    for name, day in (("now", dt.date(2024, 3, 1)), ("before", dt.date(2023, 3, 1))):
        edition = read_edition(project, name)
        write_workbook(
            root / f"{name}.xlsx",
            framework=framework,
            edition=edition,
            cluster=edition.cluster("norrhavn"),
            answers=FILLED | {"STA-07.value": day},
        )
    return project


@pytest.fixture
def project(template, tmp_path):
    shutil.copytree(template.root, tmp_path / "house")
    return Project(tmp_path / "house")


def receive(project, name, *, edition="now", change=None):
    """Put a copy of the good return into the folder of an edition, changed or not."""
    target = project.raw(edition) / name
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(project.root / f"{edition}.xlsx", target)
    if change is not None:
        book = openpyxl.load_workbook(target)
        for key, value in change.items():
            code, _, field = key.partition(".")
            place = book.defined_names[f"{code.replace('-', '_')}.{field}"].attr_text
            sheet, _, cell = place.rpartition("!")
            book[sheet.strip("'")][cell.replace("$", "")].value = value
        book.save(target)
    return target


def codes(frame):
    return set(frame["code"])


def test_the_return_signed_last_counts_and_the_other_is_named(project, process):
    receive(project, "a.xlsx", change={"STA-07.value": dt.date(2024, 4, 1), "PAR-01.value": 4})
    receive(project, "b.xlsx")
    one = ingest_return(project, "now", "norrhavn", process=process)
    assert one.returns["workbook"].item() == "a.xlsx"
    assert one.returns["signed"].item() == "2024-04-01"
    assert "return-superseded" in codes(one.findings)
    rows = one.answers.set_index("id")
    assert rows.loc["norrhavn.PAR-01.value", "number"] == 4


def test_identical_copies_are_one(project, process):
    receive(project, "a.xlsx")
    receive(project, "copy of a.xlsx")
    one = ingest_return(project, "now", "norrhavn", process=process)
    assert "return-copy" in codes(one.findings)
    assert "return-superseded" not in codes(one.findings)


def test_strangers_are_named_and_left_out(project, process):
    receive(project, "a.xlsx", change={"STA-01.value": "Port Azul"})
    (project.raw("now") / "b.xlsx").write_bytes(b"")
    filing = identify_returns(project, "now", process=process)
    assert filing.chosen == {}
    assert [fault.workbook for fault in filing.strays] == ["a.xlsx", "b.xlsx"]


def test_an_unreadable_file_named_like_a_cluster_is_that_clusters(project, process):
    project.raw("now").mkdir(parents=True)
    (project.raw("now") / "kessel.xlsx").write_bytes(b"%PDF-1.7")
    one = ingest_return(project, "now", "kessel", process=process)
    assert one.state == "unreadable"
    assert "PDF" in one.reason
    assert one.answers.empty


def test_a_readable_return_counts_before_an_unreadable_one(project, process):
    receive(project, "a.xlsx")
    (project.raw("now") / "norrhavn.xlsx").write_bytes(b"%PDF-1.7")
    one = ingest_return(project, "now", "norrhavn", process=process)
    assert one.state == "answered"
    assert "return-unreadable" in codes(one.findings)


def test_what_files_say_of_themselves_is_kept_and_renewed(project, process):
    path = receive(project, "a.xlsx")
    first = identify_returns(project, "now", process=process)
    index = project.processed("now") / "index.json"
    kept = index.read_bytes()
    assert identify_returns(project, "now", process=process) == first
    assert index.read_bytes() == kept
    path.unlink()
    assert identify_returns(project, "now", process=process).chosen == {}
    index.write_text("{", encoding="utf-8")
    assert identify_returns(project, "now", process=process).chosen == {}


def test_a_cluster_that_sent_nothing_is_silent(project, process):
    one = ingest_return(project, "now", "kessel", process=process)
    write_ingested(project, one)
    folder = project.processed("now")
    row = read_table(folder / "returns" / "kessel.parquet", RETURNS).iloc[0]
    assert (row.state, row.answered) == ("silent", 0)
    assert row.asked > 30
    assert read_table(folder / "answers" / "kessel.parquet", ANSWERS).empty


def test_what_is_written_is_what_was_read(project, process):
    receive(project, "norrhavn.xlsx")
    one = ingest_return(project, "now", "norrhavn", process=process)
    write_ingested(project, one)
    folder = project.processed("now")
    answers = read_table(folder / "answers" / "norrhavn.parquet", ANSWERS)
    assert list(answers["id"]) == list(one.answers["id"])
    findings = read_table(folder / "findings" / "norrhavn.parquet", FINDINGS)
    assert list(findings["id"]) == list(one.findings["id"])
    row = read_table(folder / "returns" / "norrhavn.parquet", RETURNS).iloc[0]
    assert row.errors == (findings["severity"] == "error").sum()
    # PAR-01, CLU-06 and the table of projects
    assert row.answered == 3


def test_last_edition_is_compared(project, process):
    receive(project, "norrhavn.xlsx", change={"CLU-06.value": 5000, "CLU-06.baseline": 8})
    receive(project, "norrhavn.xlsx", edition="before")
    one = ingest_return(project, "now", "norrhavn", process=process)
    assert "baseline-restated" in codes(one.findings)


def test_the_workbook_that_goes_out_is_prefilled_from_last_edition(project):
    receive(project, "norrhavn.xlsx", edition="before")
    (path,) = write_surveys(project, "now", cluster="norrhavn")
    book = openpyxl.load_workbook(path)
    found = {}
    for field in ("value", "baseline", "baseline_year"):
        sheet, _, cell = book.defined_names[f"CLU_06.{field}"].attr_text.rpartition("!")
        found[field] = book[sheet.strip("'")][cell.replace("$", "")].value
    assert found == {"value": None, "baseline": 9, "baseline_year": 2015}


def test_an_unknown_cluster_is_an_authors_fault(project):
    with pytest.raises(EditionError, match="no cluster"):
        list(write_surveys(project, "now", cluster="atlantis"))


# --- corrections


def correct(project, **entry):
    entry = {"cluster": "norrhavn", "reason": "We asked", "decided_by": "Data desk"} | entry
    path = project.corrections("now")
    path.parent.mkdir(exist_ok=True)
    lines = [f"    {key}: {json.dumps(value)}" for key, value in entry.items()]
    path.write_text(
        "corrections:\n  -\n" + "\n".join([*lines, "    date: 2024-04-01\n"]), encoding="utf-8"
    )


def test_a_correction_counts_and_is_told(project, process):
    receive(project, "norrhavn.xlsx")
    correct(project, question="PAR-04", expected="around twelve", new=12)
    one = ingest_return(project, "now", "norrhavn", process=process)
    row = one.answers.set_index("id").loc["norrhavn.PAR-04.value"]
    assert (row.status, row.number, row.unit) == ("corrected", 12, "count")
    assert (row.reported, row.note) == ("around twelve", "We asked (Data desk, 2024-04-01)")
    here = one.findings[one.findings["question"] == "PAR-04"]
    assert list(here["code"]) == ["corrected", "value-without-year"] or "corrected" in codes(here)
    assert "not-understood" not in codes(here)


def test_a_confirmed_answer_counts_although_it_is_out_of_its_range(project, process):
    receive(project, "norrhavn.xlsx", change={"CLU-06.value": 5000})
    correct(project, question="CLU-06", expected=5000, new="confirmed")
    one = ingest_return(project, "now", "norrhavn", process=process)
    row = one.answers.set_index("id").loc["norrhavn.CLU-06.value"]
    assert (row.status, row.number) == ("corrected", 5000)
    assert "confirmed" in codes(one.findings)


def test_a_correction_of_a_missing_answer_expects_nothing(project, process):
    receive(project, "norrhavn.xlsx")
    correct(project, question="PAR-03", new=True)
    one = ingest_return(project, "now", "norrhavn", process=process)
    row = one.answers.set_index("id").loc["norrhavn.PAR-03.value"]
    assert (row.status, row.text, row.number) == ("corrected", "yes", 1)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"question": "PAR-04", "expected": "around eleven", "new": 11}, "no longer says"),
        ({"question": "PAR-04", "new": 11}, "no longer says"),
        ({"question": "CLU-06", "expected": 7, "new": 11}, "no longer says"),
        ({"question": "PAR-99", "expected": 1, "new": 2}, "not in the return"),
        ({"question": "TEC-T1", "row": 7, "field": "name", "new": "x"}, "not in the return"),
        ({"question": "PAR-01", "expected": 2, "new": "two"}, "no level"),
        ({"question": "PAR-04", "expected": "around twelve", "new": "confirmed"}, "confirmed"),
        ({"question": "PAR-04", "expected": "around twelve", "nwe": 12}, "fault"),
    ],
)
def test_a_correction_that_no_longer_fits_stops_the_run(entry, message, project, process):
    receive(project, "norrhavn.xlsx")
    correct(project, **entry)
    with pytest.raises(CorrectionError, match=message):
        ingest_return(project, "now", "norrhavn", process=process)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"cluster": "norhavn", "question": "PAR-04", "new": 1}, "not on the register"),
        ({"question": "PAR-01", "expected": 2, "new": 9}, "no level"),
        ({"question": "CLU-06", "field": "value_year", "expected": 2023, "new": 23}, "no year"),
        ({"question": "CLU-06", "expected": 5, "new": 6, "unit": "lbs"}, "no such unit"),
        ({"question": "CLU-11", "new": 6, "currency": "EURO"}, "no such currency"),
        ({"question": "CLU-06", "expected": 5, "new": 6, "currency": "EUR"}, "no such currency"),
    ],
)
def test_a_correction_that_cannot_be_meant_stops_the_run(entry, message, project, process):
    receive(project, "norrhavn.xlsx")
    correct(project, **entry)
    with pytest.raises(CorrectionError, match=message):
        ingest_return(project, "now", "norrhavn", process=process)


def test_a_correction_for_nobody_is_found_by_every_other_cluster(project, process):
    correct(project, cluster="norhavn", question="PAR-04", new=1)
    with pytest.raises(CorrectionError, match="not on the register"):
        ingest_return(project, "now", "kessel", process=process)


def test_an_amount_without_a_currency_can_neither_be_confirmed_nor_corrected(project, process):
    receive(project, "norrhavn.xlsx", change={"STA-03.value": None, "FIN-01.value": 7e9})
    for new in ("confirmed", 8e9):
        correct(project, question="FIN-01", expected=7e9, new=new)
        with pytest.raises(CorrectionError, match="without a currency"):
            ingest_return(project, "now", "norrhavn", process=process)
        correct(project, question="FIN-01", expected=7e9, new=new, currency="JPY")
        one = ingest_return(project, "now", "norrhavn", process=process)
        row = one.answers.set_index("id").loc["norrhavn.FIN-01.value"]
        assert (row.status, row.currency) == ("corrected", "JPY")


# --- amounts in tables

ROWS = {
    f"FIN-T1.{row}.{name}": value
    for row, status in enumerate(("committed", "disbursed", "announced"), start=1)
    for name, value in {
        "source": f"A bank {row}",
        "sector": "private",
        "instrument": "loan",
        "amount": 1_000_000 * row,
        "year": 2023,
        "status": status,
    }.items()
} | {
    "TEC-T1.1.name": "Pipe",
    "TEC-T1.1.lever": "hydrogen",
    "TEC-T1.1.stage": "feasibility",
    "TEC-T1.1.capex": 9_000_000,
}
AMOUNTS = ("FIN-T1.1.amount", "FIN-T1.2.amount", "FIN-T1.3.amount", "TEC-T1.1.capex")


@pytest.fixture
def told(project, monkeypatch):
    """What `annual-report check` says of the amounts of a return, and how they are read."""

    def go(answers):
        edition, framework = read_edition(project, "now"), read_framework(project)
        path = project.root / "a.xlsx"
        cluster = edition.cluster("norrhavn")
        write_workbook(path, framework=framework, edition=edition, cluster=cluster, answers=answers)
        monkeypatch.chdir(project.root)
        shown = CliRunner().invoke(app, ["check", "a.xlsx", "--format", "json"])
        (file,) = json.loads(shown.stdout)["files"]
        about = [
            f
            for f in file["findings"]
            if "currency" in f["message"]
            or f["code"] in ("choice-unknown", "paid-out-counted-twice")
        ]
        rows = read_return(path, framework=framework, edition=edition).answers.set_index("id")
        amounts = rows.loc[[f"norrhavn.{key}" for key in AMOUNTS]]
        return about, amounts

    return go


def test_a_row_without_a_currency_is_in_that_of_the_return_and_nothing_is_asked(told):
    about, amounts = told(ROWS | {"STA-03.value": "EUR", "FIN-T1.2.currency": "SEK"})
    assert about == []
    assert list(amounts["status"]) == ["reported"] * 4
    assert list(amounts["currency"]) == ["EUR", "SEK", "EUR", "EUR"]


@pytest.mark.parametrize(
    ("own", "code"),
    [(None, "missing-required"), ("¥", "currency-ambiguous"), ("Bitcoin", "choice-unknown")],
)
def test_a_return_without_a_currency_is_one_query_that_names_the_amounts(told, own, code):
    about, amounts = told(ROWS | {"FIN-T1.2.currency": "SEK", "STA-03.value": own})
    assert [(f["code"], f["question"], f["severity"]) for f in about] == [(code, "STA-03", "error")]
    assert about[0]["message"].endswith(": FIN-T1 row 1, FIN-T1 row 3, TEC-T1 row 1.")
    assert list(amounts["status"]) == ["invalid", "reported", "invalid", "invalid"]


def test_an_amount_without_a_currency_anywhere_is_asked_about_once(told):
    about, amounts = told(ROWS | {"FIN-T1.2.currency": "SEK", "STA-03.value": "n/a"})
    places = {f"{f['question']}.{f['row']}.{f['field']}" for f in about}
    assert [f["code"] for f in about] == ["currency-missing"] * 3
    assert places == set(AMOUNTS) - {"FIN-T1.2.amount"}
    assert list(amounts["status"]) == ["invalid", "reported", "invalid", "invalid"]


def test_no_default_stands_in_for_a_currency_of_a_row_that_is_not_understood(told):
    strange = {"FIN-T1.1.currency": "Bitcoin", "TEC-T1.1.currency": "Bitcoin"}
    about, amounts = told(ROWS | strange | {"STA-03.value": "EUR"})
    assert {f["code"] for f in about} == {"choice-unknown"}
    assert list(amounts["status"]) == ["invalid", "reported", "reported", "invalid"]
    assert amounts["note"].iloc[0] == "its currency is not known"


def test_money_told_twice_is_found_where_one_row_leaves_its_currency_out(told):
    again = {"FIN-T1.2.source": "A bank 1", "FIN-T1.2.amount": 1_000_000}
    again["FIN-T1.2.currency"] = "EUR"
    about, _ = told(ROWS | again | {"STA-03.value": "EUR"})
    assert [f["code"] for f in about] == ["paid-out-counted-twice"]
    about, _ = told(ROWS | again | {"STA-03.value": "SEK"})
    assert about == []


# --- check, and what goes back


def test_check_prints_each_finding_with_its_place_and_what_to_do(project, capsys):
    path = receive(project, "norrhavn.xlsx")
    assert check_paths(project, [str(path)]) == 1
    lines = capsys.readouterr().out.splitlines()
    (line,) = [line for line in lines if "PAR-04" in line and "not understand" in line]
    assert line.startswith("norrhavn.xlsx, 2 Partnerships!E8 (PAR-04): error: ")
    assert "around twelve" in line
    assert "What to do: " in line
    assert lines[-1].startswith("1 file read, 0 files unreadable, ")


def test_check_says_what_cannot_be_read(project, capsys, tmp_path):
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(b"<html>\x1b[31m</html>")
    assert check_paths(project, [str(bad), str(tmp_path / "none.xlsx")]) == 2
    out = capsys.readouterr().out
    assert "a web page" in out
    assert "\x1b" not in out


def test_a_pipe_or_a_device_is_refused_without_waiting_for_its_end(project, capsys):
    os.mkfifo(project.root / "pipe.xlsx")
    assert check_paths(project, [str(project.root / "pipe.xlsx"), "/dev/zero"], format="json") == 2
    files = json.loads(capsys.readouterr().out)["files"]
    assert [(f["findings"][0]["code"], f["sha256"]) for f in files] == [("file-missing", None)] * 2


def test_check_reads_the_folders_in_a_folder(project, capsys):
    path = receive(project, "norrhavn.xlsx")
    (path.parent / "late").mkdir()
    path.rename(path.parent / "late" / "azul.xlsx")
    assert check_paths(project, [str(project.raw("")), ""]) == 2
    out = capsys.readouterr().out
    assert "azul.xlsx, 2 Partnerships!E8 (PAR-04): error: " in out
    assert out.splitlines()[-1].startswith("1 file read, 1 file unreadable, ")


def test_a_folder_without_a_return_could_not_be_read(project, capsys):
    project.raw("now").mkdir(parents=True)
    assert check_paths(project, [str(project.raw("now"))]) == 2
    assert "now: error: There is no readable file here: a folder" in capsys.readouterr().out


def test_a_folder_among_the_returns_of_an_edition_is_named(project, process):
    (project.raw("now") / "late").mkdir(parents=True)
    (fault,) = identify_returns(project, "now", process=process).strays
    assert (fault.workbook, fault.code) == ("late", "return-stray")


def test_a_cluster_on_no_register_cannot_be_checked(project):
    path = receive(project, "norrhavn.xlsx")
    with pytest.raises(EditionError, match="no cluster 'nowhere'"):
        check_paths(project, [str(path)], cluster="nowhere")


def test_an_edition_is_not_checked_by_the_register_of_another(project):
    with pytest.raises(EditionError, match="register of another"):
        check_paths(project, ["now"], edition="before")


def test_check_is_content_with_a_good_return(project, capsys):
    path = receive(project, "norrhavn.xlsx", change={"PAR-04.value": 12})
    book = openpyxl.load_workbook(path)
    book["5a Projects"]["C8"] = "Hydrogen"
    book.save(path)
    assert check_paths(project, [str(path.parent)], edition="now") == 0
    assert "0 errors" in capsys.readouterr().out


def test_check_as_json_can_be_read_by_programs(project, capsys):
    path = receive(project, "norrhavn.xlsx")
    check_paths(project, [str(path)], format="json")
    (file,) = json.loads(capsys.readouterr().out)["files"]
    assert (file["cluster"], file["edition"], file["state"]) == ("norrhavn", "now", "answered")
    assert any(f["question"] == "PAR-04" and f["severity"] == "error" for f in file["findings"])


def test_check_of_an_edition_writes_the_queries_and_their_list(project, capsys):
    receive(project, "norrhavn.xlsx")
    (project.raw("now") / "port-azul.xlsx").write_bytes(b"")
    (project.raw("now") / "stranger.xlsx").write_bytes(b"")
    assert check_paths(project, ["now"]) == 2
    folder = project.reports("now") / "queries"
    assert sorted(p.name for p in folder.iterdir()) == ["index.html", "norrhavn.xlsx"]
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert page.index("Norrhavn") < page.index("Port Azul") < page.index("Kessel")
    assert "stranger.xlsx" in page
    assert "cannot be read" in page
    assert "nothing sent" in page
    capsys.readouterr()


def test_the_query_workbook_is_the_respondents_own_with_its_cells_marked(project, tmp_path, capsys):
    path = receive(project, "norrhavn.xlsx")
    assert check_paths(project, [str(path)], queries=tmp_path / "back") == 1
    capsys.readouterr()
    book = openpyxl.load_workbook(tmp_path / "back" / "norrhavn.xlsx")
    assert book.sheetnames[0] == "Queries"
    assert book.sheetnames[1:] == openpyxl.load_workbook(path).sheetnames
    cell = book["2 Partnerships"]["E8"]
    assert cell.value == "around twelve"
    assert cell.fill.fgColor.rgb.endswith("F7C98B")
    assert "around twelve" in cell.comment.text
    rows = list(book["Queries"].iter_rows(min_row=6))
    links = {row[2].value: row[2].hyperlink.location for row in rows if row[2].hyperlink}
    assert links["2 Partnerships, E8"] == "'2 Partnerships'!E8"


@pytest.mark.parametrize("what", ["file", "folder", "edition"])
def test_no_query_is_written_over_a_return(what, project):
    path = receive(project, "norrhavn.xlsx")
    sent = path.read_bytes()
    asked = {"file": str(path), "folder": str(path.parent), "edition": "now"}[what]
    with pytest.raises(ProjectError, match="among the returns"):
        check_paths(project, [asked], queries=path.parent)
    assert path.read_bytes() == sent


def test_a_folder_of_our_own_is_safe_too(project, tmp_path):
    path = shutil.move(receive(project, "norrhavn.xlsx"), tmp_path / "inbox.xlsx")
    with pytest.raises(ProjectError, match="among the returns"):
        check_paths(project, [str(path)], queries=tmp_path)


def test_two_returns_of_one_cluster_get_a_query_workbook_each(project, tmp_path, capsys):
    for name in ("first.xlsx", "second.xlsx"):
        receive(project, name)
    folder = receive(project, "second.xlsx", edition="before").parent
    check_paths(project, [str(project.raw("now")), str(folder)], queries=tmp_path / "back")
    capsys.readouterr()
    back = sorted(p.name for p in (tmp_path / "back").iterdir())
    assert back == ["first.xlsx", "second-2.xlsx", "second.xlsx"]


def test_what_goes_back_holds_nothing_that_acts(project, tmp_path, capsys):
    path = receive(project, "norrhavn.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book["2 Partnerships"]
    sheet["O6"] = '=WEBSERVICE("http://example.org")'
    sheet["O7"] = '=HYPERLINK("http://example.org","click")'
    sheet["O8"].hyperlink = "http://example.org"
    book.save(path)
    check_paths(project, [str(path)], queries=tmp_path)
    capsys.readouterr()
    back = openpyxl.load_workbook(tmp_path / "norrhavn.xlsx")
    for one in back.worksheets:
        for row in one.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert "http" not in cell.value
                if cell.data_type == "s" and cell.value.startswith(("=", "+", "-", "@")):
                    assert cell.quotePrefix
                assert cell.hyperlink is None or not cell.hyperlink.target
    assert back["5a Projects"]["B8"].value == '=cmd|"/c calc"'
    assert back["5a Projects"]["B8"].data_type == "s"


def test_a_query_workbook_sent_back_is_read_like_the_first(project, tmp_path, capsys, process):
    path = receive(project, "norrhavn.xlsx")
    check_paths(project, [str(path)], queries=tmp_path)
    shutil.copy(tmp_path / "norrhavn.xlsx", path)
    capsys.readouterr()
    one = ingest_return(project, "now", "norrhavn", process=process)
    assert one.state == "answered"
    assert one.answers.set_index("id").loc["norrhavn.CLU-06.value", "number"] == 5


def test_what_comes_back_from_a_query_is_told_without_our_own_words(
    project, tmp_path, capsys, process
):
    path = receive(project, "norrhavn.xlsx")
    before = ingest_return(project, "now", "norrhavn", process=process).findings
    check_paths(project, [str(path)], queries=tmp_path)
    book = openpyxl.load_workbook(tmp_path / "norrhavn.xlsx")
    (row,) = [row for row in book["Queries"].iter_rows(min_row=6) if row[3].value == "PAR-04"]
    row[6].value = "It is twelve."
    cell = book["2 Partnerships"]["E8"]
    cell.comment = Comment(f"{cell.comment.text}\n\ncounted twice", "The cluster")
    book.save(path)
    capsys.readouterr()
    after = ingest_return(project, "now", "norrhavn", process=process).findings
    new = after[after["code"].isin(["query-reply", "cell-comment"])]
    found = [tuple(row) for row in new[["code", "question", "found"]].to_numpy()]
    assert sorted(found) == [
        ("cell-comment", "PAR-04", "counted twice"),
        ("query-reply", "PAR-04", "It is twelve."),
    ]
    assert codes(after) - codes(new) == codes(before)


def test_a_second_round_of_queries_leaves_nothing_of_the_first(project, tmp_path, capsys):
    path = receive(project, "norrhavn.xlsx")
    check_paths(project, [str(path)], queries=tmp_path / "one")
    book = openpyxl.load_workbook(tmp_path / "one" / "norrhavn.xlsx")
    first = book["2 Partnerships"]["E8"].fill.fgColor.rgb
    book["2 Partnerships"]["E8"].value = 12
    book.save(path)
    check_paths(project, [str(path)], queries=tmp_path / "two")
    capsys.readouterr()
    again = openpyxl.load_workbook(tmp_path / "two" / "norrhavn.xlsx")
    assert again.sheetnames == book.sheetnames
    cell = again["2 Partnerships"]["E8"]
    assert cell.comment is None
    assert cell.fill.fgColor.rgb != first
    assert "PAR-04" not in [row[3].value for row in again["Queries"].iter_rows(min_row=6)]
    comments = [c.comment.text for row in again["1 Cluster"].iter_rows() for c in row if c.comment]
    numbers = re.findall(r"Query (\d+):", " ".join(comments))
    assert len(numbers) == len(set(numbers)) > 1


def test_the_mark_of_a_missing_answer_is_not_that_of_any_open_cell(project, tmp_path, capsys):
    path = receive(project, "norrhavn.xlsx")
    check_paths(project, [str(path)], queries=tmp_path)
    capsys.readouterr()
    sheet = openpyxl.load_workbook(tmp_path / "norrhavn.xlsx")["1 Cluster"]
    (cell,) = [c for (c,) in sheet["E5:E5"] if c.comment]  # CLU-01, which has to be answered
    rules = [
        rule for area in sheet.conditional_formatting if cell.coordinate in area.sqref
        for rule in area.rules
    ]  # fmt: skip
    first = min(rules, key=lambda rule: rule.priority)
    assert first.dxf.fill.bgColor.rgb.endswith("F7C98B")
    assert len({rule.priority for rule in rules}) == len(rules) > 1


def test_a_share_in_a_workbook_laid_out_anew_is_read_as_before(project, tmp_path, capsys, process):
    path = receive(project, "norrhavn.xlsx", change={"POL-02.value": 0.35})
    path.with_suffix(".xlsb").write_bytes(xlsb.to_xlsb(path, short=False))
    path.unlink()
    first = ingest_return(project, "now", "norrhavn", process=process)
    check_paths(project, [str(path.with_suffix(".xlsb"))], queries=tmp_path)
    capsys.readouterr()
    path.with_suffix(".xlsb").unlink()
    shutil.copy(tmp_path / "norrhavn.xlsx", path)
    second = ingest_return(project, "now", "norrhavn", process=process)
    one, two = (i.answers.set_index("id")["number"].dropna() for i in (first, second))
    assert one["norrhavn.POL-02.value"] == 35
    assert dict(one) == dict(two)
    assert codes(first.findings) == codes(second.findings)


def test_a_workbook_whose_ornaments_are_broken_gets_its_queries_too(project, tmp_path, capsys):
    path = receive(project, "norrhavn.xlsx")
    with zipfile.ZipFile(path) as old:
        parts = {n: old.read(n) for n in old.namelist() if not n.startswith("xl/tables/")}
    with zipfile.ZipFile(path, "w") as new:
        for name, part in parts.items():
            new.writestr(name, part)
    assert check_paths(project, [str(path)], queries=tmp_path) == 1
    assert "could not be marked" not in capsys.readouterr().out
    cell = openpyxl.load_workbook(tmp_path / "norrhavn.xlsx")["2 Partnerships"]["E8"]
    assert "around twelve" in cell.comment.text


def test_the_query_workbook_is_the_same_each_time(project, tmp_path, capsys):
    path = receive(project, "norrhavn.xlsx")
    for folder in ("one", "two"):
        check_paths(project, [str(path)], queries=tmp_path / folder)
    capsys.readouterr()
    first, second = (tmp_path / f / "norrhavn.xlsx" for f in ("one", "two"))
    assert first.read_bytes() == second.read_bytes()


def test_a_surprise_of_our_own_ends_no_run(project, capsys, monkeypatch):
    path = receive(project, "norrhavn.xlsx")
    monkeypatch.setattr("annual_report.survey.check.check_return", lambda *_, **__: 1 / 0)
    assert check_paths(project, [str(path)]) == 2
    assert "division by zero" in capsys.readouterr().out


def test_a_file_name_that_is_no_text_is_read_all_the_same(project, process):
    path = receive(project, "norrhavn.xlsx")
    odd = path.rename(path.parent / b"na\xefve.xlsx".decode("utf-8", "surrogateescape"))
    one = ingest_return(project, "now", "norrhavn", process=process)
    write_ingested(project, one)
    assert one.returns["workbook"].item() == "na?ve.xlsx"
    assert odd.exists()


def test_a_cluster_is_ingested_without_reading_the_files_of_others(project, process):
    receive(project, "a.xlsx")
    other = project.raw("now") / "kessel.xlsx"
    other.write_bytes(b"%PDF-1.7")
    filing = identify_returns(project, "now", process=process)
    other.write_bytes(b"not a workbook any more")
    assert find_returns(project, "now", "norrhavn", process=process) == filing
    assert find_returns(project, "now", "kessel", process=process) != filing


def test_a_file_that_came_or_changed_is_seen_by_its_cluster(project, process):
    first = receive(project, "a.xlsx")
    identify_returns(project, "now", process=process)
    receive(project, "b.xlsx")
    filing = find_returns(project, "now", "norrhavn", process=process)
    assert [fault.workbook for fault in filing.asides["norrhavn"]] == ["a.xlsx"]
    first.write_bytes(b"%PDF-1.7")
    filing = find_returns(project, "now", "norrhavn", process=process)
    assert [fault.code for fault in filing.strays] == ["return-stray"]


@pytest.mark.parametrize(
    ("before", "language", "number"),
    [
        (1180, None, 1200),
        (1.1, None, 1.2),
        (1.1, "English", 1.2),
        (1180, "English", None),  # the language says 1.2, last edition 1,200
        (1.1, "German", None),
        (30, "English", None),  # near neither
        (0, None, None),
    ],
)
def test_last_editions_value_tells_which_of_two_readings_is_meant(
    before, language, number, project, process
):
    receive(project, "old.xlsx", edition="before", change={"TEC-01.value": before})
    change = {"TEC-01.value": "1.200", "STA-05.value": language}
    receive(project, "new.xlsx", change=change)
    one = ingest_return(project, "now", "norrhavn", process=process)
    rows = one.findings[(one.findings["question"] == "TEC-01") & (one.findings["field"] == "value")]
    told = dict(zip(rows["code"], rows["message"], strict=True))
    value = one.answers.set_index("id").loc["norrhavn.TEC-01.value"]
    if number is None:
        assert "1.2 or 1,200?" in told["number-ambiguous"]
        assert value.status == "invalid"
    else:
        assert value.number == number
        assert f"near last edition's {before:,} MW" in told["answer-understood"]
        assert "number-ambiguous" not in told


def test_a_number_that_the_return_and_last_edition_read_differently_is_asked_about(
    project, process
):
    receive(project, "old.xlsx", edition="before", change={"TEC-01.value": 1180})
    change = {"TEC-01.value": "1.200", "TEC-01.target": "2.5", "STA-05.value": "English"}
    receive(project, "new.xlsx", change=change)
    one = ingest_return(project, "now", "norrhavn", process=process)
    rows = one.findings[one.findings["code"] == "number-ambiguous"]
    assert rows["question"].tolist() == ["TEC-01"]
    assert "answer-understood" not in codes(one.findings[one.findings["question"] == "TEC-01"])


def test_on_the_command_line_both_readings_are_shown(project, capsys):
    change = {"TEC-01.value": "1.200", "TEC-01.target": "12.345", "STA-05.value": "English"}
    path = receive(project, "new.xlsx", change=change)
    check_paths(project, [str(path)], queries=project.root / "back")
    told = capsys.readouterr().out
    assert "1.200 can be read in two ways: is it 1.2 or 1,200?" in told
    assert "12.345 can be read in two ways: is it 12.345 or 12,345?" in told
    book = openpyxl.load_workbook(project.root / "back" / "new.xlsx")
    cells = [str(cell.value) for row in book["Queries"].iter_rows() for cell in row]
    assert any("is it 1.2 or 1,200?" in text for text in cells)


def test_what_is_no_file_is_named_and_keeps_nobody_waiting(project):
    receive(project, "kessel.xlsx")
    folder = project.raw("now")
    for name, (make, _) in ODD.items():
        make(folder / f"{name}.xlsx")
    (folder / "folder.xlsx" / "inside.xlsx").write_bytes(b"PK")
    names = {f"{name}.xlsx" for name in ODD} - {"missing.xlsx"}
    alone = names - {"folder.xlsx"}  # who names a folder means what is in it
    everything = [str(folder), *(str(folder / name) for name in sorted(alone))]
    for asked, code, times in ((["now"], 1, 1), (everything, 2, 2)):
        ended = subprocess.run(
            [sys.executable, "-m", "annual_report", "check", *asked, "--format", "json"],
            cwd=project.root,
            capture_output=True,
            timeout=100,
            check=False,
        )
        files = json.loads(ended.stdout)["files"]
        assert ended.returncode == code
        for name in names:
            words = [f["findings"][0]["message"] for f in files if f["workbook"] == name]
            assert len(words) == (times if name in alone else 1)
            assert all(ODD[name.removesuffix(".xlsx")][1] in word for word in words)
        others = {f["workbook"] for f in files} - names
        assert others <= {"kessel.xlsx", None}


def test_what_has_become_a_file_is_read(project, process):
    project.raw("now").mkdir(parents=True)
    os.mkfifo(project.raw("now") / "return.xlsx")
    strays = identify_returns(project, "now", process=process).strays
    assert [fault.workbook for fault in strays] == ["return.xlsx"]
    (project.raw("now") / "return.xlsx").unlink()
    receive(project, "return.xlsx")
    assert identify_returns(project, "now", process=process).chosen["norrhavn"]
