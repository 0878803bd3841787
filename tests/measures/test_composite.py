import inspect
import math
import statistics

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annual_report.errors import MeasureError
from annual_report.measures.indicators.composite import aggregate, normalise

NAN = math.nan


def flat(**weights):
    """A framework of one index over some indicators."""
    rows = [(code, "index", 1, weight) for code, weight in weights.items()]
    return pd.DataFrame(
        [*rows, ("index", None, 2, 1)], columns=["code", "parent", "level", "weight"]
    )


def frame(*rows, columns="abc"):
    return pd.DataFrame(rows, columns=list(columns[: len(rows[0])]), dtype=float)


TREE = pd.DataFrame(
    [
        ("a", "P", 1, 1),
        ("b", "P", 1, 3),
        ("c", "Q", 1, 1),
        ("P", "top", 2, 2),
        ("Q", "top", 2, 1),
        ("top", None, 3, 1),
    ],
    columns=["code", "parent", "level", "weight"],
)


def test_the_signatures_are_those_other_programs_call():
    names = inspect.signature(normalise).parameters
    assert list(names) == [
        "values", "method", "direction", "target", "baseline", "goalposts", "lower", "upper",
    ]  # fmt: skip
    assert (names["direction"].default, names["lower"].default, names["upper"].default) == (
        1,
        0,
        100,
    )
    names = inspect.signature(aggregate).parameters
    assert list(names) == ["normalised", "framework", "method", "data_threshold"]
    assert (names["method"].default, names["data_threshold"].default) == ("amean", 2 / 3)


# normalise


def test_minmax_spans_the_bounds_and_mirrors_with_the_direction():
    x = pd.Series([2.0, 4.0, 10.0], index=["u", "v", "w"], name="x")
    up = normalise(x, "minmax", lower=1, upper=5)
    assert up.tolist() == [1.0, 2.0, 5.0]
    assert normalise(x, "minmax", direction=-1, lower=1, upper=5).tolist() == [5.0, 4.0, 1.0]
    assert (up.name, list(up.index)) == ("x", ["u", "v", "w"])


def test_zscore_takes_the_sample_standard_deviation_and_no_bounds():
    x = [1.0, 2.0, 3.0, 10.0]
    mean, deviation = statistics.mean(x), statistics.stdev(x)
    expected = [(v - mean) / deviation for v in x]
    assert normalise(pd.Series(x), "zscore").tolist() == pytest.approx(expected)
    mirrored = normalise(pd.Series(x), "zscore", direction=-1)
    assert mirrored.tolist() == pytest.approx([-v for v in expected])


def test_distance_to_target_is_not_capped():
    x = pd.Series([0, 5, 11])
    assert normalise(x, "dist2targ", target=10, upper=1).tolist() == pytest.approx([0, 0.5, 1.1])
    assert normalise(x, "dist2targ", target=10).tolist() == pytest.approx([0, 50, 110])


def test_distance_to_target_downwards_starts_at_the_maximum():
    x = pd.Series([20.0, 15.0, 8.0])
    found = normalise(x, "dist2targ", direction=-1, target=10, upper=1)
    assert found.tolist() == pytest.approx([0, 0.5, 1.2])


def test_a_baseline_takes_the_place_of_the_minimum():
    x = pd.Series([14.0])
    found = normalise(x, "dist2targ", direction=-1, baseline=16, target=7.2, upper=1)
    assert found.tolist() == pytest.approx([2 / 8.8])


def test_goalposts_clip_and_mirror():
    x = pd.Series([-1.0, 0.0, 1.0, 4.0, 5.0])
    found = normalise(x, "goalposts", goalposts=(0, 4), upper=1)
    assert found.tolist() == [0, 0, 0.25, 1, 1]
    assert normalise(x, "goalposts", goalposts=(0, 4), direction=-1).tolist() == [
        100,
        100,
        75,
        0,
        0,
    ]


def test_rubric_levels_are_goalposts():
    levels = pd.Series([0, 1, 2, 3, 4])
    found = normalise(levels, "goalposts", goalposts=(0, 4), upper=1)
    assert found.tolist() == [level / 4 for level in levels]


