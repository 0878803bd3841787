"""Cells of an .xlsx that break its rules: taken for the text that they hold, so that the rest reads.

One such cell ends a parser's reading of its sheet or of the whole file: a new kind of error value,
a number that is none, a style or a shared text that is not there. For the types see ST_CellType in
ECMA-376, part 1, 18.18.11.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from dataclasses import dataclass
from xml.sax.saxutils import unescape

LOST = "lost text"
"""Stands for a shared text that the file does not hold."""
_ANY = rb"<%s(?P<prefix>\w+:)?c(?P<about>\s[^>]*?)?(?<!/)>(?P<body>.*?)</(?:\w+:)?c>"
# Nearly all cells are written so; they need no closer look
_PLAIN = (
    rb'(?!(?:\w+:)?c(?: r="[A-Z]{1,3}[1-9][0-9]{0,6}")?(?: s="[0-9]+")?(?:'
    rb'(?: t="n")?><(?:\w+:)?v>-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?<'
    rb'| t="s"><(?:\w+:)?v>[0-9]+<'
    rb'| t="(?:str|inlineStr)">))'
)
_CELL, _UNUSUAL = re.compile(_ANY % b"", re.S), re.compile(_ANY % _PLAIN, re.S)
_STYLES = re.compile(rb'\ss="([0-9]+)"')
_TEXTS = re.compile(rb'\st="s"[^>]*>\s*<(?:\w+:)?v>([0-9]+)<')
_ATTRIBUTE = re.compile(rb'\s(r|s|t)="([^"]*)"')
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]*)</")
_ADDRESS = re.compile(rb"[A-Z]{1,3}[1-9][0-9]{0,6}")
_NUMBER = re.compile(rb"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*")
_WHOLE = re.compile(rb"\s*\d{1,9}\s*")
_ERRORS = frozenset(
    {b"#NULL!", b"#DIV/0!", b"#VALUE!", b"#REF!", b"#NAME?", b"#NUM!", b"#N/A", b"#GETTING_DATA"}
)
_BOOLEANS = {b"0": b"0", b"1": b"1", b"true": b"1", b"false": b"0"}


@dataclass(frozen=True)
class Odd:
    """A cell that broke the rules: what it holds, and whether that is an error value."""

    text: str
    error: bool


@dataclass(frozen=True)
class Parts:
    """How many shared texts and styles a workbook has; None where that could not be told."""

    texts: int | None
    styles: int | None


def count_parts(archive: zipfile.ZipFile) -> Parts:
    """Count what the cells of a workbook may point at."""
    names = set(archive.namelist())
    texts: int | None = None
    styles: int | None = None
    if "xl/sharedStrings.xml" in names:
        texts = len(re.findall(rb"<(?:\w+:)?si[\s>/]", archive.read("xl/sharedStrings.xml")))
    elif not any("sharedstrings" in name.lower() for name in names):
        texts = 0
    if "xl/styles.xml" in names:
        part = archive.read("xl/styles.xml")
        formats = re.search(rb"<(?:\w+:)?cellXfs[\s>].*?</(?:\w+:)?cellXfs>", part, re.S)
        styles = len(re.findall(rb"<(?:\w+:)?xf[\s>/]", formats[0])) if formats else None
    return Parts(texts, styles)


def mend_cells(part: bytes, parts: Parts, *, errors: bool) -> tuple[bytes, dict[str, Odd]]:
    """Let cells that break the rules hold their content as text; one without a place goes.

    Parameters
    ----------
    errors
        Whether an error value that is not in the standard breaks them too.

    Returns
    -------
    tuple
        The part; and the odd cells by their address, as the file spells it.
    """
    odd: dict[str, Odd] = {}

    def mend(found: re.Match[bytes]) -> bytes:
        about = dict(_ATTRIBUTE.findall(found["about"] or b""))
        value = _VALUE.search(found["body"])
        raw = value[1] if value else b""
        address = about.get(b"r", b"")
        if address and not _ADDRESS.fullmatch(address):
            odd[address.decode("utf-8", "replace")] = Odd(_decode(raw), error=False)
            return b""
        prefix, style = found["prefix"] or b"", about.get(b"s", b"")
        if style and not _is_place(style, parts.styles):
            style = b""
        kept = style == about.get(b"s", b"")
        kind = about.get(b"t", b"n")
        strange = None if kind == b"e" and not errors else _find_strange(kind, raw, parts)
        if strange is not None:
            odd[address.decode()] = strange
            kind, raw = b"str", LOST.encode() if strange.text == LOST else raw
        elif kind == b"b" and raw:
            kept, raw = kept and raw in (b"0", b"1"), _BOOLEANS[raw.strip()]
        if strange is None and kept:
            return found[0]
        names = b"".join(
            b' %s="%s"' % pair for pair in ((b"r", address), (b"s", style), (b"t", kind)) if pair[1]
        )
        if strange is None and kind not in (b"b", b"n", b"s", b"e", b"d"):
            return b"<%sc%s>%s</%sc>" % (prefix, names, found["body"], prefix)
        return b"<%sc%s><%sv>%s</%sv></%sc>" % (prefix, names, prefix, raw, prefix, prefix)

    within = _is_within(_STYLES, part, parts.styles) and _is_within(_TEXTS, part, parts.texts)
    return (_UNUSUAL if within else _CELL).sub(mend, part), odd


def _is_within(pointers: re.Pattern[bytes], part: bytes, count: int | None) -> bool:
    found = set(pointers.findall(part))
    return count is None or all(len(digits) < 10 and int(digits) < count for digits in found)


def _find_strange(kind: bytes, raw: bytes, parts: Parts) -> Odd | None:
    """Say what is wrong with the content of a cell of a type; None if nothing is."""
    if kind in (b"str", b"inlineStr") or not raw.strip():
        return None
    if kind == b"s":
        return None if _is_place(raw, parts.texts) else Odd(LOST, error=True)
    if kind == b"e":
        return None if raw.strip() in _ERRORS else Odd(_decode(raw), error=True)
    fine = (
        (kind == b"n" and _NUMBER.fullmatch(raw))
        or (kind == b"b" and raw.strip() in _BOOLEANS)
        or (kind == b"d" and _is_day(raw))
    )
    return None if fine else Odd(_decode(raw), error=False)


def _is_place(raw: bytes, count: int | None) -> bool:
    return _WHOLE.fullmatch(raw) is not None and (count is None or int(raw) < count)


def _is_day(raw: bytes) -> bool:
    try:
        dt.datetime.fromisoformat(raw.decode())
    except (UnicodeDecodeError, ValueError):
        return False
    return True


def _decode(raw: bytes) -> str:
    return unescape(raw.decode("utf-8", "replace"))[:200]
