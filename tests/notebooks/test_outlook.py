"""The outlook against plain sums, counts and medians of the answers."""

from __future__ import annotations

import statistics
from collections import Counter

import pandas as pd
import pytest
from tests.made_season import MadeSeason
from tests.notebooks.conftest import RunNotebook, Shown, list_values, read_answers, read_text

from annual_report.exhibits.model import Figure, Number, Prose

CHAPTER = "report/60-outlook.ipynb"
KEEPING = ("achieved", "on track")


def count_verdicts(season: MadeSeason, indicator: str) -> Counter[str]:
    found = (season.text(f"{cluster.id}.{indicator}.verdict") for cluster in season.answered)
    return Counter(filter(None, found))


def list_counts(exhibit: Figure) -> list[float]:
    return [row[1].value for row in exhibit.grid.rows if isinstance(row[1], Number)]


def test_the_lead_says_how_many_keep_pace(chapter: Shown, season: MadeSeason) -> None:
    text = read_text(chapter["lead"])
    assert text.startswith("Talent, standards, permits and public money stay open.")
    for what, indicator in (
        ("training people", "PAR-TRAINED"),
        ("the time that permits take", "POL-PERMITTING"),
    ):
        verdicts = count_verdicts(season, indicator)
        good = sum(verdicts[name] for name in KEEPING) or "none"
        assert f"On {what}, {good} of {verdicts.total()} judged clusters keep" in text


@pytest.mark.parametrize(
    ("cell", "indicator"), [("talent", "PAR-TRAINED"), ("permit-pace", "POL-PERMITTING")]
)
def test_verdicts_count_every_judged_cluster(
    cell: str, indicator: str, chapter: Shown, season: MadeSeason
) -> None:
    exhibit = chapter[cell]
    verdicts = count_verdicts(season, indicator)
    told = {name[2:].lower(): value for name, value in list_values(exhibit, 1).items()}
    assert told == verdicts
    assert exhibit.n == verdicts.total()


def test_talent_adds_up_people_and_targets(chapter: Shown, season: MadeSeason) -> None:
    text = read_text(chapter["tell-talent"])
    trained = sum(read_answers(season, "PAR-08").values())
    target = sum(read_answers(season, "PAR-08", "target").values())
    assert f"{trained:,.0f} people" in text
    assert f"the targets add up to {target:,.0f}" in text


@pytest.mark.parametrize(
    ("cell", "question"), [("standards", "PAR-09"), ("local-regulation", "POL-05")]
)
def test_levels_count_the_clusters_on_each(
    cell: str, question: str, chapter: Shown, season: MadeSeason
) -> None:
    counted = Counter(read_answers(season, question).values())
    assert list_counts(chapter[cell]) == [counted[level] for level in (4, 3, 2, 1, 0)]


def test_fields_of_standards_are_ranked(chapter: Shown) -> None:
    counts = list_counts(chapter["standard-fields"])
    assert counts == sorted(counts, reverse=True)
    assert sum(counts) == chapter["standard-fields"].n


def test_permits_are_told_by_their_medians(chapter: Shown, season: MadeSeason) -> None:
    text = read_text(chapter["tell-permitting"])
    told = float(text.split("The median permit takes ")[1].split()[0])
    assert told == pytest.approx(
        statistics.median(read_answers(season, "POL-01").values()), rel=0.06
    )


def test_public_money_is_what_is_committed_or_disbursed(chapter: Shown, season: MadeSeason) -> None:
    numbers = [r for r in chapter["tell-public-money"].paragraphs[0] if isinstance(r, Number)]
    values = [season.value(f"all.funding.{sector}-secured") for sector in ("public", "private")]
    assert [n.value for n in numbers] == pytest.approx(values)


def sum_money(season: MadeSeason, sector: str) -> dict[str, float]:
    """Money by instrument, of the rows that the clusters filled in, in the edition's currency."""
    answers = pd.concat([season.answers_of(c.id) for c in season.answered])
    cells = answers[answers["question"] == "FIN-T1"]
    texts = cells.pivot_table(
        index=["cluster", "row"], columns="field", values="text", aggfunc="first"
    )
    mine = texts[texts["sector"] == sector]
    sums: Counter[str] = Counter()
    for (cluster, row), instrument in mine["instrument"].items():
        sums[instrument] += season.value(f"{cluster}.FIN-T1.{row}.amount.standard") or 0.0
    names = {c.code: c.label for c in season.framework.choices["finance_instruments"]}
    return {names[code].partition(" (")[0].partition(" or ")[0]: n for code, n in sums.items()}


def test_money_stands_by_instrument_the_largest_public_one_first(
    chapter: Shown, season: MadeSeason
) -> None:
    exhibit = chapter["money-instruments"]
    for column, sector in ((1, "public"), (2, "private")):
        told = {name: value for name, value in list_values(exhibit, column).items() if value}
        assert told == pytest.approx(sum_money(season, sector))
    public = list_counts(exhibit)
    assert public == sorted(public, reverse=True)
    largest = public[0] / sum(public)
    assert exhibit.title.startswith("The largest part" if largest < 0.53 else "More than half")


def test_where_nobody_answered_the_chapter_says_so(
    run_notebook: RunNotebook, silent_season: MadeSeason
) -> None:
    shown = run_notebook(CHAPTER, silent_season)
    assert all(isinstance(s, Prose) for s in shown.values())
    assert read_text(shown["lead"]) == "Talent, standards, permits and public money stay open."
    assert read_text(shown["tell-public-money"]).startswith("No cluster reported")


def test_nothing_is_said_over_what_is_withheld(
    run_notebook: RunNotebook, private_season: MadeSeason
) -> None:
    shown = run_notebook(CHAPTER, private_season)
    for exhibit in shown.values():
        if isinstance(exhibit, Figure):
            kept = [r for r in exhibit.grid.rows if any(c.mark == "withheld" for c in r[1:])]
            assert bool(kept) == any("withheld" in note for note in exhibit.notes)
    if season_hides(private_season, "all.funding.public-secured"):
        assert "give a respondent away" in read_text(shown["tell-public-money"])


def season_hides(over: MadeSeason, address: str) -> bool:
    return over.text(address) == "withheld"
