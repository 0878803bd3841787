"""Titles of exhibits: the first of several candidates that is true."""

from __future__ import annotations

from typing import Any

import pandas as pd

from annual_report.exhibits.sentences import Sentence, Told, compose_title
from annual_report.exhibits.words import say_how_many


def title(*candidates: Sentence, **numbers: Any) -> str:
    """The first candidate whose condition holds and whose numbers are all there.

    Examples
    --------
    >>> title((0 > 1, "More than one waits"), "{n} of {of} wait", "Who waits", n=2, of=5)
    '2 of 5 wait'
    """
    return compose_title(candidates, numbers)


def sentence(template: str | tuple[Any, str], **numbers: Any) -> Told:
    """A sentence with numbers of its own, for ``season.say``: one of several that a loop makes.

    Examples
    --------
    >>> told = [sentence("{name}: {n} moved up.", name=name, n=n) for name, n in [("Trust", 2)]]
    >>> told[0].numbers["n"]
    2
    """
    return Told(template, numbers)


def how_many(count: float, of: float, noun: str, verb: str) -> str | None:
    """A title on how many of many, true for none, one and all; None where a number is not there.

    >>> how_many(66, 164, "listed policy|listed policies", "is in force|are in force")
    'Less than half of listed policies are in force'
    """
    if pd.isna(count) or pd.isna(of) or of == 0:
        return None
    one, _, many = noun.partition("|")
    has, _, have = verb.partition("|")
    return say_how_many(count, of, one, has=has, have=have or has, plural=many or None)
