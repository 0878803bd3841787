"""Exhibits as calls of the Typst template. Texts travel as string literals, never as markup."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from annual_report.exhibits.look.characters import break_long_words, clean_text, isolate
from annual_report.exhibits.look.letters import lift_words
from annual_report.exhibits.look.tokens import MARK_SYMBOLS, PILLARS
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
    Span,
    Table,
    TableColumn,
    Tile,
    Tiles,
)
from annual_report.exhibits.rendering.wording import explain_marks, explain_queried, write_basis

Literal = str | bool | int | float | None | Sequence["Literal"] | Mapping[str, "Literal"]

_STRING = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def render_typst(exhibit: Exhibit) -> str:
    """Render one exhibit as a call of the template's function for its kind."""
    match exhibit:
        case Heading():
            return _call("exhibit-heading", exhibit.level, _text(exhibit.text), exhibit.id)
        case Prose():
            paragraphs = [[_run(run) for run in runs] for runs in exhibit.paragraphs]
            prose = _call("prose", paragraphs, role=exhibit.role, bullets=exhibit.bullets)
            return prose + _note(explain_queried(exhibit))
        case Tiles():
            tiles = [_tile(tile) for tile in exhibit.tiles]
            shown = _call("tiles", tiles, style=exhibit.style, id=exhibit.id)
            return shown + _note(explain_queried(exhibit))
        case Table():
            frame = _frame(exhibit)
            return _call("exhibit-table", _grid(exhibit.grid), frame)
        case Figure():
            svg, words = lift_words(exhibit.svg)
            letters = [asdict(word) for word in words]
            frame = _frame(exhibit)
            return _call("exhibit-figure", svg, _text(exhibit.alt), frame, letters=letters)
        case Cases():
            return _call("cases", [_case(case) for case in exhibit.cases])
        case Quotes():
            return _call("quotes", [_quote(quote) for quote in exhibit.quotes])


def render_numbers(figures: Sequence[tuple[str, Figure]]) -> str:
    """Render the numbers behind the drawings, each under its exhibit's name and title."""
    items = [
        {"name": _text(name), "title": _text(f.title), "id": f.id, "grid": _grid(f.grid)}
        for name, f in figures
    ]
    return _call("numbers", items)


def write_literal(value: Literal) -> str:
    """Write a value as Typst code.

    >>> write_literal({"a": ["#b", 1, None]})
    '("a": ("#b", 1, none,),)'
    """
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value.translate(_STRING)}"'
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, Mapping):
        pairs = (f"{write_literal(k)}: {write_literal(v)}" for k, v in value.items())
        return f"({', '.join(pairs)},)" if value else "(:)"
    return f"({', '.join(write_literal(item) for item in value)},)" if value else "()"


def _call(function: str, *arguments: Literal, **options: Literal) -> str:
    words = [write_literal(argument) for argument in arguments]
    words += [f"{name}: {write_literal(value)}" for name, value in options.items()]
    return f"#{function}({', '.join(words)})"


def _note(note: str) -> str:
    if not note:
        return ""
    return "\n" + _call("prose", [[{"text": _text(note)}]], role="note", bullets=False)


def _text(text: str) -> str:
    return isolate(break_long_words(clean_text(text)))


def _run(run: Run) -> Literal:
    if isinstance(run, Span):
        style = {"strong": run.strong, "muted": run.muted, "link": run.link}
        return {"text": _text(run.text), **{k: v for k, v in style.items() if v}}
    return {"text": _number(run)}


def _number(number: Number) -> str:
    if number.mark and not number.text:
        return MARK_SYMBOLS[number.mark]
    return _text(number.text)


def _tile(tile: Tile) -> Literal:
    return {
        "value": _number(tile.number),
        "unit": _text(tile.unit),
        "label": _text(tile.label),
        "facts": [_text(text) for text in (tile.basis, tile.change) if text],
    }


def _frame(exhibit: Table | Figure) -> Literal:
    """Say what stands around a table or figure: title, unit, source, notes."""
    is_table = isinstance(exhibit, Table)
    marks = explain_marks(exhibit.grid) if is_table else explain_queried(exhibit)
    notes = [*exhibit.notes, marks]
    return {
        "id": exhibit.id,
        "title": _text(exhibit.title),
        "unit": _text(exhibit.unit),
        "source": _text(" ".join(filter(None, (exhibit.source, write_basis(exhibit))))),
        "notes": [_text(note) for note in notes if note],
        "pillar": _pillar(exhibit.pillar),
    }


def _pillar(pillar: str | None) -> str | None:
    known = (pillar or "").lower()
    return known if known in PILLARS else None


def _grid(grid: Grid) -> Literal:
    return {
        "columns": [_column(column) for column in grid.columns],
        "rows": [[_cell(cell) for cell in row] for row in grid.rows],
        "totals": grid.total_rows,
        "groups": list(grid.groups),
    }


def _column(column: TableColumn) -> Literal:
    return {
        "label": _text(column.label),
        "unit": _text(column.unit),
        "align": column.align,
        "width": column.width,
    }


def _cell(cell: Cell) -> str:
    return _number(cell) if isinstance(cell, Number) else _text(cell)


def _case(case: Case) -> Literal:
    steps = (
        ("Problem", case.problem),
        ("Action", case.action),
        ("Result", case.result),
        ("Evidence", case.evidence),
    )
    return {
        "kicker": _text(" · ".join(filter(None, (case.pillar.upper(), case.cluster)))),
        "pillar": _pillar(case.pillar),
        "title": _text(case.title),
        "steps": [[name, _text(text)] for name, text in steps if text],
        "source": _text(case.source),
    }


def _quote(quote: Quote) -> Literal:
    return {
        "text": _text(quote.text),
        "speaker": _text(", ".join(filter(None, (quote.role, quote.cluster)))),
        "source": _text(quote.source),
    }
