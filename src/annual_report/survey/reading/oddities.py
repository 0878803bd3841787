"""What is odd about a workbook beyond its answers: hidden, merged, commented, disagreed upon."""

from __future__ import annotations

from collections.abc import Iterator

from openpyxl.utils.cell import range_boundaries

from annual_report.survey.findings.finding import Finding, Place, find
from annual_report.survey.form.addresses import column_letter, parse_address
from annual_report.survey.form.book import Book
from annual_report.survey.form.layout import ABOUT, CONTENTS, COVER, LISTS
from annual_report.survey.form.query_words import QUERIES, REPLY, strip_queries
from annual_report.survey.reading.answer import Answer
from annual_report.survey.reading.placing import Places

_OWN = (ABOUT, CONTENTS, COVER, LISTS, QUERIES)


def find_oddities(book: Book, answers: tuple[Answer, ...], places: Places) -> list[Finding]:
    """Find what a reader of the answers alone would not see."""
    answered = [a for a in answers if a.cell is not None]
    found = [*_find_disagreements(book, answered), *_find_hidden(book, answered)]
    found += [*_find_merged(book, answered), *_find_comments(book, answered)]
    found += _find_replies(book)
    used = places.used_sheets()
    for sheet in book.sheets:
        if sheet.cells and sheet.title not in used and sheet.title not in _OWN:
            found.append(find("sheet-unknown", found=sheet.title))
    if book.since_1904 and any(a.kind == "date" and a.meaning.given for a in answers):
        found.append(find("dates-since-1904"))
    return found


def _at(answer: Answer) -> tuple[str, int, int]:
    place = parse_address(answer.cell or "")
    assert place is not None
    return answer.sheet, *place


def _find_disagreements(book: Book, answers: list[Answer]) -> Iterator[Finding]:
    """Find cells on which two readers differ, or which only one can read as they stand."""
    differ = {place: _show(pair) for place, pair in book.differ.items()}
    nowhere: list[str] = []
    for sheet in book.sheets:
        for address, text in sheet.odd.items():
            place = parse_address(address)
            if place is None:
                nowhere.append(f"{sheet.title}!{address}")
            else:
                differ[sheet.title, *place] = f"{text} / nothing"
    for answer in answers if differ else ():
        found = differ.pop(_at(answer), None)
        # an answer that is not understood is asked about already
        if found is not None and answer.meaning.status != "invalid":
            yield find("readers-disagree", answer.place, found=found)
    nowhere += [f"{title}!{column_letter(column)}{row}" for title, row, column in differ]
    if nowhere:
        nowhere.sort()
        more = f" and {len(nowhere) - 5} more" if len(nowhere) > 5 else ""
        yield find("cells-not-compared", found=", ".join(nowhere[:5]) + more)
    for title, why in book.lost.items():
        yield find("sheet-not-compared", found=title, expected=why)


def _show(pair: tuple[str | None, str | None]) -> str:
    return " / ".join("nothing" if text is None else text for text in pair)


def _find_hidden(book: Book, answers: list[Answer]) -> Iterator[Finding]:
    told: set[str] = set()
    for answer in answers:
        sheet = book.sheet(answer.sheet)
        if sheet is None or not answer.meaning.given:
            continue
        _, row, column = _at(answer)
        where = None
        if sheet.hidden:
            where = f"the hidden sheet {sheet.title}"
        elif row in sheet.hidden_rows:
            where = f"the hidden row {row} of {sheet.title}"
        elif column in sheet.hidden_columns:
            where = f"a hidden column of {sheet.title}"
        if where is not None and where not in told:
            told.add(where)
            yield find("hidden-content", answer.place, found=where)


def _find_merged(book: Book, answers: list[Answer]) -> Iterator[Finding]:
    by_sheet: dict[str, dict[tuple[int, int], Answer]] = {}
    for answer in answers:
        _, row, column = _at(answer)
        by_sheet.setdefault(answer.sheet, {})[row, column] = answer
    for title, cells in by_sheet.items():
        sheet = book.sheet(title)
        for area in sheet.merged if sheet else ():
            left, top, right, bottom = _edges(area)
            inside = [
                answer
                for (row, column), answer in cells.items()
                if top <= row <= bottom and left <= column <= right
            ]
            if len(inside) > 1:
                yield find("merged-answer", inside[0].place, found=area)


def _edges(area: str) -> tuple[int, int, int, int]:
    try:
        left, top, right, bottom = (edge or 0 for edge in range_boundaries(area))
    except ValueError:  # a merge that is no area
        return 0, 0, 0, 0
    return left, top, right, bottom


def _find_comments(book: Book, answers: list[Answer]) -> Iterator[Finding]:
    for answer in answers:
        sheet = book.sheet(answer.sheet)
        _, row, column = _at(answer)
        text = strip_queries(sheet.comments.get((row, column), "")) if sheet else ""
        if text:
            yield find("cell-comment", answer.place, found=text)


def _find_replies(book: Book) -> Iterator[Finding]:
    """Find what was written beside the queries of a workbook that went back once."""
    sheet = book.sheet(QUERIES)
    if sheet is None:
        return
    heads = [(r, c) for (r, c), cell in sheet.cells.items() if cell.value == REPLY]
    for (row, column), cell in sheet.cells.items() if heads else ():
        if column == heads[0][1] and row > heads[0][0]:
            asked = sheet.cells.get((row, column - 3))
            code = asked.text.partition(",")[0] if asked else None
            yield find(
                "query-reply", Place(code, sheet=QUERIES, cell=cell.address), found=cell.text
            )
