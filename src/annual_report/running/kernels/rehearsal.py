"""What every child would do first, done once in the warm parent: children inherit what it leaves."""

from __future__ import annotations

import contextlib
from typing import Any


def rehearse() -> None:
    """Read the framework, print a number, show a frame, draw figures.

    What is kept of it is found again by its content alone: who finds something else does it again.
    A part that fails is left to the child that needs it, which can say what is wrong.
    """
    for part in (_read, _print, _show, _draw):
        with contextlib.suppress(Exception):
            part()


def _read() -> None:
    from annual_report.framework import read_framework
    from annual_report.project import find_project

    read_framework(find_project())


def _print() -> None:
    from babel.numbers import format_decimal

    format_decimal(1.5, locale="en")


def _draw() -> None:
    import pandas as pd

    from annual_report.exhibits import figures, framed
    from annual_report.exhibits.marks.bars import Inside, bar
    from annual_report.exhibits.marks.plot import Plot

    frame = pd.DataFrame({"cluster": ["a", "b"], "value": [1.0, 2.0], "text": ["1", "2"]})
    frame = framed.check_columns(frame.assign(unit="", mark="", flag="", id=""), "cluster")
    plot = Plot(frame, x="value", y="cluster").add(bar()).add(Inside(), text="text")
    manner: dict[str, Any] = {
        "height": None,
        "pitch": None,
        "axis": True,
        "key": True,
        "missing": "1",
    }
    figures.draw(plot, id="rehearsal", width=80, **manner)
    figures.draw(lambda axes: axes.plot([1], [1], "o"), id="rehearsal", width=80, **manner)
    framed.spread(frame, rows="cluster", columns=None, labels={}, origins={})


def _show() -> None:
    import pandas as pd

    frame = pd.DataFrame({"a": ["x"], "b": [1.0]})
    pd.crosstab(frame["a"], frame["b"])
    frame.to_html()


def rehearse_kernel() -> None:
    """Make the kernel that children will be; one that cannot be made is left to them too."""
    from annual_report.running.kernels.kernel_process import make_kernel

    with contextlib.suppress(Exception):
        make_kernel()
