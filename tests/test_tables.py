"""What is read of a large table is what is in it, however it is stored."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annual_report import tables
from annual_report.errors import TableError
from annual_report.tables import FINDINGS, read_part, read_table, stack_tables, write_table

COLUMNS = ("id", "cluster", "code")


def write_findings(path: Path, cluster: str, codes: list[str]) -> Path:
    frame = pd.DataFrame(
        [
            {
                **dict.fromkeys((c.name for c in FINDINGS.columns), None),
                "id": f"{cluster}.{code}.{number}",
                "edition": "now",
                "cluster": cluster,
                "code": code,
                "severity": "note",
                "workbook": f"{cluster}.xlsx",
                "message": "m",
                "action": "a",
            }
            for number, code in enumerate(codes)
        ],
        columns=[c.name for c in FINDINGS.columns],
    )
    write_table(frame, FINDINGS, path)
    return path


@given(st.lists(st.lists(st.sampled_from("abcde"), max_size=6), max_size=5), st.sampled_from("acx"))
def test_a_part_holds_the_rows_of_its_value_in_the_order_of_the_tables(
    tmp_path_factory: pytest.TempPathFactory, many: list[list[str]], wanted: str
) -> None:
    folder = tmp_path_factory.mktemp("stacked")
    paths = [
        write_findings(folder / f"c{n}.parquet", f"c{n}", codes) for n, codes in enumerate(many)
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "ROWS_IN_GROUP", 3)
        stack_tables(paths, FINDINGS, folder / "all.parquet", by="code")
    expected = [
        (f"c{n}.{code}.{number}", f"c{n}", code)
        for n, codes in enumerate(many)
        for number, code in enumerate(codes)
    ]
    of_code = [row for row in expected if row[2] == wanted]
    path = folder / "all.parquet"
    assert read_part(path, FINDINGS, where=("code", wanted), columns=COLUMNS) == of_code
    of_cluster = sorted((row for row in expected if row[1] == "c1"), key=lambda row: row[2])
    assert read_part(path, FINDINGS, where=("cluster", "c1"), columns=COLUMNS) == of_cluster
    assert sorted(read_table(path, FINDINGS)["id"]) == sorted(row[0] for row in expected)


def test_groups_without_the_value_are_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "ROWS_IN_GROUP", 2)
    paths = [write_findings(tmp_path / f"{c}.parquet", c, list("abcdef")) for c in "xyz"]
    stack_tables(paths, FINDINGS, tmp_path / "all.parquet", by="code")
    unpacked: list[int] = []
    original = pq.ParquetFile.read_row_group

    def spy(self: pq.ParquetFile, group: int, **rest: object) -> object:
        unpacked.append(group)
        return original(self, group, **rest)

    monkeypatch.setattr(pq.ParquetFile, "read_row_group", spy)
    rows = read_part(tmp_path / "all.parquet", FINDINGS, where=("code", "d"), columns=COLUMNS)
    assert [row[1] for row in rows] == ["x", "y", "z"]
    assert unpacked == [4, 5]  # of nine: the 18 rows in pairs, those with d at places 9 to 11


def test_a_part_of_what_is_no_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "all.parquet"
    path.write_bytes(b"PAR1")
    with pytest.raises(TableError, match="not a table of findings"):
        read_part(path, FINDINGS, where=("code", "a"), columns=COLUMNS)
