"""Addresses as they may be told: without who logs in, what follows a ? and what follows a #."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote, urlsplit

HIDDEN = "…"
SHORTEST = 4
"""A secret of fewer characters would be found in words that have nothing to do with it."""

_CHAINED = r"::[A-Za-z][A-Za-z0-9+.-]*://"  # what an address may go on with
_ADDRESS = re.compile(
    r"(?P<kind>[A-Za-z][A-Za-z0-9+.-]+:/{1,3})"
    # a password may hold what an address has to spell otherwise: then up to the last @
    r"(?P<user>[^\s/?#@:\"'<>]*:(?![0-9]*(?:[/?#:;,)\s]|$))"
    rf"(?:(?!{_CHAINED})[^\s\"'<>])*@|[^\s/?#\"'<>]*@)?"
    rf"(?P<place>(?:(?!{_CHAINED})[^\s?#\"'<>])*)"
    r"(?P<rest>[?#][^\s\"'<>]*?(?=[:;,.)\]}]*(?:[\s\"'<>]|$)))?"
)


def hide_secrets(text: str, *addresses: str) -> str:
    """Hide in a text what an address may hold that is not for others.

    Parameters
    ----------
    addresses
        What the text is about: their passwords, queries and fragments are hidden wherever they
        stand, as drivers tell them without the address around them.

    >>> hide_secrets("no folder https://me:word@host/returns?token=abcd: 404")
    'no folder https://…@host/returns?…: 404'
    """
    secrets = {secret for one in addresses for secret in _list_secrets(one)}
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return _ADDRESS.sub(_tell, text)


def _tell(found: re.Match[str]) -> str:
    user, rest = found["user"], found["rest"]
    return "".join(
        (
            found["kind"],
            f"{HIDDEN}@" if user else "",
            found["place"],
            f"{rest[0]}{HIDDEN}" if rest else "",
        )
    )


def _list_secrets(address: str) -> Iterator[str]:
    """List the secrets of an address, and of those that it is chained to."""
    for part in address.split("::"):
        try:
            split = urlsplit(part)
            found = [split.password or "", split.query, split.fragment]
        except ValueError:  # brackets that are no IPv6 address
            continue
        found += [value for _, value in parse_qsl(split.query)]
        for secret in found:
            for spelling in (secret, unquote(secret)):
                if len(spelling) >= SHORTEST:
                    yield spelling
