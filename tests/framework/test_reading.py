"""A fault in the questionnaire's files is told with file, line and key."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from annual_report.errors import FrameworkError
from annual_report.framework import Framework, read_framework
from annual_report.project import Project

ROOT = Path(__file__).parents[2]
FILES = Project(ROOT).framework

Edit = Callable[[str, str, str], Project]


@pytest.fixture
def edit(tmp_path: Path) -> Edit:
    """Copy the questionnaire and change one text in one of its files."""

    def change(name: str, old: str, new: str) -> Project:
        project = Project(tmp_path)
        shutil.copytree(FILES, project.framework, dirs_exist_ok=True)
        path = project.framework / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return project

    return change


def _line_of(name: str, text: str) -> int:
    lines = (FILES / name).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)


def _read_fault(project: Project) -> str:
    with pytest.raises(FrameworkError) as caught:
        read_framework(project)
    return str(caught.value)


def test_same_bytes_are_read_once_and_changed_bytes_again(edit: Edit) -> None:
    project = edit("framework.yaml", "title: Industrial", "title: Our")
    first = read_framework(project)
    assert read_framework(project) is first
    assert first.title == "Our cluster survey"
    path = project.framework / "framework.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("Our", "Your"), encoding="utf-8")
    assert read_framework(project).title == "Your cluster survey"


def test_what_is_read_passes_the_models_own_validation() -> None:
    framework = read_framework(Project(ROOT))
    assert Framework.model_validate(framework.model_dump()) == framework


def test_unknown_key_names_file_line_and_key(edit: Edit) -> None:
    fault = _read_fault(
        edit("finance.yaml", "    kind: money\n", "    kind: money\n    colour: red\n")
    )
    assert "finance.yaml" in fault
    assert f"line {_line_of('finance.yaml', 'kind: money') + 1}" in fault
    assert "questions.0.colour" in fault


def test_key_that_stands_twice_names_its_line(edit: Edit) -> None:
    fault = _read_fault(edit("choices.yaml", "  policy: Policy", "  partnerships: Policy"))
    assert f"choices.yaml:{_line_of('choices.yaml', '  policy: Policy')}" in fault
    assert "'partnerships'" in fault


def test_a_spelling_that_names_two_entries_of_a_list_is_refused(edit: Edit) -> None:
    fault = _read_fault(edit("choices.yaml", "also: [H2,", "also: [ccs,"))
    assert "list levers: 'ccs' names 2 entries" in fault


def test_country_code_that_yaml_takes_for_a_word_of_its_own_is_refused(edit: Edit) -> None:
    fault = _read_fault(edit("choices.yaml", '"NO": Norway', "NO: Norway"))
    assert "choices.yaml" in fault


def test_weights_that_do_not_add_up_name_pillar_sum_and_the_lines_of_the_weights(
    edit: Edit,
) -> None:
    fault = _read_fault(edit("indicators.yaml", "weight: 20", "weight: 25"))
    assert "pillar partnerships: the weights add up to 105, not to 100" in fault
    pillar, lines = "", []
    for number, line in enumerate((FILES / "indicators.yaml").read_text("utf-8").splitlines(), 1):
        key, _, value = line.strip().partition(": ")
        pillar = value if key == "pillar" else pillar
        if pillar == "partnerships" and key == "weight" and value != "0":
            lines.append(str(number))
    assert len(lines) > 3
    assert f"indicators.yaml:{', '.join(lines)}: pillar partnerships" in fault
    assert "framework.yaml:" not in fault


def test_a_pillar_without_a_weight_is_told_where_it_is_named(edit: Edit) -> None:
    fault = _read_fault(
        edit(
            "framework.yaml",
            "\nsections:",
            "  - {code: water, title: Water, prefix: WAT, question: Is there any?}\n\nsections:",
        )
    )
    assert "pillar water: the weights add up to 0, not to 100" in fault
    assert f"framework.yaml:{_line_of('framework.yaml', 'sections: [') - 1}: pillar" in fault


def test_indicator_without_its_question_names_both_and_the_line(edit: Edit) -> None:
    fault = _read_fault(edit("indicators.yaml", "[PAR-01]", "[PAR-77]"))
    assert "PAR-GOVERNANCE: no question PAR-77" in fault
    assert f"indicators.yaml:{_line_of('indicators.yaml', 'PAR-GOVERNANCE')}" in fault


def test_indicator_with_no_question_at_all_is_refused(edit: Edit) -> None:
    fault = _read_fault(edit("indicators.yaml", "questions: [PAR-01]", "questions: []"))
    assert "indicators.0.questions" in fault


def test_scored_indicator_without_weight_is_refused(edit: Edit) -> None:
    fault = _read_fault(edit("indicators.yaml", "weight: 20", "weight: 0"))
    assert "a scored indicator has a weight above 0" in fault


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("policy.yaml", "choices: all_levers", "choices: leavers", "no list 'leavers'"),
        ("policy.yaml", "pillar: policy", "pillar: politics", "no pillar 'politics'"),
        ("policy.yaml", "code: POL-05", "code: POL-04", "POL-04 is used 2 times"),
        ("policy.yaml", "code: POL-05", "code: FIN-15", "FIN-15 stands in section POL"),
        ("headlines.yaml", "[CLU-10]", "[CLU-99]", "HEAD-POTENTIAL: no question CLU-99"),
        ("checks.yaml", "[CLU-08, CLU-09]", "[CLU-08, CLU-90]", "no question CLU-90"),
        ("breakdowns.yaml", "rows: side,", "rows: sides,", "PAR-T1 has no column 'sides'"),
        ("breakdowns.yaml", "table: PAR-T1", "table: PAR-T9", "no table PAR-T9"),
        (
            "renamed.yaml",
            "renamed: []",
            "renamed: [{version: '2', code: FIN-09, to: FIN-10, reason: clearer}]",
            "FIN-09 became FIN-10, which does not exist",
        ),
    ],
)
def test_faults_between_parts_name_the_part_and_its_file(
    edit: Edit, name: str, old: str, new: str, told: str
) -> None:
    fault = _read_fault(edit(name, old, new))
    assert told in fault
    assert name in fault


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("level: 4, label: Funded", "level: 5, label: Funded", "less than or equal to 4"),
        ("level: 4, label: Funded", "level: 3, label: Funded", "levels 0, 1, 2, 3, 4"),
        ("kind: level", "kind: text", "a level, and nothing else, has a rubric"),
        ("unit_from: currency,", "unit_from: money,", "no choice column"),
        ("unit_from: currency,", "", "money needs the column"),
        ("key: [source,", "key: [sauce,", "the key names 'sauce'"),
        ("name: sector,", "name: source,", "two columns are named 'source'"),
        ("choices: money_sides,", "", "names its list"),
        ("minimum: 2000", "minimum: 2200", "the range is empty"),
    ],
)
def test_faults_within_a_part_name_the_file(edit: Edit, old: str, new: str, told: str) -> None:
    fault = _read_fault(edit("finance.yaml", old, new))
    assert told in fault
    assert "finance.yaml" in fault
    assert "line " in fault


def test_every_fault_is_told_at_once(edit: Edit) -> None:
    edit("indicators.yaml", "[PAR-01]", "[PAR-77]")
    project = edit("indicators.yaml", "[PAR-01]", "[PAR-77]")
    path = project.framework / "indicators.yaml"
    path.write_text(path.read_text("utf-8").replace("[PAR-02]", "[PAR-78]"), encoding="utf-8")
    fault = _read_fault(project)
    assert "2 fault(s)" in fault
    assert "PAR-77" in fault
    assert "PAR-78" in fault


@pytest.mark.parametrize("name", ["framework.yaml", "choices.yaml", "policy.yaml", "checks.yaml"])
def test_missing_file_is_named(edit: Edit, name: str) -> None:
    project = edit("framework.yaml", "title: Industrial", "title: Our")
    (project.framework / name).unlink()
    fault = _read_fault(project)
    assert "the file is missing" in fault
    assert name in fault


def test_new_question_needs_no_code(edit: Edit) -> None:
    new = """  - code: FIN-04
    text: How many banks have asked for the plan?
    guidance: Banks that asked in writing; not those that the cluster wrote to.
    example: "3"
    kind: number
    unit: count
    minimum: 0
    maximum: 100
    plausible:
      - {low: 1, high: 50, why: there are not more banks}

tables:"""
    framework = read_framework(edit("finance.yaml", "tables:", new))
    assert framework.questions["FIN-04"].fields == (("value", "number"), ("comment", "text"))
    (section,) = [s for s in framework.sections if "FIN-04" in {q.code for q in s.questions}]
    assert section.pillar == "finance"


def test_new_sheet_needs_no_code(edit: Edit) -> None:
    project = edit("framework.yaml", "highlights]", "highlights, water]")
    sheet = "code: WAT\ntitle: Water\nintro: About water.\nquestions: []\n"
    (project.framework / "water.yaml").write_text(sheet, encoding="utf-8")
    assert read_framework(project).sections[-1].title == "Water"
