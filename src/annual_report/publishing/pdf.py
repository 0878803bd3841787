"""A document as PDF: tagged, archivable, the same bytes every time."""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from logging import getLogger
from pathlib import Path

import typst

from annual_report.errors import PublishingError
from annual_report.exhibits.look.characters import break_long_words, clean_lines, clean_text
from annual_report.exhibits.look.tokens import FAMILIES, FONTS, TOKENS
from annual_report.exhibits.model import Figure, Heading, Prose, Table
from annual_report.exhibits.rendering.typst import (
    Literal,
    render_numbers,
    render_typst,
    write_literal,
)
from annual_report.publishing.blocks import (
    Block,
    Chapter,
    Fragment,
    Notice,
    Picture,
    Plain,
    Register,
)
from annual_report.publishing.document import (
    Document,
    drop_dead_links,
    list_anchors,
    order_headings,
    pair_halves,
)
from annual_report.publishing.fragments import convert_fragments
from annual_report.publishing.pictures import set_in_dots
from annual_report.publishing.typefaces import mark_undrawn, replace_undrawn

STANDARDS: tuple[tuple[str, list[typst.PDFStandard]], ...] = (
    ("PDF/UA-1 and PDF/A-2a", ["a-2a", "ua-1"]),
    ("PDF/A-2b", ["a-2b"]),
    ("no standard for archives", []),
)
"""What a PDF keeps to: the first of these that accepts the document."""

_LOG = getLogger(__name__)

_SHORT = 600
"""Texts of at most so many characters are the introduction to the exhibit after them."""

_LINE = 100
"""A paragraph takes at least the room of so many characters."""

_TEMPLATES = tuple(
    Path(__file__).parent / "typst" / f"{name}.typ" for name in ("palette", "tables", "template")
)


def render_pdf(document: Document, *, fonts: Sequence[Path] = ()) -> bytes:
    """Render a document as PDF/UA-1 and PDF/A-2a, or as the next best that accepts it.

    A character that no font draws is printed as �. What is not as it should be is told as a
    warning of this module's logger.

    Parameters
    ----------
    fonts
        Folders with further fonts, for scripts that the package's fonts lack.

    Raises
    ------
    PublishingError
        If Typst refuses the document, with the chapter in which it does.
    """
    chapters = [order_headings(chapter) for chapter in document.chapters]
    pictures = Pictures(tuple(fonts))
    front = _write_front(document, tuple(fonts))
    bodies = list(_write_chapters(document, chapters, pictures))
    if document.contents:
        bodies.append(_write_numbers(chapters))
    places = (document.title, *(chapter.title for chapter in chapters), "the figures")
    parts = list(replace_undrawn(zip(places, (front, *bodies), strict=False), fonts))
    with tempfile.TemporaryDirectory() as folder:
        for name, data in pictures.files.items():
            (Path(folder) / name).write_bytes(data)
        (Path(folder) / "main.typ").write_text("\n".join(parts), encoding="utf-8")
        try:
            return _compile(Path(folder), document, tuple(fonts))
        except typst.TypstError as fault:
            raise PublishingError(
                "the PDF could not be made; the HTML says the same",
                where=_find_place(fault, dict(zip(places, parts, strict=False))),
                found=fault.message,
                do="leave out what was added last to this part, and tell the package's authors",
            ) from None


def _compile(folder: Path, document: Document, fonts: tuple[Path, ...]) -> bytes:
    """Compile the document for the strongest standard that accepts it."""
    compiler = typst.Compiler(folder / "main.typ", root=folder, font_paths=_find_fonts(fonts))
    stamp = dt.datetime.combine(document.published, dt.time(), dt.UTC)
    for name, standards in STANDARDS:
        try:
            pdf = compiler.compile(format="pdf", pdf_standards=standards, timestamp=stamp)
        except typst.TypstError as fault:
            if not standards or "PDF/" not in fault.message:
                raise
            reason = fault.message
            continue
        if standards != STANDARDS[0][1]:
            _LOG.warning(
                "the PDF of %s keeps to %s, and not to %s: %s",
                *(document.title, name, STANDARDS[0][0], reason),
            )
        break
    assert isinstance(pdf, bytes)
    return pdf


