"""The published data package alone gives the same exhibits, and is trusted with nothing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from tests.made_season import MadeSeason
from tests.notebooks.conftest import RunNotebook, run_cells
from tests.notebooks.test_chapters import LAYER

import annual_report as ar
from annual_report.errors import StorageError
from annual_report.project import ROOT_VARIABLE
from annual_report.publishing.annex import publish_annex


@pytest.fixture(scope="module")
def package(season: MadeSeason, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package of the season, in an empty folder."""
    publish_annex(season.project, "now")
    folder = tmp_path_factory.mktemp("elsewhere") / "package"
    shutil.copytree(season.project.reports("now") / "datapackage", folder)
    return folder / "datapackage.json"


@pytest.mark.parametrize("chapter", LAYER)
def test_every_chapter_is_the_same_from_the_package_alone(
    chapter: str,
    package: Path,
    season: MadeSeason,
    root: Path,
    run_notebook: RunNotebook,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inside = run_notebook(chapter, season)
    monkeypatch.delenv(ROOT_VARIABLE, raising=False)
    monkeypatch.chdir(package.parent.parent)
    outside = run_cells(root / "notebooks" / chapter, season, edition=str(package))
    assert inside.keys() == outside.keys()
    for name, exhibit in inside.items():
        assert exhibit.model_dump_json() == outside[name].model_dump_json(), name


def test_how_near_a_number_is_to_being_withheld_is_not_in_it(package: Path) -> None:
    for path in (package.parent / "data" / "editions").iterdir():
        settings = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert "disclosure" not in settings["rules"]


Spoil = Callable[[Path], None]


def change_file(package: Path) -> None:
    path = next(package.parent.glob("data/framework/*.yaml"))
    path.write_text(path.read_text(encoding="utf-8") + "# more\n", encoding="utf-8")


def same_size(package: Path) -> None:
    path = package.parent / "data" / "editions" / "now.yaml"
    path.write_bytes(path.read_bytes().replace(b"USD", b"EUR"))


def lose_file(package: Path) -> None:
    next(package.parent.glob("data/processed/*/public/measures.parquet")).unlink()


def lead_out(package: Path) -> None:
    (package.parent.parent / "victim.txt").write_text("mine")
    change_descriptor(package, path="data/../../victim.txt")


def link_out(package: Path) -> None:
    victim = package.parent.parent / "victim.yaml"
    path = package.parent / "data" / "editions" / "now.yaml"
    victim.write_bytes(path.read_bytes())
    path.unlink()
    path.symlink_to(victim)


def claim_much(package: Path) -> None:
    change_descriptor(package, bytes=10**12)


def say_nonsense(package: Path) -> None:
    package.write_text('{"name": "annual-report-now", "resources": [1, null]}')


def nest_deep(package: Path) -> None:
    package.write_text("[" * 100_000)


def hold_no_tables(package: Path) -> None:
    told = json.loads(package.read_text(encoding="utf-8"))
    told["resources"] = []
    package.write_text(json.dumps(told))


def change_descriptor(package: Path, **changes: object) -> None:
    told = json.loads(package.read_text(encoding="utf-8"))
    for resource in told["resources"]:
        if resource["path"] == "data/editions/now.yaml":
            resource.update(changes)
    package.write_text(json.dumps(told))


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (change_file, "larger than it may be"),
        (same_size, "not the one that was described"),
        (lose_file, "not there"),
        (lead_out, "outside of the package"),
        (link_out, "leads out"),
        (claim_much, "too large"),
        (say_nonsense, "cannot be understood"),
        (nest_deep, "cannot be understood"),
        (hold_no_tables, "no public tables"),
    ],
)
def test_a_package_that_is_not_what_it_says_is_not_opened(
    spoil: Spoil, what: str, package: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "package"
    shutil.copytree(package.parent, copy)
    spoil(copy / package.name)
    with pytest.raises(StorageError, match=what):
        ar.open_season(str(copy / package.name))


def test_where_there_is_none_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="a file is not there"):
        ar.open_season(str(tmp_path / "datapackage.json"))
