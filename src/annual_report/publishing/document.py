"""A document before it is HTML or PDF: its cover, its chapters, what is numbered in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from annual_report.errors import PublishingError
from annual_report.exhibits.model import Figure, Heading, Prose, Span, Table, Tiles
from annual_report.publishing.blocks import Block, Chapter

EPOCH = dt.date(1980, 1, 1)


@dataclass(frozen=True)
class Download:
    """A file that lies beside the document."""

    label: str
    href: str


@dataclass(frozen=True)
class Document:
    """Everything that a report says, in order.

    ``motif`` is the SVG of the cover; ``published`` dates the files, never the clock.
    """

    title: str
    chapters: tuple[Chapter, ...]
    kicker: str = ""
    headline: str = ""
    subtitle: str = ""
    status: str = ""
    publisher: str = ""
    language: str = "en"
    paper: Literal["a4", "us-letter"] = "a4"
    published: dt.date = EPOCH
    motif: str | None = None
    downloads: tuple[Download, ...] = ()
    cover: bool = True
    contents: bool = True


def list_anchors(document: Document) -> list[str]:
    """List every place of a document that a link can lead to.

    Raises
    ------
    PublishingError
        If two places have the same anchor.
    """
    anchors: dict[str, str] = {}
    for chapter in document.chapters:
        for anchor in (chapter.anchor, *_list_ids(chapter.blocks)):
            if anchor in anchors:
                raise PublishingError(
                    f"two exhibits or headings have the id {anchor!r}",
                    where=f"{anchors[anchor]} and {chapter.origin or chapter.title}",
                    do="give one of them another id",
                )
            anchors[anchor] = chapter.origin or chapter.title
    return list(anchors)


def _list_ids(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, (Heading, Tiles, Table, Figure)):
            yield block.id


def order_headings(chapter: Chapter) -> Chapter:
    """Bring computed headings into an order without gaps below the chapter's title."""
    level, blocks = 1, list[Block]()
    for block in chapter.blocks:
        if isinstance(block, Heading):
            level = min(max(block.level, 2), level + 1)
            blocks.append(block.model_copy(update={"level": level}))
        else:
            blocks.append(block)
    return Chapter(chapter.title, chapter.anchor, tuple(blocks), chapter.part, chapter.origin)


def drop_dead_links(block: Block, anchors: frozenset[str]) -> Block:
    """Leave the words of a link to a place that this document does not have."""
    if not isinstance(block, Prose):
        return block
    paragraphs = tuple(
        tuple(
            run.model_copy(update={"link": None})
            if isinstance(run, Span) and _is_dead(run.link, anchors)
            else run
            for run in runs
        )
        for runs in block.paragraphs
    )
    return block.model_copy(update={"paragraphs": paragraphs})


def _is_dead(link: str | None, anchors: frozenset[str]) -> bool:
    return link is not None and link.startswith("#") and link[1:] not in anchors


def pair_halves(blocks: Sequence[Block]) -> Iterator[tuple[Block, ...]]:
    """Put two half-width figures that follow one another side by side."""
    waiting: Figure | None = None
    for block in blocks:
        if isinstance(block, Figure) and block.half:
            if waiting is None:
                waiting = block
            else:
                yield waiting, block
                waiting = None
            continue
        if waiting is not None:
            yield (waiting,)
            waiting = None
        yield (block,)
    if waiting is not None:
        yield (waiting,)
