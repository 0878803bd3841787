"""What every part of the workbook's writer needs: styles, names, and how a value is put."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.utils import quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from annual_report.edition import Cluster, Edition
from annual_report.framework.model import Field_, Framework, Question, TableColumn
from annual_report.survey.form.layout import SIBLINGS, Slot
from annual_report.survey.form.lists import level_label
from annual_report.survey.form.style import INK, PILLARS, Styles
from annual_report.survey.sending.prefill import Prefill
from annual_report.survey.sending.validation import add_validation

_FORMATS = {
    "percent": "0.0%",
    "money": "#,##0",
    "number": "[>=1000]#,##0;[<=-1000]-#,##0;General",
    "year": "0",
    "date": "yyyy-mm-dd",
}


@dataclass(frozen=True)
class Draft:
    """One workbook being written, and what is written into it; ``prefills`` by question."""

    workbook: Workbook
    framework: Framework
    edition: Edition
    cluster: Cluster
    styles: Styles
    answers: Mapping[str, object]
    prefills: Mapping[str, Prefill]

    @property
    def footer(self) -> str:
        return f"{self.edition.title} · {self.cluster.name}"

    def name(self, name: str, sheet: str, cells: str) -> None:
        """Give cells a defined name."""
        target = f"{quote_sheetname(sheet)}!{cells}"
        self.workbook.defined_names[name] = DefinedName(name, attr_text=target)


def section_color(pillar: str | None) -> str:
    """The colour of a section's headings: its pillar's, ink for the others."""
    return PILLARS.get(pillar or "", INK)


def cell_at(ws: Worksheet, row: int, column: int) -> Cell:
    """The cell at a place that is not merged into another."""
    cell = ws.cell(row, column)
    assert isinstance(cell, Cell)
    return cell


def write_head(
    draft: Draft, sheet: Worksheet, *, title: str, color: str, width: int, texts: Iterable[str]
) -> None:
    """Write the title band and the texts below it, a row each."""
    style = draft.styles.title(color)
    for column in range(1, width + 1):
        sheet.cell(1, column).style = style
    sheet["A1"] = title
    sheet.row_dimensions[1].height = 30
    for row, text in enumerate(texts, start=2):
        sheet.cell(row, 1, text).style = draft.styles.plain()
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=min(width, 5))


def write_slot(draft: Draft, ws: Worksheet, slot: Slot, item: Field_) -> None:
    """Write one answer cell: style, value if there is one, list or range."""
    cell = cell_at(ws, slot.row, slot.column)
    kind = kind_of(item, slot.field)
    number = kind in ("number", "money", "percent", "year") and slot.item is not None
    shown = number_format(item, slot.field) if slot.item else "General"
    cell.style = draft.styles.answer(shown, number=number)
    value = draft.answers.get(slot.key)
    if value is None and slot.field == "unit":
        value = item.unit
    if value is not None:
        put_value(cell, value, item, slot.field, draft.framework)
    if isinstance(item, Question):
        add_validation(ws, slot.cell, item, slot.field, kind=kind, title=item.code)


def kind_of(item: Field_, field: str) -> str:
    """The kind of one cell of a question or table."""
    if field.endswith("_year") and isinstance(item, Question):
        return "year"
    if field == "comment" and isinstance(item, Question):
        return "text"
    return item.kind


def number_format(item: Field_, field: str) -> str:
    """The number format of one cell, with the unit where it never changes."""
    kind = kind_of(item, field)
    if kind == "number" and item.unit == "count":
        return "#,##0"
    if kind == "number" and item.unit == "jobs":
        return '#,##0" jobs"'
    return _FORMATS.get(kind, "General")


def put_value(cell: Cell, value: object, item: Field_, field: str, framework: Framework) -> None:
    """Write one value as the respondent would have; a text never becomes a formula."""
    kind = "text" if field in SIBLINGS and field not in _names(item) else kind_of(item, field)
    if isinstance(value, str):
        choices = item.choices if kind == "choice" else "currencies" if field == "currency" else ""
        labels = {c.code: c.label for c in framework.choices.get(choices or "", ())}
        cell.value = labels.get(value, ILLEGAL_CHARACTERS_RE.sub("", value))
        cell.data_type = "s"
    elif kind == "yes_no":
        cell.value = "Yes" if value else "No"
    elif kind == "level" and isinstance(item, Question) and isinstance(value, int):
        cell.value = level_label(item, value)
    elif kind == "percent" and isinstance(value, (int, float)):
        # the cell's own format is a percentage: 12 % is stored as 0.12
        cell.value = value / 100
    else:
        assert isinstance(value, (int, float, dt.date))
        shown = cell.number_format
        cell.value = value
        cell.number_format = shown


def _names(item: Field_) -> tuple[str, ...]:
    """Siblings belong to single questions; a table's own column may be named like one."""
    return (item.name,) if isinstance(item, TableColumn) else ()
