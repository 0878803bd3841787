"""What a respondent fills in: questions, tables and the sheets they stand on."""

from __future__ import annotations

from collections import Counter
from typing import Literal

from pydantic import Field, model_validator

from annual_report.settings import Model

Kind = Literal["number", "money", "percent", "choice", "level", "text", "date", "yes_no", "year"]
_NO_UNIT = "a number needs a unit (`count` for things that are counted)"
NUMERIC: tuple[Kind, ...] = ("number", "money", "percent", "level", "year")
MEASURED: tuple[Kind, ...] = ("number", "money", "percent")
"""Kinds whose answers have a size that can be mistaken by a thousand."""

QUESTION_CODE = r"^[A-Z]{3}-[0-9]{2}[a-z]?$"
TABLE_CODE = r"^[A-Z]{3}-T[0-9]$"


class Choice(Model):
    """One entry of a drop-down list.

    ``also`` holds other spellings by which respondents may name it.
    """

    code: str
    label: str
    also: tuple[str, ...] = ()

    @property
    def short(self) -> str:
        """The label without what stands in brackets behind it."""
        return self.label.partition(" (")[0]


class Level(Model):
    """One step of a maturity rubric, 0 to 4, with its meaning in words."""

    level: int = Field(ge=0, le=4)
    label: str
    meaning: str


class Plausible(Model):
    """A range in which honest answers lie; outside it we ask, and propose what was meant.

    Without ``per`` the bounds are in ``unit``, by default the unit asked for and euros for money.
    With it they are for each unit of another answer of the return: ``FIN-01`` per ``CLU-10.value``
    in ``tCO2e/y`` is euros for each tonne a year. Zero is always plausible.
    """

    low: float | None = None
    high: float | None = None
    unit: str | None = Field(default=None, description="of the bounds, if not the one asked for")
    per: str | None = Field(
        default=None, description="CODE.field of a question, or of a column of the same row"
    )
    per_unit: str | None = Field(default=None, description="unit of what `per` names")
    why: str = Field(min_length=10, description="why no honest answer lies outside")

    @model_validator(mode="after")
    def _bounded(self) -> Plausible:
        bounds = [bound for bound in (self.low, self.high) if bound is not None]
        if not bounds or (len(bounds) == 2 and bounds[0] >= bounds[1]):
            raise ValueError("a plausible range has a low bound below its high bound, or one bound")
        if self.per is None and self.per_unit is not None:
            raise ValueError("`per_unit` is the unit of what `per` names")
        return self


class Field_(Model):  # noqa: N801  `Field` is pydantic's
    """What one kind of cell takes: shared by single questions and columns of tables.

    What lies outside ``minimum`` and ``maximum`` cannot be, and is not used. What lies outside a
    range of ``plausible`` is asked about; the first range is absolute.
    """

    kind: Kind
    unit: str | None = Field(default=None, description="unit asked for; numbers only")
    choices: str | None = Field(default=None, description="name of a list in choices.yaml")
    minimum: float | None = None
    maximum: float | None = None
    plausible: tuple[Plausible, ...] = ()
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

    @model_validator(mode="after")
    def _plausible_for_quantities(self) -> Field_:
        if self.kind in MEASURED and (not self.plausible or self.plausible[0].per is not None):
            raise ValueError(
                f"a {self.kind} says which answers are `plausible`: first a range of its own, "
                "then those per unit of another answer"
            )
        if self.kind not in MEASURED and self.plausible:
            raise ValueError(f"a {self.kind} takes no plausible range")
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
    """A question with many rows, one per partner, policy or project."""

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
