"""Nobody who has both delivered editions can work out what a cluster that left gave in confidence."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
import yaml
from tests.end_to_end.outsider import Package, read_package, recover

from annual_report.measures.gather import gather
from annual_report.measures.lineage import PREVIOUS
from annual_report.project import Project
from annual_report.publishing.annex import publish_annex
from annual_report.tables import ANSWERS, MEASURES, RETURNS, Contract, read_table, write_table

NOW, BEFORE = "example", "example-2022"
LEAVER = "mareuse"
SECRET = "HEAD-GDP.value"
PUBLIC = (
    "anvil", "baiyun", "brackwater", "costa-brisa", "iron-quay", "koorana", "lakeland", "langit",
    "meridian", "norrhavn", "porto-azulao", "sagebrush", "three-rivers",
)  # fmt: skip
"""Clusters of both years whose gross domestic product is public in the example as it is."""
QUESTIONS = ("CLU-11", "HEAD-GDP")


@dataclass(frozen=True)
class Delivered:
    """Both editions as they were delivered, and what a leaver had answered the year before."""

    now: Package
    before: Package
    secret: float


def deliver_without(leaver: str, built: Project, folder: Path) -> Delivered:
    """Gather and publish both editions anew: one cluster gave its GDP for totals only, and left."""
    project = _copy_settings(built, folder)
    former = {
        contract.name: read_table(
            built.processed(NOW) / PREVIOUS / f"{contract.name}.parquet", contract
        )
        for contract in (ANSWERS, MEASURES)
    }
    for name, frame in former.items():
        is_secret = (frame["cluster"] == leaver) & frame[_CODES[name]].isin(QUESTIONS)
        frame.loc[is_secret, "consent"] = "aggregate only"
    _edit_register(project, NOW, leaver)
    for edition in (BEFORE, NOW):
        _write_parts(project, built, edition, former, leaver)
        gather(project, edition)
        publish_annex(project, edition)
    measures = former["measures"].set_index("id")["number"]
    packages = [
        read_package(project.reports(edition) / "datapackage", edition) for edition in (NOW, BEFORE)
    ]
    return Delivered(*packages, secret=float(measures[f"{leaver}.{SECRET}"]))


_CODES = {"answers": "question", "measures": "code"}


def _copy_settings(built: Project, folder: Path) -> Project:
    (folder / "data").mkdir()
    for name in ("framework", "reference"):
        (folder / "data" / name).symlink_to(built.root / "data" / name)
    shutil.copytree(built.editions, folder / "data" / "editions")
    return Project(folder)


def _edit_register(project: Project, edition: str, leaver: str) -> None:
    path = project.editions / f"{edition}.yaml"
    settings = yaml.safe_load(path.read_text(encoding="utf-8"))
    settings["clusters"] = [c for c in settings["clusters"] if c["id"] != leaver]
    path.write_text(yaml.safe_dump(settings), encoding="utf-8")


def _write_parts(
    project: Project, built: Project, edition: str, former: dict[str, pd.DataFrame], leaver: str
) -> None:
    """Lay the tables of each cluster where the gathering looks for them."""
    folder = project.processed(edition)
    if edition == BEFORE:
        contracts: dict[str, Contract] = {"answers": ANSWERS, "measures": MEASURES}
        for name, frame in former.items():
            for cluster, part in frame.groupby("cluster"):
                write_table(part, contracts[name], folder / name / f"{cluster}.parquet")
        for cluster in former["answers"]["cluster"].unique():
            write_table(_describe(edition, cluster), RETURNS, folder / f"returns/{cluster}.parquet")
        return
    for name in ("answers", "measures", "findings", "returns"):
        left_out = shutil.ignore_patterns(f"{leaver}.parquet", "all.parquet")
        shutil.copytree(built.processed(edition) / name, folder / name, ignore=left_out)
    for name, contract in (("answers", ANSWERS), ("measures", MEASURES)):
        write_table(former[name], contract, folder / PREVIOUS / f"{name}.parquet")


def _describe(edition: str, cluster: str) -> pd.DataFrame:
    known = {
        "edition": edition, "cluster": cluster, "state": "answered",
        "asked": 48, "answered": 40, "errors": 0, "warnings": 0,
    }  # fmt: skip
    return pd.DataFrame([known], columns=[c.name for c in RETURNS.columns])


@pytest.mark.parametrize(
    "leaver", [LEAVER, *(pytest.param(c, marks=pytest.mark.long) for c in PUBLIC)]
)
def test_no_difference_of_sums_gives_a_leaver_away(
    leaver: str, example: Project, tmp_path: Path
) -> None:
    delivered = deliver_without(leaver, example, tmp_path)
    before = delivered.before
    assert before.measures[f"{leaver}.{SECRET}"]["number_mark"] == "withheld"
    assert before.totals["all.HEAD-GDP.total"]["number"]  # the sum that it could be taken off
    found = recover(delivered.now, before)
    told = {key: value for key, value in found.items() if key[:2] == (BEFORE, leaver)}
    assert told == {}, f"recovered {told}; the secret is {delivered.secret}"
    assert found == {}


def test_the_report_names_the_leaver_as_such(example: Project) -> None:
    html = (example.reports(NOW) / "annual-report.html").read_text(encoding="utf-8")
    assert "left: Mareuse Estuary." in html.replace("\n", " ").replace("</span>", "")
    left = read_package(example.reports(NOW) / "datapackage", NOW).totals["all.register.left"]
    assert (left["number"], left["formula"]) == ("1.0", "Mareuse Estuary")


def test_the_outsider_finds_what_can_be_found() -> None:
    """A total of five and the sum of four of them: the fifth, and no other."""

    def make(edition: str, hidden: str, **totals: tuple[float, int]) -> Package:
        measures = {
            f"{c}.HEAD-GDP.value": {
                "number": "" if c in hidden else "2", "number_mark": "withheld" * (c in hidden)
            }
            for c in ("abcd" if edition == NOW else "abcde")
        }  # fmt: skip
        rows = {
            f"all.HEAD-GDP.{name.replace('_', '-')}": {"number": str(v), "n": str(n)}
            for name, (v, n) in totals.items()
        }
        return Package(edition, rows, measures)

    before = make(BEFORE, "abe", total=(17.0, 5))
    now = make(NOW, "ab", total=(12.0, 4), cohort_before=(12.0, 4))
    assert {k[:2]: round(v) for k, v in recover(now, before).items()} == {(BEFORE, "e"): 5}
