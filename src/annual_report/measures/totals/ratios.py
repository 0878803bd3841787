"""Totals made from totals: sums and ratios that can give nothing away that these withhold."""

from __future__ import annotations

from collections.abc import Sequence

from annual_report.measures.measure import Measure
from annual_report.measures.totals.totals import NOBODY, WITHHELD, Totals

RATIO = "ratio of totals"
SUM = "sum of totals"


def add_totals(
    totals: Totals,
    parts: Sequence[Measure | None],
    *,
    code: str,
    name: str,
    unit: str,
    n: int | None,
) -> Measure:
    """Add published totals; withheld where one of them is, no number where there is none.

    Parameters
    ----------
    n
        How many clusters answered what the parts are parts of.
    """
    known = [p for p in parts if p is not None and p.number is not None]
    is_hidden = any(p is not None and p.text == WITHHELD for p in parts)
    text = WITHHELD if is_hidden else None if known else NOBODY
    return totals.measure(
        code, name, method=SUM, unit=unit, text=text,
        number=None if text else float(sum(p.number or 0.0 for p in known)),
        n=n,
        formula=text or " + ".join(f"{p.number:,.6g}" for p in known),
        inputs=() if text else tuple(p.id for p in known),
        consent="aggregate only" if is_hidden else "publish",
    )  # fmt: skip


def compute_ratio(
    totals: Totals, part: Measure, whole: Measure, *, code: str, name: str, unit: str = "percent"
) -> Measure:
    """Divide one total by another; withheld where either is, nothing where the divisor is zero.

    Parameters
    ----------
    unit
        ``percent`` or ``ratio``.
    """
    formula, number, text = "", None, None
    if WITHHELD in (part.text, whole.text):
        formula = text = WITHHELD
    elif part.number is None or not whole.number:
        text = "nothing to compare with"
    else:
        formula = f"{part.number:,.6g} ÷ {whole.number:,.6g}"
        number = part.number / whole.number * (100 if unit == "percent" else 1)
    return totals.measure(
        code, name, method=RATIO, number=number, text=text, unit=unit, n=whole.n,
        formula=formula, inputs=(part.id, whole.id),
        consent="aggregate only" if text == WITHHELD else "publish",
    )  # fmt: skip
