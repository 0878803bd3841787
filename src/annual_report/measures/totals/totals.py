"""Totals, medians and counts over all clusters: each with n of N, and withheld where it must be."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from annual_report.edition import Edition
from annual_report.framework import Framework, Question
from annual_report.measures.disclosure.contributors import PUBLIC
from annual_report.measures.disclosure.suppression import is_safe_difference, is_safe_sum
from annual_report.measures.measure import ALL, Measure
from annual_report.measures.totals.linked import Name, find_linked
from annual_report.measures.totals.stack import Contribution, Said, Stack, to_contributions

SUM = "sum over clusters"
COUNT = "count of clusters"
MEDIAN = "median over clusters"
QUARTILE = "quartile over clusters"
COHORT = "constant cohort"
WITHHELD = "withheld"
NOBODY = "no cluster answered"
PLACE = "degrees"  # where a cluster lies: neither a sum nor a median of it means anything
_AVERAGED = ("percent", "share", "months", "years", "level", "points", "factor")


@dataclass(frozen=True)
class Totals:
    """Computes the measures of `all` for one edition.

    Parameters
    ----------
    of
        How many clusters the register has.
    before
        The same of the edition before: a total beside last year's must not give away what a
        joiner reported.
    """

    edition: Edition
    framework: Framework
    stack: Stack
    of: int
    before: Totals | None = None

    def compute(self) -> Iterator[Measure]:
        """Yield the totals of single questions, indicators and pillars, in the framework's order."""
        for headline in self.framework.headlines:
            unit = self.unit_of(headline.unit)
            yield self.total_of(headline.code, "value", name="total", unit=unit)
        for question in self.framework.questions.values():
            yield from self._summarise_question(question)
        for indicator in self.framework.indicators:
            yield from self._count_verdicts(indicator.code)
            found = self.stack.contributions(indicator.code, "value")
            yield from self._average(found, indicator.code, "value", indicator.unit)
        for pillar in self.framework.pillars:
            found = self.stack.contributions(pillar.code, "score")
            yield from self._average(found, pillar.code, "score", "points")

    @cached_property
    def linked(self) -> frozenset[Name]:
        """Totals to withhold because they would give another total back."""
        rules = self.edition.rules.disclosure
        return find_linked(
            self.stack,
            self.framework,
            minimum=rules.minimum_contributors,
            p_percent=rules.p_percent,
            before=self.before.stack if self.before else None,
        )

    def unit_of(self, unit: str) -> str:
        """The edition's currency where a framework says `money`."""
        return self.edition.currency if unit == "money" else unit

    def measure(self, code: str, name: str, **rest: Any) -> Measure:
        """A measure over all clusters, of the edition's year unless it says otherwise."""
        return Measure(
            edition=self.edition.edition,
            cluster=ALL,
            code=code,
            measure=name,
            of=self.of,
            **{"year": self.edition.year, **rest},
        )

    def total_of(self, code: str, measure: str, *, name: str, unit: str) -> Measure:
        """Sum one measure over all clusters, beside last year's where there is one."""
        found = self.stack.contributions(code, measure)
        if (code, name) in self.linked:
            return self.withhold(code, name, n=len(found), unit=unit, method=SUM)
        former = self.before.stack.contributions(code, measure) if self.before else ()
        return self.total(found, code, name, unit=unit, beside=(former,))

    def total(
        self,
        contributions: Sequence[Contribution],
        code: str,
        name: str,
        *,
        unit: str,
        method: str = SUM,
        beside: Iterable[Sequence[Contribution]] = (),
    ) -> Measure:
        """Sum contributions; none: no number, never zero; unsafe: withheld.

        Parameters
        ----------
        beside
            Published sums of the same answers, this year's and last year's: what the difference
            from one of them would give away is withheld too.
        """
        n = len(contributions)
        if not self.may_publish(contributions, beside):
            return self.withhold(code, name, n=n, unit=unit, method=method)
        return self.measure(
            code,
            name,
            method=method,
            unit=unit,
            n=n,
            number=float(sum(c.number for c in contributions)) if n else None,
            text=None if n else NOBODY,
            formula=f"sum over {n} of {self.of} clusters",
            inputs=tuple(i for c in contributions for i in c.inputs),
        )

    def withhold(self, code: str, name: str, *, n: int, unit: str, method: str) -> Measure:
        """A total that would give a respondent away: that it exists, and no more."""
        return self.measure(
            code,
            name,
            method=method,
            unit=unit,
            n=n,
            text=WITHHELD,
            formula=WITHHELD,
            consent="aggregate only",
        )

    def may_publish(
        self,
        contributions: Sequence[Contribution],
        beside: Iterable[Sequence[Contribution]] = (),
    ) -> bool:
        """Whether a sum gives none of its contributors away, alone or beside other sums."""
        rules = self.edition.rules.disclosure
        minimum, p_percent = rules.minimum_contributors, rules.p_percent
        mine = to_contributions(contributions)
        return is_safe_sum(mine, minimum=minimum, p_percent=p_percent) and all(
            is_safe_difference(mine, to_contributions(other), minimum=minimum, p_percent=p_percent)
            for other in beside
            if other
        )

    def is_given_back(self, contributions: Sequence[Contribution], same: Measure | None) -> bool:
        """Whether a sum would print under its name what another sum of these answers withholds."""
        is_private = any(c.consent != PUBLIC for c in contributions)
        return is_private and same is not None and same.text == WITHHELD

    def list_public(self, code: str, measure: str) -> dict[str, Contribution]:
        """What each cluster published under one code and measure."""
        found = self.stack.contributions(code, measure)
        return {c.cluster: c for c in found if c.consent == PUBLIC}

    def _summarise_question(self, question: Question) -> Iterator[Measure]:
        if question.kind in ("level", "choice", "yes_no"):
            yield from self._count_choices(question)
            return
        if question.kind not in ("number", "money", "percent"):
            return
        unit = {"money": self.edition.currency, "percent": "percent"}.get(
            question.kind, question.unit or "count"
        )
        if unit == PLACE:
            return
        for field in ("value", "baseline", "target"):
            found = self.stack.contributions(question.code, f"{field}.standard")
            if not found and field != "value":
                continue
            if unit in _AVERAGED:
                yield from self._average(found, question.code, field, unit)
            else:
                name = f"{field}.standard"
                yield self.total_of(question.code, name, name=f"{field}.total", unit=unit)

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
            n=n, formula=f"median of {n} clusters", inputs=inputs,
        )  # fmt: skip
        if n < self.edition.rules.minimum_for_quartiles:
            return
        for name, q in (("q1", 0.25), ("q3", 0.75)):
            yield self.measure(
                code, f"{field}.{name}", method=QUARTILE, number=float(np.quantile(numbers, q)),
                unit=unit, n=n, formula=f"{q:.0%} quantile of {n} clusters",
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
            codes = self.codes(question.choices)
        yield from self._count(found, question.code, codes, answered=len(found))

    def _count_verdicts(self, code: str) -> Iterator[Measure]:
        found = self.stack.texts(code, "verdict")
        codes = sorted({said.text for said in found})
        known = sum(said.text != "insufficient data" for said in found)
        yield from self._count(found, code, codes, answered=known)

    def _count(
        self, found: Sequence[Said], code: str, codes: Iterable[str], *, answered: int
    ) -> Iterator[Measure]:
        listed = list(codes)
        minimum = self.edition.rules.disclosure.minimum_contributors
        hidden = find_hidden_counts(found, listed, minimum=minimum)
        for choice in listed:
            name = f"count.{choice.replace(' ', '-')}"
            if choice in hidden:
                yield self.withhold(code, name, n=answered, unit="count", method=COUNT)
                continue
            ids = tuple(said.id for said in found if said.text == choice)
            yield self.measure(
                code, name, method=COUNT, number=float(len(ids)),
                unit="count", n=answered,
                formula=f"{len(ids)} of {answered} clusters that answered", inputs=ids,
            )  # fmt: skip

    def codes(self, choices: str | None) -> list[str]:
        """The codes of a list of choices, or yes and no where there is no list."""
        return (
            ["yes", "no"] if choices is None else [c.code for c in self.framework.choices[choices]]
        )


def find_hidden_counts(
    found: Iterable[Said], choices: Iterable[str], *, minimum: int
) -> frozenset[str]:
    """Find the choices whose counts would tell what a few respondents chose in confidence.

    Anybody can take the public answers off a count. What is left has to be nobody or enough; what
    is withheld has to hold enough together, since how many answered is printed. Where there are
    too few in all, every count is withheld: which one differs from the public answers is the
    answer.
    """
    private = Counter(said.text for said in found if said.consent != PUBLIC)
    if 0 < private.total() < minimum:
        return frozenset(choices)
    hidden = {choice for choice, count in private.items() if count < minimum}
    for choice, count in sorted(private.items(), key=lambda item: (item[1], item[0])):
        if hidden and sum(private[c] for c in hidden) < minimum and count:
            hidden.add(choice)
    return frozenset(hidden)


def compare_cohort(
    now: Totals, before: Totals, *, code: str, name: str, unit: str
) -> Iterator[Measure]:
    """Yield this year's and last year's sum over clusters that published both, and the change.

    What is for totals only stays out: beside a total with all that answered, a cohort with it
    would leave a joiner or a leaver alone in the difference.
    """
    current, former = now.list_public(code, name), before.list_public(code, name)
    both = sorted(current.keys() & former.keys())
    if not both:
        return
    these, those = [current[c] for c in both], [former[c] for c in both]
    this = now.total(these, code, "cohort", unit=unit, method=COHORT)
    last = now.total(those, code, "cohort-before", unit=unit, method=COHORT)
    prefix = before.edition.edition
    yield this
    yield replace(last, inputs=tuple(f"{prefix}:{i}" for i in last.inputs))
    if this.number is not None and last.number:
        yield now.measure(
            code,
            "cohort-change",
            method=COHORT,
            number=(this.number / last.number - 1) * 100,
            unit="percent",
            n=len(both),
            formula=f"{this.number:,.6g} ÷ {last.number:,.6g} − 1",
            inputs=(this.id, last.id),
        )
