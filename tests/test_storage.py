"""Returns from, and results to, a folder, a memory and an object store: whole, once, and told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import fsspec
import pytest

from annual_report.errors import StorageError
from annual_report.project import Project
from annual_report.storage import Place, Transfer, deliver_results, fetch_returns, open_place

EDITION = "now"


@pytest.fixture(scope="session")
def object_store() -> Iterator[str]:
    """Moto's server on this machine, with an empty bucket: the address of that."""
    pytest.importorskip("s3fs")
    server = pytest.importorskip("moto.server").ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    names = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in names.items():
            patch.setenv(name, value)
        fsspec.filesystem("s3").mkdir("bucket")
        yield "s3://bucket"
    server.stop()


@pytest.fixture(params=["folder", "memory", pytest.param("s3", marks=pytest.mark.s3)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A place of its own for each test, of each kind."""
    if request.param == "folder":
        return str(tmp_path / "share")
    if request.param == "memory":
        return f"memory://{uuid.uuid4()}"
    return f"{request.getfixturevalue('object_store')}/{uuid.uuid4()}"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with results: two reports, a profile, a table, and what is not for others."""
    project = Project(tmp_path / "project")
    reports, processed = project.reports(EDITION), project.processed(EDITION)
    for path, content in {
        reports / "annual-report.html": b"<p>report</p>",
        reports / "annual-report.pdf": b"%PDF",
        reports / "clusters" / "anvil.html": b"<p>anvil</p>",
        reports / ".half": b"half",
        processed / "measures" / "all.parquet": b"PAR1",
        processed / "steps" / "gather.json": b"{}",
        processed / ".parsed" / "x.parquet": b"kept",
    }.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return project


RESULTS = {
    "reports/now/annual-report.html": b"<p>report</p>",
    "reports/now/annual-report.pdf": b"%PDF",
    "reports/now/clusters/anvil.html": b"<p>anvil</p>",
    "processed/now/measures/all.parquet": b"PAR1",
}


def put(address: str, **files: bytes) -> Place:
    place = open_place(address)
    for name, content in files.items():
        place.write(f"{name}.xlsx", content)
    return place


def read_all(address: str) -> dict[str, bytes]:
    place = open_place(address)
    return {name: place.read(name) or b"" for name in place.list_sizes("")}


def read_raw(project: Project) -> dict[str, bytes]:
    folder = project.raw(EDITION)
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.name[0] != "."}


def count(transfer: Transfer) -> tuple[int, int, int]:
    return transfer.moved, transfer.kept, transfer.removed


def test_what_is_delivered_is_what_is_here_and_nothing_hidden(
    project: Project, address: str
) -> None:
    assert count(deliver_results(project, EDITION, address)) == (4, 0, 0)
    found = read_all(address)
    assert set(json.loads(found.pop("delivered/now.json"))) == set(RESULTS)
    assert found == RESULTS


def test_only_what_has_changed_is_sent_again(
    project: Project, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver_results(project, EDITION, address)
    sent: list[str] = []
    write = Place.write
    monkeypatch.setattr(
        Place, "write", lambda place, name, data: (sent.append(name), write(place, name, data))
    )
    assert count(deliver_results(project, EDITION, address)) == (0, 4, 0)
    (project.reports(EDITION) / "annual-report.html").write_bytes(b"<p>REPORT</p>")
    assert count(deliver_results(project, EDITION, address)) == (1, 3, 0)
    assert [name for name in sent if not name.startswith("delivered/")] == [
        "reports/now/annual-report.html"
    ]
    assert read_all(address)["reports/now/annual-report.html"] == b"<p>REPORT</p>"


def test_what_is_no_result_any_more_is_removed_and_what_others_put_there_is_not(
    project: Project, address: str
) -> None:
    deliver_results(project, EDITION, address)
    open_place(address).write("reports/now/notes.txt", b"of the editors")
    (project.reports(EDITION) / "clusters" / "anvil.html").unlink()
    assert count(deliver_results(project, EDITION, address)) == (0, 3, 1)
    found = read_all(address)
    assert "reports/now/clusters/anvil.html" not in found
    assert found["reports/now/notes.txt"] == b"of the editors"


def test_what_was_lost_at_the_address_is_sent_again(project: Project, address: str) -> None:
    deliver_results(project, EDITION, address)
    open_place(address).remove("reports/now/annual-report.pdf")
    assert count(deliver_results(project, EDITION, address)) == (1, 3, 0)
    assert read_all(address)["reports/now/annual-report.pdf"] == b"%PDF"


def test_an_interrupted_delivery_goes_on_where_it_ended(
    project: Project, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = Place.write

    def fail_late(place: Place, name: str, content: bytes) -> None:
        if name.endswith(".pdf"):
            raise OSError(28, "No space left on device")
        write(place, name, content)

    monkeypatch.setattr(Place, "write", fail_late)
    with pytest.raises(StorageError, match="No space left"):
        deliver_results(project, EDITION, address)
    monkeypatch.setattr(Place, "write", write)
    assert "reports/now/annual-report.pdf" not in read_all(address)
    assert count(deliver_results(project, EDITION, address)) == (1, 3, 0)


def test_returns_are_fetched_byte_for_byte_and_once(project: Project, address: str) -> None:
    place = put(address, anvil=b"first", kessel=b"second")
    assert count(fetch_returns(project, EDITION, address)) == (2, 0, 0)
    assert read_raw(project) == {"anvil.xlsx": b"first", "kessel.xlsx": b"second"}
    assert count(fetch_returns(project, EDITION, address)) == (0, 2, 0)
    place.write("anvil.xlsx", b"again")
    place.remove("kessel.xlsx")
    assert count(fetch_returns(project, EDITION, address)) == (1, 0, 1)
    assert read_raw(project) == {"anvil.xlsx": b"again"}


def test_a_return_that_was_changed_here_is_fetched_again(project: Project, address: str) -> None:
    put(address, anvil=b"first")
    fetch_returns(project, EDITION, address)
    (project.raw(EDITION) / "anvil.xlsx").write_bytes(b"edited")
    assert count(fetch_returns(project, EDITION, address)) == (1, 0, 0)
    assert read_raw(project) == {"anvil.xlsx": b"first"}


def test_returns_that_came_another_way_are_never_touched(project: Project, address: str) -> None:
    put(address, anvil=b"first")
    project.raw(EDITION).mkdir(parents=True)
    (project.raw(EDITION) / "kessel.xlsx").write_bytes(b"by post")
    with pytest.raises(StorageError, match=r"not fetched from there.*kessel\.xlsx"):
        fetch_returns(project, EDITION, address)
    assert read_raw(project) == {"kessel.xlsx": b"by post"}


def test_a_folder_that_is_not_there_is_told(project: Project, address: str) -> None:
    with pytest.raises(StorageError, match="no such folder"):
        fetch_returns(project, EDITION, address)


def test_without_reports_there_is_nothing_to_deliver(tmp_path: Path, address: str) -> None:
    with pytest.raises(StorageError, match="make report EDITION=now first"):
        deliver_results(Project(tmp_path / "empty"), EDITION, address)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("nosuch://bucket", "nothing knows this kind of address"),
        ("gs://bucket", "a package is missing for addresses of the kind gs://"),
    ],
)
def test_an_address_that_cannot_be_used_is_told(address: str, said: str) -> None:
    if address.startswith("gs://") and find_spec("gcsfs"):
        pytest.skip("the package is there")
    with pytest.raises(StorageError, match=said):
        open_place(address)


def test_the_extra_is_named_where_its_package_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)
    known = import_module("fsspec.registry")._registry
    for kind in ("s3", "s3a"):
        monkeypatch.delitem(known, kind, raising=False)
    with pytest.raises(StorageError, match=r"annual-report\[s3\]"):
        open_place("s3://bucket")


