"""How an edition measures: survey, indicators, rubrics, units and rules, as the code has them."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property

import pandas as pd

from annual_report.measures.indicators.progress import DOUBLE, IN_TIME
from annual_report.measures.indicators.uncertainty import HIGH, HIGHEST_FACTOR, LOW, LOWEST_FACTOR
from annual_report.measures.measure import ALL
from annual_report.numbers import format_count, format_in_full, label_unit
from annual_report.season.quality import Quality
from annual_report.season.symbols import VERDICT_SYMBOLS, name_questions
from annual_report.season.value import Value
from annual_report.units import UNITS


class Method(Quality):
    """What the numbers of an edition mean, and by which rules they are made."""

    @cached_property
    def rules(self) -> dict[str, str]:
        """The numbers that the rules have, each as it is printed, for sentences about the method.

        Those that protect respondents are not among them.
        """
        rules, locale = self._store.edition.rules, self._store.edition.locale
        return {
            "coverage": str(Fraction(rules.coverage_threshold).limit_denominator(12)),
            "draws": format_count(rules.uncertainty_draws),
            "interval": format_count(100 * (HIGH - LOW)),
            "lowest": format_in_full(LOWEST_FACTOR, locale),
            "highest": format_in_full(HIGHEST_FACTOR, locale),
            "quartiles": format_count(rules.minimum_for_quartiles),
            "in_time": format_in_full(IN_TIME, locale),
            "double": format_in_full(DOUBLE, locale),
        }

    @property
    def survey_version(self) -> str:
        """The version of the survey that the clusters answered."""
        return self._store.framework.version

    @cached_property
    def questions(self) -> pd.DataFrame:
        """What the survey asks, one row a question: code, section, text, kind (or *table*), unit."""
        rows: list[tuple[str, ...]] = []
        for section in self._store.framework.sections:
            for q in section.questions:
                unit = label_unit(q.unit) if q.unit else ""
                rows.append((q.code, section.title, q.text, q.kind, unit))
            rows += [(t.code, section.title, t.text, "table", "") for t in section.tables]
        return pd.DataFrame(rows, columns=["code", "section", "text", "kind", "unit"])

    @cached_property
    def pillars(self) -> pd.DataFrame:
        """The pillars: code, pillar, question."""
        rows = [(p.code, p.title, p.question) for p in self._store.framework.pillars]
        return pd.DataFrame(rows, columns=["code", "pillar", "question"])

    @cached_property
    def definitions(self) -> pd.DataFrame:
        """The indicators: code, pillar, indicator, definition, weight, unit, questions, source.

        ``weight`` is a `Value` in percent of the pillar; ``scored`` is false for context, which has
        none. ``calculation`` is the name of the function that computes it.
        """
        locale = self._store.edition.locale
        found = self._store.framework.indicators
        frame = pd.DataFrame(
            {
                "code": [i.code for i in found],
                "pillar": [i.pillar for i in found],
                "indicator": [i.name for i in found],
                "definition": [i.definition for i in found],
                "scored": [i.scored for i in found],
                "unit": [label_unit(i.unit) or "number" for i in found],
                "questions": [name_questions(i.questions) for i in found],
                "source": [i.source for i in found],
                "calculation": [i.calculation.replace("_", " ") for i in found],
            }
        )
        weights = [Value(i.weight, text=format_in_full(i.weight, locale)) for i in found]
        frame.insert(4, "weight", pd.Series(weights, dtype=object))
        return frame

    @cached_property
    def rubrics(self) -> pd.DataFrame:
        """What each level of a maturity question means: code, question, level, step, meaning."""
        rows = [
            (q.code, q.text, step.level, f"{step.level} {step.label}", step.meaning)
            for q in self._store.framework.questions.values()
            for step in q.rubric
        ]
        return pd.DataFrame(rows, columns=["code", "question", "level", "step", "meaning"])

    @cached_property
    def units(self) -> pd.DataFrame:
        """The units that a return may use: dimension, unit."""
        rows = [(unit.dimension, unit.code) for unit in UNITS]
        return pd.DataFrame(rows, columns=["dimension", "unit"])

    @cached_property
    def verdict_symbols(self) -> pd.DataFrame:
        """The verdicts of the linear method and their symbols, best first: verdict, symbol."""
        return pd.DataFrame(VERDICT_SYMBOLS.items(), columns=["verdict", "symbol"])

    @cached_property
    def conversions(self) -> pd.DataFrame:
        """The exchange rates behind what may be seen of the returns: currency, year, rate id."""
        measures = self._store.read("measures")
        found = measures.loc[measures["cluster"] != ALL, "inputs"].explode().dropna()
        rates = found[found.str.startswith("rate.")].drop_duplicates().sort_values()
        parts = rates.str.extract(r"rate\.(?P<currency>\w+)(?:-\w+)?\.(?P<year>\d+)")
        made = parts.assign(id=rates).astype({"year": "Int64"})
        return made[made["currency"] != self.currency].reset_index(drop=True)
