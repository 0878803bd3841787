"""The summary against plain sums, counts and medians; what others published as what it is."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from tests.made_season import MadeSeason
from tests.notebooks.conftest import (
    RunNotebook,
    Shown,
    read_answers,
    read_text,
    run_cells,
)

from annual_report.exhibits.model import Number, Prose, Table
from annual_report.measures.lineage import PREVIOUS
from annual_report.project import ROOT_VARIABLE
from annual_report.season.symbols import VERDICT_SYMBOLS
from annual_report.tables import MEASURES, read_table

CHAPTER = "report/10-summary.ipynb"
PILLARS = ("partnerships", "policy", "finance", "technology")


def read_lines(prose: Prose) -> list[str]:
    return ["".join(run.text for run in runs) for runs in prose.paragraphs]


def read_former(season: MadeSeason) -> dict[str, float]:
    """The numbers of the edition before, by id, from the table itself."""
    path = season.project.processed("now") / PREVIOUS / "measures.parquet"
    table = read_table(path, MEASURES, columns=["id", "number"]).dropna()
    return dict(zip(table["id"], table["number"], strict=True))


def test_the_lead_counts_the_returns_and_names_the_lowest_pillar(
    chapter: Shown, season: MadeSeason
) -> None:
    text = read_text(chapter["lead"])
    assert text.startswith("There is a return for 11 of 12 clusters in 9 countries.")
    medians = {p: statistics.median(list_scores(season, p)) for p in PILLARS}
    lowest = min(medians, key=lambda p: medians[p])
    assert f"{lowest.capitalize()} has the lowest median score, {medians[lowest]:.0f}" in text


def list_scores(season: MadeSeason, pillar: str) -> list[float]:
    values = (season.value(f"{c.id}.{pillar}.score") for c in season.answered)
    return [value for value in values if value is not None]


def test_a_tile_says_how_many_answered_and_of_which_year(
    chapter: Shown, season: MadeSeason
) -> None:
    tile = chapter["tiles"].tiles[0]
    given = read_answers(season, "CLU-10")
    assert tile.number.value == pytest.approx(sum(given.values()))
    assert tile.basis == f"{len(given)} of 12 clusters, {season.edition.year}"
    assert "clusters public in both years" in tile.change
    assert chapter["tiles"].tiles[1].label == "contribution to GDP"


def test_the_change_of_a_headline_is_that_of_the_constant_cohort(
    chapter: Shown, season: MadeSeason
) -> None:
    now, former = read_answers(season, "CLU-10"), read_former(season)
    ids = {c.name: c.id for c in season.edition.clusters}
    before = {n: former.get(f"{ids[n]}.CLU-10.value.standard") for n in now}
    both = {name: was for name, was in before.items() if was is not None}
    change = 100 * (sum(now[name] for name in both) / sum(both.values()) - 1)
    line = next(t for t in read_lines(chapter["moves"]) if t.startswith("Reduction potential"))
    assert f"{abs(change):.0f} %" in line
    assert ("rose" in line) == (change > 0)
    assert f"over the {len(both)} clusters" in line


def test_joiners_are_counted_and_named_and_leavers_as_well(
    chapter: Shown, season: MadeSeason
) -> None:
    joined = [c.name for c in season.edition.clusters if c.joined == season.edition.year]
    first = read_lines(chapter["moves"])[0]
    assert first.startswith(f"{len(joined)} cluster")
    assert all(name in first for name in joined)
    assert not any(" left: " in line for line in read_lines(chapter["moves"]))


def test_levels_are_counted_over_clusters_with_both_years(
    chapter: Shown, season: MadeSeason
) -> None:
    former, now = read_former(season), read_answers(season, "PAR-01")
    ids = {c.name: c.id for c in season.edition.clusters}
    steps = [
        level - former[key]
        for name, level in now.items()
        if (key := f"{ids[name]}.PAR-01.value.standard") in former
    ]
    up = sum(step > 0 for step in steps)
    down = sum(step < 0 for step in steps)
    line = next(t for t in read_lines(chapter["moves"]) if t.startswith("Governance"))
    assert f": {up or 'none'} of {len(steps)} clusters moved up" in line
    assert f"{down or 'none'} moved down" in line


def test_scores_differ_only_where_intervals_part(chapter: Shown, season: MadeSeason) -> None:
    former, told = read_former(season), " ".join(read_lines(chapter["moves"]))
    for pillar in season.framework.pillars:
        ends = [
            (season.value(f"{c.id}.{pillar.code}.low"), former.get(f"{c.id}.{pillar.code}.high"))
            for c in season.edition.clusters
        ]
        risen = sum(low > high for low, high in ends if low is not None and high is not None)
        if risen:
            assert f"{pillar.title}: {risen} of" in told


def test_the_table_prints_each_score_to_the_point_and_the_median(
    chapter: Shown, season: MadeSeason
) -> None:
    table = chapter["glance-table"]
    *rows, median = table.grid.rows
    ids = {c.name: c.id for c in season.edition.clusters}
    for column, pillar in enumerate(PILLARS, start=1):
        for row in rows:
            score = season.value(f"{ids[row[0]]}.{pillar}.score")
            assert row[column].text == ("too few" if score is None else f"{score:.0f}")
        assert median[column].value == statistics.median(list_scores(season, pillar))
    words = {row[-1].text for row in rows if row[-1].text}
    assert words <= {f"{symbol} {verdict}" for verdict, symbol in VERDICT_SYMBOLS.items()}


def test_clusters_stand_in_alphabetical_order_and_gaps_in_words(
    chapter: Shown, season: MadeSeason
) -> None:
    figure = chapter["glance"]
    *names, median = [row[0] for row in figure.grid.rows]
    assert median == "Median"
    assert names == sorted(names, key=str.casefold)
    missing = sum(
        season.value(f"{c.id}.{p}.score") is None for c in season.answered for p in PILLARS
    )
    assert missing
    assert figure.svg.count(">too few<") == missing


def test_each_cluster_with_a_public_position_is_on_the_map_and_the_others_are_named(
    chapter: Shown, season: MadeSeason
) -> None:
    figure = chapter["map"]
    placed = read_answers(season, "CLU-02").keys() & read_answers(season, "CLU-03").keys()
    assert {row[0] for row in figure.grid.rows} == placed
    assert figure.svg.count("<use ") == len(placed) + 2  # and the key
    for cluster in season.edition.clusters:
        assert cluster.name in placed or cluster.name in figure.notes[0]


def test_the_register_lists_everyone_in_order_joiners_with_a_diamond(
    chapter: Shown, season: MadeSeason
) -> None:
    rows = chapter["register"].grid.rows
    told = [(c.name, c.joined) for c in season.edition.clusters]
    expected = [
        (name + (" ◆" if year == season.edition.year else ""), str(year))
        for name, year in sorted(told, key=lambda entry: entry[0].casefold())
    ]
    assert [(row[0], row[2]) for row in rows] == expected
    assert {row[3] for row in rows} == {"return read", "no return"}


def test_more_clusters_than_a_page_has_rows_are_counted(
    run_notebook: RunNotebook, large_season: MadeSeason
) -> None:
    large = large_season
    shown = run_notebook(CHAPTER, large)
    assert "Anvil Coast" not in shown["glance"].svg
    spread = shown["glance-spread"]
    assert isinstance(spread, Table)
    assert "glance-table" not in shown
    for row, pillar in zip(spread.grid.rows, PILLARS, strict=True):
        scores = list_scores(large, pillar)
        low, high = row[2].value, row[-1].value
        assert (row[1].value, low, high) == (len(scores), min(scores), max(scores))
        first, middle, third = statistics.quantiles(scores, method="inclusive")
        told = [row[place].value for place in (3, 4, 5)]
        assert told == pytest.approx([first, middle, third])
    counted = {row[0]: row[1].value for row in shown["register"].grid.rows}
    assert sum(counted.values()) == 64


def test_without_any_score_the_glance_steps_aside(
    run_notebook: RunNotebook, silent_season: MadeSeason
) -> None:
    shown = run_notebook(CHAPTER, silent_season)
    assert "Too few questions are answered" in read_text(shown["lead"])
    assert shown["glance"].role == shown["moves"].role == "absence"
    assert not {"glance-table", "published", "context", "register-notes"} & shown.keys()


def test_what_others_published_stands_beside_the_returns(
    root: Path, make_season: Callable[..., MadeSeason], monkeypatch: pytest.MonkeyPatch
) -> None:
    over = make_season(3, answered=0)
    path = over.project.root / "data" / "editions" / "now.yaml"
    settings = yaml.safe_load(path.read_text(encoding="utf-8"))
    rest = {"definition": "As others count it.", "source": "a newspaper"}
    settings["published_totals"] = [
        {"code": "HEAD-CLUSTERS", "label": "Clusters", "number": 20, "unit": "clusters", **rest},
        {"code": "HEAD-JOBS", "label": "Jobs", "number": 3.4, "unit": "million", **rest},
    ]
    settings["context"] = [
        {"pillar": "policy", "text": "A {law} is in force.", "source": "the law"}
    ]
    settings["register_notes"] = ["Two are not named."]
    path.write_text(yaml.safe_dump(settings), encoding="utf-8")
    monkeypatch.setenv(ROOT_VARIABLE, str(over.project.root))
    shown = run_cells(root / "notebooks" / CHAPTER, over)
    clusters, jobs = shown["published"].grid.rows
    assert [c.text for c in clusters[1:3]] == ["20", "3"]
    assert isinstance(jobs[1], Number)
    assert (jobs[1].text, jobs[2].mark, jobs[-1]) == ("3.4", "missing", "a newspaper")
    tile = shown["tiles"].tiles[0]
    assert (tile.number.text, tile.unit, tile.number.id) == ("3.4", "million", None)
    assert tile.change == "as published elsewhere; 0 of 3 clusters gave it"
    assert read_lines(shown["context"]) == ["A {law} is in force. (the law)"]
    assert read_lines(shown["register-notes"]) == ["Two are not named."]
