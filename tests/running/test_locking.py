"""Two runs of one edition do not meet."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from annual_report.errors import RunError
from annual_report.running.steps.locking import hold_lock


def test_the_second_says_so_and_waits(tmp_path: Path) -> None:
    said: list[str] = []
    order: list[str] = []

    def come_second() -> None:
        with hold_lock(tmp_path, tell=said.append):
            order.append("second")

    with hold_lock(tmp_path):
        thread = threading.Thread(target=come_second)
        thread.start()
        while not said:
            pass
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]
    assert "another run of this edition is at work" in said[0]


def test_the_second_gives_up_with_a_message(tmp_path: Path) -> None:
    with (
        hold_lock(tmp_path),
        pytest.raises(RunError, match="another run"),
        hold_lock(tmp_path, wait_seconds=0),
    ):
        pass


def test_a_lock_goes_with_its_holder(tmp_path: Path) -> None:
    with pytest.raises(KeyError), hold_lock(tmp_path):
        raise KeyError
    with hold_lock(tmp_path, wait_seconds=0):
        pass
