"""Which font draws which character: on paper, embedded for the screen, and what none draws.

The fallback chain: the package's families in the order of ``FAMILIES``, then the fonts in
``data/fonts`` by their names, then �. What a machine has installed is not used, so that every
machine makes the same report.
"""

from __future__ import annotations

import base64
import io
import shutil
import subprocess
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from logging import getLogger
from pathlib import Path

from annual_report.exhibits.look.coverage import list_drawn, list_files, read_coverage
from annual_report.exhibits.look.tokens import (
    ADDED_FAMILY,
    FALLBACK_FAMILIES,
    FAMILY,
    FONTS,
    SHAPED_FAMILIES,
    SYMBOL_FAMILY,
)

INVISIBLE = frozenset(map(ord, "\n\t\u00ad\u200b\u200c\u200d\u200e\u200f\u2068\u2069\ufeff"))
REPLACEMENT = "\ufffd"
NAMED = 3
"""How many characters without a font are named in one message."""

_LOG = getLogger(__name__)


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
    *(
        Face(family, f"{family.replace(' ', '')}-Regular")
        for family in FALLBACK_FAMILIES
        if family != SYMBOL_FAMILY
    ),
)


def list_undrawn(text: str, folders: Sequence[Path] = ()) -> list[str]:
    """List the characters of a text that neither the package's fonts nor these folders' draw."""
    lacking = {ord(character) for character in set(text)} - list_drawn() - INVISIBLE
    if lacking:
        lacking -= frozenset[int]().union(*(drawn for _, drawn in _read_added(tuple(folders))))
    return list(map(chr, sorted(lacking)))


def replace_undrawn(
    texts: Iterable[tuple[str, str]], folders: Sequence[Path] = ()
) -> Iterator[str]:
    """Give texts back with � for what no font draws, and warn of each such character once.

    Parameters
    ----------
    texts
        Pairs of a place, such as a cluster's name, and the text that stands there.
    folders
        Folders with further fonts.
    """
    told: set[str] = set()
    for place, text in texts:
        lacking = list_undrawn(text, folders)
        if fresh := [character for character in lacking if character not in told]:
            told.update(fresh)
            _LOG.warning("%s: %s; %s", place, describe_undrawn(fresh), advise(fresh))
        yield _mark(text, lacking)


def mark_undrawn(text: str, folders: Sequence[Path] = ()) -> str:
    """Give a text back with � for what no font draws, without a word."""
    return _mark(text, list_undrawn(text, folders))


def _mark(text: str, lacking: Sequence[str]) -> str:
    return text.translate(dict.fromkeys(map(ord, lacking), REPLACEMENT)) if lacking else text


def describe_undrawn(characters: Sequence[str]) -> str:
    """Say which characters no font has.

    >>> describe_undrawn(["\u13a0", "\u13a1"])
    'no font here has Ꭰ (U+13A0, Cherokee letter a), Ꭱ (U+13A1, Cherokee letter e)'
    """
    named = [
        f"{c} (U+{ord(c):04X}, {unicodedata.name(c, 'without a name').capitalize()})"
        for c in characters[:NAMED]
    ]
    more = len(characters) - len(named)
    return f"no font here has {', '.join(named)}{f' and {more} more' if more else ''}"


def advise(characters: Sequence[str]) -> str:
    """Say what to do about characters that no font has."""
    found = _find_installed(characters[0])
    source = (
        f"copy {found}, which has it, into data/fonts"
        if found
        else "put a font that has it into data/fonts, such as the one of Noto for its script"
        " (in Debian: fonts-noto-core, fonts-noto-cjk)"
    )
    return f"{source}, or the report prints {REPLACEMENT} in its place"


@cache
def _find_installed(character: str) -> Path | None:
    """Find a font of this machine that has a character, where fontconfig knows its fonts."""
    program = shutil.which("fc-list")
    if program is None:
        return None
    pattern = f":charset={ord(character):x}"
    command = [program, "--format", "%{file}\n", pattern]
    listed = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    names = sorted(listed.stdout.split("\n"), key=lambda name: ("Regular" not in name, name))
    return next((Path(name) for name in names if name), None)


@cache
def _read_added(folders: tuple[Path, ...]) -> tuple[tuple[Path, frozenset[int]], ...]:
    """Read which characters the fonts have that the editors have added, in their order."""
    paths = [p for folder in folders for p in sorted(folder.glob("*.[ot]t[fc]"))]
    return tuple((path, _read_characters(path)) for path in paths)


def _read_characters(path: Path) -> frozenset[int]:
    from fontTools.ttLib import TTFont  # slow to import and seldom needed

    with TTFont(path, fontNumber=0) as font:
        return frozenset(font.getBestCmap() or {})


def write_faces(text: str, folders: Sequence[Path] = ()) -> str:
    """Write the font faces of a page: the ready ones, and cuts of others for what it says.

    Of the package's other fonts, and of the editors', the characters are cut out that a text has,
    so that the page needs no font of its reader's.
    """
    codes = {ord(character) for character in set(text)}
    return _write_ready() + "".join(_write_cuts(codes, tuple(folders)))


@cache
def _write_ready() -> str:
    return "".join(
        _write_face(face, (FONTS / f"{face.stem}.woff2").read_bytes(), "woff2")
        for face in FACES
        if face.ready
    )


def _write_cuts(codes: set[int], folders: tuple[Path, ...]) -> Iterator[str]:
    coverage, files = read_coverage(), list_files()
    ready = frozenset[int]().union(*(coverage[f"{f.stem}.woff2"] for f in FACES if f.ready))
    wanted = codes - ready - INVISIBLE
    for _, faces in groupby(FACES, key=lambda face: face.family):
        drawn = frozenset[int]()
        for face in faces:
            here = wanted & coverage[files[face.stem]]
            if here:
                whole = coverage[files[face.stem]] - {ord(" ")}
                span = whole if face.family in SHAPED_FAMILIES else here
                yield _write_cut(face, FONTS / files[face.stem], span)
            drawn |= here
        wanted -= drawn
    for path, drawn in _read_added(folders) if wanted else ():
        if here := wanted & drawn:
            yield _write_cut(Face(ADDED_FAMILY, path.stem), path, here)
        wanted -= here


def _write_cut(face: Face, path: Path, codes: AbstractSet[int]) -> str:
    span = ",".join(f"U+{code:X}" for code in sorted(codes))
    return _write_face(face, cut_font(path, codes), "woff", span)


def cut_font(path: Path, codes: AbstractSet[int]) -> bytes:
    """Cut a font down to some characters, with what joins and orders them."""
    from fontTools import subset  # slow to import and seldom needed

    options = subset.Options(
        flavor="woff", layout_features=["*"], recalc_timestamp=False, font_number=0
    )
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
