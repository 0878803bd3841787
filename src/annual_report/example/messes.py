"""What real returns look like: cells that no blank workbook foresees.

A text typed where a number is asked goes through the writer; what follows here does not: an error
cell, a formula that no program has computed, rows that moved and a sheet that was renamed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from annual_report.edition import Edition
from annual_report.survey.form.layout import Layout, QuestionSheet
from annual_report.survey.form.package import save_workbook

_ERROR = re.compile(r"#(REF!|N/A|DIV/0!|VALUE!|NAME\?)")


def is_artefact(value: object) -> bool:
    """Whether a value is a formula or an error, which the writer takes for plain text."""
    return isinstance(value, str) and (value.startswith("=") or bool(_ERROR.fullmatch(value)))


def insert_artefacts(
    path: Path, artefacts: Mapping[str, object], *, layout: Layout, edition: Edition
) -> None:
    """Put formulas without a stored value and error cells into a written workbook."""
    workbook = load_workbook(path)
    slots = layout.slots()
    for key, value in artefacts.items():
        slot = slots[key]
        cell = workbook[slot.sheet][slot.cell]
        cell.value = value
        cell.data_type = "f" if str(value).startswith("=") else "e"
    save_workbook(workbook, path, day=edition.published)


def rearrange(
    path: Path, *, section: str, title: str, down: int, layout: Layout, edition: Edition
) -> None:
    """Rename the sheet of a section and move its rows down, as spreadsheets programs do.

    Names follow their cells; lists, comments and formulas of other sheets follow the title.
    """
    plan = next(
        s for s in layout.sheets if isinstance(s, QuestionSheet) and s.section.code == section
    )
    workbook = load_workbook(path)
    _move_rows(workbook[plan.title], plan.header_row, down)
    workbook[plan.title].title = title
    for name in workbook.defined_names.values():
        name.attr_text = _follow(name.attr_text or "", plan.title, title, down)
    for sheet in workbook:
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            if cell.data_type == "f" and isinstance(cell.value, str):
                cell.value = _follow(cell.value, plan.title, title, down)
            if cell.hyperlink is not None and cell.hyperlink.location:
                cell.hyperlink.location = cell.hyperlink.location.replace(plan.title, title)
    save_workbook(workbook, path, day=edition.published)


def _move_rows(sheet: Worksheet, header_row: int, down: int) -> None:
    heights = {
        row: sheet.row_dimensions[row].height for row in range(header_row, sheet.max_row + 1)
    }
    last = sheet.cell(sheet.max_row, sheet.max_column).coordinate
    sheet.move_range(f"A{header_row}:{last}", rows=down, translate=True)
    for row, height in heights.items():
        sheet.row_dimensions[row + down].height = height
    for cell in (cell for row in sheet.iter_rows(max_row=header_row - 1) for cell in row):
        if cell.data_type == "f" and isinstance(cell.value, str):
            cell.value = _shift(cell.value, down)
    sheet.data_validations.dataValidation = []
    sheet.conditional_formatting = type(sheet.conditional_formatting)()


def _follow(formula: str, old: str, new: str, down: int) -> str:
    """Let what points into the sheet follow its title and its rows."""
    return re.sub(
        rf"'{re.escape(old)}'!([$A-Z0-9:]+)",
        lambda found: f"'{new}'!{_shift(found[1], down)}",
        formula,
    )


def _shift(reference: str, down: int) -> str:
    return re.sub(
        r"(?<![A-Z0-9])(\$?[A-Z]{1,3}\$?)(\d+)", lambda f: f"{f[1]}{int(f[2]) + down}", reference
    )
