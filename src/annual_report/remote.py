"""A folder at any address that fsspec knows, which nothing leaves: a share, s3://, ….

Whatever the other side lists or links, only names that were checked are joined to its address.
fsspec's own ``rsync`` asks for no such check: it reads, writes and removes where the other side's
list leads, takes files of one size for equal, and writes them in place.
"""

from __future__ import annotations

import contextlib
import posixpath
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from annual_report.errors import StorageError
from annual_report.redaction import hide_secrets

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

EXTRAS = {"s3": "s3", "s3a": "s3"}
"""The extra of this package that a kind of address needs."""
LONGEST_NAME = 200
_OBJECTS = {"s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "oci", "memory"}
"""Where a file that is being written is not there yet."""


def is_inside(name: str) -> bool:
    """Whether a name stays below the folder that it is joined to, on every system.

    >>> [is_inside(name) for name in ("clusters/anvil.html", "../victim.txt", "/etc", "C:x")]
    [True, False, False, False]
    """
    return all(map(_is_plain, {name, unquote(name)}))


def _is_plain(name: str) -> bool:
    parts = name.split("/")
    return not (
        {"", ".", ".."} & set(parts)
        or "\\" in name
        or any(unicodedata.category(character) == "Cc" for character in name)
        or any(PureWindowsPath(part).drive for part in parts)
        or any(len(part.encode("utf-8", "surrogatepass")) > LONGEST_NAME for part in parts)
    )


@dataclass(frozen=True)
class Listing:
    """What a folder holds: its files by their names, and what else its list named."""

    files: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    strange: tuple[str, ...] = ()


@dataclass(frozen=True)
class Place:
    """A folder somewhere: a file system of fsspec's, a path in it, and its address as told."""

    system: AbstractFileSystem
    path: str
    address: str

    @property
    def is_local(self) -> bool:
        from fsspec.implementations.local import LocalFileSystem

        return isinstance(self.system, LocalFileSystem)

    def locate(self, name: str) -> str:
        """Join a name to the address.

        Raises
        ------
        StorageError
            If the name, or a link on the way, leads out of the address.
        """
        if not self._holds(name):
            raise StorageError(
                "a name or a link leads out of the address",
                where=self.address,
                found=ascii(name),
                do="see who writes there; take it away",
            )
        return self._join(name)

    def _join(self, name: str) -> str:
        return f"{self.path.rstrip('/')}/{name}"

    def _holds(self, name: str) -> bool:
        if not is_inside(name):
            return False
        if not self.is_local:
            return True
        return Path(self._join(name)).resolve().is_relative_to(Path(self.path).resolve())

    def list_files(self, folder: str = "") -> Listing:
        """List the files in a folder, not those below it; nothing if there is none."""
        path = self.locate(folder) if folder else self.path
        try:
            found = self.system.ls(path, detail=True)
        except FileNotFoundError:
            return Listing()
        above = (path, str(self.system.unstrip_protocol(path)))
        files, strange = {}, []
        for about in found:
            if about.get("type") == "directory":
                continue
            whole = str(about["name"])
            name = _find_below(whole, above)
            is_file = about.get("type") == "file" and "/" not in name
            if is_file and self._holds(f"{folder}/{name}" if folder else name):
                files[name] = about
            else:
                strange.append(whole)
        return Listing(dict(sorted(files.items())), tuple(strange))

    def read(self, name: str) -> bytes | None:
        """Read a file; None if there is none."""
        try:
            return bytes(self.system.cat_file(self.locate(name)))
        except FileNotFoundError:
            return None

    def write(self, name: str, content: bytes) -> None:
        """Write a file whole: it is not there before all of it is."""
        path = self.locate(name)
        if _OBJECTS.intersection(_list_protocols(self.system)):
            self.system.pipe_file(path, content)
            return
        place = PurePosixPath(name)
        beside = self.locate(str(place.with_name(f".{place.name}.part")))
        self.system.makedirs(str(PurePosixPath(path).parent), exist_ok=True)
        self.system.pipe_file(beside, content)
        self.system.mv(beside, path)

    def remove(self, name: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            self.system.rm_file(self.locate(name))


def _find_below(path: str, folders: Sequence[str]) -> str:
    """What stands in a path behind one of some spellings of a folder; nothing if none is it."""
    above = (f"{folder.strip('/')}/" for folder in folders)
    whole = path.lstrip("/")
    return next((whole[len(one) :] for one in above if whole.startswith(one)), "")


def _list_protocols(system: AbstractFileSystem) -> set[str]:
    known = system.protocol
    return {known} if isinstance(known, str) else set(known)


@contextlib.contextmanager
def open_place(address: str) -> Iterator[Place]:
    """Find the file system of an address; what it needs to log in is in the environment.

    Whatever its driver raises in the block is told as a fault of the address.

    Raises
    ------
    StorageError
        If nothing knows this kind of address, the package that does is not installed, or what is
        there cannot be read or written.
    """
    told = hide_secrets(address)
    try:
        system, path = _find_system(address)
        system.invalidate_cache()  # what it listed before may have changed
        yield Place(system, path, told)
    except StorageError:
        raise
    except Exception as error:  # drivers raise what they like
        raise StorageError(
            "the transfer has failed",
            where=told,
            found=hide_secrets(f"{type(error).__name__}: {' '.join(str(error).split())}", address),
            do="see that the address is right, that it can be reached and that you may read and "
            "write there, then run this again: what has arrived is not sent again",
        ) from error


def _find_system(address: str) -> tuple[AbstractFileSystem, str]:
    import fsspec  # only where an address is given

    told = hide_secrets(address)
    kind = address.partition("://")[0] if "://" in address else "file"
    try:
        system, path = fsspec.core.url_to_fs(address)
    except ImportError as error:
        extra = EXTRAS.get(kind)
        raise StorageError(
            f"a package is missing for addresses of the kind {kind}://",
            where=told,
            found=hide_secrets(str(error), address),
            do=f"install it with pip install 'annual-report[{extra}]'"
            if extra
            else "install it beside annual-report",
        ) from error
    except ValueError as error:
        raise StorageError(
            "nothing knows this kind of address",
            where=told,
            expected="a folder, or an address such as s3://bucket/folder",
            found=hide_secrets(str(error), address),
        ) from error
    return system, str(path)


def is_apart(one: Place, other: Place) -> bool:
    """Whether neither of two places is in the other, as far as their addresses tell."""
    if type(one.system) is not type(other.system):
        return True
    if one.is_local:
        return not (_is_around(one, other) or _is_around(other, one))
    if _find_host(one) != _find_host(other):
        return True
    paths = [f"{posixpath.normpath(place.path).strip('/')}/".casefold() for place in (one, other)]
    paths = [path.removeprefix("./") for path in paths]
    return not (paths[0].startswith(paths[1]) or paths[1].startswith(paths[0]))


def _find_host(place: Place) -> object:
    return place.system.storage_options.get("host")


def _is_around(outer: Place, inner: Place) -> bool:
    """Whether a local folder is another one or above it, by name or by what the disk calls it."""
    root, folder = Path(outer.path).resolve(), Path(inner.path).resolve()
    if folder.is_relative_to(root):
        return True
    there = (path for path in (folder, *folder.parents) if path.exists())
    return root.exists() and any(path.samefile(root) for path in there)
