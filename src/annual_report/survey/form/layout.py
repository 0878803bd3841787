"""Where each answer stands in the workbook: sheets, rows, columns and names, computed once.

The writer draws this plan; the reader falls back on it, piece by piece, when a name is lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from openpyxl.utils import get_column_letter

from annual_report.framework.model import Field_, Framework, Question, Section, Table, TableColumn
from annual_report.units import accepted_units, find_unit

SIBLINGS = ("unit", "currency", "basis", "consent")
COVER, CONTENTS, LISTS, ABOUT = "Start here", "Contents", "Lists", "About"
# Questions of the first sheet that say how to read the others
CLUSTER_NAME, CURRENCY, YEAR, LANGUAGE, SIGNED = "STA-01", "STA-03", "STA-04", "STA-05", "STA-07"
TABLE_HEADER_ROW = 7
QUESTION_HEADER_ROW = 4

Role = Literal["code", "state", "text", "guidance", "answer", "previous"]


@dataclass(frozen=True)
class Heading:
    """One column of a sheet of questions: what stands in it, its heading and its width."""

    name: str
    label: str
    width: int
    role: Role


HEADINGS: tuple[Heading, ...] = (
    Heading("code", "Code", 9, "code"),
    Heading("state", "State", 11, "state"),
    Heading("text", "Question", 40, "text"),
    Heading("guidance", "Guidance and example", 52, "guidance"),
    Heading("value", "Answer", 22, "answer"),
    Heading("unit", "Unit or currency", 13, "answer"),
    Heading("value_year", "Year of answer", 10, "answer"),
    Heading("previous", "Last edition", 20, "previous"),
    Heading("baseline", "Baseline", 14, "answer"),
    Heading("baseline_year", "Baseline year", 10, "answer"),
    Heading("target", "Target", 14, "answer"),
    Heading("target_year", "Target year", 10, "answer"),
    Heading("basis", "How known", 14, "answer"),
    Heading("consent", "Use", 16, "answer"),
    Heading("comment", "Comment or evidence", 44, "answer"),
)
_HEADING = {heading.name: heading for heading in HEADINGS}
CONSENT_LABEL = _HEADING["consent"].label


@dataclass(frozen=True)
class Slot:
    """One answer cell of the blank workbook.

    ``key`` is ``QUESTION.field`` or ``TABLE.row.column``; ``item`` is what the cell takes, or
    None for a sibling (unit, currency, basis, consent).
    """

    key: str
    sheet: str
    row: int
    column: int
    field: str
    item: Field_ | None

    @property
    def cell(self) -> str:
        return f"{get_column_letter(self.column)}{self.row}"


@dataclass(frozen=True)
class QuestionSheet:
    """One section's single questions, a row each."""

    section: Section
    title: str
    header_row: int
    headings: tuple[Heading, ...]

    def column(self, name: str) -> int | None:
        """The place, from 1, of a heading; `currency` shares the column of the units."""
        wanted = "unit" if name == "currency" else name
        for place, heading in enumerate(self.headings, start=1):
            if heading.name == wanted:
                return place
        return None

    def row(self, question: Question) -> int:
        return self.header_row + 1 + self.section.questions.index(question)

    def slots(self, question: Question) -> Iterator[Slot]:
        """Yield the answer cells of one question, from left to right."""
        for name in answer_cells(question):
            place = self.column(name)
            assert place is not None
            item = None if name in SIBLINGS else question
            key = f"{question.code}.{name}"
            yield Slot(key, self.title, self.row(question), place, name, item)


@dataclass(frozen=True)
class TableSheet:
    """One table question, on a sheet of its own."""

    section: Section
    table: Table
    title: str
    header_row: int = TABLE_HEADER_ROW

    @property
    def columns(self) -> tuple[tuple[str, str, TableColumn | None], ...]:
        """Name, heading and kind of each column after the row number; consent is the last."""
        columns = [(c.name, c.label, c) for c in self.table.columns]
        consent = [("consent", CONSENT_LABEL, None)] if self.table.consent else []
        return (*columns, *consent)

    @property
    def last_row(self) -> int:
        return self.header_row + self.table.rows

    def slots(self) -> Iterator[Slot]:
        """Yield the answer cells, row by row."""
        for row in range(1, self.table.rows + 1):
            for place, (name, _, column) in enumerate(self.columns, start=2):
                key = f"{self.table.code}.{row}.{name}"
                yield Slot(key, self.title, self.header_row + row, place, name, column)


