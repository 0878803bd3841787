"""A profile says what its cluster agreed to show, in the words of the survey, and no more."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from annual_report.exhibits import (
    indicators,
    profile,
    profile_emissions,
    profile_gaps,
    profile_highlights,
    profile_known,
    profile_scores,
    profile_tables,
)
from annual_report.exhibits.model import Exhibit, Figure, Number, Prose, Table, Tiles
from annual_report.exhibits.season import Season
from annual_report.measures.lineage import PREVIOUS
from annual_report.project import Project
from annual_report.tables import ANSWERS, FINDINGS, read_table, write_table

CLUSTER = "anvil-coast"
SILENT = "lakeland"
EVERYTHING: tuple[Callable[[Season, str], Exhibit | None], ...] = (
    profile.show_heading,
    profile.show_lead,
    profile.show_facts,
    profile_scores.show_scores,
    profile_emissions.show_emissions,
    profile_known.show_known,
    profile_known.show_notes,
    indicators.show_profile,
    profile_tables.show_projects,
    profile_tables.show_funding,
    profile_highlights.show_heading,
    profile_highlights.show_cases,
    profile_highlights.show_quotes,
    profile_gaps.show_heading,
    profile_gaps.show_gaps,
    profile_gaps.show_queries,
    profile_gaps.show_corrections,
)


def show_everything(season: Season, cluster: str) -> list[Exhibit]:
    return [shown for show in EVERYTHING if (shown := show(season, cluster)) is not None]


def spell(exhibits: list[Exhibit]) -> str:
    return json.dumps([e.model_dump(mode="json") for e in exhibits], ensure_ascii=False)


def read_text(prose: Prose | None) -> str:
    assert prose is not None
    return "\n".join("".join(run.text for run in runs) for runs in prose.paragraphs)


@pytest.fixture
def changed(season: Season, tmp_path: Path) -> Callable[[Callable[[pd.DataFrame], Any]], Season]:
    """The season after one change to the answers of a cluster, in a copy of its folder."""

    def change(edit: Callable[[pd.DataFrame], Any]) -> Season:
        root = tmp_path / "changed"
        shutil.copytree(season.project.root, root, symlinks=True)
        project = Project(root)
        path = project.processed("now") / "answers" / f"{CLUSTER}.parquet"
        answers = read_table(path, ANSWERS)
        edit(answers)
        write_table(answers, ANSWERS, path)
        return Season(project, season.edition, season.framework)

    return change


def test_every_cluster_of_the_register_has_a_profile(season: Season) -> None:
    for cluster in season.edition.clusters:
        first, *_ = show_everything(season, cluster.id)
        assert first.kind == "heading"


def test_a_silent_cluster_gets_its_name_and_one_honest_sentence(season: Season) -> None:
    shown = show_everything(season, SILENT)
    assert [e.kind for e in shown] == ["heading", "prose"]
    text = spell(shown)
    assert "Japan" in text
    assert "There is no return for this edition" in text
    assert "no workbook came" in text


def test_ids_are_unique_within_the_report(season: Season) -> None:
    ids = [
        exhibit.id  # type: ignore[union-attr]
        for cluster in season.edition.clusters
        for exhibit in show_everything(season, cluster.id)
        if exhibit.kind in ("heading", "table", "figure", "tiles")
    ]
    assert len(ids) == len(set(ids))


def test_the_scores_are_those_measured_and_the_band_is_the_peers(season: Season) -> None:
    figure = profile_scores.show_scores(season, CLUSTER)
    assert isinstance(figure, Figure)
    for row, pillar in zip(figure.grid.rows, season.framework.pillars, strict=True):
        numbers = [cell.value for cell in row[1:] if isinstance(cell, Number)]
        expected = [season.value(f"{CLUSTER}.{pillar.code}.{p}") for p in ("score", "low", "high")]
        expected += [season.value(f"all.{pillar.code}.score.{p}") for p in ("q1", "median", "q3")]
        assert numbers == expected


def test_a_profile_names_no_other_cluster_and_no_cell_of_one(season: Season) -> None:
    for cluster in season.edition.clusters:
        text = spell(show_everything(season, cluster.id))
        for other in season.edition.clusters:
            if other.id != cluster.id:
                assert other.name not in text
                assert f"{other.id}." not in text


def test_no_band_below_the_number_that_a_quartile_needs(season: Season) -> None:
    found = season.find("all.policy.score.median")
    assert found is not None
    few = (found.n or 0) < season.edition.rules.minimum_for_quartiles
    figure = profile_scores.show_scores(season, CLUSTER)
    assert isinstance(figure, Figure)
    quartile = figure.grid.rows[1][4]
    assert isinstance(quartile, Number)
    assert (quartile.mark == "missing") == few


def test_a_title_never_claims_more_than_the_intervals(season: Season) -> None:
    for cluster in season.answered:
        figure = profile_scores.show_scores(season, cluster.id)
        assert figure is not None
        for pillar in season.framework.pillars:
            low = season.value(f"{cluster.id}.{pillar.code}.low")
            high = season.value(f"{cluster.id}.{pillar.code}.high")
            median = season.value(f"all.{pillar.code}.score.median")
            parted = None not in (low, high, median) and (low > median or high < median)  # type: ignore[operator]
            if not parted and "every pillar" not in figure.title:
                assert pillar.title.lower() not in figure.title.lower()


def test_emissions_carry_the_verdict_and_its_method(season: Season) -> None:
    figure = profile_emissions.show_emissions(season, CLUSTER)
    assert isinstance(figure, Figure)
    verdict = season.find(f"{CLUSTER}.TEC-EMISSIONS.verdict")
    assert verdict is not None
    assert f"{verdict.text} (linear method" in figure.source
    assert figure.half


def test_emissions_print_the_change_a_year_that_is_needed(season: Season) -> None:
    needed = {
        c.id: number.text
        for c in season.answered
        if (number := profile_emissions.read_pace(season, c.id)[0]).value is not None
    }
    assert needed
    for cluster, text in needed.items():
        figure = profile_emissions.show_emissions(season, cluster)
        assert isinstance(figure, Figure)
        assert f"needed from now on: {text} Mt CO₂e a year" in figure.source
        assert f"Change needed a year: {text}." in figure.alt
        assert any(isinstance(row[2], Number) and row[2].text == text for row in figure.grid.rows)


def test_facts_count_companies_and_name_the_basis(season: Season) -> None:
    tiles = profile.show_facts(season, CLUSTER)
    assert isinstance(tiles, Tiles)
    country, *others = tiles.tiles
    assert (country.number.text, country.label) == ("Norway", "member since 2021")
    assert any("emitted in 2023" in tile.label for tile in others)


def test_amounts_are_shown_as_reported_and_converted_at_the_rate_named(season: Season) -> None:
    table = profile_tables.show_funding(season, CLUSTER)
    assert isinstance(table, Table)
    columns = {column.name: place for place, column in enumerate(table.grid.columns)}
    converted = 0
    for row in table.grid.rows:
        reported, amount = row[columns["reported"]], row[columns["amount"]]
        rate = row[columns["rate"]] if "rate" in columns else ""
        assert isinstance(reported, Number)
        assert isinstance(amount, Number)
        assert reported.value is not None
        if isinstance(rate, Number):
            assert rate.value is not None
            assert amount.value == pytest.approx(reported.value * rate.value)
            converted += 1
        else:
            assert amount.value == pytest.approx(reported.value)
    assert converted


def test_only_approved_quotes_are_printed(season: Season) -> None:
    for cluster in season.answered:
        answers = season.answers_of(cluster.id)
        quotes = answers[answers["question"] == "HIG-T2"].set_index(["row", "field"])
        approved = {
            quotes.loc[(row, "text"), "text"]
            for row, field in quotes.index
            if field == "approved" and quotes.loc[(row, "approved"), "number"] == 1
        }
        shown = profile_highlights.show_quotes(season, cluster.id)
        assert {q.text for q in shown.quotes} == approved if shown else not approved


def test_what_is_for_totals_only_is_nowhere_in_the_profile(
    changed: Callable[..., Season],
) -> None:
    secrets: list[str] = []

    def hide(answers: pd.DataFrame) -> None:
        mine = answers["question"].isin(["TEC-T1", "FIN-T1", "HIG-T1", "HIG-T2"])
        answers.loc[mine, "consent"] = "aggregate only"
        texts = answers.loc[mine & answers["field"].isin(["name", "source", "title", "text"])]
        secrets.extend(texts["text"].dropna())

    text = spell(show_everything(changed(hide), CLUSTER))
    assert secrets
    assert not [secret for secret in secrets if secret in text]
    assert "totals only" in text


def test_a_few_open_questions_are_named_and_many_are_counted(
    season: Season, changed: Callable[..., Season]
) -> None:
    def forget(answers: pd.DataFrame) -> None:
        technology = answers["question"].str.startswith("TEC-")
        answers.loc[technology | (answers["question"] == "PAR-01"), "status"] = "missing"

    text = read_text(profile_gaps.show_gaps(changed(forget), CLUSTER))
    assert "Nothing answered. Technology." in text
    governance = season.framework.questions["PAR-01"].text
    assert f"PAR-01 {governance}" in text


def test_corrections_tell_old_new_and_why(changed: Callable[..., Season]) -> None:
    def correct(answers: pd.DataFrame) -> None:
        mine = (answers["question"] == "CLU-10") & (answers["field"] == "value")
        answers.loc[mine, ["status", "note"]] = ["corrected", "a comma too many (desk, 2024-01-02)"]

    text = read_text(profile_gaps.show_corrections(changed(correct), CLUSTER))
    assert text.startswith("1 answer was corrected:")
    assert "a comma too many" in text


@pytest.mark.parametrize(
    ("code", "question", "private"),
    [
        ("not-understood", "CLU-11", "CLU-11"),
        ("scope-total", "CLU-08", "CLU-06"),  # a part that is private, told at the whole
        ("far-from-last-year", "CLU-10", "before CLU-10"),
        ("file-damaged", None, None),  # of a whole file there is nobody to ask
    ],
)
def test_the_words_of_a_finding_are_told_only_of_public_answers(
    changed: Callable[..., Season], code: str, question: str | None, private: str | None
) -> None:
    season = changed(lambda _: None)
    folder = season.project.processed("now")
    finding = {
        **dict.fromkeys(column.name for column in FINDINGS.columns), "edition": "now",
        "id": f"{CLUSTER}.{code}.1", "code": code, "severity": "error", "cluster": CLUSTER,
        "question": question, "message": "It says 12 billions.", "action": "Ask.",
        "workbook": "ours.xlsx",
    }  # fmt: skip
    write_table(pd.DataFrame([finding]), FINDINGS, folder / "findings" / f"{CLUSTER}.parquet")
    if question is not None:
        text = read_text(profile_gaps.show_queries(season, CLUSTER))
        assert f"{question}: It says 12 billions." in text
    if private is not None:
        before, _, name = private.rpartition(" ")
        path = folder / (f"{PREVIOUS}/answers.parquet" if before else f"answers/{CLUSTER}.parquet")
        answers = read_table(path, ANSWERS)
        is_private = (answers["cluster"] == CLUSTER) & (answers["question"] == name)
        assert is_private.any()
        answers.loc[is_private, "consent"] = "do not use"
        write_table(answers, ANSWERS, path)
    season = Season(season.project, season.edition, season.framework)
    text = read_text(profile_gaps.show_queries(season, CLUSTER))
    assert "1 query is open" in text
    assert "Once: " in text
    assert "12 billions" not in text
    assert question is None or question not in text
    assert "ours.xlsx" not in str(season.findings_of(CLUSTER).to_dict())


def test_a_return_too_thin_for_a_score_is_told_answer_by_answer(
    season: Season, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(profile_known, "is_sparse", lambda *_: True)
    table = profile_known.show_known(season, CLUSTER)
    assert isinstance(table, Table)
    told = {str(row[0]).split()[0] for row in table.grid.rows}
    assert "CLU-05" in told
    assert not told & {"TEC-T1", "STA-01", "CLU-01"}
