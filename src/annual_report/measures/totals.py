"""Totals, medians and counts over all clusters: each with n of N, and withheld where it must be."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from annual_report.edition import Edition
from annual_report.framework import Breakdown, Framework, Question
from annual_report.measures.disclosure import is_safe
from annual_report.measures.measure import ALL, Measure
from annual_report.measures.stack import Contribution, Said, Stack, sum_by_cluster

SUM = "sum over clusters"
COUNT = "count of clusters"
MEDIAN = "median over clusters"
QUARTILE = "quartile over clusters"
COHORT = "constant cohort"
WITHHELD = "withheld"
_AVERAGED = ("percent", "share", "months", "years", "level", "points", "factor")


@dataclass(frozen=True)
class Totals:
    """Computes the measures of `all` for one edition."""

    edition: Edition
    framework: Framework
    stack: Stack
    of: int

    def compute(self) -> Iterator[Measure]:
        """Yield every total, in the order of the framework."""
        for headline in self.framework.headlines:
            found = self.stack.contributions(headline.code, "value")
            yield self.total(found, headline.code, "total", unit=self.unit_of(headline.unit))
        for question in self.framework.questions.values():
            yield from self._summarise_question(question)
        for breakdown in self.framework.breakdowns:
            yield from self._break_down(breakdown)
        for indicator in self.framework.indicators:
            yield from self._count_verdicts(indicator.code)
            found = self.stack.contributions(indicator.code, "value")
            yield from self._average(found, indicator.code, "value", indicator.unit)
        for pillar in self.framework.pillars:
            found = self.stack.contributions(pillar.code, "score")
            yield from self._average(found, pillar.code, "score", "points")

    def unit_of(self, unit: str) -> str:
        """The edition's currency where a framework says `money`."""
        return self.edition.currency if unit == "money" else unit

    def measure(self, code: str, name: str, **rest: object) -> Measure:
        """A measure over all clusters."""
        return Measure(
            edition=self.edition.edition,
            cluster=ALL,
            code=code,
            measure=name,
            of=self.of,
            **rest,  # type: ignore[arg-type]
        )

    def total(
        self,
        contributions: Sequence[Contribution],
        code: str,
        name: str,
        *,
        unit: str,
        method: str = SUM,
    ) -> Measure:
        """Sum contributions; none: no number, never zero; unsafe: withheld."""
        build = self._safe(contributions)
        number = float(sum(c.number for c in contributions)) if contributions else None
        return build(
            self.measure, code, name, method=method, number=number, unit=unit,
            n=len(contributions), year=self.edition.year,
            formula=f"sum of {len(contributions)} of {self.of} clusters",
            inputs=tuple(i for c in contributions for i in c.inputs),
            text=None if contributions else "no cluster answered",
        )  # fmt: skip

    def _safe(self, contributions: Sequence[Contribution]) -> Callable[..., Measure]:
        rules = self.edition.rules.disclosure
        private = any(c.consent != "publish" for c in contributions)
        safe = not private or is_safe(
            [c.number for c in contributions],
            minimum=rules.minimum_contributors,
            p_percent=rules.p_percent,
        )

        def build(make: Callable[..., Measure], *args: object, **rest: object) -> Measure:
            if safe:
                return make(*args, **rest)
            hidden = {"number": None, "text": WITHHELD, "formula": WITHHELD, "inputs": ()}
            return make(*args, **{**rest, **hidden}, consent="aggregate only")

        return build

    def _summarise_question(self, question: Question) -> Iterator[Measure]:
        if question.kind in ("level", "choice", "yes_no"):
            yield from self._count_choices(question)
            return
        if question.kind not in ("number", "money", "percent"):
            return
        unit = {"money": self.edition.currency, "percent": "percent"}.get(
            question.kind, question.unit or "count"
        )
        for field in ("value", "baseline", "target"):
            found = self.stack.contributions(question.code, f"{field}.standard")
            if not found and field != "value":
                continue
            if unit in _AVERAGED:
                yield from self._average(found, question.code, field, unit)
            else:
                yield self.total(found, question.code, f"{field}.total", unit=unit)

    def _average(
        self, found: Sequence[Contribution], code: str, field: str, unit: str
    ) -> Iterator[Measure]:
        numbers = sorted(c.number for c in found if c.consent == "publish")
        inputs = tuple(i for c in found if c.consent == "publish" for i in c.inputs)
        n = len(numbers)
        if not n:
            return
        yield self.measure(
            code, f"{field}.median", method=MEDIAN, number=statistics.median(numbers), unit=unit,
            n=n, year=self.edition.year, formula=f"median of {n} clusters", inputs=inputs,
        )  # fmt: skip
        if n < self.edition.rules.minimum_for_quartiles:
            return
        for name, q in (("q1", 0.25), ("q3", 0.75)):
            yield self.measure(
                code, f"{field}.{name}", method=QUARTILE, number=float(np.quantile(numbers, q)),
                unit=unit, n=n, year=self.edition.year, formula=f"{q:.0%} quantile of {n} clusters",
                inputs=inputs,
            )  # fmt: skip

    def _count_choices(self, question: Question) -> Iterator[Measure]:
        if question.kind == "level":
            found = [
                Said(c.cluster, f"{c.number:g}", c.consent, c.inputs[0])
                for c in self.stack.contributions(question.code, "value.standard")
            ]
            codes = [f"{step.level}" for step in question.rubric]
        else:
            found = self.stack.choices(question.code)
            codes = self._codes(question.choices)
        yield from self._count(found, question.code, codes, answered=len(found))

    def _count_verdicts(self, code: str) -> Iterator[Measure]:
        found = self.stack.texts(code, "verdict")
        codes = sorted({said.text for said in found})
        known = sum(said.text != "insufficient data" for said in found)
        yield from self._count(found, code, codes, answered=known)

    def _count(
        self, found: Sequence[Said], code: str, codes: Iterable[str], *, answered: int
    ) -> Iterator[Measure]:
        for choice in codes:
            ids = tuple(said.id for said in found if said.text == choice)
            yield self.measure(
                code, f"count.{choice.replace(' ', '-')}", method=COUNT, number=float(len(ids)),
                unit="count", n=answered, year=self.edition.year,
                formula=f"{len(ids)} of {answered} clusters that answered", inputs=ids,
            )  # fmt: skip

    def _break_down(self, breakdown: Breakdown) -> Iterator[Measure]:
        """One measure for each combination of choices, each margin, and the grand total."""
        table = self.framework.tables[breakdown.table]
        entries = self.stack.entries(breakdown.table)
        used = [breakdown.rows, *([breakdown.columns] if breakdown.columns else [])]
        entries = [e for e in entries if all(c in e.texts for c in used)]
        unit = self._unit_of_value(breakdown)
        codes = [[None, *self._codes(table.column(c).choices)] for c in used]
        rows, columns = codes[0], codes[1] if len(codes) > 1 else [None]
        for row in rows:
            for column in columns:
                chosen = {u: c for u, c in zip(used, (row, column), strict=False) if c}
                part = [e for e in entries if all(e.texts.get(u) == c for u, c in chosen.items())]
                found = sum_by_cluster(part, value=breakdown.value, columns=used)
                name = ".".join(filter(None, (breakdown.name, row or "any", column or "any")))
                name = name if breakdown.columns else f"{breakdown.name}.{row or 'any'}"
                yield self.total(found, breakdown.table, name, unit=unit)

    def _codes(self, choices: str | None) -> list[str]:
        return (
            ["yes", "no"] if choices is None else [c.code for c in self.framework.choices[choices]]
        )

    def _unit_of_value(self, breakdown: Breakdown) -> str:
        if breakdown.value is None:
            return "count"
        column = self.framework.tables[breakdown.table].column(breakdown.value)
        return self.edition.currency if column.kind == "money" else column.unit or "count"


