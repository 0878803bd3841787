"""The finance chapter against plain arithmetic on the answers."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from annual_report.exhibits import finance, projects
from annual_report.exhibits.model import Figure, Number, Prose, Table
from annual_report.exhibits.season import Season

PAST = ("fid", "construction", "operational")


def stack_rows(season: Season, table: str) -> pd.DataFrame:
    """One row for each row of a table question, its amounts in USD where it has one."""
    answers = pd.concat([season.answers_of(c.id) for c in season.answered])
    mine = answers[(answers["question"] == table) & (answers["row"] > 0)].copy()
    mine["answer"] = mine["text"].where(mine["text"].notna(), mine["number"])
    wide = mine.pivot_table(
        index=["cluster", "row"], columns="field", values="answer", aggfunc="first"
    ).reset_index()
    for column in {"amount", "capex"} & set(wide.columns):
        per_eur = {
            code: season.rates.find(code, season.edition.year).per_eur
            for code in wide["currency"].unique()
        }
        factor = wide["currency"].map(lambda code, r=per_eur: r["USD"] / r[code])
        wide[f"{column}_usd"] = wide[column].astype(float) * factor
    return wide


def read_cells(exhibit: Figure | Table | Prose) -> dict[str, Number]:
    """The first number of each row by the first cell."""
    assert isinstance(exhibit, (Figure, Table))
    return {
        str(row[0]): next(c for c in row[1:] if isinstance(c, Number)) for row in exhibit.grid.rows
    }


def test_the_bar_adds_up_to_what_is_needed(season: Season) -> None:
    cells = read_cells(finance.plot_needed_secured(season))
    parts = ("Disbursed", "Committed", "Announced", "Still to find")
    assert sum(cells[p].value or 0 for p in parts) == pytest.approx(cells["Needed"].value)


def test_funding_counts_only_clusters_that_said_what_they_need(season: Season) -> None:
    money = stack_rows(season, "FIN-T1")
    answers = pd.concat([season.answers_of(c.id) for c in season.answered])
    asked = (answers["question"] == "FIN-01") & (answers["field"] == "value")
    needed = set(answers.loc[asked, "cluster"])
    within = money[money["cluster"].isin(needed)]
    expected = within.groupby("status")["amount_usd"].sum()
    cells = read_cells(finance.plot_needed_secured(season))
    for status in ("disbursed", "committed", "announced"):
        assert cells[status.capitalize()].value == pytest.approx(expected[status])


def test_public_and_private_money_by_status(season: Season) -> None:
    exhibit = finance.plot_public_private(season)
    assert isinstance(exhibit, Figure)
    expected = stack_rows(season, "FIN-T1").groupby(["sector", "status"])["amount_usd"].sum()
    for row in exhibit.grid.rows:
        for status, cell in zip(finance.STATUSES, row[1:], strict=False):
            assert isinstance(cell, Number)
            assert cell.value == pytest.approx(expected[str(row[0]).lower(), status])


def test_cost_by_stage_and_the_decision_between(season: Season) -> None:
    exhibit = finance.plot_capex_stages(season)
    assert isinstance(exhibit, Figure)
    expected = stack_rows(season, "TEC-T1").groupby("stage")["capex_usd"].sum()
    values = [n.value for n in read_cells(exhibit).values()]
    stages = [c.code for c in season.framework.choices["stages"]]
    assert values == pytest.approx([expected[stage] for stage in stages])
    assert ">Final investment decision<" in exhibit.svg


def test_the_largest_decided_projects_in_order_and_their_sum(season: Season) -> None:
    exhibit = projects.show_largest_projects(season)
    assert isinstance(exhibit, Table)
    listed = stack_rows(season, "TEC-T1")
    decided = listed[listed["stage"].isin(PAST)].sort_values("capex_usd", ascending=False)
    *rows, total = exhibit.grid.rows
    assert [row[0] for row in rows] == decided["name"].head(len(rows)).tolist()
    assert isinstance(total[3], Number)
    assert total[3].value == pytest.approx(decided["capex_usd"].sum())
    assert f"{len(decided)} projects" in str(total[0])


def test_a_conversion_shows_amount_rate_and_year(season: Season) -> None:
    exhibit = finance.show_conversions(season)
    assert isinstance(exhibit, Table)
    foreign = stack_rows(season, "FIN-T1").query("currency != 'USD'")
    assert exhibit.title.startswith(f"{len(foreign)} amounts")
    for row in exhibit.grid.rows:
        reported, year, rate, converted = row[3:7]
        assert isinstance(reported, Number)
        assert isinstance(rate, Number)
        assert isinstance(converted, Number)
        assert year == "2023"
        assert converted.value == pytest.approx((reported.value or 0) * (rate.value or 0))


@pytest.mark.parametrize(
    ("share", "title"),
    [
        (0.0, "None of the money needed is secured"),
        (31.0, "Less than a third of the money needed is secured"),
        (100.0, "All of the money needed is secured"),
        (None, "What the plans need, and what has been found"),
    ],
)
def test_the_title_says_no_more_than_the_share(
    season: Season, monkeypatch: pytest.MonkeyPatch, share: float | None, title: str
) -> None:
    monkeypatch.setattr(Season, "value", lambda *_: share)
    assert finance._title_secured(season) == title


def test_withheld_money_is_called_withheld(make_season: Callable[..., Season]) -> None:
    season = make_season(2, answered=2, consent="aggregate only")
    exhibit = finance.plot_needed_secured(season)
    assert isinstance(exhibit, Prose)
    text = exhibit.paragraphs[0][0].text
    assert text.startswith("2 clusters reported money")
