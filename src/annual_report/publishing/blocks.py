"""What a chapter is made of: exhibits, and every other thing that a notebook can show."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from annual_report.exhibits.model import Exhibit

Suffix = Literal["png", "jpeg", "gif", "webp", "svg"]

WIDEST = 160
"""Characters of a printed line that stays one line; text in longer ones is wrapped."""


@dataclass(frozen=True)
class Picture:
    """A picture that is no exhibit, with the author's alternative text."""

    data: bytes
    suffix: Suffix
    alt: str

    @property
    def name(self) -> str:
        """A file name that says nothing but what is in it."""
        return f"picture-{hashlib.sha256(self.data).hexdigest()[:16]}.{self.suffix}"


@dataclass(frozen=True)
class Fragment:
    """Text that Pandoc reads: a Markdown cell, or a Markdown or HTML output.

    ``pictures`` are those that it shows, by what it links to.
    """

    text: str
    format: Literal["markdown", "html"] = "markdown"
    pictures: tuple[tuple[str, Picture], ...] = ()


@dataclass(frozen=True)
class Plain:
    """Text as a program printed it, each line as wide as it is; very long ones are wrapped."""

    text: str

    @property
    def width(self) -> int:
        """Characters of the longest line that is not wrapped."""
        lengths = map(len, self.text.splitlines())
        return max((length for length in lengths if length <= WIDEST), default=0)

    @property
    def wraps(self) -> bool:
        return any(len(line) > WIDEST for line in self.text.splitlines())


@dataclass(frozen=True)
class Notice:
    """What is not there, and why."""

    title: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """A document of its own that a register leads to; ``stem`` is its file without suffix."""

    name: str
    note: str
    stem: str


@dataclass(frozen=True)
class Register:
    """Where the profiles are that the report does not hold itself."""

    entries: tuple[Entry, ...]


Block = Exhibit | Fragment | Picture | Plain | Notice | Register


@dataclass(frozen=True)
class Chapter:
    """One notebook of the report, or one cluster's profile.

    ``anchor`` stays the same from build to build; ``part`` groups the contents.
    """

    title: str
    anchor: str
    blocks: tuple[Block, ...]
    part: Literal["chapter", "profile"] = "chapter"
    origin: str = ""
