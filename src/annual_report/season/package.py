"""A published data package, opened as the edition it holds: bounded, checked, nothing outside."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any
from weakref import finalize

from annual_report.errors import StorageError
from annual_report.project import Project
from annual_report.remote import Place, is_inside, open_place

DESCRIPTOR = "datapackage.json"
LARGEST_DESCRIPTOR = 10_000_000
LARGEST_PACKAGE = 1_000_000_000
"""Bytes that are read of a descriptor, and of all that it describes."""
_DATA = "data/"


class Package:
    """What a package holds of a project, in a folder that goes when this object goes."""

    def __init__(self, edition: str) -> None:
        folder = mkdtemp(prefix="annual-report-")
        self.edition = edition
        self.project = Project(Path(folder))
        finalize(self, rmtree, folder, ignore_errors=True)


def open_package(address: str) -> Package:
    """Copy what a package's descriptor describes of a project, each file checked by its hash.

    Parameters
    ----------
    address
        Path or address of ``datapackage.json``.

    Raises
    ------
    StorageError
        If there is no descriptor, it cannot be understood, it names a file outside of the package,
        more than can be read, or a file that is not there or another than it describes.
    """
    parent, _, name = address.replace("\\", "/").rpartition("/")
    with open_place(parent or ".") as place:
        described = _read_descriptor(place, name)
        package = Package(described.edition)
        for path, size, digest in described.files:
            content = _read_bounded(place, path, size)
            if hashlib.sha256(content).hexdigest() != digest:
                raise _refuse(place, "a file is not the one that was described", path)
            target = package.project.root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    return package


@dataclass(frozen=True)
class _Described:
    edition: str
    files: tuple[tuple[str, int, str], ...]


def _read_descriptor(place: Place, name: str) -> _Described:
    content = _read_bounded(place, name, LARGEST_DESCRIPTOR)
    try:
        told: dict[str, Any] = json.loads(content)
        edition = str(told["name"]).removeprefix("annual-report-")
        files = tuple(
            (str(r["path"]), int(r["bytes"]), str(r["hash"]).removeprefix("sha256:"))
            for r in told["resources"]
            if str(r["path"]).startswith(_DATA)
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _refuse(place, "the descriptor cannot be understood", repr(error)) from error
    if strange := [path for path, _, _ in files if not is_inside(path)]:
        raise _refuse(place, "a file lies outside of the package", ascii(strange[0]))
    if sum(size for _, size, _ in files) > LARGEST_PACKAGE or any(s < 0 for _, s, _ in files):
        raise _refuse(place, "the package is too large", f"more than {LARGEST_PACKAGE:,} bytes")
    if not any(path.endswith("/public/measures.parquet") for path, _, _ in files):
        raise _refuse(place, "there are no public tables in the package", f"{len(files)} files")
    return _Described(edition, files)


def _read_bounded(place: Place, name: str, most: int) -> bytes:
    path = place.locate(name)
    if not place.system.isfile(path):
        raise _refuse(place, "a file is not there", name)
    if (place.system.size(path) or 0) > most:
        raise _refuse(place, "a file is larger than it may be", f"{name}, more than {most:,} bytes")
    return bytes(place.system.cat_file(path, end=most + 1))


def _refuse(place: Place, what: str, found: str) -> StorageError:
    return StorageError(
        f"the data package is not opened: {what}",
        where=place.address,
        found=found,
        do="fetch it again from where it was published",
    )
