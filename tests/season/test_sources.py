"""Where a number comes from, by the public tables of its own edition."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pandas as pd

from annual_report.measures.public import PUBLIC_ANSWERS, PUBLIC_MEASURES
from annual_report.season.sources import Sources
from annual_report.season.store import Store
from annual_report.tables import Contract, write_table

COUNT = "all.PAR-09.count.3"


def write(folder: Path, table: Contract, rows: list[dict[str, Any]]) -> None:
    names = [column.name for column in table.columns]
    frame = pd.DataFrame([dict.fromkeys(names) | row for row in rows])
    write_table(frame, table, folder / f"{table.name}.parquet")


def write_season(folder: Path, edition: str, counted: tuple[str, ...]) -> None:
    """Write the answers of two clusters, and a count of those on level 3."""
    folder.mkdir(parents=True, exist_ok=True)
    shared = {"edition": edition, "mark": "", "flag": ""}
    answers = [
        shared
        | {
            "id": f"{cluster}.PAR-09.value", "cluster": cluster, "question": "PAR-09", "row": 0,
            "field": "value", "kind": "level", "number": 3.0 if cluster in counted else 2.0,
            "status": "reported", "place": f"{cluster} in {edition}",
        }
        for cluster in ("anvil", "kessel")
    ]  # fmt: skip
    count = shared | {
        "id": COUNT, "cluster": "all", "code": "PAR-09", "measure": "count.3", "method": "count",
        "number": float(len(counted)), "year": int(edition), "n": 2, "of": 2,
        "formula": f"{len(counted)} of 2 clusters that answered",
        "inputs": [f"{cluster}.PAR-09.value" for cluster in counted],
    }  # fmt: skip
    write(folder, PUBLIC_ANSWERS, answers)
    write(folder, PUBLIC_MEASURES, [count])


def test_a_number_of_the_edition_before_leads_to_the_cells_of_that_edition(tmp_path: Path) -> None:
    write_season(tmp_path, "2023", ("anvil", "kessel"))
    write_season(tmp_path / "previous", "2022", ("kessel",))
    this, before = (cast("Any", SimpleNamespace(edition=e, clusters=())) for e in ("2023", "2022"))
    found = Sources(Store(tmp_path, this, cast("Any", None), before=before)).find(
        [COUNT, f"2022:{COUNT}", f"2021:{COUNT}", "all.PAR-09.count.4"]
    )
    assert {address: origin.source.splitlines() for address, origin in found.items()} == {
        COUNT: ["2 of 2 clusters that answered", "2 of 2 clusters, 2023", "anvil in 2023",
                "kessel in 2023"],
        f"2022:{COUNT}": ["1 of 2 clusters that answered", "2 of 2 clusters, 2022",
                          "kessel in 2022"],
    }  # fmt: skip
    assert [origin.number for origin in found.values()] == [2.0, 1.0]
