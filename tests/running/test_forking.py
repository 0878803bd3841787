"""The warm parent: when it forks, and what it says when it cannot."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from annual_report.running.kernels.forking import ForkServer
from annual_report.running.kernels.imports import ABLE, WARM_MODULES
from annual_report.running.kernels.limits import Limits
from annual_report.running.kernels.messages import Request
from annual_report.running.kernels.warming import warm_up


def ask(target: str, *arguments: object, early: bool) -> Request:
    return Request(target, arguments, Limits(), environment=dict(os.environ), early=early)


def test_who_need_not_wait_is_attended_to_before_every_import() -> None:
    sys.modules.pop("wave", None)
    seen: list[bool] = []
    ready = warm_up(("wave", "chunk_of_nothing"), attend=lambda: seen.append("wave" in sys.modules))
    assert seen == [False, True]
    assert "chunk_of_nothing" in (ready.reason or "")


def test_an_early_child_is_served_and_so_are_those_after_it() -> None:
    with ForkServer(packages=()) as server:
        with server.fork(ask("os:getppid", early=True)) as early:
            assert early.hear(60) == server._process.pid
        assert server.wait_until_ready().reason is None
        with server.fork(ask("os:getppid", early=False)) as later:
            assert later.hear(60) == server._process.pid


def test_an_early_child_outlives_the_warm_up_of_a_parent_that_turns_out_unfit() -> None:
    with ForkServer(modules=(*WARM_MODULES, "no_such_module"), packages=()) as server:
        child = server.fork(ask("time:sleep", 0.5, early=True))
        assert "no_such_module" in (server.wait_until_ready().reason or "")
        with child:
            assert child.hear(60) is None


def test_a_kernel_can_be_forked_before_all_is_warm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    (tmp_path / "gated.py").write_text(f"open({str(gate)!r}).read()\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with ForkServer(modules=("json", ABLE, "gated"), packages=()) as server:
        early = server.wait_until_ready(wholly=False)
        assert (early.reason, early.wholly) == (None, False)
        gate.write_text("go on", encoding="utf-8")
        ready = server.wait_until_ready()
        assert (ready.reason, ready.wholly) == (None, True)
        assert server.wait_until_ready(wholly=False) == ready
