from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from annual_report.measures.public import PUBLIC, PUBLIC_RETURNS, write_public
from annual_report.project import Project
from annual_report.publishing import annex_workbook
from annual_report.publishing.annex import publish_annex
from annual_report.tables import write_table

RATES = "currency,year,per_eur,source\nUSD,2022,1.05,ECB\nNOK,2022,10.1,ECB\nSEK,2022,10.6,ECB\n"
SECRET = 987654.25


def make_measure(cluster: str, code: str, number: float | None, **changes: Any) -> dict[str, Any]:
    return {
        "id": f"{cluster}.{code}.score", "edition": "example", "cluster": cluster, "code": code,
        "measure": "score", "pillar": code, "number": number, "text": None, "unit": "points",
        "year": 2023, "n": 3, "of": 4, "method": "mean", "formula": f"mean = {number}",
        "inputs": [], "consent": "publish", "flag": None, "note": None, **changes,
    }  # fmt: skip


def make_answer(question: str, **changes: Any) -> dict[str, Any]:
    return {
        "id": f"anvil-coast.{question}.value", "edition": "example", "cluster": "anvil-coast",
        "question": question, "row": 0, "field": "value", "kind": "number", "number": None,
        "text": None, "unit": "Mt", "currency": None, "basis": None, "consent": "publish",
        "status": "reported", "flag": None, "reported": None, "note": None, "workbook": "a.xlsx",
        "sheet": "Finance", "cell": "F12", "sha256": "0" * 64, **changes,
    }  # fmt: skip


def make_return(cluster: str, state: str) -> dict[str, Any]:
    return {
        "edition": "example", "cluster": cluster, "state": state, "reason": None,
        "workbook": None, "sha256": None, "signed": None, "asked": 45, "answered": 40,
        "errors": 0, "warnings": 0,
    }  # fmt: skip


@pytest.fixture
def annex(make_project: Callable[..., Project]) -> Path:
    project = make_project()
    folder = project.processed("example") / PUBLIC
    project.reference.mkdir(parents=True)
    (project.reference / "exchange-rates.csv").write_text(RATES)
    secret = {"consent": "aggregate only", "formula": f"= {SECRET}"}
    measures = [
        make_measure("all", "HEAD", 626.0, inputs=["rate.USD.2022", "rate.NOK.2022"]),
        make_measure("all", "FEW", None, text="withheld", consent="aggregate only", n=None),
        make_measure("anvil-coast", "finance", SECRET, **secret),
        make_measure("norrhavn-estuary", "finance", 52.0),
        make_measure("norrhavn-estuary", "policy", None),
    ]
    answers = [
        make_answer("A", number=1.5),
        make_answer("B", text="=cmd|' /C calc'!A0\x01"),
        make_answer("C", number=SECRET, consent="aggregate only"),
        make_answer("D", status="missing"),
        make_answer("E", status="not applicable"),
    ]
    names = {"anvil-coast": "Anvil Coast", "norrhavn-estuary": "Norrhavn Estuary"}
    write_public(pd.DataFrame(answers), pd.DataFrame(measures), names, folder)
    returns = pd.DataFrame(
        [make_return("anvil-coast", "answered"), make_return("silent-bay", "silent")]
    )
    names_of_columns = [column.name for column in PUBLIC_RETURNS.columns]
    write_table(returns[names_of_columns], PUBLIC_RETURNS, folder / "returns.parquet")
    return publish_annex(project, "example")


def read_csv(annex: Path, name: str) -> dict[str, dict[str, str]]:
    text = (annex.parent / "datapackage" / f"{name}.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    key = "id" if "id" in rows[0] else "cluster"
    return {row[key]: row for row in rows}


def read_sheet(annex: Path, name: str) -> list[tuple[Any, ...]]:
    sheet = openpyxl.load_workbook(annex)[name]
    return [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=6)]


def test_no_withheld_value_is_anywhere(annex: Path) -> None:
    book = openpyxl.load_workbook(annex)
    cells = {c.value for sheet in book for row in sheet.iter_rows() for c in row}
    assert not {c for c in cells if c == SECRET or str(SECRET) in str(c)}
    for path in (annex.parent / "datapackage").rglob("*.*"):
        if path.suffix == ".parquet":
            assert str(SECRET) not in pd.read_parquet(path).to_csv()
        else:
            assert str(SECRET) not in path.read_text(encoding="utf-8")


