"""What stands together on paper, wherever a page happens to end."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import pikepdf
import pypdfium2
import pytest

from annual_report.exhibits.look.canvas import new_figure, to_svg
from annual_report.exhibits.model import Figure, Grid, Heading, Prose, Span, Table, TableColumn
from annual_report.publishing.blocks import Block, Chapter, Fragment
from annual_report.publishing.document import Document
from annual_report.publishing.pdf import render_pdf

FILLS = range(5, 62, 3)
"""Lines in front of what must stay together: a page holds about fifty."""


def read_pages(blocks: Sequence[Block], **options: Any) -> list[str]:
    """What stands on each page, without its running head and foot."""
    document = Document("Title", (Chapter("Chapter", "c", tuple(blocks)),), cover=False, **options)
    with pypdfium2.PdfDocument(render_pdf(document)) as book:
        return [page.get_textpage().get_text_range() for page in book]


def fill(lines: int) -> Prose:
    return Prose(paragraphs=tuple((Span(text=f"Filler {n}."),) for n in range(lines)))


def make_grid(rows: int) -> Grid:
    columns = (TableColumn(name="a", label="First head"), TableColumn(name="b", label="Last head"))
    return Grid(
        columns=columns, rows=tuple((f"row {n} begins", f"row {n} ends") for n in range(rows))
    )


def make_figure(drawing: str, **changes: Any) -> Figure:
    given = {"id": "f", "title": "A title of the figure", "source": "A source.", "svg": drawing,
             "grid": make_grid(1), "alt": "What the picture shows, in words"}  # fmt: skip
    return Figure.model_validate(given | changes)


def make_table(rows: int) -> Table:
    return Table(id="t", title="A title of the table", source="A source.", grid=make_grid(rows))


def find_page(pages: Sequence[str], words: str) -> int:
    (place,) = (n for n, page in enumerate(pages) if words in page)
    return place


INTRODUCTIONS: dict[str, tuple[Block, ...]] = {
    "of an author": (Fragment("## A heading\n\nWhat the exhibit is about."),),
    "computed": (
        Heading(level=2, text="A heading", id="h"),
        Prose(paragraphs=((Span(text="What the exhibit is about."),),)),
    ),
}


@pytest.mark.parametrize("introduction", INTRODUCTIONS.values(), ids=INTRODUCTIONS)
@pytest.mark.parametrize("kind", ["figure", "pair", "table", "tall table"])
def test_heading_and_introduction_stay_with_their_exhibit(
    drawing: str, kind: str, introduction: tuple[Block, ...]
) -> None:
    halves = (make_figure(drawing, half=True),
              make_figure(drawing, half=True, id="g", title="Another title"))  # fmt: skip
    exhibits: dict[str, tuple[Block, ...]] = {
        "figure": (make_figure(drawing),), "pair": halves,
        "table": (make_table(8),), "tall table": (make_table(40),),
    }  # fmt: skip
    places = set()
    for lines in FILLS:
        pages = read_pages((fill(lines), *introduction, *exhibits[kind]), contents=False)
        place = find_page(pages, "What the exhibit is about.")
        assert find_page(pages, "A heading") == place
        assert find_page(pages, "A title of the") == place
        if "table" in kind:
            assert "row 0 ends" in pages[place]
        places.add(place)
    assert {0, 1} <= places  # the end of a page was tried


@pytest.mark.parametrize("rows", [8, 14])
def test_a_short_table_is_not_broken(rows: int) -> None:
    for lines in FILLS:
        pages = read_pages((fill(lines), make_table(rows)), contents=False)
        assert find_page(pages, "row 0 begins") == find_page(pages, f"row {rows - 1} ends")


def test_a_long_table_repeats_its_head_and_breaks_no_row() -> None:
    pages = read_pages((make_table(120),), contents=False)
    assert len(pages) > 2
    for page in pages:
        assert page.index("First head") < page.index("begins")
    for row in range(120):
        assert find_page(pages, f"row {row} begins") == find_page(pages, f"row {row} ends")


@pytest.mark.parametrize("level", [2, 3])
def test_no_heading_is_the_last_line_of_a_page(level: int) -> None:
    heading = Heading(level=level, text="A heading", id="h")
    above = (Heading(level=2, text="One above", id="i"),) if level == 3 else ()
    text = Prose(paragraphs=((Span(text="The text below it. " * 20),),))
    for lines in FILLS:
        pages = read_pages((fill(lines), *above, heading, text), contents=False)
        page = pages[find_page(pages, "A heading")]
        assert "The text below it." in page[page.index("A heading") :]


def test_contents_list_chapters_profiles_and_exhibits_with_their_pages(drawing: str) -> None:
    chapters = (
        Chapter("First", "a", (make_figure(drawing, id="one", title="A first title"),)),
        Chapter("A port", "p", (make_figure(drawing, id="two", title="Of a port"),), "profile"),
        Chapter("Last", "z", (make_table(3),)),
    )
    with pypdfium2.PdfDocument(render_pdf(Document("T", chapters))) as book:
        pages = [page.get_textpage().get_text_range() for page in book]
    contents = next(page for page in pages if "Contents" in page)
    for title in ("First", "A port", "Last", "A first title", "A title of the table"):
        (line,) = (row for row in contents.splitlines() if title in row and ". . ." in row)
        number = int(line.split()[-1])
        assert title in pages[number - 1]
    assert "Of a port" not in contents  # the exhibits of a profile are found through it


def test_each_line_of_the_contents_is_a_link_to_its_page(drawing: str) -> None:
    chapters = (Chapter("First", "a", (make_figure(drawing),)), Chapter("Last", "z", (fill(2),)))
    with pikepdf.open(io.BytesIO(render_pdf(Document("T", chapters)))) as book:
        flat = list(book.Root.Names.Dests.Names)
        named = {str(name): place for name, place in zip(flat[::2], flat[1::2], strict=True)}
        found = []
        for note in book.pages[1].Annots:
            place = note.get("/Dest") or note.A.D
            place = named[str(place)] if isinstance(place, pikepdf.String) else place
            found.append(pikepdf.Page(place[0]).index)
    assert found == [2, 3, 4, 2]  # two chapters, the numbers behind the figure, the figure


@pytest.fixture(scope="module")
def footnoted() -> list[str]:
    text = "Words with a note.[^1]\n\n[^1]: The note at the foot."
    return read_pages((Fragment(text), fill(60)), contents=False)


def test_a_footnote_stands_at_the_foot_of_its_page(footnoted: list[str]) -> None:
    first = footnoted[0]
    assert first.index("Words with a note") < first.index("Filler 3.") < first.index("The note at")


@pytest.mark.parametrize("paper", ["a4", "us-letter"])
def test_the_tallest_drawing_leaves_room_for_its_introduction(paper: Any) -> None:
    with new_figure(height=235) as figure:  # the tallest that an exhibit may have
        figure.text(0.5, 0.5, "drawn")
        tall = make_figure(to_svg(figure))
    pages = read_pages((fill(3), *INTRODUCTIONS["of an author"], tall), contents=False, paper=paper)
    place = find_page(pages, "What the exhibit is about.")
    assert find_page(pages, "A heading") == place
    assert "A source." in pages[place]
    assert pages[place].index("drawn") > 0


def test_a_drawing_shrinks_a_little_where_that_fills_a_page() -> None:
    with new_figure(height=110) as figure:
        figure.text(0.5, 0.5, "H", fontsize=20)
        drawing = make_figure(to_svg(figure))
    seen: dict[int, set[float]] = {0: set(), 1: set()}
    for lines in range(8, 26):
        blocks = (fill(lines), *INTRODUCTIONS["of an author"], drawing, fill(2))
        document = Document("T", (Chapter("C", "c", blocks),), cover=False, contents=False)
        with pypdfium2.PdfDocument(render_pdf(document)) as book:
            for place, page in enumerate(book):
                text = page.get_textpage()
                letter = text.search("H", match_case=True, match_whole_word=True).get_next()
                if letter is not None:
                    _, bottom, _, top = text.get_charbox(letter[0])
                    seen[place].add(round(top - bottom, 2))
    whole = max(seen[1])
    assert seen[1] == {whole}  # where it has a page to begin, it keeps its size
    assert max(seen[0]) == whole
    assert whole * 0.84 < min(seen[0]) < whole * 0.99


@pytest.mark.parametrize("paper", ["a4", "us-letter"])
def test_nothing_stands_beyond_the_margins(
    paper: Any, drawing: str, read_boxes: Callable[[bytes], list[tuple[float, ...]]]
) -> None:
    blocks = (make_figure(drawing), make_table(60), fill(30))
    document = Document("T", (Chapter("C", "c", blocks),), paper=paper, cover=False)
    millimetre = 72 / 25.4
    for left, bottom, right, top, width, height in read_boxes(render_pdf(document)):
        assert left >= 19 * millimetre
        assert right <= width - 19 * millimetre
        assert bottom >= 8 * millimetre
        assert top <= height - 8 * millimetre


def test_the_head_of_a_group_stands_with_the_first_row_of_it() -> None:
    """And the head of the table comes again on each page; that of a group does not."""
    columns = (TableColumn(name="a", label="First head"), TableColumn(name="b", label="Last head"))
    rows = [
        row
        for group in range(20)
        for row in ((f"group {group} heads", ""), *((f"of {group} row {n}.", "") for n in range(4)))
    ]
    grid = Grid(columns=columns, rows=tuple(rows), groups=tuple(range(0, 100, 5)))
    table = Table(id="t", title="A title of the table", source="A source.", grid=grid)
    for lines in FILLS:
        pages = read_pages((fill(lines), table), contents=False)
        for group in range(20):
            place = find_page(pages, f"group {group} heads")
            assert find_page(pages, f"of {group} row 0.") == place
        held = [page for page in pages if " row " in page]
        assert len(held) > 1
        assert all("First head" in page for page in held)


def test_a_table_without_rows_is_set() -> None:
    table = Table(id="t", title="A title of the table", source="A source.", grid=make_grid(0))
    (page,) = read_pages((table,), contents=False)
    assert "First head" in page
