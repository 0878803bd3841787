from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from annual_report.errors import PublishingError
from annual_report.exhibits.model import Figure, Prose, Table, Tiles
from annual_report.project import Project
from annual_report.publishing.blocks import Notice, Register
from annual_report.publishing.document import Document
from annual_report.publishing.report import (
    publish_html,
    publish_pdf,
    publish_profile,
    read_report,
)

Make = Callable[..., Project]
FAILURE = {"step": "x", "cluster": None, "notebook": None, "cell": None, "reason": "it broke"}


def write_failure(project: Project, **changes: str | None) -> None:
    path = project.processed("example") / "failures.json"
    path.write_text(json.dumps([{**FAILURE, **changes}]))


def squeeze(text: str) -> str:
    return re.sub(r"[\s\u200b\u00ad]+", "", text)


def test_profiles_come_by_name_between_the_chapters_below_80_and_the_others(
    document: Document,
) -> None:
    assert [chapter.anchor for chapter in document.chapters] == [
        "summary", "finance",
        "anvil-coast", "kessel-delta-port", "norrhavn-estuary", "without-profile",
        "outputs",
    ]  # fmt: skip


def test_a_silent_cluster_is_named(document: Document) -> None:
    (lacking,) = [c for c in document.chapters if c.anchor == "without-profile"]
    assert "Silent Bay" in repr(lacking.blocks)


def test_a_failed_cluster_is_left_out_and_its_reason_told(make_project: Make) -> None:
    project = make_project()
    write_failure(project, cluster="kessel-delta-port", notebook="02-progress.ipynb")
    chapters = {c.anchor: c for c in read_report(project, "example").chapters}
    assert "kessel-delta-port" not in chapters
    assert Notice(
        "These profiles could not be made", ("Kessel Delta Port: it broke",)
    ) in chapters["without-profile"].blocks  # fmt: skip


@pytest.mark.parametrize("failed", [True, False])
def test_a_missing_chapter_is_a_notice_and_not_silence(make_project: Make, failed: bool) -> None:
    project = make_project()
    source = project.notebooks / "report" / "40-finance.ipynb"
    source.parent.mkdir(parents=True)
    source.write_text("{}")
    (project.processed("example") / "notebooks" / "report" / "40-finance.ipynb").unlink()
    if failed:
        write_failure(project, notebook="40-finance.ipynb")
    (chapter,) = [c for c in read_report(project, "example").chapters if c.anchor == "finance"]
    reason = "it broke" if failed else "The notebook was not run."
    assert chapter.blocks == (Notice("This chapter could not be made", (reason,)),)


def test_a_new_notebook_is_a_new_chapter(make_project: Make) -> None:
    project = make_project()
    folder = project.processed("example") / "notebooks" / "report"
    (folder / "45-extra.ipynb").write_bytes((folder / "80-outputs.ipynb").read_bytes())
    (folder / "80-outputs.ipynb").unlink()
    assert [c.anchor for c in read_report(project, "example").chapters][2] == "extra"


def test_many_profiles_are_files_of_their_own(
    make_project: Make, read_text: Callable[[bytes], str]
) -> None:
    project = make_project(rules={"profiles_in_report": 2})
    (chapter,) = [c for c in read_report(project, "example").chapters if c.anchor == "profiles"]
    words, register = chapter.blocks
    assert isinstance(words, Prose)
    assert "the 3 profiles is a file of its own" in "".join(r.text for r in words.paragraphs[0])
    assert isinstance(register, Register)
    assert register.entries[0].note.startswith("Norway, joined 20")
    assert register.entries[0].stem == "clusters/anvil-coast"
    page = publish_html(project, "example").read_text()
    assert '<a href="clusters/anvil-coast.html">Anvil Coast</a>' in page
    assert publish_pdf(project, "example").is_file()


def test_a_broken_list_of_failures_is_named(make_project: Make) -> None:
    project = make_project()
    (project.processed("example") / "failures.json").write_text("[{}]")
    with pytest.raises(PublishingError, match="list of failures"):
        read_report(project, "example")


def test_both_outputs_are_the_same_bytes_in_another_folder(
    project: Project, make_project: Make
) -> None:
    other = make_project()
    for publish in (publish_html, publish_pdf):
        assert publish(project, "example").read_bytes() == publish(other, "example").read_bytes()


