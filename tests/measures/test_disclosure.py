from dataclasses import replace
from itertools import product

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from annual_report.errors import DisclosureError, MeasureError
from annual_report.measures.disclosure.audit import GRAIN, build_table, find_intervals
from annual_report.measures.disclosure.suppression import (
    audit_table,
    is_safe,
    is_safe_difference,
    is_safe_sum,
    protect_table,
)

RULE = {"minimum": 3, "p_percent": 10}
HIDDEN, PUBLIC, UNUSED = "aggregate only", "publish", "do not use"


def money(*rows, keys=("g",)):
    """Contributions from rows of keys, contributor, value and, if not hidden, consent."""
    names = [*keys, "contributor", "value", "consent"]
    full = [row if len(row) == len(names) else (*row, HIDDEN) for row in rows]
    return pd.DataFrame(full, columns=names)


def spread(group, *values, start=0):
    """Some contributors of one group, each its own."""
    return [(group, f"{group}{start + i}", v) for i, v in enumerate(values)]


def reasons(protected):
    return {address: cell.reason for address, cell in protected.cells.items() if cell.withheld}


# One sum


@pytest.mark.parametrize(
    ("largest", "total", "percent", "safe"),
    [((52_000, 50_000), 110_000, 15.4, True), ((50_000, 49_000), 100_000, 2.0, False)],
)
def test_the_worked_cases_of_the_p_percent_rule(largest, total, percent, safe):
    rest = total - sum(largest)
    assert 100 * rest / largest[0] == pytest.approx(percent, abs=0.05)
    assert is_safe([*largest, rest], minimum=3, p_percent=10) is safe


def test_too_few_contributors_are_unsafe_and_none_are_not():
    assert not is_safe([1, 1], **RULE)
    assert is_safe([1, 1, 1], **RULE)
    assert is_safe([], **RULE)
    assert not is_safe([5], minimum=1, p_percent=10)


def test_neither_order_nor_sign_counts():
    assert is_safe([8_000, -52_000, 50_000], **RULE)
    assert not is_safe([1_000, -50_000, 49_000], **RULE)


def test_a_sum_of_public_values_may_always_be_published():
    assert is_safe_sum(money(("g", "a", 50_000.0, PUBLIC)), **RULE)


def test_one_private_value_among_many_public_ones_can_be_taken_off():
    public = [("g", f"c{i}", 100.0, PUBLIC) for i in range(18)]
    assert not is_safe_sum(money(*public, ("g", "x", 100.0)), **RULE)
    assert not is_safe_sum(money(*public, ("g", "x", 100.0), ("g", "y", 100.0)), **RULE)
    assert is_safe_sum(money(*public, *spread("g", 100.0, 100.0, 100.0)), **RULE)


def test_several_rows_of_a_contributor_are_one_contributor():
    rows = money(("g", "a", 50.0), ("g", "a", 50.0), ("g", "b", 80.0), ("g", "a", 10.0))
    assert not is_safe_sum(rows, **RULE)


def test_what_must_not_be_used_does_not_count():
    rows = money(*spread("g", 100.0, 90.0), ("g", "x", 80.0, UNUSED))
    assert not is_safe_sum(rows, **RULE)
    assert protect_table(rows, rows="g", **RULE).find().n == 2


# Two sums side by side


def test_a_joiner_stands_out_of_a_total_beside_the_cohort_without_it():
    cohort = money(*spread("g", 100.0, 90.0, 80.0))
    joined = money(*spread("g", 100.0, 90.0, 80.0, 70.0))
    assert is_safe_sum(cohort, **RULE)
    assert is_safe_sum(joined, **RULE)
    assert not is_safe_difference(joined, cohort, **RULE)
    assert not is_safe_difference(cohort, joined, **RULE)


