"""Tick labels of axes that count in powers: 10² as text, where matplotlib writes mathematics."""

from __future__ import annotations

import re

from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import Formatter

_MATHEMATICS = re.compile(r"\$\\mathdefault\{(.*)\}\$")
_POWER = re.compile(r"\^\{([^}]*)\}")
_OVERLINE = re.compile(r"\\overline\{((?:[^{}]|\{[^{}]*\})*)\}")
_WORDS = {r"\times": "×", r"\cdot": "·", r"\frac{1}{2}": "½", "-": "−"}
_RAISED = str.maketrans("0123456789−+", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺")


def write_powers(label: str) -> str:
    r"""Write a tick label of matplotlib's without its mathematical notation.

    >>> write_powers(r"$\mathdefault{2\times10^{-3}}$")
    '2×10⁻³'
    >>> write_powers("costs $5")
    'costs $5'
    """
    found = _MATHEMATICS.fullmatch(label)
    if not found:
        return label
    text = _OVERLINE.sub(r"1-\1", found[1])
    for word, sign in _WORDS.items():
        text = text.replace(word, sign)
    return _POWER.sub(lambda power: _raise(power[1]), text)


def _raise(exponent: str) -> str:
    raised = exponent.translate(_RAISED)
    return f"^{exponent}" if "." in raised else raised  # there is no raised point


class PlainLabels(Formatter):
    """Labels as another formatter gives them, with its powers as text."""

    def __init__(self, formatter: Formatter) -> None:
        self._formatter = formatter

    def __call__(self, x: float, pos: int | None = None) -> str:
        return write_powers(self._formatter(x, pos))

    def format_ticks(self, values: list[float]) -> list[str]:
        return [write_powers(label) for label in self._formatter.format_ticks(values)]

    def get_offset(self) -> str:
        return write_powers(self._formatter.get_offset())


def write_plain_labels(figure: Figure) -> None:
    """Let every axis of a figure, those of its colour bars too, label itself in plain text."""
    for axis in figure.findobj(Axis):
        assert isinstance(axis, Axis)
        for ticker in (axis.major, axis.minor):
            if ticker.formatter and not isinstance(ticker.formatter, PlainLabels):
                ticker.formatter = PlainLabels(ticker.formatter)
