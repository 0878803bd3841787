import math
from dataclasses import asdict, replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annual_report.errors import MeasureError
from annual_report.measures.indicators.progress import (
    COMPOUND_VERDICTS,
    LINEAR_VERDICTS,
    Trajectory,
    compute_achieved_share,
    compute_progress,
    judge_progress,
)

CASE = Trajectory(16, 14, 7.2, 2015, 2023, 2030)
NET_ZERO = Trajectory(16, 14, 0, 2015, 2023, 2050)

tonnes = st.decimals(0, 1000, places=3).map(float)
trajectories = st.builds(
    Trajectory,
    baseline=tonnes,
    current=tonnes,
    target=tonnes,
    baseline_year=st.integers(2000, 2020),
    year=st.integers(2000, 2030),
    target_year=st.integers(2015, 2050),
    maintain=st.sampled_from([None, "at least", "at most"]),
)


def test_the_worked_case_by_the_linear_method():
    found = judge_progress(CASE)
    required, observed = (7.2 - 14) / (2030 - 2023), (14 - 16) / (2023 - 2015)
    assert found.achieved == pytest.approx(2 / 8.8) == pytest.approx(0.2272727, abs=5e-8)
    assert found.elapsed == pytest.approx(8 / 15) == pytest.approx(0.5333333, abs=5e-8)
    assert (found.required, found.observed) == pytest.approx((required, observed))
    assert found.factor == pytest.approx(required / observed) == pytest.approx(3.885714, abs=5e-7)
    assert (found.verdict, found.method, found.trajectory) == ("well off track", "linear", CASE)


def test_the_worked_case_by_the_compound_method():
    found = judge_progress(CASE, method="compound")
    row = compute_progress(pd.DataFrame([asdict(CASE)]), method="compound").iloc[0]
    observed, required = (14 / 16) ** (1 / 8) - 1, (7.2 / 16) ** (1 / 15) - 1
    assert (
        row["observed_per_year"] == pytest.approx(observed) == pytest.approx(-0.0165529, abs=5e-8)
    )
    assert (
        row["required_per_year"] == pytest.approx(required) == pytest.approx(-0.0518417, abs=5e-8)
    )
    assert found.factor == pytest.approx(observed / required) == pytest.approx(0.3192967, abs=5e-8)
    assert (found.verdict, found.method) == ("limited progress", "compound")


@pytest.mark.parametrize("factor", [1, 1_000, 1_000_000])
def test_a_target_of_zero_gives_the_same_factor_in_mt_kt_and_t(factor):
    scaled = replace(NET_ZERO, baseline=16 * factor, current=14 * factor)
    assert judge_progress(scaled).factor == pytest.approx(2.074, abs=5e-4)
    assert judge_progress(scaled).verdict == "well off track"


@pytest.mark.parametrize("name", ["baseline", "current", "target"])
@pytest.mark.parametrize("value", [0.0, -1.0])
def test_the_compound_method_refuses_what_is_not_positive_and_says_why(name, value):
    found = judge_progress(replace(CASE, **{name: value}), method="compound")
    assert found.verdict == "insufficient data"
    assert "positive" in found.reason
    assert found.factor is None


def test_a_small_number_for_zero_would_make_the_ratio_depend_on_the_unit():
    def ratio(unit):
        small = Trajectory(16 * unit, 14 * unit, 0.01, 2015, 2023, 2050)
        return judge_progress(small, method="compound").factor

    assert ratio(1) != pytest.approx(ratio(1_000_000), rel=0.1)


@pytest.mark.parametrize(
    ("current", "year", "verdict"),
    [
        (7.2, 2023, "achieved"),
        (5.0, 2023, "achieved"),
        (7.2, 2031, "achieved"),
        (16 - 8.8 * 8 / 15, 2023, "on track"),  # exactly on the straight path
        (11.0, 2023, "on track"),
        (12.0, 2023, "off track"),
        (13.0, 2023, "well off track"),
        (16.0, 2023, "well off track"),
        (17.0, 2023, "wrong direction"),
        (7.3, 2030, "missed"),
        (17.0, 2031, "missed"),
        (14.0, 2015, "insufficient data"),
        (14.0, 2014, "insufficient data"),
    ],
)
def test_linear_verdicts(current, year, verdict):
    assert judge_progress(replace(CASE, current=current, year=year)).verdict == verdict


@pytest.mark.parametrize(
    ("ratio", "verdict"),
    [
        (1.2, "on track"),
        (0.95, "on track"),
        (0.9499, "acceleration needed"),
        (0.60, "acceleration needed"),
        (0.5999, "limited progress"),
        (0.0, "limited progress"),
        (-0.01, "deterioration"),
    ],
)
def test_compound_verdicts_change_at_their_thresholds(ratio, verdict):
    required = (7.2 / 16) ** (1 / 15) - 1
    current = 16 * (1 + ratio * required) ** 8
    assert judge_progress(replace(CASE, current=current), method="compound").verdict == verdict


@pytest.mark.parametrize("method", ["linear", "compound"])
def test_a_target_that_is_met_is_achieved_and_one_whose_year_is_over_is_missed(method):
    met = judge_progress(replace(CASE, current=7.0), method=method)
    assert (met.verdict, met.required) == ("achieved", None)
    assert judge_progress(replace(CASE, year=2030), method=method).verdict == "missed"


def test_an_acceleration_of_exactly_two_is_well_off_track():
    # halfway through the time, a third of the way: twice the speed is needed
    assert judge_progress(Trajectory(0, 1, 3, 2020, 2025, 2030)).verdict == "well off track"