def test_withheld_missing_and_not_applicable_are_different_marks(annex: Path) -> None:
    scores = {row[0]: row for row in read_sheet(annex, "Scores")}
    assert scores["anvil-coast"][5] == "[c]"
    assert scores["norrhavn-estuary"][4:6] == ("[x]", 52)
    answers = {row[0]: row[5] for row in read_sheet(annex, "Answers")}
    assert answers["anvil-coast.D.value"] == "[x]"
    assert answers["anvil-coast.E.value"] == "[z]"
    marks = {key: row["number_mark"] for key, row in read_csv(annex, "answers").items()}
    assert marks["anvil-coast.A.value"] == ""
    assert marks["anvil-coast.D.value"] == "missing"
    assert marks["anvil-coast.E.value"] == "not applicable"
    assert read_csv(annex, "totals")["all.FEW.score"]["number_mark"] == "withheld"


def test_counts_are_whole_numbers(annex: Path) -> None:
    assert read_csv(annex, "totals")["all.HEAD.score"]["n"] == "3"


def test_only_answers_with_consent_are_listed(annex: Path) -> None:
    assert "anvil-coast.C.value" not in read_csv(annex, "answers")


def test_a_text_is_never_a_formula(annex: Path) -> None:
    book = openpyxl.load_workbook(annex)
    assert all(
        c.data_type != "f" for sheet in book for row in sheet.iter_rows() for c in row
    )  # fmt: skip
    (text,) = [row[6] for row in read_sheet(annex, "Answers") if row[0] == "anvil-coast.B.value"]
    assert text == "=cmd|' /C calc'!A0␁"
    assert read_csv(annex, "answers")["anvil-coast.B.value"]["text"].startswith("'=cmd")


def test_the_rates_that_were_used_are_there_and_no_others(annex: Path) -> None:
    assert [row[:5] for row in read_sheet(annex, "Exchange rates")] == [
        ("rate.NOK.2022", "NOK", "EUR", 2022, 10.1),
        ("rate.NOK-USD.2022", "USD", "NOK", 2022, pytest.approx(1.05 / 10.1)),
        ("rate.USD.2022", "USD", "EUR", 2022, 1.05),
    ]


def test_each_sheet_has_one_table_with_title_unit_and_source(annex: Path) -> None:
    book = openpyxl.load_workbook(annex)
    assert book.sheetnames[:3] == ["Cover", "Contents", "Notes"]
    assert book.properties.title == "Annual report 2023: data annex"
    for sheet in book.worksheets[3:]:
        assert len(sheet.tables) == 1
        assert all(sheet.cell(row, 1).value for row in (1, 2, 3))
        assert str(sheet.cell(3, 1).value).startswith("Source: ")
        assert sheet.freeze_panes == "B6"
        (table,) = sheet.tables.values()
        assert [c.name for c in table.tableColumns] == [c.value for c in sheet[5]]


def test_the_contents_lead_to_every_sheet(annex: Path) -> None:
    book = openpyxl.load_workbook(annex)
    links = [row[0].hyperlink.location for row in book["Contents"].iter_rows(min_row=4)]
    assert links == [f"'{name}'!A1" for name in book.sheetnames[2:]]


def test_the_package_describes_each_file_truly(annex: Path) -> None:
    folder = annex.parent / "datapackage"
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    files = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert {r["path"] for r in descriptor["resources"]} == files - {"datapackage.json"}
    for resource in descriptor["resources"]:
        content = (folder / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        if "schema" not in resource:
            assert resource["path"].startswith("data/")
            continue
        frame = pd.read_csv(io.BytesIO(content), keep_default_na=False, na_values=[""])
        assert list(frame.columns) == [f["name"] for f in resource["schema"]["fields"]]
        assert not frame.duplicated(resource["schema"]["primaryKey"]).any()
        for field in resource["schema"]["fields"]:
            if field["type"] in ("number", "integer"):
                pd.to_numeric(frame[field["name"]])


def test_the_same_tables_give_the_same_bytes(annex: Path) -> None:
    before = {p: p.read_bytes() for p in annex.parent.rglob("*") if p.is_file()}
    publish_annex(Project(annex.parents[2]), "example")
    assert {p: p.read_bytes() for p in annex.parent.rglob("*") if p.is_file()} == before


def test_a_table_too_long_for_a_sheet_is_in_the_data_package(
    annex: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(annex_workbook, "LONGEST_SHEET", 2)
    path = publish_annex(Project(annex.parents[2]), "example")
    sheet = openpyxl.load_workbook(path)["Answers"]
    words = " ".join(str(c.value) for row in sheet.iter_rows() for c in row if c.value)
    rows = (path.parent / "datapackage" / "answers.csv").read_text().splitlines()[1:]
    assert f"{len(rows)} rows are too many for a sheet" in words
    assert "datapackage/answers.csv" in words
    assert not sheet.tables