def _find_place(fault: typst.TypstError, parts: Mapping[str, str]) -> str | None:
    """Name the part of the document that Typst stumbled over."""
    found = re.search(r"main\.typ:(\d+)", fault.diagnostic or "")
    ends = accumulate(text.count("\n") + 1 for text in parts.values())
    places = zip(parts, ends, strict=True)
    return next((place for place, end in places if found and int(found[1]) <= end), None)


@dataclass(frozen=True)
class Pictures:
    """The pictures of a document, which lie beside its source."""

    fonts: tuple[Path, ...]
    files: dict[str, bytes] = field(default_factory=dict)

    def add(self, picture: Picture) -> str:
        """Take in a picture; return the name of its file.

        A drawing with words that the PDF cannot have becomes a picture of dots.
        """
        if picture.suffix == "svg":
            drawn = mark_undrawn(picture.data.decode(errors="replace"), self.fonts)
            dots = set_in_dots(drawn, _find_fonts(self.fonts), STANDARDS[0][1])
            if dots is not None:
                picture = Picture(dots, "png", picture.alt)
        self.files[picture.name] = picture.data
        return picture.name


@cache
def _find_fonts(folders: tuple[Path, ...]) -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,  # for mathematics only
        font_paths=[str(folder) for folder in (FONTS, *folders)],
    )


@cache
def _list_families(folders: tuple[Path, ...]) -> tuple[str, ...]:
    """List the families that the editors have added; they come after the package's own."""
    added = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(folder) for folder in folders],
    )
    return tuple(sorted(set(added.families()) - set(FAMILIES)))


def _write_front(document: Document, fonts: tuple[Path, ...]) -> str:
    colours = ", ".join(f'"{token.name}": rgb("{token.light}")' for token in TOKENS)
    lines = [
        f"#let tokens = ({colours})",
        f"#let edition = {write_literal(_describe(document, fonts))}",
        *(path.read_text(encoding="utf-8") for path in _TEMPLATES),
        "#show: report",
    ]
    lines += ["#cover()"] if document.cover else []
    lines += ["#contents()"] if document.contents else []
    return "\n".join(lines)


def _write_chapters(
    document: Document, chapters: Sequence[Chapter], pictures: Pictures
) -> Iterator[str]:
    anchors = frozenset(list_anchors(document))
    fragments = [b for chapter in chapters for b in chapter.blocks if isinstance(b, Fragment)]
    converted = convert_fragments(chapters, "typst", anchors)
    texts = {id(b): text for b, text in zip(fragments, converted, strict=True)}
    framed = frozenset(place for place, text in texts.items() if "#frame(" in text)
    for before, chapter in zip((None, *chapters), chapters, strict=False):
        title = write_literal(break_long_words(clean_text(chapter.title)))
        kinds = "[Chapter], [Exhibit]" if chapter.part == "chapter" else "[Profile], [Of a profile]"
        heading, exhibit = kinds.split(", ")
        flows = write_literal(_flows(before, chapter))
        lines = [
            f"#set figure(supplement: {exhibit})",
            f"#chapter({title}, {write_literal(chapter.anchor)}, {heading}, flows: {flows})",
        ]
        groups = list(pair_halves(chapter.blocks))
        introductions = _find_introductions(groups, framed)
        for place, group in enumerate(groups):
            figure = _find_figure(groups, introductions, place)
            if figure is not None:
                lines.append(f"#before({write_literal(figure.id)})")
            words = [
                _write_block(drop_dead_links(block, anchors), texts, pictures) for block in group
            ]
            text = _place_words(group, words)
            lines.append(_introduce(text) if place in introductions else text)
        yield "\n".join(lines)


def _find_introductions(
    groups: Sequence[Sequence[Block]], framed: frozenset[int] = frozenset()
) -> set[int]:
    """Find the short texts that lead to an exhibit, and should share its page.

    What has a table in it (``framed``, by identity) may need pages of its own.
    """
    found: set[int] = set()
    room = 0
    for place in reversed(range(len(groups))):
        block = groups[place][0]
        if isinstance(block, (Table, Figure)):
            room = _SHORT
            continue
        room -= _SHORT + 1 if id(block) in framed else _measure_text(block)
        if room >= 0 and not isinstance(block, Heading):
            found.add(place)
        if isinstance(block, Heading) or (isinstance(block, Fragment) and block.text[:1] == "#"):
            room = 0  # what stands above a heading leads to nothing below it
    return found


