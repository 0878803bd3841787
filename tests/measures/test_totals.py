"""Totals over clusters: n of N, cohorts, and what is withheld."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annual_report.measures.indicators.calculation import Context
from annual_report.measures.indicators.cluster import compute_measures
from annual_report.measures.measure import Measure
from annual_report.measures.totals.abatement import compute_abatement
from annual_report.measures.totals.breakdowns import compute_breakdowns
from annual_report.measures.totals.restatements import list_restatements
from annual_report.measures.totals.stack import Stack
from annual_report.measures.totals.totals import Totals, compare_cohort

MakeAnswers = Callable[..., pd.DataFrame]
Season = Mapping[str, Mapping[str, object]]
MakeTotals = Callable[..., Totals]


@pytest.fixture(scope="session")
def make_totals(context: Context, make_answers: MakeAnswers) -> MakeTotals:
    def make(
        season: Season,
        *,
        consents: Mapping[str, Mapping[str, str]] | None = None,
        before: Totals | None = None,
    ) -> Totals:
        answers = [
            make_answers(values, cluster=cluster, consent=(consents or {}).get(cluster))
            for cluster, values in season.items()
        ]
        measures = [
            compute_measures(cluster, frame, context)
            for cluster, frame in zip(season, answers, strict=True)
        ]
        stack = Stack(pd.concat(measures), pd.concat(answers))
        return Totals(context.edition, context.framework, stack, of=4, before=before)

    return make


def by_id(measures: object) -> dict[str, Measure]:
    return {m.id: m for m in measures}  # type: ignore[attr-defined]


def test_a_total_says_how_many_of_all_answered(make_totals: MakeTotals) -> None:
    season = {"c0": {"CLU-10.value": 5}, "c1": {"CLU-10.value": (2_500, "ktCO2e/y")}, "c2": {}}
    found = by_id(make_totals(season).compute())["all.HEAD-POTENTIAL.total"]
    assert (found.number, found.n, found.of) == (7.5, 2, 4)
    assert found.inputs == ("c0.HEAD-POTENTIAL.value", "c1.HEAD-POTENTIAL.value")


def test_places_are_not_added_up(make_totals: MakeTotals) -> None:
    season = {f"c{i}": {"CLU-02.value": 50.0 + i, "CLU-03.value": 4.0} for i in range(4)}
    found = by_id(make_totals(season).compute())
    assert not [key for key in found if "CLU-02" in key or "CLU-03" in key]


def test_a_total_nobody_answered_has_no_number(make_totals: MakeTotals) -> None:
    found = by_id(make_totals({"c0": {}}).compute())["all.HEAD-GDP.total"]
    assert (found.number, found.n, found.text) == (None, 0, "no cluster answered")


def test_a_part_of_a_sum_does_not_count_as_the_sum(make_totals: MakeTotals) -> None:
    four = {f"CLU-{i}.value": 100 for i in (12, 13, 14, 15)}
    three = {k: v for k, v in four.items() if k != "CLU-14.value"}
    found = by_id(make_totals({"c0": four, "c1": three}).compute())["all.HEAD-JOBS.total"]
    assert (found.number, found.n) == (400, 1)


def test_money_is_summed_in_the_currency_of_the_edition(make_totals: MakeTotals) -> None:
    season = {
        "c0": {"CLU-11.value": (114_000_000, "NOK"), "CLU-11.value_year": 2023},
        "c1": {"CLU-11.value": (1_000_000, "USD"), "CLU-11.value_year": 2022},
    }
    found = by_id(make_totals(season).compute())["all.HEAD-GDP.total"]
    assert found.number == pytest.approx(114e6 / 11.4 * 1.08 + 1e6)
    assert found.unit == "USD"


def test_levels_are_counted_over_those_that_answered(make_totals: MakeTotals) -> None:
    season = {"c0": {"PAR-01.value": 3}, "c1": {"PAR-01.value": 3}, "c2": {"PAR-01.value": 0}}
    found = by_id(make_totals({**season, "c3": {}}).compute())
    counts = [found[f"all.PAR-01.count.{level}"].number for level in range(5)]
    assert counts == [1, 0, 0, 2, 0]
    assert found["all.PAR-01.count.3"].n == 3


def test_a_cohort_compares_only_clusters_with_both_values(make_totals: MakeTotals) -> None:
    before = make_totals({"c0": {"CLU-10.value": 4}, "c1": {"CLU-10.value": 6}})
    now = make_totals({"c0": {"CLU-10.value": 5}, "c3": {"CLU-10.value": 90}}, before=before)
    found = by_id(compare_cohort(now, before, code="HEAD-POTENTIAL", name="value", unit="MtCO2e/y"))
    assert found["all.HEAD-POTENTIAL.cohort"].number == 5
    assert found["all.HEAD-POTENTIAL.cohort-before"].number == 4
    assert found["all.HEAD-POTENTIAL.cohort-change"].number == pytest.approx(25)
    assert found["all.HEAD-POTENTIAL.cohort-change"].n == 1


def test_no_cluster_in_both_years_gives_no_change(make_totals: MakeTotals) -> None:
    before = make_totals({"c0": {"CLU-10.value": 4}})
    now = make_totals({"c1": {"CLU-10.value": 5}}, before=before)
    assert not list(
        compare_cohort(now, before, code="HEAD-POTENTIAL", name="value", unit="MtCO2e/y")
    )


def test_a_total_with_one_private_contributor_among_few_is_withheld(
    make_totals: MakeTotals,
) -> None:
    season = {"c0": {"CLU-10.value": 5}, "c1": {"CLU-10.value": 3}}
    private = {"c0": {"CLU-10.value": "aggregate only"}}
    found = by_id(make_totals(season, consents=private).compute())["all.HEAD-POTENTIAL.total"]
    assert (found.number, found.text, found.n) == (None, "withheld", 2)
    assert not found.inputs


def test_a_total_that_gives_a_joiner_away_beside_last_year_is_withheld(
    make_totals: MakeTotals,
) -> None:
    season = {f"c{i}": {"CLU-10.value": 10} for i in range(3)}
    private = {f"c{i}": {"CLU-10.value": "aggregate only"} for i in range(4)}
    before = make_totals(season, consents=private)
    assert by_id(before.compute())["all.HEAD-POTENTIAL.total"].number == 30
    joined = {**season, "c3": {"CLU-10.value": 7}}
    now = make_totals(joined, consents=private, before=before)
    assert by_id(now.compute())["all.HEAD-POTENTIAL.total"].number is None


EMISSIONS = {"c0": (90, 1000), "c1": (80, 3), "c2": (70, 2), "c3": (60, 1)}
PRIVATE = ("CLU-06.value", "CLU-07.value", "CLU-08.value")


def test_a_part_is_not_given_back_by_its_whole_and_the_other_part(make_totals: MakeTotals) -> None:
    season = {
        cluster: {"CLU-06.value": one, "CLU-07.value": two, "CLU-08.value": one + two}
        for cluster, (one, two) in EMISSIONS.items()
    }
    private = {cluster: dict.fromkeys(PRIVATE, "aggregate only") for cluster in season}
    found = by_id(make_totals(season, consents=private).compute())
    hidden = {
        name
        for name in ("CLU-06.value", "CLU-07.value", "CLU-08.value", "HEAD-EMISSIONS")
        if found[f"all.{name}.total"].text == "withheld"
    }
    assert "CLU-07.value" in hidden  # one cluster makes nearly all of it
    assert {"CLU-06.value", "CLU-08.value"} & hidden
    assert ("CLU-08.value" in hidden) == ("HEAD-EMISSIONS" in hidden)


def test_who_gave_a_part_only_is_not_the_parts_less_their_whole(make_totals: MakeTotals) -> None:
    jobs = [f"CLU-{n}.value" for n in (12, 13, 14, 15)]
    season = {f"c{i}": dict.fromkeys(jobs, 100 + i) for i in range(3)}
    private = {f"c{i}": dict.fromkeys(jobs, "aggregate only") for i in range(4)}
    found = by_id(make_totals(season, consents=private).compute())
    assert found["all.HEAD-JOBS.total"].number == 4 * 303
    season["c3"] = {"CLU-12.value": 57}
    found = by_id(make_totals(season, consents=private).compute())
    published = [found["all.HEAD-JOBS.total"], *(found[f"all.{job}.total"] for job in jobs)]
    assert any(total.text == "withheld" for total in published)


def test_a_cohort_does_not_give_a_linked_total_back(make_totals: MakeTotals) -> None:
    season = {
        cluster: {"CLU-06.value": one, "CLU-07.value": two, "CLU-08.value": one + two}
        for cluster, (one, two) in EMISSIONS.items()
    }
    # scope 1 is public, so that only the whole can keep scope 2 from being worked out
    private = {cluster: dict.fromkeys(PRIVATE[1:], "aggregate only") for cluster in season}
    before = make_totals(season, consents=private)
    now = make_totals(season, consents=private, before=before)
    assert by_id(now.compute())["all.HEAD-EMISSIONS.total"].text == "withheld"
    assert not list(
        compare_cohort(now, before, code="HEAD-EMISSIONS", name="value", unit="MtCO2e/y")
    )


def test_a_cohort_is_over_what_was_published_in_both_years(make_totals: MakeTotals) -> None:
    season = {f"c{i}": {"CLU-10.value": 10 + i} for i in range(4)}
    private = {"c1": {"CLU-10.value": "aggregate only"}}
    before = make_totals(season, consents=private)
    now = make_totals(season, consents={"c2": private["c1"]}, before=before)
    found = by_id(compare_cohort(now, before, code="HEAD-POTENTIAL", name="value", unit="MtCO2e/y"))
    assert [m.number for m in found.values()] == [23, 23, 0]
    assert {m.n for m in found.values()} == {2}


@pytest.mark.parametrize("is_joiner", [True, False])
def test_a_total_with_parts_goes_with_them_where_last_year_gives_one_away(
    make_totals: MakeTotals, is_joiner: bool
) -> None:
    jobs = [f"CLU-{n}" for n in (12, 13, 14, 15)]
    four = {f"c{i}": {f"{job}.value": 100 + i for job in jobs} for i in range(4)}
    three = {c: answers for c, answers in four.items() if c != "c3"}
    private = {c: {f"{job}.value": "aggregate only" for job in jobs} for c in four}
    before = make_totals(three if is_joiner else four, consents=private)
    now = make_totals(four if is_joiner else three, consents=private, before=before)
    found = by_id(now.compute())
    assert found["all.HEAD-JOBS.total"].text == "withheld"
    assert {found[f"all.{job}.value.total"].text for job in jobs} == {"withheld"}


def test_who_published_last_year_only_is_no_part_of_what_hides_the_others(
    make_totals: MakeTotals,
) -> None:
    season = {f"c{i}": {"CLU-10.value": 10.0 + i} for i in range(4)}
    all_private = {c: {"CLU-10.value": "aggregate only"} for c in season}
    three_private = {c: v for c, v in all_private.items() if c != "c3"}
    for then, after in ((all_private, three_private), (three_private, all_private)):
        before = make_totals(season, consents=then)
        now = make_totals(season, consents=after, before=before)
        assert by_id(now.compute())["all.HEAD-POTENTIAL.total"].text == "withheld"


LEVELS = {"c0": 2, "c1": 2, "c2": 3, "c3": 0}


def count_levels(
    make_totals: MakeTotals, private: tuple[str, ...], levels: Mapping[str, int]
) -> dict[int, float | None]:
    season = {cluster: {"PAR-01.value": level} for cluster, level in levels.items()}
    consents = {cluster: {"PAR-01.value": "aggregate only"} for cluster in private}
    found = by_id(make_totals(season, consents=consents).compute())
    return {level: found[f"all.PAR-01.count.{level}"].number for level in range(5)}


def test_counts_of_public_answers_are_published(make_totals: MakeTotals) -> None:
    assert count_levels(make_totals, (), LEVELS) == {0: 1, 1: 0, 2: 2, 3: 1, 4: 0}


@pytest.mark.parametrize("private", [("c3",), ("c2", "c3")])
def test_counts_that_public_answers_would_give_away_are_withheld(
    private: tuple[str, ...], make_totals: MakeTotals
) -> None:
    assert set(count_levels(make_totals, private, LEVELS).values()) == {None}


def test_a_level_with_few_private_answers_is_withheld_with_another(
    make_totals: MakeTotals,
) -> None:
    private = ("c0", "c1", "c2", "c3")
    counts = count_levels(make_totals, private, {"c0": 2, "c1": 2, "c2": 2, "c3": 0})
    assert counts == {0: None, 1: 0, 2: None, 3: 0, 4: 0}
    counts = count_levels(make_totals, private, dict.fromkeys(private, 2))
    assert counts == {0: 0, 1: 0, 2: 4, 3: 0, 4: 0}


FUNDING = {
    "FIN-T1.1.amount": (50, "USD"),
    "FIN-T1.1.year": 2023,
    "FIN-T1.1.status": "committed",
    "FIN-T1.1.sector": "public",
    "FIN-T1.2.amount": (20, "USD"),
    "FIN-T1.2.year": 2023,
    "FIN-T1.2.status": "disbursed",
    "FIN-T1.2.sector": "public",
}


def test_a_breakdown_has_every_cell_margin_and_whole(make_totals: MakeTotals) -> None:
    found = by_id(compute_breakdowns(make_totals({"c0": FUNDING, "c1": FUNDING})))
    numbers = {
        key: found[f"all.FIN-T1.sector-status.{key}"].number
        for key in ("public.committed", "public.any", "any.disbursed", "any.any", "private.any")
    }
    assert numbers == {
        "public.committed": 100,
        "public.any": 140,
        "any.disbursed": 40,
        "any.any": 140,
        "private.any": 0,
    }


def test_a_private_cell_and_what_would_give_it_back_are_withheld(make_totals: MakeTotals) -> None:
    private = {"c0": {"FIN-T1.1.amount": "aggregate only"}}
    totals = make_totals({"c0": FUNDING, "c1": FUNDING}, consents=private)
    found = by_id(compute_breakdowns(totals))
    withheld = {
        key
        for key in ("public.committed", "public.disbursed", "public.any", "any.committed")
        if found[f"all.FIN-T1.sector-status.{key}"].text == "withheld"
    }
    assert {"public.committed", "any.committed"} <= withheld


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["grant", "debt", "equity"]),
        st.sampled_from(["public", "private"]),
        st.sampled_from(["announced", "committed", "disbursed"]),
        st.integers(1, 9).map(lambda n: 10**n),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=20, deadline=None)
@given(st.lists(ROWS, min_size=4, max_size=4))
def test_no_breakdown_publishes_what_another_withholds(make_totals: MakeTotals, tables) -> None:
    season = {
        f"c{i}": {
            f"FIN-T1.{row}.{field}": value
            for row, entry in enumerate(rows, start=1)
            for field, value in zip(
                ("instrument", "sector", "status", "amount", "year"), (*entry, 2023), strict=True
            )
        }
        for i, rows in enumerate(tables)
    }
    private = {c: dict.fromkeys(answers, "aggregate only") for c, answers in season.items()}
    found = by_id(compute_breakdowns(make_totals(season, consents=private)))
    for sector in ("public", "private"):
        one = found[f"all.FIN-T1.sector-status.{sector}.any"]
        other = found[f"all.FIN-T1.instrument-sector.any.{sector}"]
        assert (one.number, one.text) == (other.number, other.text)


def test_abatement_splits_projects_by_state_and_leaves_the_rest_unallocated(
    make_totals: MakeTotals,
) -> None:
    season = {
        "c0": {
            "CLU-10.value": 5,
            "TEC-T1.1.lever": "ccus",
            "TEC-T1.1.stage": "operational",
            "TEC-T1.1.expected_abatement": 1_000_000,
            "TEC-T1.1.delivered_abatement": 400_000,
            "TEC-T1.2.lever": "hydrogen",
            "TEC-T1.2.stage": "feed",
            "TEC-T1.2.expected_abatement": 500_000,
        },
        "c1": {  # no potential: its project counts for its lever and not against the rest
            "TEC-T1.1.lever": "ccus",
            "TEC-T1.1.stage": "construction",
            "TEC-T1.1.expected_abatement": 2_000_000,
        },
    }
    found = by_id(compute_abatement(make_totals(season), {}, table="TEC-T1", potential="CLU-10"))
    numbers = {key.removeprefix("all.abatement."): m.number for key, m in found.items()}
    assert numbers["ccus.delivered"] == 400_000
    assert numbers["ccus.decided"] == 600_000 + 2_000_000
    assert numbers["hydrogen.pipeline"] == 500_000
    assert numbers["unallocated"] == 5_000_000 - 1_500_000
    assert numbers["electrification.delivered"] is None


def test_no_state_of_a_lever_gives_back_what_a_breakdown_withholds(
    make_totals: MakeTotals,
) -> None:
    def project(row: int, lever: str, delivered: int) -> dict[str, object]:
        cells = {"lever": lever, "stage": "operational", "delivered_abatement": delivered}
        return {f"TEC-T1.{row}.{name}": value for name, value in cells.items()}

    # hydrogen has one cluster behind it; capture goes with it, although it is safe by itself
    season = {
        f"c{i}": {"CLU-10.value": 50, **project(1, "ccus", 100 + i)}
        | (project(2, "hydrogen", 7) if i == 0 else {})
        for i in range(4)
    }
    private = {c: dict.fromkeys(answers, "aggregate only") for c, answers in season.items()}
    totals = make_totals(season, consents=private)
    published = by_id(compute_breakdowns(totals))
    assert published["all.TEC-T1.lever-stage-delivered.ccus.any"].text == "withheld"
    found = by_id(compute_abatement(totals, published, table="TEC-T1", potential="CLU-10"))
    hidden = {
        key.removeprefix("all.abatement.") for key, m in found.items() if m.text == "withheld"
    }
    assert hidden == {"ccus.delivered", "hydrogen.delivered", "unallocated"}


def test_a_baseline_that_changed_is_a_restatement_with_both_values(
    make_totals: MakeTotals,
) -> None:
    before = make_totals(
        {"c0": {"CLU-08.baseline": 16}, "c1": {"CLU-08.baseline": 9}, "c2": {"CLU-08.baseline": 5}}
    )
    now = make_totals(
        {"c0": {"CLU-08.baseline": 17.5}, "c1": {"CLU-08.baseline": (9_000, "ktCO2e/y")}},
        before=before,
    )
    found = by_id(list_restatements(now))
    assert {key: m.number for key, m in found.items()} == {
        "all.restated.c0.CLU-08": 17.5,
        "all.restated.c0.CLU-08.before": 16,
    }
    assert found["all.restated.c0.CLU-08.before"].inputs == ("tested:c0.CLU-08.baseline.standard",)
