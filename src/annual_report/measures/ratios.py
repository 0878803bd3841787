"""One total over another, with both as its inputs."""

from __future__ import annotations

from annual_report.measures.measure import Measure
from annual_report.measures.totals import WITHHELD, Totals

METHOD = "ratio of totals"


def compute_ratio(
    totals: Totals, part: Measure, whole: Measure, *, code: str, name: str, unit: str = "percent"
) -> Measure:
    """Divide one total by another; withheld where either is, nothing where the divisor is zero.

    Parameters
    ----------
    unit
        ``percent`` or ``ratio``.
    """
    if WITHHELD in (part.text, whole.text):
        formula, number, text = WITHHELD, None, WITHHELD
    elif part.number is None or not whole.number:
        formula, number, text = "", None, "nothing to compare with"
    else:
        scale = 100 if unit == "percent" else 1
        formula = f"{part.number:,.6g} ÷ {whole.number:,.6g}"
        number, text = scale * part.number / whole.number, None
    return totals.measure(
        code, name, method=METHOD, number=number, text=text, unit=unit, n=whole.n,
        year=totals.edition.year, formula=formula, inputs=(part.id, whole.id),
        consent="aggregate only" if text == WITHHELD else "publish",
    )  # fmt: skip