def test_ranks_of_ties_are_the_lowest_and_missing_values_have_none():
    x = pd.Series([10.0, 20.0, 20.0, NAN, 30.0])
    np.testing.assert_array_equal(normalise(x, "rank"), [1, 2, 2, NAN, 4])
    np.testing.assert_array_equal(normalise(x, "rank", direction=-1), [4, 2, 2, NAN, 1])
    np.testing.assert_allclose(normalise(x, "prank", upper=1), [0, 1 / 3, 1 / 3, NAN, 1])


def test_each_column_may_have_its_own_direction_target_and_goalposts():
    table = frame([0, 10], [10, 0])
    expected = [[0.0, 0.0], [100.0, 100.0]]
    for direction in ([1, -1], {"b": -1, "a": 1}, pd.Series({"a": 1, "b": -1})):
        assert normalise(table, "minmax", direction=direction).to_numpy().tolist() == expected
    found = normalise(table, "dist2targ", direction=[1, -1], target={"a": 20, "b": -10}, upper=1)
    assert found.to_numpy().tolist() == [[0, 0], [0.5, 0.5]]
    found = normalise(table, "goalposts", goalposts={"a": (0, 20), "b": (0, 10)}, upper=1)
    assert found.to_numpy().tolist() == [[0, 1], [0.5, 0]]


@pytest.mark.parametrize("method", ["minmax", "zscore", "rank", "prank"])
def test_a_column_without_values_stays_without(method):
    table = frame([1, NAN], [2, NAN])
    assert normalise(table, method)["b"].isna().all()


@pytest.mark.parametrize("values", [[3.0, 3.0, NAN], [3.0]])
@pytest.mark.parametrize("method", ["minmax", "zscore", "dist2targ"])
def test_a_column_that_does_not_vary_is_refused_where_it_has_no_answer(method, values):
    target = {"target": 5} if method == "dist2targ" else {}
    with pytest.raises(MeasureError, match="does not vary"):
        normalise(pd.Series(values), method, **target)


def test_ranks_of_a_constant_column_are_ties_and_of_a_single_unit_have_no_percentile():
    assert normalise(pd.Series([3.0, 3.0]), "prank").tolist() == [0, 0]
    assert normalise(pd.Series([3.0, 3.0]), "rank").tolist() == [1, 1]
    assert normalise(pd.Series([3.0]), "rank").tolist() == [1]
    with pytest.raises(MeasureError, match="single unit"):
        normalise(pd.Series([3.0, NAN]), "prank")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"method": "borda"}, "unknown normalisation"),
        ({"method": "dist2targ"}, "needs a target"),
        ({"method": "goalposts"}, "needs its goalposts"),
        ({"method": "goalposts", "goalposts": (4, 0)}, "not below the upper"),
        ({"method": "goalposts", "goalposts": {"z": (0, 4)}}, "no goalposts for a column"),
        ({"method": "minmax", "target": 5}, "takes no target"),
        ({"method": "rank", "baseline": 5}, "takes no baseline"),
        ({"method": "zscore", "goalposts": (0, 4)}, "takes no goalposts"),
        ({"method": "dist2targ", "target": 0}, "not ahead"),
        ({"method": "dist2targ", "target": 1, "direction": -1, "baseline": 0}, "not ahead"),
        ({"method": "dist2targ", "target": {"a": 5}}, "no target for b"),
        ({"method": "minmax", "direction": 0}, "unknown direction"),
        ({"method": "minmax", "direction": [1]}, "as many columns"),
        ({"method": "minmax", "lower": 1, "upper": 1}, "lower bound"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments, message):
    with pytest.raises(MeasureError, match=message):
        normalise(frame([1, 2], [3, 4]), **arguments)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (pd.DataFrame([[1.0, 2.0], [2.0, 3.0]], columns=["a", "a"]), "there twice"),
        (pd.DataFrame({"a": ["x", "y"]}), "not numeric"),
        (pd.DataFrame({"a": [1.0, math.inf]}), "infinite"),
    ],
)
def test_a_table_that_is_no_table_of_numbers_is_refused(table, message):
    with pytest.raises(MeasureError, match=message):
        normalise(table, "rank")


columns = st.lists(st.integers(-1000, 1000).map(float), min_size=2, max_size=12).filter(
    lambda values: len(set(values)) > 1
)


