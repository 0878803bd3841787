from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annual_report.exhibits.look.characters import clean_text
from annual_report.exhibits.model import (
    Case,
    Cases,
    Exhibit,
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
from annual_report.exhibits.rendering.html import render_html

DRAWING = (
    '<svg viewBox="0 0 9 9"><defs><path id="i0" d="M0 0"/></defs><use href="#i0"/>'
    '<g clip-path="url(#i0)"/></svg>'
)
HOSTILE = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["<script>x</script>", "\" onload='x'", "&lt;", "--></style>", "<b", "&#10;"]),
)


class Outline(HTMLParser):
    """What a browser makes of a rendering: its elements, their attributes' names, its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, tuple[str, ...]]] = []
        self.text = ""
        self.attributes: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(name for name, _ in attrs)))
        self.attributes += [value for _, value in attrs if value]

    def handle_data(self, data: str) -> None:
        self.text += data


def make_all(text: str) -> list[Exhibit]:
    """Make one exhibit of every kind that says a text wherever it can."""
    number = Number(text=text, source=text, id="a.B.c", value=1.5)
    grid = Grid(columns=(TableColumn(name="a", label=text, unit=text),), rows=((number,), (text,)))
    title = "A title"
    return [
        Heading(level=2, text=text, id="h"),
        Prose(paragraphs=((Span(text=text, strong=True), number, Span(text=text, link="#h")),)),
        Tiles(id="t", tiles=(Tile(number=number, unit=text, label=text, basis=text, change=text),)),
        Table(id="table", title=title, unit=text, source=text or "x", notes=(text,), grid=grid),
        Figure(
            id="f", title=title, source=text or "x", svg=DRAWING, grid=grid, alt=text + "." * 20
        ),
        Cases(cases=(Case(pillar=text, title=text, problem=text, action=text, result=text),)),
        Quotes(quotes=(Quote(text=text, role=text, cluster=text, source=text),)),
    ]


@given(HOSTILE)
def test_no_text_can_become_markup(text: str) -> None:
    for exhibit, plain in zip(make_all("a" + text), make_all("a"), strict=True):
        rendered, expected = (Outline(render_html(e, page=True)) for e in (exhibit, plain))
        # The class of a cell says how long its text is
        found, wanted = (
            [(tag, [n for n in names if n != "class"]) for tag, names in outline.elements]
            for outline in (rendered, expected)
        )
        assert found == wanted
        assert clean_text("a" + text) in rendered.text


@given(HOSTILE)
def test_the_way_back_of_a_number_is_told_whole(text: str) -> None:
    number = Number(text="1", source=text, id="a.B.c")
    title = Outline(render_html(Prose(paragraphs=((number,),)), page=True)).attributes[-1]
    lines = [clean_text(line) for line in text.splitlines() if line.strip()]
    assert title == "\n".join([*lines, "id: a.B.c"])


def test_a_number_without_a_way_back_is_plain_text() -> None:
    html = render_html(Prose(paragraphs=((Number(text="12"),),)), page=True)
    assert html == '<div class="prose text"><p>12</p></div>'


@pytest.mark.parametrize("link", ["javascript:alert(1)", "http://x", "//x", "data:text/html,x"])
def test_only_safe_links_are_links(link: str) -> None:
    assert "<a " not in render_html(Prose(paragraphs=((Span(text="x", link=link),),)), page=True)


def test_the_ids_of_two_drawings_do_not_meet() -> None:
    figures = [
        Figure(id=name, title="A", source="x", svg=DRAWING, grid=make_grid(), alt="x" * 20)
        for name in ("one", "two")
    ]
    html = "".join(render_html(figure, page=True) for figure in figures)
    assert 'id="one-i0"' in html
    assert 'href="#two-i0"' in html
    assert "url(#two-i0)" in html
    assert 'id="i0"' not in html


def test_a_wide_and_a_narrow_drawing_say_the_same_and_have_ids_of_their_own() -> None:
    alt = "What the picture shows"
    figure = Figure(
        id="one", title="A", source="x", svg=DRAWING, narrow=DRAWING, grid=make_grid(), alt=alt
    )
    html = render_html(figure, page=True)
    assert html.count(f'role="img" aria-label="{alt}"') == 2
    assert [html.count(f'id="one-{name}i0"') for name in ("", "narrow-")] == [1, 1]
    half = figure.model_copy(update={"narrow": ""})
    assert render_html(half, page=True).count("<svg") == 1


def test_the_rows_of_a_group_are_told_to_a_screen_reader() -> None:
    rows = (("A", ""), ("", "one"), ("B", ""), ("", "two"), ("All", "three"))
    columns = (TableColumn(name="a", label="A"), TableColumn(name="b", label="B"))
    grid = Grid(columns=columns, rows=rows, groups=(0, 2), total_rows=1)
    html = render_html(Table(id="t", title="A", source="x", grid=grid), page=True)
    bodies = [part.partition("</tbody>")[0] for part in html.split("<tbody>")[1:]]
    assert [body.count("<tr>") for body in bodies] == [2, 2]
    assert all(body.startswith('<tr><th scope="rowgroup" class="short">') for body in bodies)
    assert '<tfoot><tr><th scope="row" class="short">All' in html


def test_missing_and_withheld_are_different_marks_and_explained() -> None:
    grid = Grid(
        columns=(TableColumn(name="a", label="A"),),
        rows=((Number(text="", mark="missing"),), (Number(text="", mark="withheld"),)),
    )
    html = render_html(Table(id="t", title="A", source="x", grid=grid), page=True)
    assert 'aria-label="not answered">–<' in html
    assert 'aria-label="withheld to protect a respondent">⊘<' in html
    assert "– not answered; ⊘ withheld to protect a respondent." in html


def test_a_column_without_a_label_has_its_name_for_a_screen_reader() -> None:
    grid = Grid(columns=(TableColumn(name="the_currency", label=""),), rows=(("EUR",),))
    html = render_html(Table(id="t", title="A", source="x", grid=grid), page=True)
    assert '<th scope="col"><span class="sr">the currency</span></th>' in html


def test_n_of_n_is_said_once() -> None:
    silent = Table(id="t", title="A", source="Survey.", grid=make_grid(), n=18, of=20)
    saying = silent.model_copy(update={"source": "18 of 20 clusters."})
    for table in (silent, saying):
        assert render_html(table, page=True).count("18 of 20 clusters") == 1


def test_alone_an_exhibit_brings_its_style_and_on_a_page_it_does_not() -> None:
    heading = Heading(level=1, text="x", id="h")
    assert render_html(heading).startswith("<style>.ar{--ground:#ffffff;")
    assert "<h1" in render_html(heading)
    assert render_html(heading, page=True) == '<h2 id="h">x</h2>'


def make_grid() -> Grid:
    return Grid(columns=(TableColumn(name="a", label="A"),), rows=(("x",),))
