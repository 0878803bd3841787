"""The sheet of one table question: typed columns and room for many rows."""

from __future__ import annotations

from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import Table as ExcelTable
from openpyxl.worksheet.table import TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from annual_report.survey.form.layout import TableSheet, defined_name
from annual_report.survey.form.style import NEEDED, fit_height, protect, set_up_print
from annual_report.survey.sending.draft import Draft, section_color, write_head, write_slot
from annual_report.survey.sending.validation import add_validation


def write_table(draft: Draft, sheet: TableSheet, ws: Worksheet) -> None:
    """Write the sheet of a table."""
    table, color = sheet.table, section_color(sheet.section.pillar)
    columns = sheet.columns
    first = sheet.header_row + 1
    used = f"B{first}:B{sheet.last_row}"
    texts = (
        table.text,
        table.guidance,
        f"Example: {table.example}",
        f'=COUNTA({used})&" of {table.rows} rows used; * needed in every row"',
        table.code,
    )
    write_head(draft, ws, title=sheet.title, color=color, width=len(columns) + 1, texts=texts)
    for row in (2, 3, 4):
        ws.row_dimensions[row].height = fit_height([(texts[row - 2], 95)])
    ws["A5"].style, ws["A6"].style = draft.styles.strong(), draft.styles.muted()
    _write_table_header(draft, sheet, ws, color)
    for row in range(first, sheet.last_row + 1):
        ws.cell(row, 1, row - sheet.header_row).style = draft.styles.guidance()
    for slot in sheet.slots():
        item = slot.item or table.columns[0]
        write_slot(draft, ws, slot, item)
    _name_columns(draft, sheet, ws)
    _mark_needed(sheet, ws)
    _add_excel_table(sheet, ws)
    ws.freeze_panes = f"C{first}"
    set_up_print(ws, header_row=sheet.header_row, footer=draft.footer)
    protect(ws)
    ws.sheet_properties.tabColor = color


def _name_columns(draft: Draft, sheet: TableSheet, ws: Worksheet) -> None:
    table, first = sheet.table, sheet.header_row + 1
    for place, (name, label, column) in enumerate(sheet.columns, start=2):
        letter = get_column_letter(place)
        cells = f"{letter}{first}:{letter}{sheet.last_row}"
        absolute = f"${letter}${first}:${letter}${sheet.last_row}"
        draft.name(defined_name(table.code, name), ws.title, absolute)
        item = column or table.columns[0]
        kind = column.kind if column else "choice"
        add_validation(ws, cells, item, name, kind=kind, title=label)


def _mark_needed(sheet: TableSheet, ws: Worksheet) -> None:
    """Fill what a row that has been begun still needs; the headings have a star for it."""
    first, last = sheet.header_row + 1, get_column_letter(len(sheet.table.columns) + 1)
    fill = PatternFill("solid", bgColor=NEEDED)
    for place, (_, _, column) in enumerate(sheet.columns, start=2):
        if column is not None and column.required:
            letter = get_column_letter(place)
            formula = f"AND(COUNTA($B{first}:${last}{first})>0,LEN({letter}{first})=0)"
            cells = f"{letter}{first}:{letter}{sheet.last_row}"
            ws.conditional_formatting.add(cells, FormulaRule(formula=[formula], fill=fill))


def _add_excel_table(sheet: TableSheet, ws: Worksheet) -> None:
    last_letter = get_column_letter(len(sheet.columns) + 1)
    excel = ExcelTable(
        displayName=f"{sheet.table.code.replace('-', '_')}_rows",
        ref=f"A{sheet.header_row}:{last_letter}{sheet.last_row}",
    )
    excel.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
    ws.add_table(excel)


def _write_table_header(draft: Draft, sheet: TableSheet, ws: Worksheet, color: str) -> None:
    style, row = draft.styles.header(color), sheet.header_row
    ws.cell(row, 1, "Row").style = style
    ws.column_dimensions["A"].width = 9
    height = 30.0
    for place, (_, label, column) in enumerate(sheet.columns, start=2):
        needed = column is not None and column.required
        ws.cell(row, place, f"{label} *" if needed else label).style = style
        width = max(column.width if column else 16, 12)
        ws.column_dimensions[get_column_letter(place)].width = width
        height = max(height, fit_height([(label, width * 0.8)]))
    ws.row_dimensions[row].height = height
