from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from annual_report.edition import Cluster
from annual_report.measures.public import PUBLIC_MEASURES, PUBLIC_RETURNS
from annual_report.publishing import motif
from annual_report.publishing.motif import draw_motif
from annual_report.tables import read_table, write_table

CLUSTERS = [Cluster(id=name, name=name.title(), country="NO", joined=2021) for name in ("a", "b")]


def write_scores(folder: Path, cluster: str, **scores: tuple[float | None, str]) -> None:
    """Add a cluster's scores, each with its mark, to the public measures."""
    rows = [
        {
            "id": f"{cluster}.{pillar}.score", "edition": "x", "cluster": cluster, "code": pillar,
            "measure": "score", "pillar": pillar, "number": number, "text": None,
            "unit": "points", "year": 2023, "n": None, "of": None, "method": "m", "formula": "f",
            "inputs": [], "mark": mark, "flag": "", "note": None,
        }
        for pillar, (number, mark) in scores.items()
    ]  # fmt: skip
    path = folder / "measures.parquet"
    known = [read_table(path, PUBLIC_MEASURES)] if path.is_file() else []
    frame = pd.concat([*known, pd.DataFrame(rows)], ignore_index=True)
    write_table(frame, PUBLIC_MEASURES, path)


def write_returns(folder: Path, **answered: int) -> None:
    rows: list[dict[str, Any]] = [
        {
            "edition": "x", "cluster": cluster, "state": "answered", "reason": None,
            "signed": None, "asked": 50, "answered": count,
            "errors": 0, "warnings": 0,
        }
        for cluster, count in answered.items()
    ]  # fmt: skip
    write_table(pd.DataFrame(rows), PUBLIC_RETURNS, folder / "returns.parquet")


def read_bars(svg: str | None) -> list[tuple[float, bool]]:
    """Read each bar's height in per cent and whether it is filled."""
    assert svg is not None
    return [
        (round(float(bar.attrib["height"]) / 3, 1), bar.attrib["fill"] != "none")
        for bar in ET.fromstring(svg)
    ]


def test_a_bar_is_as_high_as_its_score(tmp_path: Path) -> None:
    write_scores(tmp_path, "a", partnerships=(80.0, ""), finance=(25.0, ""))
    assert read_bars(draw_motif(tmp_path, CLUSTERS))[:4] == [
        (80, True), (6, False), (25, True), (6, False),
    ]  # fmt: skip


def test_a_score_that_is_withheld_is_an_open_box(tmp_path: Path) -> None:
    write_scores(tmp_path, "a", partnerships=(None, "withheld"), policy=(50.0, ""))
    assert read_bars(draw_motif(tmp_path, CLUSTERS))[:2] == [(6, False), (50, True)]


def test_without_scores_the_bars_are_the_answers(tmp_path: Path) -> None:
    write_returns(tmp_path, a=10, b=0)
    assert read_bars(draw_motif(tmp_path, CLUSTERS)) == [(20, True), (6, False)]


@pytest.mark.parametrize("content", [None, b"no table"])
def test_without_tables_there_is_no_picture(tmp_path: Path, content: bytes | None) -> None:
    if content:
        (tmp_path / "returns.parquet").write_bytes(content)
    assert draw_motif(tmp_path, CLUSTERS) is None


def test_many_clusters_share_bars_at_their_median(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(motif, "_MOST", 2)
    many = [Cluster(id=n, name=n, country="NO", joined=2021) for n in "abcdef"]
    for cluster, score in zip("abcef", (90.0, 10.0, 40.0, 70.0, 80.0), strict=True):
        write_scores(tmp_path, cluster, policy=(score, ""))
    bars = read_bars(draw_motif(tmp_path, many))
    assert len(bars) == 8
    assert [bars[1], bars[5]] == [(40, True), (75, True)]
