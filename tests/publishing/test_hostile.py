"""Hostile text from a return, in every place of every exhibit: shown as text, and nothing runs."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

import pytest
from tests.publishing import hostile

from annual_report.exhibits.look.canvas import new_figure, to_svg
from annual_report.exhibits.look.characters import clean_text
from annual_report.exhibits.model import (
    Case,
    Cases,
    Figure,
    Grid,
    Heading,
    Number,
    Prose,
    Quote,
    Quotes,
    Span,
    Table,
    TableColumn,
    Tile,
    Tiles,
)
from annual_report.publishing.document import Document
from annual_report.publishing.notebooks import build_chapter
from annual_report.publishing.page import render_page
from annual_report.publishing.pdf import render_pdf

HOSTILE: tuple[str, ...] = hostile.HOSTILE


def say(text: str, place: int) -> list[Any]:
    """Say a text wherever an exhibit or an ordinary output can say one."""
    number = Number(text=text, source=text, value=1.0)
    columns = (TableColumn(name="a", label=text, unit=text), TableColumn(name="b", label="n"))
    grid = Grid(columns=columns, rows=((text, number), (number, text)))
    title = " ".join(text.split()[:10])[:100]
    with new_figure(height=40) as figure:
        axes = figure.subplots()
        axes.set_title(text[:60])
        svg = to_svg(figure)
    return [
        Heading(level=1, text=text[:100], id=f"h{place}"),
        Prose(paragraphs=((Span(text=text), Span(text=text, strong=True), number),)),
        Tiles(
            id=f"tiles{place}",
            tiles=(Tile(number=number, unit=text[:100], label=text, basis=text),),
        ),
        Table(id=f"t{place}", title=title, source=text, grid=grid),
        Figure(id=f"f{place}", title=title, source="x", svg=svg, alt=text + " " * 20, grid=grid),
        Cases(cases=(Case(pillar=text, title=text, problem=text, action=text, result=text),)),
        Quotes(quotes=(Quote(text=text, role=text, cluster=text),)),
        {"text/plain": text},
        {"text/markdown": text},
        {"text/html": text},
    ]


@pytest.fixture(scope="module")
def document(notebook: Callable[..., dict[str, Any]]) -> Document:
    chapters = [
        build_chapter(notebook(say(text, place))["cells"], name=f"{place}")
        for place, text in enumerate(HOSTILE)
    ]
    first = HOSTILE[0]
    return Document(first, tuple(chapters), headline=first, subtitle=first, status=first)


@pytest.fixture(scope="module")
def texts_on_paper(document: Document, read_text: Callable[[bytes], str]) -> str:
    text = read_text(render_pdf(document))
    return hostile.squeeze(text)


LEFT_TO_RIGHT = [text for text in HOSTILE if "م" not in text]


@pytest.mark.long
@pytest.mark.parametrize("text", LEFT_TO_RIGHT, ids=range(len(LEFT_TO_RIGHT)))
def test_a_hostile_text_is_text_on_paper(texts_on_paper: str, text: str) -> None:
    # The foot of a page stands between the lines of a word of 10,000 characters
    found = hostile.squeeze(clean_text(text))[:1000] in texts_on_paper
    assert found, text[:100]  # not the whole paper: its difference would take minutes to tell


@pytest.mark.long
def test_hostile_texts_are_text_on_the_screen(document: Document) -> None:
    page = render_page(document)
    body = page[page.index("<main") : page.index("</main>")]
    read = hostile.Reader(body)
    assert not read.tags & {"script", "style", "iframe", "object", "form"}
    assert not {name for name in read.attributes if name.startswith("on") or name == "style"}
    shown = html.unescape(body)
    assert all(clean_text(text) in shown for text in HOSTILE)
