"""What moved is said over clusters in both editions only, and differs only beyond intervals."""

from __future__ import annotations

from dataclasses import replace

from annual_report.exhibits.model import Prose
from annual_report.exhibits.moves import show_moves
from annual_report.exhibits.season import Season
from annual_report.measures.lineage import PREVIOUS
from annual_report.measures.moves import INTERVALS
from annual_report.tables import MEASURES, read_table


def read_former(season: Season) -> dict[str, float]:
    """The numbers of the edition before, by id, from the table itself."""
    path = season.project.processed("now") / PREVIOUS / "measures.parquet"
    table = read_table(path, MEASURES, columns=["id", "number"]).dropna()
    return dict(zip(table["id"], table["number"], strict=True))


def read_text(prose: Prose) -> list[str]:
    return ["".join(run.text for run in runs) for runs in prose.paragraphs]


def test_joiners_are_counted_and_named(season: Season) -> None:
    joined = [c.name for c in season.edition.clusters if c.joined == season.edition.year]
    first = read_text(show_moves(season))[0]
    assert first.startswith(f"{len(joined)} cluster")
    assert all(name in first for name in joined)


def test_leavers_are_named_as_leavers(season: Season) -> None:
    first, *rest = season.edition.clusters
    shorter = season.edition.model_copy(update={"clusters": tuple(rest)})
    lines = read_text(show_moves(replace(season, edition=shorter)))
    assert any(f" left: {first.name}." in line for line in lines)
    assert not any(" left: " in line for line in read_text(show_moves(season)))


def test_levels_are_counted_over_clusters_with_both_years(season: Season) -> None:
    up = down = both = 0
    former = read_former(season)
    for cluster in season.edition.clusters:
        now = season.find(f"{cluster.id}.PAR-01.value.standard")
        before = former.get(f"{cluster.id}.PAR-01.value.standard")
        if now and now.number is not None and before is not None:
            both += 1
            up += now.number > before
            down += now.number < before
    assert season.value("all.PAR-01.moves.up") == up
    assert season.value("all.PAR-01.moves.down") == down
    found = season.find("all.PAR-01.moves.same")
    assert found is not None
    assert (found.n, found.number) == (both, both - up - down)


def test_scores_differ_only_where_intervals_part(season: Season) -> None:
    former = read_former(season)
    for pillar in season.framework.pillars:
        risen = 0
        for cluster in season.edition.clusters:
            low = season.value(f"{cluster.id}.{pillar.code}.low")
            high = former.get(f"{cluster.id}.{pillar.code}.high")
            if low is not None and high is not None:
                risen += low > high
        found = season.find(f"all.{pillar.code}.moves.up")
        assert found is not None
        assert found.method == INTERVALS
        assert found.number == risen


def test_the_change_of_a_headline_is_that_of_the_constant_cohort(season: Season) -> None:
    change = season.value("all.HEAD-POTENTIAL.cohort-change")
    assert change is not None
    line = next(t for t in read_text(show_moves(season)) if t.startswith("Reduction potential"))
    assert f"{abs(change):.0f}" in line
    assert ("rose" in line) == (change > 0)


def test_without_an_earlier_edition_nothing_is_compared(silent_season: Season) -> None:
    assert show_moves(silent_season).role == "absence"
