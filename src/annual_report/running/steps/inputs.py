"""Which files a step reads: its cluster's returns, and the settings that everybody shares."""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from pathlib import Path

from annual_report.files import name_oddity
from annual_report.project import PICTURE_SUFFIXES, Project

Reads = tuple[str, ...] | None
"""What a notebook says it reads (``annual_report.reads``); None, everything, if it does not say."""

INDEX = "index.json"
OWNED_BY = "owned-by:"
SETTINGS = ("framework", "edition", "reference", "corrections")
TABLES = ("answers", "findings", "returns", "measures", "all", "previous", "public")


def list_inputs(project: Project, edition: str, reads: Reads) -> tuple[str, ...]:
    """List patterns of the settings files, those of ``reads`` only if it is given."""
    patterns = {
        "framework": f"{_relative(project, project.framework)}/**/*",
        "edition": f"{_relative(project, project.editions)}/{edition}.yaml",
        "reference": f"{_relative(project, project.reference)}/**/*",
        "corrections": _relative(project, project.corrections(edition)),
    }
    return tuple(p for name, p in patterns.items() if reads is None or name in reads)


def list_returns(project: Project, edition: str, cluster: str) -> tuple[str, ...]:
    """Name the returned files that concern one cluster; known when they have been sorted."""
    return (f"{OWNED_BY}{cluster}@{_relative(project, project.processed(edition))}/{INDEX}",)


def list_fonts(project: Project) -> str:
    """Name the fonts that the editors have added, as a pattern."""
    return f"{_relative(project, project.fonts)}/*"


def list_raw(project: Project, edition: str) -> tuple[str, ...]:
    """List a pattern of all returned files of an edition."""
    return (f"{_relative(project, project.raw(edition))}/**/*",)


def list_pictures(project: Project) -> tuple[str, ...]:
    """List patterns of the pictures that the text of a notebook can link to."""
    endings = ("".join(f"[{c}{c.upper()}]" for c in suffix) for suffix in PICTURE_SUFFIXES)
    return tuple(f"{_relative(project, project.notebooks)}/**/*.{end}" for end in endings)


def resolve_inputs(root: Path, patterns: Sequence[str]) -> list[Path]:
    """List the files that patterns name, in order; hidden ones are being written."""
    found: set[Path] = set()
    for pattern in patterns:
        if pattern.startswith(OWNED_BY):
            found.update(_find_owned(root, pattern))
        elif any(c in pattern for c in "*?["):
            shown = (p for p in root.glob(pattern) if p.name[0] != ".")
            found.update(p for p in shown if name_oddity(p) is None)
        elif name_oddity(root / pattern) is None:
            found.add(root / pattern)
    return sorted(found)


def _find_owned(root: Path, pattern: str) -> list[Path]:
    """Look up in the index the files that concern a cluster."""
    cluster, _, index = pattern.removeprefix(OWNED_BY).partition("@")
    path = root / index
    raw = root / "data" / "raw" / path.parent.name
    if not path.is_file():  # the step that leaves it has failed
        return []
    status = path.stat()
    names = _read_index(path, status.st_ino, status.st_mtime_ns).get(cluster, [])
    return [raw / name for name in names if name_oddity(raw / name) is None]


def list_oddities(root: Path, pattern: str) -> dict[str, str]:
    """List what a pattern names that is no file, such as a pipe, and what it is."""
    found = ((p, name_oddity(p)) for p in root.glob(pattern) if p.name[0] != ".")
    return {p.relative_to(root).as_posix(): oddity for p, oddity in sorted(found) if oddity}


@functools.lru_cache(maxsize=4)
def _read_index(path: Path, inode: int, changed: int) -> dict[str, list[str]]:
    """Read the files of each cluster; a file written anew has another inode."""
    owned: dict[str, list[str]] = {}
    for entry in json.loads(path.read_text(encoding="utf-8"))["files"]:
        for cluster in entry.get("concerns", ()):
            owned.setdefault(cluster, []).append(entry["workbook"])
    return owned


def _relative(project: Project, path: Path) -> str:
    return path.relative_to(project.root).as_posix()
