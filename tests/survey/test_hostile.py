"""No file brings the reader down, makes it wait, or takes its memory."""

from __future__ import annotations

import os
import resource
import time
from pathlib import Path

import pytest
from tests.survey import hostile

from annual_report.survey.findings.finding import KINDS
from annual_report.survey.reading.returns import read_return
from annual_report.survey.receiving.reading_process import ReadingProcess
from annual_report.survey.sending.workbook import write_workbook
from annual_report.tables import ANSWERS, FINDINGS, check_table

SECONDS = 5  # computed, not waited: the machine may be busy
MEMORY = 500 << 10  # kilobytes, as ru_maxrss counts


@pytest.fixture(scope="module")
def process():
    with ReadingProcess() as one:
        yield one


@pytest.fixture(scope="module")
def good(tmp_path_factory, framework, edition, cluster):
    path = tmp_path_factory.mktemp("good") / "good.xlsx"
    answers = {"FIN-01.value": 5, "FIN-01.currency": "EUR", "FIN-T1.1.source": "A bank"}
    write_workbook(path, framework=framework, edition=edition, cluster=cluster, answers=answers)
    return path.read_bytes()


EXPECTED = {
    "empty": "file-empty",
    "directory": "file-missing",
    "broken_link": "file-missing",
    "missing": "file-missing",
    "csv": "file-not-a-workbook",
    "text": "file-not-a-workbook",
    "utf16": "file-not-a-workbook",
    "web_page": "file-not-a-workbook",
    "pdf": "file-not-a-workbook",
    "picture": "file-not-a-workbook",
    "noise": "file-not-a-workbook",
    "word": "file-not-a-workbook",
    "archive": "file-not-a-workbook",
    "spreadsheet_2003": "file-not-a-workbook",
    "no_workbook_ole": "file-not-a-workbook",
    "encrypted": "file-protected",
    "encrypted_entry": "file-protected",
    "hollow_xls": "file-damaged",
    "hollow_xlsb": None,
    "truncated": "file-damaged",
    "zip_bomb": "file-suspicious",
    "lying_bomb": None,
    "many_entries": "file-suspicious",
    "same_name_twice": "file-suspicious",
    "too_large": "file-too-large",
    "entities": "file-suspicious",
    "outside": "file-suspicious",
    "utf16_entities": "file-suspicious",
    "deep": None,
    "no_sheets": None,
    "not_xml": "file-damaged",
    "huge_numbers": None,
    "far_apart": None,
    "self_reference": None,
    "ods_repeats": None,
}


def test_every_hostile_file_has_an_expectation():
    assert set(EXPECTED) == set(hostile.HOSTILE)


def read_peak(process):
    """The most memory that the worker has held, in KiB; one that died was ended by its own limit."""
    worker = process._process
    status = Path(f"/proc/{worker.pid}/status") if worker is not None else Path("/nowhere")
    if not status.is_file():
        return 0
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
    return int(lines["VmHWM"].split()[0]) if "VmHWM" in lines else 0


def count_seconds(process):
    """Count what this process and its workers, dead or alive, have computed."""
    dead = resource.getrusage(resource.RUSAGE_CHILDREN)
    worker = process._process
    status = Path(f"/proc/{worker.pid}/stat") if worker is not None else Path("/nowhere")
    ticks = status.read_text().rpartition(")")[2].split()[11:13] if status.is_file() else ()
    alive = sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
    return time.process_time() + dead.ru_utime + dead.ru_stime + alive


@pytest.mark.parametrize("name", hostile.HOSTILE)
def test_a_hostile_file_is_a_finding(name, tmp_path, good, framework, edition, process):
    suffix, make = hostile.HOSTILE[name]
    path = tmp_path / f"return.{suffix}"
    make(path, good)
    start = count_seconds(process)
    one = read_return(path, framework=framework, edition=edition, process=process)
    assert count_seconds(process) - start < SECONDS
    check_table(one.findings, FINDINGS)
    if EXPECTED[name] is None:
        assert one.state in ("answered", "unreadable")
    else:
        assert (one.state, [f.code for f in one.faults]) == ("unreadable", [EXPECTED[name]])
        assert one.reason
        assert one.answers.empty
    assert read_peak(process) < MEMORY


def test_a_parser_that_computes_too_long_is_stopped_and_not_asked_again(
    tmp_path, good, framework, edition
):
    path = tmp_path / "return.xlsx"
    path.write_bytes(good)
    with ReadingProcess(seconds=0.01) as hasty:
        one = read_return(path, framework=framework, edition=edition, process=hasty)
    assert [f.code for f in one.faults] == ["file-reader-stopped"]
    assert "took more than 0.01 seconds" in one.reason


def assert_mutations_are_findings(count, tmp_path, good, framework, edition, process):
    states = set()
    for seed, data in hostile.mutations(good, count):
        path = tmp_path / "mutated.xlsx"
        path.write_bytes(data)
        start = count_seconds(process)
        one = read_return(path, framework=framework, edition=edition, process=process)
        assert count_seconds(process) - start < SECONDS, seed
        check_table(one.answers, ANSWERS)
        check_table(one.findings, FINDINGS)
        assert all(f.code in KINDS for f in one.faults), seed
        states.add(one.state)
    assert states == {"answered", "unreadable"}


def test_mutated_returns_are_read_or_refused(tmp_path, good, framework, edition, process):
    assert_mutations_are_findings(60, tmp_path, good, framework, edition, process)


@pytest.mark.long
def test_2000_mutated_returns_are_read_or_refused(tmp_path, good, framework, edition, process):
    assert_mutations_are_findings(2000, tmp_path, good, framework, edition, process)


def test_a_worker_that_dies_is_replaced(tmp_path, good, framework, edition):
    path = tmp_path / "good.xlsx"
    path.write_bytes(good)
    with ReadingProcess() as process:
        assert read_return(path, framework=framework, edition=edition, process=process).items
        process._process.kill()
        process._process.wait()
        assert read_return(path, framework=framework, edition=edition, process=process).items
