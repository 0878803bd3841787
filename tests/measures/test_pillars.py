"""The score of a pillar: mean of what is answered, coverage, interval."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annual_report.framework import Framework
from annual_report.measures.indicators.calculation import Context, Result
from annual_report.measures.indicators.pillars import compute_pillar
from annual_report.measures.measure import Measure

FINANCE = {"FIN-SECURED": 35, "FIN-PASTFID": 25, "FIN-DISBURSED": 20, "FIN-READINESS": 20}


def measure(
    context: Context, shares: dict[str, float | None], **changes: dict[str, object]
) -> dict[str, Measure]:
    results = {
        code: Result(share=shares.get(code), **changes.get(code.replace("-", "_"), {}))  # type: ignore[arg-type]
        for code in FINANCE
    }
    pillar = next(p for p in context.framework.pillars if p.code == "finance")
    found = compute_pillar(pillar, results, cluster="c0", context=context)
    return {m.measure: m for m in found}


def test_the_weights_tested_here_are_those_of_the_framework(framework: Framework) -> None:
    weights = {i.code: i.weight for i in framework.indicators_of("finance", scored=True)}
    assert weights == FINANCE


def test_a_score_is_the_weighted_mean_of_clipped_shares(context: Context) -> None:
    shares = {"FIN-SECURED": 0.2, "FIN-PASTFID": 1.7, "FIN-DISBURSED": -0.3, "FIN-READINESS": 0.5}
    found = measure(context, shares)
    assert found["score"].number == pytest.approx(35 * 0.2 + 25 * 1 + 0 + 20 * 0.5)
    assert found["coverage"].number == 1
    assert found["low"].number <= found["score"].number <= found["high"].number


def test_a_missing_answer_leaves_its_weight_out(context: Context) -> None:
    found = measure(
        context,
        {"FIN-SECURED": 0.2, "FIN-PASTFID": 0.4, "FIN-READINESS": 0.6, "FIN-DISBURSED": None},
    )
    assert found["score"].number == pytest.approx(100 * (35 * 0.2 + 25 * 0.4 + 20 * 0.6) / 80)
    assert found["coverage"].number == pytest.approx(0.8)


def test_too_few_answers_give_words_instead_of_a_score(context: Context) -> None:
    found = measure(context, {"FIN-SECURED": 0.9, "FIN-PASTFID": 0.9})
    assert found["score"].number is None
    assert found["score"].text == "not enough answered (2 of 4)"
    assert found["low"].number is None


def test_not_applicable_leaves_weight_and_coverage(context: Context) -> None:
    found = measure(
        context,
        {"FIN-SECURED": 0.5, "FIN-READINESS": 0.5},
        FIN_PASTFID={"applicable": False},
        FIN_DISBURSED={"applicable": False},
    )
    assert found["score"].number == pytest.approx(50)
    assert found["coverage"].number == 1


def test_what_is_released_for_totals_only_stays_out_of_its_clusters_score(
    context: Context,
) -> None:
    shares = {"FIN-SECURED": 0.9, "FIN-PASTFID": 0.1, "FIN-DISBURSED": 0.1, "FIN-READINESS": 0.1}
    found = measure(context, shares, FIN_SECURED={"consent": "aggregate only"})
    assert found["score"].number is None
    assert found["coverage"].number == pytest.approx(0.65)


SHARES = st.fixed_dictionaries({code: st.none() | st.floats(-2, 3) for code in FINANCE})


@given(shares=SHARES)
def test_a_score_stays_within_0_and_100(context: Context, shares: dict[str, float | None]) -> None:
    found = measure(context, shares)
    for name in ("score", "low", "high"):
        number = found[name].number
        assert number is None or 0 <= number <= 100 + 1e-9


@given(shares=SHARES, better=st.floats(0, 2), code=st.sampled_from(sorted(FINANCE)))
def test_improving_an_indicator_never_lowers_its_pillar(
    context: Context, shares: dict[str, float | None], better: float, code: str
) -> None:
    before = measure(context, shares)["score"].number
    share = shares[code]
    if before is None or share is None:
        return
    after = measure(context, {**shares, code: share + better})["score"].number
    assert after is not None
    assert after >= before - 1e-9