@given(columns, st.sampled_from(["minmax", "prank"]), st.sampled_from([1, -1]))
def test_scores_stay_within_the_bounds_and_keep_the_order(values, method, direction):
    found = normalise(pd.Series(values), method, direction=direction)
    assert found.between(0, 100).all()
    order = np.argsort(values, kind="stable")
    assert (np.diff(found.to_numpy()[order]) * direction >= 0).all()


@given(columns, st.sampled_from(["minmax", "zscore", "prank", "rank"]), st.randoms())
def test_the_order_of_units_changes_nothing(values, method, random):
    table = pd.Series(values)
    order = list(range(len(values)))
    random.shuffle(order)
    expected = normalise(table, method).iloc[order]
    pd.testing.assert_series_equal(normalise(table.iloc[order], method), expected)


# aggregate


def test_the_worked_geometric_and_harmonic_means():
    table = frame([1, 2, 3])
    geometric = aggregate(table, flat(a=1, b=1, c=2), method="gmean")["index"]
    assert geometric.tolist() == pytest.approx([18**0.25])
    harmonic = aggregate(table, flat(a=2, b=1, c=1), method="hmean")["index"]
    assert harmonic.tolist() == pytest.approx([4 / (2 + 1 / 2 + 1 / 3)])


def test_the_worked_threshold_drops_what_is_too_thin_and_renormalises_the_rest():
    table = frame([1, 3, 1], [2, NAN, NAN], [3, NAN, 1])
    found = aggregate(table, flat(a=1, b=1, c=1), data_threshold=2 / 3)["index"]
    np.testing.assert_allclose(found, [5 / 3, NAN, 2])


def test_every_level_is_returned_up_to_the_index():
    found = aggregate(frame([4, 8, 1], [NAN, 8, 2]), TREE, data_threshold=0.5)
    assert list(found.columns) == ["a", "b", "c", "P", "Q", "top"]
    np.testing.assert_allclose(found["P"], [(4 + 3 * 8) / 4, 8])
    np.testing.assert_allclose(found["top"], [(2 * 7 + 1) / 3, (2 * 8 + 2) / 3])


def test_groups_may_be_of_unequal_depth():
    deep = pd.concat(
        [TREE, pd.DataFrame([("d", "top", 1, 1)], columns=TREE.columns)], ignore_index=True
    )
    found = aggregate(frame([4, 8, 1, 10], columns="abcd"), deep)
    assert found["top"].tolist() == pytest.approx([(2 * 7 + 1 + 10) / 4])


def test_the_order_of_the_framework_does_not_matter():
    table = frame([4, 8, 1])
    expected = aggregate(table, TREE)
    pd.testing.assert_frame_equal(aggregate(table, TREE.iloc[::-1]), expected, check_like=True)


def test_a_missing_group_counts_as_missing_one_level_up():
    found = aggregate(frame([NAN, NAN, 5]), TREE, data_threshold=2 / 3)
    assert found[["P", "top"]].isna().all(axis=None)
    assert aggregate(frame([NAN, NAN, 5]), TREE, data_threshold=0.5)["top"].tolist() == [5]


@pytest.mark.parametrize("method", ["amean", "gmean", "hmean"])
def test_nothing_present_is_missing_at_any_threshold(method):
    found = aggregate(frame([NAN, NAN, NAN]), flat(a=1, b=1, c=1), method=method, data_threshold=0)
    assert found["index"].isna().all()


def test_a_member_of_weight_zero_takes_no_part():
    found = aggregate(frame([1, 2, -5], [1, 2, NAN], [NAN, NAN, 3]), flat(a=1, b=1, c=0))
    np.testing.assert_allclose(found["index"], [1.5, 1.5, NAN])
    assert aggregate(frame([1, 2, -5]), flat(a=1, b=1, c=0), method="gmean")["index"].notna().all()


@pytest.mark.parametrize("method", ["gmean", "hmean"])
@pytest.mark.parametrize("value", [0.0, -1.0])
def test_values_that_are_not_above_zero_are_refused(method, value):
    with pytest.raises(MeasureError, match="needs values above 0"):
        aggregate(frame([1, 2, value]), flat(a=1, b=1, c=1), method=method)


def change(code, column, value):
    tree = TREE.astype({"weight": float})
    tree.loc[tree["code"] == code, column] = value
    return tree


