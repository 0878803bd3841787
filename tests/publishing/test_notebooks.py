from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from annual_report.errors import PublishingError
from annual_report.exhibits.model import MIME, Heading, Prose, Span
from annual_report.publishing.blocks import Chapter, Fragment, Notice, Picture, Plain
from annual_report.publishing.notebooks import NO_ALT, build_chapter, make_anchor, read_chapter

Make = Callable[..., dict[str, Any]]
PIXEL = base64.b64encode(
    bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
        "0000000c4944415408d763f8cfc000000301010018dd8db00000000049454e44ae426082"
    )
).decode()
GIF = "R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw=="
LINKED = '<svg xmlns="http://www.w3.org/2000/svg"><image href="https://e.x/map.png"/></svg>'


def build(make: Make, *contents: Any, name: str = "40-finance") -> Chapter:
    return build_chapter(make(contents)["cells"], name=name)


def test_the_first_heading_is_the_title_and_the_name_the_anchor(notebook: Make) -> None:
    chapter = build(notebook, "# *Money* is `late`\n\nThe rest.")
    assert (chapter.title, chapter.anchor) == ("Money is late", "finance")
    assert chapter.blocks == (Fragment("The rest."),)


def test_a_computed_heading_gives_both(notebook: Make) -> None:
    chapter = build(notebook, Heading(level=1, text="Kessel", id="kessel"), "x")
    assert (chapter.title, chapter.anchor) == ("Kessel", "kessel")
    assert chapter.blocks == (Fragment("x"),)


def test_without_a_heading_the_name_is_the_title(notebook: Make) -> None:
    assert build(notebook, "No heading", name="70-next_steps").title == "Next steps"


