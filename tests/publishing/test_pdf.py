from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pikepdf
import pypdfium2
import pytest
from tests.publishing import hostile

from annual_report.errors import PublishingError
from annual_report.exhibits.look.canvas import new_figure, to_svg
from annual_report.exhibits.model import Figure, Grid, Table, TableColumn
from annual_report.publishing.blocks import Chapter, Fragment, Notice, Picture, Plain
from annual_report.publishing.document import Document
from annual_report.publishing.page import render_page
from annual_report.publishing.pdf import render_pdf

SCRIPTS = (
    "ท่าเรือแหลมฉบัง น้ำ", "ນະຄອນຫຼວງ ກຳ", "ភ្នំពេញ", "ရန်ကုန်မြို့", "मुंबई औद्योगिक क्षेत्र हिन्दी", "চট্টগ্রাম",
    "ਪੰਜਾਬ", "ગુજરાત ક્ષ", "ଓଡ଼ିଶା", "தமிழ்நாடு கொ", "విశాఖపట్నం", "ಕರ್ನಾಟಕ", "കേരളം ക്ഷ",
    "ශ්‍රී ලංකා", "አዲስ አበባ", "울산 산업단지", "天津 東京", "თბილისი", "Հայաստան",
    "ميناء العقبة لا (2023)", "חיפה שָׁלוֹם (2023)", "Đà Nẵng", "👍🚀",
)  # fmt: skip
WATER = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 40">'
    '<text x="5" y="20" font-family="Annual Report Thai">น้ำ</text></svg>'
).encode()
STIX = Path(mpl.get_data_path()) / "fonts" / "ttf"


@pytest.fixture(scope="module")
def book(pdf: bytes) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        yield opened


def walk(element: Any) -> Iterator[pikepdf.Dictionary]:
    """Walk the structure tree, parents first."""
    if isinstance(element, pikepdf.Array):
        for child in element:
            yield from walk(child)
    elif isinstance(element, pikepdf.Dictionary) and ("/S" in element or "/K" in element):
        yield element
        if "/K" in element:
            yield from walk(element.K)


def list_tags(book: pikepdf.Pdf) -> list[pikepdf.Dictionary]:
    return [e for e in walk(book.Root.StructTreeRoot) if "/S" in e]


def list_fonts(book: pikepdf.Pdf) -> list[pikepdf.Dictionary]:
    fonts = {}
    pending: list[Any] = [page.get("/Resources") for page in book.pages]
    while pending:
        resources = pending.pop()
        if resources is None:
            continue
        for name, font in resources.get("/Font", {}).items():
            fonts[font.objgen, name] = font
        pending += [form.get("/Resources") for form in resources.get("/XObject", {}).values()]
    return list(fonts.values())


def read_standards(pdf: bytes) -> tuple[str | None, ...]:
    """Read which parts of PDF/UA and PDF/A a file claims, and how far it conforms."""
    with pikepdf.open(io.BytesIO(pdf)) as book, book.open_metadata() as metadata:
        names = ("pdfuaid:part", "pdfaid:part", "pdfaid:conformance")
        return tuple(metadata.get(name) for name in names)


def draw(text: str) -> Figure:
    with new_figure(height=20) as figure:
        figure.text(0.25, 0.5, text)
        svg = to_svg(figure)
    columns = (TableColumn(name="a", label="A"),)
    return Figure(
        id=f"f{hashlib.sha256(text.encode()).hexdigest()}", title="A drawing", source="x", svg=svg,
        alt="A drawing with a text in it", grid=Grid(columns=columns, rows=((text,),)),
    )  # fmt: skip


def list_bookmarks(book: pikepdf.Pdf) -> list[str]:
    with book.open_outline() as outline:
        return [item.title for item in outline.root]


def test_it_says_that_it_is_accessible_and_archivable(book: pikepdf.Pdf) -> None:
    with book.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
        assert metadata["dc:title"] == "Annual report 2023"
    assert bool(book.Root.MarkInfo.Marked)
    assert str(book.Root.Lang) == "en"
    assert bool(book.Root.ViewerPreferences.DisplayDocTitle)