def _find_figure(
    groups: Sequence[Sequence[Block]], introductions: set[int], place: int
) -> Figure | None:
    """Find the figure that this group introduces or is, unless an earlier group does so."""

    def leads(at: int) -> bool:
        return at in introductions or isinstance(groups[at][0], Heading)

    if place and leads(place - 1):
        return None
    while place < len(groups) - 1 and leads(place):
        place += 1
    found = groups[place][0]
    return found if isinstance(found, Figure) and not found.half else None


def _measure_text(block: Block) -> int:
    """How long a text is that may introduce an exhibit; what may not is too long."""
    if isinstance(block, Fragment):
        return sum(max(len(part), _LINE) for part in block.text.split("\n\n"))
    if isinstance(block, Heading):
        return _LINE
    if isinstance(block, Prose) and block.role != "lead":
        return sum(max(_LINE, sum(len(run.text) for run in runs)) for runs in block.paragraphs)
    return _SHORT + 1


def _introduce(text: str) -> str:
    return f"#introduction(headed: {write_literal(text.startswith('='))})[\n{text}\n]"


def _write_numbers(chapters: Sequence[Chapter]) -> str:
    """Write the numbers behind the figures: on paper no drawing opens to show its table."""
    exhibits = [
        (chapter, block)
        for chapter in chapters
        for block in chapter.blocks
        if isinstance(block, (Table, Figure))
    ]
    found = [
        (f"Exhibit {number}{f', {chapter.title}' if chapter.part == 'profile' else ''}", exhibit)
        for number, (chapter, exhibit) in enumerate(exhibits, 1)
        if isinstance(exhibit, Figure)
    ]
    return render_numbers(found) if found else ""


def _flows(before: Chapter | None, chapter: Chapter) -> bool:
    """Whether a profile shares a page with the one before it, as one of the two is brief."""
    if before is None or before.part != "profile" or chapter.part != "profile":
        return False
    return _is_brief(before) or _is_brief(chapter)


def _is_brief(chapter: Chapter) -> bool:
    """Whether a profile is no more than a paragraph, and needs no page of its own."""
    return len(chapter.blocks) <= 1


def _place_words(group: Sequence[Block], words: Sequence[str]) -> str:
    if len(words) == 2:
        return f"#pair([{words[0]}], [{words[1]}])"
    is_half = isinstance(group[0], Figure) and group[0].half
    return f"#lone[{words[0]}]" if is_half else words[0]


def _describe(document: Document, fonts: tuple[Path, ...]) -> dict[str, Literal]:
    """Give the template what it prints around the chapters."""
    date = document.published
    words = {
        "title": document.title,
        "kicker": document.kicker,
        "headline": document.headline or document.title,
        "subtitle": document.subtitle,
        "status": document.status,
        "publisher": document.publisher,
    }
    return {
        **{name: break_long_words(clean_text(text)) for name, text in words.items()},
        "language": document.language,
        "paper": document.paper,
        "published": {"year": date.year, "month": date.month, "day": date.day},
        "motif": document.motif,
        "fonts": [*FAMILIES, *_list_families(fonts)],
    }


def _write_block(block: Block, texts: Mapping[int, str], pictures: Pictures) -> str:
    match block:
        case Fragment():
            text = texts[id(block)]
            for _, picture in block.pictures:
                text = text.replace(picture.name, pictures.add(picture))
            return f"{text}\n"  # two in a row are two paragraphs
        case Picture():
            name = pictures.add(block)
            alt = write_literal(clean_text(block.alt))
            return f"#picture({write_literal(name)}, {alt})"
        case Plain():
            text = clean_lines(block.text)
            text = break_long_words(text) if block.wraps else text
            return f"#plain({write_literal(text)}, {block.width})"
        case Notice():
            lines = [break_long_words(clean_text(line)) for line in block.lines]
            return f"#notice({write_literal(block.title)}, {write_literal(lines)})"
        case Register():
            entries = [[clean_text(e.name), clean_text(e.note), e.stem] for e in block.entries]
            return f"#register({write_literal(entries)})"
        case _:
            return render_typst(block)
