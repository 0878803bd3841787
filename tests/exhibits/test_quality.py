"""Data quality counts what is in the tables, and prints nothing that was held back."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from annual_report.exhibits import quality, quality_findings
from annual_report.exhibits.model import Number, Table
from annual_report.exhibits.season import Season
from annual_report.measures.totals import WITHHELD
from annual_report.tables import ANSWERS, read_table


def test_every_register_entry_stands_in_the_response(season: Season) -> None:
    table = quality.show_response(season)
    assert [row[0] for row in table.grid.rows] == sorted(
        (c.name for c in season.edition.clusters), key=str.casefold
    )
    states = {row[0]: row[1] for row in table.grid.rows}
    assert states["Lakeland"] == "no return: no workbook came"
    assert states["Anvil Coast"] == "return read"


def test_the_lead_counts_the_returns_and_those_without(season: Season) -> None:
    text = "".join(run.text for run in quality.show_lead(season).paragraphs[0])
    assert text == "There is a return that could be read for 11 of 12 clusters. 1 has none."


def test_findings_are_counted_by_kind_and_by_return(
    season: Season, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        (code, severity, cluster.id)
        for cluster in season.edition.clusters
        for code, severity in [("missing-required", "warning")] * 2 * (cluster.id != "lakeland")
        + [("unit-unknown", "error")] * (cluster.id == "iron-quay")
    ]
    found = pd.DataFrame(rows, columns=["code", "severity", "cluster"])
    monkeypatch.setitem(vars(season), "findings", found)
    table = quality_findings.show_findings(season)
    assert isinstance(table, Table)
    first, second = table.grid.rows
    assert first[:2] == ("error", "Unknown unit")
    assert [c.value for c in second if isinstance(c, Number)] == [22, 11]
    assert table.title == "23 findings, 1 error among them"


def test_a_corrected_value_is_printed_as_the_edition_prints_numbers(
    season: Season, monkeypatch: pytest.MonkeyPatch
) -> None:
    correct = {"status": "corrected", "number": 5412.5, "reported": "5412500", "consent": "publish"}

    path = season.project.processed("now") / "answers" / "anvil-coast.parquet"
    first = read_table(path, ANSWERS).iloc[0].to_dict()
    record = {k: None if pd.isna(v) else v for k, v in first.items()} | correct
    monkeypatch.setattr(Season, "answers_where", lambda *_: [record])
    for locale, text in (("en", "5,412.5"), ("de", "5.412,5"), ("fr", "5\u202f412,5")):
        local = season.edition.model_copy(update={"locale": locale})
        table = quality_findings.show_corrections(replace(season, edition=local))
        assert isinstance(table, Table)
        (row,) = table.grid.rows
        assert isinstance(row[3], Number)
        assert (row[2], row[3].text) == ("5412500", text)


def test_withheld_totals_are_counted(season: Season) -> None:
    shown = quality_findings.show_withheld(season)
    expected = sum(m.text == WITHHELD for m in season.measures_of().values())
    if not expected:
        assert shown.kind == "prose"
        return
    assert isinstance(shown, Table)
    counts = [row[1].value or 0 for row in shown.grid.rows if isinstance(row[1], Number)]
    assert sum(counts) >= expected


def test_nothing_to_tell_is_told(silent_season: Season) -> None:
    assert quality_findings.show_findings(silent_season).kind == "prose"
    assert quality_findings.show_corrections(silent_season).kind == "prose"
    assert quality_findings.show_unconverted(silent_season).kind == "prose"