@pytest.mark.parametrize(
    ("tree", "message"),
    [
        (TREE.drop(columns="weight"), "lacks columns"),
        (pd.concat([TREE, TREE.iloc[:1]]), "there twice"),
        (change("a", "parent", "Z"), "a parent is no code"),
        (change("top", "parent", "P"), "circle"),
        (change("top", "parent", "top"), "circle"),
        (change("Q", "parent", None), "several codes have no parent"),
        (change("P", "level", 1), "level of a parent"),
        (change("P", "level", None), "level of a parent"),
        (change("a", "weight", None), "a weight"),
        (change("a", "weight", -1), "a weight"),
        (change("a", "weight", math.inf), "a weight"),
        (change("c", "weight", 0), "sum to zero"),
    ],
)
def test_a_framework_that_is_no_hierarchy_is_refused(tree, message):
    with pytest.raises(MeasureError, match=message):
        aggregate(frame([4, 8, 1]), tree)


def test_columns_and_indicators_have_to_match():
    with pytest.raises(MeasureError, match="has no column"):
        aggregate(frame([4, 8]), TREE)
    with pytest.raises(MeasureError, match="no indicator"):
        aggregate(frame([4, 8, 1, 9], columns="abcd"), TREE)
    with pytest.raises(MeasureError, match="no indicator"):
        aggregate(frame([4, 8, 1]).assign(P=3.0), TREE)


def test_other_arguments_without_sense_are_refused():
    with pytest.raises(MeasureError, match="unknown mean"):
        aggregate(frame([4, 8, 1]), TREE, method="median")
    with pytest.raises(MeasureError, match="share"):
        aggregate(frame([4, 8, 1]), TREE, data_threshold=67)
    with pytest.raises(MeasureError, match="unit is there twice"):
        aggregate(frame([4, 8, 1], [4, 8, 1]).set_axis(["u", "u"]), TREE)


maybe = st.one_of(st.none(), st.integers(1, 100))
scores = st.lists(st.tuples(maybe, maybe, maybe), min_size=1, max_size=6)
weights = st.tuples(*[st.integers(1, 9)] * 3)
means = st.sampled_from(["amean", "gmean", "hmean"])


def table_of(rows):
    return pd.DataFrame(rows, columns=list("abc"), dtype=float)


@settings(max_examples=40)
@given(scores, weights, means)
def test_a_mean_lies_between_the_smallest_and_the_largest_value(rows, w, method):
    table = table_of(rows)
    found = aggregate(table, flat(a=w[0], b=w[1], c=w[2]), method=method)["index"].dropna()
    assert (found >= table.loc[found.index].min(axis=1) - 1e-9).all()
    assert (found <= table.loc[found.index].max(axis=1) + 1e-9).all()


@settings(max_examples=40)
@given(scores, weights, means, st.integers(0, 2), st.integers(1, 50))
def test_improving_one_indicator_never_lowers_the_index(rows, w, method, which, gain):
    tree = flat(a=w[0], b=w[1], c=w[2])
    table = table_of(rows)
    better = table.copy()
    better.iloc[:, which] += gain
    before = aggregate(table, tree, method=method)["index"]
    after = aggregate(better, tree, method=method)["index"]
    assert (after.isna() == before.isna()).all()
    assert (after.dropna() >= before.dropna() - 1e-9).all()


@settings(max_examples=40)
@given(scores, weights, means)
def test_an_unanswered_indicator_never_changes_a_score(rows, w, method):
    table = table_of(rows)
    with_it = flat(a=w[0], b=w[1], c=w[2], d=5)
    without = flat(a=w[0], b=w[1], c=w[2])
    found = aggregate(table.assign(d=NAN), with_it, method=method, data_threshold=0)["index"]
    expected = aggregate(table, without, method=method, data_threshold=0)["index"]
    pd.testing.assert_series_equal(found, expected)


@settings(max_examples=40)
@given(scores, weights, means, st.integers(2, 1000))
def test_only_the_proportions_of_weights_matter(rows, w, method, factor):
    table = table_of(rows)
    found = aggregate(table, flat(a=w[0] * factor, b=w[1] * factor, c=w[2] * factor), method=method)
    expected = aggregate(table, flat(a=w[0], b=w[1], c=w[2]), method=method)
    pd.testing.assert_frame_equal(found, expected)
