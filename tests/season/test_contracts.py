"""What docs/analysis.md promises of every long frame, over a full season, a silent and a private one."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest
from tests.made_season import MadeSeason

import annual_report as ar
from annual_report.numbers import find_scale
from annual_report.project import ROOT_VARIABLE
from annual_report.season.printing import PUBLISHED

WHO = ("cluster", "cluster_id")
FRAMES: dict[str, tuple[Callable[[ar.Season], pd.DataFrame], tuple[str, ...]]] = {
    "answers": (
        lambda s: s.answers("POL-01", now="value", target="target"),
        (*WHO, "field"),
    ),
    "verdicts": (lambda s: s.verdicts("POL-PERMITTING"), (*WHO, "verdict")),
    "scores": (lambda s: s.scores, (*WHO, "pillar", "low", "high")),
    "indicators": (
        lambda s: s.indicators,
        (
            *WHO, "code", "indicator", "pillar", "is_scored", "questions", "share", "verdict",
            "pace",
        ),
    ),
    "measures": (
        lambda s: s.measures("TEC-EMISSIONS", "required", "observed"),
        (*WHO, "measure"),
    ),
    "levels": (lambda s: s.levels("POL-04", "PAR-01"), ("question", "level", "step")),
    "counts": (lambda s: s.counts("PAR-10"), ("option", "code")),
    "counts of verdicts": (lambda s: s.counts("POL-PERMITTING"), ("option", "code")),
    "breakdown": (
        lambda s: s.breakdown("POL-T1", by=["level", "status"]),
        ("level", "status", "total"),
    ),
    "amounts": (lambda s: s.amounts("funding", "disbursed", "committed"), ("measure",)),
    "totals": (lambda s: s.totals, ("code", "measure")),
    "medians": (lambda s: s.medians, ("pillar", "code")),
    "headlines": (lambda s: s.headlines, ("code", "headline", "definition", "questions")),
    "moves": (lambda s: s.moves, ("kind", "name", "code", "way")),
}  # fmt: skip
MARKS = {"", "missing", "withheld", "not applicable"}


@pytest.fixture(params=["full", "silent", "private"])
def made(
    request: pytest.FixtureRequest,
    season: MadeSeason,
    silent_season: MadeSeason,
    private_season: MadeSeason,
    monkeypatch: pytest.MonkeyPatch,
) -> MadeSeason:
    found = {"full": season, "silent": silent_season, "private": private_season}[request.param]
    monkeypatch.setenv(ROOT_VARIABLE, str(found.project.root))
    return found


@pytest.mark.parametrize("name", FRAMES)
def test_a_long_frame_has_its_keys_and_what_all_share(name: str, made: MadeSeason) -> None:
    read, keys = FRAMES[name]
    frame = read(ar.open_season("now"))
    assert {*frame.columns} == {*keys, *PUBLISHED}
    told = {key for key in keys if key not in {"low", "high", "share", "verdict", "pace"}}
    assert not frame.duplicated([*told]).any()
    assert not frame["id"].duplicated().any()
    assert {*frame["mark"]} <= MARKS
    assert frame["value"].dtype == "float64"
    assert {str(frame[n].dtype) for n in ("year", "n", "of")} <= {"Int64", "int64", "float64"}
    assert frame["text"].notna().all()
    if name != "verdicts":  # which are words
        assert (frame["mark"].eq("") == frame["value"].notna()).all()
    if "cluster" in keys and not frame.empty:
        register = {c.id for c in made.edition.clusters}
        assert {*frame["cluster_id"]} == register
        assert list(frame["cluster"].cat.categories) == sorted(
            (c.name for c in made.edition.clusters), key=str.casefold
        )


@pytest.mark.parametrize("name", [n for n in FRAMES if n != "verdicts"])
def test_a_value_is_the_number_at_its_address(name: str, made: MadeSeason) -> None:
    read, _ = FRAMES[name]
    for row in read(ar.open_season("now")).dropna(subset="value").itertuples():
        stored = made.measures[row.id]
        scale = find_scale(stored.unit if isinstance(stored.unit, str) else "count", row.unit)
        assert scale is not None, row.id
        assert row.value * scale == pytest.approx(stored.number), row.id


@pytest.mark.parametrize("name", FRAMES)
def test_nobodys_own_number_is_in_a_frame_of_a_private_season(
    name: str, private_season: MadeSeason, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ROOT_VARIABLE, str(private_season.project.root))
    frame = FRAMES[name][0](ar.open_season("now"))
    own = frame[~frame["id"].str.startswith("all.")]
    assert own["value"].isna().all()
