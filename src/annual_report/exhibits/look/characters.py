"""Text from a return, made fit to print: what cannot be seen is shown or left out, never obeyed."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from annual_report.exhibits.look.coverage import list_drawn

_KEPT_FORMATS = frozenset("\u00ad\u200c\u200d\u200e\u200f")
_VARIATIONS = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0x1F3FB, 0x1F400))))
_SPACES = str.maketrans({"\t": " ", "\r": " ", "\n": " ", "\u2028": " ", "\u2029": " "})
# Thai, Lao, Burmese, Khmer, Chinese, Japanese and Korean break by rules of their own
_BY_ITSELF = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ud7ff"
_LONG_WORD = re.compile(rf"[^\s\u200b\u00ad{_BY_ITSELF}-]{{25,}}")
_BREAK_EVERY = 12
_PICTOGRAM_JOINER = re.compile("(?<=[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f])\u200d")
_PLAIN = re.compile(r"[ -~]*")
_PICTURE_OF_NULL = 0x2400
_PICTURE_OF_DELETE = "\u2421"


def clean_text(text: str) -> str:
    r"""Make one line of a text printable.

    Line breaks become spaces; control characters become their pictures (␀, ␛); overrides of the
    writing direction, tags and variations of a pictogram are left out; a broken half of a character
    becomes �; a pictogram that no font of the package draws becomes its name in brackets.

    >>> clean_text("one\ntwo\x1b[31m")
    'one two␛[31m'
    """
    if _PLAIN.fullmatch(text):
        return text
    text = _PICTOGRAM_JOINER.sub("", text.translate(_SPACES))
    return "".join(map(_clean_character, text))


def clean_lines(text: str) -> str:
    """Make a text printable and keep its lines."""
    return "\n".join(clean_text(line) for line in text.replace("\r\n", "\n").split("\n"))


def _clean_character(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cc":
        code = ord(character)
        if code < 0x20:
            return chr(_PICTURE_OF_NULL + code)
        return _PICTURE_OF_DELETE if code == 0x7F else "�"
    if category == "Cf":
        return character if character in _KEPT_FORMATS else ""
    if category == "Cs" or ord(character) & 0xFFFE == 0xFFFE:
        return "�"
    if character in _VARIATIONS:
        return ""
    if category in ("So", "Sk") and ord(character) not in list_drawn():
        return f"[{unicodedata.name(character, 'symbol').lower()}]"
    return character


def break_long_words(text: str) -> str:
    """Give words of 25 characters and more invisible places to break at, so they stay on the page.

    >>> break_long_words("a" * 30).count("\u200b")
    2
    """
    return _LONG_WORD.sub(_break_word, text)


def _break_word(match: re.Match[str]) -> str:
    word = match[0]
    places = [0, *(i for i in range(_BREAK_EVERY, len(word), _BREAK_EVERY) if _begins(word, i))]
    return "\u200b".join(word[i:j] for i, j in pairwise([*places, len(word)]))


def _begins(word: str, place: int) -> bool:
    """Whether a letter begins there, and not the mark on one or what is joined to it."""
    around = word[place - 1 : place + 1]
    return not any(c in "\u200c\u200d" or unicodedata.category(c)[0] == "M" for c in around)


def isolate(text: str) -> str:
    """Keep a text that runs from right to left together, whatever stands around it."""
    is_mirrored = not text.isascii() and any(
        unicodedata.bidirectional(character) in ("R", "AL") for character in text
    )
    return f"\u2068{text}\u2069" if is_mirrored else text
