"""Which font draws which character: checked for paper, embedded for the screen."""

from __future__ import annotations

import base64
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

from annual_report.errors import PublishingError
from annual_report.exhibits.coverage import list_drawn, read_coverage
from annual_report.exhibits.tokens import FAMILY, FONTS, SYMBOL_FAMILY

INVISIBLE = frozenset(map(ord, "\n\t\u00ad\u200b\u200c\u200d\u200e\u200f\ufeff"))


@dataclass(frozen=True)
class Face:
    """One font file of the package as a page uses it; ``ready`` is cut for the common case."""

    family: str
    stem: str
    weight: str = "400 700"
    slope: str = "normal"
    ready: bool = False


FACES = (
    Face(FAMILY, "AnnualReportSans-Regular", "400", ready=True),
    Face(FAMILY, "AnnualReportSans-Italic", "400", "italic", ready=True),
    Face(FAMILY, "AnnualReportSans-Bold", "700", ready=True),
    Face(SYMBOL_FAMILY, "AnnualReportSymbols-Regular", ready=True),
    Face("Annual Report Emoji", "AnnualReportEmoji-Regular"),
    Face("Annual Report Han", "AnnualReportHan-Regular"),
)


def check_glyphs(texts: Iterable[tuple[str, str]], folders: Sequence[Path] = ()) -> None:
    """Check that some font draws every character, so that none is printed as a box.

    Parameters
    ----------
    texts
        Pairs of a place, such as a cluster's name, and the text that stands there.
    folders
        Folders with further fonts.

    Raises
    ------
    PublishingError
        With the character, the text around it and its place.
    """
    known = list_drawn() | INVISIBLE
    for place, text in texts:
        lacking = {ord(character) for character in set(text)} - known
        if lacking:
            lacking -= _read_coverage_of(tuple(folders))
        if lacking:
            character = chr(min(lacking))
            name = unicodedata.name(character, "without a name")
            raise PublishingError(
                f"no font has the character {character} (U+{ord(character):04X}, {name})",
                where=place,
                found=_quote(text, character),
                do="put a font that has it into data/fonts, or correct the answer",
            )


def _quote(text: str, character: str) -> str:
    at = text.index(character)
    return text[max(0, at - 30) : at + 30].strip()


@cache
def _read_coverage_of(folders: tuple[Path, ...]) -> frozenset[int]:
    from fontTools.ttLib import TTFont  # slow to import and seldom needed

    codes: set[int] = set()
    for path in (p for folder in folders for p in sorted(folder.glob("*.[ot]t[fc]"))):
        with TTFont(path, fontNumber=0) as font:
            codes |= set(font.getBestCmap())
    return frozenset(codes)


def write_faces(text: str) -> str:
    """Write the font faces of a page: the ready ones, and cuts of others for what it says.

    Greek, Cyrillic, Vietnamese, Arabic, Hebrew, Chinese, Japanese, Korean and emoji are cut out of
    the package's fonts when a text has them, so that the page needs no font of its reader's.
    """
    return _write_ready() + "".join(_write_cuts({ord(character) for character in set(text)}))


@cache
def _write_ready() -> str:
    return "".join(
        _write_face(face, (FONTS / f"{face.stem}.woff2").read_bytes(), "woff2")
        for face in FACES
        if face.ready
    )


def _write_cuts(codes: set[int]) -> Iterator[str]:
    coverage = read_coverage()
    ready = frozenset[int]().union(*(coverage[f"{f.stem}.woff2"] for f in FACES if f.ready))
    wanted = codes - ready - INVISIBLE
    for _, faces in groupby(FACES, key=lambda face: face.family):
        drawn = frozenset[int]()
        for face in faces:
            here = wanted & coverage[f"{face.stem}.ttf"]
            if here:
                cut = cut_font(FONTS / f"{face.stem}.ttf", here)
                yield _write_face(face, cut, "woff", ",".join(f"U+{c:X}" for c in sorted(here)))
            drawn |= here
        wanted -= drawn


def cut_font(path: Path, codes: set[int]) -> bytes:
    """Cut a font down to some characters, with what joins and orders them."""
    from fontTools import subset  # slow to import and seldom needed

    options = subset.Options(flavor="woff", layout_features=["*"], recalc_timestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=codes)
    stream = io.BytesIO()
    with subset.load_font(str(path), options) as font:
        cutter.subset(font)
        subset.save_font(font, stream, options)
    return stream.getvalue()


def _write_face(face: Face, data: bytes, form: str, codes: str = "") -> str:
    span = f"unicode-range:{codes};" if codes else ""
    return (
        f"@font-face{{font-family:'{face.family}';font-weight:{face.weight};"
        f"font-style:{face.slope};font-display:swap;{span}"
        f"src:url(data:font/{form};base64,{base64.b64encode(data).decode()}) format('{form}')}}"
    )
