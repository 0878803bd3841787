"""What a respondent did not give for publication is nowhere in what leaves the house."""

from __future__ import annotations

import math
import re
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from tests.end_to_end.canaries import find_marks, plant, read_delivered

from annual_report.measures.lineage import Lineage, format_tree
from annual_report.project import Project
from annual_report.running.run import run_edition
from annual_report.tables import ANSWERS, FINDINGS, MEASURES, read_table

EDITION = "example"

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def marked(
    root: Path,
    tmp_path_factory: pytest.TempPathFactory,
    copy_project: Callable[[Path, Path], Project],
) -> Project:
    project = copy_project(root, tmp_path_factory.mktemp("canaries"))
    plant(project)
    result = run_edition(project, EDITION)
    assert [f.reason for f in result.failures] == []
    return project


def read_tables(project: Project, name: str, contract: object) -> pd.DataFrame:
    paths = sorted((project.processed(EDITION) / name).glob("*.parquet"))
    return read_table(paths, contract)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def delivered(marked: Project) -> dict[str, str]:
    return dict(read_delivered(marked, EDITION))


def test_there_is_something_to_find(marked: Project, delivered: dict[str, str]) -> None:
    answers = read_tables(marked, "answers", ANSWERS)
    private = answers[answers["consent"] != "publish"]
    for consent in ("aggregate only", "do not use"):
        mine = private[private["consent"] == consent]["reported"].dropna()
        assert sum(bool(find_marks(text)) for text in mine) > 300
    assert not any(map(find_marks, answers[answers["consent"] == "publish"]["reported"].dropna()))
    assert {"annual-report.html", "annual-report.pdf", "data-annex.xlsx"} <= set(delivered)
    assert any(name.startswith("datapackage/") for name in delivered)


def test_no_number_and_no_word_of_them_is_delivered(delivered: dict[str, str]) -> None:
    found = {name: marks[:3] for name, text in delivered.items() if (marks := find_marks(text))}
    assert found == {}


def test_nothing_computed_from_them_alone_is_delivered(
    marked: Project, delivered: dict[str, str]
) -> None:
    measures = read_tables(marked, "measures", MEASURES)
    private = measures[(measures["consent"] != "publish") & measures["number"].notna()]
    secrets = {_spell(n) for n in private["number"] if not _is_plain(n)}
    assert len(secrets) > 100
    for name, text in delivered.items():
        told = {_trim(token)[:9] for token in re.findall(r"\d[\d.,]{8,}", text)}
        assert not told & {secret[:9] for secret in secrets}, name


def _is_plain(number: float) -> bool:
    """Whether others may come to the same number: few digits, or a share of few things."""
    share = Fraction(number).limit_denominator(1000)
    return len(_spell(number)) < 9 or math.isclose(share, number, rel_tol=1e-9)


def _spell(number: float) -> str:
    return _trim(f"{abs(number):.17g}".partition("e")[0])


def _trim(text: str) -> str:
    return re.sub(r"\D", "", text).strip("0")


def test_no_finding_says_what_a_private_answer_holds(
    marked: Project, delivered: dict[str, str]
) -> None:
    findings = read_tables(marked, "findings", FINDINGS)
    texts = findings[["message", "found"]].fillna("").agg(" ".join, axis=1)
    assert any(map(find_marks, texts))  # the house knows, and does not tell


def test_no_file_of_a_respondent_is_named(marked: Project, delivered: dict[str, str]) -> None:
    files = {path.name for path in marked.raw(EDITION).glob("*.xlsx")}
    for name, text in delivered.items():
        if name == "run.json":  # the author's record of the run, with a hash of each file it read
            continue
        assert not [file for file in files if re.search(rf"(?<![\w-]){file}", text)], name


def test_plain_explanations_withhold_them(marked: Project) -> None:
    ids = [
        *read_tables(marked, "answers", ANSWERS)["id"],
        *read_tables(marked, "measures", MEASURES)["id"],
    ]
    lineage = Lineage(marked, EDITION)
    for number_id in ids:
        told = "\n".join(format_tree(lineage, number_id))
        assert not find_marks(told), number_id
        assert ".xlsx" not in told


def test_only_the_author_is_told_by_the_command(marked: Project) -> None:
    answers = read_tables(marked, "answers", ANSWERS)
    kept = answers[(answers["consent"] == "aggregate only") & answers["number"].notna()]
    number_id = next(i for i, t in zip(kept["id"], kept["reported"], strict=True) if find_marks(t))

    def explain(*options: str) -> str:
        command = [sys.executable, "-m", "annual_report", "explain", *options, EDITION, number_id]
        done = subprocess.run(command, cwd=marked.root, capture_output=True, text=True, check=True)
        return done.stdout

    plain, inside = explain(), explain("--inside")
    assert f"{number_id} = withheld" in plain
    assert not find_marks(plain)
    assert find_marks(inside)
    assert "[aggregate only]" in inside
    assert ".xlsx › " in inside
