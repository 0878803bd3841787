from __future__ import annotations

import base64
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annual_report.errors import PublishingError
from annual_report.publishing.blocks import Chapter, Fragment
from annual_report.publishing.fragments import convert_fragments
from annual_report.publishing.illustrations import LARGEST, Shelf, find_picture
from annual_report.publishing.notebooks import build_chapter

Make = Callable[..., dict[str, Any]]
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c4944415408d763f8cfc000000301010018dd8db00000000049454e44ae426082"
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>'


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """A folder of notebooks, and what lies outside of it."""
    folder = tmp_path / "notebooks" / "report"
    (folder / "pictures").mkdir(parents=True)
    (folder / "pictures" / "quay wall.png").write_bytes(PNG)
    (folder.parent / "shared.svg").write_bytes(SVG)
    (tmp_path / "secret.png").write_bytes(PNG)
    (folder / "way-out.png").symlink_to(tmp_path / "secret.png")
    (folder / "words.png").write_text("no picture")
    (folder / "words.txt").write_text("no picture")
    (folder / "folder.png").mkdir()
    return Shelf(folder, folder.parent)


def find(target: str, shelf: Shelf | None, **attachments: Any) -> tuple[bytes, str]:
    picture = find_picture(target, shelf=shelf, attachments=attachments)
    return picture.data, picture.suffix


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ("pictures/quay wall.png", (PNG, "png")),
        ("pictures/quay%20wall.png", (PNG, "png")),
        ("../shared.svg", (SVG, "svg")),
        ("data:image/png;base64," + base64.b64encode(PNG).decode(), (PNG, "png")),
        ("data:image/svg+xml,%3Csvg%3E%3C/svg%3E", (b"<svg></svg>", "svg")),
    ],
)
def test_a_picture_is_found(shelf: Shelf, target: str, found: object) -> None:
    assert find(target, shelf) == found


def test_an_attachment_is_found() -> None:
    attached = {"green.png": {"image/png": base64.b64encode(PNG).decode()}}
    assert find("attachment:green.png", None, **attached) == (PNG, "png")


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("../../secret.png", "outside of the folder of notebooks"),
        ("way-out.png", "outside of the folder of notebooks"),
        ("/etc/passwd", "outside of the folder of notebooks"),
        ("https://example.org/x.png", "from elsewhere"),
        ("//example.org/x.png", "from elsewhere"),
        ("file:///etc/passwd", "from elsewhere"),
        ("nothing.png", "not there"),
        ("folder.png", "not there"),
        ("words.txt", "not there"),
        ("words.png", "no kind that can be shown"),
        ("data:image/png;base64,!", "no kind that can be shown"),
        ("attachment:none.png", "not attached"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_its_reason(
    shelf: Shelf, target: str, reason: str
) -> None:
    with pytest.raises(PublishingError, match=reason) as refused:
        find(target, shelf)
    assert target.removeprefix("attachment:") in str(refused.value)


def test_a_picture_too_large_for_a_page_is_refused_unread(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (shelf.folder / "large.png").open("wb") as file:
        file.truncate(LARGEST + 1)  # a hole: it takes no room
    monkeypatch.setattr(Path, "read_bytes", None)
    with pytest.raises(PublishingError, match="too large"):
        find("large.png", shelf)


@pytest.mark.parametrize(
    "text",
    [
        "![Wall](pictures/quay%20wall.png)",
        "![Wall](<pictures/quay wall.png>)",
        "![Wall][ref]\n\n[ref]: pictures/quay%20wall.png",
        '<img src="pictures/quay wall.png" alt="Wall">',
        'Text <img alt="Wall" src="pictures/quay%20wall.png" onclick="alert(1)"> text',
        '<p align="center"><img src="pictures/quay wall.png" alt="Wall"></p>',
    ],
)
def test_each_way_of_writing_a_picture_shows_it(notebook: Make, shelf: Shelf, text: str) -> None:
    chapter = build_chapter(notebook(["# Title", text])["cells"], name="50-x", shelf=shelf)
    (block,) = chapter.blocks
    assert isinstance(block, Fragment)
    ((_, picture),) = block.pictures
    assert picture.data == PNG
    (html,) = convert_fragments([chapter], "html")
    assert f'<img src="{picture.name}" alt="Wall"' in html
    assert "onclick" not in html
    (markup,) = convert_fragments([chapter], "typst")
    assert f'"{picture.name}", "Wall"' in markup


def test_code_that_shows_how_to_write_a_picture_shows_none(notebook: Make, shelf: Shelf) -> None:
    text = "```\n<img src='pictures/quay wall.png'> ![x](pictures/quay%20wall.png)\n```"
    chapter = build_chapter(notebook(["# Title", text])["cells"], name="50-x", shelf=shelf)
    (html,) = convert_fragments([chapter], "html")
    assert "<img" not in html
    assert "&lt;img src" in html


def test_of_raw_html_beside_a_picture_nothing_else_is_left(notebook: Make, shelf: Shelf) -> None:
    text = "a <b>b</b> <script>alert(1)</script> <img src='nothing.png'> <y> c"
    chapter = build_chapter(notebook(["# Title", text])["cells"], name="50-x", shelf=shelf)
    (html,) = convert_fragments([chapter], "html")
    assert not [mark for mark in ("<script", "<img", "<y>", "<b>") if mark in html]


def test_the_author_is_told_which_notebook_and_cell_has_the_wrong_link(
    notebook: Make, shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    made = notebook(["# Title", "![Secret](../../secret.png)", "![](pictures/quay%20wall.png)"])
    made["cells"].insert(1, {"cell_type": "code", "metadata": {"tags": ["injected-parameters"]}})
    made["cells"][1] |= {"source": "x = 1", "outputs": []}
    with caplog.at_level(logging.WARNING):
        chapter = build_chapter(made["cells"], name="50-x", shelf=shelf)
    outside, nameless = caplog.messages
    assert outside.startswith("50-x, cell 2: the picture is outside of the folder of notebooks")
    assert nameless.startswith("50-x, cell 3: a picture has no description")
    html = "".join(convert_fragments([chapter], "html"))
    assert "<em>Secret</em>" in html
    assert html.count("<img") == 1


def test_one_fragments_pictures_are_not_anothers() -> None:
    picture = find_picture("data:image/svg+xml,%3Csvg/%3E", shelf=None, attachments={})
    first = Fragment("![a](x.svg)", pictures=(("x.svg", picture),))
    texts = convert_fragments([Chapter("T", "t", (first, Fragment("![b](x.svg)")))], "html")
    assert ["<img" in text for text in texts] == [True, False]
