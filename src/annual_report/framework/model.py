"""What the survey asks and how it is judged: the questionnaire as one typed value.

From this one definition come the blank workbook, the reading and checking of returns, the
measures, the methodology chapter and the data dictionary.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from pydantic import Field, model_validator

from annual_report.framework.questions import (
    Choice,
    Field_,
    Level,
    Plausible,
    Question,
    Section,
    Table,
    TableColumn,
)
from annual_report.settings import Model

__all__ = [
    "Breakdown",
    "Check",
    "Choice",
    "Fault",
    "Field_",
    "Framework",
    "Headline",
    "Indicator",
    "Level",
    "Pillar",
    "Plausible",
    "Question",
    "Renamed",
    "Section",
    "Table",
    "TableColumn",
    "find_faults",
]

INDICATOR_CODE = r"^[A-Z]{3}-[A-Z0-9]+(-[A-Z0-9]+)*$"
HEADLINE_CODE = r"^HEAD-[A-Z0-9]+$"


class Pillar(Model):
    """One of the pillars that are scored."""

    code: str
    title: str
    prefix: str = Field(pattern=r"^[A-Z]{3}$")
    question: str = Field(description="what the pillar asks, one sentence for the reader")


class Indicator(Model):
    """One measured thing: from which questions, by which calculation, with which weight.

    ``unit`` is one of the table of units, or ``level`` or ``ratio``. ``calculation`` names a function registered in :mod:`annual_report.measures`; ``weight`` is 0
    exactly for context indicators, which are shown and never scored.
    """

    code: str = Field(pattern=INDICATOR_CODE)
    pillar: str
    name: str
    definition: str
    calculation: str
    questions: tuple[str, ...] = Field(min_length=1)
    unit: str
    weight: float = Field(ge=0)
    scored: bool = True
    source: str = Field(description="where the method is published")

    @model_validator(mode="after")
    def _weight_for_scores(self) -> Indicator:
        if self.scored != (self.weight > 0):
            raise ValueError("a scored indicator has a weight above 0, a context indicator 0")
        return self


class Headline(Model):
    """One total of the report that carries no score: the sum of its questions' values.

    The unit ``money`` means the currency of the edition, and ``{currency}`` in ``label`` its code.
    """

    code: str = Field(pattern=HEADLINE_CODE)
    name: str
    definition: str
    questions: tuple[str, ...] = Field(min_length=1)
    unit: str
    scale: float = Field(default=1.0, description="shown unit = unit × scale, e.g. 1e9 for bn")
    label: str = Field(description="the shown unit in words, e.g. `{currency} bn`")

    def name_unit(self, currency: str) -> str:
        """The shown unit in words, such as ``USD bn``."""
        return self.label.replace("{currency}", currency)


class Breakdown(Model):
    """One table question counted or summed over all clusters, by one or two of its choices.

    One total for each choice of ``rows``, and of ``columns`` where given, with margins. ``name``
    becomes part of the address of each total; ``value`` names the column that is summed, and
    without it the rows are counted.
    """

    name: str = Field(pattern=r"^[a-z][a-z-]*$")
    table: str
    rows: str
    columns: str | None = None
    value: str | None = None


class Check(Model):
    """A rule across cells; ``data/framework/checks.yaml`` says what each rule takes and finds."""

    code: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    severity: Literal["error", "warning", "note"]
    rule: str = Field(description="name of a registered rule")
    questions: tuple[str, ...] = Field(min_length=1)
    parameters: dict[str, str | float | tuple[str, ...]] = Field(default_factory=dict)
    message: str
    action: str


class Renamed(Model):
    """What became of a code when the framework changed: ``to`` is missing when it was dropped."""

    version: str
    code: str
    to: str | None = None
    reason: str


class Framework(Model):
    """The whole questionnaire."""

    version: str
    title: str
    contact: str
    pillars: tuple[Pillar, ...]
    choices: dict[str, tuple[Choice, ...]]
    sections: tuple[Section, ...]
    indicators: tuple[Indicator, ...]
    headlines: tuple[Headline, ...]
    breakdowns: tuple[Breakdown, ...] = ()
    checks: tuple[Check, ...] = ()
    renamed: tuple[Renamed, ...] = ()

    @cached_property
    def questions(self) -> dict[str, Question]:
        """All single questions by code, in the order of the workbook."""
        return {q.code: q for section in self.sections for q in section.questions}

    @cached_property
    def tables(self) -> dict[str, Table]:
        """All table questions by code, in the order of the workbook."""
        return {t.code: t for section in self.sections for t in section.tables}

    def indicators_of(self, pillar: str, *, scored: bool | None = None) -> tuple[Indicator, ...]:
        """The indicators of a pillar; all, only scored or only context ones."""
        return tuple(
            i
            for i in self.indicators
            if i.pillar == pillar and (scored is None or i.scored == scored)
        )

    def label(self, choices: str, code: str) -> str:
        """The words of a choice."""
        return next(c.label for c in self.choices[choices] if c.code == code)

    @model_validator(mode="after")
    def _agree(self) -> Framework:
        for fault in find_faults(self):
            raise ValueError(fault.message)
        return self


@dataclass(frozen=True)
class Fault:
    """What does not agree between the parts of a framework.

    Parameters
    ----------
    codes
        The parts at fault; several where they are only together.
    key
        What of each part, if it is one of its keys.
    """

    codes: tuple[str, ...]
    message: str
    key: str | None = None


def find_faults(framework: Framework) -> Iterator[Fault]:
    """Yield every fault between the parts of a framework."""
    yield from _find_doubles(framework)
    yield from _find_double_spellings(framework)
    yield from _find_misplaced(framework)
    yield from _find_unknown_lists(framework)
    yield from _find_unknown_ranges(framework)
    yield from _find_unknown_pillars(framework)
    yield from _find_unknown_questions(framework)
    yield from _find_unknown_columns(framework)
    for pillar in framework.pillars:
        weighed = framework.indicators_of(pillar.code, scored=True)
        total = sum(i.weight for i in weighed)
        if abs(total - 100) > 1e-9:
            message = f"pillar {pillar.code}: the weights add up to {total:g}, not to 100"
            yield Fault(tuple(i.code for i in weighed) or (pillar.code,), message, key="weight")


def _find_doubles(framework: Framework) -> Iterator[Fault]:
    codes = [pillar.code for pillar in framework.pillars]
    for section in framework.sections:
        codes += [section.code, *_list_codes(section)]
    codes += [indicator.code for indicator in framework.indicators]
    codes += [headline.code for headline in framework.headlines]
    codes += [check.code for check in framework.checks]
    for code, count in Counter(codes).items():
        if count > 1:
            yield Fault((code,), f"the code {code} is used {count} times")


def _find_double_spellings(framework: Framework) -> Iterator[Fault]:
    """Two entries of one list may not go by one name: nobody could tell which is meant."""
    for name, choices in framework.choices.items():
        named = Counter(
            spelling
            for choice in choices
            for spelling in {s.casefold() for s in (choice.code, choice.label, *choice.also)}
        )
        for spelling, count in named.items():
            if count > 1:
                yield Fault((name,), f"list {name}: {spelling!r} names {count} entries")


def _find_misplaced(framework: Framework) -> Iterator[Fault]:
    for section in framework.sections:
        for code in _list_codes(section):
            if not code.startswith(f"{section.code}-"):
                message = f"{code} stands in section {section.code}, whose code it does not carry"
                yield Fault((code,), message)


def _list_codes(section: Section) -> list[str]:
    return [*(q.code for q in section.questions), *(t.code for t in section.tables)]


def _find_unknown_lists(framework: Framework) -> Iterator[Fault]:
    for code, place, field in _list_fields(framework):
        if field.choices is not None and field.choices not in framework.choices:
            yield Fault((code,), f"{place}: no list {field.choices!r} in choices")


def _list_fields(framework: Framework) -> Iterator[tuple[str, str, Field_]]:
    """List everything that takes an answer: its code, its place in words, what it takes."""
    for question in framework.questions.values():
        yield question.code, f"question {question.code}", question
    for table in framework.tables.values():
        for column in table.columns:
            yield table.code, f"table {table.code}, {column.name}", column


def _find_unknown_ranges(framework: Framework) -> Iterator[Fault]:
    for code, place, field in _list_fields(framework):
        for wanted in field.plausible:
            if wanted.per is None:
                continue
            other, _, name = wanted.per.partition(".")
            if other in framework.questions:
                known = name in dict(framework.questions[other].fields)
            else:  # rows of two tables do not belong together
                columns = framework.tables[other].columns if other == code else ()
                known = name in {column.name for column in columns}
            if not known:
                yield Fault((code,), f"{place}: plausible per {wanted.per!r}, which is no answer")


def _find_unknown_pillars(framework: Framework) -> Iterator[Fault]:
    named = [(s.code, f"section {s.code}", s.pillar) for s in framework.sections if s.pillar]
    named += [(i.code, f"indicator {i.code}", i.pillar) for i in framework.indicators]
    known = {pillar.code for pillar in framework.pillars}
    for code, place, pillar in named:
        if pillar not in known:
            yield Fault((code,), f"{place}: no pillar {pillar!r}")


def _find_unknown_questions(framework: Framework) -> Iterator[Fault]:
    uses = [(i.code, i.questions) for i in framework.indicators]
    uses += [(h.code, h.questions) for h in framework.headlines]
    uses += [(c.code, c.questions) for c in framework.checks]
    asked = {*framework.questions, *framework.tables}
    for user, questions in uses:
        for code in questions:
            if code not in asked:
                yield Fault((user,), f"{user}: no question {code} in any section")
    known = {*asked, *(i.code for i in framework.indicators)}
    for renamed in framework.renamed:
        if renamed.to is not None and renamed.to not in known:
            yield Fault(
                (renamed.code,), f"{renamed.code} became {renamed.to}, which does not exist"
            )


def _find_unknown_columns(framework: Framework) -> Iterator[Fault]:
    for breakdown in framework.breakdowns:
        place = f"breakdown {breakdown.name}"
        table = framework.tables.get(breakdown.table)
        if table is None:
            yield Fault((breakdown.name,), f"{place}: no table {breakdown.table} in any section")
            continue
        known = {column.name for column in table.columns}
        for name in (breakdown.rows, breakdown.columns, breakdown.value):
            if name is not None and name not in known:
                yield Fault((breakdown.name,), f"{place}: {breakdown.table} has no column {name!r}")
