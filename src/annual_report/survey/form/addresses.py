"""Columns by letter and by number, and addresses such as ``AB12``."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def column_letter(number: int) -> str:
    """Spell the column as a spreadsheet does.

    Examples
    --------
    >>> column_letter(28)
    'AB'
    """
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """Count the column from 1.

    Examples
    --------
    >>> column_number("AB")
    28
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def parse_address(address: str) -> tuple[int, int] | None:
    """Read row and column of a cell's address; None if it is none.

    Examples
    --------
    >>> parse_address("AB12")
    (12, 28)
    """
    match = _ADDRESS.fullmatch(address)
    return (int(match[2]), column_number(match[1])) if match else None
