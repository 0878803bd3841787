"""The example edition on paper: whole, tagged, and with the same numbers as on the screen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest

from annual_report.project import Project

EDITION = "example"
NUMBER = re.compile(r"\d(?:[\d.,\u202f]*\d)?")
HEADING_SIZE = 10.4
"""Points; bold type of this size or more is a heading or the title of an exhibit."""


class Screen(HTMLParser):
    """What a page shows: chapters, tables by rows, tiles, and all its text with its drawings."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.chapters: list[str] = []
        self.rows: list[list[str]] = []
        self.tiles: list[str] = []
        self.texts: list[str] = []
        self._open: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag in ("meta", "input", "img", "br", "use", "path"):
            return
        self._open.append((tag, found.get("class") or ""))
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
        elif tag == "dd" and "value" in (found.get("class") or ""):
            self.tiles.append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tags = [tag for tag, _ in self._open]
        if not data.strip() or {"script", "style"} & set(tags):
            return
        self.texts.append(data)
        if "sr" in " ".join(classes for _, classes in self._open).split():
            return
        if tags[-1] == "h2":
            self.chapters.append(data)
        if {"td", "th"} & set(tags):
            self.rows[-1][-1] += data
        elif any(tag == "dd" and "value" in classes for tag, classes in self._open):
            self.tiles[-1] += data


def squeeze(text: str) -> str:
    """A text without spaces, and without the hyphens that an end of line makes another sign of."""
    return re.sub(r"[\s\u200b\u00ad\ufffe-]+", "", text)


@pytest.fixture(scope="module")
def screen(example: Project) -> Screen:
    path = example.reports(EDITION) / "annual-report.html"
    return Screen(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def path(example: Project) -> Path:
    return example.reports(EDITION) / "annual-report.pdf"


@pytest.fixture(scope="module")
def pages(path: Path) -> list[str]:
    with pypdfium2.PdfDocument(path) as book:
        return [page.get_textpage().get_text_range() for page in book]


@pytest.fixture(scope="module")
def book(path: Path) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(path) as opened:
        yield opened


def walk(element: Any) -> Iterator[pikepdf.Dictionary]:
    """Walk the structure tree, parents first."""
    pending = [element]
    while pending:
        here = pending.pop()
        if isinstance(here, pikepdf.Array):
            pending += reversed(list(here))
        elif isinstance(here, pikepdf.Dictionary) and ("/S" in here or "/K" in here):
            yield here
            if "/K" in here:
                pending.append(here.K)


@pytest.fixture(scope="module")
def tags(book: pikepdf.Pdf) -> list[pikepdf.Dictionary]:
    return [element for element in walk(book.Root.StructTreeRoot) if "/S" in element]


def test_every_row_of_a_table_on_the_screen_is_on_paper(screen: Screen, pages: list[str]) -> None:
    on_paper = squeeze("\n".join(pages))
    rows = {squeeze("".join(row)) for row in screen.rows}
    lacking = [row for row in rows if row not in on_paper]
    assert lacking == []
    assert len(rows) > 1000


def test_every_tile_on_the_screen_is_on_paper(screen: Screen, pages: list[str]) -> None:
    on_paper = squeeze("\n".join(pages))
    assert len(screen.tiles) > 80
    assert [tile for tile in screen.tiles if squeeze(tile) not in on_paper] == []


def test_every_number_on_paper_is_on_the_screen(screen: Screen, pages: list[str]) -> None:
    on_screen = set(NUMBER.findall(" ".join(screen.texts)))
    for place, page in enumerate(pages[2:], 3):  # the cover has none, the contents those of pages
        body = re.sub(rf"{place} of {len(pages)}\s*$", "", page)
        numbers = set(NUMBER.findall(body.replace("\ufffe", "").replace("\u200b", "")))
        assert numbers - on_screen == set(), f"page {place}"


def test_the_bookmarks_are_the_contents_and_the_chapters(
    book: pikepdf.Pdf, screen: Screen, pages: list[str]
) -> None:
    with book.open_outline() as outline:
        marks = [item.title for item in outline.root]
    assert marks == ["Contents", *screen.chapters, "Numbers behind the figures"]
    contents = squeeze(pages[1])
    assert all(squeeze(mark) in contents for mark in marks)


def test_the_structure_is_whole(book: pikepdf.Pdf, tags: list[pikepdf.Dictionary]) -> None:
    levels = [int(str(tag.S)[2:]) for tag in tags if re.fullmatch(r"/H\d", str(tag.S))]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    figures = [tag for tag in tags if str(tag.S) == "/Figure"]
    assert len(figures) > 50
    assert all(len(str(figure.get("/Alt", ""))) >= 20 for figure in figures)
    tables = [tag for tag in tags if str(tag.S) == "/Table"]
    assert len(tables) > 100
    assert all(any(str(t.get("/S")) == "/TH" for t in walk(table.K)) for table in tables)
    assert str(book.Root.Lang) == "en"


def test_figures_are_drawings_and_no_pictures(book: pikepdf.Pdf) -> None:
    kinds = {
        str(item.get("/Subtype"))
        for item in book.objects
        if isinstance(item, pikepdf.Stream) and item.get("/Type") == "/XObject"
    }
    assert "/Image" not in kinds
    fonts = [
        o for o in book.objects if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/Font"
    ]
    assert fonts
    assert "/Type3" not in {str(font.Subtype) for font in fonts}


def test_every_page_has_text_with_its_number_and_the_status_of_the_data(pages: list[str]) -> None:
    for place, page in enumerate(pages[1:], 2):
        assert f"{place} of {len(pages)}" in page
        assert "Example data: fictional clusters" in page
        assert len(page) > 150


def test_no_page_ends_with_a_heading(path: Path) -> None:
    with pypdfium2.PdfDocument(path) as book:
        for place, page in enumerate(list(book)[1:], 2):
            text = page.get_textpage()
            lines = [o for o in page.get_objects() if o.type == pypdfium2.raw.FPDF_PAGEOBJ_TEXT]
            body = [o for o in lines if o.get_bounds()[1] > 20 * 72 / 25.4]
            last = min(body, key=lambda o: o.get_bounds()[1])
            is_bold = "Bold" in last.get_font().get_base_name()
            size = last.get_font_size()
            assert not (is_bold and size >= HEADING_SIZE), (place, text.get_text_range()[-200:])
