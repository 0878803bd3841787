"""Write the workbook that goes out: a sheet a section, a sheet a table, a name a cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.formatting.rule import FormulaRule
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.table import Table as ExcelTable
from openpyxl.worksheet.table import TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from annual_report.edition import Cluster, Edition
from annual_report.errors import FrameworkError
from annual_report.framework.model import Field_, Framework, Question, TableColumn
from annual_report.survey import layout as plan
from annual_report.survey.cover import write_contents, write_cover
from annual_report.survey.layout import Layout, QuestionSheet, Slot, TableSheet, defined_name
from annual_report.survey.lists import collect_lists, level_label
from annual_report.survey.package import save_workbook
from annual_report.survey.style import (
    INK,
    NEEDED,
    PILLARS,
    Styles,
    fit_height,
    protect,
    set_up_print,
)
from annual_report.survey.validation import add_validation

TEMPLATE = "1"
_FORMATS = {
    "percent": "0.0%",
    "money": "#,##0",
    "number": "[>=1000]#,##0;[<=-1000]-#,##0;General",
    "year": "0",
    "date": "yyyy-mm-dd",
}


@dataclass(frozen=True)
class _Desk:
    """What every part of the writer needs."""

    workbook: Workbook
    framework: Framework
    edition: Edition
    cluster: Cluster
    styles: Styles
    answers: Mapping[str, object]
    previous: Mapping[str, object]

    def name(self, name: str, sheet: str, cells: str) -> None:
        target = f"{quote_sheetname(sheet)}!{cells}"
        self.workbook.defined_names[name] = DefinedName(name, attr_text=target)


def write_workbook(
    path: Path,
    *,
    framework: Framework,
    edition: Edition,
    cluster: Cluster,
    answers: Mapping[str, object] | None = None,
    previous: Mapping[str, object] | None = None,
) -> None:
    """Write the workbook of one cluster, whole or not at all, the same bytes for the same input.

    Parameters
    ----------
    path
        Where to; an ``.xlsx`` file.
    answers
        Values to fill in, by ``QUESTION.field`` or ``TABLE.row.column`` (rows from 1), siblings
        by ``FIN-01.unit``, ``FIN-01.currency``, ``FIN-01.basis``, ``FIN-01.consent`` and
        ``FIN-T1.3.consent``. Choices by code, levels as integers, percentages in percent points,
        dates as dates; a text where another kind is asked is written as typed.
    previous
        The last edition's answers by the same keys: they fill the baselines and targets to
        confirm and stand in grey beside the new values.

    Raises
    ------
    FrameworkError
        If an answer has a key that no cell of the workbook has.
    """
    layout = plan.plan_layout(framework)
    slots = layout.slots()
    filled = {
        f"{plan.CLUSTER_NAME}.value": cluster.name,
        **_confirmable(slots, previous or {}),
        **(answers or {}),
    }
    _check_keys(filled, slots)
    workbook = Workbook()
    desk = _Desk(workbook, framework, edition, cluster, Styles(workbook), filled, previous or {})
    _write_sheets(desk, layout)
    _describe(desk)
    save_workbook(workbook, path, day=edition.published)


def _confirmable(slots: Mapping[str, Slot], previous: Mapping[str, object]) -> dict[str, object]:
    """Last edition's baselines and targets, with the unit and currency that they are in."""
    goals = ("baseline", "baseline_year", "target", "target_year")
    kept = {
        key: value
        for key, value in previous.items()
        if key in slots and slots[key].field in goals and key.count(".") == 1
    }
    for code in {key.partition(".")[0] for key in kept}:
        for sibling in ("unit", "currency"):
            key = f"{code}.{sibling}"
            if key in slots and key in previous:
                kept[key] = previous[key]
    return kept