def test_three_joiners_of_a_size_hide_each_other():
    cohort = money(*spread("g", 100.0, 90.0, 80.0))
    joined = money(*spread("g", 100.0, 90.0, 80.0, 70.0, 60.0, 50.0))
    assert is_safe_difference(joined, cohort, **RULE)


def test_changes_of_those_in_both_hide_a_joiner():
    before = money(*spread("g", 100.0, 90.0, 80.0))
    assert is_safe_difference(money(*spread("g", 110.0, 80.0, 85.0, 70.0)), before, **RULE)
    # the change of the first alone is no cover: the first knows it
    assert not is_safe_difference(money(*spread("g", 300.0, 90.5, 80.5, 70.0)), before, **RULE)


def test_changes_of_public_values_hide_nobody():
    public = [("g", f"p{i}", 100.0, PUBLIC) for i in range(3)]
    changed = [("g", f"p{i}", 200.0 + i, PUBLIC) for i in range(3)]
    before = money(*public, *spread("g", 100.0, 90.0, 80.0))
    now = money(*changed, *spread("g", 100.0, 90.0, 80.0, 70.0))
    assert not is_safe_difference(now, before, **RULE)


def test_the_same_contributors_or_a_public_joiner_give_nothing_away():
    before = money(*spread("g", 100.0, 90.0, 80.0))
    assert is_safe_difference(money(*spread("g", 150.0, 90.0, 80.0)), before, **RULE)
    joined = money(*spread("g", 100.0, 90.0, 80.0), ("g", "x", 70.0, PUBLIC))
    assert is_safe_difference(joined, before, **RULE)


# Tables


def test_a_safe_table_shows_every_sum():
    table = protect_table(
        money(*spread("A", 30.0, 20.0, 10.0), *spread("B", 3.0, 2.0, 1.0)), rows="g", **RULE
    )
    assert not table.withheld
    assert (table.find().value, table.find("A").value, table.find("B").value) == (66, 60, 6)
    assert (table.find().n, table.find("A").n) == (6, 3)
    assert audit_table(table, p_percent=10) == ()


def test_an_unsafe_group_takes_another_with_it():
    table = protect_table(
        money(*spread("A", 30.0, 20.0, 10.0), *spread("B", 9.0, 8.0, 7.0), *spread("C", 5.0)),
        rows="g",
        **RULE,
    )
    assert reasons(table) == {(("C",), None): "unsafe", (("B",), None): "complement"}
    assert table.find("C").value is None
    assert table.find("A").value == 60
    assert table.find().value == 89


def test_withheld_parts_must_be_safe_together_too():
    # C and D alone would leave two contributors, each of which could take its own value off
    table = protect_table(
        money(*spread("A", 30.0, 20.0, 10.0), *spread("C", 5.0), *spread("D", 6.0)),
        rows="g",
        **RULE,
    )
    assert set(reasons(table)) == {(("A",), None), (("C",), None), (("D",), None)}


def test_a_lone_group_takes_the_total_with_it():
    table = protect_table(money(*spread("A", 30.0, 20.0)), rows="g", **RULE)
    assert table.find().value is None
    assert table.find("A").value is None


def test_public_sums_are_published_and_protect_nothing():
    public = [("P", f"p{i}", 1.0, PUBLIC) for i in range(3)]
    table = protect_table(
        money(*public, *spread("A", 30.0, 20.0, 10.0), *spread("C", 5.0)), rows="g", **RULE
    )
    assert table.find("P").value == 3
    assert table.find("A").withheld


def test_a_two_way_table_protects_a_cell_in_its_row_and_its_column():
    cells = [
        (row, column, f"{row}{column}{i}", 10.0)
        for row, column in product("abc", "xyz")
        for i in range(1 if (row, column) == ("a", "x") else 3)
    ]
    table = protect_table(money(*cells, keys=("r", "c")), rows="r", columns="c", **RULE)
    hidden = set(reasons(table))
    assert (("a",), "x") in hidden
    assert sum(row == ("a",) for row, _ in hidden) >= 2
    assert sum(column == "x" for _, column in hidden) >= 2
    assert len(hidden) == 4
    assert table.find(column="x").value == 70
    audit_table(table, p_percent=10)


