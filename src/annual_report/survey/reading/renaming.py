"""Returns on an older questionnaire: codes that changed since are read under their new names.

``data/framework/renamed.yaml`` says what became of each code; nothing is matched by position. The
edition before is always measured by the questionnaire of today, so indicators need no list of
their own: one that changed its code is computed under the new one for both years.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from annual_report.framework.model import Framework, Renamed
from annual_report.survey.form.book import Area, Book, Cell, Sheet

WILDCARD = ""


def rename_codes(book: Book, framework: Framework) -> Book:
    """Give the codes of a book the names that this framework knows them by.

    A book that does not say its version is taken to be of this one. What was dropped since keeps
    its old code, which no question has, and so is not read.
    """
    renames = [r for r in framework.renamed if _is_older(book.about.get("framework"), r.version)]
    if not renames:
        return book
    names: dict[tuple[str, str], tuple[Area, ...]] = {}
    for (code, field), areas in book.names.items():
        key = rename_key(code, field, renames)
        names[key] = (*names.get(key, ()), *areas)
    sheets = tuple(_rename_sheet(sheet, renames) for sheet in book.sheets)
    return replace(book, names=names, sheets=sheets)


def rename_key(code: str, field: str, renames: list[Renamed]) -> tuple[str, str]:
    """Follow the renames, oldest first, of a question or of one column of a table.

    Examples
    --------
    >>> moved = [Renamed(version="2.0", code="FIN-01", to="FIN-09", reason="moved"),
    ...          Renamed(version="2.0", code="FIN-T1.sum", to="FIN-T1.amount", reason="clearer")]
    >>> rename_key("FIN-01", "value", moved), rename_key("FIN-T1", "sum", moved)
    (('FIN-09', 'value'), ('FIN-T1', 'amount'))
    """
    for rename in renames:
        old, _, column = rename.code.partition(".")
        if rename.to is None or code != old or column not in (WILDCARD, field):
            continue
        code, _, renamed = rename.to.partition(".")
        field = renamed or field
    return code, field


def _rename_sheet(sheet: Sheet, renames: list[Renamed]) -> Sheet:
    cells: Mapping[tuple[int, int], Cell] = {
        place: replace(cell, value=rename_key(cell.value.strip(), WILDCARD, renames)[0])
        if isinstance(cell.value, str) and _is_code(cell.value, renames)
        else cell
        for place, cell in sheet.cells.items()
    }
    return replace(sheet, cells=cells)


def _is_code(text: str, renames: list[Renamed]) -> bool:
    return any(text.strip() == rename.code for rename in renames)


def _is_older(version: str | None, than: str) -> bool:
    return version is not None and _parse(version) < _parse(than)


def _parse(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
