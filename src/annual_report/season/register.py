"""The register, its returns, and totals that belong to no single question."""

from __future__ import annotations

from functools import cached_property

import pandas as pd

from annual_report.measures.measure import ALL
from annual_report.numbers import Style, format_in_full
from annual_report.season.printing import Printing
from annual_report.season.symbols import RETURN_STATES
from annual_report.season.value import Value


class Register(Printing):
    """Who is in an edition, what came back, and what it adds up to."""

    @cached_property
    def returns(self) -> pd.DataFrame:
        """What became of each return: state in words, is_read, questions asked and answered."""
        found = self._store.read("returns")
        frame = self.clusters[["cluster", "cluster_id"]].merge(
            found.rename(columns={"cluster": "cluster_id"}), on="cluster_id"
        )
        frame["is_read"] = frame["state"] == "answered"
        frame["state"] = pd.Categorical(
            frame["state"].map(RETURN_STATES), [*RETURN_STATES.values()], ordered=True
        )
        return frame.drop(columns="edition")

    @cached_property
    def left(self) -> list[str]:
        """The names of the clusters that were in the edition before and are not in this one."""
        before = self._store.previous
        now = {c.id for c in self._store.edition.clusters}
        gone = [] if before is None else [c for c in before.edition.clusters if c.id not in now]
        return sorted((c.name for c in gone), key=str.casefold)

    @cached_property
    def published(self) -> pd.DataFrame:
        """Totals that others published: code, label, published, returns, unit, definition, source.

        ``published`` and ``returns`` are `Value`: what the source says, and what the returns or the
        register add up to.
        """
        totals, locale = self._store.edition.published_totals, self._store.edition.locale
        said = [
            Value(
                t.number, text=format_in_full(t.number, locale), unit=t.unit.replace("CO2", "CO₂")
            )
            for t in totals
        ]
        return pd.DataFrame(
            {
                "code": [t.code for t in totals],
                "label": [t.label for t in totals],
                "published": pd.Series(said, dtype=object),
                "returns": pd.Series(
                    [self.total(*_find_counterpart(t.code)) for t in totals], dtype=object
                ),
                "unit": [v.unit for v in said],
                "definition": [t.definition for t in totals],
                "source": [t.source for t in totals],
            }
        ).astype(dict.fromkeys(("code", "label", "unit", "definition", "source"), "str"))

    @cached_property
    def headlines(self) -> pd.DataFrame:
        """The totals that the report begins with: code, headline, definition, questions."""
        found = self._store.framework.headlines
        frame = self._pick([f"{ALL}.{h.code}.total" for h in found]).assign(
            code=[h.code for h in found],
            headline=[h.name for h in found],
            definition=[h.definition for h in found],
            questions=[", ".join(h.questions) for h in found],
        )
        styles = [
            Style(h.name_unit(self._store.edition.currency), h.scale, digits=3) for h in found
        ]
        return self._finish(frame, ["code", "headline", "definition", "questions"], styles)

    @cached_property
    def medians(self) -> pd.DataFrame:
        """The median score of each pillar over the clusters: pillar, code."""
        pillars = self._store.framework.pillars
        titles = [p.title for p in pillars]
        frame = self._pick([f"{ALL}.{p.code}.score.median" for p in pillars]).assign(
            pillar=pd.Categorical(titles, titles, ordered=True), code=[p.code for p in pillars]
        )
        return self._print(frame, ["pillar", "code"])

    @cached_property
    def moves(self) -> pd.DataFrame:
        """How many clusters moved up and down since the edition before: kind, name, code, way.

        ``kind`` is *level* for the indicators of a maturity question and *score* for pillars, where
        a move is one that the intervals of both years leave open.
        """
        framework = self._store.framework
        named = [
            ("level", indicator.name, indicator.questions[0])
            for indicator in framework.indicators
            if indicator.calculation == "rubric_level"
        ]
        named += [("score", pillar.title, pillar.code) for pillar in framework.pillars]
        rows = [(*about, way) for about in named for way in ("up", "down")]
        frame = self._pick([f"{ALL}.{code}.moves.{way}" for _, _, code, way in rows])
        keys = ["kind", "name", "code", "way"]
        frame[keys] = pd.DataFrame(rows, dtype="str")
        return self._print(frame, keys)


_REGISTER = {
    "HEAD-CLUSTERS": "clusters",
    "HEAD-COUNTRIES": "countries",
    "HEAD-CONTINENTS": "continents",
    "HEAD-JOINERS": "joined",
}
"""Published totals that stand beside a count on the register."""


def _find_counterpart(code: str) -> tuple[str, str]:
    """The code and measure of the total that stands beside a published one."""
    return ("register", _REGISTER[code]) if code in _REGISTER else (code, "total")
