from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annual_report.exhibits.model import Heading
from annual_report.publishing.blocks import Block, Chapter, Fragment
from annual_report.publishing.fragments import Target, convert_fragments

TARGETS: tuple[Target, ...] = ("html", "typst")


def convert(*blocks: Block, target: Target = "html", anchors: tuple[str, ...] = ()) -> list[str]:
    return convert_fragments([Chapter("T", "t", blocks)], target, anchors)


@pytest.mark.parametrize("target", TARGETS)
def test_each_fragment_comes_back_in_its_place(target: Target) -> None:
    texts = convert(*(Fragment(f"word{i}") for i in range(5)), target=target)
    assert [re.sub(r"</?p>", "", text) for text in texts] == [f"word{i}" for i in range(5)]


@pytest.mark.parametrize("target", TARGETS)
def test_nothing_unclosed_reaches_the_next_fragment(target: Target) -> None:
    first, second = convert(
        Fragment("```\nopen code\n\n<div>\n\n[^1]: lost"), Fragment("*next*"), target=target
    )
    assert "open code" in first
    assert second in ("<p><em>next</em></p>", "#emph[next]")


@settings(max_examples=12)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=4))
@pytest.mark.parametrize("target", TARGETS)
def test_there_are_as_many_fragments_out_as_in(target: Target, texts: list[str]) -> None:
    fragments = [Fragment(text) for text in [*texts, "// fragment", "<!--fragment-->"]]
    assert len(convert(*fragments, target=target)) == len(fragments)


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_no_markup_of_a_text_reaches_the_page(form: str) -> None:
    text = (
        "<script>alert(1)</script><iframe src='x'></iframe><p onclick='x' style='color:red'>kept"
        "</p> <a href='javascript:x'>link</a>"
    )
    (html,) = convert(Fragment(text, "html" if form == "html" else "markdown"))
    assert "kept" in html
    assert not re.search(r"<(script|iframe|a)\b|<[^>]*(onclick|style|javascript)", html)


@pytest.mark.parametrize(
    "text", ["```{=typst}\n#panic()\n```", "`#panic()`{=typst}", "#panic()", "\\panic{}", "@x <y>"]
)
def test_no_markup_of_a_text_reaches_typst(text: str) -> None:
    (markup,) = convert(Fragment(text), target="typst")
    assert not re.search(r"(?<![\\`])#panic\(\)(?!`)", re.sub(r"```.*?```", "", markup, flags=re.S))


def test_headings_have_no_gaps_and_anchors_of_their_own() -> None:
    html = "".join(
        convert(
            Fragment("# Top\n\n##### Deep"),
            Heading(level=2, text="x", id="x"),
            Fragment("#### Deep"),
        )
    )
    found = re.findall(r'<h(\d) id="([^"]+)"', html)
    assert found == [("3", "t-top"), ("4", "t-deep"), ("4", "t-deep-2")]


def test_links_inside_lead_somewhere_or_are_text() -> None:
    (html,) = convert(Fragment("[here](#known) [there](#unknown)"), anchors=("known",))
    assert html == '<p><a href="#known">here</a> there</p>'


def test_pictures_from_elsewhere_are_their_description() -> None:
    (html,) = convert(Fragment("![what it shows](https://example.org/x.png)"))
    assert html == "<p><em>what it shows</em></p>"


def test_mathematics_is_mathematics_in_both() -> None:
    (html,) = convert(Fragment("$x^2$"))
    (markup,) = convert(Fragment("$x^2$"), target="typst")
    assert "<math" in html
    assert markup == '#[#set math.equation(alt: "x^2");$x^2$]'


def test_footnotes_of_two_fragments_do_not_meet() -> None:
    html = "".join(convert(Fragment("a[^1]\n\n[^1]: one"), Fragment("b[^1]\n\n[^1]: two")))
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert "one" in html
    assert "two" in html


def test_a_document_without_fragments_needs_no_pandoc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annual_report.publishing.fragments._find_pandoc", lambda: "/nowhere")
    assert convert(Heading(level=2, text="x", id="x")) == []
