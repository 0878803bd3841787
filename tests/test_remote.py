"""Nothing outside of an address is read, written or removed, whatever the other side says."""

from __future__ import annotations

import json
import os
import posixpath
import sys
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar

import fsspec
import pytest
from fsspec.implementations.local import LocalFileSystem
from hypothesis import given
from hypothesis import strategies as st

from annual_report.cli import main
from annual_report.errors import StorageError
from annual_report.remote import is_inside, open_place

REGISTER = """\
edition: now
year: 2023
title: Report of 2023
headline: A headline
subtitle: A subtitle
status: test
publisher: The office
published: 2024-05-01
currency: USD
currency_year: 2023
clusters:
  - {id: anvil, name: Anvil, country: SE, joined: 2021}
"""


class Hostile(LocalFileSystem):
    """A server that lists more than it holds in a folder, and remembers what it was asked for."""

    protocol = ("hostile",)
    cachable = False
    more: ClassVar[list[tuple[str, str]]] = []
    asked: ClassVar[list[str]] = []

    @classmethod
    def _strip_protocol(cls, path: Any) -> Any:
        return LocalFileSystem._strip_protocol(os.fspath(path).removeprefix("hostile://"))

    def _note(self, path: str) -> None:
        self.asked.append(posixpath.normpath(self._strip_protocol(path)))

    def ls(self, path: str, detail: bool = False, **options: Any) -> list[Any]:
        self._note(path)
        lies = [{"name": n.format(path), "type": t, "size": 1} for n, t in self.more]
        found = [*super().ls(path, detail=True, **options), *lies]
        return found if detail else [about["name"] for about in found]

    def info(self, path: str, **options: Any) -> Any:
        if isinstance(path, str):
            self._note(path)
        return super().info(path, **options)

    def open(self, path: str, *arguments: Any, **options: Any) -> Any:
        self._note(path)
        return super().open(path, *arguments, **options)

    def rm_file(self, path: str) -> None:
        self._note(path)
        super().rm_file(path)

    def mv(self, path1: str, path2: str, **options: Any) -> None:
        self._note(path1)
        self._note(path2)
        super().mv(path1, path2, **options)


LIES = [
    ("../victim.txt", "file"),
    ("{}/../victim.txt", "file"),
    ("{}/..\\victim.txt", "file"),
    ("{}/%2e%2e%2fvictim.txt", "file"),
    ("{}/C:victim.txt", "file"),
    ("{}/", "file"),
    ("{}/nul\0.xlsx", "file"),
    ("/etc/hostname", "file"),
    ("/etc", "directory"),
    ("{}/..", "directory"),
    ("memory://victim.txt", "file"),
]


@pytest.fixture
def share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder behind a hostile server, and a file beside it that is nobody's business."""
    fsspec.register_implementation("hostile", Hostile, clobber=True)
    monkeypatch.setattr(Hostile, "more", LIES)
    monkeypatch.setattr(Hostile, "asked", [])
    (tmp_path / "share").mkdir()
    (tmp_path / "victim.txt").write_text("precious", encoding="utf-8")
    return tmp_path / "share"


@pytest.fixture
def house(tmp_path: Path) -> Path:
    house = tmp_path / "house"
    for name, text in {
        "data/editions/now.yaml": REGISTER,
        "data/framework/.keep": "",
        "data/raw/victim.txt": "precious",
        "reports/now/annual-report.html": "<p>report</p>",
        "reports/now/clusters/anvil.html": "<p>anvil</p>",
    }.items():
        (house / name).parent.mkdir(parents=True, exist_ok=True)
        (house / name).write_text(text, encoding="utf-8")
    return house


