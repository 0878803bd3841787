"""A notebook with every kind of plain output, run as in a build, on a page and on paper."""

from __future__ import annotations

import ctypes
import json
import logging
import re
import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from tests.publishing.conftest import write_project

from annual_report.project import Project
from annual_report.publishing.exporters import HTMLExporter, PDFExporter
from annual_report.publishing.page import render_page
from annual_report.publishing.pdf import render_pdf
from annual_report.publishing.report import read_report
from annual_report.running.kernels.executing import run_notebook
from annual_report.running.kernels.limits import Limits

HERE = Path(__file__).parent / "notebooks"
NAME = "85-plain-outputs.ipynb"
SHOWN = 11
"""Pictures that the notebook shows: five figures, and six times one that lies beside it."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A small project with that notebook as its last chapter."""
    project = write_project(tmp_path_factory.mktemp("plain") / "project")
    shutil.copytree(HERE, project.notebooks / "report", dirs_exist_ok=True)
    run_notebook(
        project.notebooks / "report" / NAME,
        find_executed(project),
        name=NAME,
        parameters={"edition": "example"},
        limits=Limits(),
        environment={},
    )
    return project


def find_executed(project: Project) -> Path:
    return project.processed("example") / "notebooks" / "report" / NAME


@pytest.fixture(scope="module")
def page(project: Project) -> str:
    html, _ = HTMLExporter().from_filename(str(find_executed(project)))
    return str(html)


@pytest.fixture(scope="module")
def pdf(project: Project) -> Iterator[pypdfium2.PdfDocument]:
    data, _ = PDFExporter().from_filename(str(find_executed(project)))
    with pypdfium2.PdfDocument(data) as document:
        yield document


@pytest.fixture(scope="module")
def paper(pdf: pypdfium2.PdfDocument) -> str:
    return "\n".join(page.get_textpage().get_text_range() for page in pdf)


def test_no_output_is_what_python_calls_a_plot(page: str, paper: str) -> None:
    executed = "FacetGrid at 0x", "Axes: ", "Line2D", "Figure size", "BarContainer"
    for words in executed:
        assert words not in page
        assert words not in paper


def test_powers_are_powers(page: str, paper: str) -> None:
    assert "mathdefault" not in page
    assert "mathdefault" not in paper
    assert {"10³", "10⁻²"} <= set(paper.split())


def find_last(sheet: pypdfium2.PdfPage, word: str) -> list[float]:
    """Find where the letters of a word begin, the last time that it stands on a page."""
    text = sheet.get_textpage()
    search, place = text.search(word), (0, 0)
    while found := search.get_next():
        place = found
    x, y = ctypes.c_double(), ctypes.c_double()
    letters = []
    for at in range(place[0], sum(place)):
        pypdfium2.raw.FPDFText_GetCharOrigin(text, at, x, y)
        letters.append(x.value)
    return letters


def test_what_was_printed_stands_in_columns(pdf: pypdfium2.PdfDocument, page: str) -> None:
    assert "<pre>       port   jobs  share\n0     Anvil    120   0.10\n" in page
    words = {word: find_last(pdf[0], word) for word in ("share", "0.10", "0.25", "0.65")}
    assert {len(word): len(letters) for word, letters in words.items()} == {5: 5, 4: 4}
    ends = [letters[-1] for letters in words.values()]
    assert ends == pytest.approx([ends[0]] * 4, abs=0.1)
    steps = {round(after - before, 1) for w in words.values() for before, after in pairwise(w)}
    assert max(steps) - min(steps) <= 0.1


def test_a_long_printed_line_stays_on_the_page(pdf: pypdfium2.PdfDocument, page: str) -> None:
    assert '<pre class="wraps">A line\nand a very long sentence' in page
    for sheet in pdf:
        text = sheet.get_textpage()
        boxes = [text.get_charbox(at) for at in range(text.count_chars())]
        assert max(right for _, _, right, _ in boxes) < sheet.get_width() - 50


def test_pictures_beside_the_notebook_and_attached_ones_are_in_both(
    page: str, pdf: pypdfium2.PdfDocument
) -> None:
    assert not re.search(r'<img src="(?!data:image/)', page)
    for alt in ("A wall of blue stones", "small", "stones", "The wall once more", "Attached"):
        assert re.search(rf'<img src="data:image/png;base64,[^"]+"[^>]* alt="{alt}"', page)
    raster = pypdfium2.raw.FPDF_PAGEOBJ_IMAGE
    images = [one for sheet in pdf for one in sheet.get_objects(filter=[raster], max_depth=5)]
    assert len(images) == 3 + 4 + 1 + 1  # plots, the wall, the attachment, the one without words


def test_a_styler_has_its_caption_and_colours_in_both(page: str, paper: str) -> None:
    assert "<caption>Jobs by port</caption>" in page
    assert "Jobs by port" in paper
    (name,) = set(re.findall(r'class="(cell-08306b-[^"]+)"', page))
    assert f".ar .{name}:is(td,th){{background:#08306b;color:#f1f1f1}}" in page


def test_the_author_is_told_of_each_picture_that_lacks_something(
    project: Project, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "annual_report"):
        HTMLExporter().from_filename(str(find_executed(project)))
    source = json.loads((HERE / NAME).read_text(encoding="utf-8"))["cells"]
    told = [message for message in caplog.messages if message.startswith("85-plain-outputs, cell ")]
    numbers = [int(re.findall(r"cell (\d+)", message)[0]) for message in told]
    first, *others = ["".join(source[number - 1]["source"]) for number in numbers]
    assert "relplot" in first
    assert "#| alt:" in told[0]
    assert len(others) == 3
    assert all("secret.png" in text for text in others)
    assert [word in " ".join(told) for word in ("../../secret.png", "example.org")] == [True, True]


def test_no_alternative_text_is_what_python_calls_the_object(page: str) -> None:
    alts = re.findall(r'<img [^>]*alt="([^"]*)"', page)
    assert len(alts) == SHOWN
    assert "Jobs by port on a scale of powers: Anvil 120, Kessel 4,500, Norrhavn 38,000" in alts
    assert "A line that rises from one to three" in alts
    assert [alt for alt in alts if not alt or "Figure size" in alt or "<" in alt] == []


def test_the_report_shows_the_same_as_the_exporters(
    project: Project, page: str, paper: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = read_report(project, "example")
    whole = render_page(document)
    chapter = re.search(r'<section class="chapter" id="plain-outputs".*?</section>', whole, re.S)
    assert chapter
    assert chapter[0] in page
    with pypdfium2.PdfDocument(render_pdf(document)) as pdf:
        text = "\n".join(sheet.get_textpage().get_text_range() for sheet in pdf)
    assert set(paper.split()) - {"of"} <= set(text.split()) | set(map(str, range(9)))


@pytest.mark.browser
def test_pictures_lie_on_a_light_card_on_a_dark_screen(
    page: str, browser: Any, tmp_path: Path
) -> None:
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    for scheme, padding in (("light", "0px"), ("dark", "10px")):
        opened = browser.new_page(color_scheme=scheme, viewport={"width": 390, "height": 800})
        opened.goto((tmp_path / "page.html").as_uri())
        images = opened.locator("main img").evaluate_all(
            "all => all.map(i => [getComputedStyle(i).paddingTop, i.naturalWidth > 0])"
        )
        assert images == [[padding, True]] * SHOWN
        assert opened.evaluate("document.documentElement.scrollWidth") == 390
        opened.close()