def test_more_can_be_better_too():
    assert judge_progress(Trajectory(10, 30, 50, 2015, 2020, 2030)).verdict == "on track"
    assert judge_progress(Trajectory(10, 5, 50, 2015, 2020, 2030)).verdict == "wrong direction"


@pytest.mark.parametrize(
    "name", ["baseline", "current", "target", "baseline_year", "year", "target_year"]
)
@pytest.mark.parametrize("method", ["linear", "compound"])
def test_any_missing_input_is_insufficient_data_and_is_named(name, method):
    found = judge_progress(replace(CASE, **{name: None}), method=method)
    assert found.verdict == "insufficient data"
    assert found.reason == f"no {name.replace('_', ' ')}"
    assert found.factor is None


def test_the_achieved_share_is_known_without_years_and_the_elapsed_without_values():
    found = judge_progress(Trajectory(16, 14, 7.2, None, None, None))
    assert found.achieved == pytest.approx(2 / 8.8)
    assert found.elapsed is None
    found = judge_progress(Trajectory(None, None, None, 2015, 2023, 2030))
    assert found.achieved is None
    assert found.elapsed == pytest.approx(8 / 15)


def test_a_target_year_that_is_not_after_the_baseline_is_insufficient_data():
    found = judge_progress(replace(CASE, target_year=2015))
    assert (found.verdict, found.elapsed) == ("insufficient data", None)
    assert "target year" in found.reason


@pytest.mark.parametrize(
    ("current", "maintain", "year", "achieved", "verdict"),
    [
        (5, "at least", 2023, 1, "achieved"),
        (6, "at least", 2023, 1, "achieved"),
        (4, "at least", 2023, 0, "wrong direction"),
        (4, "at most", 2023, 1, "achieved"),
        (6, "at most", 2023, 0, "wrong direction"),
        (6, "at most", 2030, 0, "missed"),
        (5, None, 2023, None, "insufficient data"),
    ],
)
def test_a_flat_target_is_judged_by_its_rule_alone(current, maintain, year, achieved, verdict):
    found = judge_progress(Trajectory(5, current, 5, 2015, year, 2030, maintain))
    assert (found.achieved, found.verdict) == (achieved, verdict)


def test_the_share_of_a_flat_target_without_a_rule_is_never_a_division_by_zero():
    with pytest.raises(MeasureError, match="target equals the baseline"):
        compute_achieved_share(5, 7, 5)
    assert compute_achieved_share(5, 7, 5, maintain="at least") == 1
    assert compute_achieved_share(16, 18, 7.2) == pytest.approx(-2 / 8.8)


def test_a_table_keeps_its_columns_rows_and_index():
    table = pd.DataFrame([asdict(CASE), asdict(NET_ZERO)], index=["a", "b"]).assign(code="TEC-1")
    result = compute_progress(table)
    assert list(result.index) == ["a", "b"]
    pd.testing.assert_frame_equal(result[table.columns], table)
    assert set(result["method"]) == {"linear"}


def test_a_table_without_rows_gives_one_without_rows():
    empty = pd.DataFrame([asdict(CASE)]).iloc[:0]
    assert list(compute_progress(empty)["verdict"]) == []


def test_a_table_that_lacks_a_column_or_has_a_strange_rule_is_refused():
    table = pd.DataFrame([asdict(CASE)])
    with pytest.raises(MeasureError, match="lacks columns"):
        compute_progress(table.drop(columns="year"))
    with pytest.raises(MeasureError, match="rule to maintain"):
        compute_progress(table.assign(maintain=True))


@given(st.lists(trajectories, min_size=1, max_size=8), st.sampled_from(["linear", "compound"]))
def test_a_table_says_of_each_row_what_the_row_says_alone(rows, method):
    table = compute_progress(pd.DataFrame([asdict(row) for row in rows]), method=method)
    alone = [judge_progress(row, method=method) for row in rows]
    assert list(table["verdict"]) == [one.verdict for one in alone]
    reasons = [None if pd.isna(words) else words for words in table["reason"]]
    assert reasons == [one.reason for one in alone]
    for name, attribute in (("achieved_share", "achieved"), ("elapsed_share", "elapsed")):
        expected = [
            math.nan if getattr(o, attribute) is None else getattr(o, attribute) for o in alone
        ]
        np.testing.assert_array_equal(table[name], expected)


@given(trajectories, st.sampled_from(["linear", "compound"]))
def test_every_verdict_belongs_to_its_method(trajectory, method):
    verdict = judge_progress(trajectory, method=method).verdict
    assert verdict in (LINEAR_VERDICTS if method == "linear" else COMPOUND_VERDICTS)


@given(trajectories, st.sampled_from([1e-6, 1e-3, 1e3, 1e6, 1 / 3]))
def test_the_scale_of_a_unit_never_changes_a_linear_verdict(trajectory, scale):
    scaled = replace(
        trajectory,
        baseline=trajectory.baseline * scale,
        current=trajectory.current * scale,
        target=trajectory.target * scale,
    )
    assert judge_progress(scaled).verdict == judge_progress(trajectory).verdict


@given(trajectories)
def test_counting_down_is_counting_up_mirrored(trajectory):
    flip = {None: None, "at least": "at most", "at most": "at least"}
    mirrored = replace(
        trajectory,
        baseline=-trajectory.baseline,
        current=-trajectory.current,
        target=-trajectory.target,
        maintain=flip[trajectory.maintain],
    )
    assert judge_progress(mirrored).verdict == judge_progress(trajectory).verdict
