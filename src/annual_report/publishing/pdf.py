"""A document as PDF: tagged, archivable, the same bytes every time."""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import typst

from annual_report.errors import PublishingError
from annual_report.exhibits.characters import break_long_words, clean_lines, clean_text
from annual_report.exhibits.model import Figure, Heading, Prose, Table
from annual_report.exhibits.tokens import FAMILIES, FONTS, TOKENS
from annual_report.exhibits.typst import Literal, render_numbers, render_typst, write_literal
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
from annual_report.publishing.typefaces import check_glyphs

STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]

_SHORT = 600
"""Texts of at most so many characters are the introduction to the exhibit after them."""

_LINE = 100
"""A paragraph takes at least the room of so many characters."""

_TEMPLATE = Path(__file__).parent / "typst" / "template.typ"


def render_pdf(document: Document, *, fonts: Sequence[Path] = ()) -> bytes:
    """Render a document as PDF/UA-1 and PDF/A-2a.

    Parameters
    ----------
    fonts
        Folders with further fonts, for scripts that the package's fonts lack.

    Raises
    ------
    PublishingError
        If Typst refuses the document, with Typst's own reason.
    """
    chapters = [order_headings(chapter) for chapter in document.chapters]
    pictures: dict[str, bytes] = {}
    front = _write_front(document, tuple(fonts))
    bodies = list(_write_chapters(document, chapters, pictures))
    if document.contents:
        bodies.append(_write_numbers(chapters))
    places = (document.title, *(chapter.title for chapter in chapters), "the figures")
    check_glyphs(zip(places, (front, *bodies), strict=False), fonts)
    with tempfile.TemporaryDirectory() as folder:
        for name, data in pictures.items():
            (Path(folder) / name).write_bytes(data)
        source = "\n".join((front, *bodies))
        return _compile(source, Path(folder), document.published, tuple(fonts))


def _compile(source: str, folder: Path, published: dt.date, fonts: tuple[Path, ...]) -> bytes:
    main = folder / "main.typ"
    main.write_text(source, encoding="utf-8")
    stamp = dt.datetime.combine(published, dt.time(), dt.UTC)
    try:
        return typst.compile(
            main,
            root=folder,
            font_paths=_find_fonts(fonts),
            format="pdf",
            pdf_standards=STANDARDS,
            timestamp=stamp,
        )
    except typst.TypstError as fault:
        raise PublishingError(
            "Typst could not set the document",
            where=_find_place(fault, source),
            found="; ".join([fault.message, *fault.hints]),
        ) from None


def _find_place(fault: typst.TypstError, source: str) -> str | None:
    """Quote the line of the document that Typst stumbled over."""
    found = re.search(r"main\.typ:(\d+)", fault.diagnostic or "")
    return source.splitlines()[int(found[1]) - 1][:200] if found else None


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
        _TEMPLATE.read_text(encoding="utf-8"),
        "#show: report",
    ]
    lines += ["#cover()"] if document.cover else []
    lines += ["#contents()"] if document.contents else []
    return "\n".join(lines)


def _write_chapters(
    document: Document, chapters: Sequence[Chapter], pictures: dict[str, bytes]
) -> Iterator[str]:
    anchors = frozenset(list_anchors(document))
    texts = iter(convert_fragments(chapters, "typst", anchors))
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
        introductions = _find_introductions(groups)
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


def _find_introductions(groups: Sequence[Sequence[Block]]) -> set[int]:
    """Find the short texts that lead to an exhibit, and should share its page."""
    found: set[int] = set()
    room = 0
    for place in reversed(range(len(groups))):
        block = groups[place][0]
        if isinstance(block, (Table, Figure)):
            room = _SHORT
            continue
        room -= _measure_text(block)
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


def _write_block(block: Block, texts: Iterator[str], pictures: dict[str, bytes]) -> str:
    match block:
        case Fragment():
            pictures |= {picture.name: picture.data for _, picture in block.pictures}
            return f"{next(texts)}\n"  # two in a row are two paragraphs
        case Picture():
            pictures[block.name] = block.data
            alt = write_literal(clean_text(block.alt))
            return f"#picture({write_literal(block.name)}, {alt})"
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