@pytest.fixture
def command(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    def run(*arguments: str) -> tuple[int, str]:
        monkeypatch.chdir(house)
        monkeypatch.setattr(sys, "argv", ["annual-report", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        shown = capsys.readouterr()
        return int(ended.value.code or 0), shown.out + shown.err

    return run


@pytest.fixture
def unharmed(tmp_path: Path, share: Path, house: Path) -> Iterator[None]:
    """Nothing but the share was asked for, and what is beside it is what it was."""
    yield
    assert (tmp_path / "victim.txt").read_text(encoding="utf-8") == "precious"
    assert (house / "data" / "raw" / "victim.txt").read_text(encoding="utf-8") == "precious"
    assert {path.name for path in tmp_path.iterdir()} == {"victim.txt", "share", "house"}
    outside = [path for path in Hostile.asked if not Path(path).is_relative_to(share)]
    assert outside == []


def mark(content: bytes) -> dict[str, str]:
    return {"sha256": sha256(content).hexdigest()}


@pytest.mark.usefixtures("unharmed")
def test_a_fetch_takes_what_is_in_the_folder_and_tells_what_is_not(
    command: Callable[..., tuple[int, str]], share: Path, house: Path
) -> None:
    (share / "anvil.xlsx").write_bytes(b"first")
    code, told = command("fetch", "now", f"hostile://{share}")
    assert code == 0
    assert "1 transferred" in told
    assert told.count("is no file in that folder") == sum(kind == "file" for _, kind in LIES)
    fetched = {path.name for path in (house / "data" / "raw" / "now").iterdir()}
    assert fetched == {"anvil.xlsx", ".source.json"}


@pytest.mark.usefixtures("unharmed")
@pytest.mark.parametrize("scheme", ["hostile://", ""])
def test_a_list_of_what_was_delivered_removes_nothing_outside(
    command: Callable[..., tuple[int, str]], share: Path, scheme: str
) -> None:
    names = (
        "../victim.txt", "reports/now/../../../victim.txt", str(share.parent / "victim.txt"),
        "reports\\..\\..\\victim.txt", "file:///victim.txt", "reports/now/%2e%2e/%2e%2e/victim.txt",
    )  # fmt: skip
    (share / "delivered").mkdir()
    text = json.dumps({name: mark(b"precious") for name in names})
    (share / "delivered" / "now.json").write_text(text, encoding="utf-8")
    code, told = command("deliver", "now", f"{scheme}{share}")
    assert (code, "removed" in told) == (0, False)
    assert "2 transferred" in told
    assert set(json.loads((share / "delivered" / "now.json").read_text(encoding="utf-8"))) == {
        "reports/now/annual-report.html",
        "reports/now/clusters/anvil.html",
    }


@pytest.mark.usefixtures("unharmed")
def test_what_has_changed_there_since_or_was_never_ours_is_not_removed(
    command: Callable[..., tuple[int, str]], share: Path
) -> None:
    kept = {"reports/now/clusters/old.html": b"edited", "reports/other/x": b"theirs", "x": b"y"}
    for name, content in kept.items():
        (share / name).parent.mkdir(parents=True, exist_ok=True)
        (share / name).write_bytes(content)
    marks = {name: mark(content) for name, content in kept.items()}
    marks["reports/now/clusters/old.html"] = mark(b"delivered")
    (share / "delivered").mkdir()
    (share / "delivered" / "now.json").write_text(json.dumps(marks), encoding="utf-8")
    code, told = command("deliver", "now", f"hostile://{share}")
    assert code == 0
    assert "reports/now/clusters/old.html is no longer delivered, but has changed there" in told
    assert {name: (share / name).read_bytes() for name in kept} == kept


@pytest.mark.usefixtures("unharmed")
@pytest.mark.parametrize(
    "text", ["[]", "7", "{", '{"x": 1}', '{"reports/now/x": {"sha256": 7}}', "[" * 100_000]
)
def test_a_list_that_is_none_is_not_believed(
    command: Callable[..., tuple[int, str]], share: Path, text: str
) -> None:
    (share / "delivered").mkdir()
    (share / "delivered" / "now.json").write_text(text, encoding="utf-8")
    code, told = command("deliver", "now", f"hostile://{share}")
    assert (code, "2 transferred" in told) == (0, True)


@pytest.mark.usefixtures("unharmed")
@pytest.mark.parametrize(
    ("link", "to"),
    [
        ("reports", "../house"),
        ("reports/now/annual-report.html", "../../../victim.txt"),
        ("reports/now/.annual-report.html.part", "../../../victim.txt"),
        ("delivered", ".."),
    ],
)
def test_a_delivery_follows_no_link_out_of_a_share(
    command: Callable[..., tuple[int, str]], share: Path, house: Path, link: str, to: str
) -> None:
    before = sorted(house.rglob("*"))
    (share / link).parent.mkdir(parents=True, exist_ok=True)
    (share / link).symlink_to(to)
    code, told = command("deliver", "now", str(share))
    assert code == 2
    assert "a link leads out of the address" in told
    assert sorted(house.rglob("*")) == before


@pytest.mark.usefixtures("unharmed")
def test_a_fetch_follows_no_link_out_of_a_share(
    command: Callable[..., tuple[int, str]], share: Path, house: Path
) -> None:
    (share / "anvil.xlsx").write_bytes(b"first")
    (share / "kessel.xlsx").symlink_to(share.parent / "victim.txt")
    code, told = command("fetch", "now", str(share))
    assert (code, "1 transferred" in told, "kessel.xlsx' is no file" in told) == (0, True, True)
    assert not (house / "data" / "raw" / "now" / "kessel.xlsx").exists()


@pytest.mark.parametrize(
    "name", ["../x", "/x", "a//b", "a/./b", "", "a\\b", "C:x", "a/C:/b", "a\0"]
)
def test_no_name_that_leads_elsewhere_is_joined_to_an_address(name: str) -> None:
    with open_place("memory://place") as place:
        for act in (place.locate, place.read, place.remove, lambda n: place.write(n, b"")):
            with pytest.raises(StorageError, match="leads out of the address"):
                act(name)


@given(st.text(alphabet="ab./\\%2eC:~\0", max_size=12))
def test_a_name_that_is_taken_for_inside_stays_there(name: str) -> None:
    if not is_inside(name):
        return
    for spelt in (name, name.replace("%2e", ".").replace("%2E", ".")):
        assert posixpath.normpath(f"/place/{spelt}").startswith("/place/")
        assert os.path.normpath(f"/place/{spelt}") == f"/place/{spelt}"


def test_ordinary_names_of_returns_are_taken() -> None:
    for name in ("Kessel (final).xlsx", "50% done.xlsx", "résumé 2023.ods", "a..b.xls", "~x.xlsx"):
        assert is_inside(name)
