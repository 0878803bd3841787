"""Cut the report's fonts down to what a report can need, and give them names of their own.

Usage::

    python scripts/subset_fonts.py FOLDER...

The folders hold the original TrueType files (in Debian the packages ``fonts-lato``,
``fonts-dejavu-core``, ``fonts-symbola``, ``fonts-droid-fallback``, ``fonts-noto-core`` and
``fonts-noto-cjk``). The result goes to ``src/annual_report/exhibits/look/fonts`` as TTF or OTF
(matplotlib, Typst) and, in Latin only, as WOFF2 (HTML). Needs fonttools and brotli. The Open Font
License reserves the name Lato for the unmodified fonts, so the subset is called Annual Report Sans.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

TARGET = Path(__file__).parents[1] / "src" / "annual_report" / "exhibits" / "look" / "fonts"
DATE_1904 = 3_500_000_000  # a fixed day of the calendar that fonts count in: same input, same bytes

PUNCTUATION = "U+0020-007E,U+00A0-00FF,U+02B0-02FF,U+2000-206F,U+2070-209F,U+20A0-20CF"
LATIN = f"{PUNCTUATION},U+0100-017F,U+2100-214F,U+2150-218F,U+2190-2193,U+2212,U+2248,U+2260-2265"
TEXT = (
    f"{LATIN},U+0180-02AF,U+0300-036F,U+0370-03FF,U+0400-052F,U+1E00-1EFF,U+1F00-1FFF,"
    "U+2200-22FF,U+25A0-25FF"
)
# What the text family lacks: marks of verdicts, arrows, mathematics, and scripts of other names
SIGNS = (
    "U+2100-214F,U+2190-21FF,U+2200-22FF,U+2300-232B,U+2400-2426,U+2460-24FF,U+2500-25FF,"
    "U+2600-26FF,U+2700-27BF,U+27F0-27FF,U+2900-297F,U+FB00-FB06,U+FFFD,U+1F600-1F64F"
)
SCRIPTS = "U+0530-058F,U+0590-05FF,U+0600-06FF,U+0750-077F,U+10A0-10FF,U+FB1D-FB4F,U+FB50-FDFF,U+FE70-FEFF"
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "liga", "tnum", "lnum", "init", "medi", "fina"]
FEATURES += ["rlig", "isol", "calt"]


EMOJIS = "U+0020,U+2400-2426,U+1F1E6-1F1FF,U+1F300-1F5FF,U+1F64F-1F6FF,U+1F900-1F9FF"


# Scripts of names and quotes that are joined and ordered by rules of their own, out of Noto.
# Each has the space, the joiners and the ring that holds a mark without a letter.
SHAPED = {
    "Thai": "U+0E00-0E7F",
    "Lao": "U+0E80-0EFF",
    "Khmer": "U+1780-17FF,U+19E0-19FF",
    "Myanmar": "U+1000-109F,U+A9E0-A9FF,U+AA60-AA7F",
    "Devanagari": "U+0900-097F,U+1CD0-1CFF,U+A830-A839,U+A8E0-A8FF,U+20B9",
    "Bengali": "U+0980-09FF",
    "Gurmukhi": "U+0A00-0A7F",
    "Gujarati": "U+0A80-0AFF",
    "Oriya": "U+0B00-0B7F",
    "Tamil": "U+0B80-0BFF",
    "Telugu": "U+0C00-0C7F",
    "Kannada": "U+0C80-0CFF",
    "Malayalam": "U+0D00-0D7F",
    "Sinhala": "U+0D80-0DFF",
    "Ethiopic": "U+1200-139F,U+2D80-2DDF",
}
JOINERS = "U+0020,U+200C,U+200D,U+25CC"


def list_everyday(first: int, end: int, *encodings: str, width: int = 2) -> str:
    """List what everyday national character sets hold of a range, in at most so many bytes."""
    characters = {ord(" ")}
    for code in range(first, end):
        for encoding in encodings:
            try:
                encoded = chr(code).encode(encoding)
            except UnicodeEncodeError:
                continue
            if len(encoded) <= width:
                characters.add(code)
                break
    return ",".join(f"U+{code:04X}" for code in sorted(characters))


HAN_CHARACTERS = list_everyday(0x2E80, 0x10000, "gb2312", "big5", "shift_jis")
HANGUL_CHARACTERS = f"{list_everyday(0xAC00, 0xD7A4, 'euc_kr')},U+1100-11FF,U+3130-318F"


@dataclass(frozen=True)
class Cut:
    """One font file to make: from which original, for which characters, named how."""

    original: str
    family: str
    style: str
    characters: str
    woff2_characters: str = ""
    without: str = ""  # the stem of the cut whose characters this one leaves out
    number: int = -1  # which font of a collection
    suffix: str = ".ttf"

    @property
    def stem(self) -> str:
        return f"{self.family.replace(' ', '')}-{self.style.replace(' ', '')}"


SANS, SYMBOLS = "Annual Report Sans", "Annual Report Symbols"
EMOJI, HAN = "Annual Report Emoji", "Annual Report Han"
MARKS = "U+2298,U+2630,U+25A0-25FF,U+2713-2718,U+2190-2199,U+2194-21FF,U+2205,U+FFFD,U+2400-2426"
CUTS = (
    Cut("Lato-Regular.ttf", SANS, "Regular", TEXT, LATIN),
    Cut("Lato-Italic.ttf", SANS, "Italic", TEXT, LATIN),
    Cut("Lato-Bold.ttf", SANS, "Bold", TEXT, LATIN),
    Cut("Lato-BoldItalic.ttf", SANS, "Bold Italic", TEXT),
    # A font that had the letters too would be taken for the whole text of a drawing with one sign
    Cut(
        "DejaVuSans.ttf",
        SYMBOLS,
        "Regular",
        f"{TEXT},{SIGNS},{SCRIPTS}",
        MARKS,
        without="AnnualReportSans-Regular",
    ),
    Cut("Symbola_hint.ttf", EMOJI, "Regular", EMOJIS),
    Cut("DroidSansFallbackFull.ttf", HAN, "Regular", HAN_CHARACTERS),
    Cut(
        "NotoSansCJK-Regular.ttc",
        "Annual Report Hangul",
        "Regular",
        HANGUL_CHARACTERS,
        number=1,  # Korean
        suffix=".otf",
    ),
    *(
        Cut(
            f"NotoSans{script}-Regular.ttf",
            f"Annual Report {script}",
            "Regular",
            f"{JOINERS},{characters}",
        )
        for script, characters in SHAPED.items()
    ),
)


def cut_font(original: Path, codes: set[int], *, number: int = -1, shaped: bool = False) -> TTFont:
    """Return the original with these characters and the features that text needs."""
    options = subset.Options()
    options.layout_features = ["*"] if shaped else FEATURES
    options.hinting = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.notdef_outline = True
    options.glyph_names = False
    font = TTFont(original, fontNumber=number, recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=codes)
    cutter.subset(font)
    return font


def name_font(font: TTFont, cut: Cut) -> None:
    """Give a font the family's name and a fixed date."""
    full = f"{cut.family} {cut.style}"
    names = {1: cut.family, 2: cut.style, 3: full, 4: full, 6: cut.stem}
    table = font["name"]
    table.names = [record for record in table.names if record.nameID in (0, 5, 13, 14)]
    for number, text in names.items():
        table.setName(text, number, 3, 1, 0x409)
    font["head"].created = font["head"].modified = DATE_1904


