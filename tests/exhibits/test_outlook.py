"""The outlook: four themes, each told from the returns."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import pytest

from annual_report.exhibits import outlook
from annual_report.exhibits.model import Figure, Number, Prose
from annual_report.exhibits.season import Season


def read_text(prose: Prose) -> str:
    return " ".join("".join(run.text for run in runs) for runs in prose.paragraphs)


def test_the_lead_names_the_four_themes(season: Season, silent_season: Season) -> None:
    for any_season in (season, silent_season):
        text = read_text(outlook.tell_outlook(any_season))
        assert text.startswith("Talent, standards, permits and public money stay open")


def test_talent_adds_up_people_and_targets(season: Season) -> None:
    answers = pd.concat([season.answers_of(c.id) for c in season.answered])
    mine = answers[answers["question"] == "PAR-08"].groupby("field")["number"].sum()
    text = read_text(outlook.tell_talent(season))
    assert f"{mine['value']:,.0f} people" in text
    assert f"the targets add up to {mine['target']:,.0f}" in text


def test_verdicts_count_every_judged_cluster(season: Season) -> None:
    exhibit = outlook.plot_talent(season)
    assert isinstance(exhibit, Figure)
    verdicts = Counter(
        found.text
        for cluster in season.answered
        if (found := season.find(f"{cluster.id}.PAR-TRAINED.verdict")) is not None
    )
    shown = {str(row[0])[2:].lower(): row[1].value for row in exhibit.grid.rows
             if isinstance(row[1], Number)}  # fmt: skip
    assert shown == verdicts


def test_fields_of_standards_are_ranked(season: Season) -> None:
    exhibit = outlook.plot_standard_fields(season)
    assert isinstance(exhibit, Figure)
    counts = [row[1].value or 0 for row in exhibit.grid.rows if isinstance(row[1], Number)]
    assert counts == sorted(counts, reverse=True)
    assert sum(counts) == exhibit.n


def test_public_money_is_that_of_the_finance_chapter(season: Season) -> None:
    numbers = [r for r in outlook.tell_public_money(season).paragraphs[0] if isinstance(r, Number)]
    values = [season.value(f"all.funding.{sector}-secured") for sector in ("public", "private")]
    assert [n.value for n in numbers] == pytest.approx(values)


def test_instruments_start_with_the_largest_public_one(season: Season) -> None:
    exhibit = outlook.plot_instruments(season)
    assert isinstance(exhibit, Figure)
    public = [row[1].value or 0 for row in exhibit.grid.rows if isinstance(row[1], Number)]
    assert public == sorted(public, reverse=True)
    first = str(exhibit.grid.rows[0][0])
    assert exhibit.title == f"Largest form of public money: {first[:1].lower()}{first[1:]}"
