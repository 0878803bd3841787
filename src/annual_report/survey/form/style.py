"""How the workbook looks: a few named styles in the report's colours and a safe typeface."""

from __future__ import annotations

import math
from collections.abc import Iterable

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.utils import quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

TYPEFACE = "Arial"
INK, MUTED, RULE, PAPER, WHITE = "14212B", "5B6B77", "D5DCE1", "F4F6F7", "FFFFFF"
NEEDED = "FBE9D3"
PILLARS = {
    "partnerships": "2B5C9E",
    "policy": "7B4B94",
    "finance": "A8590F",
    "technology": "137A63",
}
LINE_HEIGHT = 12.4

_EDGE = Side("thin", color="8A97A1")
_RULED = Border(bottom=Side("thin", color=RULE))
_BOXED = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)
# an indent counts only where the side is said
_TOP = Alignment(wrap_text=True, vertical="top", horizontal="left", indent=1)
_ANSWER = Alignment(wrap_text=True, vertical="top", horizontal="left", indent=1)
# a number cannot wrap, and its unit makes it long
_SHRUNK = Alignment(shrink_to_fit=True, vertical="top", horizontal="left", indent=1)
_NUMBER = Alignment(vertical="top", horizontal="right", indent=1)


def _font(*, size: float = 9.5, color: str = INK, bold: bool = False, italic: bool = False) -> Font:
    return Font(name=TYPEFACE, size=size, color=color, bold=bold, italic=italic)


def _fill(color: str) -> PatternFill:
    return PatternFill("solid", fgColor=color)


class Styles:
    """The named styles of one workbook, made when first asked for."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._known = set(workbook.named_styles)
        # the style of every cell that has none; openpyxl offers no other way to it
        normal = workbook._named_styles["Normal"]  # type: ignore[attr-defined]  # noqa: SLF001
        normal.font = _font()

    def title(self, color: str) -> str:
        return self._add(
            f"Title {color}",
            font=_font(size=16, color=WHITE, bold=True),
            fill=_fill(color),
            alignment=Alignment(vertical="center", horizontal="left", indent=1),
        )

    def header(self, color: str) -> str:
        return self._add(
            f"Header {color}",
            font=_font(size=9, color=WHITE, bold=True),
            fill=_fill(color),
            alignment=Alignment(wrap_text=True, vertical="center", horizontal="left", indent=1),
        )

    def plain(self) -> str:
        return self._add("Text", font=_font(), alignment=_TOP)

    def lead(self) -> str:
        return self._add("Lead", font=_font(size=11), alignment=_TOP)

    def strong(self) -> str:
        return self._add("Strong", font=_font(bold=True), alignment=_TOP)

    def muted(self) -> str:
        return self._add("Muted", font=_font(size=9, color=MUTED), alignment=_TOP)

    def link(self) -> str:
        return self._add(
            "Link", font=_font(color=PILLARS["partnerships"], bold=True), alignment=_TOP
        )

    def place(self) -> str:
        return self._add(
            "Place",
            font=_font(color=PILLARS["partnerships"], bold=True),
            fill=_fill(PAPER),
            border=_RULED,
            alignment=_TOP,
        )

    def question(self, *, bold: bool = False) -> str:
        return self._add(
            "Question bold" if bold else "Question",
            font=_font(bold=bold),
            fill=_fill(PAPER),
            border=_RULED,
            alignment=_TOP,
        )

    def guidance(self) -> str:
        return self._add(
            "Guidance",
            font=_font(size=9, color=MUTED),
            fill=_fill(PAPER),
            border=_RULED,
            alignment=_TOP,
        )

    def previous(self, number_format: str, *, number: bool) -> str:
        return self._add(
            f"Last edition {number_format} {'number' if number else 'text'}",
            font=_font(color=MUTED, italic=True),
            fill=_fill(PAPER),
            border=_RULED,
            alignment=_SHRUNK if number else _TOP,
            number_format=number_format,
        )

    def answer(self, number_format: str, *, number: bool) -> str:
        return self._add(
            f"Answer {number_format} {'right' if number else 'left'}",
            font=_font(size=10),
            fill=_fill(WHITE),
            border=_BOXED,
            alignment=_NUMBER if number else _ANSWER,
            number_format=number_format,
            protection=Protection(locked=False),
        )

    def _add(self, name: str, **parts: object) -> str:
        if name not in self._known:
            self._known.add(name)
            self._workbook.add_named_style(NamedStyle(name=name, **parts))  # type: ignore[arg-type]
        return name


def fit_height(texts: Iterable[tuple[str, float]], *, least: float = 18.0) -> float:
    """Estimate the height of a row from its texts and the widths of their columns."""
    lines = max((count_lines(text, width) for text, width in texts), default=1)
    return max(least, lines * LINE_HEIGHT + 6)


def count_lines(text: str, width: float) -> int:
    """Estimate how many lines a text takes in a column so many characters wide."""
    per_line = max(1.0, (width - 2) * 1.2)
    return sum(max(1, math.ceil(len(part) / per_line)) for part in text.split("\n"))


def set_up_print(sheet: Worksheet, *, header_row: int | None, footer: str) -> None:
    """Print landscape, one page wide, header row on every page, page numbers in the foot."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = "9"  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    margins = sheet.page_margins
    margins.left = margins.right = 0.4
    margins.top, margins.bottom = 0.5, 0.6
    if header_row is not None:
        sheet.print_title_rows = f"{header_row}:{header_row}"
    foot = sheet.oddFooter
    assert foot is not None
    for part, text in (
        (foot.left, footer.replace("&", "&&")),
        (foot.right, "&A · page &P of &N"),
    ):
        assert part is not None
        part.text, part.size, part.font = text, 8, TYPEFACE


def link_to(cell: Cell | MergedCell, sheet: str, address: str) -> None:
    """Link a cell to a place of the same workbook."""
    assert isinstance(cell, Cell)
    cell.hyperlink = Hyperlink(ref="", location=f"{quote_sheetname(sheet)}!{address}")


def protect(sheet: Worksheet) -> None:
    """Lock what is not an answer, without a password: against slips, not against people."""
    sheet.protection.sheet = True
    for allowed in ("formatColumns", "formatRows", "formatCells", "sort", "autoFilter"):
        setattr(sheet.protection, allowed, False)
    sheet.sheet_view.showGridLines = False