def test_headings_are_in_order_and_none_is_skipped(book: pikepdf.Pdf) -> None:
    levels = [int(str(tag.S)[2:]) for tag in list_tags(book) if re.fullmatch(r"/H\d", str(tag.S))]
    assert levels[0] == 1
    assert set(levels) == {1, 2, 3}
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_figure_has_words(book: pikepdf.Pdf) -> None:
    figures = [tag for tag in list_tags(book) if str(tag.S) == "/Figure"]
    assert len(figures) >= 9
    assert all(len(str(figure.get("/Alt", ""))) >= 3 for figure in figures)


def test_tables_have_heads(book: pikepdf.Pdf) -> None:
    for table in (tag for tag in list_tags(book) if str(tag.S) == "/Table"):
        assert [str(tag.S) for tag in walk(table.K)].count("/TH") >= 1


def test_no_font_is_type_3_and_all_are_embedded(book: pikepdf.Pdf) -> None:
    fonts = list_fonts(book)
    assert fonts
    for font in fonts:
        assert font.Subtype != "/Type3"
        for descendant in font.get("/DescendantFonts", []):
            assert {"/FontFile2", "/FontFile3"} & set(descendant.FontDescriptor.keys())


def test_a_sign_in_a_drawing_does_not_change_the_type_of_the_words_beside_it() -> None:
    with new_figure(height=20) as figure:
        figure.text(0, 0.5, "16 → 14 ▲ off track")
        svg = to_svg(figure)
    drawn = Figure(
        id="f", title="A sign", source="x", svg=svg, alt="A sign and words beside it",
        grid=Grid(columns=(TableColumn(name="a", label="A"),), rows=(("x",),)),
    )  # fmt: skip
    document = Document("T", (Chapter("A", "a", (drawn,)),), contents=False)
    with pikepdf.open(io.BytesIO(render_pdf(document))) as opened:
        signs = [font for font in list_fonts(opened) if "Symbols" in str(font.BaseFont)]
        letters = [font.ToUnicode.read_bytes().lower() for font in signs]
    assert letters
    assert all(b"<25b2>" in known and b"<006f>" not in known for known in letters)


def test_bookmarks_are_the_chapters(book: pikepdf.Pdf, document: Document) -> None:
    titles = [chapter.title for chapter in document.chapters]
    assert list_bookmarks(book) == ["Contents", *titles, "Numbers behind the figures"]


def test_the_same_document_gives_the_same_bytes(document: Document, pdf: bytes) -> None:
    assert render_pdf(document) == pdf


def test_it_bears_the_date_of_the_edition(book: pikepdf.Pdf) -> None:
    assert str(book.docinfo["/CreationDate"]).startswith("D:20240501")


@pytest.mark.parametrize(("paper", "size"), [("a4", (595, 842)), ("us-letter", (612, 792))])
def test_the_paper_is_the_editions(document: Document, paper: Any, size: tuple[int, int]) -> None:
    small = replace(document, paper=paper, chapters=document.chapters[:1])
    with pikepdf.open(io.BytesIO(render_pdf(small))) as opened:
        for page in opened.pages:
            assert (round(page.mediabox[2]), round(page.mediabox[3])) == size


def test_a_character_without_a_font_is_replaced_and_told_with_its_place(
    read_text: Callable[[bytes], str], caplog: pytest.LogCaptureFixture
) -> None:
    name = "name: ᎣᏏᏲ!"
    document = Document("T", (Chapter("Kessel", "k", (Plain(name), draw(name))),))
    text = read_text(render_pdf(document))
    assert text.count("name: \ufffd\ufffd\ufffd!") >= 2  # in the text and in the drawing
    [told] = caplog.messages
    assert told.startswith("Kessel: no font here has Ꭳ (U+13A3, Cherokee letter o), ")
    assert "into data/fonts" in told


