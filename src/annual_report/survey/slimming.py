"""Take out of an .xlsx what holds no answer, before the parser builds objects of it.

A whole column that was formatted once is a million empty cells: openpyxl would need gigabytes for
them, and a minute. Formulas go too: their stored values stay, and where there were formulas is
remembered. The Strict variant of the format gets the ordinary namespaces.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from xml.etree.ElementTree import Element, tostring

from defusedxml.ElementTree import fromstring

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
# A survey's own sheets have some hundreds of cells
_MANY = 20_000


@dataclass(frozen=True)
class Slim:
    """A smaller workbook; for each worksheet, by its place, where formulas and merges were."""

    data: bytes
    formulas: dict[int, frozenset[str]]
    merges: dict[int, tuple[str, ...]]
    strict: bool


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
    formulas: dict[str, frozenset[str]] = {}
    merges: dict[str, tuple[str, ...]] = {}
    cells, strict = 0, False
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            if (_ACTIVE if keep else _LEFT_OUT).match(name):
                continue
            part = old.read(name)
            strict |= _STRICT[0][0] in part
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                formulas[name] = _find_formulas(part)
                merges[name] = tuple(m.decode() for m in _MERGE.findall(part)[:2000])
            part = _slim_part(name, part, keep=keep)
            if name in formulas:
                cells += len(_CELL.findall(part))
            if cells > limit:
                raise ValueError(f"more than {limit:,} cells hold something")
            new.writestr(name, part, compress_type=zipfile.ZIP_STORED)
        places = [part for _, part in list_worksheets(old)]
    return Slim(
        out.getvalue(),
        {place: formulas.get(name, frozenset()) for place, name in enumerate(places)},
        {place: merges.get(name, ()) for place, name in enumerate(places)},
        strict,
    )


def _slim_part(name: str, part: bytes, *, keep: bool) -> bytes:
    if name.endswith((".xml", ".rels")):
        for ours, theirs in _STRICT:
            part = part.replace(ours, theirs)
    if name.startswith("xl/worksheets/_rels/"):
        return _slim_relations(part, only=_KEPT if keep else _COMMENTS)
    if name.startswith("xl/worksheets/") and name.endswith(".xml"):
        few = keep and len(_CELL.findall(part)) <= _MANY
        return part if few else _slim_sheet(part, keep=keep)
    if name == "xl/workbook.xml":
        return _EXTERNAL.sub(b"", part)
    if name == "xl/_rels/workbook.xml.rels":
        return _slim_relations(part, drop=("/externalLink", "/vbaProject"))
    return part


def _find_formulas(part: bytes) -> frozenset[str]:
    return frozenset(address.decode() for address in _FORMULA_CELL.findall(part))


def _slim_sheet(part: bytes, *, keep: bool) -> bytes:
    if not keep:
        part = _FORMULA.sub(b"", _EXTRAS.sub(b"", part))
    if _NO_PLACE.search(part) or b"<!--" in part or b"<![CDATA[" in part:
        return part  # cells that are placed by counting must all stay
    return _EMPTY_ROW.sub(b"", _EMPTY_CELL.sub(b"", part))


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
