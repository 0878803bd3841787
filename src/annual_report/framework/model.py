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

from annual_report.settings import Model

Kind = Literal["number", "money", "percent", "choice", "level", "text", "date", "yes_no", "year"]
_NO_UNIT = "a number needs a unit (`count` for things that are counted)"
NUMERIC: tuple[Kind, ...] = ("number", "money", "percent", "level", "year")

QUESTION_CODE = r"^[A-Z]{3}-[0-9]{2}[a-z]?$"
TABLE_CODE = r"^[A-Z]{3}-T[0-9]$"
INDICATOR_CODE = r"^[A-Z]{3}-[A-Z0-9]+(-[A-Z0-9]+)*$"
HEADLINE_CODE = r"^HEAD-[A-Z0-9]+$"


class Choice(Model):
    """One entry of a drop-down list."""

    code: str
    label: str


class Level(Model):
    """One step of a maturity rubric, 0 to 4, with its meaning in words."""

    level: int = Field(ge=0, le=4)
    label: str
    meaning: str


class Pillar(Model):
    """One of the pillars that are scored."""

    code: str
    title: str
    prefix: str = Field(pattern=r"^[A-Z]{3}$")
    question: str = Field(description="what the pillar asks, one sentence for the reader")


class Field_(Model):
    """What one kind of cell takes: shared by single questions and columns of tables."""

    kind: Kind
    unit: str | None = Field(default=None, description="unit asked for; numbers only")
    choices: str | None = Field(default=None, description="name of a list in choices.yaml")
    minimum: float | None = None
    maximum: float | None = None
    required: bool = False

    @model_validator(mode="after")
    def _consistent(self) -> Field_:
        if (self.kind == "choice") != (self.choices is not None):
            raise ValueError("a choice, and nothing else, names its list in `choices`")
        if self.unit is not None and self.kind not in ("number", "percent"):
            raise ValueError(f"a {self.kind} takes no unit")
        if (self.minimum is not None or self.maximum is not None) and self.kind not in NUMERIC:
            raise ValueError(f"a {self.kind} takes no range")
        if None not in (self.minimum, self.maximum) and self.minimum >= self.maximum:  # type: ignore[operator]
            raise ValueError("the range is empty: minimum is not below maximum")
        return self


class Question(Field_):
    """A single question: one value, perhaps with baseline and target.

    Fields of its answers: ``value``; ``value_year`` where ``dated``; ``baseline`` and
    ``baseline_year`` where it takes a baseline; ``target`` and ``target_year`` where it takes a
    target; ``comment``.
    """

    code: str = Field(pattern=QUESTION_CODE)
    text: str
    guidance: str
    example: str
    dated: bool = False
    baseline: bool = False
    target: bool = False
    basis: bool = False
    consent: bool = True
    comment: bool = True
    rubric: tuple[Level, ...] = ()

    @model_validator(mode="after")
    def _unit_for_numbers(self) -> Question:
        if self.kind == "number" and self.unit is None:
            raise ValueError(_NO_UNIT)
        return self

    @model_validator(mode="after")
    def _rubric_for_levels(self) -> Question:
        if (self.kind == "level") != bool(self.rubric):
            raise ValueError("a level, and nothing else, has a rubric")
        if self.rubric and [step.level for step in self.rubric] != [0, 1, 2, 3, 4]:
            raise ValueError("a rubric has the levels 0, 1, 2, 3, 4 in this order")
        if len({step.meaning for step in self.rubric}) != len(self.rubric):
            raise ValueError("two levels of the rubric mean the same")
        if (self.baseline or self.target) and self.kind not in ("number", "money", "percent"):
            raise ValueError(f"a {self.kind} takes no baseline or target")
        return self

    @property
    def fields(self) -> tuple[tuple[str, Kind], ...]:
        """The cells of the question that hold an answer, with the kind of each."""
        names: list[tuple[str, Kind]] = [("value", self.kind)]
        if self.dated:
            names.append(("value_year", "year"))
        for goal in ("baseline", "target"):
            if getattr(self, goal):
                names += [(goal, self.kind), (f"{goal}_year", "year")]
        if self.comment:
            names.append(("comment", "text"))
        return tuple(names)