@pytest.mark.parametrize("text", SCRIPTS)
def test_a_name_in_any_script_is_printed_and_keeps_the_standards(
    text: str, read_text: Callable[[bytes], str], caplog: pytest.LogCaptureFixture
) -> None:
    table = Table(id="t", title="A name", source="x", grid=draw(text).grid)
    document = Document(text, (Chapter(text, "k", (table, draw(text))),), headline=text)
    pdf = render_pdf(document)
    assert caplog.messages == []
    assert read_standards(pdf) == ("1", "2", "A")
    shown = Counter(hostile.squeeze(read_text(pdf)))
    assert "\ufffd" not in shown
    for letter, times in Counter(hostile.squeeze(text)).items():
        assert shown[letter] >= 4 * times  # on the cover, as a head, in the table, over the drawing


def test_words_over_a_drawing_stand_where_its_own_letters_do() -> None:
    pdf = render_pdf(Document("T", (Chapter("A", "a", (draw("नमः"), draw("qqq"))),)))
    found = {}
    with pypdfium2.PdfDocument(pdf) as book:
        for page in book:
            text = page.get_textpage()
            for n in range(text.count_chars()):
                found.setdefault(text.get_text_range(n, 1), text.get_charbox(n))
    assert abs(found["न"][0] - found["q"][0]) < 1.5


def test_a_drawing_of_a_notebook_in_such_a_script_becomes_dots() -> None:
    pdf = render_pdf(Document("T", (Chapter("A", "a", (Picture(WATER, "svg", "Water"),)),)))
    assert read_standards(pdf) == ("1", "2", "A")
    with pikepdf.open(io.BytesIO(pdf)) as book:
        found = [page.Resources.get("/XObject", {}).values() for page in book.pages]
        assert [str(each.Subtype) for group in found for each in group] == ["/Image"]


def test_what_the_standards_refuse_keeps_to_a_weaker_one_and_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("annual_report.publishing.pdf.set_in_dots", lambda *_: None)
    pdf = render_pdf(Document("T", (Chapter("A", "a", (Picture(WATER, "svg", "Water"),)),)))
    assert read_standards(pdf) == (None, "2", "B")
    [told] = caplog.messages
    assert told.startswith("the PDF of T keeps to PDF/A-2b, and not to PDF/UA-1 and PDF/A-2a: ")


def test_a_font_of_the_editors_draws_what_the_package_cannot(
    tmp_path: Path, read_text: Callable[[bytes], str]
) -> None:
    document = Document("T", (Chapter("A", "a", (Plain("𝒜 and 𝕭"),)),))
    assert "\ufffd and \ufffd" in read_text(render_pdf(document, fonts=(tmp_path,)))
    fonts = tmp_path / "fonts"
    fonts.mkdir()
    (fonts / "stix.ttf").write_bytes((STIX / "STIXGeneral.ttf").read_bytes())
    with pikepdf.open(io.BytesIO(render_pdf(document, fonts=(fonts,)))) as opened:
        names = {str(font.BaseFont) for font in list_fonts(opened)}
    assert any("STIX" in name for name in names)
    page = render_page(document, fonts=(fonts,))
    assert "@font-face{font-family:'Annual Report Added'" in page
    assert "unicode-range:U+1D49C,U+1D56D" in page


def test_two_places_with_one_anchor_are_refused() -> None:
    chapters = (Chapter("A", "same", (), origin="a.ipynb"), Chapter("B", "same", (), origin="b"))
    with pytest.raises(PublishingError, match="'same'") as refused:
        render_pdf(Document("T", chapters))
    assert refused.value.where == "a.ipynb and b"


def test_a_document_that_typst_refuses_is_told_in_one_sentence_with_its_chapter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "annual_report.publishing.pdf.convert_fragments", lambda *_: ['#panic("why")']
    )
    chapters = (Chapter("A", "a", (Plain("1"),)), Chapter("B", "b", (Fragment("x"),)))
    with pytest.raises(PublishingError, match="the PDF could not be made") as refused:
        render_pdf(Document("T", (*chapters, Chapter("C", "c", (Plain("1"),)))))
    assert refused.value.where == "B"
    assert "main.typ" not in str(refused.value)
    assert "#panic" not in str(refused.value)


def test_a_notice_stands_where_something_is_missing() -> None:
    notice = Notice("Not there", ("because",))
    document = Document("T", (Chapter("A", "a", (notice,)),), published=dt.date(2024, 1, 1))
    assert render_pdf(document).startswith(b"%PDF-1.7")
