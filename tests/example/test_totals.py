"""The example adds up to its headlines, by the real code and by hand."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest

from annual_report.project import Project
from annual_report.survey.form.layout import defined_name


def test_potential_prints_as_626_over_all_clusters(example) -> None:
    values = example.values("HEAD-POTENTIAL")
    assert len(values) == 20
    assert f"{values.sum():.0f}" == "626"


def test_gdp_prints_as_362_over_all_clusters(example) -> None:
    values = example.values("HEAD-GDP")
    assert len(values) == 20
    assert f"{values.sum() / 1e9:.0f}" == "362"


def test_jobs_print_as_3_4_million_over_all_but_one(example) -> None:
    values = example.values("HEAD-JOBS")
    assert len(values) == 19
    assert "lakeland" not in values.index
    assert f"{values.sum() / 1e6:.1f}" == "3.4"


@pytest.mark.parametrize(
    ("code", "clusters", "percent"),
    [("HEAD-POTENTIAL", 17, 4), ("HEAD-GDP", 17, 2), ("HEAD-JOBS", 16, 1)],
)
def test_the_cohort_of_both_years_grew_a_little(
    example, example_2022, code: str, clusters: int, percent: int
) -> None:
    now, before = example.values(code), example_2022.values(code)
    both = now.index.intersection(before.index)
    assert len(both) == clusters
    assert round((now[both].sum() / before[both].sum() - 1) * 100) == percent


def _read_cells(path: Path, *codes: str) -> list[object]:
    book = openpyxl.load_workbook(path, data_only=True, read_only=True)
    names = [book.defined_names[defined_name(code, "value")] for code in codes]
    places = [next(iter(name.destinations)) for name in names]
    values = [book[sheet][cell.replace("$", "")].value for sheet, cell in places]
    book.close()
    return values


def test_gdp_is_the_sum_of_the_cells_at_the_rates_of_the_table(project: Project) -> None:
    with (project.reference / "exchange-rates.csv").open(encoding="utf-8") as file:
        euro = {(r["currency"], r["year"]): float(r["per_eur"]) for r in csv.DictReader(file)}
    euro["EUR", "2023"] = 1.0
    total = 0.0
    for path in sorted(project.raw("example").glob("*.xlsx")):
        amount, label = _read_cells(path, "CLU-11", "STA-03")
        assert isinstance(amount, int | float)
        currency = str(label).partition("(")[2].rstrip(")")
        total += amount / euro[currency, "2023"] * euro["USD", "2023"]
    assert f"{total / 1e9:.0f}" == "362"
