"""What a frame says of an answer that is asked about, without a build."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd

from annual_report.exhibits.framed import make_text
from annual_report.season.frames import PUBLISHED, Frames

CLUSTERS = ("kessel", "norrhavn", "anvil")


def test_a_verdict_over_a_queried_answer_has_the_sign_in_frame_and_cell() -> None:
    names = ({*PUBLISHED} - {"value"}) | {"number"}  # as the tables call it
    row = dict.fromkeys(names) | {"measure": "verdict", "mark": ""}
    said = pd.DataFrame(
        [
            row | {"cluster": "kessel", "text": "on track", "flag": "queried"},
            row | {"cluster": "norrhavn", "text": "on track", "flag": None},
        ]
    )
    entries = [SimpleNamespace(id=i, name=i, country="NL", joined=2021) for i in CLUSTERS]
    store = SimpleNamespace(
        edition=SimpleNamespace(clusters=entries, year=2023, locale="en"),
        measures=lambda _: said,
        cluster=None,
    )
    frame = Frames(store).verdicts("POL-PERMITTING").set_index("cluster_id")
    sign = "\u00a0(?)"
    assert frame.loc["kessel", "text"].endswith(f"on track{sign}")
    assert frame.loc["norrhavn", "text"].endswith("on track")
    assert "(?)" not in frame.loc["anvil", "text"]
    assert frame["verdict"].dropna().tolist() == ["on track", "on track"]
    cells = {i: make_text(record, {}) for i, record in frame.to_dict("index").items()}
    assert [cell.queried for cell in cells.values()] == [i == "kessel" for i in frame.index]
