"""Sentences whose numbers are computed: composing, counting, comparing."""

from __future__ import annotations

from collections.abc import Sequence

from annual_report.exhibits.model import Number, Prose, Run, Runs, Span
from annual_report.numbers import COUNT, format_count, format_number

_SHARES = (
    (0.0, "none"),
    (0.05, "almost none"),
    (0.22, "less than a quarter"),
    (0.28, "about a quarter"),
    (0.32, "less than a third"),
    (0.36, "about a third"),
    (0.47, "less than half"),
    (0.53, "about half"),
    (0.63, "more than half"),
    (0.70, "about two thirds"),
    (0.80, "about three quarters"),
    (0.95, "most"),
    (1 - 1e-9, "almost all"),
    (float("inf"), "all"),
)


def compose(template: str, *parts: Number | Span | str) -> Runs:
    """Put numbers into a sentence; each ``{}`` takes the next part.

    Examples
    --------
    >>> [run.text for run in compose("{} of {} answered.", Number(text="18"), "20")]
    ['18', ' of ', '20', ' answered.']
    """
    pieces = template.split("{}")
    if len(pieces) != len(parts) + 1:
        raise ValueError(f"{len(pieces) - 1} places for {len(parts)} parts: {template!r}")
    runs: list[Run] = []
    for index, piece in enumerate(pieces):
        if piece:
            runs.append(Span(text=piece))
        if index < len(parts):
            part = parts[index]
            runs.append(Span(text=part) if isinstance(part, str) else part)
    return tuple(runs)


def write_text(*paragraphs: Runs, bullets: bool = False) -> Prose:
    """Computed paragraphs, or bullets."""
    return Prose(paragraphs=paragraphs, bullets=bullets)


def write_absence(text: str) -> Prose:
    """What an exhibit says when it steps aside because nothing was reported."""
    return Prose(role="absence", paragraphs=(compose(text),))


def pluralise(count: float, noun: str, plural: str | None = None) -> str:
    """The noun in the number that the count asks for.

    >>> pluralise(1, "cluster"), pluralise(0, "cluster"), pluralise(2, "country", "countries")
    ('cluster', 'clusters', 'countries')
    """
    return noun if count == 1 else (plural or f"{noun}s")


def count_things(
    count: float, noun: str, plural: str | None = None, *, locale: str | None = None
) -> str:
    """A count with its noun; the locale groups the figures of a large one.

    >>> count_things(1, "cluster"), count_things(3, "cluster")
    ('1 cluster', '3 clusters')
    >>> count_things(1200, "project", locale="de")
    '1.200 projects'
    """
    return f"{format_number(count, COUNT, locale)} {pluralise(count, noun, plural)}"


def join_words(words: Sequence[str]) -> str:
    """Words in a row with `and` before the last.

    >>> join_words(["policy", "finance", "technology"])
    'policy, finance and technology'
    """
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def name_some(names: Sequence[str], noun: str, *, most: int = 12) -> str:
    """Names in a row; of very many the first few, and how many more there are.

    >>> name_some(["Anvil", "Delta", "Iron"], "cluster", most=2)
    'Anvil, Delta and 1 more cluster'
    """
    if len(names) <= most:
        return join_words(names)
    return join_words([*names[:most], count_things(len(names) - most, f"more {noun}")])


def describe_share(share: float) -> str:
    """A share in words for a title, never stronger than the number.

    >>> describe_share(0.31), describe_share(0.5), describe_share(1.0)
    ('less than a third', 'about half', 'all')
    """
    return next(words for limit, words in _SHARES if share <= limit)


def say_how_many(
    count: float, of: float, noun: str, *, has: str, have: str, plural: str | None = None
) -> str:
    """A title on how many of many: true for none, one and all.

    >>> say_how_many(9, 18, "answering cluster", has="has a board", have="have a board")
    'About half of answering clusters have a board'
    >>> say_how_many(0, 18, "answering cluster", has="has a board", have="have a board")
    'No answering cluster has a board'
    """
    if count == 0:
        return f"No {noun} {has}"
    if of == 1:
        return f"The one {noun} {has}"
    share = describe_share(count / of)
    preposition = "" if share in ("most", "all", "almost all") else "of "
    return f"{capitalise(share)} {preposition}{pluralise(2, noun, plural)} {have}"


def capitalise(text: str) -> str:
    """The first letter large, the rest as it is."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """The first letter small, unless the word is an abbreviation.

    >>> lower_first("Contribution to GDP"), lower_first("GDP")
    ('contribution to GDP', 'GDP')
    """
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


_TO_NINE = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TO_TWENTY = (
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen", "twenty"),
)
_SPELLED = (*_TO_NINE, *_TO_TWENTY)


def spell_count(count: float) -> str:
    """A small count as a word, a large one in figures.

    >>> spell_count(3), spell_count(20), spell_count(21)
    ('three', 'twenty', '21')
    """
    return _SPELLED[int(count)] if count < len(_SPELLED) else format_count(count)
