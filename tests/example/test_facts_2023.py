"""The returns of 2023 hold the published facts, each with its source, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

import type_2023_returns as script
from annual_report.errors import EditionError
from annual_report.project import Project

TYPED = {"antwerp-bruges", "brightlands", "dkarbonation", "h2houston", "jababeka", "ohio", "teda"}


def test_the_script_writes_the_committed_returns(project: Project, tmp_path: Path) -> None:
    paths = script.type_returns(project, tmp_path)
    raw = project.raw("2023")
    assert {path.stem for path in paths} == {path.stem for path in raw.glob("*.xlsx")} == TYPED
    for path in paths:
        assert path.read_bytes() == (raw / path.name).read_bytes()


def test_only_clusters_with_a_fact_have_sent_anything(facts_2023) -> None:
    states = facts_2023.returns.set_index("cluster")["state"]
    assert set(states.index[states == "answered"]) == TYPED
    assert set(states.drop(list(TYPED))) == {"silent"}


def test_the_facts_are_read_back(facts_2023) -> None:
    answers = facts_2023.answers.set_index("id")
    numbers, texts = answers["number"], answers["text"]
    assert numbers["teda.TEC-01.value"] == 556
    assert numbers["teda.TEC-T1.1.delivered_abatement"] == 5000
    assert texts["teda.TEC-T1.1.lever"] == texts["teda.TEC-T1.2.lever"] == "electrification"
    assert numbers["jababeka.CLU-05.value"] == 1800
    assert texts["jababeka.TEC-T1.1.lever"] == texts["jababeka.TEC-T1.2.lever"] == "efficiency"
    assert (numbers["dkarbonation.CLU-08.value"], answers["unit"]["dkarbonation.CLU-08.value"]) == (
        16,
        "MtCO2e/y",
    )
    assert numbers["brightlands.FIN-T1.1.amount"] == 50e6
    assert answers["currency"]["brightlands.FIN-T1.1.amount"] == "EUR"
    assert texts["antwerp-bruges.TEC-T1.1.name"] == "Kairos@C"
    assert texts["antwerp-bruges.TEC-T1.2.stage"] == "announced"


def test_brightlands_is_converted_at_the_average_of_2023(facts_2023) -> None:
    amount = facts_2023.measures.set_index("id").loc["brightlands.FIN-T1.1.amount.standard"]
    assert amount["number"] == pytest.approx(50e6 * 1.0813, rel=1e-4)
    assert "1.0813" in amount["formula"]


def test_no_hydrogen_hub_money_is_given_to_a_cluster(facts_2023) -> None:
    funding = facts_2023.answers.query("question == 'FIN-T1' and status == 'reported'")
    assert set(funding["cluster"]) == {"brightlands"}


def test_every_typed_number_is_in_a_fact_or_follows_from_it() -> None:
    facts = script.read_facts(Path(script.__file__).parents[1] / "data/reference/facts-2023")
    for entry in script.ENTRIES:
        fact = facts[entry.cluster, entry.topic]
        told = f"{fact.words} {entry.because}".replace(",", "")
        for value in entry.cells.values():
            if isinstance(value, int) and not isinstance(value, bool):
                assert f"{value}" in told or f"{value // 1_000_000} EUR million" in told


def test_every_return_names_its_sources(facts_2023) -> None:
    comments = facts_2023.answers.query("question == 'STA-01' and field == 'comment'")
    by_cluster = comments.dropna(subset=["text"]).set_index("cluster")["text"]
    assert set(by_cluster.index) == TYPED
    assert by_cluster.str.contains("source: ").all()


def test_a_fact_without_an_entry_is_refused(project: Project) -> None:
    facts = script.read_facts(project.reference / "facts-2023")
    missing = dict(list(facts.items())[1:])
    with pytest.raises(EditionError, match="entry without a fact"):
        script._compare(missing)
