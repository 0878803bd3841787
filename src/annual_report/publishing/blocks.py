"""What a chapter is made of: exhibits, and every other thing that a notebook can show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from annual_report.exhibits.model import Exhibit


@dataclass(frozen=True)
class Fragment:
    """Text that Pandoc reads: a Markdown cell, or a Markdown or HTML output."""

    text: str
    format: Literal["markdown", "html"] = "markdown"


@dataclass(frozen=True)
class Picture:
    """A picture that is no exhibit, with the author's alternative text."""

    data: bytes
    suffix: Literal["png", "jpeg", "svg"]
    alt: str


@dataclass(frozen=True)
class Plain:
    """Text as a program printed it."""

    text: str


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
