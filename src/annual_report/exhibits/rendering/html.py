"""Exhibits as HTML, for JupyterLab and for the report. Every text is escaped on its way in."""

from __future__ import annotations

import re
from functools import cache
from html import escape
from itertools import pairwise
from pathlib import Path

from annual_report.exhibits.look.characters import clean_text
from annual_report.exhibits.look.tokens import (
    ADDED_FAMILY,
    FAMILIES,
    MARK_MEANINGS,
    MARK_SYMBOLS,
    PILLARS,
    TOKENS,
)
from annual_report.exhibits.model import (
    Case,
    Cases,
    Cell,
    Exhibit,
    Figure,
    Grid,
    Heading,
    Number,
    Prose,
    Quote,
    Quotes,
    Run,
    Runs,
    Table,
    TableColumn,
    Tile,
    Tiles,
)
from annual_report.exhibits.rendering.wording import explain_marks, explain_queried, write_basis

_SVG_ID = re.compile(r'(\bid="|url\(#|href="#)')
_SAFE_LINK = re.compile(r"#[\w.-]+|https://\S+")
_SHORT, _LONG = 17, 48
"""Characters of a cell that is not to be broken, and of one that needs a wide column."""


def render_html(exhibit: Exhibit, *, number: int | None = None, page: bool = False) -> str:
    """Render one exhibit.

    Parameters
    ----------
    number
        Its number in the report, if it has one.
    page
        For a page of the report, whose style sheet is there already and whose title is the only
        first-level heading. Otherwise the exhibit brings its own style, as JupyterLab needs it.
    """
    body = _render(exhibit, number, page)
    if page:
        return body
    return f'<style>{read_style()}</style><div class="ar ar-alone">{body}</div>'


@cache
def read_style() -> str:
    """Read the style sheet of exhibits, in front of it the tokens as CSS variables.

    What begins in a script that runs from right to left is set from right to left.
    """
    rules = (Path(__file__).parent / "exhibit.css").read_text(encoding="utf-8")
    faces = ",".join(f'"{family}"' for family in (*FAMILIES, ADDED_FAMILY))
    return f".ar{{{list_variables(dark=False)}--faces:{faces}}}\n{rules}"


def list_variables(*, dark: bool) -> str:
    """List the colours as CSS variables."""
    return "".join(f"--{t.name}:{t.dark if dark else t.light};" for t in TOKENS)


def _render(exhibit: Exhibit, number: int | None, page: bool) -> str:
    match exhibit:
        case Heading():
            level = exhibit.level + page
            return f'<h{level} id="{_text(exhibit.id)}">{_text(exhibit.text)}</h{level}>'
        case Prose():
            return _render_prose(exhibit) + _render_note(explain_queried(exhibit))
        case Tiles():
            tiles = "".join(_render_tile(tile) for tile in exhibit.tiles)
            shown = f'<dl class="tiles {exhibit.style}" id="{_text(exhibit.id)}">{tiles}</dl>'
            return shown + _render_note(explain_queried(exhibit))
        case Table():
            return _render_exhibit(exhibit, number, _render_grid(exhibit.grid, exhibit.title))
        case Figure():
            return _render_exhibit(exhibit, number, _render_drawing(exhibit))
        case Cases():
            return f'<div class="cases">{"".join(map(_render_case, exhibit.cases))}</div>'
        case Quotes():
            return f'<div class="quotes">{"".join(map(_render_quote, exhibit.quotes))}</div>'


def _render_note(note: str) -> str:
    return f'<div class="prose note"><p>{_text(note)}</p></div>' if note else ""


def _text(text: str) -> str:
    return escape(clean_text(text))


def _render_runs(runs: Runs) -> str:
    return "".join(_render_run(run) for run in runs)


def _render_run(run: Run) -> str:
    if isinstance(run, Number):
        return _render_number(run)
    body = _text(run.text)
    if run.strong:
        body = f"<strong>{body}</strong>"
    if run.muted:
        body = f'<span class="muted">{body}</span>'
    if run.link and _SAFE_LINK.fullmatch(run.link):
        body = f'<a href="{escape(run.link)}">{body}</a>'
    return body


