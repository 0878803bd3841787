"""What a file is, by its content, and whether it is safe to open: before any parser sees it."""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from annual_report.files import name_oddity

MB = 1 << 20


@dataclass(frozen=True)
class Bounds:
    """How much a filled survey may be."""

    file: int = 20 * MB
    entries: int = 2_000
    expanded: int = 320 * MB
    part: int = 256 * MB
    ratio: int = 200
    ratio_from: int = 8 * MB


class Refused(Exception):
    """The file goes to no parser; ``code`` is that of a finding."""

    def __init__(self, code: str, found: str, expected: str | None = None) -> None:
        super().__init__(code, found)
        self.code, self.found, self.expected = code, found, expected


_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TEXTS = (
    (
        re.compile(rb"\A\s*(<!--.*?-->\s*)*<(!doctype html|html|head|body|table)", re.I | re.S),
        "a web page",
    ),
    (re.compile(rb"\A\s*<\?xml.*?<(\w+:)?Workbook", re.S), "an Excel 2003 XML file"),
    (re.compile(rb"\A\s*<\?xml"), "an XML file"),
    (re.compile(rb"\A%PDF"), "a PDF file"),
    (re.compile(rb"\A\{\\rtf"), "an RTF document"),
    (re.compile(rb"\A(\x89PNG|\xff\xd8\xff|GIF8)"), "a picture"),
    (re.compile(rb"\A(PK\x05\x06)"), "an empty zip archive"),
    (re.compile(rb"\A(\x1f\x8b|7z\xbc\xaf|Rar!)"), "a compressed archive"),
)
_DECLARATION = re.compile(rb"<!(DOCTYPE|ENTITY)", re.I)


def identify(path: Path, bounds: Bounds | None = None) -> str:
    """Tell which kind of workbook a file is: ``xlsx``, ``xlsb``, ``ods`` or ``xls``.

    Raises
    ------
    Refused
        If it is no workbook, cannot be opened, or is larger than a survey can be.
    """
    bounds = bounds or Bounds()
    head = _read_head(path, bounds)
    if head.startswith(_ZIP):
        return _identify_zip(path, bounds)
    if head.startswith(_OLE):
        return _identify_ole(path)
    raise Refused("file-not-a-workbook", _name_text(head))


def _read_head(path: Path, bounds: Bounds) -> bytes:
    oddity = name_oddity(path)
    if oddity is not None:
        raise Refused("file-missing", oddity)
    try:
        size = path.stat().st_size
        if size == 0:
            raise Refused("file-empty", "0 bytes")
        if size > bounds.file:
            raise Refused("file-too-large", f"{size / MB:.1f} MB", f"{bounds.file // MB} MB")
        with path.open("rb") as file:
            return file.read(4096)
    except OSError as error:
        raise Refused("file-missing", error.strerror or "cannot be opened") from None


def _name_text(head: bytes) -> str:
    for pattern, name in _TEXTS:
        if pattern.search(head):
            return name
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "a text file (UTF-16)"
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4:
            return "a file of an unknown kind"
        text = head[: error.start].decode("utf-8")
    if "\0" in text:
        return "a file of an unknown kind"
    lines = text.splitlines()[:5]
    separated = any(all(mark in line for line in lines) for mark in ",;\t")
    return "a CSV text file" if lines and separated else "a text file"


def _identify_zip(path: Path, bounds: Bounds) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check_size(entries, path.stat().st_size, bounds)
            kind = _kind_of_zip(archive)
            _check_parts(archive, bounds)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise Refused("file-damaged", f"its zip archive is broken ({error})") from None
    except (NotImplementedError, RuntimeError) as error:
        # zipfile raises RuntimeError for an encrypted entry
        raise Refused("file-suspicious", f"a zip entry that cannot be read ({error})") from None
    return kind


def _check_size(entries: list[zipfile.ZipInfo], size: int, bounds: Bounds) -> None:
    if len(entries) > bounds.entries:
        raise Refused("file-suspicious", f"{len(entries):,} parts in its archive")
    names = [entry.filename.lower() for entry in entries]
    if len(set(names)) != len(names):
        raise Refused("file-suspicious", "two parts of its archive with one name")
    expanded = sum(entry.file_size for entry in entries)
    largest = max((entry.file_size for entry in entries), default=0)
    if expanded > bounds.expanded or largest > bounds.part:
        raise Refused("file-suspicious", f"{expanded / MB:,.0f} MB when unpacked")
    if expanded > bounds.ratio_from and expanded > bounds.ratio * size:
        raise Refused("file-suspicious", f"unpacked it grows {expanded // size:,}-fold")


def _kind_of_zip(archive: zipfile.ZipFile) -> str:
    names = set(archive.namelist())
    if "xl/workbook.bin" in names:
        return "xlsb"
    if "mimetype" in names:
        kind = archive.read("mimetype")[:80]
        if b"opendocument.spreadsheet" in kind:
            return "ods"
        if b"opendocument" in kind:
            raise Refused("file-not-a-workbook", "an OpenDocument text or presentation")
    if any(name.startswith("word/") for name in names):
        raise Refused("file-not-a-workbook", "a Word document")
    if any(name.startswith("ppt/") for name in names):
        raise Refused("file-not-a-workbook", "a presentation")
    if "[Content_Types].xml" in names or any(name.startswith("xl/") for name in names):
        return "xlsx"
    raise Refused("file-not-a-workbook", "a zip archive")


def _check_parts(archive: zipfile.ZipFile, bounds: Bounds) -> None:
    """Read each XML part once: it must unpack as declared, and declare no entities."""
    for entry in archive.infolist():
        if entry.flag_bits & 1:
            raise Refused("file-protected", "an encrypted archive")
        if not entry.filename.endswith((".xml", ".rels", ".vml")):
            continue
        with archive.open(entry) as part:
            head = part.read(65_536)
            if _DECLARATION.search(_plain(head)):
                raise Refused("file-suspicious", f"a document type declared in {entry.filename}")
            read = len(head)
            while chunk := part.read(MB):
                read += len(chunk)
                if read > bounds.part:
                    raise Refused("file-suspicious", "more data than its archive declares")


def _plain(head: bytes) -> bytes:
    """UTF-16 could hide a declaration from a search for ASCII bytes."""
    return head.replace(b"\0", b"")


def _identify_ole(path: Path) -> str:
    with path.open("rb") as file:
        data = file.read(4 * MB)
    if _utf16("EncryptedPackage") in data:
        raise Refused("file-protected", "an encrypted workbook")
    if _utf16("Workbook") in data or _utf16("Book") in data:
        return "xls"
    if _utf16("WordDocument") in data:
        raise Refused("file-not-a-workbook", "an old Word document")
    raise Refused("file-not-a-workbook", "an old Office file that holds no workbook")


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le")
