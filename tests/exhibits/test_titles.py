"""Titles that are computed: short enough and true for every share."""

from __future__ import annotations

import pytest

from annual_report.exhibits import outlook, technology
from annual_report.exhibits.words import describe_share, say_how_many

HAS_HAVE = [
    (outlook._STANDARDS, "answering cluster"),
    (outlook._SIMPLER, "answering cluster"),
    (outlook._TRAINING, "judged cluster"),
    (outlook._PERMITTING, "judged cluster"),
    (technology._PACE, "judged cluster"),
]


@pytest.mark.parametrize(("words", "noun"), HAS_HAVE, ids=lambda v: str(v)[:30])
@pytest.mark.parametrize("of", [1, 2, 7, 20, 997])
def test_ten_words_are_enough(words: outlook.Rung | outlook.Pace, noun: str, of: int) -> None:
    for count in range(of + 1):
        title = say_how_many(count, of, noun, has=words.has, have=words.have)
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
