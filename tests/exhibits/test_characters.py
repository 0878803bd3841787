from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annual_report.exhibits.look.characters import break_long_words, clean_lines, clean_text


@given(st.text())
def test_a_clean_line_has_nothing_that_acts_unseen(text: str) -> None:
    clean = clean_text(text)
    assert not {c for c in clean if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")}
    assert not set(clean) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    clean.encode("utf-8")


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)


@given(st.text(alphabet=st.characters(codec="latin-1", categories=["L", "N", "P", "Zs"])))
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert clean_text(text) == text


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("a\tb\r\nc", "a b  c"),
        ("\x00\x1b\x7f\x85", "␀␛␡�"),
        ("left\u202eright", "leftright"),
        ("\ud800", "�"),
        ("👍🏽 👩\u200d💻", "👍 👩💻"),
        ("\U0001fae0", "[melting face]"),
    ],
)
def test_what_cannot_be_seen_is_shown_or_left_out(dirty: str, clean: str) -> None:
    assert clean_text(dirty) == clean


def test_lines_stay_lines() -> None:
    assert clean_lines("a\r\nb\x00\nc") == "a\nb␀\nc"


@given(st.text(alphabet="ab -", max_size=200))
def test_long_words_can_break_and_say_the_same(text: str) -> None:
    broken = break_long_words(text)
    assert broken.replace("\u200b", "") == text
    assert all(len(piece) < 25 for piece in broken.replace("\u200b", " ").replace("-", " ").split())
