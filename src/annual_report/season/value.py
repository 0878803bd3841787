"""A number that an analyst computes with and a reader sees: a float that knows its address."""

from __future__ import annotations

import math
from typing import Any, Self


class Value(float):
    """One published number; NaN, and false, where it is missing or withheld.

    It compares and computes as any float does; what is computed from it is a plain float.

    Attributes
    ----------
    text
        The number as the report prints it, without its unit; empty where there is none.
    unit
        The unit in a reader's words, such as ``USD bn``.
    mark
        Why there is no number: ``missing``, ``withheld`` or ``not applicable``; else empty.
    flag
        ``queried`` or ``corrected`` where it is; else empty.
    id
        The address of the number, for ``annual-report explain``.
    n, of
        How many clusters stand behind it, of how many on the register.
    year
        The year it stands for, where it has one.
    source
        Where it comes from, in a line; of a number of the tables they know it themselves.

    Examples
    --------
    >>> months = Value(25.0, text="25", unit="months", n=19, of=20)
    >>> months > 16, str(months), bool(Value.unknown("withheld"))
    (True, '25', False)
    """

    text: str
    unit: str
    mark: str
    flag: str
    id: str
    n: int
    of: int
    year: int | None
    source: str

    def __new__(cls, value: float, **_: Any) -> Self:
        return super().__new__(cls, value)

    def __init__(
        self,
        value: float,
        *,
        text: str = "",
        unit: str = "",
        mark: str = "",
        flag: str = "",
        id: str = "",  # noqa: A002  the column of every frame
        n: int = 0,
        of: int = 0,
        year: int | None = None,
        source: str = "",
    ) -> None:
        self.text, self.unit, self.mark, self.flag, self.id = text, unit, mark, flag, id
        self.n, self.of, self.year, self.source = n, of, year, source

    @classmethod
    def unknown(cls, mark: str = "missing", **details: Any) -> Self:
        """A number that is not there, and why."""
        return cls(math.nan, mark=mark, **details)

    @property
    def known(self) -> bool:
        """Whether there is a number."""
        return not math.isnan(self)

    def __bool__(self) -> bool:
        return self.known and float(self) != 0.0

    def __str__(self) -> str:
        return self.text

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (float(self), dict(self.__dict__))


def _restore(value: float, details: dict[str, Any]) -> Value:
    return Value(value, **details)
