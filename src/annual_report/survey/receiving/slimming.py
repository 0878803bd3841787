"""Take out of an .xlsx what holds no answer, before the parser builds objects of it.

A whole column that was formatted once is a million empty cells: openpyxl would need gigabytes for
them, and a minute. Formulas go too: their stored values stay, and where there were formulas is
remembered. The Strict variant of the format gets the ordinary namespaces.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, tostring

from defusedxml.ElementTree import fromstring

from annual_report.survey.receiving.odd_cells import Odd, Parts, count_parts, mend_cells

_P = rb"(?:\w+:)?"
_EMPTY_CELL = re.compile(rb"<" + _P + rb"c(?:\s[^>]*)?(?:/>|>\s*</" + _P + rb"c>)")
_EMPTY_ROW = re.compile(rb"<" + _P + rb"row(?:\s[^>]*)?(?:/>|>\s*</" + _P + rb"row>)")
_FORMULA = re.compile(rb"<" + _P + rb"f(?:\s[^>]*)?(?:/>|>[^<]*</" + _P + rb"f>)")
_FORMULA_CELL = re.compile(
    rb"<" + _P + rb'c\s(?:[^>]*\s)?r="([A-Z]{1,3}[0-9]{1,7})"[^>]*>\s*<' + _P + rb"f[\s/>]"
)
_MERGE = re.compile(rb"<" + _P + rb'mergeCell\s+ref="([A-Z0-9:]+)"')
_CELL = re.compile(rb"<" + _P + rb"c[\s>/]")
_NO_PLACE = re.compile(rb"<" + _P + rb"(?:c|row)(?![^>]*\sr=)(?:\s[^>]*)?>")
_EXTRAS = re.compile(
    rb"<("
    + _P
    + rb"(?:mergeCells|dataValidations|conditionalFormatting|hyperlinks|tableParts|extLst|drawing|picture"
    rb"|oleObjects|controls|rowBreaks|colBreaks|headerFooter|sheetProtection|autoFilter))"
    rb"(?:\s[^>]*)?(?:/>|>.*?</\1>)",
    re.S,
)
_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
    (
        b"http://purl.oclc.org/ooxml/drawingml/",
        b"http://schemas.openxmlformats.org/drawingml/2006/",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/",
        b"http://schemas.openxmlformats.org/officeDocument/2006/",
    ),
)
_EXTERNAL = re.compile(
    rb"<(" + _P + rb"(?:externalReferences|pivotCaches))(?:\s[^>]*)?(?:/>|>.*?</\1>)", re.S
)
_LEFT_OUT = re.compile(
    r"xl/(media|drawings|charts|embeddings|externalLinks|pivot\w*|queryTables|ctrlProps"
    r"|activeX|printerSettings|persons|threadedComments|tables|slicers?\w*)/|.*vbaProject\.bin$"
)
_ACTIVE = re.compile(
    r"xl/(media|drawings|charts|embeddings|externalLinks|pivot\w*|queryTables|ctrlProps"
    r"|activeX|printerSettings|persons|threadedComments|slicers?\w*)/|.*vbaProject\.bin$"
)
_COMMENTS = ("/comments",)
_KEPT = ("/comments", "/table", "/hyperlink")
# A survey's own sheets take some tens of kilobytes
_PIECE = 4 << 20


@dataclass(frozen=True)
class Slim:
    """A smaller workbook; for each worksheet, by its place, where formulas and merges were.

    ``odd`` holds the cells that break the rules of the format, by their addresses.
    """

    data: bytes
    formulas: dict[int, frozenset[str]]
    merges: dict[int, tuple[str, ...]]
    odd: dict[int, dict[str, Odd]]
    strict: bool
    large: bool


def slim(data: bytes, *, limit: int, keep: bool = False) -> Slim:
    """Take the empty cells, formulas and ornaments out of an .xlsx.

    With ``keep`` it stays as it looks: only what acts, what leads elsewhere, and empty cells
    beyond the limit go.

    Raises
    ------
    ValueError
        If more than ``limit`` cells hold something.
    """
    out = io.BytesIO()
    sheets: dict[str, _Sheet] = {}
    cells, strict = 0, False
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        parts = count_parts(old)
        for name in old.namelist():
            if (_ACTIVE if keep else _LEFT_OUT).match(name):
                continue
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                sheets[name] = _slim_sheet(old, name, parts, keep=keep)
                part = sheets[name].part
                cells += len(_CELL.findall(part))
            else:
                part = old.read(name)
                strict |= _STRICT[0][0] in part
                part = _slim_part(name, part, keep=keep)
            if cells > limit:
                raise ValueError(f"more than {limit:,} cells hold something")
            new.writestr(name, part, compress_type=zipfile.ZIP_STORED)
        order = [part for _, part in list_worksheets(old)]
    listed = [sheets.get(part, _Sheet()) for part in order]
    return Slim(
        out.getvalue(),
        {place: sheet.formulas for place, sheet in enumerate(listed)},
        {place: sheet.merges for place, sheet in enumerate(listed)},
        {place: sheet.odd for place, sheet in enumerate(listed)},
        strict,
        any(sheet.large for sheet in listed),
    )


def _slim_part(name: str, part: bytes, *, keep: bool) -> bytes:
    if name.endswith((".xml", ".rels")):
        part = _make_transitional(part)
    if name.startswith("xl/worksheets/_rels/"):
        return _slim_relations(part, only=_KEPT if keep else _COMMENTS)
    if name == "xl/workbook.xml":
        return _EXTERNAL.sub(b"", part)
    if name == "xl/_rels/workbook.xml.rels":
        return _slim_relations(part, drop=("/externalLink", "/vbaProject"))
    return part


def _make_transitional(part: bytes) -> bytes:
    for strict, ordinary in _STRICT:
        part = part.replace(strict, ordinary)
    return part


@dataclass(frozen=True)
class _Sheet:
    part: bytes = b""
    formulas: frozenset[str] = frozenset()
    merges: tuple[str, ...] = ()
    odd: dict[str, Odd] = field(default_factory=dict)
    large: bool = False


def _slim_sheet(archive: zipfile.ZipFile, name: str, parts: Parts, *, keep: bool) -> _Sheet:
    odd: dict[str, Odd] = {}
    pieces: list[bytes] = []
    formulas: set[str] = set()
    merges: list[str] = []
    as_it_is = keep and archive.getinfo(name).file_size < _PIECE
    stripped = False
    for whole in _read_pieces(archive, name):
        counted = _is_counted(whole)
        if counted and stripped:
            raise ValueError("a large sheet whose cells do not say where they stand")
        # the many empty cells of a large sheet go first: what follows looks at each byte again
        piece = whole if counted or as_it_is else _strip_empty(whole)
        piece = _make_transitional(piece)
        if b"<!--" not in piece and b"<![CDATA[" not in piece:
            piece, strange = mend_cells(piece, parts, errors=not keep)
            odd |= strange
        formulas.update(address.decode() for address in _FORMULA_CELL.findall(piece))
        merges += (area.decode() for area in _MERGE.findall(piece))
        if not keep:
            piece = _FORMULA.sub(b"", _EXTRAS.sub(b"", piece))
        if not counted and not as_it_is:
            piece, stripped = _strip_empty(piece), True
        pieces.append(piece)
    return _Sheet(b"".join(pieces), frozenset(formulas), tuple(merges[:2000]), odd, len(pieces) > 1)


def _strip_empty(piece: bytes) -> bytes:
    return _EMPTY_ROW.sub(b"", _EMPTY_CELL.sub(b"", piece))


def _is_counted(piece: bytes) -> bool:
    """Tell whether cells are placed by counting them, or might be: then all of them must stay."""
    if b"<!--" in piece or b"<![CDATA[" in piece:
        return True
    placed = piece.count(b' r="') >= piece.count(b"<c ") + piece.count(b"<row ")
    plain = not any(mark in piece for mark in (b":c ", b"<c>", b"<c/", b"<row>", b"<row/"))
    return not (placed and plain) and _NO_PLACE.search(piece) is not None


def _read_pieces(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """Read a part in pieces that end where a row does; a sheet of ordinary size is one piece."""
    with archive.open(name) as part:
        buffer = b""
        while chunk := part.read(_PIECE):
            buffer += chunk
            if len(buffer) < _PIECE:
                continue
            cut = buffer.rfind(b"row>") + 4
            if cut < 4:
                cut = buffer.rfind(b"/>") + 2
            if cut > 2:
                yield buffer[:cut]
                buffer = buffer[cut:]
        yield buffer


def _slim_relations(
    part: bytes, *, only: tuple[str, ...] = (), drop: tuple[str, ...] = ()
) -> bytes:
    root: Element = fromstring(part)
    for relation in list(root):
        kind = relation.get("Type", "")
        if kind.endswith(drop) if drop else not kind.endswith(only):
            root.remove(relation)
    return bytes(tostring(root))


def list_worksheets(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """List titles and parts of the worksheets in the order in which the workbook has them."""
    relations = {
        relation.get("Id"): relation
        for relation in fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    }
    sheets = []
    for element in fromstring(archive.read("xl/workbook.xml")).iter():
        if element.tag.rpartition("}")[2] != "sheet":
            continue
        key = next((v for k, v in element.attrib.items() if k.endswith("}id")), None)
        relation = relations.get(key)
        if relation is not None and relation.get("Type", "").endswith("/worksheet"):
            target = relation.get("Target", "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            sheets.append((element.get("name", ""), part))
    return sheets
