"""Long and wide tables on paper: every cell is there, on its page, and nothing lies over another."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from annual_report.exhibits.model import Figure, Grid, Table, TableColumn
from annual_report.publishing.blocks import Block, Chapter, Fragment
from annual_report.publishing.document import Document
from annual_report.publishing.page import render_page
from annual_report.publishing.pdf import render_pdf

LEAST = 6.5
"""Points below which type is not legible."""


@dataclass(frozen=True)
class Letter:
    place: int
    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float


@dataclass(frozen=True)
class Sheet:
    width: float
    height: float
    text: str
    letters: tuple[Letter, ...]


def read_sheets(pdf: bytes) -> list[Sheet]:
    sheets = []
    with pypdfium2.PdfDocument(pdf) as book:
        for page in book:
            text = page.get_textpage()
            letters = tuple(
                Letter(
                    n,
                    text.get_text_range(n, 1),
                    *text.get_charbox(n),
                    pdfium.FPDFText_GetFontSize(text.raw, n),
                )
                for n in range(text.count_chars())
            )
            drawn = tuple(each for each in letters if each.text.strip() and each.right > each.left)
            sheets.append(Sheet(*page.get_size(), text.get_text_range(), drawn))
    return sheets


def list_overlaps(sheet: Sheet) -> Iterator[tuple[Letter, Letter]]:
    """List pairs of letters that cover more than a third of the smaller one.

    Neighbours may, as ligatures and marks do.
    """
    places: dict[tuple[int, int], list[Letter]] = {}
    for letter in sheet.letters:
        x, y = int(letter.left // 16), int(letter.bottom // 16)
        near = [
            o
            for dx, dy in product((-1, 0, 1), repeat=2)
            for o in places.get((x + dx, y + dy), ())
            if letter.place - o.place > 3
        ]
        for other in near:
            wide = min(letter.right, other.right) - max(letter.left, other.left)
            high = min(letter.top, other.top) - max(letter.bottom, other.bottom)
            areas = [(o.right - o.left) * (o.top - o.bottom) for o in (letter, other)]
            if wide > 0 < high and wide * high > min(areas) / 3:
                yield letter, other
        places.setdefault((x, y), []).append(letter)


def list_cells(markup: str) -> list[str]:
    cells = re.findall(r"<t[dh](?: [^>]*)?>(.*?)</t[dh]>", markup, flags=re.DOTALL)
    return [html.unescape(cell) for cell in cells if cell.strip()]


def squeeze(text: str) -> str:
    return re.sub(r"[\s\u200b\ufffe]+", "", text)


def check(blocks: list[Block], cells: list[str]) -> list[Sheet]:
    document = Document(
        "Frames", (Chapter("Frames", "a", tuple(blocks)),), contents=False, cover=False
    )
    sheets = read_sheets(render_pdf(document))
    for sheet in sheets:
        assert not list(list_overlaps(sheet))
        for each in sheet.letters:
            assert each.left >= 0
            assert each.bottom >= 0
            assert each.right <= sheet.width
            assert each.top <= sheet.height
            assert each.size >= LEAST - 0.01
    text = " ".join(sheet.text for sheet in sheets)
    whole, words = squeeze(text), Counter(text.split())
    assert not [cell for cell in cells if squeeze(cell) not in whole]
    short = Counter(cell for cell in cells if " " not in cell and len(cell) < 25)
    assert not short - words
    return sheets


def check_frame(frame: pd.DataFrame) -> list[Sheet]:
    with pd.option_context("display.max_colwidth", None):
        markup = frame.to_html()
    return check([Fragment(markup, "html")], list_cells(markup))


def make_numbers(rows: int, columns: int) -> pd.DataFrame:
    rng = np.random.default_rng(columns)
    names = [f"indicator_{i}_usd" for i in range(columns)]
    return pd.DataFrame(rng.normal(1e6, 1e5, (rows, columns)), columns=names)


def is_turned(sheet: Sheet) -> bool:
    return sheet.width > sheet.height


def test_a_long_frame_goes_on_under_its_head() -> None:
    frame = pd.DataFrame({"place": [f"cluster {i}" for i in range(161)], "heading": range(161)})
    sheets = check_frame(frame)
    assert len(sheets) > 3
    assert all(sheet.text.count("heading") == 1 for sheet in sheets)


def test_a_description_of_eight_columns_shrinks_and_says_so() -> None:
    (sheet,) = check_frame(make_numbers(50, 8).describe())
    assert not is_turned(sheet)
    assert "Set smaller, as the table has 8 columns." in sheet.text


def test_a_wider_one_turns_the_page_and_says_so() -> None:
    frame = make_numbers(50, 12).describe()
    sheets = check_frame(frame)
    assert [is_turned(sheet) for sheet in sheets] == [False, True]
    assert "The page is turned, as the table has 12 columns." in sheets[1].text


def test_a_description_of_thirty_columns_is_split_and_its_index_repeated() -> None:
    sheets = check_frame(make_numbers(50, 30).describe())
    text = " ".join(sheet.text for sheet in sheets)
    found = re.search(r"The table has 30 columns and is set in (\d+) parts; each begins", text)
    assert found
    parts = int(found[1])
    assert [f"Part {n} of {parts}" in text for n in range(1, parts + 1)] == [True] * parts
    assert text.count("75%") == parts


def test_long_words_and_sentences_stay_in_their_columns() -> None:
    check_frame(
        pd.DataFrame({
            "code": ["A", "B", "C"],
            "word": ["Donaudampfschifffahrtsgesellschaft" * 6, "x" * 300, "https://e.x/" + "a/b" * 60],
            "text": ["one sentence of several words, and another; " * n for n in (1, 8, 30)],
            "script": ["天津经济技术开发区" * 9, "ท่าเรือแหลมฉบัง" * 9, "मुंबई औद्योगिक " * 9],
            "n": [1, 2, 3],
        })
    )  # fmt: skip


def test_heads_and_indices_of_several_levels_are_legible() -> None:
    rows = pd.MultiIndex.from_product([["Europe", "Asia"], ["policy", "finance"], list("abcdefgh")])
    heads = pd.MultiIndex.from_product([["measured in the last year", "planned"], ["low", "high"]])
    sheets = check_frame(pd.DataFrame(np.arange(128).reshape(32, 4), index=rows, columns=heads))
    assert sum(sheet.text.count("Europe") for sheet in sheets) == 16  # each row says whose it is


def test_a_wide_frame_with_heads_over_several_columns_is_split() -> None:
    heads = pd.MultiIndex.from_product([[f"group number {i}" for i in range(9)], list("abcdefg")])
    frame = pd.DataFrame(np.random.default_rng(1).random((30, 63)).round(4), columns=heads)
    sheets = check_frame(frame)
    assert not any(map(is_turned, sheets))


@pytest.mark.parametrize("columns", [3, 9, 14, 24])
def test_an_exhibit_is_as_legible_as_a_frame(columns: int) -> None:
    names = [f"A column headed {n}" for n in range(columns)]
    rows = tuple(
        (f"norrhavn-estuary-{r}", *(f"{r * 1e6 + n:,.2f}" for n in range(1, columns)))
        for r in range(40)
    )
    grid = Grid(
        columns=tuple(TableColumn(name=f"c{n}", label=name, unit="USD") for n, name in enumerate(names)),
        rows=rows, total_rows=1, groups=(0, 20),
    )  # fmt: skip
    table = Table(id="t", title="A table of many columns", source="Source.", grid=grid)
    sheets = check([table], [cell for row in rows for cell in row])
    said = " ".join(sheet.text for sheet in sheets)
    assert ("columns" in said.replace("many columns", "")) == (columns > 3)


def test_the_numbers_behind_a_wide_figure_are_legible(drawing: str) -> None:
    names = [f"measured_{n}" for n in range(20)]
    columns = tuple(TableColumn(name=name, label=name) for name in names)
    rows = tuple(tuple(f"{r * 1e6 + n:,.2f}" for n in range(20)) for r in range(30))
    figure = Figure(
        id="f", title="A figure", source="x", svg=drawing, alt="A figure of many measures",
        grid=Grid(columns=columns, rows=rows),
    )  # fmt: skip
    document = Document("Figures", (Chapter("Figures", "a", (figure,)),), cover=False)
    sheets = read_sheets(render_pdf(document))
    assert not [pair for sheet in sheets for pair in list_overlaps(sheet)]
    words = Counter(" ".join(sheet.text for sheet in sheets).split())
    assert not Counter(cell for row in rows for cell in row) - words
    assert all(each.right <= sheet.width for sheet in sheets for each in sheet.letters)


def test_a_table_within_a_list_and_a_caption_are_set() -> None:
    markdown = "* item\n\n    | a | b |\n    |---|--:|\n    | 1 | `x` **y** |\n\n: A caption\n"
    (sheet,) = check([Fragment(markdown)], ["item", "a", "b", "1", "x"])
    captioned = (
        "<table><caption>What it shows</caption><tr><th>h</th></tr><tr><td>4711</td></tr></table>"
    )
    (sheet,) = check([Fragment(captioned, "html")], ["h", "4711"])
    assert "What it shows" in sheet.text


@pytest.mark.browser
def test_a_wide_frame_scrolls_in_its_own_frame(browser: object, tmp_path: object) -> None:
    frame = make_numbers(50, 30).describe()
    chapter = Chapter("Frames", "a", (Fragment(frame.to_html(), "html"),))
    page = browser.new_page(viewport={"width": 1200, "height": 800})  # type: ignore[attr-defined]
    page.set_content(render_page(Document("Frames", (chapter,))))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box = "document.querySelector('.scroll')"
    assert page.evaluate(f"{box}.scrollWidth > {box}.clientWidth")
    wrapped = "[...document.querySelectorAll('.scroll td')].some(c => c.offsetHeight > 50)"
    assert not page.evaluate(wrapped)
    page.close()
