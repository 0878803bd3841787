"""Texts that a return may hold and that no output may take for anything but text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "</style></script><!-- <b onclick='x'> -->",
    '#panic("x") $x$ *b* _i_ @ref <label> `raw` // c #{1+1} ]] [[ ))',
    '") #panic("x") //',
    "# h [a](javascript:alert(1)) ![x](http://e.x/y.png) ```{=typst} #panic() ```",
    "\\input{/etc/passwd} \\write18{ls} $$x$$ %\\end{document}",
    "a\x00b\x01\x1b[31m\x7f\x85\u202eevil\u2066",
    "W" * 10_000,
    "مرحبا بالعالم שלום",
    "天津经济技术开发区 東京 Đà Nẵng Ελλάδα Россия",
    "👍🏽🚀😀 flag 🇳🇴 👩\u200d💻 \U0001fae0",
    "=cmd|' /C calc'!A0",
    "a'b\"c&amp;d&#60;",
)


class Reader(HTMLParser):
    """Which tags and attributes a page has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


def squeeze(text: str) -> str:
    """A text without spaces, without invisible characters that join and direct others, and without
    flags: one glyph for two letters, which the library that reads the PDF here leaves out."""
    invisible = r"[\s\u200b-\u200f\u202a-\u202e\u2066-\u2069\U0001f1e6-\U0001f1ff]+"
    return re.sub(invisible, "", text)