class TableColumn(Field_):
    """One column of a table question.

    ``unit_from`` names the column of the same row that holds the unit of a number or the currency
    of an amount of money. ``required`` means: in every row that holds anything.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str
    guidance: str = ""
    unit_from: str | None = None
    width: int = Field(default=16, ge=4, le=80)

    @model_validator(mode="after")
    def _unit_for_numbers(self) -> TableColumn:
        if self.kind == "number" and (self.unit is None) == (self.unit_from is None):
            raise ValueError(f"{_NO_UNIT}, or a column that holds it (`unit_from`); not both")
        if (self.kind == "money") > (self.unit_from is not None):
            raise ValueError("money needs the column that holds its currency (`unit_from`)")
        if self.unit_from is not None and self.kind not in ("number", "money"):
            raise ValueError(f"a {self.kind} takes no `unit_from`")
        return self


class Table(Model):
    """A question with many rows, one per partner, policy, project, …"""

    code: str = Field(pattern=TABLE_CODE)
    name: str = Field(pattern=r"^[a-z][a-z_]*$")
    text: str
    guidance: str
    example: str
    key: tuple[str, ...] = Field(min_length=1)
    columns: tuple[TableColumn, ...] = Field(min_length=1)
    rows: int = Field(default=60, ge=1)
    required: bool = False
    consent: bool = True

    @model_validator(mode="after")
    def _columns_agree(self) -> Table:
        names = [c.name for c in self.columns]
        twice = [name for name, count in Counter(names).items() if count > 1]
        if twice:
            raise ValueError(f"two columns are named {twice[0]!r}")
        strange = sorted(set(self.key) - set(names))
        if strange:
            raise ValueError(f"the key names {strange[0]!r}, which is no column")
        choices = {c.name for c in self.columns if c.kind == "choice"}
        for column in self.columns:
            if column.unit_from is not None and column.unit_from not in choices:
                raise ValueError(
                    f"{column.name} takes its unit from {column.unit_from!r}, "
                    "which is no choice column of this table"
                )
        return self

    def column(self, name: str) -> TableColumn:
        return next(c for c in self.columns if c.name == name)


class Section(Model):
    """One sheet of the workbook."""

    code: str = Field(pattern=r"^[A-Z]{3}$")
    title: str
    intro: str
    pillar: str | None = None
    questions: tuple[Question, ...] = ()
    tables: tuple[Table, ...] = ()


class Indicator(Model):
    """One measured thing: from which questions, by which calculation, with which weight.

    ``calculation`` names a function registered in :mod:`annual_report.measures`; ``weight`` is 0
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

    A cluster counts only when it has answered all of the questions. The unit ``money`` means the
    currency of the edition, and ``{currency}`` in ``label`` stands for its code.
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


class Check(Model):
    """A rule across cells, as an expression of a small closed language (see survey.rules)."""

    code: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    severity: Literal["error", "warning", "note"]
    rule: str = Field(description="name of a registered rule")
    questions: tuple[str, ...] = Field(min_length=1)
    parameters: dict[str, str | float | tuple[str, ...]] = {}
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

    def section_of(self, code: str) -> Section:
        """The section that asks a question or table."""
        return next(s for s in self.sections if code in {x.code for x in (*s.questions, *s.tables)})

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
    """What does not agree between the parts of a framework; ``code`` is the part at fault."""

    code: str
    message: str


def find_faults(framework: Framework) -> Iterator[Fault]:
    """Yield every fault between the parts of a framework."""
    yield from _find_doubles(framework)
    yield from _find_unknown_choices(framework)
    yield from _find_unknown_codes(framework)
    for section in framework.sections:
        for part in (*section.questions, *section.tables):
            if not part.code.startswith(f"{section.code}-"):
                message = f"{part.code} stands in section {section.code}: their prefixes differ"
                yield Fault(part.code, message)
    for pillar in framework.pillars:
        total = sum(i.weight for i in framework.indicators_of(pillar.code))
        if abs(total - 100) > 1e-9:
            message = f"pillar {pillar.code}: the weights add up to {total:g}, not to 100"
            yield Fault(pillar.code, message)


def _find_doubles(framework: Framework) -> Iterator[Fault]:
    parts = [x for s in framework.sections for x in (s, *s.questions, *s.tables)]
    codes = [
        p.code
        for p in (
            *framework.pillars,
            *parts,
            *framework.indicators,
            *framework.headlines,
            *framework.checks,
        )
    ]
    for code, count in Counter(codes).items():
        if count > 1:
            yield Fault(code, f"the code {code} is used {count} times")


def _find_unknown_choices(framework: Framework) -> Iterator[Fault]:
    for question in framework.questions.values():
        if question.choices is not None and question.choices not in framework.choices:
            message = f"question {question.code}: no list {question.choices!r} in choices"
            yield Fault(question.code, message)
    for table in framework.tables.values():
        for column in table.columns:
            if column.choices is not None and column.choices not in framework.choices:
                message = (
                    f"table {table.code}, {column.name}: no list {column.choices!r} in choices"
                )
                yield Fault(table.code, message)


def _find_unknown_codes(framework: Framework) -> Iterator[Fault]:
    pillars = {p.code for p in framework.pillars}
    for section in framework.sections:
        if section.pillar is not None and section.pillar not in pillars:
            yield Fault(section.code, f"section {section.code}: no pillar {section.pillar!r}")
    for indicator in framework.indicators:
        if indicator.pillar not in pillars:
            message = f"indicator {indicator.code}: no pillar {indicator.pillar!r}"
            yield Fault(indicator.code, message)
    asked = {*framework.questions, *framework.tables}
    for part in (*framework.indicators, *framework.headlines, *framework.checks):
        for code in part.questions:
            if code not in asked:
                yield Fault(part.code, f"{part.code}: no question {code} in any section")
    known = {*asked, *(i.code for i in framework.indicators)}
    for renamed in framework.renamed:
        if renamed.to is not None and renamed.to not in known:
            yield Fault(renamed.code, f"{renamed.code} became {renamed.to}, which does not exist")
