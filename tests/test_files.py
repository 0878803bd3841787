"""What is a file, and what only looks like one."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from annual_report.files import name_oddity


def make_socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the name of a socket may have about a hundred bytes
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(path.name)
    finally:
        os.chdir(here)


def make_link(target: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(target)


# name, how it is made, what it is; the log of the kernel answers nobody until it has news
ODD: dict[str, tuple[Callable[[Path], object], str]] = {
    "folder": (Path.mkdir, "a folder, not a file"),
    "pipe": (os.mkfifo, "a pipe, not a file"),
    "socket": (make_socket, "a socket, not a file"),
    "endless": (make_link("/dev/zero"), "a device, not a file"),
    "log": (make_link("/proc/kmsg"), "a part of the running system"),
    "kernel": (make_link("/proc/self/status"), "a part of the running system"),
    "kernel_folder": (make_link("/proc"), "a part of the running system"),
    "nowhere": (make_link("nowhere"), "a link that leads nowhere"),
    "loop": (lambda path: path.symlink_to(path.name), "a link that leads back to itself"),
    "missing": (lambda _: None, "no such file"),
}


@pytest.mark.parametrize("name", ODD)
def test_what_is_no_file_is_named_without_being_opened(name: str, tmp_path: Path) -> None:
    make, words = ODD[name]
    make(tmp_path / "return.xlsx")
    assert (name_oddity(tmp_path / "return.xlsx") or "").startswith(words)


def test_a_link_to_a_file_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "kept.xlsx").write_bytes(b"PK")
    (tmp_path / "return.xlsx").symlink_to("kept.xlsx")
    assert name_oddity(tmp_path / "return.xlsx") is None
