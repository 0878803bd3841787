"""What every child would do first, done once in the warm parent: children inherit what it leaves."""

from __future__ import annotations

import contextlib


def rehearse() -> None:
    """Read the framework, print a number, draw a figure.

    What is kept of it is found again by its content alone: who finds something else does it again.
    A part that fails is left to the child that needs it, which can say what is wrong.
    """
    for part in (_read, _print, _draw):
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
    from annual_report.exhibits.look.canvas import new_figure, to_svg

    with new_figure(height=20) as figure:
        figure.subplots().barh(["a"], [1])
        to_svg(figure)


def rehearse_kernel() -> None:
    """Make the kernel that children will be; one that cannot be made is left to them too."""
    from annual_report.running.kernels.kernel_process import make_kernel

    with contextlib.suppress(Exception):
        make_kernel()