def list_ranges(codes: set[int]) -> Iterator[str]:
    """List code points as ranges of hexadecimal numbers, ends included."""
    for code in sorted(codes):
        if code - 1 not in codes:
            last = code
            while last + 1 in codes:
                last += 1
            yield f"{code:X}-{last:X}"


def write_fonts(folders: list[Path]) -> None:
    """Write every font file of the report into the package, and what each one covers."""
    TARGET.mkdir(parents=True, exist_ok=True)
    coverage = []
    written: dict[str, set[int]] = {}
    for cut in CUTS:
        original = next(f / cut.original for f in folders if (f / cut.original).is_file())
        for suffix, characters in ((cut.suffix, cut.characters), (".woff2", cut.woff2_characters)):
            if not characters:
                continue
            lacking = written.get(f"{cut.without}{suffix}", set())
            codes = set(subset.parse_unicodes(characters)) - (lacking - {ord(" ")})
            shaped = cut.original.startswith("NotoSans") and cut.number < 0
            font = cut_font(original, codes, number=cut.number, shaped=shaped)
            name_font(font, cut)
            font.flavor = "woff2" if suffix == ".woff2" else None
            path = TARGET / f"{cut.stem}{suffix}"
            font.save(path)
            drawn = set(font.getBestCmap())
            written[path.name] = drawn
            coverage.append(f"{path.name} {' '.join(list_ranges(drawn))}")
            print(
                f"{path.name}: {path.stat().st_size:,} bytes, {len(font.getBestCmap()):,} characters"
            )
    (TARGET / "coverage.txt").write_text("\n".join(coverage) + "\n")


if __name__ == "__main__":
    write_fonts([Path(argument) for argument in sys.argv[1:]])
