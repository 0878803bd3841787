"""Files that nobody should send, each made here from nothing or from a good return."""

from __future__ import annotations

import io
import random
import re
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl

Maker = Callable[[Path, bytes], None]

TYPES = (
    b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    b'content-types"><Default Extension="xml" ContentType="application/xml"/></Types>'
)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def rewrite(good: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """Copy a zip archive, each part changed; None drops it."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(good)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            part = change(name, old.read(name))
            if part is not None:
                new.writestr(name, part)
    return out.getvalue()


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name, part in parts.items():
            new.writestr(name, part)
    return out.getvalue()


def edit(good: bytes, change: Callable[[openpyxl.Workbook], None]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(good))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _empty(path, good):
    path.write_bytes(b"")


def _directory(path, good):
    path.mkdir()


def _broken_link(path, good):
    path.symlink_to(path.parent / "nowhere.xlsx")


def _missing(path, good):
    pass


def _web_page(path, good):
    path.write_bytes(
        b"<!DOCTYPE html><html><body><table><tr><td>FIN-01</td></tr></table></body></html>"
    )


def _csv(path, good):
    path.write_text("code,answer\nFIN-01,5\n", encoding="utf-8")


def _text(path, good):
    path.write_text("Please find our return attached.", encoding="utf-8")


def _utf16(path, good):
    path.write_text("code\tanswer\n", encoding="utf-16")


def _pdf(path, good):
    path.write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")


def _picture(path, good):
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))


def _noise(path, good):
    path.write_bytes(random.Random(1).randbytes(5000))


def _word(path, good):
    path.write_bytes(zipped(**{"[Content_Types].xml": TYPES, "word/document.xml": b"<w/>"}))


def _archive(path, good):
    path.write_bytes(zipped(**{"readme.txt": b"hello"}))


def _spreadsheet_2003(path, good):
    path.write_bytes(b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office"/>')


def _ole(names: tuple[str, ...], *, extra: bytes = b"") -> bytes:
    """The smallest compound file whose directory names some streams."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    directory = b"".join(n.encode("utf-16-le").ljust(64, b"\0") + bytes(64) for n in names)
    return head + directory.ljust(1024, b"\0") + extra


def _encrypted(path, good):
    path.write_bytes(_ole(("Root Entry", "EncryptionInfo", "EncryptedPackage")))


def _hollow_xls(path, good):
    path.write_bytes(_ole(("Root Entry", "Workbook"), extra=b"\x09\x08\x10\0" + bytes(64)))


def _no_workbook_ole(path, good):
    path.write_bytes(_ole(("Root Entry", "WordDocument")))


def _truncated(path, good):
    path.write_bytes(good[: len(good) // 2])


def _zip_bomb(path, good):
    """Ten megabytes that unpack to ten thousand."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        new.writestr("[Content_Types].xml", TYPES)
        with new.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(400):
                part.write(bytes(1 << 20))


def _lying_bomb(path, good):
    """A part that declares a few bytes and holds many."""
    data = bytearray(rewrite(good, lambda n, p: bytes(200 << 20) if n == "xl/styles.xml" else p))
    for marker, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = 0
        while (at := data.find(marker, at)) >= 0:
            name_at = at + (30 if marker == b"PK\x03\x04" else 46)
            if data[name_at : name_at + 13] == b"xl/styles.xml":
                data[at + offset : at + offset + 4] = struct.pack("<I", 1000)
            at += 4
    path.write_bytes(data)


def _many_entries(path, good):
    with zipfile.ZipFile(path, "w") as new:
        for number in range(5000):
            new.writestr(f"xl/part{number}.xml", b"")


def _same_name_twice(path, good):
    with zipfile.ZipFile(path, "w") as new:
        new.writestr("[Content_Types].xml", TYPES)
        new.writestr("xl/Workbook.xml", b"<a/>")
        new.writestr("xl/workbook.xml", b"<b/>")


def _too_large(path, good):
    with path.open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate(50 << 20)


def _entities(path, good):
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "lol">{levels}]><a>&l9;</a>'.encode()
    path.write_bytes(rewrite(good, lambda n, p: bomb if n == "xl/workbook.xml" else p))


def _outside(path, good):
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
    path.write_bytes(rewrite(good, lambda n, p: bomb if n == "docProps/core.xml" else p))


def _utf16_entities(path, good):
    bomb = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'
    data = bomb.encode("utf-16")
    path.write_bytes(rewrite(good, lambda n, p: data if n == "docProps/core.xml" else p))


def _deep(path, good):
    deep = b"<a>" * 200_000 + b"</a>" * 200_000
    path.write_bytes(rewrite(good, lambda n, p: deep if n == "xl/styles.xml" else p))


def _no_sheets(path, good):
    path.write_bytes(rewrite(good, lambda n, p: None if n.startswith("xl/worksheets/") else p))


def _not_xml(path, good):
    path.write_bytes(rewrite(good, lambda n, p: b"\0\1\2" if n == "xl/workbook.xml" else p))


def _huge_numbers(path, good):
    def change(name: str, part: bytes) -> bytes:
        return re.sub(rb'<row r="5"', b'<row r="99999999999999999999"', part)

    path.write_bytes(rewrite(good, change))


def _far_apart(path, good):
    def change(book):
        book.worksheets[2]["XFD1048576"] = "far"

    path.write_bytes(edit(good, change))


def _self_reference(path, good):
    def change(name: str, part: bytes) -> bytes:
        return part.replace(b"sheet1.xml", b"../workbook.xml") if name.endswith(".rels") else part

    path.write_bytes(rewrite(good, change))


def _encrypted_entry(path, good):
    data = bytearray(good)
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    path.write_bytes(data)


def _ods_repeats(path, good):
    """A kilobyte of OpenDocument that says it has a billion cells."""
    content = (
        b'<?xml version="1.0"?><o:document-content xmlns:o="urn:oasis:names:tc:opendocument:xmlns:'
        b'office:1.0" xmlns:t="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:x="urn:oasis:'
        b'names:tc:opendocument:xmlns:text:1.0"><o:body><o:spreadsheet><t:table t:name="a">'
        b'<t:table-row t:number-rows-repeated="1000000"><t:table-cell o:value-type="float" '
        b'o:value="1" t:number-columns-repeated="16000"><x:p>1</x:p></t:table-cell></t:table-row>'
        b"</t:table></o:spreadsheet></o:body></o:document-content>"
    )
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    path.write_bytes(zipped(**{"mimetype": kind, "content.xml": content}))


def _hollow_xlsb(path, good):
    path.write_bytes(zipped(**{"[Content_Types].xml": TYPES, "xl/workbook.bin": b"\x83\x01\x00"}))


HOSTILE: dict[str, tuple[str, Maker]] = {
    maker.__name__.strip("_"): (suffix, maker)
    for suffix, makers in (
        (
            "xlsx",
            (
                _empty,
                _directory,
                _broken_link,
                _missing,
                _csv,
                _text,
                _pdf,
                _picture,
                _noise,
                _word,
                _archive,
                _encrypted,
                _truncated,
                _zip_bomb,
                _lying_bomb,
                _many_entries,
                _same_name_twice,
                _too_large,
                _entities,
                _outside,
                _utf16_entities,
                _deep,
                _no_sheets,
                _not_xml,
                _huge_numbers,
                _far_apart,
                _self_reference,
                _encrypted_entry,
            ),
        ),
        ("xls", (_web_page, _utf16, _spreadsheet_2003, _hollow_xls, _no_workbook_ole)),
        ("ods", (_ods_repeats,)),
        ("xlsb", (_hollow_xlsb,)),
    )
    for maker in makers
}


def mutate(good: bytes, seed: int) -> bytes:
    """Break a good return in one way out of several, always the same way for a seed."""
    rng = random.Random(seed)
    way = rng.choice([_flip, _cut, _swap, _edit_xml, _drop_part, _repeat_xml])
    return way(good, rng)


def _flip(good: bytes, rng: random.Random) -> bytes:
    data = bytearray(good)
    for _ in range(rng.choice([1, 5, 50, 500])):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return bytes(data)


def _cut(good: bytes, rng: random.Random) -> bytes:
    start = rng.choice([0, 0, rng.randrange(len(good))])
    return good[start : start + rng.randrange(len(good))]


def _swap(good: bytes, rng: random.Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(good)) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    one, other = rng.sample(sorted(parts), 2)
    parts[one], parts[other] = parts[other], parts[one]
    return zipped(**parts)


def _edit_xml(good: bytes, rng: random.Random) -> bytes:
    edits: list[Callable[[bytes], bytes]] = [
        lambda p: re.sub(rb'r="[A-Z]+[0-9]+"', b'r="A1"', p, count=rng.randrange(1, 20)),
        lambda p: re.sub(rb'r="([A-Z]+[0-9]+)"', b"", p, count=rng.randrange(1, 20)),
        lambda p: re.sub(rb't="\w+"', b't="zz"', p, count=rng.randrange(1, 9)),
        lambda p: re.sub(rb's="[0-9]+"', b's="99999"', p, count=rng.randrange(1, 9)),
        lambda p: re.sub(rb"<v>[^<]*</v>", b"<v>9e999</v>", p, count=rng.randrange(1, 9)),
        lambda p: re.sub(rb"<v>[^<]*</v>", b"<v>x</v>", p, count=rng.randrange(1, 9)),
        lambda p: re.sub(rb"<v>[^<]*</v>", b"<v>-1</v>", p),
        lambda p: p.replace(b"</row>", b"", 1),
        lambda p: p.replace(b"<sheetData>", b"<sheetData><!-- -->"),
        lambda p: p.replace(b"xmlns=", b"xmlns:q=", 1),
        lambda p: p.replace(b'"', b"'", rng.randrange(1, 99)),
        lambda p: p.replace(b"$", b"", rng.randrange(1, 99)),
    ]
    change = rng.choice(edits)
    with zipfile.ZipFile(io.BytesIO(good)) as old:
        target = rng.choice([n for n in old.namelist() if n.endswith(".xml")])
    return rewrite(good, lambda name, part: change(part) if name == target else part)


def _drop_part(good: bytes, rng: random.Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(good)) as old:
        target = rng.choice(old.namelist())
    return rewrite(good, lambda name, part: None if name == target else part)


def _repeat_xml(good: bytes, rng: random.Random) -> bytes:
    def change(name: str, part: bytes) -> bytes:
        tags = list(re.finditer(rb"<(\w+)[^>]*/>", part))
        if not tags or name != target:
            return part
        tag = rng.choice(tags)
        return part[: tag.end()] + tag[0] * rng.choice([1, 10, 1000]) + part[tag.end() :]

    with zipfile.ZipFile(io.BytesIO(good)) as old:
        target = rng.choice([n for n in old.namelist() if n.endswith(".xml")])
    return rewrite(good, change)


def mutations(good: bytes, count: int) -> Iterator[tuple[int, bytes]]:
    for seed in range(count):
        yield seed, mutate(good, seed)
