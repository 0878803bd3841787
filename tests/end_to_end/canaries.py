"""An example in which every answer that is not for publication can be told wherever it gets out."""

from __future__ import annotations

import json
import math
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pyarrow.parquet as pq
import pypdfium2
import yaml

from annual_report.edition import read_edition
from annual_report.example.catalogue import read_catalogue
from annual_report.example.dice import Dice
from annual_report.example.generator import answer_survey
from annual_report.example.season import Season
from annual_report.framework import read_framework
from annual_report.project import Project
from annual_report.rates import read_rates
from annual_report.survey.sending.workbook import write_workbook

SIGNATURE, WORD = "731905", "Quaxel"
"""How each number and each text begins that nobody may see; no other in the example does."""
CONSENTS = ("publish", "aggregate only", "do not use")
_ODDS = (0.6, 0.25, 0.15)
_MARKED = re.compile(rf"{WORD}|(?<![\d.,]){SIGNATURE[0]}[.,]?(?:\d[.,\u00a0\u202f']?)*")
_EMBEDDED = re.compile(r"data:[\w/+.-]+;base64,[A-Za-z0-9+/=]+")
_KEPT_INSIDE = ("queries", "surveys")


def plant(project: Project) -> None:
    """Write both years' returns anew: four answers of ten in confidence, each with a mark.

    One of each consent is corrected in each return, for a reason with a mark of its own, and one
    cannot be read.
    """
    catalogue, framework = read_catalogue(), read_framework(project)
    rates = read_rates(project.reference)
    profiles = {p.id: p for p in (*catalogue.profiles, *catalogue.leavers)}
    marks, corrections = _Marks(), list[dict[str, object]]()
    for name in ("example-2022", "example"):
        edition = read_edition(project, name)
        for cluster in edition.clusters:
            season = Season(profiles[cluster.id], catalogue, rates, edition.year, 2023)
            answers = answer_survey(season, framework)
            marked = _mark_private(answers, marks, Dice("canaries", name, cluster.id))
            if name == "example":
                corrections += _correct(cluster.id, marked, marks)
                _garble(marked, marks)
            write_workbook(
                project.raw(name) / f"{cluster.id}.xlsx",
                framework=framework,
                edition=edition,
                cluster=cluster,
                answers=marked,
                previous={},
            )
    text = yaml.safe_dump({"corrections": corrections})
    project.corrections("example").write_text(text, encoding="utf-8")


class _Marks:
    """Numbers and words of their own."""

    def __init__(self) -> None:
        self.count = 0

    def number(self, like: float) -> float:
        self.count += 1
        power = math.floor(math.log10(abs(like)))
        return float(f"{SIGNATURE[0]}.{SIGNATURE[1:]}{self.count:04d}e{power}")

    def word(self) -> str:
        self.count += 1
        return f"{WORD}{self.count:04d}"


_FREE_TEXT = ("comment", "name", "source", "project", "title", "problem", "action", "result",
              "evidence", "text", "role")  # fmt: skip


def _mark_private(answers: dict[str, object], marks: _Marks, dice: Dice) -> dict[str, object]:
    marked = dict(answers)
    for key in [key for key in answers if key.endswith(".consent")]:
        consent = dice.pick(CONSENTS, _ODDS)
        marked[key] = consent
        if consent == "publish":
            continue
        stem = key.removesuffix("consent")
        for other, value in answers.items():
            field = other.removeprefix(stem)
            if other.startswith(stem) and "." not in field:
                marked[other] = _mark(field, value, marks) if field != "consent" else consent
    return marked


def _mark(field: str, value: object, marks: _Marks) -> object:
    if isinstance(value, bool) or value is None or field.endswith("year"):
        return value
    if isinstance(value, int | float):
        is_plain = abs(value) <= 4 or value in range(1990, 2100)  # a level or a year stays one
        return value if is_plain else marks.number(value)
    return marks.word() if field in _FREE_TEXT else value


def _list_private(answers: dict[str, object], consent: str) -> list[str]:
    """Codes of single questions whose value is a marked number of this consent."""
    return [
        key.removesuffix(".consent")
        for key, given in answers.items()
        if given == consent and find_marks(str(answers.get(key.replace("consent", "value"))))
    ]


def _correct(
    cluster: str, answers: dict[str, object], marks: _Marks
) -> Iterator[dict[str, object]]:
    for consent in CONSENTS[1:]:
        for code in _list_private(answers, consent)[:1]:
            value = float(str(answers[f"{code}.value"]))
            yield {
                "cluster": cluster,
                "question": code,
                "expected": value,
                "new": marks.number(value),
                "reason": f"The office wrote {marks.word()} on the phone",
                "decided_by": "Data desk",
                "date": "2024-04-09",
            }


def _garble(answers: dict[str, object], marks: _Marks) -> None:
    for consent in CONSENTS[1:]:
        for code in _list_private(answers, consent)[1:2]:
            answers[f"{code}.value"] = f"{answers[f'{code}.value']} or {marks.word()}"


def find_marks(text: str) -> list[str]:
    """Find marks of either kind in a text, each with what stands around it."""
    plain = _EMBEDDED.sub("", text)
    return [
        plain[max(0, found.start() - 80) : found.end() + 40]
        for found in _MARKED.finditer(plain)
        if found[0] == WORD or re.sub(r"\D", "", found[0]).startswith(SIGNATURE)
    ]


def read_delivered(project: Project, edition: str) -> Iterator[tuple[str, str]]:
    """Yield the text of everything that leaves the house, and of the notebooks that it is made of."""
    folder = project.reports(edition)
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and name.parts[0] not in _KEPT_INSIDE:
            yield str(name), _read_text(path)
    executed = project.processed(edition) / "notebooks"
    for path in sorted([*executed.glob("report/*.ipynb"), *executed.glob("*/03-profile.ipynb")]):
        outputs = [c.get("outputs", []) for c in json.loads(path.read_text("utf-8"))["cells"]]
        text = json.dumps(outputs, ensure_ascii=False)
        yield str(path.relative_to(executed)), unescape(text)


def _read_text(path: Path) -> str:
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as archive:
            return "\n".join(unescape(archive.read(n).decode("utf-8")) for n in archive.namelist())
    if path.suffix == ".parquet":
        return str(pq.read_table(path).to_pylist())
    if path.suffix == ".pdf":
        pdf = pypdfium2.PdfDocument(path)
        try:
            attached = (pdf.get_attachment(i).get_data() for i in range(pdf.count_attachments()))
            pages = [page.get_textpage().get_text_bounded() for page in pdf]
            return "\n".join([*pages, *(bytes(a).decode("utf-8", "replace") for a in attached)])
        finally:
            pdf.close()
    return unescape(path.read_text(encoding="utf-8"))
