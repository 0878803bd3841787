"""What the test project's notebooks call: a report about the number of words in text files."""

from __future__ import annotations

import json
from logging import getLogger
from pathlib import Path

import pandas as pd

from annual_report.edition import read_edition
from annual_report.errors import CorrectionError, FrameworkError, PublishingError
from annual_report.project import Project, find_project


def sort_returns(project: Project, edition: str) -> None:
    """Say which file is whose."""
    if "weight" in (project.framework / "questions.yaml").read_text(encoding="utf-8"):
        raise FrameworkError("the weights do not add up")
    names = sorted(path.name for path in project.raw(edition).iterdir())
    entries = [{"workbook": name, "concerns": [name.removesuffix(".txt")]} for name in names]
    path = project.processed(edition) / "index.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"files": entries}), encoding="utf-8")


def count_words(edition: str, cluster: str) -> pd.DataFrame:
    """Read a return, `data/raw/<edition>/<cluster>.txt`, into words."""
    text = (find_project().raw(edition) / f"{cluster}.txt").read_text(encoding="utf-8")
    if "outdated" in text:
        raise CorrectionError("the return no longer says what the correction expects")
    if "crash" in text:
        raise ValueError("this return cannot be read")
    words = pd.DataFrame({"word": text.split()})
    _write(words, edition, "answers", cluster)
    return words


def replace_once(cluster: str) -> None:
    """Replace the return that is being read, once, if the test has asked for it."""
    root = find_project().root
    gate = root / "gate"
    if gate.is_file() and gate.read_text() == cluster:
        gate.unlink()
        text = "four words this time"
        (root / "data" / "raw" / "spring" / f"{cluster}.txt").write_text(text)


def measure_words(edition: str, cluster: str) -> int:
    """Count the different words of a cluster."""
    words = pd.read_parquet(_folder(edition) / "answers" / f"{cluster}.parquet")
    _write(pd.DataFrame({"n": [words["word"].nunique()]}), edition, "measures", cluster)
    return int(words["word"].nunique())


def show_words(edition: str, cluster: str) -> str:
    """Show the number of a cluster."""
    measures = pd.read_parquet(_folder(edition) / "measures" / f"{cluster}.parquet")
    return f"{cluster}: {measures['n'].item()}"


def show_total(edition: str) -> str:
    """Show the number over all clusters."""
    return f"total {pd.read_parquet(_folder(edition) / 'measures' / 'all.parquet')['n'].item()}"


def list_words(edition: str) -> list[str]:
    """List all words."""
    parts = [pd.read_parquet(p) for p in sorted((_folder(edition) / "answers").glob("*.parquet"))]
    return sorted(set(pd.concat(parts)["word"]))


def gather(project: Project, edition: str) -> None:
    """Add the clusters up."""
    folder = project.processed(edition)
    ids = [cluster.id for cluster in read_edition(project, edition).clusters]
    paths = [folder / "measures" / f"{i}.parquet" for i in ids]
    parts = [pd.read_parquet(path) for path in paths if path.is_file()]
    pd.DataFrame({"n": [pd.concat(parts)["n"].sum()]}).to_parquet(
        folder / "measures" / "all.parquet"
    )


def publish(project: Project, edition: str, *names: str) -> None:
    """Publish by gluing the executed notebooks together."""
    executed = sorted((project.processed(edition) / "notebooks").rglob("*.ipynb"))
    for name in names:
        _fail_if_asked(project, name)
        if (project.root / "warned").is_file():
            getLogger("annual_report.publishing").warning("a picture is left out")
        path = project.reports(edition) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(p.read_text(encoding="utf-8") for p in executed), encoding="utf-8")


def publish_profile(project: Project, edition: str, cluster: str) -> None:
    """Publish the profile of one cluster."""
    folder = project.reports(edition) / "clusters"
    folder.mkdir(parents=True, exist_ok=True)
    _fail_if_asked(project, f"{cluster}.html")
    executed = project.processed(edition) / "notebooks" / cluster / "03-profile.ipynb"
    (folder / f"{cluster}.html").write_text(executed.read_text(encoding="utf-8"), encoding="utf-8")


def _fail_if_asked(project: Project, name: str) -> None:
    if (project.root / f"no-{name}").is_file():
        raise PublishingError("it could not be made")


def _folder(edition: str) -> Path:
    return find_project().processed(edition)


def _write(frame: pd.DataFrame, edition: str, table: str, cluster: str) -> None:
    path = _folder(edition) / table / f"{cluster}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    frame.to_parquet(beside)
    beside.replace(path)
