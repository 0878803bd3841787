"""Each calculation of the framework, against the arithmetic of its definition."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annual_report.errors import FrameworkError
from annual_report.framework import Framework
from annual_report.measures.answers import Answers
from annual_report.measures.indicators.calculation import Context, Result
from annual_report.measures.indicators.calculations import CALCULATIONS, check_calculations

MakeAnswers = Callable[..., pd.DataFrame]
Compute = Callable[..., Result]


@pytest.fixture(scope="session")
def compute(context: Context, make_answers: MakeAnswers) -> Compute:
    indicators = {i.code: i for i in context.framework.indicators}

    def run(
        code: str, values: Mapping[str, object], *, consent: Mapping[str, str] | None = None
    ) -> Result:
        answers = Answers(make_answers(values, consent=consent))
        indicator = indicators[code]
        return CALCULATIONS[indicator.calculation](indicator, answers, context)

    return run


PARTNERS = {
    "PAR-T1.1.side": "supply",
    "PAR-T1.1.status": "agreement",
    "PAR-T1.2.side": "demand",
    "PAR-T1.2.status": "mou",
    "PAR-T1.3.side": "demand",
    "PAR-T1.3.status": "operating",
    "PAR-T1.4.side": "finance",
    "PAR-T1.4.status": "exploring",
    "PAR-T1.5.name": "no status given",
}
FUNDING = {
    "FIN-01.value": (1_000_000_000, "USD"),
    "FIN-T1.1.amount": (114_000_000, "NOK"),  # 114 m / 11.4 × 1.08 = 10.8 m USD
    "FIN-T1.1.year": 2023,
    "FIN-T1.1.status": "committed",
    "FIN-T1.1.sector": "public",
    "FIN-T1.1.instrument": "grant",
    "FIN-T1.2.amount": (5_000_000, "USD"),
    "FIN-T1.2.year": 2022,
    "FIN-T1.2.status": "disbursed",
    "FIN-T1.2.sector": "private",
    "FIN-T1.2.instrument": "equity",
    "FIN-T1.3.amount": (900_000_000, "USD"),
    "FIN-T1.3.year": 2023,
    "FIN-T1.3.status": "announced",
    "FIN-T1.3.sector": "private",
    "FIN-T1.3.instrument": "bond",
}
PROJECTS = {
    "TEC-T1.1.stage": "operational",
    "TEC-T1.1.expected_abatement": (2, "MtCO2e/y"),
    "TEC-T1.1.delivered_abatement": (500, "ktCO2e/y"),
    "TEC-T1.1.capex": (30_000_000, "USD"),
    "TEC-T1.2.stage": "feed",
    "TEC-T1.2.expected_abatement": (1_000_000, "tCO2e/y"),
    "TEC-T1.2.capex": (60_000_000, "USD"),
    "TEC-T1.3.stage": "fid",
    "TEC-T1.3.capex": (10_000_000, "USD"),
    "CLU-10.value": (5, "MtCO2e/y"),
}


@pytest.mark.parametrize(
    ("code", "values", "value", "share"),
    [
        ("PAR-GOVERNANCE", {"PAR-01.value": 3}, 3, 3 / 4),
        ("PAR-PARTNERS", PARTNERS, 50, 2 / 4),
        ("PAR-SIDES", PARTNERS, 2, 1),
        ("PAR-INFRASTRUCTURE", {"PAR-06.value": 3, "PAR-06.target": 4}, 3, 3 / 4),
        ("PAR-CROSSBORDER", {"PAR-07.value": 6}, 6, None),
        (
            "POL-PERMITTING",
            {"POL-01.value": 27, "POL-01.baseline": 30, "POL-01.target": 18},
            27,
            (27 - 30) / (18 - 30),
        ),
        ("POL-CARBONPRICE", {"POL-02.value": (0.4, "share")}, 40, 0.4),
        (
            "POL-INFORCE",
            {"POL-T1.1.status": "in_force", "POL-T1.2.status": "proposed", "POL-T1.3.name": "x"},
            50,
            1 / 2,
        ),
        (
            "POL-GAP",
            {
                "POL-03a.value": 4,
                "POL-03b.value": 1,
                "POL-03c.value": "status:not applicable",
                "POL-03d.value": 1,
            },
            2,
            2 / 4,
        ),
        ("FIN-SECURED", FUNDING, 1.58, 0.0158),
        ("FIN-DISBURSED", FUNDING, 100 * 5 / 15.8, 5 / 15.8),
        ("FIN-LEVERAGE", FUNDING, 5 / 10.8, None),
        ("FIN-INSTRUMENTS", FUNDING, 2, None),
        ("FIN-PASTFID", PROJECTS, 40, 0.4),
        ("TEC-DELIVERED", PROJECTS, 10, 0.1),
        ("TEC-PASTFID", PROJECTS, 100 * 2 / 3, 2 / 3),
        (
            "TEC-EMISSIONS",
            {
                "CLU-08.value": (14_000, "ktCO2e/y"),
                "CLU-08.baseline": 16,
                "CLU-08.target": (7.2, "MtCO2e/y"),
            },
            14,
            2 / 8.8,
        ),
    ],
)
def test_value_and_share_follow_the_definition(
    compute: Compute, code: str, values: Mapping[str, object], value: float, share: float | None
) -> None:
    result = compute(code, values)
    assert result.value == pytest.approx(value)
    assert result.share == (None if share is None else pytest.approx(share))
    assert result.inputs


def test_every_indicator_without_answers_gives_a_reason_and_no_number(
    compute: Compute, framework: Framework
) -> None:
    for indicator in framework.indicators:
        result = compute(indicator.code, {})
        assert result.value is None
        assert result.share is None
        assert result.reason


def test_a_target_with_all_years_has_a_verdict_with_its_method(compute: Compute) -> None:
    values = {
        "CLU-08.value": 14,
        "CLU-08.value_year": 2023,
        "CLU-08.baseline": 16,
        "CLU-08.baseline_year": 2015,
        "CLU-08.target": 7.2,
        "CLU-08.target_year": 2030,
    }
    progress = compute("TEC-EMISSIONS", values).progress
    assert progress is not None
    assert (progress.verdict, progress.method) == ("well off track", "linear")
    assert progress.factor == pytest.approx((6.8 / 7) / (2 / 8))


def test_a_table_with_announced_money_only_secures_zero(compute: Compute) -> None:
    values = {k: v for k, v in FUNDING.items() if k.startswith(("FIN-01", "FIN-T1.3"))}
    assert compute("FIN-SECURED", values).value == 0


def test_money_without_a_rate_is_named_and_never_zero(compute: Compute) -> None:
    values = {**FUNDING, "FIN-T1.1.amount": (114_000_000, "XYZ")}
    result = compute("FIN-SECURED", values)
    assert result.value == pytest.approx(0.5)
    assert result.note == "without 1 amount(s) that no rate converts"


def test_projects_of_which_none_operates_deliver_zero(compute: Compute) -> None:
    values = {"TEC-T1.2.stage": "feed", "CLU-10.value": 5}
    assert compute("TEC-DELIVERED", values).share == 0


def test_operational_projects_without_a_figure_deliver_nothing_known(compute: Compute) -> None:
    values = {"TEC-T1.1.stage": "operational", "CLU-10.value": 5}
    assert compute("TEC-DELIVERED", values).value is None


@pytest.mark.parametrize("code", ["PAR-GOVERNANCE", "POL-CARBONPRICE", "TEC-RENEWABLE"])
def test_not_applicable_takes_an_indicator_out(
    compute: Compute, framework: Framework, code: str
) -> None:
    indicator = next(i for i in framework.indicators if i.code == code)
    result = compute(code, {f"{indicator.questions[0]}.value": "status:not applicable"})
    assert not result.applicable


def test_an_answer_not_to_be_used_counts_as_unanswered(compute: Compute) -> None:
    result = compute("PAR-GOVERNANCE", {"PAR-01.value": 3}, consent={"PAR-01.value": "do not use"})
    assert result.value is None


def test_a_result_is_as_strict_as_its_strictest_input(compute: Compute) -> None:
    result = compute("FIN-SECURED", FUNDING, consent={"FIN-T1.2.amount": "aggregate only"})
    assert result.consent == "aggregate only"


def test_an_unknown_calculation_is_refused_by_name(framework: Framework) -> None:
    strange = framework.indicators[0].model_copy(update={"calculation": "magic"})
    broken = framework.model_copy(update={"indicators": (strange,)})
    with pytest.raises(FrameworkError, match="no calculation 'magic'"):
        check_calculations(broken)


@given(
    value=st.floats(0, 1e6),
    baseline=st.floats(0, 1e6),
    target=st.floats(0, 1e6),
    scale=st.sampled_from([("ktCO2e/y", 1e3), ("tCO2e/y", 1e6)]),
)
def test_the_unit_of_an_answer_never_changes_the_share(
    compute: Compute, value: float, baseline: float, target: float, scale: tuple[str, float]
) -> None:
    unit, factor = scale
    plain = {"CLU-08.value": value, "CLU-08.baseline": baseline, "CLU-08.target": target}
    scaled = {key: (number * factor, unit) for key, number in plain.items()}
    first, second = compute("TEC-EMISSIONS", plain), compute("TEC-EMISSIONS", scaled)
    if abs(target - baseline) > 1e-6 * max(target, baseline, 1e-6):
        assert second.share == pytest.approx(first.share, rel=1e-6, abs=1e-6)
