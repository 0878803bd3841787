"""Executed notebooks as chapters: prose and outputs, never code."""

from __future__ import annotations

import ast
import base64
import json
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from logging import getLogger
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from annual_report.errors import DisclosureError, PublishingError
from annual_report.exhibits.model import MIME, Heading, read_exhibit
from annual_report.project import Project
from annual_report.publishing.blocks import (
    Block,
    Chapter,
    Fragment,
    Notice,
    Picture,
    Plain,
    Suffix,
)
from annual_report.publishing.fragments import list_pictures
from annual_report.publishing.illustrations import Shelf, find_picture
from annual_report.publishing.pictures import find_fault

SKIP_TAG = "skip-report"
NO_ALT = "Picture without a description"

_LOG = getLogger(__name__)
_PRIVATE = tuple(f"annual_report.{name}" for name in ("desk", "measures", "survey", "tables"))
"""What reads the tables that are not for publication."""
_INJECTED = "injected-parameters"
_TITLE = re.compile(r"\A\s*#[ \t]+(?P<title>[^\n]+?)[ \t]*#*[ \t]*(?:\n|\Z)")
_EMPHASIS = re.compile(r"[*_`]+")
_NUMBER_PREFIX = re.compile(r"^\d+[-_]")
_NOT_ANCHOR = re.compile(r"[^a-z0-9]+")
_TERMINAL_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_ALT_OF_SOURCE = re.compile(r"^#\|\s*(?:fig-)?alt:\s*(.+?)\s*$", re.M)
_PICTURES: dict[str, Suffix] = {
    "image/svg+xml": "svg",
    "image/png": "png",
    "image/jpeg": "jpeg",
    "image/gif": "gif",
    "image/webp": "webp",
}
_PLOT = re.compile(
    r"<(?:matplotlib|mpl_toolkits|seaborn)\.|<\w*(?:Axes|Subplot|Figure|Container|Grid)\b[^>]*>"
    r"|\A\[?Text\("
)
"""What the last line of a cell says of a plot as an object: ``<Axes: >``, ``[<matplotlib…>]``."""
_ADDRESS = re.compile(r"<[\w.]+ (?:object )?at 0x[0-9a-f]+>")


