"""Data quality counts what is in the tables, and says nothing that was held back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from tests.made_season import (
    MadeSeason,
    Return,
    list_register,
    make_project,
    make_return,
    write_season,
)
from tests.notebooks.conftest import RunNotebook, Shown, read_text

import annual_report as ar
from annual_report.exhibits.model import Number, Prose, Table
from annual_report.framework import Framework
from annual_report.measures.gather import gather
from annual_report.measures.public import PUBLIC, PUBLIC_FINDINGS
from annual_report.project import ROOT_VARIABLE
from annual_report.tables import FINDINGS, MEASURES, read_table, write_table

CHAPTER = "report/90-data-quality.ipynb"
ANVIL, BRACKWATER, COSTA = "anvil-coast", "brackwater-firth", "costa-brisa"
CANARY = "a secret of the smelter"


@pytest.fixture(scope="module")
def faulty_season(tmp_path_factory: pytest.TempPathFactory, framework: Framework) -> MadeSeason:
    """Three clusters, each with something to settle; the second answers for totals only."""
    register = list_register(4)
    project = make_project(
        tmp_path_factory.mktemp("faulty"), {"before": register, "now": register}, locale="de"
    )
    before = [
        make_return(framework, edition="before", year=2022, cluster=cluster, seed=seed)
        for seed, cluster in enumerate((ANVIL, BRACKWATER, COSTA), start=20)
    ]
    now = [
        make_return(framework, edition="now", year=2023, cluster=cluster, seed=seed)
        for seed, cluster in enumerate((ANVIL, BRACKWATER, COSTA))
    ]
    for made, consent in zip(now, ("publish", "aggregate only", "publish"), strict=True):
        for record in made.records:
            record["consent"] = consent
    for made in now[:2]:
        correct(made, "TEC-01", number=5412.5, reported="5412500", note=f"{made.cluster}: {CANARY}")
    for record in now[2].records:
        if record["question"] == "FIN-T1" and record["row"] == 1:
            record["currency"] = "XAU"
    season = write_season(project, now, before)
    found = {
        ANVIL: [("unit-unknown", "error", "TEC-02"), ("missing-required", "warning", "TEC-01")],
        BRACKWATER: [("missing-required", "warning", "TEC-01")],
        COSTA: [("missing-required", "warning", "TEC-01")] * 2,
    }
    for cluster, rows in found.items():
        write_findings(season, cluster, rows)
    gather(project, "now")
    return season


def correct(made: Return, question: str, **change: Any) -> None:
    for record in made.records:
        if (record["question"], record["field"]) == (question, "value"):
            record |= {"status": "corrected", **change}


def write_findings(season: MadeSeason, cluster: str, rows: list[tuple[str, str, str]]) -> None:
    records = [
        dict.fromkeys([c.name for c in FINDINGS.columns])
        | {
            "id": f"{cluster}.{code}.{n}",
            "edition": "now",
            "cluster": cluster,
            "code": code,
            "severity": severity,
            "question": question,
            "field": "value",
            "workbook": f"{cluster}.xlsx",
            "found": f"{CANARY} of {cluster}",
            "message": f"{CANARY} of {cluster}",
            "action": "Ask.",
        }
        for n, (code, severity, question) in enumerate(rows)
    ]
    path = season.project.processed("now") / "findings" / f"{cluster}.parquet"
    frame = pd.DataFrame(records).astype({"row": "Int64"})
    write_table(frame[[c.name for c in FINDINGS.columns]], FINDINGS, path)


@pytest.fixture
def faulty(run_notebook: RunNotebook, faulty_season: MadeSeason) -> Shown:
    return run_notebook(CHAPTER, faulty_season)


def test_every_register_entry_stands_in_the_response(chapter: Shown, season: MadeSeason) -> None:
    rows = chapter["response"].grid.rows
    names = sorted((c.name for c in season.edition.clusters), key=str.casefold)
    assert [row[0] for row in rows] == names
    states = {row[0]: row[1] for row in rows}
    assert states["Lakeland"] == "no return: no workbook came"
    assert states["Anvil Coast"] == "return read"


def test_the_lead_counts_the_returns_and_those_without(chapter: Shown, faulty: Shown) -> None:
    text = read_text(chapter["lead"])
    assert text.startswith("11 of 12 clusters sent a return that could be read. 1 sent none.")
    text = read_text(faulty["lead"])
    assert "Checks raised 1 error and 4 warnings. 2 answers were corrected" in text


def test_findings_are_counted_by_kind_and_by_return(faulty: Shown) -> None:
    table = faulty["findings"]
    first, second = table.grid.rows
    assert first[:2] == ("error", "Unknown unit")
    assert second[0] == "warning"
    assert [c.value for c in second if isinstance(c, Number)] == [4, 3]
    assert table.title == "5 findings, 1 error among them"


def test_a_finding_has_words_only_where_every_answer_behind_it_is_public(
    faulty_season: MadeSeason, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ROOT_VARIABLE, str(faulty_season.project.root))
    found = ar.open_season("now").findings.set_index("cluster_id")["message"]
    assert set(found[BRACKWATER:BRACKWATER]) == {""}
    assert set(found.drop(BRACKWATER)) == {f"{CANARY} of {c}" for c in (ANVIL, COSTA)}


def test_a_cluster_reads_its_own_findings_and_no_others(
    faulty_season: MadeSeason, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ROOT_VARIABLE, str(faulty_season.project.root))
    assert set(ar.open_season("now", COSTA).findings["cluster_id"]) == {COSTA}
    folder = faulty_season.project.processed("now") / PUBLIC / "clusters"
    parts = [read_table(path, PUBLIC_FINDINGS) for path in folder.glob("*/findings.parquet")]
    assert sorted(map(len, parts)) == [0, 1, 2, 2]


def test_no_public_table_holds_what_was_given_for_totals_only(faulty_season: MadeSeason) -> None:
    public = faulty_season.project.processed("now") / PUBLIC
    for path in public.glob("*.parquet"):
        frame = pd.read_parquet(path)
        told = frame[frame["cluster"] == BRACKWATER] if "cluster" in frame else frame
        assert CANARY not in told.to_json()


def test_a_corrected_value_is_printed_as_the_edition_prints_numbers(faulty: Shown) -> None:
    mine, withheld = faulty["corrections"].grid.rows
    assert mine[:3] == ("Anvil Coast", "TEC-01", "5412500")
    assert (mine[3].text, mine[3].value) == ("5.412,5", 5412.5)
    assert CANARY in mine[4]
    assert withheld[:3] == ("Brackwater Firth", "TEC-01", "for totals only")
    assert (withheld[3].text, withheld[3].mark, withheld[4]) == ("", "withheld", "")


def test_changed_baselines_stand_side_by_side(faulty: Shown, faulty_season: MadeSeason) -> None:
    table = faulty["restated"]
    path = faulty_season.project.processed("now") / "previous" / "measures.parquet"
    former = read_table(path, MEASURES).set_index("id")["number"]
    names = {c.name: c.id for c in faulty_season.edition.clusters}
    assert {row[0] for row in table.grid.rows} == {"Anvil Coast", "Costa Brisa"}
    for row in table.grid.rows:
        key = f"{names[row[0]]}.{row[1].split()[0]}.baseline.standard"
        assert row[3].value == pytest.approx(former[key])
        assert row[4].value == pytest.approx(faulty_season.value(key))
    hidden = sum(
        f"{BRACKWATER}.{code}.baseline.standard" in former.index
        and f"{BRACKWATER}.{code}.baseline.standard" in faulty_season.measures
        for code, question in faulty_season.framework.questions.items()
        if question.baseline
    )
    assert f"{hidden} more not for publication" in table.source


def test_what_could_not_be_converted_is_listed_without_its_size(faulty: Shown) -> None:
    (row,) = faulty["unconverted"].grid.rows
    assert row[:2] == ("Costa Brisa", "FIN-T1, row 1, amount")
    assert "XAU" in row[2]


def test_withheld_totals_and_answers_are_counted(faulty: Shown, faulty_season: MadeSeason) -> None:
    rows = {row[0]: [c.value for c in row[1:]] for row in faulty["withheld"].grid.rows}
    answers = pd.concat([faulty_season.answers_of(c.id) for c in faulty_season.answered])
    private = (answers["consent"] == "aggregate only").sum()
    assert rows.pop("Answers that enter totals only") == [private, len(answers)]
    hidden = sum(
        m.text == "withheld" for m in faulty_season.measures.values() if m.cluster == "all"
    )
    assert sum(count for count, _ in rows.values()) == hidden


def test_of_very_many_clusters_those_with_most_to_settle_stand_first(
    run_notebook: RunNotebook, make_season: Callable[..., MadeSeason]
) -> None:
    large = make_season(64, answered=62)
    table = run_notebook(CHAPTER, large)["response"]
    assert len(table.grid.rows) == 30
    assert [row[1] for row in table.grid.rows[:3]] == ["no return: no workbook came"] * 2 + [
        "return read"
    ]
    assert (
        "Shown: the first 30 of 64; all are in the table Returns of the data annex." in table.notes
    )


def test_nothing_to_tell_is_told(run_notebook: RunNotebook, silent_season: MadeSeason) -> None:
    shown = run_notebook(CHAPTER, silent_season)
    assert isinstance(shown["response"], Table)
    for name in ("findings", "corrections", "restated", "unconverted", "withheld"):
        assert isinstance(shown[name], Prose)
    assert (
        read_text(shown["lead"]) == "0 of 3 clusters sent a return that could be read. 3 sent none."
    )
