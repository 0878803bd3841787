"""A profile says what its cluster agreed to show, in the words of the survey, and no more."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from tests.made_season import MadeSeason
from tests.notebooks.conftest import RunNotebook, Shown, list_values, read_text

from annual_report.exhibits.model import Figure, Number, Prose, Table
from annual_report.measures.gather import gather
from annual_report.measures.public import PUBLIC
from annual_report.project import Project
from annual_report.tables import ANSWERS, FINDINGS, MEASURES, read_table, write_table

PROFILE = "cluster/03-profile.ipynb"
CLUSTER, SILENT = "anvil-coast", "lakeland"

RunProfile = Callable[..., Shown]


@pytest.fixture(scope="module")
def run_profile(run_notebook: RunNotebook, season: MadeSeason) -> RunProfile:
    """Run the profile of one cluster of the season, or of another."""

    def run(cluster: str, over: MadeSeason = season) -> Shown:
        one = MadeSeason(over.project, over.edition, over.framework, cluster)
        return run_notebook(PROFILE, one)

    return run


def spell(shown: Shown) -> str:
    return json.dumps([e.model_dump(mode="json") for e in shown.values()], ensure_ascii=False)


def read_lines(prose: Prose) -> str:
    return "\n".join("".join(run.text for run in runs) for runs in prose.paragraphs)


Change = Callable[[Callable[[pd.DataFrame], Any]], MadeSeason]


@pytest.fixture
def changed(season: MadeSeason, tmp_path: Path) -> Change:
    """The season after one change to the answers of a cluster, in a copy of its folder."""

    def change(edit: Callable[[pd.DataFrame], Any]) -> MadeSeason:
        root = tmp_path / "changed"
        shutil.copytree(season.project.root, root, symlinks=True)
        project = Project(root)
        path = project.processed("now") / "answers" / f"{CLUSTER}.parquet"
        answers = read_table(path, ANSWERS)
        edit(answers)
        write_table(answers, ANSWERS, path)
        gather(project, "now")
        return MadeSeason(project, season.edition, season.framework)

    return change


@pytest.mark.parametrize("cluster", [CLUSTER, "grey-estuary", "kessel-port", SILENT])
def test_a_profile_names_no_other_cluster_and_no_cell_of_one(
    cluster: str, season: MadeSeason, run_profile: RunProfile
) -> None:
    text = spell(run_profile(cluster))
    for other in season.edition.clusters:
        if other.id != cluster:
            assert other.name not in text
            assert f"{other.id}." not in text


def test_a_silent_cluster_gets_its_name_and_one_honest_sentence(run_profile: RunProfile) -> None:
    shown = run_profile(SILENT)
    assert list(shown) == ["heading", "lead"]
    text = spell(shown)
    assert "Japan" in text
    assert "There is no return for this edition" in text
    assert "no workbook came" in text


def test_ids_are_the_clusters_own(run_profile: RunProfile) -> None:
    for cluster in (CLUSTER, "kessel-port"):
        ids = [e.id for e in run_profile(cluster).values() if getattr(e, "id", None)]
        assert len(ids) == len(set(ids))
        assert all(i == cluster or i.startswith(f"{cluster}-") for i in ids)


def test_the_scores_are_those_measured_and_the_band_is_the_peers(
    run_profile: RunProfile, season: MadeSeason
) -> None:
    figure = run_profile(CLUSTER)["scores"]
    assert isinstance(figure, Figure)
    for row, pillar in zip(figure.grid.rows, season.framework.pillars, strict=True):
        numbers = [cell.value for cell in row[1:] if isinstance(cell, Number)]
        expected = [season.value(f"{CLUSTER}.{pillar.code}.{p}") for p in ("score", "low", "high")]
        expected += [season.value(f"all.{pillar.code}.score.{p}") for p in ("q1", "median", "q3")]
        assert numbers == expected


def test_a_title_never_claims_more_than_the_intervals(
    run_profile: RunProfile, season: MadeSeason
) -> None:
    for cluster in (CLUSTER, "costa-brisa", "delta-forge"):
        title = run_profile(cluster)["scores"].title
        for pillar in season.framework.pillars:
            low = season.value(f"{cluster}.{pillar.code}.low")
            high = season.value(f"{cluster}.{pillar.code}.high")
            median = season.value(f"all.{pillar.code}.score.median")
            parted = None not in (low, high, median) and (low > median or high < median)  # type: ignore[operator]
            if not parted and "every pillar" not in title:
                assert pillar.title.lower() not in title.lower()


def test_emissions_carry_the_verdict_its_method_and_the_change_needed(
    run_profile: RunProfile, season: MadeSeason
) -> None:
    told = 0
    for cluster in (CLUSTER, "costa-brisa", "delta-forge", "kessel-port"):
        figure = run_profile(cluster).get("emissions")
        verdict = season.text(f"{cluster}.TEC-EMISSIONS.verdict")
        if figure is None or not verdict:
            continue
        assert f"{verdict} (linear method)" in figure.source.lower()
        assert figure.half
        if verdict not in ("achieved", "missed"):
            given = season.answers_of(cluster)
            numbers = given.query("question == 'CLU-08'").set_index("field")["number"]
            years = numbers["target_year"] - numbers["value_year"]
            needed = (numbers["target"] - numbers["value"]) / years
            sign = "−" if needed < 0 else ""
            assert f"needed from now on: {sign}{abs(needed):.2f} Mt CO₂e a year" in figure.source
            told += 1
    assert told


def test_facts_say_where_and_since_when_and_of_which_year(run_profile: RunProfile) -> None:
    country, *others = run_profile(CLUSTER)["facts"].tiles
    assert (country.number.text, country.label) == ("Norway", "member since 2021")
    assert any("emitted in 2023" in tile.label for tile in others)


def test_amounts_are_shown_as_reported_and_converted_at_the_rate_named(
    run_profile: RunProfile,
) -> None:
    converted = 0
    for row in run_profile(CLUSTER)["funding"].grid.rows:
        reported, rate, amount = row[4], row[5], row[7]
        if isinstance(rate, Number) and rate.value is not None:
            assert amount.value == pytest.approx(reported.value * rate.value)
            converted += 1
        else:
            assert amount.value == pytest.approx(reported.value)
            assert reported.text.startswith("USD")
    assert converted


def test_every_indicator_is_listed_with_value_share_and_verdict(
    run_profile: RunProfile, season: MadeSeason
) -> None:
    table = run_profile(CLUSTER)["indicators"]
    values, shares = list_values(table, 2), list_values(table, 4)
    for indicator in season.framework.indicators:
        stem, name = f"{CLUSTER}.{indicator.code}", indicator.name.replace("CO2", "CO₂")
        assert values.get(name) == season.value(f"{stem}.value")
        if indicator.scored:
            assert shares.get(name) == season.value(f"{stem}.share")
    known = sum(
        season.value(f"{CLUSTER}.{i.code}.value") is not None for i in season.framework.indicators
    )
    assert (
        table.title == f"{known} of {len(season.framework.indicators)} indicators can be computed"
    )


def test_only_approved_quotes_are_printed(run_profile: RunProfile, season: MadeSeason) -> None:
    for cluster in (CLUSTER, "costa-brisa", "kessel-port"):
        answers = season.answers_of(cluster)
        quotes = answers[answers["question"] == "HIG-T2"].set_index(["row", "field"])
        approved = {
            quotes.loc[(row, "text"), "text"]
            for row, field in quotes.index
            if field == "approved" and quotes.loc[(row, "approved"), "number"] == 1
        }
        shown = run_profile(cluster).get("quotes")
        assert {q.text for q in shown.quotes} == approved if shown else not approved


def test_what_is_for_totals_only_is_nowhere_in_the_profile(
    changed: Change, run_profile: RunProfile
) -> None:
    secrets: list[str] = []

    def hide(answers: pd.DataFrame) -> None:
        mine = answers["question"].isin(["TEC-T1", "FIN-T1", "HIG-T1", "HIG-T2"])
        answers.loc[mine, "consent"] = "aggregate only"
        texts = answers.loc[mine & answers["field"].isin(["name", "source", "title", "text"])]
        secrets.extend(texts["text"].dropna())

    text = spell(run_profile(CLUSTER, changed(hide)))
    assert secrets
    assert not [secret for secret in secrets if secret in text]
    assert "totals only" in text


def test_a_few_open_questions_are_named_and_many_are_counted(
    season: MadeSeason, changed: Change, run_profile: RunProfile
) -> None:
    def forget(answers: pd.DataFrame) -> None:
        technology = answers["question"].str.startswith("TEC-")
        gone = technology | (answers["question"] == "PAR-01")
        answers.loc[gone, "status"] = "missing"
        answers.loc[gone, ["number", "text"]] = None

    text = read_lines(run_profile(CLUSTER, changed(forget))["gaps"])
    assert "Nothing answered. Technology." in text
    governance = season.framework.questions["PAR-01"].text
    assert f"PAR-01 {governance}" in text


def test_corrections_tell_old_new_and_why(changed: Change, run_profile: RunProfile) -> None:
    def correct(answers: pd.DataFrame) -> None:
        mine = (answers["question"] == "CLU-10") & (answers["field"] == "value")
        answers.loc[mine, ["status", "note"]] = ["corrected", "a comma too many (desk, 2024-01-02)"]

    text = read_lines(run_profile(CLUSTER, changed(correct))["corrections"])
    assert text.startswith("1 answer was corrected:")
    assert "a comma too many" in text


@pytest.mark.parametrize("private", [False, True])
def test_the_words_of_a_query_are_told_only_of_public_answers(
    private: bool, changed: Change, run_profile: RunProfile
) -> None:
    def hide(answers: pd.DataFrame) -> None:
        if private:
            answers.loc[answers["question"] == "CLU-11", "consent"] = "aggregate only"

    over = changed(hide)
    finding = {
        **dict.fromkeys(column.name for column in FINDINGS.columns), "edition": "now",
        "id": f"{CLUSTER}.not-understood.1", "code": "not-understood", "severity": "error",
        "cluster": CLUSTER, "question": "CLU-11", "message": "It says 12 billions.",
        "action": "Ask.", "workbook": "ours.xlsx",
    }  # fmt: skip
    path = over.project.processed("now") / "findings" / f"{CLUSTER}.parquet"
    write_table(pd.DataFrame([finding]), FINDINGS, path)
    gather(over.project, "now")
    text = read_lines(run_profile(CLUSTER, over)["queries"])
    assert text.startswith("1 query is open:")
    assert ("CLU-11: It says 12 billions." in text) != private
    assert ("1 time: " in text) == private
    assert "ours.xlsx" not in text


def test_a_return_too_thin_for_a_score_is_told_answer_by_answer(
    changed: Change, run_profile: RunProfile
) -> None:
    kept = ("CLU-05", "CLU-08", "TEC-T1", "STA-01")

    def thin(answers: pd.DataFrame) -> None:
        gone = ~answers["question"].isin(kept)
        answers.loc[gone, "status"] = "missing"
        answers.loc[gone, ["number", "text"]] = None

    over = changed(thin)
    measures = over.project.processed("now") / "measures" / f"{CLUSTER}.parquet"
    frame = pd.read_parquet(measures)
    frame.loc[frame["measure"].isin(["score", "low", "high"]), "number"] = None
    write_table(frame, MEASURES, measures)
    gather(over.project, "now")
    shown = run_profile(CLUSTER, over)
    table = shown["known"]
    assert isinstance(table, Table)
    told = {str(row[0]).split()[0] for row in table.grid.rows}
    assert "CLU-05" in told
    assert not told & {"TEC-T1", "STA-01", "CLU-01"}
    assert "indicators" not in shown
    assert read_text(shown["lead"]).endswith("are answered.")


def test_a_profile_reads_the_tables_of_its_cluster_alone(
    season: MadeSeason, run_profile: RunProfile, tmp_path: Path
) -> None:
    cluster = "iron-quay"
    project, source = Project(tmp_path), season.project
    for folder in (source.root / "data").iterdir():
        if folder.name != "processed":
            target = tmp_path / "data" / folder.name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(folder.resolve(), target_is_directory=True)
    public = Path("now") / PUBLIC
    processed, kept = source.root / "data" / "processed", project.root / "data" / "processed"
    shutil.copytree(processed / public / "clusters" / cluster, kept / public / "clusters" / cluster)
    shutil.copy(processed / public / "peers.parquet", kept / public / "peers.parquet")
    alone = run_profile(cluster, MadeSeason(project, season.edition, season.framework))
    assert "scores" in alone
    assert spell(alone) == spell(run_profile(cluster))
