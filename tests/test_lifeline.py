"""A process ends with the one that it works for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

WAITING = "from annual_report.lifeline import end_with; end_with(0); open({!r}).read()"


@pytest.mark.parametrize("unread", [b"", b"a request that nobody reads"])
def test_who_waits_for_a_file_ends_when_its_client_has_gone(tmp_path: Path, unread: bytes) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    with subprocess.Popen(
        [sys.executable, "-c", WAITING.format(str(gate))], stdin=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        process.stdin.write(unread)
        with gate.open("w"):  # it is there, and waits
            process.stdin.close()
            assert process.wait(60) == 1


def test_what_it_has_started_ends_with_the_head_of_a_group(tmp_path: Path) -> None:
    code = (
        "import subprocess, sys, time; from annual_report.lifeline import end_with; end_with(0)\n"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "print(flush=True); time.sleep(600)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        process_group=0,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == b"\n"
        process.stdin.close()
        assert process.stdout.read() == b""  # the second holds it open for as long as it lives
        assert process.wait(60) == -9
