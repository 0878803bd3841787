"""Baselines that a cluster reports otherwise than last time: shown as such, never compared."""

from __future__ import annotations

import math
from collections.abc import Iterator

from annual_report.measures.answers import find_strictest
from annual_report.measures.measure import Measure
from annual_report.measures.totals.totals import Totals

METHOD = "baseline now, beside the one of the edition before"
CODE = "restated"
_TOLERANCE = 1e-9


def list_restatements(totals: Totals) -> Iterator[Measure]:
    """Yield, for each baseline that changed since the edition before, the new and the old value.

    ``all.restated.<cluster>.<question>`` is the new value and ``….before`` the old one, both in
    the unit of the question. Where either is not for publication, that there was one is all it says.
    """
    if totals.before is None:
        return
    prefix = totals.before.edition.edition
    for question in totals.framework.questions.values():
        if not question.baseline:
            continue
        former = {
            c.cluster: c
            for c in totals.before.stack.contributions(question.code, "baseline.standard")
        }
        for now in totals.stack.contributions(question.code, "baseline.standard"):
            then = former.get(now.cluster)
            if then is None or math.isclose(now.number, then.number, rel_tol=_TOLERANCE):
                continue
            consent = find_strictest([now.consent, then.consent])
            name = f"{now.cluster}.{question.code}"
            unit = totals.unit_of(question.unit or question.kind)
            if consent != "publish":
                yield totals.withhold(CODE, name, n=1, unit=unit, method=METHOD)
                continue
            for suffix, number, inputs in (
                ("", now.number, now.inputs),
                (".before", then.number, tuple(f"{prefix}:{i}" for i in then.inputs)),
            ):
                yield totals.measure(
                    CODE,
                    f"{name}{suffix}",
                    method=METHOD,
                    number=number,
                    unit=unit,
                    n=1,
                    formula=f"{then.number:,.10g} → {now.number:,.10g}",
                    inputs=inputs,
                )
