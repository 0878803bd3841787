"""A return on an older questionnaire is read under the codes of today, by the list and by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from annual_report.edition import read_edition
from annual_report.framework import Framework, read_framework
from annual_report.framework.model import Renamed
from annual_report.project import Project
from annual_report.survey.reading.returns import read_return
from annual_report.survey.sending.workbook import write_workbook

OLD = {"FIN-01.value": 4_200_000_000, "FIN-01.currency": "EUR", "FIN-03.value": 2}


@pytest.fixture(scope="module")
def today(root: Path) -> Framework:
    return read_framework(Project(root))


def renumber(framework: Framework, old: str, new: str) -> Framework:
    """The framework of tomorrow, in which one question has another code."""
    text = framework.model_dump_json().replace(f'"{old}"', f'"{new}"')
    text = text.replace(f'"{old}.', f'"{new}.')  # as a range names it
    changed = Framework.model_validate_json(text)
    rename = Renamed(version="2.0", code=old, to=new, reason="the section was put in order")
    return changed.model_copy(update={"version": "2.0", "renamed": (rename,)})


def reword(framework: Framework, code: str) -> Framework:
    """The same, asking something else under a code."""
    text = framework.model_dump_json()
    asked = framework.questions[code].text
    return Framework.model_validate_json(text.replace(asked, "What does it cost a year?"))


@pytest.fixture
def old_return(root: Path, today: Framework, tmp_path: Path) -> Path:
    edition = read_edition(Project(root), "example")
    path = tmp_path / "old.xlsx"
    write_workbook(path, framework=today, edition=edition, cluster=edition.clusters[0], answers=OLD)
    return path


def test_a_renamed_question_is_read_under_its_new_code(
    root: Path, today: Framework, old_return: Path
) -> None:
    edition = read_edition(Project(root), "example")
    tomorrow = renumber(today, "FIN-01", "FIN-09")
    answers = read_return(old_return, framework=tomorrow, edition=edition).answers
    found = answers.set_index(["question", "field"])
    assert found.loc[("FIN-09", "value"), "number"] == 4_200_000_000
    assert found.loc[("FIN-03", "value"), "number"] == 2
    assert "FIN-01" not in set(answers["question"])


def test_a_dropped_question_is_not_read_as_another(
    root: Path, today: Framework, old_return: Path
) -> None:
    edition = read_edition(Project(root), "example")
    tomorrow = renumber(reword(today, "FIN-01"), "FIN-01", "FIN-09")
    dropped = tomorrow.renamed[0].model_copy(update={"to": None})
    without = tomorrow.model_copy(update={"renamed": (dropped,)})
    answers = read_return(old_return, framework=without, edition=edition).answers
    found = answers.set_index(["question", "field"])
    assert found.loc[("FIN-09", "value"), "status"] == "missing"
