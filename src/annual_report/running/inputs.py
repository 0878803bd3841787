"""Which files a step reads: its cluster's returns, and the settings that everybody shares."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from annual_report.edition import Edition
from annual_report.project import Project

Reads = tuple[str, ...] | None
"""What a notebook says it reads (``annual_report.reads``); None, everything, if it does not say."""

SETTINGS = ("framework", "edition", "reference", "corrections")
TABLES = ("answers", "findings", "returns", "measures", "all", "previous")


def list_inputs(project: Project, edition: str, reads: Reads) -> tuple[str, ...]:
    """List patterns of the settings files, those of ``reads`` only if it is given."""
    patterns = {
        "framework": f"{_relative(project, project.framework)}/**/*",
        "edition": f"{_relative(project, project.editions)}/{edition}.yaml",
        "reference": f"{_relative(project, project.reference)}/**/*",
        "corrections": _relative(project, project.corrections(edition)),
    }
    return tuple(p for name, p in patterns.items() if reads is None or name in reads)


def find_returns(project: Project, edition: Edition) -> dict[str, tuple[str, ...]]:
    """Find the returned files that may concern each cluster.

    A file or folder in ``data/raw/<edition>`` belongs to the cluster with whose id its name
    begins. One that names nobody may concern everybody.
    """
    ids = sorted((c.id for c in edition.clusters), key=len, reverse=True)
    returns: dict[str, list[str]] = {cluster: [] for cluster in ids}
    folder = project.raw(edition.edition)
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        top = path.relative_to(folder).parts[0].lower()
        owner = next((c for c in ids if _begins(top, c)), None)
        for cluster in [owner] if owner else ids:
            returns[cluster].append(_relative(project, path))
    return {cluster: tuple(paths) for cluster, paths in returns.items()}


def resolve_inputs(root: Path, patterns: Sequence[str]) -> list[Path]:
    """List the files that patterns name, in order; hidden ones are being written."""
    found: set[Path] = set()
    for pattern in patterns:
        if any(c in pattern for c in "*?["):
            found.update(p for p in root.glob(pattern) if p.is_file() and p.name[0] != ".")
        elif (root / pattern).is_file():
            found.add(root / pattern)
    return sorted(found)


def _begins(name: str, cluster: str) -> bool:
    return name == cluster or (name.startswith(cluster) and not name[len(cluster)].isalnum())


def _relative(project: Project, path: Path) -> str:
    return path.relative_to(project.root).as_posix()
