"""Whatever goes wrong in the middle: what was good stays good, and the next run completes."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from annual_report.running.steps.files import list_leftovers

if TYPE_CHECKING:
    from tests.running.conftest import SmallProject

HERE = Path(__file__).parent
RUNNER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from annual_report.project import Project
from annual_report.running.steps.locking import hold_lock
from tests.running.conftest import SmallProject
small = SmallProject.__new__(SmallProject)
small.edition, small.project = "spring", Project(Path(sys.argv[2]))
with hold_lock(small.project.processed("spring")):
    print("begins", flush=True)
    sys.exit(small.run().exit_code)
"""


def start_run(small: SmallProject) -> subprocess.Popen[str]:
    """Start a run in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", RUNNER, str(HERE.parent.parent), str(small.project.root)],
        env=os.environ | {"PYTHONPATH": str(HERE)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        process_group=0,
    )


def read_results(root: Path) -> dict[str, bytes]:
    """Read what a run leaves, but for its times."""
    files = [p for f in ("data/processed", "reports") for p in (root / f).rglob("*") if p.is_file()]
    return {
        p.relative_to(root).as_posix(): p.read_bytes()
        for p in files
        if p.name not in ("run.json", ".lock")
    }


def check_whole(small: SmallProject, good: dict[str, bytes]) -> None:
    """Whatever stands under its final name is whole."""
    for name, content in read_results(small.project.root).items():
        if not Path(name).name.startswith(".") and name in good:
            assert content == good[name], name


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_ended_at_any_point_is_resumed(
    small: SmallProject, built_once: Path, number: int
) -> None:
    good = read_results(built_once)
    chance = random.Random(2023 + number)
    points = 20 if number == signal.SIGKILL else 4
    for _ in range(points):
        with start_run(small) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(chance.uniform(0.0, 3.0))
            process.send_signal(number)
            process.wait(60)
        check_whole(small, good)
        if chance.random() < 0.3:  # from the beginning again, to be hit in the early steps too
            shutil.rmtree(small.project.processed("spring"))
    assert small.run().exit_code == 0
    assert read_results(small.project.root) == good
    assert not list(list_leftovers(small.project.processed("spring")))


def test_a_return_that_is_replaced_while_it_is_read_is_read_again(built: SmallProject) -> None:
    gate = built.project.root / "gate"
    built.edit_notebook(
        "cluster/01-ingest.ipynb",
        "count_words(edition, cluster)",
        "count_words(edition, cluster)\\nimport functions; functions.replace_once(cluster)",
    )
    gate.write_text("north")
    assert built.run().exit_code == 0
    shown = (built.project.processed("spring") / "notebooks/north/03-profile.ipynb").read_text()
    assert "north: 4" in shown  # what stands there now, not what stood there at first


def test_a_folder_that_cannot_be_written_fails_its_steps_and_no_others(
    built: SmallProject,
) -> None:
    clusters = built.project.reports("spring") / "clusters"
    shutil.rmtree(clusters)
    clusters.write_text("in the way")
    result = built.run()
    states = built.states(result)
    assert result.exit_code == 3
    assert states["publish/north"] == "failed"
    assert states["publish/html"] in ("done", "unchanged")
    clusters.unlink()
    assert built.run().exit_code == 0


def test_a_clock_that_goes_back_changes_nothing(built: SmallProject) -> None:
    for path in built.project.root.rglob("*"):
        os.utime(path, (0, 0))
    assert built.run().unchanged


@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="mounting takes root")
def test_a_full_disk_fails_with_a_message_and_leaves_no_half_file(
    built: SmallProject, built_once: Path, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)]
    if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("nothing can be mounted here")
    try:
        processed = built.project.root / "data" / "processed"
        shutil.rmtree(processed)
        processed.symlink_to(disk)
        filler = disk / "filler"
        filler.write_bytes(b"x" * (4 * 1024 * 1024 - 65536))
        with contextlib.suppress(OSError):  # run_edition tells it as a RunError
            result = built.run()
            assert result.exit_code == 3
            assert any("No space left" in failure.reason for failure in result.failures)
        good = read_results(built_once)
        for name, content in read_results(built.project.root).items():
            if name.endswith(".parquet") and "all" not in name:
                assert content == good[name]
        filler.unlink()
        assert built.run().exit_code == 0
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=False)
