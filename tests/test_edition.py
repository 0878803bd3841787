"""A register of hundreds is parsed once, and never taken for another."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from annual_report import settings
from annual_report.edition import Edition, Rules, read_edition
from annual_report.errors import EditionError
from annual_report.project import Project


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