def test_a_hierarchy_protects_a_group_inside_its_group():
    rows = [
        *[("Europe", "NO", f"n{i}", 10.0) for i in range(4)],
        *[("Europe", "SE", f"s{i}", 10.0) for i in range(3)],
        ("Europe", "DK", "d0", 10.0),
        *[("Asia", "IN", f"i{i}", 10.0) for i in range(3)],
    ]
    table = protect_table(
        money(*rows, keys=("continent", "country")), rows=["continent", "country"], **RULE
    )
    assert reasons(table) == {
        (("Europe", "DK"), None): "unsafe",
        (("Europe", "SE"), None): "complement",
    }
    assert table.find("Europe").value == 80
    assert table.find("Asia", "IN").value == 30


def test_a_cell_to_which_nobody_contributes_is_neither_zero_nor_withheld():
    rows = money(*[("a", "x", f"{i}", 5.0) for i in range(3)],
                 *[("b", "y", f"{i}", 5.0) for i in range(3)], keys=("r", "c"))  # fmt: skip
    cell = protect_table(rows, rows="r", columns="c", **RULE).find("a", column="y")
    assert (cell.value, cell.n, cell.withheld) == (None, 0, False)


def test_last_years_total_withholds_this_years_beside_it():
    before = money(*spread("A", 30.0, 20.0, 10.0), *spread("B", 9.0, 8.0, 7.0))
    now = money(*spread("A", 30.0, 20.0, 10.0), *spread("B", 9.0, 8.0, 7.0, 6.0))
    previous = protect_table(before, rows="g", **RULE)
    assert not protect_table(now, rows="g", **RULE).withheld
    table = protect_table(now, rows="g", **RULE, previous=previous)
    assert reasons(table)[("B",), None] == "difference"
    assert reasons(table)[(), None] == "difference"
    assert not table.find("A").withheld


def test_a_total_that_was_withheld_last_year_gives_no_difference():
    before = protect_table(money(*spread("B", 9.0, 8.0)), rows="g", **RULE)
    now = money(*spread("B", 9.0, 8.0, 7.0))
    assert not protect_table(now, rows="g", **RULE, previous=before).withheld


def test_an_unknown_cell_is_named():
    table = protect_table(money(*spread("A", 3.0, 2.0, 1.0)), rows="g", **RULE)
    with pytest.raises(MeasureError, match="no such cell"):
        table.find("Z")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (money(("A", "a", -1.0)), "negative"),
        (money(("A", "a", float("nan"))), "lacks a key, a value"),
        (money(("A", "a", float("inf"))), "lacks a key, a value"),
        (money((None, "a", 1.0)), "lacks a key"),
        (money(("A", "a", 1.0)).drop(columns="consent"), "lack columns"),
    ],
)
def test_contributions_that_are_none_are_refused(rows, message):
    with pytest.raises(MeasureError, match=message):
        protect_table(rows, rows="g", **RULE)


# The audit

CELLS = {(("a",), "x"): 4.0, (("a",), "y"): 3.0, (("b",), "x"): 2.0, (("b",), "y"): 1.0}
MARGINS = {(("a",), None): 7.0, (("b",), None): 3.0, ((), "x"): 6.0, ((), "y"): 4.0}
SQUARE = build_table({**CELLS, **MARGINS, ((), None): 10.0})


def test_the_worked_square_gives_its_first_cell_away_as_3_to_6():
    found = find_intervals(SQUARE, CELLS)
    # x11 + x12 = 7, x11 + x21 = 6, x22 = 10 − 7 − 6 + x11, none negative
    assert found[("a",), "x"] == pytest.approx((max(0, 7 + 6 - 10), min(7, 6)))
    assert found[("b",), "y"] == pytest.approx((0, 3))


