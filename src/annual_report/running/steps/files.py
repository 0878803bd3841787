"""The hashes of files, and what a killed process left of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path


def hash_bytes(*parts: bytes | str) -> str:
    """Hash parts one after another; where one ends and the next begins counts too."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "little"))
        digest.update(data)
    return digest.hexdigest()


def hash_file(path: Path) -> str:
    """Return the sha256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def list_leftovers(folder: Path) -> Iterator[Path]:
    """List files that a killed process was writing: hidden, and ending in a random part."""
    for path in folder.rglob(".*"):
        if path.is_file() and path.name != LOCK:
            yield path


LOCK = ".lock"
