"""Executed notebooks as chapters: prose and outputs, never code."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from annual_report.errors import PublishingError
from annual_report.exhibits.model import MIME, Heading, read_exhibit
from annual_report.project import Project
from annual_report.publishing.blocks import Block, Chapter, Fragment, Notice, Picture, Plain

SKIP_TAG = "skip-report"

_TITLE = re.compile(r"\A\s*#[ \t]+(?P<title>[^\n]+?)[ \t]*#*[ \t]*(?:\n|\Z)")
_EMPHASIS = re.compile(r"[*_`]+")
_NUMBER_PREFIX = re.compile(r"^\d+[-_]")
_NOT_ANCHOR = re.compile(r"[^a-z0-9]+")
_TERMINAL_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_PICTURES: dict[str, Literal["png", "jpeg", "svg"]] = {
    "image/svg+xml": "svg",
    "image/png": "png",
    "image/jpeg": "jpeg",
}


def read_chapter(path: Path, *, part: Literal["chapter", "profile"] = "chapter") -> Chapter:
    """Read an executed notebook as a chapter.

    Raises
    ------
    PublishingError
        If the file is missing, is no notebook, or holds an exhibit that this version of the
        package cannot read.
    """
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        cells = notebook["cells"]
    except FileNotFoundError:
        raise PublishingError("an executed notebook is missing", where=str(path)) from None
    except (ValueError, KeyError, TypeError) as fault:
        raise PublishingError("not a notebook", where=str(path), found=str(fault)) from None
    return build_chapter(cells, name=path.stem, part=part, where=str(path))


def name_parts(project: Project) -> tuple[str, ...]:
    """Name the notebooks that a profile shows, in their order: those after the gathering.

    Raises
    ------
    PublishingError
        If one is no notebook.
    """
    sources = sorted((project.notebooks / "cluster").glob("*.ipynb"))
    return tuple(path.name for path in sources if _is_after_gather(path))


def _is_after_gather(path: Path) -> bool:
    try:
        metadata = json.loads(path.read_text(encoding="utf-8"))["metadata"]
        return bool(metadata.get("annual_report", {}).get("after"))
    except (ValueError, KeyError, AttributeError, TypeError) as fault:
        raise PublishingError("not a notebook", where=str(path), found=str(fault)) from None


def build_chapter(
    cells: list[Mapping[str, Any]],
    *,
    name: str,
    part: Literal["chapter", "profile"] = "chapter",
    where: str = "",
) -> Chapter:
    """Build a chapter of a notebook's cells.

    The first heading is the title, the notebook's name without its number the anchor; a computed
    heading at the start gives both.

    Parameters
    ----------
    cells
        Cells as nbformat 4 has them.
    name
        The notebook's name without suffix.
    where
        What to call the notebook in a message.
    """
    blocks: list[Block] = []
    for index, cell in enumerate(cells, 1):
        try:
            blocks.extend(_read_cell(cell))
        except ValidationError as fault:
            raise PublishingError(
                "an exhibit cannot be read",
                where=f"{where or name}, cell {index}",
                found=str(fault.errors()[0]["msg"]),
                do="run the notebook again with this version of the package",
            ) from None
    return _take_title(blocks, name, part, where)


def _take_title(
    blocks: list[Block], name: str, part: Literal["chapter", "profile"], where: str
) -> Chapter:
    stem = _NUMBER_PREFIX.sub("", name)
    anchor = make_anchor(stem)
    title = stem.replace("-", " ").replace("_", " ").capitalize()
    match blocks:
        case [Heading(level=1) as heading, *_]:
            title, anchor = heading.text, heading.id
            blocks = blocks[1:]
        case [Fragment(format="markdown") as first, *_]:
            found = _TITLE.match(first.text)
            if found:
                title = _EMPHASIS.sub("", found["title"])
                rest = first.text[found.end() :].strip()
                blocks = [*([Fragment(rest)] if rest else []), *blocks[1:]]
    return Chapter(title, anchor, tuple(blocks), part, where)


def make_anchor(text: str) -> str:
    """Make a stable anchor: lower-case letters, digits and hyphens.

    >>> make_anchor("Four pillars, twenty clusters")
    'four-pillars-twenty-clusters'
    """
    return _NOT_ANCHOR.sub("-", text.lower()).strip("-") or "chapter"


def _read_cell(cell: Mapping[str, Any]) -> Iterator[Block]:
    if SKIP_TAG in cell.get("metadata", {}).get("tags", ()):
        return
    if cell["cell_type"] == "markdown":
        text = _join(cell["source"])
        if text.strip():
            yield Fragment(text)
    elif cell["cell_type"] == "code":
        for output in cell.get("outputs", ()):
            yield from _read_output(output, cell)


def _read_output(output: Mapping[str, Any], cell: Mapping[str, Any]) -> Iterator[Block]:
    match output["output_type"]:
        case "stream" if output.get("name") == "stdout":
            text = _clean_terminal(_join(output["text"]))
            if text.strip():
                yield Plain(text)
        case "error":
            reason = f"{output.get('ename', 'Error')}: {output.get('evalue', '')}"
            yield Notice("This part could not be computed", (_clean_terminal(reason),))
        case "execute_result" | "display_data":
            yield from _read_bundle(output["data"], output.get("metadata", {}), cell)


def _read_bundle(
    data: Mapping[str, Any], metadata: Mapping[str, Any], cell: Mapping[str, Any]
) -> Iterator[Block]:
    """Take the richest form that both the HTML and the PDF can show."""
    if MIME in data:
        yield read_exhibit(data[MIME])
        return
    for mime, suffix in _PICTURES.items():
        if mime in data:
            raw = _join(data[mime])
            content = raw.encode() if suffix == "svg" else base64.b64decode(raw)
            yield Picture(content, suffix, _find_alt(mime, data, metadata, cell))
            return
    for mime, form in (("text/html", "html"), ("text/markdown", "markdown")):
        if mime in data:
            yield Fragment(_join(data[mime]), "html" if form == "html" else "markdown")
            return
    if "text/latex" in data:
        yield Fragment(_join(data["text/latex"]))
    elif "text/plain" in data:
        yield Plain(_clean_terminal(_join(data["text/plain"])))


def _find_alt(
    mime: str,
    data: Mapping[str, Any],
    metadata: Mapping[str, Any],
    cell: Mapping[str, Any],
) -> str:
    """Find the author's alternative text; without one, what the object says of itself."""
    of_mime = metadata.get(mime)
    candidates = (
        of_mime.get("alt") if isinstance(of_mime, Mapping) else None,
        metadata.get("alt"),
        cell.get("metadata", {}).get("alt"),
        _join(data.get("text/plain", "")).strip("<> \n"),
    )
    return next((str(text) for text in candidates if text), "Picture without a description")


def _join(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "".join(text)


def _clean_terminal(text: str) -> str:
    return _TERMINAL_COLOURS.sub("", text).rstrip("\n")