def test_one_withheld_cell_is_no_secret():
    address = (("a",), "x")
    assert find_intervals(SQUARE, {address})[address] == pytest.approx((4, 4))


def test_rounding_is_all_that_an_outsider_does_not_know():
    table = build_table({(("a",), None): 4.2, (("b",), None): 5.9, ((), None): 10.1})
    address = (("a",), None)
    # total 10 ± ½, b 6 ± ½
    assert find_intervals(table, {address}, rounding=1)[address] == pytest.approx((3, 5))
    assert find_intervals(table, {address}, rounding=10)[address] == pytest.approx((0, 10))


def test_a_withheld_total_of_withheld_parts_has_no_upper_end():
    table = build_table({(("a",), None): 4.0, (("b",), None): 6.0, ((), None): 10.0})
    low, high = find_intervals(table, set(table.addresses))[(), None]
    assert (low, high) == (0, float("inf"))


def test_parts_that_do_not_add_up_are_refused():
    with pytest.raises(MeasureError, match="do not add up"):
        build_table({(("a",), None): 4.0, ((), None): 10.0})
    with pytest.raises(MeasureError, match="not negative"):
        build_table({(("a",), None): -4.0})


def test_the_audit_names_the_cell_that_published_ones_give_away():
    table = protect_table(
        money(*spread("A", 30.0, 20.0, 10.0), *spread("B", 9.0, 8.0, 7.0), *spread("C", 5.0)),
        rows="g",
        **RULE,
    )
    audit_table(table, p_percent=10)
    shown = replace(table.cells[("B",), None], value=24.0, reason=None)
    careless = replace(table, cells={**table.cells, (("B",), None): shown})
    with pytest.raises(DisclosureError, match="worked out") as error:
        audit_table(careless, p_percent=10)
    assert error.value.where == "C"
    assert "5" not in str(error.value)


def test_rounding_coarse_enough_protects_by_itself():
    table = protect_table(
        money(*spread("A", 30.0, 20.0, 10.0), *spread("B", 9.0, 8.0, 7.0), *spread("C", 5.0)),
        rows="g",
        **RULE,
    )
    shown = replace(table.cells[("B",), None], value=24.0, reason=None)
    rounded = replace(table, cells={**table.cells, (("B",), None): shown})
    (cell,) = audit_table(rounded, p_percent=10, rounding=10)
    assert cell.low <= 4.5
    assert cell.high >= 5.5


def test_the_audit_says_where_it_places_what_is_withheld():
    table = protect_table(
        money(*spread("A", 30.0, 20.0, 10.0), *spread("B", 9.0, 8.0, 7.0), *spread("C", 5.0)),
        rows="g",
        **RULE,
    )
    placed = {cell.row: (cell.low, cell.high) for cell in audit_table(table, p_percent=10)}
    assert placed == {("B",): pytest.approx((0, 29)), ("C",): pytest.approx((0, 29))}


def enumerate_tables(values, withheld):
    """Every integer table with the true margins that an outsider could hold for the true one.

    Intervals of a two-way table with integer margins end at integers, so that these are enough.
    """
    first, second = values[("a",), None], values[("b",), None]
    for x, y in product(range(int(first) + 1), repeat=2):
        z = first - x - y
        below = [values[(), c] - n for c, n in zip("xyz", (x, y, z), strict=True)]
        table = dict(zip(product([("a",), ("b",)], "xyz"), (x, y, z, *below), strict=True))
        assert sum(below) == second
        if min(table.values()) >= 0 and all(
            n == values[address] for address, n in table.items() if address not in withheld
        ):
            yield table


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=6, max_size=6), st.sets(st.integers(0, 5), min_size=1))
def test_the_interval_is_that_of_all_tables_an_outsider_could_think_of(numbers, hidden):
    addresses = list(product([("a",), ("b",)], "xyz"))
    values = dict(zip(addresses, map(float, numbers), strict=True))
    withheld = {addresses[i] for i in hidden}
    full = dict(values)
    for row in (("a",), ("b",)):
        full[row, None] = sum(values[row, c] for c in "xyz")
    for c in "xyz":
        full[(), c] = values[("a",), c] + values[("b",), c]
    full[(), None] = sum(values.values())
    found = find_intervals(build_table(full), withheld)
    tables = list(enumerate_tables(full, withheld))
    for address in withheld:
        possible = [table[address] for table in tables]
        assert found[address] == pytest.approx((min(possible), max(possible)), abs=1e-6)


