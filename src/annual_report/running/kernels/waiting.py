"""Wait for a descriptor inside an event loop."""

from __future__ import annotations

import asyncio
from typing import Protocol


class HasDescriptor(Protocol):
    """A connection, a child: whatever can become readable."""

    def fileno(self) -> int:
        """Return its descriptor."""


async def wait_readable(end: HasDescriptor, seconds: float | None = None) -> None:
    """Wait until something can be read or the other side has gone, without a thread or polling.

    Raises
    ------
    TimeoutError
        If nothing comes within so many seconds.
    """
    loop = asyncio.get_running_loop()
    word: asyncio.Future[None] = loop.create_future()
    loop.add_reader(end.fileno(), _set_once, word)
    try:
        async with asyncio.timeout(seconds):
            await word
    finally:
        loop.remove_reader(end.fileno())


def _set_once(word: asyncio.Future[None]) -> None:
    if not word.done():
        word.set_result(None)
