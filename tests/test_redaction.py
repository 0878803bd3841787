"""No secret of an address is told: not by an error, not by a line of progress, not by a record."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from annual_report.edition import read_edition
from annual_report.errors import RunError
from annual_report.project import Project
from annual_report.redaction import hide_secrets
from annual_report.running.run import run_plan
from annual_report.running.steps.plan import Plan
from annual_report.running.steps.record import write_record

SECRETS = ("geheim", "tokenword", "fragword")


@pytest.fixture
def house(root: Path, tmp_path: Path) -> Path:
    for name in ("framework", "editions"):
        (tmp_path / "data").mkdir(exist_ok=True)
        (tmp_path / "data" / name).symlink_to(root / "data" / name, target_is_directory=True)
    path = tmp_path / "reports" / "2023" / "annual-report.html"
    path.parent.mkdir(parents=True)
    path.write_text("<p>report</p>", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("command", ["fetch", "deliver"])
@pytest.mark.parametrize(
    "address",
    [
        "https://user:geheim@127.0.0.1:9/x?token=tokenword#fragword",
        "ftp://user:geheim@127.0.0.1:9/x",
        "nosuch://user:geheim@host/x?token=tokenword#fragword",
        "zip://x::https://user:geheim@127.0.0.1:9/x.zip?token=tokenword#fragword",
    ],
)
def test_an_address_that_fails_is_told_in_one_line_without_its_secrets(
    house: Path, command: str, address: str
) -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "annual_report", command, "2023", address],
        cwd=house,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (shown.returncode, shown.stdout) == (2, "")
    assert shown.stderr.count("\n") == 1
    assert "…@" in shown.stderr
    assert not [word for word in SECRETS if word in shown.stderr]


def test_an_address_in_the_place_of_an_edition_keeps_its_secrets(house: Path) -> None:
    address = "https://user:geheim@127.0.0.1:9/x?token=tokenword#fragword"
    shown = subprocess.run(
        [sys.executable, "-m", "annual_report", "fetch", address, "2023"],
        cwd=house,
        capture_output=True,
        text=True,
        check=False,
    )
    assert shown.returncode == 2
    assert not [word for word in SECRETS if word in shown.stderr]


def test_a_scheduler_that_does_not_answer_keeps_its_secrets(root: Path) -> None:
    pytest.importorskip("distributed")
    edition = read_edition(Project(root), "2023")
    with pytest.raises(RunError, match="no Dask scheduler answers") as caught:
        run_plan(
            Project(root),
            edition,
            Plan("2023", ()),
            scheduler="tcp://u:geheim@127.0.0.1:9/?t=tokenword",
        )
    assert not [word for word in SECRETS if word in str(caught.value)]


def test_the_record_of_a_run_keeps_the_secrets_of_its_scheduler(root: Path, tmp_path: Path) -> None:
    edition = read_edition(Project(root), "2023")
    settings = {"scheduler": "tls://u:geheim@host:8786?token=tokenword"}
    path = write_record(
        Project(tmp_path), edition, (), started=dt.datetime.now(dt.UTC), settings=settings
    )
    assert json.loads(path.read_text(encoding="utf-8"))["settings"]["scheduler"] == (
        "tls://…@host:8786?…"
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("s3://bucket/a@b/c.xlsx", "s3://bucket/a@b/c.xlsx"),
        ("no folder ftp://u:p@ss/w@host/x: gone", "no folder ftp://…@host/x: gone"),
        ("url='https://host/p?x=1&y=2', status=404", "url='https://host/p?…', status=404"),
        ("see https://host:99/x#part.", "see https://host:99/x#…."),
        ("tcp://127.0.0.1:8786: nobody answers", "tcp://127.0.0.1:8786: nobody answers"),
        ("C:/a/b what is it? #1", "C:/a/b what is it? #1"),
        ("zip://a::https://u:p@h/a.zip?t=1::s3://k:s@b", "zip://a::https://…@h/a.zip?…"),
    ],
)
def test_what_is_not_for_others_goes_and_the_rest_stays(text: str, told: str) -> None:
    assert hide_secrets(text) == told


def test_what_a_driver_tells_without_the_address_is_hidden_too() -> None:
    address = "https://user:ge%2Fheim@host/x?token=tokenword&sig=a%3Dbcd"
    said = "Max retries: /x?token=tokenword&sig=a%3Dbcd, login user:ge/heim failed, sig a=bcd"
    assert hide_secrets(said, address) == "Max retries: /x?…, login user:… failed, sig …"