def _check_keys(answers: Mapping[str, object], slots: Mapping[str, Slot]) -> None:
    strange = sorted(set(answers) - set(slots))
    if strange:
        raise FrameworkError(
            "no cell of the workbook takes this answer",
            where=strange[0],
            expected="QUESTION.field or TABLE.row.column of the framework",
            do="correct the key, or ask for it in data/framework",
        )


def _write_sheets(desk: _Desk, layout: Layout) -> None:
    workbook = desk.workbook
    cover = workbook.active
    assert cover is not None
    cover.title = plan.COVER
    contents = workbook.create_sheet(plan.CONTENTS)
    for sheet in layout.sheets:
        if isinstance(sheet, TableSheet):
            _write_table(desk, sheet, workbook.create_sheet(sheet.title))
        else:
            on_cover = sheet.title == plan.COVER
            _write_questions(desk, sheet, cover if on_cover else workbook.create_sheet(sheet.title))
    _write_lists(desk, workbook.create_sheet(plan.LISTS))
    _write_about(desk, workbook.create_sheet(plan.ABOUT))
    write_cover(cover, desk.framework, desk.edition, desk.cluster, desk.styles)
    write_contents(contents, layout, desk.edition, desk.cluster, desk.styles)


def section_color(pillar: str | None) -> str:
    """The colour of a section's headings: its pillar's, ink for the others."""
    return PILLARS.get(pillar or "", INK)


def _write_head(
    desk: _Desk, sheet: Worksheet, *, title: str, color: str, width: int, texts: Iterable[str]
) -> None:
    style = desk.styles.title(color)
    for column in range(1, width + 1):
        sheet.cell(1, column).style = style
    sheet["A1"] = title
    sheet.row_dimensions[1].height = 30
    for row, text in enumerate(texts, start=2):
        sheet.cell(row, 1, text).style = desk.styles.plain()
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=min(width, 5))


def _write_questions(desk: _Desk, sheet: QuestionSheet, ws: Worksheet) -> None:
    color = section_color(sheet.section.pillar)
    if sheet.title != plan.COVER:
        _write_section_head(desk, sheet, ws, color)
    for place, heading in enumerate(sheet.headings, start=1):
        ws.column_dimensions[get_column_letter(place)].width = heading.width
        ws.cell(sheet.header_row, place, heading.label).style = desk.styles.header(color)
    ws.row_dimensions[sheet.header_row].height = 34
    for question in sheet.section.questions:
        _write_question(desk, sheet, ws, question)
    _mark_needed(desk, sheet, ws)
    if sheet.title != plan.COVER:
        ws.freeze_panes = ws.cell(sheet.header_row + 1, 4)
    set_up_print(ws, header_row=sheet.header_row, footer=_footer(desk))
    protect(ws)
    ws.sheet_properties.tabColor = color


