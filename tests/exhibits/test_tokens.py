from __future__ import annotations

import re
from itertools import pairwise

import pytest

from annual_report.exhibits.look import tokens
from annual_report.exhibits.look.tokens import TINTS, TOKENS, Token, compute_contrast
from annual_report.season.symbols import VERDICT_SYMBOLS

BY_NAME = {token.name: token for token in TOKENS}
MODES = ("light", "dark")


def look_up(name: str, mode: str) -> str:
    return str(getattr(BY_NAME[name], mode))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("text", ["ink", "muted", *tokens.PILLARS])
@pytest.mark.parametrize("behind", ["ground", "paper"])
def test_text_can_be_read_in_both_modes(text: str, behind: str, mode: str) -> None:
    assert compute_contrast(look_up(text, mode), look_up(behind, mode)) >= 4.5


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("mark", ["new", *(t.name for t in TOKENS if t.name.endswith("-light"))])
def test_marks_stand_out_in_both_modes(mark: str, mode: str) -> None:
    assert compute_contrast(look_up(mark, mode), look_up("ground", mode)) >= 3.0


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("pillar", TINTS)
def test_ordered_amounts_keep_their_order_and_their_distance(pillar: str, mode: str) -> None:
    ground = look_up("ground", mode)
    names = [f"{pillar}{step}" for step in ("-deep", "", "-light")]
    contrasts = [compute_contrast(look_up(name, mode), ground) for name in names]
    assert all(strong / weak > 1.3 for strong, weak in pairwise(contrasts))


@pytest.mark.parametrize("fill", [c for tints in TINTS.values() for c in tints])
def test_text_on_a_fill_can_be_read(fill: str) -> None:
    assert compute_contrast(tokens.choose_text_colour(fill), fill) >= 4.5


def test_contrast_agrees_with_published_pairs() -> None:
    assert compute_contrast("#000000", "#ffffff") == pytest.approx(21)
    assert compute_contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert compute_contrast("#123456", "#123456") == 1


@pytest.mark.parametrize("token", TOKENS, ids=lambda t: t.name)
def test_a_colour_is_six_small_hexadecimal_digits(token: Token) -> None:
    assert re.fullmatch(r"#[0-9a-f]{6}", token.light)
    assert re.fullmatch(r"#[0-9a-f]{6}", token.dark)


def test_each_light_colour_has_one_dark_counterpart() -> None:
    assert len({token.light for token in TOKENS}) == len(TOKENS)


def test_each_verdict_has_a_symbol_of_its_own() -> None:
    assert len(set(VERDICT_SYMBOLS.values())) == len(VERDICT_SYMBOLS) == 7
