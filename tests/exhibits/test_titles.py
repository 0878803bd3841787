"""Titles that are computed: short enough and true for every share."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from annual_report.exhibits.words import describe_share, say_how_many

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


def list_words() -> Iterator[tuple[str, str]]:
    """Noun and verb of each title on how many of many, as the notebooks give them."""
    for path in sorted(NOTEBOOKS.glob("*/*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                for call in ast.walk(ast.parse("".join(cell["source"]))):
                    if isinstance(call, ast.Call) and ast.unparse(call.func) == "ar.how_many":
                        noun, verb = (ast.literal_eval(word) for word in call.args[2:])
                        yield noun, verb


@pytest.mark.parametrize(("noun", "verb"), [*list_words()], ids=lambda words: words[:30])
@pytest.mark.parametrize("of", [1, 2, 7, 20, 997])
def test_ten_words_are_enough(noun: str, verb: str, of: int) -> None:
    one, _, many = noun.partition("|")
    has, _, have = verb.partition("|")
    for count in range(of + 1):
        title = say_how_many(count, of, one, has=has, have=have or has, plural=many or None)
        assert len(title.split()) <= 10, title


@pytest.mark.parametrize(
    ("count", "of", "start"),
    [
        (0, 1, "No "),
        (1, 1, "The one "),
        (0, 9, "No "),
        (9, 9, "All "),
        (999, 1000, "Almost all "),
        (1, 1000, "Almost none of "),
        (5, 10, "About half of "),
    ],
)
def test_none_one_and_all_read_right(count: int, of: int, start: str) -> None:
    title = say_how_many(count, of, "cluster", has="has a plan", have="have a plan")
    assert title.startswith(start)


@pytest.mark.parametrize("of", range(1, 60))
def test_words_for_a_share_never_say_more_than_it(of: int) -> None:
    for count in range(of + 1):
        words, share = describe_share(count / of), count / of
        assert (words == "all") == (count == of)
        assert (words == "none") == (count == 0)
        if words.startswith("less than"):
            assert share < {"a quarter": 0.25, "a third": 1 / 3, "half": 0.5}[words[10:]]
        if words.startswith("more than"):
            assert share > 0.5