@pytest.mark.parametrize(
    ("bundle", "fault"),
    [
        ({"image/png": PIXEL[:40]}, "no whole PNG file"),
        ({"image/png": "%"}, "no whole PNG file"),
        ({"image/jpeg": PIXEL}, "no whole JPEG file"),
        ({"image/svg+xml": "<svg><rect></svg>"}, "no whole SVG file"),
        ({"image/svg+xml": LINKED}, "shows another file, https://e.x/map.png,"),
        ({"image/svg+xml": LINKED.replace("https://e.x/", "")}, "shows another file, map.png,"),
    ],
)
def test_a_broken_picture_is_a_notice_and_named(
    notebook: Make, bundle: dict[str, Any], fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    made = notebook(["# A\n\nx", bundle, "y"])
    made["cells"][1]["metadata"]["alt"] = "The coast from above"
    before, shown, after = build_chapter(made["cells"], name="40-finance").blocks
    assert isinstance(shown, Notice)
    assert shown.lines[0] == "The coast from above"
    assert fault in shown.lines[1]
    assert (before, after) == (Fragment("x"), Fragment("y"))
    [told] = caplog.messages
    assert told.startswith("40-finance, cell 2: a picture is left out of the report: ")
    assert fault in told


def test_code_is_never_shown(notebook: Make) -> None:
    assert "hidden_code" not in repr(build(notebook, {"text/plain": "x"}))


def test_a_cell_can_be_left_out(notebook: Make) -> None:
    made = notebook(["# Title", "left out", {"text/plain": "left out too"}])
    for cell in made["cells"][1:]:
        cell["metadata"]["tags"] = ["skip-report"]
    assert build_chapter(made["cells"], name="x").blocks == ()


def test_an_exhibit_comes_back_as_it_was(notebook: Make) -> None:
    prose = Prose(role="lead", paragraphs=((Span(text="x", strong=True),),))
    assert build(notebook, prose).blocks == (prose,)


@pytest.mark.parametrize(
    ("bundle", "block"),
    [
        ({"text/html": "<p>x</p>", "text/plain": "x"}, Fragment("<p>x</p>", "html")),
        ({"text/markdown": "*x*", "text/plain": "x"}, Fragment("*x*")),
        ({"text/latex": "$x$", "text/plain": "x"}, Fragment("$x$")),
        ({"text/plain": "x"}, Plain("x")),
        ({"text/plain": ["a\n", "b"]}, Plain("a\nb")),
        ({"image/svg+xml": "<svg/>", "text/plain": "<A>"}, Picture(b"<svg/>", "svg", NO_ALT)),
        (
            {"image/gif": GIF, "text/plain": "<A>"},
            Picture(base64.b64decode(GIF), "gif", NO_ALT),
        ),
        (
            {"image/png": PIXEL, "text/html": "<p>"},
            Picture(base64.b64decode(PIXEL), "png", NO_ALT),
        ),
    ],
)
def test_no_output_is_lost(notebook: Make, bundle: dict[str, Any], block: object) -> None:
    assert build(notebook, bundle).blocks == (block,)


@pytest.mark.parametrize("where", ["mime", "output", "cell", "source"])
def test_the_authors_alternative_text_is_kept(notebook: Make, where: str) -> None:
    made = notebook([{"image/svg+xml": "<svg/>", "text/plain": "<Figure>"}])
    cell = made["cells"][0]
    metadata = cell["metadata"] if where == "cell" else cell["outputs"][0]["metadata"]
    if where == "mime":
        metadata["image/svg+xml"] = {"alt": "What it shows"}
    elif where == "source":
        cell["source"] = '#| label: x\n#| fig-alt: "What it shows"\nplot()'
    else:
        metadata["alt"] = "What it shows"
    (picture,) = build_chapter(made["cells"], name="x").blocks
    assert isinstance(picture, Picture)
    assert picture.alt == "What it shows"


def test_what_python_calls_a_figure_is_no_alternative_text(
    notebook: Make, caplog: pytest.LogCaptureFixture
) -> None:
    words = "<Figure size 640x480 with 1 Axes>"
    made = notebook(["# Title", {"image/svg+xml": "<svg/>", "text/plain": words}])
    (picture,) = build_chapter(made["cells"], name="50-x").blocks
    assert isinstance(picture, Picture)
    assert picture.alt == NO_ALT
    (told,) = caplog.messages
    assert told.startswith("50-x, cell 2: a picture has no description")
    assert "#| alt: …" in told


@pytest.mark.parametrize(
    "last",
    [
        "<seaborn.axisgrid.FacetGrid at 0x7f0a>",
        "<Axes: xlabel='share', ylabel='jobs'>",
        "<Axes: >",
        "[<matplotlib.lines.Line2D at 0x7f0a>]",
        "Text(0.5, 1.0, 'Jobs')",
        "(array([1., 2.]), array([0., 1., 2.]), <BarContainer object of 2 artists>)",
        "array([<Axes: title={'center': 'a'}>, <Axes: >], dtype=object)",
        "{'whiskers': [<matplotlib.lines.Line2D at 0x7f0a>]}",
        "<Figure size 640x480 with 1 Axes>",
    ],
)
@pytest.mark.parametrize("shown", [True, False])
def test_what_python_calls_a_plot_is_left_out(
    notebook: Make, caplog: pytest.LogCaptureFixture, last: str, shown: bool
) -> None:
    made = notebook(["# Title", {"text/plain": last}])
    drawn = {"output_type": "display_data", "data": {"image/svg+xml": "<svg/>"}}
    if shown:
        made["cells"][1]["outputs"].append(drawn | {"metadata": {"alt": "What it shows"}})
    chapter = build_chapter(made["cells"], name="50-x")
    assert chapter.blocks == ((Picture(b"<svg/>", "svg", "What it shows"),) if shown else ())
    assert ["there only as the text" in message for message in caplog.messages] == [True] * (
        not shown
    )


@pytest.mark.parametrize("last", ["42", "'<Axes: > is a text'", "[1, 2]", "Timestamp('2024')"])
def test_a_value_beside_a_plot_is_kept(notebook: Make, last: str) -> None:
    made = notebook([{"image/svg+xml": "<svg/>"}, {"text/plain": last}])
    assert build_chapter(made["cells"], name="x").blocks[-1] == Plain(last)


def test_of_bars_that_cannot_be_shown_the_author_is_told(
    notebook: Make, caplog: pytest.LogCaptureFixture
) -> None:
    styler = pd.DataFrame({"jobs": [1, 2]}).style.bar()
    build(notebook, "# Title", {"text/html": styler.to_html()})
    assert caplog.messages == [
        "40-finance, cell 2: the bars of a Styler are not shown; what to do: draw them"
    ]


def test_an_object_that_tells_nothing_is_shown_and_its_author_told(
    notebook: Make, caplog: pytest.LogCaptureFixture
) -> None:
    text = "<pandas.api.typing.DataFrameGroupBy object at 0x7f0a>"
    assert build(notebook, {"text/plain": text}).blocks == (Plain(text),)
    assert "says nothing to a reader" in caplog.text


def test_what_a_cell_printed_is_shown_without_colours_and_its_warnings_are_not(
    notebook: Make,
) -> None:
    made = notebook([{"text/plain": "x"}])
    made["cells"][0]["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": "\x1b[31mred\x1b[0m\n"},
        {"output_type": "stream", "name": "stderr", "text": "a warning"},
    ]
    assert build_chapter(made["cells"], name="x").blocks == (Plain("red"),)


def test_an_error_is_a_notice(notebook: Make) -> None:
    made = notebook([{"text/plain": "x"}])
    made["cells"][0]["outputs"] = [
        {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": []}
    ]
    (notice,) = build_chapter(made["cells"], name="x").blocks
    assert notice == Notice("This part could not be computed", ("ValueError: no",))


def test_a_broken_exhibit_names_its_notebook_and_cell(notebook: Make) -> None:
    with pytest.raises(PublishingError, match="cannot be read") as broken:
        build(notebook, "# Title", {MIME: {"kind": "table"}})
    assert "40-finance, cell 2" in str(broken.value)


@pytest.mark.parametrize("content", ["not JSON", "[]", "{}", None])
def test_a_file_that_is_no_notebook_is_named(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "x.ipynb"
    if content is not None:
        path.write_text(content)
    with pytest.raises(PublishingError) as refused:
        read_chapter(path)
    assert str(path) in str(refused.value)


def test_a_notebook_of_nbformat_is_read_like_its_json(notebook: Make, tmp_path: Path) -> None:
    import nbformat

    made = notebook(["# Title", "text", {"text/plain": "x"}])
    path = tmp_path / "10-x.ipynb"
    path.write_text(json.dumps(made))
    node = nbformat.read(path, as_version=4)
    assert build_chapter(node["cells"], name="10-x").blocks == read_chapter(path).blocks


@pytest.mark.parametrize(("text", "anchor"), [("Ä b", "b"), ("", "chapter"), ("A--B", "a-b")])
def test_anchors_are_plain(text: str, anchor: str) -> None:
    assert make_anchor(text) == anchor
