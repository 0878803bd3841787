"""Markdown and HTML of notebooks, turned into HTML or Typst by one call of Pandoc a document."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal

from annual_report.errors import PublishingError
from annual_report.exhibits.look.characters import clean_text
from annual_report.exhibits.model import Heading
from annual_report.publishing.blocks import Chapter, Fragment
from annual_report.publishing.cell_styles import read_cell_styles

Target = Literal["html", "typst"]
Link = tuple[str, str]
"""What a picture of a text links to, and its description."""

_FILTERS = ("fragments.lua", "frames.lua")
_OPTIONS: dict[Target, tuple[str, ...]] = {
    "html": ("--to=html5", "--mathml", "--shift-heading-level-by=1", "--reference-location=block"),
    "typst": ("--to=typst",),
}
_MARKS: dict[Target, str] = {"html": "<!--{}-->", "typst": "// {}"}


def convert_fragments(
    chapters: Sequence[Chapter], target: Target, anchors: Collection[str] = ()
) -> list[str]:
    """Convert every fragment of a document, in its order.

    Links inside the document lead to one of ``anchors`` or are plain text. Headings are brought
    into an order without gaps below their chapter's title.

    Raises
    ------
    PublishingError
        If Pandoc is not there or fails.
    """
    expected = sum(isinstance(b, Fragment) for chapter in chapters for b in chapter.blocks)
    if not expected:
        return []
    blocks = [_code_block("anchors", " ".join(sorted(anchors)))]
    blocks += [block for chapter in chapters for block in _write_blocks(chapter)]
    # No text can hold the hash of itself, so no text can pass for the mark between fragments
    mark = hashlib.sha256(json.dumps(blocks).encode()).hexdigest()
    blocks.insert(0, _code_block("mark", _MARKS[target].format(mark)))
    text = _run_pandoc(json.dumps(_write_document(blocks)), _OPTIONS[target])
    _, *parts = text.split(_MARKS[target].format(mark))
    if len(parts) != expected:
        raise PublishingError(
            "Pandoc's output does not match its input",
            expected=f"{expected} fragments",
            found=f"{len(parts)}",
        )
    return [_tidy_html(part.strip()) if target == "html" else part.strip() for part in parts]


def list_pictures(fragments: Sequence[Fragment]) -> list[list[Link]]:
    """List what the pictures of each fragment link to.

    Raises
    ------
    PublishingError
        If Pandoc is not there or fails.
    """
    if not fragments:
        return []
    blocks = [_code_block(fragment.format, _clean(fragment.text)) for fragment in fragments]
    document = json.loads(_run_pandoc(json.dumps(_write_document(blocks)), ("--to=json",)))
    lists = [json.loads(block["c"][1]) for block in document["blocks"]]
    return [[(target, alt) for target, alt in links] for links in lists]


def _tidy_html(part: str) -> str:
    """Give up what a page with several fragments and no inline styles cannot have."""
    part = part.replace('<aside id="footnotes" ', "<aside ").replace("<th></th>", "<td></td>")
    part = part.replace("<table>", '<div class="scroll"><table>').replace(
        "</table>", "</table></div>"
    )
    return re.sub(r' style="text-align: (right|center|left);"', r' class="\1"', part)


def _write_blocks(chapter: Chapter) -> list[dict[str, Any]]:
    blocks = [_code_block("heading", "", level=1)]
    for block in chapter.blocks:
        if isinstance(block, Heading):
            blocks.append(_code_block("heading", "", level=block.level))
        elif isinstance(block, Fragment):
            blocks.append(_write_fragment(block, chapter.anchor))
    return blocks


def _write_fragment(fragment: Fragment, chapter: str) -> dict[str, Any]:
    told: dict[str, object] = {"chapter": chapter}
    if fragment.pictures:
        told["pictures"] = json.dumps({link: p.name for link, p in fragment.pictures})
    if styles := read_cell_styles(fragment.text) if fragment.format == "html" else {}:
        told["styles"] = json.dumps({key: s.write_attributes() for key, s in styles.items()})
    return _code_block(fragment.format, _clean(fragment.text), **told)


def _clean(text: str) -> str:
    return "\n".join(clean_text(line) for line in text.expandtabs(4).splitlines())


def _code_block(kind: str, text: str, **attributes: object) -> dict[str, Any]:
    pairs = [[name, str(value)] for name, value in attributes.items()]
    return {"t": "CodeBlock", "c": [["", [kind], pairs], text]}


def _write_document(blocks: list[dict[str, Any]]) -> dict[str, Any]:
    return {"pandoc-api-version": [1, 23], "meta": {}, "blocks": blocks}


def _run_pandoc(document: str, options: Sequence[str]) -> str:
    filters = [f"--lua-filter={Path(__file__).parent / name}" for name in _FILTERS]
    command = [_find_pandoc(), "--from=json", *filters, "--wrap=none"]
    done = subprocess.run(  # noqa: S603  the binary of our own environment, no shell
        [*command, *options],
        input=document.encode(),
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise PublishingError(
            "Pandoc could not convert the text of the notebooks",
            found=done.stderr.decode(errors="replace").strip(),
        )
    return done.stdout.decode()


@cache
def _find_pandoc() -> str:
    import pypandoc

    try:
        return str(pypandoc.get_pandoc_path())
    except OSError as fault:
        raise PublishingError(
            "Pandoc is not there", found=str(fault), do="install pypandoc_binary"
        ) from None