def _render_number(number: Number) -> str:
    """Render a number; where its way back is known, one that tells it.

    Not a button element, which would not break over two lines.
    """
    if number.mark and not number.text:
        meaning = MARK_MEANINGS[number.mark]
        symbol = MARK_SYMBOLS[number.mark]
        body = f'<span class="mark" role="img" aria-label="{meaning}">{symbol}</span>'
    else:
        body = _text(number.text)
    told = [clean_text(line) for line in number.source.splitlines() if line.strip()]
    if number.id:
        told.append(f"id: {number.id}")
    if not told:
        return body
    title = "&#10;".join(escape(line) for line in told)
    return f'<span class="num" role="button" tabindex="0" title="{title}">{body}</span>'


def _render_prose(prose: Prose) -> str:
    paragraphs = [_render_runs(runs) for runs in prose.paragraphs]
    if prose.bullets:
        body = "<ul>" + "".join(f"<li>{p}</li>" for p in paragraphs) + "</ul>"
    else:
        body = "".join(f"<p>{p}</p>" for p in paragraphs)
    return f'<div class="prose {prose.role}">{body}</div>'


def _render_tile(tile: Tile) -> str:
    unit = f' <span class="unit">{_text(tile.unit)}</span>' if tile.unit else ""
    facts = "".join(f'<dd class="fact">{_text(t)}</dd>' for t in (tile.basis, tile.change) if t)
    value = f'<dd class="value"><b>{_render_number(tile.number)}</b>{unit}</dd>'
    return f'<div class="tile"><dt>{_text(tile.label)}</dt>{value}{facts}</div>'


def _render_exhibit(exhibit: Table | Figure, number: int | None, body: str) -> str:
    """Frame a table or figure with its number, title, unit, source and notes."""
    kind = f"exhibit {exhibit.kind}"
    if isinstance(exhibit, Figure) and exhibit.half:
        kind += " half"
    elif isinstance(exhibit, Table) and exhibit.sortable:
        kind += " sortable"
    label = f'<span class="no">Exhibit {number}</span> ' if number else ""
    unit = f'<span class="unit">{_text(exhibit.unit)}</span>' if exhibit.unit else ""
    source = _text(" ".join(filter(None, (exhibit.source, write_basis(exhibit)))))
    notes = "".join(
        f'<p class="note">{_text(note)}</p>'
        for note in (*exhibit.notes, explain_marks(exhibit.grid))
        if note
    )
    return (
        f'<figure class="{kind}" id="{_text(exhibit.id)}"{_pillar(exhibit.pillar)}>'
        f'<figcaption>{label}<span class="title">{_text(exhibit.title)}</span>{unit}</figcaption>'
        f'{body}<p class="source">{source}</p>{notes}</figure>'
    )


def _pillar(pillar: str | None) -> str:
    known = (pillar or "").lower()
    return f' data-pillar="{known}"' if known in PILLARS else ""


def _render_drawing(figure: Figure) -> str:
    svg = _label_svg(figure.svg, figure.alt, mark=figure.id)
    drawn = f'<div class="drawing">{svg}</div>'
    if figure.narrow:  # the page's width says which of the two is shown
        narrow = _label_svg(figure.narrow, figure.alt, mark=f"{figure.id}-narrow")
        drawn = f'<div class="drawing wide">{svg}</div><div class="drawing narrow">{narrow}</div>'
    table = _render_grid(figure.grid, f"{figure.title}: the numbers")
    return f'{drawn}<details class="data"><summary>Table</summary>{table}</details>'


def _label_svg(svg: str, alt: str, *, mark: str) -> str:
    """Give a drawing its words, and ids that no other drawing on the page has."""
    svg = _SVG_ID.sub(rf"\g<1>{mark}-", svg)
    return svg.replace("<svg ", f'<svg role="img" aria-label="{_text(alt)}" ', 1)


