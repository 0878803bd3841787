"""Run docs/gallery.ipynb over the example edition, and write docs/gallery.md and its pictures.

Run from anywhere: ``.venv/bin/python scripts/draw_gallery.py``, once the edition is built; or
``make docs-pictures``, which builds it where it is not. The page has the notebook's texts and code,
and below each cell what it shows: an exhibit as the PDF sets it, a sentence as a quotation, a
refusal as its message. The same notebook and edition give the same bytes.
"""

from __future__ import annotations

import ast
import io
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import typst
from matplotlib.image import imread, imsave

from annual_report.errors import AnnualReportError
from annual_report.exhibits.look.tokens import FONTS
from annual_report.exhibits.model import Figure, Prose, Table, Tiles
from annual_report.exhibits.rendering.typst import render_typst
from annual_report.publishing import pdf
from annual_report.publishing.document import Document

DOCS = Path(__file__).parents[1] / "docs"
NOTEBOOK, PAGE, PICTURES = DOCS / "gallery.ipynb", DOCS / "gallery.md", DOCS / "pictures"
DOTS = 144
"""Dots to the inch: a figure of full width is about as wide as GitHub's column."""
MARGIN = 24
"""Ground around an exhibit, in dots."""
PLAIN = """
#set page(header: none, footer: none)
#set figure(supplement: [Exhibit], numbering: _ => [])
"""
"""An exhibit that stands alone has no number."""
REFUSED = "raises-exception"
"""The tag of a cell that is refused, as Jupyter has it."""

Pictured = Figure | Table | Tiles


@dataclass(frozen=True)
class Cell:
    """A cell of the notebook; ``shown`` is its value, or the error that it ended in."""

    id: str
    source: str
    is_code: bool
    shown: Any = None


def run_cells(path: Path, **parameters: object) -> list[Cell]:
    """Run a notebook in this process; ``parameters`` stand in for those of its own."""
    names: dict[str, Any] = {}
    cells = []
    for cell in nbformat.read(path, as_version=4)["cells"]:
        tags, is_code = cell["metadata"].get("tags", ()), cell["cell_type"] == "code"
        try:
            shown = run_cell(cell["source"], names, cell["id"]) if is_code else None
        except AnnualReportError as error:
            if REFUSED not in tags:
                raise
            shown = error
        names |= parameters if "parameters" in tags else {}
        cells.append(Cell(cell["id"], cell["source"], is_code, shown))
    return cells


def run_cell(source: str, names: dict[str, Any], where: str) -> Any:
    """Run a cell as a kernel does; give the value of its last line."""
    tree = ast.parse(source)
    last = tree.body[-1] if tree.body else None
    if not isinstance(last, ast.Expr):
        return exec(compile(tree, where, "exec"), names)  # noqa: S102  our own notebook
    exec(compile(ast.Module(tree.body[:-1], []), where, "exec"), names)  # noqa: S102
    return eval(compile(ast.Expression(last.value), where, "eval"), names)  # noqa: S307


def write_page(cells: list[Cell]) -> str:
    """Write the cells as one page of Markdown, with links to the pictures."""
    return "\n\n".join(part for cell in cells for part in _write_cell(cell)) + "\n"


def _write_cell(cell: Cell) -> Iterator[str]:
    yield f"```python\n{cell.source}\n```" if cell.is_code else cell.source
    match cell.shown:
        case Prose(paragraphs=paragraphs):
            yield "\n>\n".join(f"> {''.join(run.text for run in runs)}" for runs in paragraphs)
        case Figure() | Table() | Tiles() as exhibit:
            yield f"![{_describe(exhibit)}](pictures/{name_picture(exhibit)})"
        case AnnualReportError() as error:
            yield f"> {error}"


def _describe(exhibit: Pictured) -> str:
    """What a picture shows, in a few words; its numbers stand in it."""
    if isinstance(exhibit, Tiles):
        return "Tiles: " + ", ".join(tile.label for tile in exhibit.tiles)
    return exhibit.alt.partition(". ")[0] if isinstance(exhibit, Figure) else exhibit.title


def list_pictured(cells: list[Cell]) -> list[Pictured]:
    """The exhibits that have a picture, in their order."""
    return [cell.shown for cell in cells if isinstance(cell.shown, Pictured)]


def name_picture(exhibit: Pictured) -> str:
    """The file of an exhibit, by its id."""
    return f"gallery-{exhibit.id}.png"


def draw_picture(exhibit: Pictured) -> bytes:
    """Set an exhibit as the PDF does, and cut the page to it: a PNG file."""
    front = pdf._write_front(Document("Gallery", (), cover=False, contents=False), ())  # noqa: SLF001
    half = isinstance(exhibit, Figure) and exhibit.half
    body = f"#lone[{render_typst(exhibit)}]" if half else render_typst(exhibit)
    with tempfile.TemporaryDirectory() as folder:
        main = Path(folder) / "main.typ"
        main.write_text(f"{front}\n{PLAIN}\n{body}", encoding="utf-8")
        fonts = typst.Fonts(include_system_fonts=False, font_paths=[FONTS])
        page = typst.compile(main, root=Path(folder), font_paths=fonts, format="png", ppi=DOTS)
    return _cut(page)


def _cut(page: bytes) -> bytes:
    """Cut a page to what is on it."""
    dots = imread(io.BytesIO(page))
    rows, columns = np.nonzero(np.any(dots[..., :3] < 1, axis=2))
    top, left = (max(0, int(found.min()) - MARGIN) for found in (rows, columns))
    bottom, right = (int(found.max()) + MARGIN for found in (rows, columns))
    stream = io.BytesIO()
    cut = np.ascontiguousarray(dots[top:bottom, left:right, :3])
    imsave(stream, cut, format="png", pil_kwargs={"optimize": True})
    return stream.getvalue()


def main() -> int:
    """Write the page and its pictures, and take away those that no cell shows any more."""
    os.chdir(DOCS)  # where a notebook runs, and finds its project
    try:
        cells = run_cells(NOTEBOOK)
    except AnnualReportError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    drawn = {name_picture(exhibit): draw_picture(exhibit) for exhibit in list_pictured(cells)}
    for old in PICTURES.glob("gallery-*"):
        old.unlink()
    for name, picture in drawn.items():
        (PICTURES / name).write_bytes(picture)
    PAGE.write_text(write_page(cells), encoding="utf-8")
    print(f"wrote {PAGE.name} and {len(drawn)} pictures of it")
    return 0


if __name__ == "__main__":
    sys.exit(main())
