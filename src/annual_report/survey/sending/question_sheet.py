"""The sheet of one section: a row a question, with guidance, rubric and answer cells."""

from __future__ import annotations

from openpyxl.cell.cell import Cell
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from annual_report.framework.model import Question
from annual_report.framework.questions import NUMERIC
from annual_report.survey.form.layout import (
    COVER,
    QuestionSheet,
    defined_name,
    fixed_unit,
    takes_unit,
)
from annual_report.survey.form.style import NEEDED, fit_height, protect, set_up_print
from annual_report.survey.sending.draft import (
    Draft,
    cell_at,
    number_format,
    put_value,
    section_color,
    write_head,
    write_slot,
)
from annual_report.survey.sending.prefill import Prefill


def write_questions(draft: Draft, sheet: QuestionSheet, ws: Worksheet) -> None:
    """Write the questions of a section; on the cover, below what stands there."""
    color = section_color(sheet.section.pillar)
    if sheet.title != COVER:
        _write_section_head(draft, sheet, ws, color)
    for place, heading in enumerate(sheet.headings, start=1):
        ws.column_dimensions[get_column_letter(place)].width = heading.width
        ws.cell(sheet.header_row, place, heading.label).style = draft.styles.header(color)
    ws.row_dimensions[sheet.header_row].height = 34
    for question in sheet.section.questions:
        _write_question(draft, sheet, ws, question)
    _mark_needed(draft, sheet, ws)
    if sheet.title != COVER:
        ws.freeze_panes = f"D{sheet.header_row + 1}"
    set_up_print(ws, header_row=sheet.header_row, footer=draft.footer)
    protect(ws)
    ws.sheet_properties.tabColor = color


def _write_section_head(draft: Draft, sheet: QuestionSheet, ws: Worksheet, color: str) -> None:
    tables = [t.name.replace("_", " ") for t in sheet.section.tables]
    pointer = f" The tables ({', '.join(tables)}) are on the next sheets." if tables else ""
    first, last = sheet.header_row + 1, sheet.header_row + len(sheet.section.questions)
    write_head(
        draft,
        ws,
        title=sheet.title,
        color=color,
        width=len(sheet.headings),
        texts=(
            sheet.section.intro + pointer,
            f'=COUNTIF(B{first}:B{last},"answered")&" of {last - first + 1} answered"',
        ),
    )
    ws.row_dimensions[2].height = fit_height([(sheet.section.intro + pointer, 130)])
    ws["A3"].style = draft.styles.strong()


def _write_question(draft: Draft, sheet: QuestionSheet, ws: Worksheet, question: Question) -> None:
    row, styles = sheet.row(question), draft.styles
    prefill = draft.prefills.get(question.code)
    guidance = _guidance(question, prefill)
    for place, heading in enumerate(sheet.headings, start=1):
        cell = cell_at(ws, row, place)
        cell.style = styles.guidance() if heading.role == "guidance" else styles.question()
        if heading.name == "code":
            cell.value = question.code
        elif heading.name == "text":
            cell.value, cell.style = question.text, styles.question(bold=True)
        elif heading.name == "guidance":
            cell.value = guidance
        elif heading.name == "state":
            cell.value = _state_formula(sheet, question)
        elif heading.name == "unit":
            cell.value = fixed_unit(question) or None
        elif heading.name == "previous":
            _write_last(draft, cell, question, prefill)
    widths = {heading.name: heading.width for heading in sheet.headings}
    ws.row_dimensions[row].height = fit_height(
        [(question.text, widths["text"] * 0.94), (guidance, widths["guidance"])], least=30
    )
    for slot in sheet.slots(question):
        write_slot(draft, ws, slot, question)
        address = f"${get_column_letter(slot.column)}${slot.row}"
        draft.name(defined_name(question.code, slot.field), ws.title, address)


def _guidance(question: Question, prefill: Prefill | None) -> str:
    parts = [question.guidance]
    parts += [f"{s.level} – {s.label}: {s.meaning}" for s in question.rubric]
    parts.append(f"Example: {question.example}")
    parts += prefill.notes if prefill else ()
    return "\n".join(parts)


def _state_formula(sheet: QuestionSheet, question: Question) -> str:
    place = sheet.column("value")
    assert place is not None
    cell = f"{get_column_letter(place)}{sheet.row(question)}"
    empty = "needed" if question.required else "open"
    return f'=IF(LEN({cell})>0,"answered","{empty}")'


def _write_last(draft: Draft, cell: Cell, question: Question, prefill: Prefill | None) -> None:
    """Write the last value with its own unit: what stands beside it may be chosen anew."""
    last = prefill.last if prefill else None
    if last is None:
        return
    shown = number_format(question, "value")
    if takes_unit(question) or question.kind == "money":
        shown = ";".join(f'{part}" {last.beside}"' for part in shown.split(";"))
    number = question.kind in NUMERIC and question.kind != "level"
    cell.style = draft.styles.previous(shown, number=number)
    put_value(cell, last.value, question, "value", draft.framework)


def _mark_needed(draft: Draft, sheet: QuestionSheet, ws: Worksheet) -> None:
    place = sheet.column("value")
    assert place is not None
    column, first = get_column_letter(place), sheet.header_row + 1
    last = sheet.header_row + len(sheet.section.questions)
    fill = PatternFill("solid", bgColor=NEEDED)
    for cells in (f"{column}{first}:{column}{last}", f"B{first}:B{last}"):
        rule = FormulaRule(formula=[f'$B{first}="needed"'], fill=fill)
        ws.conditional_formatting.add(cells, rule)
