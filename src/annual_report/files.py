"""Files that appear whole or not at all, and what only looks like a file."""

from __future__ import annotations

import contextlib
import errno
import functools
import os
import stat
import tempfile
from pathlib import Path

FOLDER = "a folder, not a file"
_NO_FILES = (
    (stat.S_ISDIR, FOLDER),
    (stat.S_ISFIFO, "a pipe, not a file"),
    (stat.S_ISSOCK, "a socket, not a file"),
)
# File systems that the kernel makes up: what stands there looks like a file and may never end
_OF_THE_KERNEL = frozenset(
    {"proc", "sysfs", "cgroup", "cgroup2", "debugfs", "tracefs", "securityfs", "configfs", "bpf"}
    | {"pstore", "efivarfs", "binfmt_misc", "devpts", "mqueue", "fusectl", "selinuxfs", "nsfs"}
)


def name_oddity(path: Path) -> str | None:
    """Say what stands at a path, if it is no ordinary file that can be read to its end.

    A link is what it leads to. Nothing is opened: that alone may wait for ever.

    Examples
    --------
    >>> name_oddity(Path("/nowhere"))
    'no such file'
    """
    try:
        status = path.stat()
    except OSError as error:
        return _name_absence(path, error)
    if status.st_dev in _list_kernel_devices():
        return "a part of the running system, not a file"
    if stat.S_ISREG(status.st_mode):
        return None
    return next(
        (word for is_that, word in _NO_FILES if is_that(status.st_mode)), "a device, not a file"
    )


def _name_absence(path: Path, error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "a link that leads nowhere" if path.is_symlink() else "no such file"
    if error.errno == errno.ELOOP:
        return "a link that leads back to itself"
    return (error.strerror or "cannot be looked at").lower()


@functools.cache
def _list_kernel_devices() -> frozenset[int]:
    """The device numbers of the kernel's own file systems; none where no table tells them."""
    try:
        lines = Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return frozenset()
    devices = set()
    for line in lines:  # see proc_pid_mountinfo(5)
        about, _, kind = line.partition(" - ")
        if kind.partition(" ")[0] in _OF_THE_KERNEL:
            major, _, minor = about.split()[2].partition(":")
            devices.add(os.makedev(int(major), int(minor)))
    return frozenset(devices)


def write_whole(path: Path, content: bytes | str) -> None:
    """Write a file beside its place and rename it, so that no reader ever sees half of it.

    Others may read it, as on a folder that the workers of a cluster share.
    """
    data = content.encode() if isinstance(content, str) else content
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        beside.chmod(0o644)
        beside.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
