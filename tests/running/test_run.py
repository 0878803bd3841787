"""A run does what is needed, nothing twice, and says what is missing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.running.conftest import SmallProject


def test_a_first_run_does_every_step(small: SmallProject) -> None:
    result = small.run()
    assert result.failures == ()
    assert set(small.states(result).values()) == {"done"}
    assert result.exit_code == 0
    total = (small.project.reports("spring") / "annual-report.html").read_text()
    assert "total 6" in total  # 1 + 2 + 3 words
    record = json.loads((small.project.reports("spring") / "run.json").read_text())
    assert len(record["steps"]) == 1 + 3 * 4 + 1 + 2 + 3


def test_a_second_run_does_nothing(small: SmallProject) -> None:
    small.run()
    result = small.run()
    assert result.unchanged
