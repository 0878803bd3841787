"""Returns with hostile text in every text field: the report builds, shows it, and nothing runs."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pikepdf
import pypdfium2
import pytest
import yaml
from tests.publishing import hostile

from annual_report.exhibits.look.characters import clean_text
from annual_report.framework import read_framework
from annual_report.project import Project
from annual_report.running.run import run_edition
from annual_report.survey.form.layout import CLUSTER_NAME, plan_layout

EDITION = "example"
# What a cell cannot hold as it is stands there, and is shown, as Excel writes it
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
TEXTS = tuple(CONTROL.sub(lambda c: f"_x{ord(c[0]):04X}_", text) for text in hostile.HOSTILE)


def fill_return(path: Path, project: Project, place: int) -> int:
    """Put a hostile text into every text cell that has an answer, another one in each."""
    book = openpyxl.load_workbook(path)
    count = 0
    for key, slot in plan_layout(read_framework(project)).slots().items():
        is_text = slot.field == "comment" or (slot.item is not None and slot.item.kind == "text")
        if not is_text or key.startswith(CLUSTER_NAME) or slot.sheet not in book.sheetnames:
            continue
        cell = book[slot.sheet][slot.cell]
        is_table = key.count(".") == 2
        if cell.value is None and is_table:
            continue
        cell.value = TEXTS[(count + place) % len(TEXTS)]
        cell.data_type = "s"
        count += 1
    book.save(path)
    return count


@pytest.fixture(scope="module")
def project(
    root: Path,
    copy_project: Callable[[Path, Path], Project],
    tmp_path_factory: pytest.TempPathFactory,
) -> Project:
    """As many clusters as there are texts, so that each field has held each of them."""
    project = copy_project(root, tmp_path_factory.mktemp("hostile"))
    path = project.editions / f"{EDITION}.yaml"
    edition = yaml.safe_load(path.read_text(encoding="utf-8"))
    edition["clusters"] = edition["clusters"][: len(TEXTS)]
    edition["previous"] = None
    path.write_text(json.dumps(edition, default=str), encoding="utf-8")
    kept = {cluster["id"] for cluster in edition["clusters"]}
    filled = 0
    for workbook in sorted(project.raw(EDITION).glob("*")):
        if workbook.suffix == ".xlsx" and workbook.stem in kept:
            filled += fill_return(workbook, project, place=len(kept))
            kept.remove(workbook.stem)
        else:
            workbook.unlink()
    project.corrections(EDITION).unlink(missing_ok=True)
    assert filled > 1000
    result = run_edition(project, EDITION)
    assert [f"{f.step}: {f.reason}" for f in result.failures] == []
    return project


def list_pages(project: Project) -> list[Path]:
    folder = project.reports(EDITION)
    return [folder / "annual-report.html", *sorted(folder.glob("clusters/*.html"))]


@pytest.mark.long
def test_on_the_screen_every_text_is_text(project: Project) -> None:
    for path in list_pages(project):
        page = path.read_text(encoding="utf-8")
        read = hostile.Reader(page[page.index("<main") : page.index("</main>")])
        assert not read.tags & {"script", "style", "iframe", "object", "form", "img", "input"}
        assert not {n for n in read.attributes if n.startswith("on") or n == "style"}
    shown = hostile.squeeze(html.unescape(list_pages(project)[0].read_text(encoding="utf-8")))
    for text in TEXTS:
        assert hostile.squeeze(clean_text(text)) in shown, text[:60]


@pytest.mark.long
def test_on_paper_every_text_is_text(project: Project) -> None:
    with pypdfium2.PdfDocument(project.reports(EDITION) / "annual-report.pdf") as book:
        pages = [page.get_textpage().get_text_range() for page in book]
    shown = hostile.squeeze("\n".join(pages))
    # The longest word has room on no page, so that it must go on over the next one
    assert max(page.count("W") for page in pages) < len(max(TEXTS, key=len))
    for text in TEXTS:
        if "م" not in text:  # read from right to left
            assert hostile.squeeze(clean_text(text))[:500] in shown, text[:60]


@pytest.mark.long
@pytest.mark.browser
def test_in_a_browser_nothing_runs_and_nothing_is_asked_for(project: Project, browser: Any) -> None:
    for path in list_pages(project)[:4]:
        context = browser.new_context()
        opened = context.new_page()
        told: list[str] = []
        opened.on("console", lambda message, told=told: told.append(message.text))
        opened.on("pageerror", lambda error, told=told: told.append(str(error)))
        opened.on("dialog", lambda dialog, told=told: (told.append("dialog"), dialog.dismiss()))
        opened.on("request", lambda request, told=told: told.append(request.url))
        opened.goto(path.as_uri())
        opened.set_viewport_size({"width": 320, "height": 640})
        assert opened.evaluate("document.documentElement.scrollWidth") <= 320
        context.close()
        assert [url for url in told if not url.startswith(("file:", "data:"))] == []


@pytest.mark.long
def test_in_the_annex_no_text_is_a_formula(project: Project) -> None:
    book = openpyxl.load_workbook(project.reports(EDITION) / "data-annex.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert cells
    assert [c.coordinate for c in cells if c.data_type == "f"] == []


@pytest.mark.long
def test_no_pdf_has_an_action_but_links(project: Project) -> None:
    for path in sorted(project.reports(EDITION).rglob("*.pdf")):
        with pikepdf.open(path) as book:
            assert "/OpenAction" not in book.Root
            assert "/AA" not in book.Root
            kinds = {
                str(note.A.S)
                for page in book.pages
                for note in page.get("/Annots", [])
                if "/A" in note
            }
            assert kinds <= {"/URI", "/GoTo"}, path.name