def test_nothing_is_left_beside_the_outputs(project: Project) -> None:
    folder = publish_html(project, "example").parent
    publish_profile(project, "example", "anvil-coast")
    assert {path.name for path in folder.iterdir()} <= {
        "annual-report.html", "annual-report.pdf", "clusters",
    }  # fmt: skip
    assert {p.name for p in (folder / "clusters").iterdir()} == {
        "anvil-coast.html", "anvil-coast.pdf",
    }  # fmt: skip


def test_a_failed_build_leaves_the_old_report(make_project: Make) -> None:
    project = make_project()
    path = publish_pdf(project, "example")
    before = path.read_bytes()
    broken = project.processed("example") / "notebooks" / "report" / "10-summary.ipynb"
    broken.write_text("not a notebook")
    with pytest.raises(PublishingError):
        publish_pdf(project, "example")
    assert path.read_bytes() == before
    assert {p.name for p in path.parent.iterdir()} == {"annual-report.pdf"}


def test_a_profile_is_all_that_ran_after_the_gathering(
    make_project: Make, notebook: Callable[..., dict[str, Any]]
) -> None:
    project = make_project()
    folder = project.processed("example") / "notebooks" / "anvil-coast"
    before = notebook(["# Not shown", "What was read."])
    before["metadata"].pop("annual_report")
    more = notebook(["# A visit", "Two of us went there."])
    for place in (folder, project.notebooks / "cluster"):
        (place / "02-progress.ipynb").write_text(json.dumps(before), encoding="utf-8")
        (place / "04-visit.ipynb").write_text(json.dumps(more), encoding="utf-8")
    page, _ = publish_profile(project, "example", "anvil-coast")
    combined = publish_html(project, "example")
    for text in (page.read_text(), combined.read_text()):
        assert text.count("Two of us went there.") == 1
        assert text.count('<h3 id="anvil-coast-visit">A visit</h3>') == 1
        assert "What was read." not in text
    (folder / "03-profile.ipynb").unlink()
    assert "Two of us went there." in publish_html(project, "example").read_text()


def test_a_profile_names_no_other_cluster(
    project: Project, read_text: Callable[[bytes], str]
) -> None:
    page, pdf = publish_profile(project, "example", "anvil-coast")
    for text in (page.read_text(), read_text(pdf.read_bytes())):
        assert "Anvil Coast" in text
        assert "Kessel" not in text
        assert "Norrhavn" not in text


def test_every_number_of_a_table_or_tile_is_in_both(
    document: Document, page: str, pdf: bytes, read_text: Callable[[bytes], str]
) -> None:
    on_paper, on_screen = squeeze(read_text(pdf)), squeeze(html.unescape(page))
    for chapter in document.chapters:
        for block in chapter.blocks:
            found = []
            if isinstance(block, (Table, Figure)):
                found = [cell for row in block.grid.rows for cell in row]
            elif isinstance(block, Tiles):
                found = [tile.number for tile in block.tiles]
            for cell in found:
                text = squeeze(cell if isinstance(cell, str) else cell.text)
                assert text in on_paper
                assert text in on_screen


def test_exhibits_have_the_same_numbers_in_both(
    page: str, pdf: bytes, read_text: Callable[[bytes], str]
) -> None:
    number_and_title = re.compile(
        r'<span class="no">Exhibit (\d+)</span> <span class="title">([^<]+)'
    )
    on_paper = squeeze(read_text(pdf))
    found = number_and_title.findall(page)
    assert [int(number) for number, _ in found] == list(range(1, len(found) + 1))
    for number, title in found:
        assert f"EXHIBIT{number}" in on_paper
        assert squeeze(html.unescape(title)) in on_paper


def test_every_page_has_its_number_and_the_status_of_the_data(
    pdf: bytes, read_text: Callable[[bytes], str]
) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as book:
        count = len(book.pages)
    pages = read_text(pdf).split("\f")[1:count]
    for number, text in enumerate(pages, 2):
        assert f"{number} of {count}" in text
        assert "Example data: fictional clusters" in text


def test_a_report_of_a_path_with_spaces_builds(tmp_path: Path, project: Project) -> None:
    odd = tmp_path / "a folder, ünïcode"
    odd.symlink_to(project.root)
    assert publish_pdf(Project(odd), "example").is_file()
