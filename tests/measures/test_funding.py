"""The investment plan over all clusters: parts that add up, and what withholding takes along."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd
import pytest

from annual_report.measures.indicators.calculation import Context
from annual_report.measures.indicators.cluster import compute_measures
from annual_report.measures.measure import Measure
from annual_report.measures.totals.breakdowns import compute_breakdowns
from annual_report.measures.totals.funding import compute_funding
from annual_report.measures.totals.pipeline import compute_pipeline
from annual_report.measures.totals.stack import Stack
from annual_report.measures.totals.totals import WITHHELD, Totals

Answers = Mapping[str, object]
MakeFunding = Callable[..., dict[str, Measure]]
PRIVATE = "aggregate only"


def list_funding(*rows: tuple[str, str, float]) -> dict[str, object]:
    """Answers of a table of funding from sector, status and amount in USD."""
    answers: dict[str, object] = {}
    for number, (sector, status, amount) in enumerate(rows, start=1):
        answers |= {
            f"FIN-T1.{number}.source": f"Fund {number}",
            f"FIN-T1.{number}.sector": sector,
            f"FIN-T1.{number}.instrument": "grant",
            f"FIN-T1.{number}.amount": (amount, "USD"),
            f"FIN-T1.{number}.year": 2023,
            f"FIN-T1.{number}.status": status,
        }
    return answers


@pytest.fixture(scope="session")
def make_funding(context: Context, make_answers: Callable[..., pd.DataFrame]) -> MakeFunding:
    """Compute the measures of funding and pipeline over clusters."""

    def make(season: Mapping[str, Answers], *, private: tuple[str, ...] = ()) -> dict[str, Measure]:
        answers = [
            make_answers(
                values, cluster=cluster, consent=dict.fromkeys(values, PRIVATE)
                if cluster in private else {},
            )
            for cluster, values in season.items()
        ]  # fmt: skip
        measures = [
            compute_measures(cluster, frame, context)
            for cluster, frame in zip(season, answers, strict=True)
        ]
        stack = Stack(pd.concat(measures), pd.concat(answers))
        totals = Totals(context.edition, context.framework, stack, of=4)
        published = {m.id: m for m in compute_breakdowns(totals)}
        found = [
            *compute_funding(totals, published, table="FIN-T1", need="FIN-01"),
            *compute_pipeline(totals, published, table="TEC-T1"),
        ]
        return {m.id.removeprefix("all."): m for m in found}

    return make


def test_parts_add_up_over_clusters_that_said_what_they_need(make_funding: MakeFunding) -> None:
    measures = make_funding(
        {
            "c0": {"FIN-01.value": (100.0, "USD")}
            | list_funding(("public", "disbursed", 10.0), ("private", "announced", 20.0)),
            "c1": {"FIN-01.value": (50.0, "USD")} | list_funding(("private", "committed", 5.0)),
            "c2": list_funding(("public", "committed", 400.0)),  # no need: in no part of the plan
            "c3": {"FIN-01.value": (9.0, "USD")},  # no table: neither
        }
    )
    numbers = {name: m.number for name, m in measures.items() if name.startswith("funding.")}
    assert numbers["funding.needed"] == 150.0
    assert numbers["funding.disbursed"] == 10.0
    assert numbers["funding.committed"] == 5.0
    assert numbers["funding.announced"] == 20.0
    assert numbers["funding.secured"] == 15.0
    assert numbers["funding.to-find"] == 115.0
    assert numbers["funding.secured-share"] == pytest.approx(10.0)
    assert measures["funding.needed"].n == 2
    assert numbers["funding.public-secured"] == 410.0
    assert numbers["funding.leverage"] == pytest.approx(5 / 410)


def test_more_found_than_needed_is_less_than_nothing_to_find(make_funding: MakeFunding) -> None:
    funding = list_funding(("private", "announced", 30.0))
    measures = make_funding({"c0": {"FIN-01.value": (20.0, "USD")} | funding})
    assert measures["funding.to-find"].number == -10.0


def test_a_status_that_no_table_has_is_zero(make_funding: MakeFunding) -> None:
    funding = list_funding(("private", "committed", 5.0))
    measures = make_funding({"c0": {"FIN-01.value": (20.0, "USD")} | funding})
    assert measures["funding.disbursed"].number == 0.0


def test_nobody_with_both_gives_no_number(make_funding: MakeFunding) -> None:
    measures = make_funding({"c0": {"FIN-01.value": (20.0, "USD")}})
    assert measures["funding.needed"].number is None
    assert measures["funding.to-find"].number is None
    assert measures["funding.needed"].text != WITHHELD


def test_what_one_part_hides_no_sum_gives_back(make_funding: MakeFunding) -> None:
    def plan(amount: float, *more: tuple[str, str, float]) -> dict[str, object]:
        rows = list_funding(("public", "committed", amount), *more)
        return {"FIN-01.value": (10 * amount, "USD")} | rows

    season = {
        "c0": plan(50.0, ("private", "disbursed", 7.0)),  # alone in what is disbursed
        "c1": plan(40.0),
        "c2": plan(45.0),
        "c3": plan(48.0),
    }
    measures = make_funding(season, private=tuple(season))
    hidden = {name for name, m in measures.items() if m.text == WITHHELD}
    assert {"funding.disbursed", "funding.committed"} <= hidden
    assert measures["funding.needed"].number == 1830.0
    shown = {n: m.number for n, m in measures.items() if m.number is not None}
    assert not any(value == pytest.approx(7.0) for value in shown.values())


def test_who_is_left_out_of_the_plan_is_not_its_difference_from_all(
    make_funding: MakeFunding,
) -> None:
    rows = list_funding(("public", "committed", 40.0))
    season = {f"c{i}": {"FIN-01.value": (100.0 + i, "USD")} | rows for i in range(3)}
    season["c3"] = {"FIN-01.value": (77.0, "USD")}  # all four need 380: less the plan's 303
    needed = make_funding(season, private=tuple(season))["funding.needed"]
    assert (needed.number, needed.text) == (None, WITHHELD)
    del season["c3"]
    assert make_funding(season, private=tuple(season))["funding.needed"].number == 303.0


def test_the_pipeline_is_split_at_the_investment_decision(make_funding: MakeFunding) -> None:
    projects: dict[str, object] = {}
    for number, (stage, capex, cut) in enumerate(
        [("feed", 100.0, 10.0), ("fid", 40.0, 5.0), ("operational", 60.0, 3.0)], start=1
    ):
        projects |= {
            f"TEC-T1.{number}.name": f"Project {number}",
            f"TEC-T1.{number}.lever": "ccus",
            f"TEC-T1.{number}.stage": stage,
            f"TEC-T1.{number}.capex": (capex, "USD"),
            f"TEC-T1.{number}.expected_abatement": (cut, "tCO2e/y"),
        }
    measures = make_funding({"c0": projects})
    assert measures["pipeline.before.count"].number == 1
    assert measures["pipeline.past.count"].number == 2
    assert measures["pipeline.past.capex"].number == 100.0
    assert measures["pipeline.past-share.capex"].number == pytest.approx(50.0)
    assert measures["pipeline.past.expected"].number == 8.0
    assert measures["pipeline.all.expected"].number == 18.0
