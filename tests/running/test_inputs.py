"""Which files a step reads, and what is none."""

from __future__ import annotations

import os
from pathlib import Path

from annual_report.project import Project
from annual_report.running.steps.fingerprints import Records
from annual_report.running.steps.inputs import list_raw, resolve_inputs


def test_returns_that_are_no_files_are_not_read_and_still_count(tmp_path: Path) -> None:
    project = Project(tmp_path)
    raw = project.raw("now")
    raw.mkdir(parents=True)
    (raw / "return.xlsx").write_bytes(b"PK")
    (patterns,) = (list_raw(project, "now"),)

    def compute() -> str:
        return Records(project, "now")._hash_inputs(patterns)

    alone = compute()
    (raw / "kernel.xlsx").symlink_to("/proc/kmsg")
    with_kernel = compute()
    os.mkfifo(raw / "pipe.xlsx")
    with_both = compute()
    assert resolve_inputs(tmp_path, patterns) == [raw / "return.xlsx"]
    assert len({alone, with_kernel, with_both}) == 3
    (raw / "pipe.xlsx").unlink()
    (raw / "kernel.xlsx").unlink()
    assert compute() == alone
