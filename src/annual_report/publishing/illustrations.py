"""Pictures that a notebook's text names: files beside it, and what is attached to a cell."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, unquote_to_bytes

from annual_report.errors import PublishingError
from annual_report.project import PICTURE_SUFFIXES
from annual_report.publishing.blocks import Picture, Suffix

LARGEST = 10_000_000
"""Bytes of a picture that a page can hold."""

_ATTACHED = "attachment:"
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]+:|//", re.I)
_DATA = re.compile(r"data:image/[\w.+-]+(?P<base64>;base64)?,", re.I)
_SIGNATURES: tuple[tuple[re.Pattern[bytes], Suffix], ...] = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "png"),
    (re.compile(rb"\xff\xd8\xff"), "jpeg"),
    (re.compile(rb"GIF8[79]a"), "gif"),
    (re.compile(rb"RIFF....WEBP", re.S), "webp"),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|!--|!DOCTYPE svg|svg\b)"), "svg"),
)


@dataclass(frozen=True)
class Shelf:
    """Where a notebook's pictures are.

    Parameters
    ----------
    folder
        The notebook's own, from which its links start.
    root
        The folder of notebooks; what lies outside is not published.
    """

    folder: Path
    root: Path

    def read(self, target: str) -> bytes:
        """Read the file that a link leads to.

        Raises
        ------
        PublishingError
            If there is none, it lies outside of the folder of notebooks, or it is too large.
        """
        path = (self.folder / target).resolve()
        if not path.is_relative_to(self.root.resolve()):
            raise PublishingError(
                "the picture is outside of the folder of notebooks, and not shown",
                found=target,
                do=f"copy it into {self.folder.name}, and link to the copy",
            )
        if not path.is_file() or path.suffix[1:].lower() not in PICTURE_SUFFIXES:
            raise PublishingError(
                "the picture is not there",
                expected=f"a file whose name ends with {', '.join(PICTURE_SUFFIXES)}",
                found=target,
                do=f"put it into {self.folder.name}, or correct the link",
            )
        _check_size(path.stat().st_size, target)
        return path.read_bytes()


def find_picture(
    target: str, *, shelf: Shelf | None, attachments: Mapping[str, Mapping[str, Any]]
) -> Picture:
    """Find what a picture's link leads to.

    Raises
    ------
    PublishingError
        If it leads to no picture that can be published.
    """
    short = target if len(target) < 80 else f"{target[:77]}…"
    if target.startswith(_ATTACHED):
        data = _read_attachment(unquote(target.removeprefix(_ATTACHED)), attachments)
    elif found := _DATA.match(target):
        data = _decode(target[found.end() :], encoded=bool(found["base64"]))
    elif _ELSEWHERE.match(target):
        raise PublishingError(
            "a picture from elsewhere is not shown: the report needs no network",
            found=short,
            do="save the picture beside the notebook, and link to the file",
        )
    elif shelf is None:
        raise PublishingError("the folder of the notebook is not known", found=short)
    else:
        data = shelf.read(unquote(target))
    _check_size(len(data), short)
    for signature, suffix in _SIGNATURES:
        if signature.match(data):
            return Picture(data, suffix, "")
    raise PublishingError(
        "the picture is of no kind that can be shown",
        expected="PNG, JPEG, GIF, WebP or SVG",
        found=short,
    )


def _read_attachment(name: str, attachments: Mapping[str, Mapping[str, Any]]) -> bytes:
    for mime, content in attachments.get(name, {}).items():
        text = content if isinstance(content, str) else "".join(content)
        return text.encode() if mime == "image/svg+xml" and "<" in text else _decode(text)
    raise PublishingError("the picture is not attached to its cell", found=name)


def _decode(text: str, *, encoded: bool = True) -> bytes:
    try:
        return base64.b64decode(unquote_to_bytes(text)) if encoded else unquote_to_bytes(text)
    except ValueError:
        return b""


def _check_size(size: int, target: str) -> None:
    if size > LARGEST:
        raise PublishingError(
            "the picture is too large for a page",
            expected=f"at most {LARGEST // 1_000_000} MB",
            found=f"{target}, {size / 1_000_000:.1f} MB",
            do="make it smaller",
        )