def compare_cohort(
    now: Totals, before: Totals, *, code: str, name: str, unit: str
) -> Iterator[Measure]:
    """Yield this year's and last year's sum over clusters with a value in both, and the change.

    A sum that cannot be published in either year withholds all three.
    """
    current = {c.cluster: c for c in now.stack.contributions(code, "value")}
    former = {c.cluster: c for c in before.stack.contributions(code, "value")}
    both = sorted(current.keys() & former.keys())
    if not both:
        return
    this = now.total([current[c] for c in both], code, "cohort", unit=unit, method=COHORT)
    last = now.total([former[c] for c in both], code, "cohort-before", unit=unit, method=COHORT)
    prefix = before.edition.edition
    yield this
    yield replace(last, inputs=tuple(f"{prefix}:{i}" for i in last.inputs))
    known = this.number is not None and last.number
    change = (this.number / last.number - 1) * 100 if known else None  # type: ignore[operator]
    yield now.measure(
        code, "cohort-change", method=COHORT, number=change, unit="percent", n=len(both),
        text=None if known else WITHHELD, year=now.edition.year,
        formula=f"{this.number:,.6g} ÷ {last.number:,.6g} − 1" if known else WITHHELD,
        inputs=(this.id, last.id), note=f"{len(both)} clusters in both editions",
    )  # fmt: skip