contributions = st.lists(
    st.tuples(
        st.sampled_from(["A", "B"]),
        st.sampled_from(["1", "2", "3"]),
        st.sampled_from(["x", "y", "z"]),
        st.sampled_from([f"c{i}" for i in range(9)]),
        st.one_of(st.integers(0, 20), st.integers(0, 10**9)).map(float),
        st.sampled_from([HIDDEN, HIDDEN, PUBLIC, UNUSED]),
    ),
    min_size=1,
    max_size=25,
)
KEYS = ("group", "part", "column")


@settings(max_examples=40, deadline=None)
@given(contributions, st.sampled_from([0.0, 1.0, 10.0]), st.sampled_from([0.0, 10.0, 60.0]))
@example(
    # what is public of a small sum is its floor, which a large one beside it blurs
    rows=[
        ("A", "1", "x", "c0", 555.0, HIDDEN),
        ("A", "1", "y", "c0", 1.0, HIDDEN),
        ("B", "1", "x", "c0", 0.0, HIDDEN),
        ("B", "1", "x", "c0", 1.0, PUBLIC),
    ],
    rounding=0.0,
    p_percent=0.0,
)
def test_a_protected_table_never_lets_the_audit_place_an_unsafe_sum(rows, rounding, p_percent):
    frame = money(*rows, keys=KEYS)
    table = protect_table(
        frame, rows=["group", "part"], columns="column", minimum=3, p_percent=p_percent
    )
    grain = GRAIN * max(c.total for c in table.contributors.values())
    for cell in audit_table(table, p_percent=p_percent, rounding=rounding):
        contributors = table.contributors[cell.row, cell.column]
        slack = max(1e-5 * max(contributors.total, 1), grain)
        assert cell.low - slack <= contributors.total <= cell.high + slack
        if table.cells[cell.row, cell.column].reason == "unsafe" and contributors.total > 0:
            private = sum(contributors.private.values())
            assert cell.high >= contributors.total + p_percent / 100 * private - slack
            assert cell.low <= contributors.total - p_percent / 100 * private + slack


@settings(max_examples=20, deadline=None)
@given(contributions, st.randoms())
def test_the_order_and_the_names_of_contributors_change_nothing(rows, shuffle):
    frame = money(*rows, keys=KEYS)
    shuffled = list(rows)
    shuffle.shuffle(shuffled)
    renamed = money(*shuffled, keys=KEYS)
    renamed["contributor"] = "the " + renamed["contributor"]
    first = protect_table(frame, rows="group", columns="column", **RULE)
    second = protect_table(renamed, rows="group", columns="column", **RULE)
    assert reasons(first) == reasons(second)


@settings(max_examples=20, deadline=None)
@given(contributions)
def test_what_is_published_is_safe_and_true(rows):
    frame = money(*rows, keys=KEYS)
    table = protect_table(frame, rows="group", columns="column", **RULE)
    used = frame[frame["consent"] != UNUSED]
    for (path, column), cell in table.cells.items():
        part = used[used["group"].isin(path)] if path else used
        part = part[part["column"] == column] if column else part
        assert cell.n == part["contributor"].nunique()
        if cell.value is not None:
            assert cell.value == pytest.approx(part["value"].sum())
            assert is_safe_sum(part, **RULE)
