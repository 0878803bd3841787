"""Broken copies of a filled return, in each format, through the whole of a check and back."""

from __future__ import annotations

import json
import random
import shutil

import pytest
from tests.survey import hostile, xlsb

from annual_report.framework import read_framework
from annual_report.project import Project
from annual_report.survey.check import check_paths
from annual_report.survey.findings.finding import KINDS

COPIES = 14


@pytest.fixture
def project(root, tmp_path):
    for name in ("framework", "editions", "reference"):
        shutil.copytree(root / "data" / name, tmp_path / "house" / "data" / name)
    return Project(tmp_path / "house")


@pytest.fixture(scope="module")
def good(root):
    """A filled return as .xlsx, and as .xlsb with and without columns."""
    path = root / "data" / "raw" / "example" / "vallon.xlsx"
    binary = {short: xlsb.to_xlsb(path, short=short) for short in (True, False)}
    return [("xlsx", path.read_bytes()), ("xlsb", binary[True]), ("xlsb", binary[False])]


def break_up(data, seed):
    """Flip bits of what is unpacked too: a flipped archive seldom gets as far as a parser."""
    if seed % 2:
        return hostile.mutate(data, seed)
    rng = random.Random(seed)

    def change(name, part):
        return hostile._flip(part, rng) if rng.random() < 0.3 and part else part

    return hostile.rewrite(data, change)


def test_broken_returns_of_each_format_end_in_findings(project, good, tmp_path, capsys):
    box = tmp_path / "box"
    box.mkdir()
    for place, (kind, data) in enumerate(good):
        for seed in range(COPIES):
            broken = break_up(data, 100 * place + seed)
            (box / f"{place}-{seed:02}.{kind}").write_bytes(broken)
    code = check_paths(project, [str(box)], format="json", queries=tmp_path / "back")
    files = json.loads(capsys.readouterr().out)["files"]
    assert code == 2
    assert len(files) == COPIES * len(good)
    assert {f["state"] for f in files} == {"answered", "unreadable"}
    found = {fault["code"] for file in files for fault in file["findings"]}
    assert not found & {"reader-failed", "queries-not-written"}
    assert found <= {*KINDS, *(check.code for check in read_framework(project).checks)}
    assert list((tmp_path / "back").glob("*.xlsx"))
