"""Type the published facts of 2023 into one return for each cluster that has one.

Run from anywhere: ``.venv/bin/python scripts/type_2023_returns.py``. The facts stand in
``data/reference/facts-2023/``, the returns in ``data/raw/2023/``. ``ENTRIES`` says which fact was
typed into which cells, and why there; nothing else is filled in. The same facts give the same
bytes.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from annual_report.edition import Edition, read_edition
from annual_report.errors import AnnualReportError, EditionError
from annual_report.framework import Framework, read_framework
from annual_report.project import Project, find_project
from annual_report.survey.sending.workbook import write_workbook

EDITION = "2023"
FACTS, REGISTER = "facts-2023.csv", "register-2023.csv"
CONTACT = "Report secretariat: typed from published facts, not sent by the cluster"

Key = tuple[str, str]


@dataclass(frozen=True)
class Fact:
    """One row of the facts: what a source gives about one cluster."""

    cluster: str
    topic: str
    value: str
    unit: str
    status: str
    text: str
    source: str

    @property
    def words(self) -> str:
        """The fact as a comment tells it: value, unit, status, text, source."""
        number = f"{self.value} {self.unit}".strip()
        told = "; ".join(part for part in (number, self.status, self.text) if part)
        return f"{self.topic}: {told} (source: {self.source})"


@dataclass(frozen=True)
class Entry:
    """Where one fact was typed.

    Parameters
    ----------
    cells
        What stands in which cell: every value is in the fact, or follows from it as ``because``
        says.
    because
        Why there, and what was left blank; it goes into the comment beside the source.
    """

    cluster: str
    topic: str
    cells: Mapping[str, object]
    because: str


ENTRIES = (
    Entry(
        "antwerp-bruges",
        "shared CO2 infrastructure",
        {
            "TEC-T1.1.name": "Kairos@C",
            "TEC-T1.1.lever": "ccus",
            "TEC-T1.1.stage": "announced",
            "TEC-T1.1.shared": True,
            "TEC-T1.2.name": "Antwerp@C",
            "TEC-T1.2.lever": "ccus",
            "TEC-T1.2.stage": "announced",
            "TEC-T1.2.shared": True,
        },
        "Moving closer to a final investment decision means that there is none yet. The source "
        "names no stage before it, so the earliest one is typed, which claims nothing more.",
    ),
    Entry(
        "antwerp-bruges",
        "target",
        {"CLU-08.target": 0, "CLU-08.target_year": 2050},
        "Climate neutral is typed as a target of 0. No emissions and no baseline are given.",
    ),
    Entry(
        "antwerp-bruges",
        "profile",
        {"CLU-T1.1.sector": "chemicals"},
        "Number of companies and share of emissions are not given.",
    ),
    *(
        Entry(
            cluster,
            "clean hydrogen hub selection",
            {
                "POL-T1.1.name": "US clean hydrogen hubs programme",
                "POL-T1.1.level": "national",
                "POL-T1.1.instrument": "grant",
                "POL-T1.1.status": "adopted",
                "POL-T1.1.lever": "hydrogen",
            },
            "The programme is decided and the cluster expects to benefit, so it is adopted and "
            "not yet applied. No amount for this cluster is published: nothing stands under "
            "finance.",
        )
        for cluster in ("h2houston", "ohio")
    ),
    Entry(
        "brightlands",
        "circular plastics demonstration facility",
        {
            "STA-03.value": "EUR",
            "FIN-T1.1.amount": 50_000_000,
            "FIN-T1.1.currency": "EUR",
            "FIN-T1.1.year": 2023,
            "FIN-T1.1.status": "committed",
            "FIN-T1.1.project": "Circular plastics demonstration facility",
            "TEC-T1.1.name": "Circular plastics demonstration facility",
            "TEC-T1.1.lever": "efficiency",
        },
        "Secured is typed as committed. The source gives no year of the award: 2023 is the year "
        "of the article. Who pays, whether public or private, the instrument and the stage are "
        "not given. The lever follows from circular plastics.",
    ),
    Entry(
        "jababeka",
        "profile",
        {"CLU-05.value": 1800},
        "The source says more than 1,800 tenants; the year is not given.",
    ),
    Entry(
        "jababeka",
        "low-carbon wastewater system and residual waste to energy",
        {
            "TEC-T1.1.name": "Low-carbon wastewater system",
            "TEC-T1.1.lever": "efficiency",
            "TEC-T1.2.name": "Residual waste to energy",
            "TEC-T1.2.lever": "efficiency",
        },
        "A first step is no stage of the list, so the stage stays blank.",
    ),
    Entry(
        "teda",
        "geothermal well heat supply",
        {
            "TEC-T1.1.name": "Geothermal well heat supply",
            "TEC-T1.1.lever": "electrification",
            "TEC-T1.1.stage": "operational",
            "TEC-T1.1.delivered_abatement": 5000,
        },
        "Start year, capacity and cost are not given.",
    ),
    Entry(
        "teda",
        "solar PV capacity",
        {
            "TEC-01.value": 556,
            "TEC-01.unit": "MW",
            "TEC-T1.2.name": "Solar PV",
            "TEC-T1.2.lever": "electrification",
            "TEC-T1.2.stage": "operational",
            "TEC-T1.2.capacity": 556,
            "TEC-T1.2.capacity_unit": "MW",
        },
        "Operational and expanding; year, baseline and target are not given.",
    ),
    Entry(
        "dkarbonation",
        "emissions",
        {"CLU-08.value": 16, "CLU-08.unit": "MtCO2/y"},
        "Year, scopes and warming potentials are not given.",
    ),
    Entry(
        "dkarbonation",
        "target 2030",
        {"CLU-08.target": 0, "CLU-08.target_year": 2050},
        "Net zero by 2050 is typed as a target of 0. The step of minus 55 percent by 2030 is not "
        "typed: it needs a baseline, and neither its year nor its value is given.",
    ),
)


def read_facts(folder: Path) -> dict[Key, Fact]:
    """Read the facts that belong to one cluster, by cluster and topic."""
    rows = _read_rows(folder / FACTS)
    facts = [
        Fact(
            row["cluster_id"],
            row["topic"],
            row["value"],
            row["unit"],
            row["status"],
            row["text_fact"],
            row["source"],
        )
        for row in rows
        if row["cluster_id"]
    ]
    return {(fact.cluster, fact.topic): fact for fact in facts}


def read_register(folder: Path) -> dict[str, dict[str, str]]:
    """Read country, year of joining and source of each cluster on the register."""
    return {row["cluster_id"]: row for row in _read_rows(folder / REGISTER)}


def _read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def type_returns(project: Project, folder: Path) -> list[Path]:
    """Write the return of each cluster that has a fact.

    Parameters
    ----------
    folder
        Where to; ``data/raw/2023`` of the project.

    Raises
    ------
    EditionError
        If a fact has no entry here, or an entry has no fact.
    """
    sources = project.reference / "facts-2023"
    facts, register = read_facts(sources), read_register(sources)
    _compare(facts)
    edition, framework = read_edition(project, EDITION), read_framework(project)
    paths = []
    for cluster_id in dict.fromkeys(entry.cluster for entry in ENTRIES):
        answers = {
            **_introduce(register[cluster_id]),
            **_type_facts(cluster_id, facts, framework),
        }
        paths.append(_write(folder, cluster_id, answers, edition=edition, framework=framework))
    return paths


def _compare(facts: Mapping[Key, Fact]) -> None:
    typed = {(entry.cluster, entry.topic) for entry in ENTRIES}
    odd = sorted(typed ^ set(facts))
    if odd:
        raise EditionError(
            "a fact without an entry, or an entry without a fact",
            where="scripts/type_2023_returns.py",
            found="; ".join(": ".join(key) for key in odd),
            do="say in ENTRIES where each fact is typed",
        )


def _introduce(entry: Mapping[str, str]) -> dict[str, object]:
    """What the register gives, and who filled in the form."""
    source = f"Source: {entry['source']}"
    return {
        "STA-02.value": CONTACT,
        "STA-04.value": int(EDITION),
        "CLU-01.value": entry["country_iso2"],
        "CLU-01.consent": "publish",
        "CLU-01.comment": source,
        "CLU-04.value": int(entry["joined"]),
        "CLU-04.consent": "publish",
        "CLU-04.comment": source,
    }


def _type_facts(
    cluster_id: str, facts: Mapping[Key, Fact], framework: Framework
) -> dict[str, object]:
    answers: dict[str, object] = {}
    told: dict[str, list[str]] = {"STA-01": []}
    for entry in (e for e in ENTRIES if e.cluster == cluster_id):
        words = f"{facts[entry.cluster, entry.topic].words}. {entry.because}"
        told["STA-01"].append(words)
        for key, value in entry.cells.items():
            answers[key] = value
            place = key.rpartition(".")[0]
            code = place.partition(".")[0]
            if code in framework.tables:
                answers[f"{place}.consent"] = "publish"
            elif framework.questions[code].consent:
                answers[f"{place}.consent"] = "publish"
                told.setdefault(code, [])
                if words not in told[code]:
                    told[code].append(words)
    return {**answers, **{f"{code}.comment": "\n".join(lines) for code, lines in told.items()}}


def _write(
    folder: Path,
    cluster_id: str,
    answers: Mapping[str, object],
    *,
    edition: Edition,
    framework: Framework,
) -> Path:
    path = folder / f"{cluster_id}.xlsx"
    write_workbook(
        path,
        framework=framework,
        edition=edition,
        cluster=edition.cluster(cluster_id),
        answers=answers,
    )
    return path


def main() -> int:
    """Write the returns and list them."""
    project = find_project(Path(__file__).parent)
    try:
        paths = type_returns(project, project.raw(EDITION))
    except AnnualReportError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    for path in paths:
        print(path.relative_to(project.root))
    return 0


if __name__ == "__main__":
    sys.exit(main())
