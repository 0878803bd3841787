"""The finance chapter against plain arithmetic on the answers."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest
from tests.made_season import MadeSeason
from tests.notebooks.conftest import RunNotebook, Shown, list_values, read_text

from annual_report.exhibits.model import Figure, Number, Prose
from annual_report.rates import read_rates

CHAPTER = "report/40-finance.ipynb"
PAST = ("fid", "construction", "operational")
STATUSES = ("disbursed", "committed", "announced")


def stack_rows(season: MadeSeason, table: str) -> pd.DataFrame:
    """One row for each row of a table question, its amounts in USD where it has one."""
    answers = pd.concat([season.answers_of(c.id) for c in season.answered])
    mine = answers[(answers["question"] == table) & (answers["row"] > 0)].copy()
    mine["answer"] = mine["text"].where(mine["text"].notna(), mine["number"])
    wide = mine.pivot_table(
        index=["cluster", "row"], columns="field", values="answer", aggfunc="first"
    ).reset_index()
    rates = read_rates(season.project.reference)
    for column in {"amount", "capex"} & set(wide.columns):
        per_eur = {
            code: rates.find(code, season.edition.year).per_eur
            for code in wide["currency"].unique()
        }
        factor = wide["currency"].map(lambda code, r=per_eur: r["USD"] / r[code])
        wide[f"{column}_usd"] = wide[column].astype(float) * factor
    return wide


def read_amounts(figure: Figure) -> dict[str, float]:
    """The amounts of a figure in the edition's currency, by their rows."""
    return list_values(figure, 1)


def test_the_bar_adds_up_to_what_is_needed(chapter: Shown) -> None:
    parts = read_amounts(chapter["needed-secured"])
    needed = parts.pop("Needed")
    assert sum(parts.values()) == pytest.approx(needed)


def test_funding_counts_only_clusters_that_said_what_they_need(
    chapter: Shown, season: MadeSeason
) -> None:
    money = stack_rows(season, "FIN-T1")
    answers = pd.concat([season.answers_of(c.id) for c in season.answered])
    asked = (answers["question"] == "FIN-01") & (answers["field"] == "value")
    needed = set(answers.loc[asked, "cluster"])
    within = money[money["cluster"].isin(needed)]
    expected = within.groupby("status")["amount_usd"].sum()
    parts = read_amounts(chapter["needed-secured"])
    for status in STATUSES:
        assert parts[status.capitalize()] == pytest.approx(expected[status])


def test_the_title_says_no_more_than_the_share(chapter: Shown) -> None:
    parts = read_amounts(chapter["needed-secured"])
    share = (parts["Disbursed"] + parts["Committed"]) / parts["Needed"]
    title = chapter["needed-secured"].title
    assert title.endswith("of the money needed is secured")
    bounds = {"Less than a quarter": 0.25, "Less than a third": 1 / 3, "Less than half": 0.5}
    for words, most in bounds.items():
        assert not title.startswith(words) or share < most


def test_public_and_private_money_by_status(chapter: Shown, season: MadeSeason) -> None:
    expected = stack_rows(season, "FIN-T1").groupby(["sector", "status"])["amount_usd"].sum()
    for sector in ("public", "private"):
        for column, status in enumerate(STATUSES, start=1):
            told = list_values(chapter["public-private"], column)
            assert told[sector.capitalize()] == pytest.approx(expected[sector, status])
    secured = {s: expected[s][["disbursed", "committed"]].sum() for s in ("public", "private")}
    more, less = sorted(secured, key=lambda s: -secured[s])
    assert chapter["public-private"].title == f"More {more} than {less} money is secured"


def test_cost_by_stage_and_which_are_decided(chapter: Shown, season: MadeSeason) -> None:
    costs = stack_rows(season, "TEC-T1").groupby("stage")["capex_usd"].sum()
    stages = [c.code for c in season.framework.choices["stages"]]
    told = [*read_amounts(chapter["capex-stages"]).values()]
    assert told == pytest.approx([costs[stage] for stage in stages])
    assert {">Decided<", ">Before the decision<"} <= {
        f">{part.split('<')[0]}<" for part in chapter["capex-stages"].svg.split(">")
    }


def test_the_largest_decided_projects_in_order_and_their_sum(
    chapter: Shown, season: MadeSeason
) -> None:
    listed = stack_rows(season, "TEC-T1")
    decided = listed[listed["stage"].isin(PAST)].sort_values("capex_usd", ascending=False)
    *rows, total = chapter["largest-projects"].grid.rows
    assert [row[0] for row in rows] == decided["name"].head(len(rows)).tolist()
    assert total[3].value == pytest.approx(decided["capex_usd"].sum())
    assert total[3].text.replace(",", "") == f"{decided['capex_usd'].sum() / 1e9:.1f}"
    assert f"{len(decided)} projects" in total[0]


def test_a_conversion_shows_amount_rate_and_year(chapter: Shown, season: MadeSeason) -> None:
    exhibit = chapter["conversions"]
    foreign = stack_rows(season, "FIN-T1").query("currency != 'USD'")
    assert exhibit.title.startswith(f"{len(foreign)} amounts")
    for row in exhibit.grid.rows:
        reported, year, rate, converted = row[3:7]
        assert isinstance(rate, Number)
        assert rate.id is not None
        assert rate.id.startswith("rate.")
        assert year == "2023"
        assert converted.value == pytest.approx((reported.value or 0) * (rate.value or 0))
        assert reported.text[:3] in ("EUR", "GBP", "JPY")


def test_withheld_money_is_called_withheld(
    run_notebook: RunNotebook, make_season: Callable[..., MadeSeason]
) -> None:
    shown = run_notebook(CHAPTER, make_season(2, answered=2, consent="aggregate only"))
    exhibit = shown["needed-secured"]
    assert isinstance(exhibit, Prose)
    assert read_text(exhibit) == "What clusters gave is in the totals only, or withheld."
    assert "money in another currency" in read_text(shown["conversions"])
