"""Returns taken from, and results delivered to, an address: a share, s3://, ….

What leaves is on a list of what may: what is published goes to one address, what is not only to
another one, and only when it is asked for. What is already there, byte for byte, is not sent again:
each side keeps a list of what it got, with the hash of each file.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annual_report.edition import Edition
from annual_report.errors import StorageError
from annual_report.files import name_oddity, write_whole
from annual_report.project import Project
from annual_report.remote import Place, is_apart, is_inside, open_place

SOURCE = ".source.json"
DELIVERED = "delivered"
PACKAGE = "datapackage/datapackage.json"
PUBLISHED = ("data-annex.xlsx", "annual-report.html", "annual-report.pdf")
"""What is published beside the profiles and the data package; the combined reports come last."""
WORKING_FILES = ("queries/*", "surveys/*", "run.json")
"""What stands beside the reports and is for the secretariat alone."""
_DIGEST = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class Transfer:
    """What one transfer did: files sent or fetched, found as they should be, removed, left alone."""

    address: str
    moved: int
    kept: int
    removed: int
    left: tuple[str, ...] = ()

    def __str__(self) -> str:
        removed = f", {self.removed} removed" if self.removed else ""
        left = f"; left alone: {'; '.join(self.left)}" if self.left else ""
        return f"{self.address}: {self.moved} transferred, {self.kept} unchanged{removed}{left}"


def fetch_returns(project: Project, edition: str, address: str) -> Transfer:
    """Make ``data/raw/<edition>`` a copy of the returns at an address, byte for byte.

    A file that is gone from there goes from here. A file is fetched again if it has changed there,
    or if what is here is no longer what came. What its list names outside of the folder is left
    alone, and told.

    Raises
    ------
    StorageError
        If there is no such folder, or ``data/raw/<edition>`` holds returns that came another way.
    """
    folder = project.raw(edition)
    with open_place(address) as place:
        offered, strange = _list_offered(place)
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
    left = tuple(f"{name!a} is no file in that folder" for name in strange)
    return Transfer(place.address, moved, len(offered) - moved, gone, left)


def _list_offered(place: Place) -> tuple[dict[str, str], tuple[str, ...]]:
    """List the files in a folder, each with what tells whether it has changed; then what is none."""
    if not place.system.isdir(place.path):
        raise StorageError(
            "there is no such folder",
            where=place.address,
            do="give the address of the folder that holds the returned workbooks",
        )
    listing = place.list_files()
    offered = {name: _stamp(place, name) for name in listing.files if name[0] != "."}
    return offered, listing.strange


def _stamp(place: Place, name: str) -> str:
    try:
        return str(place.system.checksum(place.locate(name)))
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


def deliver_results(
    project: Project, edition: Edition, address: str, *, working_files: str | None = None
) -> tuple[Transfer, ...]:
    """Copy what is published of an edition to an address, and working files to another one.

    What an earlier delivery left there and is no longer delivered is removed, unless it has changed
    there. The combined reports come last, so that what they link to is there.

    Parameters
    ----------
    working_files
        Where to copy what is not published: returns, tables, queries, surveys, the run's record.

    Raises
    ------
    StorageError
        If there is nothing to deliver, it cannot be written there, or working files would go where
        the report goes.
    """
    with open_place(address) as place:
        published = dict(_list_published(project, edition))
        if not published:
            raise StorageError(
                f"there are no reports of the edition {edition.edition} to deliver",
                where=str(project.reports(edition.edition)),
                do=f"run make report EDITION={edition.edition} first",
            )
        if working_files is None:
            return (_deliver(place, edition.edition, published),)
        with open_place(working_files) as other:
            _refuse_together(address, place, working_files, other)
            private = dict(_list_working_files(project, edition.edition))
            sent = _deliver(place, edition.edition, published)
            return sent, _deliver(other, edition.edition, private)


def _refuse_together(address: str, place: Place, working_files: str, other: Place) -> None:
    chained = [one for one in (address, working_files) if "::" in one]
    if not chained and is_apart(place, other):
        return
    raise StorageError(
        "the working files would go where the report goes",
        where=other.address,
        expected=f"a plain address, neither in {place.address} nor around it"
        if chained
        else f"an address neither in {place.address} nor around it",
        do="give the working files an address that only the secretariat reads",
    )


def _list_published(project: Project, edition: Edition) -> Iterator[tuple[str, Path]]:
    """List what may leave: these names and no others, whatever else lies beside them."""
    folder = project.reports(edition.edition)
    ids = [cluster.id for cluster in edition.clusters]
    profiles = [f"clusters/{one}{kind}" for one in ids for kind in (".html", ".pdf")]
    for name in (*profiles, *_list_package(folder), *PUBLISHED):
        if (folder / name).is_file():
            yield f"reports/{edition.edition}/{name}", folder / name


def _list_package(folder: Path) -> list[str]:
    """List the files of the data package that its descriptor describes, and that last."""
    if not (folder / PACKAGE).is_file():
        return []
    try:
        described = json.loads((folder / PACKAGE).read_bytes())
        names = [str(resource["path"]) for resource in described["resources"]]
    except (ValueError, KeyError, TypeError) as error:
        raise StorageError(
            "the data package does not say what is in it",
            where=str(folder / PACKAGE),
            found=f"{type(error).__name__}: {error}",
            do="run make report again",
        ) from error
    return [*(f"datapackage/{name}" for name in sorted(names) if is_inside(name)), PACKAGE]


def _list_working_files(project: Project, edition: str) -> Iterator[tuple[str, Path]]:
    """List what the secretariat works with: returns, tables, queries, surveys, the record."""
    for name, folder, patterns in (
        (f"raw/{edition}", project.raw(edition), ("*",)),
        (f"processed/{edition}", project.processed(edition), ("**/*.parquet",)),
        (f"reports/{edition}", project.reports(edition), WORKING_FILES),
    ):
        for path in sorted({path for pattern in patterns for path in folder.glob(pattern)}):
            within = path.relative_to(folder)
            is_hidden = any(part.startswith(".") for part in within.parts)
            if name_oddity(path) is None and not is_hidden:
                yield f"{name}/{within.as_posix()}", path


def _deliver(place: Place, edition: str, files: Mapping[str, Path]) -> Transfer:
    manifest = f"{DELIVERED}/{edition}.json"
    known = {
        name: mark
        for name, mark in _read_list(place.read(manifest)).items()
        if name.startswith(tuple(f"{kind}/{edition}/" for kind in ("reports", "processed", "raw")))
    }
    sizes = _list_sizes(place, files)
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
    removed, left = _remove_stale(place, {name: known[name].get("sha256") for name in stale})
    if stale:
        place.write(manifest, _spell(had))
    return Transfer(place.address, moved, len(files) - moved, removed, left)


def _list_sizes(place: Place, names: Iterable[str]) -> dict[str, int]:
    """List the sizes of those files that are there; no other folder is looked into."""
    return {
        f"{folder}/{name}": int(about.get("size") or 0)
        for folder in sorted({name.rpartition("/")[0] for name in names})
        for name, about in place.list_files(folder).files.items()
    }


def _remove_stale(place: Place, stale: Mapping[str, str | None]) -> tuple[int, tuple[str, ...]]:
    """Remove what was delivered earlier and is still that, whatever the list there says."""
    removed, left = 0, []
    for name, digest in stale.items():
        content = place.read(name)
        if content is None:
            continue
        if _digest(content) == digest:
            place.remove(name)
            removed += 1
        else:
            left.append(f"{name} is no longer delivered, but has changed there")
    return removed, tuple(left)


def _read_list(content: bytes | None) -> dict[str, Any]:
    """Read a list of files; of what another may have written nothing is believed but its form."""
    try:
        found = json.loads(content or b"{}")
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {
        name: mark
        for name, mark in found.items()
        if is_inside(name)
        and isinstance(mark, dict)
        and (mark.get("sha256") is None or _DIGEST.fullmatch(str(mark["sha256"])))
    }


def _write_list(path: Path, files: dict[str, Any]) -> None:
    write_whole(path, _spell(files))


def _spell(files: dict[str, Any]) -> bytes:
    return (json.dumps(files, indent=1, sort_keys=True) + "\n").encode()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