def read_chapter(
    path: Path,
    *,
    part: Literal["chapter", "profile"] = "chapter",
    shelf: Shelf | None = None,
) -> Chapter:
    """Read an executed notebook as a chapter.

    Parameters
    ----------
    shelf
        Where the pictures are that its text links to.

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
    return build_chapter(cells, name=path.stem, part=part, where=str(path), shelf=shelf)


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
    shelf: Shelf | None = None,
) -> Chapter:
    """Build a chapter of a notebook's cells.

    The first heading is the title, the notebook's name without its number the anchor; a computed
    heading at the start gives both. What its author should mend is logged as a warning.

    Parameters
    ----------
    cells
        Cells as nbformat 4 has them.
    name
        The notebook's name without suffix.
    where
        What to call the notebook in a message.
    shelf
        Where the pictures are that its text links to.

    Raises
    ------
    PublishingError
        If it holds an exhibit that this version of the package cannot read.
    DisclosureError
        If its code asks for private tables.
    """
    _refuse_private(cells, where or name)
    found: list[tuple[Block, str, Mapping[str, Any]]] = []
    index = 0
    for cell in cells:
        index += _INJECTED not in _list_tags(cell)  # as JupyterLab counts them in the source
        place = f"{Path(where or name).stem}, cell {index}"
        try:
            found += [(_check_picture(b, place), place, cell) for b in _read_cell(cell, place)]
        except ValidationError as fault:
            raise PublishingError(
                "an exhibit cannot be read",
                where=f"{where or name}, cell {index}",
                found=str(fault.errors()[0]["msg"]),
                do="run the notebook again with this version of the package",
            ) from None
    return _take_title(_illustrate(found, shelf), name, part, where)


def _refuse_private(cells: list[Mapping[str, Any]], where: str) -> None:
    """See that no code asks for what only the author may see."""
    for number, cell in enumerate(cells, 1):
        named = _list_imports("".join(cell["source"])) if cell["cell_type"] == "code" else ()
        private = [
            name for name in named if f"{name}.".startswith(tuple(f"{p}." for p in _PRIVATE))
        ]
        if private:
            raise DisclosureError(
                "a notebook that reads private tables is not published",
                where=f"{where}, cell {number}",
                found=private[0],
                do="take what it shows from a frame of ar.open_season(…)",
            )


def _list_imports(source: str) -> Iterator[str]:
    """Name all that a cell imports; one that is no Python has imported nothing."""
    lines = source.splitlines()
    plain = "\n".join(line for line in lines if not line.lstrip().startswith(("%", "!", "?")))
    try:
        tree = ast.parse(textwrap.dedent(plain))
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _list_tags(cell: Mapping[str, Any]) -> Sequence[str]:
    tags: Sequence[str] = cell.get("metadata", {}).get("tags", ())
    return tags


def _illustrate(
    found: list[tuple[Block, str, Mapping[str, Any]]], shelf: Shelf | None
) -> list[Block]:
    """Give texts the pictures that they link to; of one that cannot be shown its author is told."""
    blocks = [block for block, _, _ in found]
    shown = [
        (at, block)
        for at, block in enumerate(blocks)
        if isinstance(block, Fragment) and ("![" in block.text or "<img" in block.text.lower())
    ]
    lists = list_pictures([block for _, block in shown])
    for (at, block), links in zip(shown, lists, strict=True):
        _, place, cell = found[at]
        pictures: dict[str, Picture] = {}
        for target, alt in links:
            try:
                attached = cell.get("attachments", {})
                picture = find_picture(target, shelf=shelf, attachments=attached)
                pictures[target] = _check_linked(picture)
            except PublishingError as fault:
                fault.where = place
                _LOG.warning("%s", fault)
                continue
            if not alt.strip():
                _tell_no_alt(place, "between the brackets of ![…](file)")
        blocks[at] = replace(block, pictures=tuple(pictures.items()))
    return blocks


def _check_linked(picture: Picture) -> Picture:
    if fault := find_fault(picture.data, picture.suffix):
        raise PublishingError("a picture is left out of the report", found=fault)
    return picture


def _tell_no_alt(place: str, how: str) -> None:
    _LOG.warning(
        "%s: a picture has no description for readers who cannot see it; "
        "what to do: write what it shows %s",
        place,
        how,
    )


def _check_picture(block: Block, place: str) -> Block:
    """Put a notice in the place of a picture that cannot be shown."""
    if not isinstance(block, Picture):
        return block
    fault = find_fault(block.data, block.suffix)
    if fault is None:
        return block
    _LOG.warning("%s: a picture is left out of the report: %s", place, fault)
    return Notice("A picture could not be shown", (block.alt, f"{place}: {fault}."))


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


def _read_cell(cell: Mapping[str, Any], place: str) -> Iterator[Block]:
    if SKIP_TAG in _list_tags(cell):
        return
    if cell["cell_type"] == "markdown":
        text = _join(cell["source"])
        if text.strip():
            yield Fragment(text)
    elif cell["cell_type"] == "code":
        for output in cell.get("outputs", ()):
            yield from _read_output(output, cell, place)


def _read_output(output: Mapping[str, Any], cell: Mapping[str, Any], place: str) -> Iterator[Block]:
    match output["output_type"]:
        case "stream" if output.get("name") == "stdout":
            text = _clean_terminal(_join(output["text"]))
            if text.strip():
                yield Plain(text)
        case "error":
            reason = f"{output.get('ename', 'Error')}: {output.get('evalue', '')}"
            yield Notice("This part could not be computed", (_clean_terminal(reason),))
        case "execute_result" | "display_data":
            yield from _read_bundle(output["data"], output.get("metadata", {}), cell, place)


def _read_bundle(
    data: Mapping[str, Any], metadata: Mapping[str, Any], cell: Mapping[str, Any], place: str
) -> Iterator[Block]:
    """Take the richest form that both the HTML and the PDF can show."""
    if MIME in data:
        yield read_exhibit(data[MIME])
        return
    for mime, suffix in _PICTURES.items():
        if mime in data:
            raw = _join(data[mime])
            alt = _find_alt(mime, metadata, cell, place)
            yield Picture(raw.encode() if suffix == "svg" else _decode(raw), suffix, alt)
            return
    if "linear-gradient(" in _join(data.get("text/html", "")):
        _LOG.warning("%s: the bars of a Styler are not shown; what to do: draw them", place)
    for mime, form in (("text/html", "html"), ("text/markdown", "markdown")):
        if mime in data:
            yield Fragment(_join(data[mime]), "html" if form == "html" else "markdown")
            return
    if "text/latex" in data:
        yield Fragment(_join(data["text/latex"]))
    elif "text/plain" in data:
        yield from _read_plain(_clean_terminal(_join(data["text/plain"])), cell, place)


def _read_plain(text: str, cell: Mapping[str, Any], place: str) -> Iterator[Block]:
    """Read what has no form but text, unless it is what Python calls a plot."""
    if _PLOT.search(text) and not text.startswith(("'", '"')):
        if not any(_is_shown(output) for output in cell.get("outputs", ())):
            _LOG.warning(
                "%s: a plot is there only as the text %s, and left out; "
                "what to do: show its figure, or end the line with a semicolon",
                place,
                text.splitlines()[0][:80],
            )
        return
    if found := _ADDRESS.search(text):
        _LOG.warning(
            "%s: %s says nothing to a reader; what to do: print what it holds, "
            "or end the line with a semicolon",
            place,
            found[0],
        )
    yield Plain(text)


def _is_shown(output: Mapping[str, Any]) -> bool:
    return bool({MIME, "text/html", *_PICTURES} & set(output.get("data", ())))


def _decode(text: str) -> bytes:
    """Decode a picture; what is no base64 is no picture."""
    try:
        return base64.b64decode(text)
    except ValueError:
        return b""


def _find_alt(mime: str, metadata: Mapping[str, Any], cell: Mapping[str, Any], place: str) -> str:
    """Find the author's alternative text, and tell him if there is none.

    What Python calls the object, such as "Figure size 640x480 with 1 Axes", is none.
    """
    of_mime = metadata.get(mime)
    of_source = _ALT_OF_SOURCE.search(_join(cell.get("source", "")))
    candidates = (
        of_mime.get("alt") if isinstance(of_mime, Mapping) else None,
        metadata.get("alt"),
        cell.get("metadata", {}).get("alt"),
        of_source[1].strip("\"'") if of_source else None,
    )
    found = next((str(text) for text in candidates if text and str(text).strip()), None)
    if found is None:
        _tell_no_alt(place, "in a line #| alt: … at the head of the cell")
    return found or NO_ALT


def _join(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "".join(text)


def _clean_terminal(text: str) -> str:
    return _TERMINAL_COLOURS.sub("", text).rstrip("\n")