def test_no_secret_of_an_address_is_told() -> None:
    with pytest.raises(StorageError) as caught:
        open_place("nosuch://user:word@host/folder")
    assert "word" not in str(caught.value).replace("keyword", "")


def run_command(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "annual_report", *arguments],
        cwd=root,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("command", ["fetch", "deliver"])
def test_on_the_command_line_a_fault_is_one_line_and_exit_2(
    copy_settings: Callable[[], Path], command: str
) -> None:
    shown = run_command(copy_settings(), command, "2023", "nosuch://bucket")
    assert shown.returncode == 2
    assert shown.stderr.count("\n") == 1
    assert "nothing knows this kind of address" in shown.stderr


@pytest.mark.s3
def test_the_command_line_takes_and_delivers_by_an_object_store(
    copy_settings: Callable[[], Path], object_store: str
) -> None:
    root, address = copy_settings(), f"{object_store}/{uuid.uuid4()}"
    put(f"{address}/returns", anvil=b"first")
    shown = run_command(root, "fetch", "2023", f"{address}/returns")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert shown.stdout.endswith("returns: 1 transferred, 0 unchanged\n")
    report = Project(root).reports("2023") / "annual-report.html"
    report.parent.mkdir(parents=True)
    report.write_text("<p>report</p>", encoding="utf-8")
    assert run_command(root, "deliver", "2023", address).returncode == 0
    assert open_place(address).read("reports/2023/annual-report.html") == b"<p>report</p>"


@pytest.fixture
def copy_settings(root: Path, tmp_path: Path) -> Callable[[], Path]:
    def copy() -> Path:
        for name in ("framework", "editions"):
            target = tmp_path / "house" / "data" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(root / "data" / name, target_is_directory=True)
        return tmp_path / "house"

    return copy