def _write_section_head(desk: _Desk, sheet: QuestionSheet, ws: Worksheet, color: str) -> None:
    tables = [t.name.replace("_", " ") for t in sheet.section.tables]
    pointer = f" The tables ({', '.join(tables)}) are on the next sheets." if tables else ""
    first, last = sheet.header_row + 1, sheet.header_row + len(sheet.section.questions)
    _write_head(
        desk,
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
    ws["A3"].style = desk.styles.strong()


def _write_question(desk: _Desk, sheet: QuestionSheet, ws: Worksheet, question: Question) -> None:
    row, styles = sheet.row(question), desk.styles
    guidance = _guidance(question)
    for place, heading in enumerate(sheet.headings, start=1):
        cell = ws.cell(row, place)
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
            cell.value = plan.fixed_unit(question) or None
        elif heading.name == "previous":
            _write_previous(desk, cell, question)
    widths = {heading.name: heading.width for heading in sheet.headings}
    ws.row_dimensions[row].height = fit_height(
        [(question.text, widths["text"] * 0.94), (guidance, widths["guidance"])], least=30
    )
    for slot in sheet.slots(question):
        _write_slot(desk, ws, slot, question)
        cell = f"${get_column_letter(slot.column)}${slot.row}"
        desk.name(defined_name(question.code, slot.field), ws.title, cell)


def _guidance(question: Question) -> str:
    parts = [question.guidance]
    parts += [f"{s.level} – {s.label}: {s.meaning}" for s in question.rubric]
    parts.append(f"Example: {question.example}")
    return "\n".join(parts)


def _state_formula(sheet: QuestionSheet, question: Question) -> str:
    place = sheet.column("value")
    assert place is not None
    cell = f"{get_column_letter(place)}{sheet.row(question)}"
    empty = "needed" if question.required else "open"
    return f'=IF(LEN({cell})>0,"answered","{empty}")'


def _write_previous(desk: _Desk, cell: Cell, question: Question) -> None:
    value = desk.previous.get(f"{question.code}.value")
    if value is not None:
        cell.style = desk.styles.previous(_format(question, "value"))
        _put(cell, value, question, "value", desk.framework)


def _write_slot(desk: _Desk, ws: Worksheet, slot: Slot, item: Field_) -> None:
    cell = ws.cell(slot.row, slot.column)
    kind = _kind(item, slot.field)
    number = kind in ("number", "money", "percent", "year") and slot.item is not None
    shown = _format(item, slot.field) if slot.item else "General"
    cell.style = desk.styles.answer(shown, number=number)
    value = desk.answers.get(slot.key)
    if value is None and slot.field == "unit":
        value = item.unit
    if value is not None:
        _put(cell, value, item, slot.field, desk.framework)
    if isinstance(item, Question):
        add_validation(ws, slot.cell, item, slot.field, kind=kind, title=item.code)


def _kind(item: Field_, field: str) -> str:
    if field.endswith("_year") and isinstance(item, Question):
        return "year"
    if field == "comment" and isinstance(item, Question):
        return "text"
    return item.kind


def _format(item: Field_, field: str) -> str:
    kind = _kind(item, field)
    if kind == "number" and item.unit == "count":
        return "#,##0"
    if kind == "number" and item.unit == "jobs":
        return '#,##0" jobs"'
    return _FORMATS.get(kind, "General")


def _put(cell: Cell, value: object, item: Field_, field: str, framework: Framework) -> None:
    """Write one value as the respondent would have; a text never becomes a formula."""
    kind = "text" if field in plan.SIBLINGS and field not in _names(item) else _kind(item, field)
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


def _mark_needed(desk: _Desk, sheet: QuestionSheet, ws: Worksheet) -> None:
    place = sheet.column("value")
    assert place is not None
    column, first = get_column_letter(place), sheet.header_row + 1
    last = sheet.header_row + len(sheet.section.questions)
    fill = PatternFill("solid", bgColor=NEEDED)
    for cells in (f"{column}{first}:{column}{last}", f"B{first}:B{last}"):
        rule = FormulaRule(formula=[f'$B{first}="needed"'], fill=fill)
        ws.conditional_formatting.add(cells, rule)


def _write_table(desk: _Desk, sheet: TableSheet, ws: Worksheet) -> None:
    table, color = sheet.table, section_color(sheet.section.pillar)
    columns = sheet.columns
    last_letter = get_column_letter(len(columns) + 1)
    first = sheet.header_row + 1
    used = f"B{first}:B{sheet.last_row}"
    texts = (
        table.text,
        table.guidance,
        f"Example: {table.example}",
        f'=COUNTA({used})&" of {table.rows} rows used"',
        table.code,
    )
    _write_head(desk, ws, title=sheet.title, color=color, width=len(columns) + 1, texts=texts)
    for row in (2, 3, 4):
        ws.row_dimensions[row].height = fit_height([(texts[row - 2], 95)])
    ws["A5"].style, ws["A6"].style = desk.styles.strong(), desk.styles.muted()
    _write_table_header(desk, sheet, ws, color)
    for row in range(first, sheet.last_row + 1):
        ws.cell(row, 1, row - sheet.header_row).style = desk.styles.guidance()
    for slot in sheet.slots():
        item = slot.item or table.columns[0]
        _write_slot(desk, ws, slot, item)
    for place, (name, label, column) in enumerate(columns, start=2):
        letter = get_column_letter(place)
        cells = f"{letter}{first}:{letter}{sheet.last_row}"
        absolute = f"${letter}${first}:${letter}${sheet.last_row}"
        desk.name(defined_name(table.code, name), ws.title, absolute)
        item = column or table.columns[0]
        kind = column.kind if column else "choice"
        add_validation(ws, cells, item, name, kind=kind, title=label)
    excel = ExcelTable(
        displayName=f"{table.code.replace('-', '_')}_rows",
        ref=f"A{sheet.header_row}:{last_letter}{sheet.last_row}",
    )
    excel.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
    ws.add_table(excel)
    ws.freeze_panes = ws.cell(first, 3)
    set_up_print(ws, header_row=sheet.header_row, footer=_footer(desk))
    protect(ws)
    ws.sheet_properties.tabColor = color


def _write_table_header(desk: _Desk, sheet: TableSheet, ws: Worksheet, color: str) -> None:
    style, row = desk.styles.header(color), sheet.header_row
    ws.cell(row, 1, "Row").style = style
    ws.column_dimensions["A"].width = 9
    height = 30.0
    for place, (_, label, column) in enumerate(sheet.columns, start=2):
        ws.cell(row, place, label).style = style
        width = max(column.width if column else 16, 12)
        ws.column_dimensions[get_column_letter(place)].width = width
        height = max(height, fit_height([(label, width * 0.8)]))
    ws.row_dimensions[row].height = height


def _write_lists(desk: _Desk, ws: Worksheet) -> None:
    for place, (name, entries) in enumerate(collect_lists(desk.framework).items(), start=1):
        letter = get_column_letter(place)
        ws.cell(1, place, name)
        for row, entry in enumerate(entries, start=2):
            ws.cell(row, place, entry).data_type = "s"
        desk.name(f"list_{name}", ws.title, f"${letter}$2:${letter}${len(entries) + 1}")
    ws.sheet_state = "hidden"
    ws.protection.sheet = True


def about(framework: Framework, edition: Edition, cluster: Cluster) -> dict[str, str]:
    """What a return carries so that its reader knows whose it is."""
    return {
        "edition": edition.edition,
        "cluster": cluster.id,
        "framework": framework.version,
        "template": TEMPLATE,
    }


def _write_about(desk: _Desk, ws: Worksheet) -> None:
    facts = about(desk.framework, desk.edition, desk.cluster)
    for row, (name, value) in enumerate(facts.items(), start=1):
        ws.cell(row, 1, name)
        ws.cell(row, 2, value).data_type = "s"
    ws.sheet_state = "hidden"
    ws.protection.sheet = True


def _describe(desk: _Desk) -> None:
    workbook, edition, cluster = desk.workbook, desk.edition, desk.cluster
    moment = dt.datetime.combine(edition.published, dt.time())
    about_it = workbook.properties
    about_it.title = f"{edition.title}: survey for {cluster.name}"
    about_it.subject = desk.framework.title
    about_it.description = (
        f"Survey workbook of {cluster.name} for the edition {edition.edition}. One sheet a "
        "section, one row a question; white cells take answers."
    )
    about_it.creator = about_it.lastModifiedBy = edition.publisher
    about_it.language = edition.locale
    about_it.created = about_it.modified = moment
    for name, value in about(desk.framework, edition, cluster).items():
        workbook.custom_doc_props.append(StringProperty(name=f"survey_{name}", value=value))
    workbook.security = WorkbookProtection(lockStructure=True)
    workbook.calculation.fullCalcOnLoad = True


def _footer(desk: _Desk) -> str:
    return f"{desk.edition.title} · {desk.cluster.name}"
