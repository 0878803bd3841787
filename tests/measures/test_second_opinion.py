"""Pillar scores of the example edition, computed a second time in plain Python.

Nothing of `annual_report.measures` is used here: the framework's YAML, the table of rates and the
answers are read as they are, and the formulas of the methodology are written down again.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from annual_report.measures.indicators.cluster import compute_measures, read_context
from annual_report.project import Project
from annual_report.survey.collecting.cluster import ingest_return
from annual_report.survey.collecting.filing import identify_returns
from annual_report.tables import list_records

EDITION = "example"
TONNES = {"t": 1, "kt": 1e3, "Mt": 1e6, "kW": 1, "MW": 1e3, "GW": 1e6}
PAST_FID = {"fid", "construction", "operational"}


class SecondOpinion:
    """One cluster's answers, by question, row and field, and the formulas once more."""

    def __init__(self, root: Path, records: Sequence[Mapping[str, Any]], year: int) -> None:
        self.year = year
        folder = root / "data" / "framework"
        self.indicators = yaml.safe_load((folder / "indicators.yaml").read_text())["indicators"]
        self.rates: dict[tuple[str, int], float] = {}
        with (root / "data" / "reference" / "exchange-rates.csv").open() as file:
            for row in csv.DictReader(line for line in file if not line.startswith("#")):
                self.rates[row["currency"], int(row["year"])] = float(row["per_eur"])
        self.cells = {(r["question"], r["row"], r["field"]): r for r in records}
        self.tables: dict[str, dict[int, dict[str, Any]]] = defaultdict(dict)
        for (question, row, field), record in self.cells.items():
            if row and record["status"] in ("reported", "corrected"):
                self.tables[question].setdefault(row, {})[field] = record

    def usable(self, question: str, field: str = "value") -> Mapping[str, Any] | None:
        record = self.cells.get((question, 0, field))
        if record is None or record["status"] not in ("reported", "corrected"):
            return None
        return None if record["consent"] == "do not use" else record

    def is_out(self, question: str, field: str = "value") -> bool:
        record = self.cells.get((question, 0, field))
        return record is not None and record["status"] == "not applicable"

    def base(self, record: Mapping[str, Any]) -> float:
        """The number in the smallest unit of its kind; money in US dollars."""
        number = float(record["number"])
        if record["currency"]:
            return number * self.dollars(record["currency"], self.year)
        unit = record["unit"] or ""
        return number * next((f for p, f in TONNES.items() if unit.startswith(p)), 1)

    def dollars(self, currency: str, year: int) -> float:
        per_euro = 1.0 if currency == "EUR" else self.rates[currency, year]
        return self.rates["USD", year] / per_euro

    def rows(self, table: str, *fields: str) -> list[dict[str, Any]]:
        return [
            row
            for row in self.tables[table].values()
            if all(f in row and row[f]["consent"] != "do not use" for f in fields)
        ]

    def share(self, indicator: Mapping[str, Any]) -> tuple[float | None, bool, bool]:
        """Share, whether it applies, and whether all of it may be published."""
        used: list[Mapping[str, Any]] = []
        share, applies = getattr(self, "do_" + indicator["calculation"])(indicator, used)
        return share, applies, all(record["consent"] == "publish" for record in used)

    def do_rubric_level(self, indicator: Any, used: list[Any]) -> tuple[float | None, bool]:
        return self.do_rubric_mean(indicator, used)

    def do_rubric_mean(self, indicator: Any, used: list[Any]) -> tuple[float | None, bool]:
        asked = [q for q in indicator["questions"] if not self.is_out(q)]
        found = [self.usable(q) for q in asked]
        used += [r for r in found if r is not None]
        if not asked:
            return None, False
        if None in found:
            return None, True
        return sum(r["number"] for r in found if r) / len(found) / 4, True

    def do_carbon_priced_share(self, indicator: Any, used: list[Any]) -> tuple[float | None, bool]:
        record = self.usable(indicator["questions"][0])
        if record is None:
            return None, not self.is_out(indicator["questions"][0])
        used.append(record)
        return record["number"] / (1 if record["unit"] == "share" else 100), True

    def do_toward_target(self, indicator: Any, used: list[Any]) -> tuple[float | None, bool]:
        question = indicator["questions"][0]
        fields = ("baseline", "value", "target")
        records = [self.usable(question, f) for f in fields]
        if None in records:
            missing = [f for f, r in zip(fields, records, strict=True) if r is None]
            return None, not any(self.is_out(question, f) for f in missing)
        used += records
        baseline, value, target = (self.base(r) for r in records if r)
        return (None if target == baseline else (value - baseline) / (target - baseline)), True

    def do_partners_past_mou(self, indicator: Any, used: list[Any]) -> tuple[float | None, bool]:
        rows = self.rows("PAR-T1", "status")
        used += [row["status"] for row in rows]
        past = [row for row in rows if row["status"]["text"] in ("agreement", "operating")]
        return (len(past) / len(rows) if rows else None), True

    def do_both_sides_signed(self, indicator: Any, used: list[Any]) -> tuple[float | None, bool]:
        rows = self.rows("PAR-T1", "status", "side")
        used += [row[f] for row in rows for f in ("status", "side")]
        sides = {
            row["side"]["text"]
            for row in rows
            if row["status"]["text"] in ("agreement", "operating")
        }
        return (len(sides & {"supply", "demand"}) / 2 if rows else None), True

    def do_shared_infrastructure(
        self, indicator: Any, used: list[Any]
    ) -> tuple[float | None, bool]:
        number, target = self.usable("PAR-06"), self.usable("PAR-06", "target")
        if number is None:
            return None, not self.is_out("PAR-06")
        if target is None or not target["number"]:
            return None, True
        used += [number, target]
        return number["number"] / target["number"], True

    def do_policies_in_force(self, indicator: Any, used: list[Any]) -> tuple[float | None, bool]:
        rows = self.rows("POL-T1", "status")
        used += [row["status"] for row in rows]
        working = sum(row["status"]["text"] == "in_force" for row in rows)
        return (working / len(rows) if rows else None), True

    def money(self, row: Mapping[str, Any], column: str) -> float:
        year = int(row["year"]["number"]) if column == "amount" and "year" in row else self.year
        cell = row[column]
        return float(cell["number"]) * self.dollars(cell["currency"], min(year, self.year))

    def do_secured_share(self, indicator: Any, used: list[Any]) -> tuple[float | None, bool]:
        need = self.usable("FIN-01")
        rows = self.rows("FIN-T1", "status", "amount")
        if need is None:
            return None, not self.is_out("FIN-01")
        if not rows:
            return None, True
        used += [need, *(row[f] for row in rows for f in ("status", "amount"))]
        secured = [row for row in rows if row["status"]["text"] in ("committed", "disbursed")]
        return sum(self.money(row, "amount") for row in secured) / self.base(need), True

    def do_disbursed_share(self, indicator: Any, used: list[Any]) -> tuple[float | None, bool]:
        rows = [
            row
            for row in self.rows("FIN-T1", "status", "amount")
            if row["status"]["text"] in ("committed", "disbursed")
        ]
        used += [row[f] for row in rows for f in ("status", "amount")]
        total = sum(self.money(row, "amount") for row in rows)
        paid = sum(self.money(r, "amount") for r in rows if r["status"]["text"] == "disbursed")
        return (paid / total if total else None), True

    def do_capex_past_fid(self, indicator: Any, used: list[Any]) -> tuple[float | None, bool]:
        rows = self.rows("TEC-T1", "stage", "capex")
        used += [row[f] for row in rows for f in ("stage", "capex")]
        total = sum(self.money(row, "capex") for row in rows)
        past = sum(self.money(row, "capex") for row in rows if row["stage"]["text"] in PAST_FID)
        return (past / total if total else None), True

    def do_delivered_abatement_share(
        self, indicator: Any, used: list[Any]
    ) -> tuple[float | None, bool]:
        potential = self.usable("CLU-10")
        if potential is None:
            return None, not self.is_out("CLU-10")
        staged = self.rows("TEC-T1", "stage")
        running = [row for row in staged if row["stage"]["text"] == "operational"]
        known = [row for row in running if "delivered_abatement" in row]
        if not staged or (running and not known):
            return None, True
        used += [potential, *(row["stage"] for row in staged)]
        used += [r["delivered_abatement"] for r in staged if "delivered_abatement" in r]
        delivered = sum(self.base(row["delivered_abatement"]) for row in known)
        return delivered / self.base(potential), True

    def do_abatement_past_fid_share(
        self, indicator: Any, used: list[Any]
    ) -> tuple[float | None, bool]:
        rows = self.rows("TEC-T1", "stage", "expected_abatement")
        used += [row[f] for row in rows for f in ("stage", "expected_abatement")]
        total = sum(self.base(row["expected_abatement"]) for row in rows)
        past = [row for row in rows if row["stage"]["text"] in PAST_FID]
        return (
            sum(self.base(r["expected_abatement"]) for r in past) / total if total else None
        ), True

    def score(self, pillar: str) -> float | None:
        weights = known = points = 0.0
        for indicator in self.indicators:
            if indicator["pillar"] != pillar or not indicator["weight"]:
                continue
            share, applies, public = self.share(indicator)
            weights += indicator["weight"] if applies else 0
            if share is not None and public:
                known += indicator["weight"]
                points += indicator["weight"] * min(1.0, max(0.0, share))
        if not weights or known / weights < 2 / 3 - 1e-12:
            return None
        return 100 * points / known


def test_pillar_scores_agree_with_a_second_implementation(root: Path) -> None:
    project = Project(root)
    context = read_context(project, EDITION)
    filing = identify_returns(project, EDITION)
    scores = 0
    for cluster in context.edition.clusters:
        answers = ingest_return(project, EDITION, cluster.id, filing=filing).answers
        measures = compute_measures(cluster.id, answers, context).set_index("id")["number"]
        opinion = SecondOpinion(root, list_records(answers), context.edition.year)
        for pillar in context.framework.pillars:
            expected = opinion.score(pillar.code)
            found = measures[f"{cluster.id}.{pillar.code}.score"]
            assert pd.isna(found) == (expected is None), (cluster.id, pillar.code)
            if expected is not None:
                assert found == pytest.approx(expected, rel=1e-9), (cluster.id, pillar.code)
            scores += expected is not None
    assert scores >= 3 * len(context.edition.clusters)
