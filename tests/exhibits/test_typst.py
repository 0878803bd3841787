from __future__ import annotations

import json

import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from annual_report.exhibits.look.characters import clean_text
from annual_report.exhibits.model import (
    Figure,
    Grid,
    Heading,
    Number,
    Prose,
    Span,
    Table,
    TableColumn,
)
from annual_report.exhibits.rendering.typst import render_typst, write_literal

TEXT = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | TEXT,
    lambda children: (
        st.lists(children, max_size=3) | st.dictionaries(TEXT, children, min_size=1, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=25)
@given(VALUES)
def test_what_is_written_is_what_typst_reads(value: object) -> None:
    source = f"#metadata(({write_literal([value])}.first(),)) <found>"
    found = json.loads(typst.query(source.encode(), "<found>", field="value", one=True))
    assert found == [value]


@settings(max_examples=25)
@given(TEXT)
def test_a_call_has_its_texts_as_strings_and_nothing_else(text: str) -> None:
    source = f"#let exhibit-heading(level, body, id) = [#metadata(body) <found>]\n{render_typst(Heading(level=2, text='a' + text, id='h'))}"
    found = json.loads(typst.query(source.encode(), "<found>", field="value", one=True))
    assert found.replace("\u200b", "") == clean_text("a" + text).replace("\u200b", "")


def test_a_number_prints_its_text_or_its_mark() -> None:
    runs = (Number(text="31", source="hidden"), Number(text="", mark="withheld"), Span(text="x"))
    assert render_typst(Prose(paragraphs=(runs,))) == (
        '#prose(((("text": "31",), ("text": "⊘",), ("text": "x",),),), '
        'role: "text", bullets: false)'
    )


def test_a_figure_carries_its_drawing_and_its_words() -> None:
    grid = Grid(columns=(TableColumn(name="a", label="A"),), rows=(("x",),))
    figure = Figure(
        id="f", title="Less", source="Survey.", svg='<svg a="b"/>', grid=grid, alt="Bars " * 5
    )
    words = render_typst(figure)
    assert words.startswith('#exhibit-figure("<svg a=\\"b\\"/>", "Bars Bars')
    assert '"title": "Less"' in words


def test_marks_are_explained_under_a_table() -> None:
    grid = Grid(
        columns=(TableColumn(name="a", label="A"),), rows=((Number(text="", mark="missing"),),)
    )
    assert "– not answered." in render_typst(Table(id="t", title="A", source="x", grid=grid))
