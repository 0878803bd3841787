"""The register of all calculations: importing this module fills it."""

from __future__ import annotations

from annual_report.errors import FrameworkError
from annual_report.framework import Framework
from annual_report.measures.indicators import (  # noqa: F401  each registers its calculations
    finance,
    generic,
    partnerships,
    policy,
    technology,
)
from annual_report.measures.indicators.calculation import CALCULATIONS

__all__ = ["CALCULATIONS", "check_calculations"]


def check_calculations(framework: Framework) -> None:
    """Refuse a framework that names a calculation nobody wrote.

    Raises
    ------
    FrameworkError
        Naming the indicator and the calculation.
    """
    for indicator in framework.indicators:
        if indicator.calculation not in CALCULATIONS:
            raise FrameworkError(
                f"no calculation {indicator.calculation!r}",
                where=f"data/framework/indicators.yaml, {indicator.code}",
                expected=", ".join(sorted(CALCULATIONS)),
                do="use one of these, or add a function of that name in annual_report.measures",
            )