@dataclass(frozen=True)
class Layout:
    """All sheets of questions and tables, in the order of the framework."""

    sheets: tuple[QuestionSheet | TableSheet, ...]

    def slots(self) -> dict[str, Slot]:
        """All answer cells by key."""
        return {slot.key: slot for sheet in self.sheets for slot in _slots(sheet)}


def _slots(sheet: QuestionSheet | TableSheet) -> Iterator[Slot]:
    if isinstance(sheet, TableSheet):
        yield from sheet.slots()
    else:
        for question in sheet.section.questions:
            yield from sheet.slots(question)


def answer_cells(question: Question) -> tuple[str, ...]:
    """List the cells that a question takes, siblings included, from left to right."""
    fields = {name for name, _ in question.fields}
    if takes_unit(question):
        fields.add("unit")
    if question.kind == "money":
        fields.add("currency")
    fields |= {name for name in ("basis", "consent") if getattr(question, name)}
    order = [heading.name for heading in HEADINGS]
    order.insert(order.index("unit"), "currency")
    return tuple(name for name in order if name in fields)


def takes_unit(item: Field_) -> bool:
    """Tell whether the respondent chooses a unit: where more than one can be meant."""
    fixed = item.unit in (None, "count", "percent", "share")
    return item.kind == "number" and not fixed and len(accepted_units(str(item.unit))) > 1


def fixed_unit(item: Field_) -> str:
    """Spell the unit that stands beside an answer where none is chosen; empty for counts."""
    if item.unit is None or item.kind == "percent" or takes_unit(item):
        return ""
    return find_unit(item.unit).label


def plan_layout(framework: Framework) -> Layout:
    """Compute where every answer cell of the blank workbook stands."""
    sheets: list[QuestionSheet | TableSheet] = []
    number = 0
    for place, section in enumerate(framework.sections):
        cover = place == 0 and section.title == COVER
        if not cover:
            number += 1
        if section.questions:
            title = COVER if cover else f"{number} {section.title}"
            header = cover_header_row(section) if cover else QUESTION_HEADER_ROW
            sheets.append(QuestionSheet(section, _clean(title), header, _headings(section)))
        for letter, table in zip("abcdefgh", section.tables, strict=False):
            words = table.name.replace("_", " ").capitalize()
            sheets.append(TableSheet(section, table, _clean(f"{number}{letter} {words}")))
    return Layout(tuple(sheets))


def cover_paragraphs(section: Section) -> tuple[str, ...]:
    """The paragraphs of the first section's introduction, each a row of the cover."""
    return tuple(part.strip() for part in section.intro.split("\n") if part.strip())


def cover_header_row(section: Section) -> int:
    """The heading row of the cover's questions: below title, facts, introduction and steps."""
    return 13 + len(cover_paragraphs(section))


def _headings(section: Section) -> tuple[Heading, ...]:
    used = {name for question in section.questions for name in answer_cells(question)}
    if "currency" in used or any(fixed_unit(question) for question in section.questions):
        used.add("unit")
    if used & {"baseline", "target", "value_year"}:
        used.add("previous")
    always = ("code", "state", "text", "guidance")
    return tuple(h for h in HEADINGS if h.name in used or h.role in always)


def _clean(title: str) -> str:
    return "".join(c for c in title if c not in "[]:*?/\\'")[:31]


def list_codes_of(section: Section) -> list[str]:
    """The codes of a section's questions, then of its tables."""
    return [q.code for q in section.questions] + [t.code for t in section.tables]


def list_codes(framework: Framework) -> list[str]:
    """The codes of all questions and tables, in the order of the workbook."""
    return [code for section in framework.sections for code in list_codes_of(section)]


def defined_name(code: str, field: str) -> str:
    """Spell the defined name of an answer cell or table column: ``FIN_01.value``."""
    return f"{code.replace('-', '_')}.{field}"


def parse_defined_name(name: str) -> tuple[str, str] | None:
    """Read code and field back from a defined name; None if it is not one of ours."""
    code, dot, field = name.partition(".")
    return (code.replace("_", "-"), field) if dot and field else None
