"""What a frame says of an answer that is asked about, without a build."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pandas as pd

from annual_report.exhibits.framed import make_text
from annual_report.measures.public import PUBLIC_MEASURES
from annual_report.season.frames import Frames
from annual_report.season.store import Store
from annual_report.tables import write_table

CLUSTERS = ("kessel", "norrhavn", "anvil")
INDICATOR = "POL-PERMITTING"


def write_verdicts(folder: Path, flags: dict[str, str | None]) -> None:
    """Write public measures in which each of these clusters is on track."""
    names = [column.name for column in PUBLIC_MEASURES.columns]
    rows = [
        dict.fromkeys(names)
        | {
            "id": f"{cluster}.{INDICATOR}.verdict", "edition": "2023", "cluster": cluster,
            "code": INDICATOR, "measure": "verdict", "text": "on track", "flag": flag or "",
            "mark": "", "method": "linear", "formula": "", "inputs": [],
        }
        for cluster, flag in flags.items()
    ]  # fmt: skip
    write_table(pd.DataFrame(rows), PUBLIC_MEASURES, folder / "measures.parquet")


def test_a_verdict_over_a_queried_answer_has_the_sign_in_frame_and_cell(tmp_path: Path) -> None:
    write_verdicts(tmp_path, {"kessel": "queried", "norrhavn": None})
    entries = [SimpleNamespace(id=i, name=i, country="NL", joined=2021) for i in CLUSTERS]
    edition = SimpleNamespace(clusters=entries, year=2023, locale="en")
    framework = SimpleNamespace(indicators=[SimpleNamespace(code=INDICATOR)])
    store = Store(tmp_path, cast("Any", edition), cast("Any", framework))
    frame = Frames(store).verdicts(INDICATOR).set_index("cluster_id")
    sign = "\u00a0(?)"
    assert frame.loc["kessel", "text"].endswith(f"on track{sign}")
    assert frame.loc["norrhavn", "text"].endswith("on track")
    assert "(?)" not in frame.loc["anvil", "text"]
    assert frame["verdict"].dropna().tolist() == ["on track", "on track"]
    cells = {i: make_text(record, {}) for i, record in frame.to_dict("index").items()}
    assert [cell.queried for cell in cells.values()] == [i == "kessel" for i in frame.index]
