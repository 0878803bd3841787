"""Returns from, and results to, a folder, a memory and an object store: whole, once, and told."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from hashlib import sha256
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import fsspec
import pytest
from tests.test_files import ODD

from annual_report.cli import main
from annual_report.edition import read_edition
from annual_report.errors import StorageError
from annual_report.project import Project
from annual_report.publishing.datapackage import DESCRIPTOR
from annual_report.remote import Place, open_place
from annual_report.running.steps.plan import make_plan
from annual_report.storage import Transfer, deliver_results, fetch_returns

EDITION = "now"
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
  - {id: kessel, name: Kessel, country: DE, joined: 2022}
"""


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


RESULTS = {
    "reports/now/annual-report.html": b"<p>report</p>",
    "reports/now/annual-report.pdf": b"%PDF",
    "reports/now/clusters/anvil.html": b"<p>anvil</p>",
    "reports/now/data-annex.xlsx": b"PK",
    "reports/now/datapackage/datapackage.json": b'{"resources": [{"path": "answers.csv"}]}',
    "reports/now/datapackage/answers.csv": b"id\n",
}
PRIVATE = {
    "raw/now/Kessel confidential.xlsx": b"a return",
    "processed/now/answers/kessel.parquet": b"PAR1: do not use",
    "processed/now/measures/all.parquet": b"PAR1",
    "reports/now/queries/kessel.xlsx": b"a query",
    "reports/now/queries/index.html": b"<p>queries</p>",
    "reports/now/surveys/kessel.xlsx": b"a survey",
    "reports/now/run.json": b"{}",
}
NOBODYS = {
    "reports/now/.half": b"half",
    "reports/now/notes.docx": b"of the desk",
    "reports/now/clusters/stranger.html": b"on no register",
    "reports/now/clusters/anvil.docx": b"a draft",
    "reports/now/datapackage/draft.csv": b"not described",
    "processed/now/steps/gather.json": b"{}",
    "processed/now/.parsed/x.parquet": b"kept",
}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with results, with what is not for others, and with what is for nobody."""
    root = tmp_path / "project"
    files = {**RESULTS, **PRIVATE, **NOBODYS}
    files["editions/now.yaml"] = REGISTER.encode()
    for name, content in files.items():
        path = root / name if name.startswith("reports") else root / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (root / "data" / "framework").mkdir()
    return Project(root)


def deliver(project: Project, address: str) -> Transfer:
    (sent,) = deliver_results(project, read_edition(project, EDITION), address)
    return sent


def enter(address: str) -> Place:
    """A place whose driver's faults are those of the test."""
    with open_place(address) as place:
        return place


Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """The command line, in this process: it has the memory that addresses may be in."""

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.chdir(project.root)
        monkeypatch.setattr(sys, "argv", ["annual-report", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        shown = capsys.readouterr()
        return int(ended.value.code or 0), shown.out, shown.err

    return run


def put(address: str, **files: bytes) -> Place:
    place = enter(address)
    for name, content in files.items():
        place.write(f"{name}.xlsx", content)
    return place


def read_all(address: str) -> dict[str, bytes]:
    place = enter(address)
    found = [str(path).removeprefix(place._join("")) for path in place.system.find(place.path)]
    return {name: place.read(name) or b"" for name in found}


@pytest.fixture
def empty(project: Project) -> Project:
    """The project before any return has come."""
    for path in project.raw(EDITION).iterdir():
        path.unlink()
    project.raw(EDITION).rmdir()
    return project


def read_raw(project: Project) -> dict[str, bytes]:
    folder = project.raw(EDITION)
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.name[0] != "."}


def count(transfer: Transfer) -> tuple[int, int, int]:
    return transfer.moved, transfer.kept, transfer.removed


def test_what_is_published_is_delivered_and_nothing_else(command: Command, address: str) -> None:
    code, out, err = command("deliver", EDITION, address)
    assert (code, err) == (0, "")
    assert out.endswith(": 6 transferred, 0 unchanged\n")
    found = read_all(address)
    assert set(json.loads(found.pop("delivered/now.json"))) == set(RESULTS)
    assert found == RESULTS


def test_working_files_go_to_another_address_when_asked_for(command: Command, address: str) -> None:
    places = f"{address}/report", f"{address}/desk"
    code, out, err = command("deliver", EDITION, places[0], "--working-files", places[1])
    assert (code, err, out.count("\n")) == (0, "", 2)
    found, private = map(read_all, places)
    assert set(found) == {*RESULTS, "delivered/now.json"}
    assert set(json.loads(private.pop("delivered/now.json"))) == set(PRIVATE)
    assert private == PRIVATE


@pytest.mark.parametrize("other", ["", "/", "/reports/now", "/x/..", "/..", "/../{name}"])
def test_working_files_never_go_where_the_report_goes(
    command: Command, address: str, other: str
) -> None:
    mine = f"{address}/report"
    code, out, err = command(
        "deliver", EDITION, mine, "--working-files", mine + other.format(name="report")
    )
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "working files would go where the report goes" in err
    assert read_all(address) == {}


def test_a_link_to_the_reports_folder_is_the_reports_folder(
    command: Command, tmp_path: Path
) -> None:
    (tmp_path / "share").mkdir()
    (tmp_path / "desk").symlink_to(tmp_path / "share")
    for other in ("desk", "desk/private"):
        code, _, err = command(
            "deliver", EDITION, str(tmp_path / "share"), "--working-files", str(tmp_path / other)
        )
        assert code == 2
        assert "where the report goes" in err
    assert list((tmp_path / "share").iterdir()) == []


def test_what_an_earlier_version_delivered_and_is_private_is_taken_away(
    command: Command, address: str
) -> None:
    place, old = enter(address), {**RESULTS, **PRIVATE}
    for name, content in old.items():
        place.write(name, content)
    marks = {name: {"sha256": sha256(content).hexdigest()} for name, content in old.items()}
    place.write("delivered/now.json", json.dumps(marks).encode())
    code, out, _ = command("deliver", EDITION, address)
    assert code == 0
    assert f"0 transferred, 6 unchanged, {len(PRIVATE)} removed" in out
    assert set(read_all(address)) == {*RESULTS, "delivered/now.json"}


def test_what_is_in_the_plan_to_be_published_is_what_is_delivered(
    root: Path, tmp_path: Path
) -> None:
    edition = read_edition(Project(root), "example")
    plan = make_plan(Project(root), edition)
    planned = {
        output for step in plan if step.name.startswith("publish/") for output in step.outputs
    }
    project = Project(tmp_path)
    for name in (*planned - {"reports/example/datapackage/**/*"}, "reports/example/run.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    package = {DESCRIPTOR: b'{"resources": [{"path": "a.csv"}]}', "a.csv": b""}
    for name, content in package.items():
        path = project.reports("example") / "datapackage" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    deliver_results(project, edition, str(tmp_path / "share"))
    found = {name for name in read_all(str(tmp_path / "share")) if name[0] == "r"}
    assert found == planned - {"reports/example/datapackage/**/*"} | {
        f"reports/example/datapackage/{name}" for name in package
    }


def test_only_what_has_changed_is_sent_again(
    project: Project, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(project, address)
    sent: list[str] = []
    write = Place.write
    monkeypatch.setattr(
        Place, "write", lambda place, name, data: (sent.append(name), write(place, name, data))
    )
    assert count(deliver(project, address)) == (0, 6, 0)
    (project.reports(EDITION) / "annual-report.html").write_bytes(b"<p>REPORT</p>")
    assert count(deliver(project, address)) == (1, 5, 0)
    assert [name for name in sent if not name.startswith("delivered/")] == [
        "reports/now/annual-report.html"
    ]
    assert read_all(address)["reports/now/annual-report.html"] == b"<p>REPORT</p>"


def test_what_is_no_result_any_more_is_removed_and_what_others_put_there_is_not(
    project: Project, address: str
) -> None:
    deliver(project, address)
    enter(address).write("reports/now/notes.txt", b"of the editors")
    (project.reports(EDITION) / "clusters" / "anvil.html").unlink()
    assert count(deliver(project, address)) == (0, 5, 1)
    found = read_all(address)
    assert "reports/now/clusters/anvil.html" not in found
    assert found["reports/now/notes.txt"] == b"of the editors"


def test_what_was_lost_at_the_address_is_sent_again(project: Project, address: str) -> None:
    deliver(project, address)
    enter(address).remove("reports/now/annual-report.pdf")
    assert count(deliver(project, address)) == (1, 5, 0)
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
        deliver(project, address)
    monkeypatch.setattr(Place, "write", write)
    assert "reports/now/annual-report.pdf" not in read_all(address)
    assert count(deliver(project, address)) == (1, 5, 0)


def test_returns_are_fetched_byte_for_byte_and_once(empty: Project, address: str) -> None:
    place = put(address, anvil=b"first", kessel=b"second")
    assert count(fetch_returns(empty, EDITION, address)) == (2, 0, 0)
    assert read_raw(empty) == {"anvil.xlsx": b"first", "kessel.xlsx": b"second"}
    assert count(fetch_returns(empty, EDITION, address)) == (0, 2, 0)
    place.write("anvil.xlsx", b"again")
    place.remove("kessel.xlsx")
    assert count(fetch_returns(empty, EDITION, address)) == (1, 0, 1)
    assert read_raw(empty) == {"anvil.xlsx": b"again"}


def test_a_return_that_was_changed_here_is_fetched_again(empty: Project, address: str) -> None:
    put(address, anvil=b"first")
    fetch_returns(empty, EDITION, address)
    (empty.raw(EDITION) / "anvil.xlsx").write_bytes(b"edited")
    assert count(fetch_returns(empty, EDITION, address)) == (1, 0, 0)
    assert read_raw(empty) == {"anvil.xlsx": b"first"}


def test_returns_that_came_another_way_are_never_touched(project: Project, address: str) -> None:
    put(address, anvil=b"first")
    with pytest.raises(StorageError, match=r"not fetched from there.*Kessel confidential\.xlsx"):
        fetch_returns(project, EDITION, address)
    assert read_raw(project) == {"Kessel confidential.xlsx": b"a return"}


def test_what_is_no_file_at_an_address_is_told_and_waited_for_by_nobody(
    empty: Project, tmp_path: Path
) -> None:
    share = tmp_path / "share"
    put(str(share), anvil=b"first")
    for name, (make, _) in ODD.items():
        make(share / f"{name}.xlsx")
    transfer = fetch_returns(empty, EDITION, str(share))
    assert count(transfer) == (1, 0, 0)
    assert read_raw(empty) == {"anvil.xlsx": b"first"}
    told = "".join(transfer.left)
    assert all(f"{name}.xlsx" in told for name in set(ODD) - {"missing", "folder"})


def test_what_is_no_file_among_the_returns_is_no_working_file(
    project: Project, tmp_path: Path
) -> None:
    for name, (make, _) in ODD.items():
        make(project.raw(EDITION) / f"{name}.xlsx")
    edition, desk = read_edition(project, EDITION), str(tmp_path / "desk")
    deliver_results(project, edition, str(tmp_path / "report"), working_files=desk)
    assert not {name for name in read_all(desk) if Path(name).stem in ODD}


def test_a_folder_that_is_not_there_is_told(empty: Project, address: str) -> None:
    with pytest.raises(StorageError, match="no such folder"):
        fetch_returns(empty, EDITION, address)


def test_without_reports_there_is_nothing_to_deliver(project: Project, address: str) -> None:
    shutil.rmtree(project.reports(EDITION))
    with pytest.raises(StorageError, match="make report EDITION=now first"):
        deliver(project, address)


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
        enter(address)


def test_the_extra_is_named_where_its_package_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)
    known = import_module("fsspec.registry")._registry
    for kind in ("s3", "s3a"):
        monkeypatch.delitem(known, kind, raising=False)
    with pytest.raises(StorageError, match=r"annual-report\[s3\]"):
        enter("s3://bucket")


def test_no_secret_of_an_address_is_told() -> None:
    with pytest.raises(StorageError) as caught:
        enter("nosuch://user:word@host/folder")
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
    assert enter(address).read("reports/2023/annual-report.html") == b"<p>report</p>"


@pytest.fixture
def copy_settings(root: Path, tmp_path: Path) -> Callable[[], Path]:
    def copy() -> Path:
        for name in ("framework", "editions"):
            target = tmp_path / "house" / "data" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(root / "data" / name, target_is_directory=True)
        return tmp_path / "house"

    return copy
