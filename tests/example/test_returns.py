"""The returns of the example are complete enough, and as untidy as real ones."""

from __future__ import annotations

from annual_report.project import Project

PILLARS = ("partnerships", "policy", "finance", "technology")


def test_every_cluster_of_the_register_has_sent_a_return(example, example_2022) -> None:
    assert len(example.returns) == 20
    assert len(example_2022.returns) == 18
    for edition in (example, example_2022):
        assert set(edition.returns["state"]) == {"answered"}


def test_the_newcomers_are_not_in_the_earlier_year(example, example_2022) -> None:
    new = set(example.returns["cluster"]) - set(example_2022.returns["cluster"])
    assert new == {"sinar", "vallon", "wattle"}


def test_one_cluster_left_and_had_given_its_gdp_for_totals_only(example, example_2022) -> None:
    assert set(example_2022.returns["cluster"]) - set(example.returns["cluster"]) == {"mareuse"}
    gdp = example_2022.answers.set_index("id").loc["mareuse.CLU-11.value"]
    assert (gdp["status"], gdp["consent"]) == ("reported", "aggregate only")


def test_emissions_get_every_verdict(example) -> None:
    shown = example.measures.query("code == 'TEC-EMISSIONS'")
    verdicts = set(shown.query("measure == 'verdict'")["text"])
    assert verdicts >= {
        "achieved", "on track", "off track", "well off track", "wrong direction", "missed",
    }  # fmt: skip
    unknown = shown.query("cluster == 'sinar' and measure == 'value'")
    assert unknown["number"].isna().all()


def test_most_clusters_have_a_score_in_every_pillar_and_some_have_not(example) -> None:
    scores = example.measures.query("measure == 'score'")
    assert len(scores) == 20 * len(PILLARS)
    without = scores[scores["number"].isna()]
    assert 2 <= len(without) <= 6
    assert without["text"].str.startswith("not enough answered").all()


def test_finance_trails_the_other_pillars(example) -> None:
    medians = example.measures.query("measure == 'score'").groupby("code")["number"].median()
    assert medians["finance"] == min(medians[pillar] for pillar in PILLARS)


def test_about_a_third_of_the_money_needed_is_secured(example) -> None:
    measures = example.measures.set_index("id")["number"]
    status = example.answers.query("question == 'FIN-T1' and field == 'status'")
    secured = status[status["text"].isin(["committed", "disbursed"])]["id"]
    amounts = secured.str.replace(".status", ".amount.standard", regex=False)
    needed = example.measures.query("code == 'FIN-01' and measure == 'value.standard'")["number"]
    assert 0.25 < measures[amounts].sum() / needed.sum() < 0.38


def test_the_ordinary_mess_becomes_findings(example) -> None:
    codes = set(example.findings["code"])
    assert codes >= {
        "answer-understood",
        "baseline-restated",
        "error-cell",
        "formula-without-value",
        "funding-of-unknown-project",
        "missing-required",
        "pipeline-above-potential",
        "scope-total",
        "sector-shares",
        "unit-unknown",
    }  # fmt: skip


def test_texts_that_are_certain_are_read_as_numbers(example) -> None:
    numbers = example.answers.set_index("id")["number"]
    assert numbers["haidong.CLU-10.value"] == 74
    assert numbers["langit.TEC-05.value"] == 12
    assert numbers["hoshizaki.CLU-08.value"] == 47_000


def test_answers_in_another_unit_or_currency_are_converted(example) -> None:
    standard = example.measures.set_index("id")["number"]
    assert standard["sagebrush.CLU-10.value.standard"] == 45
    assert standard["wattle.TEC-01.value.standard"] == 620
    assert standard["tidewater.TEC-03.value.standard"] == 0.12
    sinar = example.answers.set_index("id").loc["sinar.FIN-01.value"]
    assert sinar["currency"] == "USD"


def test_some_answers_may_only_be_used_in_totals_or_not_at_all(example) -> None:
    consents = example.answers.query("status == 'reported'").groupby("consent").size()
    assert set(consents.index) == {"publish", "aggregate only", "do not use"}
    assert consents["publish"] > 0.9 * consents.sum()


def test_a_quote_that_is_not_approved_says_so(example) -> None:
    approved = example.answers.query("question == 'HIG-T2' and field == 'approved'")["text"]
    assert set(approved) == {"yes", "no"}


def test_corrections_are_in_force(example) -> None:
    corrected = example.answers.query("status == 'corrected'").set_index("id")["number"]
    assert corrected.to_dict() == {
        "baiyun.TEC-01.value": 5400,
        "meridian.PAR-08.value": 5000,
        "iron-quay.TEC-04.value": 55,
    }


def test_moved_rows_and_a_renamed_sheet_lose_no_answer(example) -> None:
    finance = example.answers.query("cluster == 'three-rivers' and question == 'FIN-01'")
    assert finance.set_index("field")["status"]["value"] == "reported"
    assert set(finance["sheet"]) == {"Finance (final)"}


def test_workbooks_are_small(project: Project) -> None:
    sizes = [p.stat().st_size for p in project.raw("example").glob("*.xlsx")]
    assert max(sizes) < 100_000