def _render_grid(grid: Grid, title: str) -> str:
    head = "".join(_render_head(column) for column in grid.columns)
    rows = [_render_row(row, grid.columns) for row in grid.rows]
    for place in grid.groups:
        rows[place] = rows[place].replace('scope="row"', 'scope="rowgroup"', 1)
    cut = len(rows) - grid.total_rows
    ends = sorted({0, *grid.groups, cut})
    parts = ["".join(rows[start:end]) for start, end in pairwise(ends)] or [""]
    body = "".join(f"<tbody>{part}</tbody>" for part in parts)
    foot = f"<tfoot>{''.join(rows[cut:])}</tfoot>" if grid.total_rows else ""
    return (
        f'<div class="scroll"><table><caption>{_text(title)}</caption>'
        f"<thead><tr>{head}</tr></thead>{body}{foot}</table></div>"
    )


def _render_head(column: TableColumn) -> str:
    """Render the head of a column; one without a label has its name, for a screen reader."""
    unit = f' <span class="unit">{_text(column.unit)}</span>' if column.unit else ""
    label = _text(column.label)
    if not label:
        label = f'<span class="sr">{_text(column.name.replace("_", " "))}</span>'
    return f'<th scope="col"{_align(column)}>{label}{unit}</th>'


def _align(column: TableColumn) -> str:
    return "" if column.align == "left" else f' class="{column.align}"'


def _render_row(row: tuple[Cell, ...], columns: tuple[TableColumn, ...]) -> str:
    first, *others = zip(row, columns, strict=True)
    cells = "".join(_render_cell(cell, column) for cell, column in others)
    name = _content(first[0])
    style = _style(*first)
    if "short" in style and " " in name:  # names of two words may take two lines; a code may not
        style = ""
    attributes = f"{style}{_value(first[0])}"
    # A head that says nothing is none
    head = f'<th scope="row"{attributes}>{name}</th>' if name else f"<td{attributes}></td>"
    return f"<tr>{head}{cells}</tr>"


def _render_cell(cell: Cell, column: TableColumn) -> str:
    return f"<td{_style(cell, column)}{_value(cell)}>{_content(cell)}</td>"


def _style(cell: Cell, column: TableColumn) -> str:
    size = len(cell.text if isinstance(cell, Number) else cell)
    if column.align != "left" or not size:
        return _align(column)
    if size <= _SHORT:
        return ' class="short"'  # a verdict, the codes of two questions
    return ' class="long"' if size > _LONG else ""


def _content(cell: Cell) -> str:
    return _render_number(cell) if isinstance(cell, Number) else _text(cell)


def _value(cell: Cell) -> str:
    """Carry the exact value, to sort by and to download."""
    if isinstance(cell, Number) and cell.value is not None:
        return f' data-v="{cell.value!r}"'
    return ""


def _render_case(case: Case) -> str:
    steps = "".join(
        f"<dt>{name}</dt><dd>{_text(text)}</dd>"
        for name, text in (
            ("Problem", case.problem),
            ("Action", case.action),
            ("Result", case.result),
            ("Evidence", case.evidence),
        )
        if text
    )
    where = f" · {_text(case.cluster)}" if case.cluster else ""
    source = f'<p class="source">{_text(case.source)}</p>' if case.source else ""
    return (
        f'<div class="case"{_pillar(case.pillar)}><p class="kicker">'
        f"{_text(case.pillar.capitalize())}{where}</p>"
        f'<p class="title">{_text(case.title)}</p><dl>{steps}</dl>{source}</div>'
    )


def _render_quote(quote: Quote) -> str:
    speaker = ", ".join(_text(part) for part in (quote.role, quote.cluster) if part)
    source = f' <span class="source">{_text(quote.source)}</span>' if quote.source else ""
    return (
        f'<figure class="quote"><blockquote><p>“{_text(quote.text)}”</p></blockquote>'
        f"<figcaption>{speaker}{source}</figcaption></figure>"
    )
