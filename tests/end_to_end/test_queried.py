"""Numbers of an unlikely size in a whole report: marked wherever they are printed, or in no figure."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
import yaml
from tests.survey.test_magnitudes import mistype

from annual_report.project import Project
from annual_report.running.run import run_edition

pytestmark = pytest.mark.long
EDITION = "example"
SIGN = "\u00a0(?)"
# years instead of months: used and marked; millions instead of units: in no figure
DOUBTFUL, LEFT_OUT, BELIEVED = "kessel", "norrhavn", "anvil"
CLUSTERS = (DOUBTFUL, LEFT_OUT, BELIEVED, "tidewater", "meridian")


@pytest.fixture(scope="module")
def project(
    root: Path,
    copy_project: Callable[[Path, Path], Project],
    tmp_path_factory: pytest.TempPathFactory,
) -> Project:
    project = copy_project(root, tmp_path_factory.mktemp("queried"))
    path = project.editions / f"{EDITION}.yaml"
    edition = yaml.safe_load(path.read_text(encoding="utf-8"))
    edition["clusters"] = [c for c in edition["clusters"] if c["id"] in CLUSTERS]
    edition["previous"] = None
    path.write_text(yaml.safe_dump(edition), encoding="utf-8")
    project.corrections(EDITION).unlink()
    for workbook in project.raw(EDITION).glob("*"):
        if workbook.stem not in CLUSTERS:
            workbook.unlink()
    mistype(project.raw(EDITION) / f"{DOUBTFUL}.xlsx", "POL-01.value", 2.2)
    mistype(project.raw(EDITION) / f"{LEFT_OUT}.xlsx", "FIN-01.value", 2940)
    run(project)
    return project


def run(project: Project) -> None:
    result = run_edition(project, EDITION)
    assert [f"{f.step}: {f.reason}" for f in result.failures] == []


def read_page(project: Project, cluster: str) -> str:
    return (project.reports(EDITION) / "clusters" / f"{cluster}.html").read_text("utf-8")


def read_pdf(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return " ".join(text.split())


def read_csv(project: Project, name: str) -> dict[str, dict[str, str]]:
    path = project.reports(EDITION) / "datapackage" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row.get("id") or row["cluster"]: row for row in csv.DictReader(file)}


def list_printed(page: str) -> dict[str, set[str]]:
    """Every printed number with an address, as the page shows it."""
    found: dict[str, set[str]] = {}
    for number in re.finditer(r'<span class="num"[^>]*?title="([^"]*)">(.*?)</span>', page, re.S):
        for address in re.findall(r"id: (\S+)$", number[1]):
            found.setdefault(address, set()).add(re.sub(r"<[^>]+>", "", number[2]))
    return found


def test_every_printed_number_with_a_queried_answer_behind_it_has_the_sign(
    project: Project,
) -> None:
    measures = read_csv(project, "measures") | read_csv(project, "totals")
    flagged = {i for i, row in measures.items() if row["flag"] == "queried"}
    assert f"{DOUBTFUL}.POL-01.value.standard" in flagged
    assert f"{DOUBTFUL}.policy.score" in flagged
    assert "all.policy.score.median" in flagged
    assert not any(i.startswith(f"{BELIEVED}.") for i in flagged)
    pages = [project.reports(EDITION) / "annual-report.html"]
    pages += sorted((project.reports(EDITION) / "clusters").glob("*.html"))
    seen = 0
    for path in pages:
        for address, texts in list_printed(path.read_text("utf-8")).items():
            for text in texts:
                assert ("(?)" in text) == (address in flagged), (path.name, address, text)
                seen += address in flagged
    assert seen > 10


def test_html_and_pdf_say_what_the_sign_means(project: Project) -> None:
    page = read_page(project, DOUBTFUL)
    assert f"2.2{SIGN}" in page
    assert "(?) the respondent is asked" in page
    text = read_pdf(project.reports(EDITION) / "clusters" / f"{DOUBTFUL}.pdf")
    assert "2.2 (?)" in text
    assert "(?) the respondent is asked" in text


def test_what_is_a_thousand_times_off_wins_nothing(project: Project) -> None:
    measures = read_csv(project, "measures")
    secured = next(r for i, r in measures.items() if i == f"{LEFT_OUT}.FIN-01.value.standard")
    assert (secured["number"], secured["flag"]) == ("", "queried")
    printed = list_printed(read_page(project, LEFT_OUT))
    assert not any("2,940" in text for texts in printed.values() for text in texts)
    totals = read_csv(project, "totals")
    assert totals["all.FIN-01.value.total"]["n"] == str(len(CLUSTERS) - 1)


def test_explain_says_it(project: Project) -> None:
    command = [sys.executable, "-m", "annual_report", "explain", EDITION]
    for address in (f"{DOUBTFUL}.policy.score", f"{DOUBTFUL}.POL-01.value"):
        told = subprocess.run(
            [*command, address], cwd=project.root, capture_output=True, text=True, check=True
        ).stdout
        assert "(queried)" in told.splitlines()[0]


def test_the_annex_has_a_column_for_it(project: Project) -> None:
    assert read_csv(project, "answers")[f"{DOUBTFUL}.POL-01.value"]["flag"] == "queried"
    assert "policy" in read_csv(project, "scores")[DOUBTFUL]["flag"]


def test_a_confirmation_clears_query_and_sign(project: Project) -> None:
    confirmed = {
        "cluster": DOUBTFUL, "question": "POL-01", "expected": 2.2, "new": "confirmed",
        "reason": "The office confirms it.", "decided_by": "The desk", "date": "2024-04-01",
    }  # fmt: skip
    project.corrections(EDITION).write_text(yaml.safe_dump({"corrections": [confirmed]}))
    run(project)
    page = read_page(project, DOUBTFUL)
    assert "(?)" not in page
    assert not any(row["flag"] for i, row in read_csv(project, "measures").items() if DOUBTFUL in i)
