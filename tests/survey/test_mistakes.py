"""A season in which every return holds one ordinary mistake: one query each, and no false alarm."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pytest
from tests.survey.hostile import rewrite

EDITION = "example"


@dataclass(frozen=True)
class Slip:
    """What somebody typed, and what is to be said of it.

    Parameters
    ----------
    typed
        By the key of an answer, `CLU-08.value`; of a row of a table, `FIN-T1.2.amount`; of a whole
        column, `FIN-T1.*.amount`, a factor for its numbers.
    code, about
        The one finding that is expected, and the question that it is about.
    says
        Words that it has to hold, what to do included.
    copied
        Keeps the return as it was, and puts the mistake into a copy of this name.
    raw
        Puts a cell of the file into other words, as programs other than Excel write them.
    """

    typed: dict[str, object]
    code: str
    about: str | None
    says: str
    copied: str | None = None
    raw: bool = field(default=False, kw_only=True)


OUT, DOUBT, LIST = "value-out-of-range", "value-doubtful", "choice-unknown"
TWO, NOTED = "number-ambiguous", "answer-understood"
ASKED = {
    # tonnes by the thousand; years for months in the whole row; thousands of pounds in a column
    "anvil": Slip({"CLU-08.value": 16_800}, OUT, "CLU-08", "Did you mean 16.8 MtCO2e/y?"),
    "baiyun": Slip(
        {"POL-01.value": 0.75, "POL-01.baseline": 1.3, "POL-01.target": 0.7},
        DOUBT, "POL-01", "Did you mean 9 months?",
    ),
    "brackwater": Slip({"FIN-T1.*.amount": 1e-6}, OUT, "FIN-T1", "million"),
    "costa-brisa": Slip({"FIN-T1.2.currency": "kr"}, "currency-ambiguous", "FIN-T1", "NOK"),
    "haidong": Slip({"CLU-14.value": 235.54}, OUT, "CLU-14", "Did you mean 235,540 jobs?"),
    "hoshizaki": Slip({"CLU-01.value": "Jpaan"}, LIST, "CLU-01", "Did you mean Japan (JP)"),
    "iron-quay": Slip(
        {"CLU-01.value": "Untied Kingdom"}, LIST, "CLU-01", "Did you mean United Kingdom (GB)?"
    ),
    "kessel": Slip({"FIN-T1.1.currency": "Euroo"}, LIST, "FIN-T1", "Did you mean Euro (EUR)?"),
    "koorana": Slip({"STA-03.value": "$"}, "currency-ambiguous", "STA-03", "AUD or USD"),
    "lakeland": Slip({"CLU-08.value": "22,0"}, "readers-disagree", "CLU-08", "22,0", raw=True),
    "langit": Slip({"TEC-01.unit": "MWW"}, "unit-unknown", "TEC-01", "MW"),
    "meridian": Slip(
        {"STA-07.value": None, "PAR-04.value": 22},
        "return-unsigned", None, "meridian final", copied="meridian final.xlsx",
    ),
    "norrhavn": Slip({"STA-03.value": None}, "missing-required", "STA-03", "CLU-11, FIN-01."),
    "porto-azulao": Slip({"POL-02.value": 0.0085}, DOUBT, "POL-02", "Did you mean 85 percent?"),
    "sagebrush": Slip(
        {"TEC-T1.1.lever": "Carbon capture and storge"},
        LIST, "TEC-T1", "Carbon capture, utilisation and storage",
    ),
    "sinar": Slip({"CLU-10.value": "12.000"}, TWO, "CLU-10", "is it 12 or 12,000?"),
    "three-rivers": Slip({"FIN-01.value": 11_000}, OUT, "FIN-01", "Did you mean 11 billion USD?"),
    "tidewater": Slip(
        {"PAR-04.value": 18}, "return-undecided", None, "again", copied="tidewater again.xlsx"
    ),
    "vallon": Slip({"TEC-01.value": "1,300"}, TWO, "TEC-01", "is it 1.3 or 1,300?"),
    "wattle": Slip({"CLU-09.value": "AR7"}, LIST, "CLU-09", "AR6"),
}  # fmt: skip
# What has one meaning is read, and the reading shown to those who look
READ = {
    "anvil": Slip({"CLU-01.value": "UK"}, NOTED, "CLU-01", "United Kingdom"),
    "baiyun": Slip({"CLU-09.value": "AR 5"}, NOTED, "CLU-09", "AR5"),
    "brackwater": Slip({"FIN-01.value": "£4.9bn"}, NOTED, "FIN-01", "read as 4,900,000,000"),
    "costa-brisa": Slip({"CLU-11.value": "3.884.000.000"}, "", "CLU-11", ""),
    "haidong": Slip(
        {"FIN-01.value": "100 bn RMB"}, NOTED, "FIN-01", "100,000,000,000; currency read as CNY"
    ),
    "hoshizaki": Slip({"FIN-T1.1.currency": "¥"}, NOTED, "FIN-T1", "JPY"),
    "iron-quay": Slip({"TEC-03.unit": "Mtpa"}, "", "TEC-03", ""),
    "kessel": Slip(
        {"FIN-T1.1.amount": 390_000, "FIN-T1.1.currency": "TEUR"}, NOTED, "FIN-T1", "TEUR"
    ),
    "koorana": Slip({"FIN-T1.1.currency": "$"}, NOTED, "FIN-T1", "AUD"),
    "lakeland": Slip({"CLU-01.value": "USA"}, NOTED, "CLU-01", "United States"),
    "langit": Slip({"CLU-08.value": "12,0 Mt"}, "", "CLU-08", ""),
    "meridian": Slip({"TEC-T1.2.currency": None}, "", "TEC-T1", ""),
    "norrhavn": Slip({"TEC-T1.1.lever": "CCS"}, NOTED, "TEC-T1", "Carbon capture"),
    "porto-azulao": Slip({"CLU-01.value": "portugal."}, NOTED, "CLU-01", "Portugal"),
    "sagebrush": Slip({"FIN-T1.1.currency": "$"}, NOTED, "FIN-T1", "USD"),
    "sinar": Slip({"CLU-01.value": "indonesia"}, "", "CLU-01", ""),
    "three-rivers": Slip({}, "return-copy", None, "three-rivers", copied="three-rivers (2).xlsx"),
    "tidewater": Slip({"FIN-T1.2.currency": None}, "", "FIN-T1", ""),
    "vallon": Slip({"FIN-T1.1.currency": "€"}, NOTED, "FIN-T1", "EUR"),
    "wattle": Slip({"CLU-10.value": "19,50"}, "", "CLU-10", ""),
}


def find_cells(book: openpyxl.Workbook, key: str) -> tuple[object, list[str]]:
    """Find the sheet and the cells of an answer by its defined name."""
    code, *row, name = key.split(".")
    place = book.defined_names[f"{code.replace('-', '_')}.{name}"].attr_text
    sheet, _, cells = place.replace("$", "").rpartition("!")
    inside = book[sheet.strip("'")]
    found = inside[cells]
    column = [one for (one,) in found] if isinstance(found, tuple) else [found]
    if row and row != ["*"]:
        column = [column[int(row[0]) - 1]]
    return inside, column


def make_slip(folder: Path, cluster: str, slip: Slip) -> None:
    """Put a mistake into the return of a cluster, or into a copy of it."""
    path = folder / f"{cluster}.xlsx"
    if slip.copied:
        path = Path(shutil.copy(path, folder / slip.copied))
    if not slip.typed:
        return
    book = openpyxl.load_workbook(path)
    for key, value in slip.typed.items():
        _, cells = find_cells(book, key)
        for cell in cells:
            if "*" not in key:
                cell.value = value
            elif isinstance(cell.value, int | float):
                cell.value *= value
    if not slip.raw:
        book.save(path)
        return
    ((key, value),) = slip.typed.items()
    sheet, (cell,) = find_cells(book, key)
    part = f"xl/worksheets/sheet{book.sheetnames.index(sheet.title) + 1}.xml"
    pattern = rf'(<c r="{cell.coordinate}"[^>]*?)(?: t="\w+")?>.*?</c>'.encode()
    words = rb'\1 t="n"><v>' + str(value).encode() + rb"</v></c>"

    def put(name: str, content: bytes) -> bytes:
        if name != part:
            return content
        content, times = re.subn(pattern, words, content, count=1)
        assert times == 1
        return content

    path.write_bytes(rewrite(path.read_bytes(), put))


def list_findings(root: Path) -> dict[str, list[dict[str, object]]]:
    """List what the command finds, by cluster."""
    command = [sys.executable, "-m", "annual_report", "check", EDITION, "--format", "json"]
    run = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert run.returncode in (0, 1), run.stderr
    found: dict[str, list[dict[str, object]]] = {}
    for file in json.loads(run.stdout)["files"]:
        found.setdefault(file["cluster"], []).extend(file["findings"])
    return found


def leave_out_notes(findings: list[dict[str, object]]) -> list[dict[str, object]]:
    return [one for one in findings if one["severity"] != "note"]


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """The season of the example as it was returned, with the edition before it."""
    season = tmp_path_factory.mktemp("season")
    for name in ("framework", "reference", "editions", "corrections"):
        shutil.copytree(root / "data" / name, season / "data" / name)
    for name in (EDITION, "example-2022"):
        shutil.copytree(root / "data" / "raw" / name, season / "data" / "raw" / name)
    (season / "notebooks").mkdir()
    return season


@pytest.fixture(scope="module")
def before(clean: Path) -> dict[str, list[dict[str, object]]]:
    return list_findings(clean)


def spoil(clean: Path, folder: Path, slips: dict[str, Slip]) -> dict[str, list[dict[str, object]]]:
    """Put a mistake into each return of a copy of the season, and list what is found then."""
    season = folder / "season"
    shutil.copytree(clean, season, ignore=shutil.ignore_patterns("processed", "reports"))
    assert len(slips) == 20
    for cluster, slip in slips.items():
        make_slip(season / "data" / "raw" / EDITION, cluster, slip)
    return list_findings(season)


def tell(finding: dict[str, object]) -> str:
    return " ".join(str(finding[name]) for name in ("workbook", "message", "action"))


@pytest.mark.long
def test_each_mistake_of_a_season_is_one_query(
    clean: Path, before: dict[str, list[dict[str, object]]], tmp_path: Path
) -> None:
    after = spoil(clean, tmp_path, ASKED)
    assert set(after) == set(before)
    wrong = {}
    for cluster, slip in ASKED.items():
        old, new = (leave_out_notes(found[cluster]) for found in (before, after))
        added = [one for one in new if one not in old]
        lost = [one for one in old if one not in new]
        told = [(one["code"], one["question"], slip.says in tell(one)) for one in added]
        if told != [(slip.code, slip.about, True)] or lost:
            wrong[cluster] = (added, lost)
    assert wrong == {}


@pytest.mark.long
def test_what_has_one_meaning_is_no_query_in_a_season(
    clean: Path, before: dict[str, list[dict[str, object]]], tmp_path: Path
) -> None:
    after = spoil(clean, tmp_path, READ)
    assert set(after) == set(before)
    wrong = {}
    for cluster, slip in READ.items():
        if leave_out_notes(after[cluster]) != leave_out_notes(before[cluster]):
            wrong[cluster] = [one for one in after[cluster] if one not in before[cluster]]
        noted = [one for one in after[cluster] if one not in before[cluster]]
        told = [one for one in noted if (one["code"], one["question"]) == (slip.code, slip.about)]
        if bool(slip.code) != bool(told) or not all(slip.says in tell(one) for one in told):
            wrong[cluster] = noted
    assert wrong == {}
