"""More clusters than a page has rows: exhibits stay as long as a page and say what they leave out."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import pytest

from annual_report.exhibits.model import Exhibit, Tiles
from annual_report.exhibits.season import Season
from annual_report.project import Project

ROOT = Path(__file__).resolve().parents[2]
REGISTER, ANSWERED = 70, 64


def list_calls(folder: str, arguments: str) -> list[tuple[str, str]]:
    """Every call that the notebooks of a folder make with these arguments."""
    found = []
    for path in sorted((ROOT / "notebooks" / folder).glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        sources = ("".join(c["source"]) for c in cells if c["cell_type"] == "code")
        found += [m for s in sources for m in re.findall(rf"(\w+)\.(\w+)\({arguments}\)", s)]
    return found


PROFILE = list_calls("cluster", "season, cluster")


@pytest.fixture(scope="module")
def large(make_season: Callable[..., Season]) -> Season:
    return make_season(REGISTER, answered=ANSWERED)


def draw(call: tuple[str, str], *arguments: object) -> Exhibit | None:
    function = getattr(import_module(f"annual_report.exhibits.{call[0]}"), call[1])
    exhibit: Exhibit | None = function(*arguments)
    return exhibit


def list_names(season: Season) -> list[str]:
    return [cluster.name for cluster in season.edition.clusters]


def keep_only(season: Season, cluster: str, folder: Path) -> Project:
    """Copy the project with the tables of one cluster and the peers, and nothing of all others."""
    project = Project(folder)
    for source in (season.project.root / "data").iterdir():
        if source.name != "processed":
            target = folder / "data" / source.name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(source.resolve(), target_is_directory=True)
    processed = season.project.processed("now")
    for path in (*processed.glob(f"*/{cluster}.parquet"), processed / "peers.parquet"):
        target = project.processed("now") / path.relative_to(processed)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    return project


def draw_profile(season: Season, cluster: str) -> Iterator[Exhibit | None]:
    for call in PROFILE:
        yield draw(call, season, cluster)


def test_a_profile_reads_the_tables_of_its_cluster_alone(season: Season, tmp_path: Path) -> None:
    cluster = "iron-quay"
    project = keep_only(season, cluster, tmp_path)
    alone = Season(project, season.edition, season.framework, cluster)
    among_all = Season(season.project, season.edition, season.framework)
    shown = list(draw_profile(alone, cluster))
    assert shown == list(draw_profile(among_all, cluster))
    assert any(isinstance(exhibit, Tiles) for exhibit in shown)
