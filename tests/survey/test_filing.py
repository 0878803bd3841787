"""Which file counts, and what is said of those that do not, through the command line."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess
import sys
from types import SimpleNamespace

import openpyxl
import pytest

from annual_report.cli import main
from annual_report.edition import read_edition
from annual_report.errors import CorrectionError
from annual_report.framework import read_framework
from annual_report.project import Project
from annual_report.running.steps.inputs import list_returns, resolve_inputs
from annual_report.survey.collecting.cluster import ingest_return, write_ingested
from annual_report.survey.collecting.filing import identify_returns
from annual_report.survey.receiving.reading_process import ReadingProcess
from annual_report.survey.sending.workbook import write_workbook
from annual_report.tables import FINDINGS, read_table

EDITION = """\
edition: now
year: 2023
title: Report of 2023
headline: A headline
subtitle: A subtitle
status: test
publisher: The office
published: 2024-05-01
currency: USD
currency_year: 2023
clusters:
  - {id: norrhavn, name: Norrhavn, country: SE, joined: 2021}
  - {id: port-azul, name: Port Azul, country: ES, joined: 2022}
  - {id: kessel, name: Kessel, country: DE, joined: 2022}
"""
DECISION = {"reason": "By mail", "decided_by": "Data desk", "date": "2024-04-02"}
MARCH, APRIL = dt.date(2024, 3, 1), dt.date(2024, 4, 1)


@pytest.fixture(scope="module")
def process():
    with ReadingProcess(seconds=60) as one:
        yield one


@pytest.fixture(scope="module")
def workbooks(root, tmp_path_factory):
    """A project without returns, and a filled workbook of each cluster beside it."""
    house = tmp_path_factory.mktemp("workbooks")
    shutil.copytree(root / "data" / "framework", house / "data" / "framework")
    (house / "data" / "editions").mkdir()
    (house / "data" / "editions" / "now.yaml").write_text(EDITION, encoding="utf-8")
    project = Project(house)
    edition, framework = read_edition(project, "now"), read_framework(project)
    for cluster in edition.clusters:
        write_workbook(
            house / f"{cluster.id}.xlsx",
            framework=framework,
            edition=edition,
            cluster=cluster,
            answers={"STA-03.value": "EUR", "PAR-01.value": 2},
        )
    return house


@pytest.fixture
def project(workbooks, tmp_path):
    shutil.copytree(workbooks / "data", tmp_path / "house" / "data")
    return Project(tmp_path / "house")


@pytest.fixture
def receive(project, workbooks):
    """Put a return into the edition: whose workbook it is, whose it says it is, when signed."""

    def receive(name, cluster="norrhavn", *, signed=None, says=None, jobs=None, prepared=True):
        book = openpyxl.load_workbook(workbooks / f"{cluster}.xlsx")
        for code, value in (("STA_07", signed), ("STA_01", says), ("PAR_01", jobs)):
            if value is not None:
                place = book.defined_names[f"{code}.value"].attr_text
                sheet, _, cell = place.rpartition("!")
                book[sheet.strip("'")][cell.replace("$", "")].value = value
        if not prepared:
            del book["About"]
            for kept in list(book.custom_doc_props.names):
                del book.custom_doc_props[kept]
        path = project.raw("now") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        book.save(path)
        return path

    return receive


def decide(project, *choices):
    path = project.corrections("now")
    path.parent.mkdir(exist_ok=True)
    lines = ["# what the secretariat decided", "returns:"]
    for choice in choices:
        entry = {"cluster": "", "use": ""} | DECISION | choice
        first, *rest = (f"{key}: {json.dumps(value)}" for key, value in entry.items())
        lines += [f"  - {first}", *(f"    {line}" for line in rest)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture
def check(project, monkeypatch, capsys):
    """The command line, in this process: to start one takes longer than to check."""

    def check(*options):
        monkeypatch.chdir(project.root)
        monkeypatch.setattr(sys, "argv", ["annual-report", "check", "now", *options])
        with pytest.raises(SystemExit) as ended:
            main()
        shown = capsys.readouterr()
        return SimpleNamespace(returncode=ended.value.code, stdout=shown.out, stderr=shown.err)

    return check


def find_lines(shown, name):
    """What a check says of one file as a whole: its lines, from the name that they begin with."""
    return [line for line in shown.stdout.splitlines() if line.startswith(f"{name}: ")]


def test_a_file_that_is_left_out_is_told_under_its_own_name(project, receive):
    receive("first.xlsx", signed=MARCH)
    receive("second.xlsx", signed=APRIL)
    command = [sys.executable, "-m", "annual_report", "check", "now"]
    shown = subprocess.run(command, cwd=project.root, capture_output=True, text=True, check=False)
    assert shown.stderr == ""
    assert find_lines(shown, "second.xlsx") == []
    (line,) = find_lines(shown, "first.xlsx")
    assert "note: The file first.xlsx is left out: second.xlsx counts" in line
    assert "signed off later (2024-04-01, this one 2024-03-01)" in line


def test_programs_and_tables_learn_the_name_of_the_file_too(project, receive, process, check):
    receive("first.xlsx", signed=MARCH)
    receive("second.xlsx", signed=APRIL)
    (project.raw("now") / "norrhavn.xlsx").write_bytes(b"%PDF-1.7")
    files = json.loads(check("--format", "json").stdout)["files"]
    told = {f["code"]: f["workbook"] for file in files for f in file["findings"]}
    assert told["return-superseded"] == "first.xlsx"
    assert told["return-unreadable"] == "norrhavn.xlsx"
    assert {f["workbook"] for file in files for f in file["findings"]} <= {
        "first.xlsx", "second.xlsx", "norrhavn.xlsx",
    }  # fmt: skip
    write_ingested(project, ingest_return(project, "now", "norrhavn", process=process))
    table = read_table(project.processed("now") / "findings" / "norrhavn.parquet", FINDINGS)
    names = dict(zip(table["code"], table["workbook"], strict=True))
    assert names["return-superseded"] == "first.xlsx"
    assert names["return-unreadable"] == "norrhavn.xlsx"
    assert names["missing-required"] == "second.xlsx"


def test_a_newer_file_that_is_not_signed_off_is_asked_about(project, receive, check):
    receive("norrhavn.xlsx", signed=MARCH)
    receive("norrhavn final.xlsx")
    (line,) = find_lines(check(), "norrhavn final.xlsx")
    assert "warning: The file norrhavn final.xlsx has no day of sign-off" in line
    assert "norrhavn.xlsx (signed 2024-03-01) counts" in line
    index = (project.reports("now") / "queries" / "index.html").read_text(encoding="utf-8")
    assert "norrhavn final.xlsx" in index
    book = openpyxl.load_workbook(project.reports("now") / "queries" / "norrhavn.xlsx")
    queries = [str(c.value) for row in book["Queries"].iter_rows() for c in row if c.value]
    assert any("norrhavn final.xlsx has no day of sign-off" in text for text in queries)


@pytest.mark.parametrize(
    ("signed", "why"),
    [
        (MARCH, "b.xlsx has the same day of sign-off (2024-03-01)"),
        (None, "neither it nor b.xlsx has a day of sign-off"),
    ],
)
def test_where_no_day_decides_the_name_does_and_that_is_asked_about(
    project, receive, signed, why, check
):
    receive("a.xlsx", signed=signed, jobs=3)
    receive("b.xlsx", signed=signed, jobs=4)
    (line,) = find_lines(check(), "a.xlsx")
    assert f"warning: The file a.xlsx is left out: {why}" in line
    assert "b.xlsx counts, as its name comes last" in line or "and counts, as its name" in line


def test_a_file_of_two_clusters_is_explained_by_that(project, receive, check):
    receive("kessel.xlsx", "kessel", signed=MARCH, says="Port Azul")
    (line,) = [s for s in check().stdout.splitlines() if s.startswith("kessel.xlsx")]
    assert "The return says two clusters: kessel and port-azul." in line
    assert "STA-01" in line
    assert "no cluster of the register" not in line


def test_a_file_of_no_cluster_is_explained_by_what_it_says(project, receive, check):
    receive("a.xlsx", prepared=False, says="Atlantis")
    receive("b.xlsx", prepared=False, says=" ")
    lines = check().stdout.splitlines()
    (first,) = [line for line in lines if line.startswith("a.xlsx")]
    (second,) = [line for line in lines if line.startswith("b.xlsx")]
    assert "names the cluster Atlantis, which is not on the register" in first
    assert "does not say which cluster it is for" in second


def test_the_author_chooses_which_file_counts(project, receive, process, check):
    receive("first.xlsx", signed=MARCH, jobs=3)
    receive("second.xlsx", signed=APRIL, jobs=4)
    decide(project, {"cluster": "norrhavn", "use": "first.xlsx"})
    shown = check()
    (line,) = find_lines(shown, "second.xlsx")
    assert "note: The file second.xlsx is left out: first.xlsx counts" in line
    assert "the author of the report decided so: By mail (Data desk, 2024-04-02)" in line
    (line,) = find_lines(shown, "first.xlsx")
    assert "note: The author of the report decided that this file counts" in line
    one = ingest_return(project, "now", "norrhavn", process=process)
    assert one.returns["workbook"].item() == "first.xlsx"
    assert one.answers.set_index("id").loc["norrhavn.PAR-01.value", "number"] == 3


def test_the_author_says_whose_a_file_of_two_clusters_is(project, receive, process, check):
    receive("odd.xlsx", "kessel", signed=MARCH, says="Port Azul")
    decide(project, {"cluster": "port-azul", "use": "odd.xlsx"})
    one = ingest_return(project, "now", "port-azul", process=process)
    assert (one.state, set(one.answers["cluster"])) == ("answered", {"port-azul"})
    assert {"cluster-two", "return-stray"}.isdisjoint(one.findings["code"])
    assert check().returncode == 0
    assert ingest_return(project, "now", "kessel", process=process).state == "silent"


def test_a_file_that_names_another_cluster_is_taken_only_where_that_is_expected(
    project, receive, process, check
):
    receive("late.xlsx", "kessel", signed=APRIL, jobs=4)
    decide(project, {"cluster": "norrhavn", "use": "late.xlsx"})
    shown = check()
    assert (shown.returncode, shown.stderr.count("\n")) == (2, 1)
    assert "now.yaml:4: the file is another cluster's" in shown.stderr
    decide(project, {"cluster": "norrhavn", "use": "late.xlsx", "expected": "kessel"})
    one = ingest_return(project, "now", "norrhavn", process=process)
    assert one.answers.set_index("id").loc["norrhavn.PAR-01.value", "number"] == 4
    other = ingest_return(project, "now", "kessel", process=process)
    assert other.state == "silent"
    (message,) = other.findings["message"]
    assert "late.xlsx is left out" in message
    assert "is norrhavn's" in message


WRONG = (
    ({"use": "frist.xlsx"}, ("now.yaml:4: ", "no such file", "first.xlsx")),
    ({"use": "../now/first.xlsx"}, ("now.yaml:4: ", "no such file")),
    ({"use": "broken.xlsx"}, ("now.yaml:4: ", "cannot be read", "PDF")),
    ({"use": "first.xlsx", "expected": "kessel"}, ("now.yaml:8: ", "kessel", "norrhavn")),
    ({"use": "first.xlsx", "cluster": "atlantis"}, ("now.yaml:3: ", "atlantis")),
    ({"use": ""}, ("line 4, returns.0.use",)),
    ({"use": "first.xlsx", "file": "x"}, ("line 8, returns.0.file",)),
)


def test_a_choice_that_cannot_be_is_told_with_file_and_line(project, receive, check):
    receive("first.xlsx", signed=MARCH)
    (project.raw("now") / "broken.xlsx").write_bytes(b"%PDF-1.7")
    for choice, said in WRONG:
        decide(project, {"cluster": "norrhavn"} | choice)
        shown = check()
        assert (shown.returncode, shown.stderr.count("\n")) == (2, 1)
        assert all(words in shown.stderr for words in said), shown.stderr


def test_one_cluster_is_decided_once_and_one_file_given_once(project, receive, check):
    receive("first.xlsx", signed=MARCH)
    receive("second.xlsx", signed=APRIL)
    first, second = ({"cluster": "norrhavn", "use": f"{n}.xlsx"} for n in ("first", "second"))
    decide(project, first, second)
    assert "now.yaml:8: this cluster's file is chosen twice" in check().stderr
    decide(project, first, {"cluster": "kessel", "use": "first.xlsx", "expected": "norrhavn"})
    assert "now.yaml:9: this file is chosen for two clusters" in check().stderr


def test_a_name_that_a_mac_spells_in_pieces_is_found(project, receive, process):
    receive("re\u0301sume\u0301.xlsx", signed=MARCH)
    receive("z.xlsx", signed=APRIL)
    decide(project, {"cluster": "norrhavn", "use": "r\u00e9sum\u00e9.xlsx"})
    one = ingest_return(project, "now", "norrhavn", process=process)
    assert one.returns["signed"].item() == "2024-03-01"


def test_a_cluster_depends_on_each_file_that_is_told_of_it(project, receive, process):
    receive("first.xlsx", signed=MARCH)
    late = receive("late.xlsx", "kessel", signed=APRIL)
    decide(project, {"cluster": "norrhavn", "use": "late.xlsx", "expected": "kessel"})
    identify_returns(project, "now", process=process)
    for cluster, names in (
        ("norrhavn", {"first.xlsx", "late.xlsx"}),
        ("kessel", {"late.xlsx"}),
        ("port-azul", set()),
    ):
        patterns = list_returns(project, "now", cluster)
        assert {p.name for p in resolve_inputs(project.root, patterns)} == names
    late.unlink()
    with pytest.raises(CorrectionError, match="no such file"):
        identify_returns(project, "now", process=process)
