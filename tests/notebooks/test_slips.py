"""What an analyst gets wrong in a cell: told in words, at once, and never printed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
import pytest
import seaborn as sns
from tests.made_season import MadeSeason

import annual_report as ar
from annual_report.errors import AnnualReportError
from annual_report.exhibits.look.theme import dress_seaborn
from annual_report.exhibits.model import Figure, Prose
from annual_report.project import ROOT_VARIABLE

WORDS: dict[str, Any] = {
    "id": "mine", "title": "My title", "subject": "Bars for what is counted", "source": "Me."
}  # fmt: skip
SHORT = {name: WORDS[name] for name in ("id", "title", "source")}


@pytest.fixture
def opened(season: MadeSeason, monkeypatch: pytest.MonkeyPatch) -> ar.Season:
    monkeypatch.setenv(ROOT_VARIABLE, str(season.project.root))
    return ar.open_season("now")


def draw_nothing(ax: Any) -> None:
    ax.set_xlim(0, 1)


def cross(season: ar.Season) -> pd.DataFrame:
    return ar.parts(season.breakdown("TEC-T1", by=["lever", "stage"]))


SLIPS: dict[str, tuple[Callable[[ar.Season], object], str]] = {
    "two numbers in a cell of a figure": (
        lambda s: s.figure(draw_nothing, cross(s), rows="stage", **WORDS),
        'two numbers stand in one cell of the table.*columns="lever"',
    ),
    "two numbers in a cell of a table": (
        lambda s: s.table(cross(s), rows="lever", **SHORT),
        'two numbers stand in one cell of the table.*columns="stage"',
    ),
    "rows that are not there": (
        lambda s: s.figure(draw_nothing, cross(s), **WORDS),
        "there is no column cluster",
    ),
    "columns that are not there": (
        lambda s: s.figure(draw_nothing, cross(s), rows="stage", columns="levers", **WORDS),
        "there is no column levers; expected: lever",
    ),
    "a column of a listing": (
        lambda s: s.listing(s.projects, columns={"cost": "Cost", "name": "Project"}, **SHORT),
        "there is no column cost",
    ),
    "the unit of a column that is not there": (
        lambda s: s.listing(
            s.projects, columns={"capex": "Cost"}, units={"capexx": "USD"}, **SHORT
        ),
        "there is no column capexx; expected: capex",
    ),
    "a unit that the numbers are not in": (
        lambda s: s.listing(
            s.projects,
            columns={"expected_abatement": "Abatement"},
            units={"expected_abatement": "Mt"},
            **SHORT,
        ),
        "another unit; found: Mt; expected: tCO2e/y|another unit.*tCO2e/y",
    ),
    "a column of pick": (
        lambda s: ar.pick(s.scores, piller="Policy"),
        "there is no column piller; expected: pillar",
    ),
    "a measure": (
        lambda s: s.measures("TEC-EMISSIONS", "oberved"),
        "there is no measure of TEC-EMISSIONS oberved; expected: observed",
    ),
    "a field": (
        lambda s: s.answers("POL-02", covered="valu"),
        "there is no field of POL-02 valu; expected: value",
    ),
    "a question": (lambda s: s.answers("POL-99"), "there is no question POL-99; expected: POL-0"),
    "a verdict": (
        lambda s: s.verdicts("POL-PERMIT"),
        "there is no indicator POL-PERMIT; expected: POL-PERMITTING",
    ),
    "a total": (
        lambda s: s.total("POL-01", "value.medain"),
        "there is no total value.medain under POL-01; expected: value.median",
    ),
    "the statistic of an amount": (
        lambda s: s.amounts("TEC-EMISSIONS", "cuont.on-track"),
        "there is no total cuont.on-track under TEC-EMISSIONS; expected: count.on-track",
    ),
    "a code": (lambda s: s.total("POL-99", "value.median"), "there is no code POL-99"),
    "a table question": (lambda s: s.rows("TEC-T9"), "there is no table question TEC-T9"),
    "levels of a question without": (
        lambda s: s.levels("POL-02"), "there is no question with levels POL-02",
    ),
    "a colour": (
        lambda _: ar.colour("polciy"), "there is no colour of the house polciy; expected: policy"
    ),
    "steps of a colour": (lambda _: ar.steps("tech"), "there is no pillar tech"),
    "a way to print": (
        lambda s: s.say("It takes {m:.1f}.", m=s.total("POL-01", "value.median")),
        r"no way that is known: \.1f; .*ar\.reprint",
    ),
    "a long title": (
        lambda s: s.listing(
            s.projects, columns={"name": "Name"}, **SHORT | {"title": "one " * 12}
        ),
        "has 12 words; one to ten fit; where: mine|mine: .*has 12 words; one to ten fit",
    ),
    "an id": (
        lambda s: s.listing(
            s.projects, columns={"name": "Name"}, **SHORT | {"id": "My Figure"}
        ),
        "the id of an exhibit.*carbon-price",
    ),
    "a cluster": (lambda _: ar.open_season("now", "anvill"), "no cluster 'anvill' on the register"),
    "an edition": (lambda _: ar.open_season("nwo"), "nwo"),
}  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_told_in_words(slip: str, opened: ar.Season) -> None:
    make, told = SLIPS[slip]
    with pytest.raises(AnnualReportError, match=told):
        make(opened)


def test_what_nobody_answered_is_no_slip(
    silent_season: MadeSeason, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ROOT_VARIABLE, str(silent_season.project.root))
    silent = ar.open_season("now")
    assert not silent.total("POL-01", "value.median").known
    assert silent.measures("TEC-EMISSIONS", "observed")["value"].isna().all()
    assert silent.amounts("funding", "disbursed")["value"].isna().all()
    assert not silent.total("TEC-EMISSIONS", "count.on-track").known
    assert isinstance(silent.table(silent.answers("POL-02"), columns="field", **SHORT), Prose)


def test_numbers_of_ones_own_need_not_say_who_answered(opened: ar.Season) -> None:
    projects = opened.projects
    medians = projects.groupby("lever", observed=True)["capex"].median().reset_index(name="value")
    mine = medians.assign(unit="USD", mark="", id="", text="", flag="")
    made = opened.figure(
        lambda ax: ax.barh(medians["lever"].astype(str), medians["value"]),
        ar.reprint(mine, decimals=0), rows="lever", **WORDS,
    )  # fmt: skip
    assert isinstance(made, Figure)
    assert (made.n, made.of) == (None, None)
    assert {row[0]: row[1].value for row in made.grid.rows} == {  # type: ignore[union-attr]
        lever: pytest.approx(projects.loc[projects["lever"] == lever, "capex"].median())
        for lever in projects["lever"].dropna().unique()
    }


def test_only_a_picture_of_clusters_says_that_it_shows_some_of_them(opened: ar.Season) -> None:
    scores = opened.scores
    shown = ar.known(scores)
    by_pillar = opened.figure(
        lambda ax: sns.boxplot(shown, x="value", y="pillar", ax=ax),
        scores, columns="pillar", **WORDS,
    )  # fmt: skip
    price = opened.answers("POL-02", covered="value")
    few, largest = ar.known(price).head(4), ar.known(price, most=4)
    told = [
        opened.figure(
            lambda ax, part=part: sns.stripplot(
                part.assign(cluster=part["cluster"].astype(str)), x="value", y="cluster", ax=ax
            ),
            price, columns="field", **WORDS,
        )
        for part in (few, largest)
    ]  # fmt: skip
    known = price["value"].count()
    assert isinstance(by_pillar, Figure)
    assert not [note for note in by_pillar.notes if "Shown" in note]
    notes = [[n for n in f.notes if "Shown" in n] for f in told if isinstance(f, Figure)]
    assert notes[0] == [f"Shown: 4 clusters of {known}; all are in the data annex."]
    assert notes[1] == [
        f"Shown: the 4 clusters with the largest values, of {known}; all are in the data annex."
    ]


def test_a_share_that_begins_a_sentence_has_a_capital(opened: ar.Season) -> None:
    said = opened.say("{share:share} wait; {n:words} do not, {share:share} too.", share=0.24, n=3)
    assert isinstance(said, Prose)
    text = "".join(run.text for run in said.paragraphs[0])
    assert text[0].isupper()
    assert "; three do not, " in text
    assert text.split(", ")[1][0].islower()


def test_boxes_with_a_hue_of_their_own_row_stand_on_their_rows(tmp_path: Path) -> None:
    frame = pd.DataFrame({"value": range(40), "pillar": pd.Categorical([*"abcd"] * 10)})
    with dress_seaborn():
        _, axes = plt.subplots()
        sns.boxplot(frame, x="value", y="pillar", hue="pillar", legend=False, ax=axes)
        heights = [patch.get_path().get_extents().height for patch in axes.patches]
        plt.close("all")
    assert len(heights) == 4
    assert min(heights) > 0.7


def test_a_verdict_that_nobody_has_is_no_slip(opened: ar.Season) -> None:
    verdicts = ("achieved", "on-track", "off-track", "well-off-track", "wrong-direction", "missed")
    told = {v: opened.total("POL-PERMITTING", f"count.{v}").known for v in verdicts}
    assert not all(told.values())  # or the season is none to try this on
    assert any(told.values())
