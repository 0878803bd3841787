"""A register of hundreds is parsed once, and never taken for another."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from annual_report import settings
from annual_report.edition import Edition, Rules, read_edition
from annual_report.errors import EditionError
from annual_report.project import Project

Edit = Callable[[str, str, str], str]


def write_edition(project: Project, **changes: object) -> Path:
    content = {
        "edition": "large", "year": 2023, "title": "T", "headline": "H", "subtitle": "S",
        "status": "test", "publisher": "P", "published": "2024-05-01", "currency": "USD",
        "currency_year": 2023, "rules": {"coverage_threshold": "2/3"},
        "clusters": [
            {"id": f"c-{n}", "name": f"Cluster {n}", "country": "NO", "joined": 2021}
            for n in range(400)
        ],
    }  # fmt: skip
    path = project.editions / "large.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(content | changes), encoding="utf-8")
    return path


def test_a_long_edition_is_parsed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = Project(tmp_path)
    path = write_edition(project)
    assert len(path.read_text(encoding="utf-8")) > settings.LONG
    first = read_edition(project, "large")

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("parsed again")

    monkeypatch.setattr(settings.yaml, "load", refuse)
    again = read_edition(project, "large")
    assert again == first
    assert again.cluster("c-399").name == "Cluster 399"


def test_a_changed_edition_and_a_spoilt_copy_are_parsed_again(tmp_path: Path) -> None:
    project = Project(tmp_path)
    write_edition(project)
    read_edition(project, "large")
    write_edition(project, title="Another")
    assert read_edition(project, "large").title == "Another"
    for kept in project.parsed.iterdir():
        kept.write_text("{}", encoding="utf-8")
    assert read_edition(project, "large").title == "Another"


def list_documented(heading: str) -> set[str]:
    """List the keys in the first column of a table of docs/editions.md."""
    text = (Path(__file__).parents[1] / "docs" / "editions.md").read_text(encoding="utf-8")
    table = text.split(f"| {heading} |")[1].split("\n\n")[0]
    first = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    return {key for cell in first for key in re.findall(r"`(\w+)`", cell)}


def test_every_key_of_an_edition_is_documented() -> None:
    assert list_documented("key") == set(Edition.model_fields)
    assert list_documented("key of `rules`") == set(Rules.model_fields)


@pytest.mark.parametrize(("count", "is_large"), [(59, False), (60, False), (61, True)])
def test_profiles_are_files_beyond_sixty_clusters(
    tmp_path: Path, count: int, is_large: bool
) -> None:
    project = Project(tmp_path)
    clusters = [
        {"id": f"c-{n}", "name": f"Cluster {n}", "country": "NO", "joined": 2021}
        for n in range(count)
    ]
    write_edition(project, clusters=clusters)
    assert read_edition(project, "large").has_files_of_profiles is is_large


def test_the_number_of_profiles_is_checked(tmp_path: Path) -> None:
    project = Project(tmp_path)
    write_edition(project, rules={"profiles_in_report": -1})
    with pytest.raises(EditionError, match="profiles_in_report"):
        read_edition(project, "large")


def test_a_name_that_two_clusters_have_is_told(tmp_path: Path) -> None:
    project = Project(tmp_path)
    twins = [{"id": f"c-{n}", "name": "Twin", "country": "NO", "joined": 2021} for n in range(2)]
    write_edition(project, clusters=twins)
    with pytest.raises(EditionError, match="two clusters have the name 'Twin'"):
        read_edition(project, "large")


@pytest.fixture
def tell(root: Path, tmp_path: Path) -> Edit:
    """Change one text of an edition, and give what the command says of the edition `example`."""
    for name in ("framework", "editions", "reference"):
        shutil.copytree(root / "data" / name, tmp_path / "data" / name)

    def change(edition: str, old: str, new: str) -> str:
        path = tmp_path / "data" / "editions" / f"{edition}.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        command = [sys.executable, "-m", "annual_report", "survey", "example"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == (2 if done.stderr else 0)
        assert "Traceback" not in done.stderr
        return done.stderr

    return change


def find_lines(root: Path, edition: str, text: str) -> list[int]:
    """List the lines, from 1, of an edition's file that hold a text."""
    path = root / "data" / "editions" / f"{edition}.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    return [number for number, line in enumerate(lines, 1) if text in line]


@pytest.mark.parametrize(
    ("edition", "old", "new", "line", "told"),
    [
        ("example", "id: baiyun", "id: anvil", "id: baiyun", "clusters.1.id: two clusters have"),
        ("example", "name: Baiyun Net-Zero Park", "name: Anvil Coast", "name: Baiyun",
         "clusters.1.name: two clusters have"),
        ("example", "id: baiyun", "id: rate", "id: baiyun", "clusters.1.id: 'rate' is reserved"),
        ("example", "year: 2023", "year: 2042", "year: 2023", "year: 2042 lies after"),
        ("example", "currency_year: 2023", "currency_year: 2042", "currency_year:",
         "currency_year: 2042 lies after"),
        ("example", "joined: 2021", "joined: 2024", "joined: 2021",
         "clusters.0.joined: anvil joined in 2024, after"),
        ("example", "previous: example-2022", "previous: example", "previous:",
         "previous: example would come before itself"),
        ("example", "previous: example-2022", "previous: example-2021", "previous:",
         "previous: there is no edition 'example-2021'"),
        ("example", "previous: example-2022", "previous: 2023", "previous:",
         "previous: 2023 is of 2023, not of a year before 2023"),
        ("example-2022", "currency: USD", "previous: example\ncurrency: USD", "currency: USD",
         "previous: example would come before itself"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_with_file_line_and_key(
    root: Path, tell: Edit, edition: str, old: str, new: str, line: str, told: str
) -> None:
    fault = tell(edition, old, new)
    assert f"{edition}.yaml: " in fault
    assert f"line {find_lines(root, edition, line)[0]}, {told}" in fault


def test_every_double_of_a_register_is_told_with_both_places(root: Path, tell: Edit) -> None:
    fault = tell(
        "example", "id: baiyun\n  name: Baiyun Net-Zero Park", "id: anvil\n  name: Anvil Coast"
    )
    line = find_lines(root, "example", "id: baiyun")[0]
    assert "2 fault(s)" in fault
    assert f"line {line}, clusters.1.id: two clusters have the id 'anvil'" in fault
    assert f"line {line + 1}, clusters.1.name: two clusters have the name 'Anvil Coast'" in fault
    assert fault.count("clusters.0") == 2


def test_an_edition_is_found_by_a_number_as_by_its_name(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data" / "editions"
    shutil.copytree(root / "data" / "editions", folder)
    path = folder / "2023.yaml"
    path.write_text(path.read_text("utf-8").replace('edition: "2023"', "edition: 2023"), "utf-8")
    project = Project(tmp_path)
    assert read_edition(project, 2023) == read_edition(project, "2023")
    assert read_edition(project, 2023).edition == "2023"
