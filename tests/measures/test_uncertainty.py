import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annual_report.errors import MeasureError
from annual_report.measures.indicators.uncertainty import Scored, draw_interval

PILLAR = (
    Scored("FIN-A", 30, 0.20, 0.5),
    Scored("FIN-B", 30, 0.75),
    Scored("FIN-C", 40, 0.90, 0.6),
)
KEY = ("norrhavn", "finance")

indicators = st.lists(
    st.builds(
        Scored,
        code=st.sampled_from("ABCDEFGH"),
        weight=st.floats(0.1, 100),
        share=st.floats(-2, 3),
        elapsed=st.one_of(st.none(), st.floats(-0.5, 1.5)),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda scored: scored.code,
)


def draw(scored, *, draws=200, seed=2023, key=KEY):
    return draw_interval(scored, draws=draws, seed=seed, key=key)


def table(clusters=3):
    rng = np.random.default_rng(7)
    return pd.DataFrame(
        [
            (
                f"c{c}",
                pillar,
                f"{pillar}-{i}",
                10.0 + i,
                rng.uniform(-0.2, 1.2),
                rng.uniform(0.2, 1),
            )
            for c in range(clusters)
            for pillar in ("finance", "policy")
            for i in range(6)
        ],
        columns=["cluster", "pillar", "code", "weight", "share", "elapsed"],
    )


def test_one_indicator_lies_between_its_clipped_and_its_adjusted_share():
    # no weight matters and nothing can be left out: half the draws say 20, half 40
    found = draw([Scored("A", 10, 0.2, 0.5)], draws=1000)
    assert (found.low, found.high) == pytest.approx((20, 40))
    assert found.median == pytest.approx(30)


@pytest.mark.parametrize("elapsed", [None, 0.0, -0.2, 1.0])
def test_without_elapsed_time_there_is_nothing_to_adjust(elapsed):
    found = draw([Scored("A", 10, 0.2, elapsed)])
    assert (found.low, found.median, found.high) == pytest.approx((20, 20, 20))


def test_shares_are_clipped_after_they_are_adjusted():
    assert draw([Scored("A", 10, 1.4, 2.0)], draws=1000).low == pytest.approx(70)
    assert draw([Scored("A", 10, 0.8, 0.5)], draws=1000).high == pytest.approx(100)
    assert draw([Scored("A", 10, -0.8, 0.5)]).high == 0


def test_leaving_indicators_out_in_turn_reaches_each_of_them():
    # weights within 25 % move this score by a few points; leaving one out moves it to 0 and 100
    found = draw([Scored("A", 1, 0.0), Scored("B", 1, 1.0)], draws=3000)
    assert (found.low, found.high) == pytest.approx((0, 100))
    assert found.median == pytest.approx(50, abs=2)


def test_the_interval_agrees_with_a_second_implementation_in_plain_python():
    generator = random.Random(1)
    scores = []
    for _ in range(20_000):
        out = generator.choice([*PILLAR, None])
        adjusted = generator.random() < 0.5
        top = bottom = 0.0
        for one in PILLAR:
            if one is out:
                continue
            share = one.share / one.elapsed if adjusted and one.elapsed else one.share
            weight = one.weight * generator.uniform(0.75, 1.25)
            top += weight * min(1, max(0, share))
            bottom += weight
        scores.append(100 * top / bottom)
    scores.sort()
    found = draw(PILLAR, draws=20_000)
    for share, number in ((0.05, found.low), (0.5, found.median), (0.95, found.high)):
        assert number == pytest.approx(scores[int(share * len(scores))], abs=0.7)


def test_the_same_seed_gives_the_same_interval_and_another_seed_another():
    assert draw(PILLAR) == draw(PILLAR)
    assert draw(PILLAR) != draw(PILLAR, seed=2024)
    assert draw(PILLAR) != draw(PILLAR, key=("norrhavn", "policy"))


def test_another_process_draws_the_same():
    code = (
        "from annual_report.measures.indicators.uncertainty import *;"
        f"print(repr(draw_interval({PILLAR!r}, draws=200, seed=2023, key={KEY!r})))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == repr(draw(PILLAR))


def test_a_cluster_gets_its_interval_in_any_order_and_on_any_workers():
    groups = [
        (
            (cluster, pillar),
            [Scored(r.code, r.weight, r.share, r.elapsed) for r in part.itertuples()],
        )
        for (cluster, pillar), part in table().groupby(["cluster", "pillar"])
    ]
    alone = {key: draw_interval(scored, draws=100, seed=1, key=key) for key, scored in groups}
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(
            lambda group: draw_interval(group[1][::-1], draws=100, seed=1, key=group[0]),
            groups[::-1],
        )
        assert list(found) == list(alone.values())[::-1]


@pytest.mark.parametrize(
    ("scored", "draws", "message"),
    [
        ((), 10, "no answered indicator"),
        ((PILLAR[0], PILLAR[0]), 10, "there twice"),
        (PILLAR, 0, "at least one draw"),
        ((replace(PILLAR[0], weight=0),), 10, "cannot be scored"),
        ((replace(PILLAR[0], share=float("nan")),), 10, "cannot be scored"),
        ((replace(PILLAR[0], elapsed=float("inf")),), 10, "cannot be scored"),
    ],
)
def test_what_has_no_interval_is_refused(scored, draws, message):
    with pytest.raises(MeasureError, match=message):
        draw(scored, draws=draws)


@given(indicators, st.integers(1, 60))
def test_intervals_stay_in_0_to_100_and_in_order(scored, draws):
    found = draw(scored, draws=draws)
    assert 0 <= found.low <= found.median <= found.high <= 100


@given(indicators, st.randoms())
def test_the_order_of_indicators_changes_nothing(scored, shuffle):
    expected = draw(scored, draws=50)
    shuffle.shuffle(scored)
    assert draw(scored, draws=50) == expected


@given(indicators, st.integers(0, 7), st.floats(0, 2))
def test_improving_one_indicator_never_lowers_the_interval(scored, which, gain):
    i = which % len(scored)
    better = [*scored[:i], replace(scored[i], share=scored[i].share + gain), *scored[i + 1 :]]
    before, after = draw(scored, draws=50), draw(better, draws=50)
    for name in ("low", "median", "high"):
        assert getattr(after, name) >= getattr(before, name) - 1e-9
