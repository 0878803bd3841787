"""A document as one HTML page that needs nothing but itself."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from annual_report.exhibits.look.characters import clean_lines, clean_text
from annual_report.exhibits.look.drawing import AS_DRAWN
from annual_report.exhibits.look.tokens import TOKENS
from annual_report.exhibits.model import Figure, Table
from annual_report.exhibits.rendering.html import list_variables, read_style, render_html
from annual_report.publishing.blocks import (
    Block,
    Chapter,
    Fragment,
    Notice,
    Picture,
    Plain,
    Register,
    Suffix,
)
from annual_report.publishing.cell_styles import read_cell_styles, write_rules
from annual_report.publishing.document import (
    Document,
    drop_dead_links,
    list_anchors,
    order_headings,
    pair_halves,
)
from annual_report.publishing.fragments import convert_fragments
from annual_report.publishing.typefaces import write_faces

_PARTS = Path(__file__).parent / "html"
# Before the first paint, so that the contents need not fold before the reader's eyes
_START = 'document.documentElement.classList.add("js")'
_MIME: dict[Suffix, str] = {
    "png": "image/png",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "svg": "image/svg+xml",
}
_IMAGE = re.compile(r'(?<=<img src=")picture-[0-9a-f]{16}\.\w+(?=")')


def render_page(document: Document, *, fonts: Sequence[Path] = ()) -> str:
    """Render a document as a self-contained HTML page.

    Parameters
    ----------
    fonts
        Folders with further fonts, for scripts that the package's fonts lack.

    Raises
    ------
    PublishingError
        If two places of the document have the same anchor, or Pandoc fails.
    """
    chapters = "\n".join(_render_chapters(document))
    cover = _render_cover(document) if document.cover else ""
    style = write_faces(cover + chapters, fonts) + read_page_style() + _write_cell_rules(document)
    script = _read("page.js")
    return Template(_read("page.html")).substitute(
        language=escape(document.language),
        policy=_write_policy(style, _START, script),
        title=_text(document.title),
        style=style,
        start=_START,
        script=script,
        kicker=_text(document.kicker),
        status=_render_status(document.status),
        contents=_render_contents(document.chapters),
        downloads=_render_downloads(document),
        cover=cover,
        chapters=chapters,
        foot=_text(" · ".join(filter(None, (document.publisher, document.status)))),
    )


def _read(name: str) -> str:
    return (_PARTS / name).read_text(encoding="utf-8")


@cache
def read_page_style() -> str:
    """Read the style of a page: tokens in both modes, exhibits, and the page around them."""
    dark = f"@media screen and (prefers-color-scheme:dark){{.ar{{{list_variables(dark=True)}}}}}"
    recolour = "".join(
        f'svg:not(.{AS_DRAWN}) [{part}="{t.light}"]{{{part}:var(--{t.name})}}'
        for t in TOKENS
        for part in ("fill", "stroke")
    )
    return "\n".join((read_style(), dark, recolour, _read("page.css")))


def _write_cell_rules(document: Document) -> str:
    """Write the rules for the coloured cells of plain tables, if there are any."""
    texts = (
        block.text
        for chapter in document.chapters
        for block in chapter.blocks
        if isinstance(block, Fragment) and block.format == "html"
    )
    return write_rules(style for text in texts for style in read_cell_styles(text).values())


def _write_policy(style: str, *scripts: str) -> str:
    """Write the content security policy: this style, these scripts, pictures inside the page."""
    allowed = " ".join(map(_hash, scripts))
    return (
        f"default-src 'none'; style-src {_hash(style)}; script-src {allowed}; "
        "img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _text(text: str) -> str:
    return escape(clean_text(text))


def _render_status(status: str) -> str:
    return f'<p class="status">{_text(status)}</p>' if status else ""


def _render_contents(chapters: Sequence[Chapter]) -> str:
    items: list[str] = []
    profiles: list[str] = []
    place = 0
    for chapter in chapters:
        item = f'<li><a href="#{_text(chapter.anchor)}">{_text(chapter.title)}</a></li>'
        if chapter.part == "profile":
            profiles.append(item)
            place = place or len(items)
        else:
            items.append(item)
    if profiles:
        group = (
            f"<details><summary>Cluster profiles</summary><ul>{''.join(profiles)}</ul></details>"
        )
        items.insert(place, f"<li>{group}</li>")
    return f"<ul>{''.join(items)}</ul>"


def _render_downloads(document: Document) -> str:
    links = " · ".join(
        f'<a href="{escape(d.href)}">{_text(d.label)}</a>' for d in document.downloads
    )
    return f'<p class="files">{links}</p>' if links else ""


def _render_cover(document: Document) -> str:
    plain = "" if document.motif else " plain"
    return (
        f'<div class="cover{plain}"><p class="kicker">{_text(document.kicker)}</p>'
        f"<h1>{_render_headline(document.headline or document.title)}</h1>"
        f"<p>{_text(document.subtitle)}</p>{_render_status(document.status)}"
        f"{document.motif or ''}</div>"
    )


def _render_headline(words: str) -> str:
    """Keep the clauses of a headline whole where lines break."""
    *others, last = _text(words).split(", ")
    return " ".join(f"<span>{clause}</span>" for clause in (*(f"{o}," for o in others), last))


def _render_chapters(document: Document) -> Iterator[str]:
    chapters = [order_headings(chapter) for chapter in document.chapters]
    anchors = frozenset(list_anchors(document))
    texts = iter(convert_fragments(chapters, "html", anchors))
    numbers = iter(range(1, 1 + sum(map(_count_exhibits, chapters))))
    for chapter in chapters:
        body = "\n".join(
            _render_group([drop_dead_links(b, anchors) for b in group], texts, numbers)
            for group in pair_halves(chapter.blocks)
        )
        part = "Cluster profile" if chapter.part == "profile" else "Chapter"
        yield (
            f'<section class="chapter" id="{_text(chapter.anchor)}" data-part="{part}">'
            f"<h2>{_text(chapter.title)}</h2>\n{body}</section>"
        )


def _count_exhibits(chapter: Chapter) -> int:
    return sum(isinstance(block, (Table, Figure)) for block in chapter.blocks)


def _render_group(group: Sequence[Block], texts: Iterator[str], numbers: Iterator[int]) -> str:
    bodies = [_render_block(block, texts, numbers) for block in group]
    return bodies[0] if len(bodies) == 1 else f'<div class="pair">{"".join(bodies)}</div>'


def _embed(picture: Picture) -> str:
    return f"data:{_MIME[picture.suffix]};base64,{base64.b64encode(picture.data).decode()}"


def _render_block(block: Block, texts: Iterator[str], numbers: Iterator[int]) -> str:
    match block:
        case Fragment():
            pictures = {picture.name: picture for _, picture in block.pictures}
            return _IMAGE.sub(lambda name: _embed(pictures[name[0]]), next(texts))
        case Picture():
            source, alt = _embed(block), _text(block.alt)
            return f'<p class="picture"><img src="{source}" alt="{alt}"></p>'
        case Plain():
            kind = ' class="wraps"' if block.wraps else ""
            return f"<pre{kind}>{escape(clean_lines(block.text))}</pre>"
        case Notice():
            lines = "".join(f"<p>{_text(line)}</p>" for line in block.lines)
            return f'<div class="notice"><p><strong>{_text(block.title)}</strong></p>{lines}</div>'
        case Register():
            entries = "".join(
                f'<li><a href="{escape(e.stem)}.html">{_text(e.name)}</a> '
                f'<span class="muted">{_text(e.note)}</span></li>'
                for e in block.entries
            )
            return f'<ul class="register">{entries}</ul>'
        case Table() | Figure():
            return render_html(block, number=next(numbers), page=True)
        case _:
            return render_html(block, page=True)
