"""Sentences and titles with numbers in them that stay true when the numbers change.

A template names its numbers: ``"{working} of {listed} {listed:policy|policies}"``. A sentence that
names a number which is not there is left out; of a title's candidates the first is taken whose
condition holds and whose numbers are all there. So what is written can be wrong only where its
condition is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Sized
from dataclasses import dataclass
from string import Formatter
from typing import Any, Literal

import pandas as pd

from annual_report.errors import ExhibitError
from annual_report.exhibits.framed import Origins, make_value
from annual_report.exhibits.model import (
    Number,
    Prose,
    Run,
    Runs,
    Span,
)
from annual_report.exhibits.words import (
    capitalise,
    describe_share,
    pluralise,
    spell_count,
    write_absence,
)
from annual_report.numbers import COUNT, MINUS, NO_BREAK, Style, format_number
from annual_report.season.value import Value


@dataclass(frozen=True)
class Told:
    """A sentence with numbers of its own, such as one of several that a loop makes."""

    template: str | tuple[Any, str]
    numbers: Mapping[str, Any]


_SPECS = ("", "unit", "+", "size", "words", "share")
Sentence = str | tuple[Any, str] | Told | None
Role = Literal["lead", "text", "note"]


def compose_title(
    candidates: Sequence[Sentence], numbers: Mapping[str, Any], locale: str = "en"
) -> str:
    """The first candidate whose condition holds and whose numbers are all there.

    Raises
    ------
    ExhibitError
        If none holds.
    """
    for candidate in candidates:
        runs = compose_sentence(candidate, numbers, locale=locale)
        if runs is not None:
            return capitalise("".join(run.text for run in runs))
    raise ExhibitError(
        "no candidate of a title holds",
        found="; ".join(map(str, candidates)),
        do="end with one that has no condition and names no number",
    )


def compose_prose(
    sentences: Sequence[Sentence],
    numbers: Mapping[str, Any],
    *,
    otherwise: str | None,
    role: Role,
    bullets: bool,
    apart: bool,
    locale: str,
    origins: Origins,
) -> Prose | None:
    """Say the sentences whose numbers are all there, or what to say otherwise."""
    told = [
        runs
        for sentence in sentences
        if (runs := compose_sentence(sentence, numbers, locale=locale, origins=origins)) is not None
    ]
    if not told:
        return None if otherwise is None else write_absence(otherwise)
    if bullets or apart or role == "note":
        return Prose(role=role, paragraphs=tuple(told), bullets=bullets and len(told) > 1)
    joined: list[Run] = []
    for runs in told:
        joined += [Span(text=" "), *runs] if joined else runs
    return Prose(role=role, paragraphs=(tuple(joined),))


def compose_sentence(
    sentence: Sentence,
    numbers: Mapping[str, Any],
    *,
    locale: str = "en",
    origins: Origins | None = None,
) -> Runs | None:
    """Fill one template; None where its condition does not hold or a number is not there.

    ``{name}`` prints a number, ``{name:unit}`` prints it with its unit, ``{name:+}`` with a sign,
    ``{name:size}`` without one, ``{name:words}`` as a word, ``{name:one|many}`` chooses a word by
    it, ``{name:share}`` puts a share from 0 to 1 into words. Words between ``**`` are bold.

    Raises
    ------
    ExhibitError
        If the template names what was not given.

    Examples
    --------
    >>> runs = compose_sentence("{n} of {of} {n:permit waits|permits wait}", {"n": 1, "of": 3})
    >>> "".join(run.text for run in runs)
    '1 of 3 permit waits'
    >>> compose_sentence("Permits take {months}.", {"months": Value.unknown("withheld")}) is None
    True
    """
    if sentence is None:
        return None
    if isinstance(sentence, Told):
        numbers, sentence = {**numbers, **sentence.numbers}, sentence.template
    if isinstance(sentence, tuple):
        holds, sentence = sentence
        if not (holds.known if isinstance(holds, Value) else _is_true(holds)):
            return None
    runs: list[Run] = []
    strong = False
    for literal, name, spec, _ in Formatter().parse(sentence):
        plain, *others = literal.split("**")
        runs += _span(plain, strong=strong)
        for text in others:
            strong = not strong
            runs += _span(text, strong=strong)
        if name is not None:
            given = _look_up(numbers, name, sentence)
            if _is_unknown(given):
                return None
            told = _print(given, spec or "", locale, origins or {})
            if not runs and spec in ("words", "share"):
                told = [Span(text=capitalise(told[0].text))]
            runs += [_strengthen(run, strong=strong) for run in told]
    return tuple(runs)


def _strengthen(run: Run, *, strong: bool) -> Run:
    return run.model_copy(update={"strong": strong}) if isinstance(run, Span) else run


def _look_up(numbers: Mapping[str, Any], name: str, sentence: str) -> Any:
    if name not in numbers:
        raise ExhibitError(
            f"a sentence names {{{name}}}, which was not given",
            found=sentence,
            expected=", ".join(numbers) or "numbers by name, as in months=months",
            do=f"give it: {name}=…",
        )
    return numbers[name]


def _is_true(holds: Any) -> bool:
    if isinstance(holds, Sized):  # such as names, of which there are none or some
        return len(holds) > 0
    return not pd.isna(holds) and bool(holds)


def _is_unknown(given: Any) -> bool:
    if isinstance(given, Value):
        return not given.known
    return given is None or (not isinstance(given, str) and bool(pd.isna(given)))


def _print(given: Any, spec: str, locale: str, origins: Origins) -> list[Run]:
    if spec not in _SPECS and "|" not in spec:
        raise ExhibitError(
            f"a sentence prints a number in no way that is known: {spec}",
            expected=", ".join(filter(None, _SPECS)) + ", or one|many",
            do="numbers come printed; for other decimals use ar.reprint(frame, decimals=1)",
        )
    if "|" in spec:
        one, _, many = spec.partition("|")
        return [Span(text=pluralise(float(given), one, many))]
    if spec == "words":
        return [Span(text=spell_count(float(given)))]
    if spec == "share":
        return [Span(text=describe_share(float(given)))]
    if isinstance(given, Value):
        number = make_value(given, origins)
        if spec == "size":
            return [number.model_copy(update={"text": number.text.lstrip(MINUS)})]
        if spec == "+":
            sign = "" if given <= 0 else "+"
            return [number.model_copy(update={"text": sign + number.text})]
        if spec != "unit":
            return [number]
        before, _, after = place_unit(Style(given.unit)).partition("{}")
        return [*_span(before), number, *_span(after)]
    if isinstance(given, str):
        return [Span(text=given)]
    return [Number(text=format_number(float(given), COUNT, locale), value=float(given))]


def _span(text: str, *, strong: bool = False) -> list[Run]:
    return [Span(text=text, strong=strong)] if text else []


def place_unit(style: Style) -> str:
    r"""Where a number goes in a sentence: the currency in front of it, any other unit behind.

    >>> place_unit(Style("USD bn", 1e9)), place_unit(Style("months"))
    ('USD\xa0{}\xa0bn', '{}\xa0months')
    """
    first, _, rest = style.unit.partition(" ")
    if len(first) == 3 and first.isupper():
        return f"{first}{NO_BREAK}{{}}{NO_BREAK}{rest}".rstrip()
    return f"{{}}{NO_BREAK}{style.unit}".rstrip()
