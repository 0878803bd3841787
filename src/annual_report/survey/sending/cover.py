"""The first two sheets: what to do, in one screen, and how far one has come."""

from __future__ import annotations

import re

from openpyxl.utils import quote_sheetname
from openpyxl.worksheet.worksheet import Worksheet

from annual_report.edition import Cluster, Edition
from annual_report.framework.model import Framework
from annual_report.survey.form.layout import (
    CONTENTS,
    Layout,
    QuestionSheet,
    TableSheet,
    cover_header_row,
    cover_paragraphs,
)
from annual_report.survey.form.style import INK, Styles, fit_height, link_to, protect, set_up_print

_FILL_IN = (
    "White cells are yours, grey ones explain. Work in any order. Column B of each sheet says "
    "needed, open or answered; the sheet Contents adds them up."
)
_CONFIRM = (
    "Baselines and targets of the last edition are filled in: correct what changed. The last "
    "value stands in grey beside the new one."
)
_SEND = "Sign off below and send this file back, under any name and from any program."
_STEPS = (("Fill in", _FILL_IN), ("Confirm", _CONFIRM), ("Send", _SEND))


def write_cover(
    ws: Worksheet, framework: Framework, edition: Edition, cluster: Cluster, styles: Styles
) -> None:
    """Write title, cluster and what to do above the first questions."""
    for column in range(1, max(ws.max_column, 6) + 1):
        ws.cell(1, column).style = styles.title(INK)
    ws["A1"] = framework.title
    ws.row_dimensions[1].height = 34
    facts = (
        ("Cluster", cluster.name),
        ("Edition", f"{edition.title} ({edition.edition})"),
        ("Questions to", framework.contact),
    )
    for row, (label, value) in enumerate(facts, start=2):
        _write_pair(ws, row, label, value, styles)
    start = framework.sections[0]
    parts = cover_paragraphs(start)
    labels = ("Answering", "Consent", "Basis", *[""] * len(parts))
    row = 6
    for label, text in (*zip(labels, parts, strict=False), *_STEPS):
        _write_pair(ws, row, label, text, styles)
        row += 1
    progress = cover_header_row(start) - 2
    _write_pair(ws, progress, "Progress", f"={quote_sheetname(CONTENTS)}!C4", styles)
    link = ws.cell(progress, 4, "Go to the contents")
    link.style = styles.link()
    link_to(link, CONTENTS, "A1")
    ws.sheet_properties.tabColor = INK
    protect(ws)


def _write_pair(ws: Worksheet, row: int, label: str, text: str, styles: Styles) -> None:
    ws.cell(row, 1, label).style = styles.strong()
    ws.merge_cells(start_row=row, end_row=row, start_column=1, end_column=2)
    cell = ws.cell(row, 3, text)
    cell.style = styles.plain()
    if not text.startswith("='"):
        cell.data_type = "s"
        ws.merge_cells(start_row=row, end_row=row, start_column=3, end_column=6)
        ws.row_dimensions[row].height = fit_height([(text, 140)], least=16)


def write_contents(
    ws: Worksheet, layout: Layout, edition: Edition, cluster: Cluster, styles: Styles
) -> None:
    """Write one line a sheet, with a link and a formula that counts what is answered."""
    for column, width in zip("ABCDE", (30, 70, 24, 16, 26), strict=True):
        ws.column_dimensions[column].width = width
        ws[f"{column}1"].style = styles.title(INK)
    ws["A1"] = "Contents and progress"
    ws.row_dimensions[1].height = 30
    for place, label in enumerate(("Sheet", "What it asks", "Progress", "Still needed", "Bar"), 1):
        ws.cell(3, place, label).style = styles.header(INK)
    first = 5
    sections = [s for s in layout.sheets if isinstance(s, QuestionSheet)]
    for row, sheet in enumerate(layout.sheets, start=first):
        _write_line(ws, row, sheet, styles)
    counts = [_count(sheet, "answered") for sheet in sections]
    asked = sum(len(sheet.section.questions) for sheet in sections)
    ws["A4"], ws["B4"] = "All questions", "tables are counted by their rows below"
    ws["C4"] = f'={"+".join(counts)}&" of {asked} answered"' if asked else "0 of 0 answered"
    ws["D4"] = "=" + "+".join(_count(sheet, "needed") for sheet in sections) if asked else 0
    ws["E4"] = _bar(f"({'+'.join(counts)})/{asked}") if asked else ""
    for column in "ABCDE":
        ws[f"{column}4"].style = styles.strong()
    ws.freeze_panes = "A5"
    set_up_print(ws, header_row=3, footer=f"{edition.title} · {cluster.name}")
    protect(ws)
    ws.sheet_properties.tabColor = INK


def _write_line(ws: Worksheet, row: int, sheet: QuestionSheet | TableSheet, styles: Styles) -> None:
    cell = ws.cell(row, 1, sheet.title)
    link_to(cell, sheet.title, "A1")
    cell.style = styles.link()
    if isinstance(sheet, TableSheet):
        first = f"{quote_sheetname(sheet.title)}!B{sheet.header_row + 1}:B{sheet.last_row}"
        texts = (sheet.table.text, f'=COUNTA({first})&" rows"', "", "")
    else:
        asked, count = len(sheet.section.questions), _count(sheet, "answered")
        progress = f'={count}&" of {asked} answered"'
        needed = f"={_count(sheet, 'needed')}"
        texts = (_first_sentence(sheet.section.intro), progress, needed, _bar(f"{count}/{asked}"))
    for place, text in enumerate(texts, start=2):
        ws.cell(row, place, text or None).style = styles.plain()
    ws.row_dimensions[row].height = fit_height([(texts[0], 70)])


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=[.!?])\s", text.strip(), maxsplit=1)[0]


def _count(sheet: QuestionSheet, state: str) -> str:
    first, last = sheet.header_row + 1, sheet.header_row + len(sheet.section.questions)
    return f'COUNTIF({quote_sheetname(sheet.title)}!$B${first}:$B${last},"{state}")'


def _bar(share: str) -> str:
    return f'=REPT("█",ROUND(16*{share},0))&REPT("░",16-ROUND(16*{share},0))'
