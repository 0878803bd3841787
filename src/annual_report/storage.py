"""Returns taken from, and results delivered to, any address that fsspec knows: a share, s3://, ….

What is already there, byte for byte, is not sent again: each side keeps a list of what it got, with
the hash of each file. A file appears whole: an object store shows none before all of it has come,
and elsewhere it is written beside its place and renamed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from annual_report.errors import StorageError
from annual_report.files import write_whole
from annual_report.project import Project

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

SOURCE = ".source.json"
DELIVERED = "delivered"
EXTRAS = {"s3": "s3", "s3a": "s3"}
"""The extra of this package that a kind of address needs."""
_OBJECTS = {"s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "oci", "memory"}
"""Where a file that is being written is not there yet."""
_SECRET = re.compile(r"(?<=://)[^/@]+@")


@dataclass(frozen=True)
class Transfer:
    """What one transfer did: files sent or fetched, found as they should be, and removed."""

    address: str
    moved: int
    kept: int
    removed: int

    def __str__(self) -> str:
        removed = f", {self.removed} removed" if self.removed else ""
        return f"{self.address}: {self.moved} transferred, {self.kept} unchanged{removed}"


@dataclass(frozen=True)
class Place:
    """A folder somewhere: a file system of fsspec's and a path in it."""

    system: AbstractFileSystem
    path: str
    address: str

    def locate(self, name: str) -> str:
        return f"{self.path.rstrip('/')}/{name}"

    def list_sizes(self, folder: str) -> dict[str, int]:
        """List the files below a folder, by their names in this place, with their sizes."""
        found = self.system.find(self.locate(folder), detail=True)
        above = self.locate("")
        return {
            str(path).removeprefix(above): int(about.get("size") or 0)
            for path, about in found.items()
        }

    def read(self, name: str) -> bytes | None:
        """Read a file; None if there is none."""
        try:
            return bytes(self.system.cat_file(self.locate(name)))
        except FileNotFoundError:
            return None

    def write(self, name: str, content: bytes) -> None:
        """Write a file whole."""
        path = PurePosixPath(self.locate(name))
        if _OBJECTS.intersection(_list_protocols(self.system)):
            self.system.pipe_file(str(path), content)
            return
        beside = str(path.with_name(f".{path.name}.part"))
        self.system.makedirs(str(path.parent), exist_ok=True)
        self.system.pipe_file(beside, content)
        self.system.mv(beside, str(path))

    def remove(self, name: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            self.system.rm_file(self.locate(name))


def _list_protocols(system: AbstractFileSystem) -> set[str]:
    known = system.protocol
    return {known} if isinstance(known, str) else set(known)


def open_place(address: str) -> Place:
    """Find the file system of an address; what it needs to log in is in the environment.

    Raises
    ------
    StorageError
        If nothing knows this kind of address, or the package that does is not installed.
    """
    import fsspec  # only where an address is given

    told = _SECRET.sub("…@", address)
    kind = address.partition("://")[0] if "://" in address else "file"
    try:
        system, path = fsspec.core.url_to_fs(address)
    except ImportError as error:
        extra = EXTRAS.get(kind)
        raise StorageError(
            f"a package is missing for addresses of the kind {kind}://",
            where=told,
            found=str(error),
            do=f"install it with pip install 'annual-report[{extra}]'"
            if extra
            else "install it beside annual-report",
        ) from error
    except ValueError as error:
        raise StorageError(
            "nothing knows this kind of address",
            where=told,
            expected="a folder, or an address such as s3://bucket/folder",
            found=str(error),
        ) from error
    system.invalidate_cache()  # what it listed before may have changed
    return Place(system, str(path), told)


@contextlib.contextmanager
def _explained(place: Place) -> Iterator[None]:
    """Say of any fault of a driver what it was about."""
    try:
        yield
    except StorageError:
        raise
    except Exception as error:  # drivers raise what they like
        raise StorageError(
            "the transfer has failed",
            where=place.address,
            found=f"{type(error).__name__}: {error}",
            do="see that the address is right, that it can be reached and that you may read and "
            "write there, then run this again: what has arrived is not sent again",
        ) from error


def fetch_returns(project: Project, edition: str, address: str) -> Transfer:
    """Make ``data/raw/<edition>`` a copy of the returns at an address, byte for byte.

    A file that is gone from there goes from here. A file is fetched again if it has changed there,
    or if what is here is no longer what came.

    Raises
    ------
    StorageError
        If there is no such folder, or ``data/raw/<edition>`` holds returns that came another way.
    """
    place, folder = open_place(address), project.raw(edition)
    with _explained(place):
        offered = _list_offered(place)
        known = _read_list((folder / SOURCE).read_bytes() if (folder / SOURCE).is_file() else None)
        _refuse_others(folder, known)
        for name in known.keys() - offered.keys():
            (folder / name).unlink(missing_ok=True)
        gone = len(known.keys() - offered.keys())
        had = {name: known.get(name, {}) for name in offered}
        _write_list(folder / SOURCE, had)  # first: a file that this names is ours
        moved = 0
        for name, stamp in offered.items():
            path = folder / name
            mark = {"stamp": stamp, "sha256": had[name].get("sha256")}
            if (
                had[name] == mark
                and stamp
                and path.is_file()
                and _digest(path.read_bytes()) == mark["sha256"]
            ):
                continue
            content = place.read(name)
            if content is None:
                continue  # it has gone in the meantime: the next fetch removes it
            write_whole(path, content)
            had[name] = mark | {"sha256": _digest(content)}
            moved += 1
        _write_list(folder / SOURCE, had)
    return Transfer(place.address, moved, len(offered) - moved, gone)


def _list_offered(place: Place) -> dict[str, str]:
    """List the files in a folder, each with what tells whether it has changed; empty if nothing."""
    if not place.system.isdir(place.path):
        raise StorageError(
            "there is no such folder",
            where=place.address,
            do="give the address of the folder that holds the returned workbooks",
        )
    offered = {}
    for about in place.system.ls(place.path, detail=True):
        name = PurePosixPath(str(about["name"])).name
        if about["type"] == "file" and name and not name.startswith("."):
            offered[name] = _stamp(place, str(about["name"]))
    return dict(sorted(offered.items()))


def _stamp(place: Place, path: str) -> str:
    try:
        return str(place.system.checksum(path))
    except NotImplementedError:
        return ""


def _refuse_others(folder: Path, known: dict[str, Any]) -> None:
    if not folder.is_dir():
        return
    mine = [p.name for p in folder.iterdir() if p.name not in known and p.name[0] != "."]
    if mine:
        raise StorageError(
            "this folder holds files that were not fetched from there",
            where=str(folder),
            found=", ".join(sorted(mine)[:5]),
            do="put them at that address, or take them out of the folder",
        )


def deliver_results(project: Project, edition: str, address: str) -> Transfer:
    """Copy an edition's reports and tables to an address: ``reports/…`` and ``processed/…`` there.

    What an earlier delivery left there and is no longer a result is removed. The combined reports
    come last, so that what they link to is there.

    Raises
    ------
    StorageError
        If there is nothing to deliver, or it cannot be written there.
    """
    place, files = open_place(address), _list_results(project, edition)
    with _explained(place):
        manifest = f"{DELIVERED}/{edition}.json"
        known = _read_list(place.read(manifest))
        sizes = {
            **place.list_sizes(f"reports/{edition}"),
            **place.list_sizes(f"processed/{edition}"),
        }
        had: dict[str, Any] = {}
        moved = 0
        try:
            for name, path in files.items():
                content = path.read_bytes()
                digest = _digest(content)
                is_there = sizes.get(name) == len(content)
                if not is_there or known.get(name, {}).get("sha256") != digest:
                    place.write(name, content)
                    moved += 1
                had[name] = {"sha256": digest}
        finally:  # what has arrived is not sent again
            rest = {name: mark for name, mark in known.items() if name not in had}
            place.write(manifest, _spell({**rest, **had}))
        stale = sorted(known.keys() - had.keys())
        for name in stale:
            place.remove(name)
        if stale:
            place.write(manifest, _spell(had))
    return Transfer(place.address, moved, len(files) - moved, len(stale))


def _list_results(project: Project, edition: str) -> dict[str, Path]:
    reports, processed = project.reports(edition), project.processed(edition)
    found = [
        (f"reports/{edition}/{path.relative_to(reports).as_posix()}", path)
        for path in reports.rglob("*")
    ]
    found += [
        (f"processed/{edition}/{path.relative_to(processed).as_posix()}", path)
        for path in processed.rglob("*.parquet")
    ]
    files = {
        name: path
        for name, path in sorted(found, key=lambda pair: _order(pair[0]))
        if path.is_file() and not any(part.startswith(".") for part in Path(name).parts)
    }
    if not any(name.startswith("reports/") for name in files):
        raise StorageError(
            f"there are no reports of the edition {edition} to deliver",
            where=str(reports),
            do=f"run make report EDITION={edition} first",
        )
    return files


def _order(name: str) -> tuple[int, str]:
    is_report = name.startswith("reports/") and name.count("/") == 2
    return (2 if is_report else 1 if name.startswith("reports/") else 0), name


def _read_list(content: bytes | None) -> dict[str, Any]:
    try:
        return dict(json.loads(content or b"{}"))
    except (ValueError, TypeError):  # nothing is believed of a broken list
        return {}


def _write_list(path: Path, files: dict[str, Any]) -> None:
    write_whole(path, _spell(files))


def _spell(files: dict[str, Any]) -> bytes:
    return (json.dumps(files, indent=1, sort_keys=True) + "\n").encode()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
