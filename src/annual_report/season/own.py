"""One cluster of an edition: what it gave, what it did not, and how it stands beside its peers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import pandas as pd

from annual_report.countries import name_country
from annual_report.errors import ExhibitError
from annual_report.framework import Question, Section, Table
from annual_report.measures.answers import USABLE
from annual_report.measures.measure import ALL
from annual_report.numbers import Style, choose_style, format_year
from annual_report.season.frames import Frames
from annual_report.season.value import Value
from annual_report.tables import list_records

_PARTS = ("score", "low", "high")
_PEERS = {"q1": "score.q1", "median": "score.median", "q3": "score.q3"}
_GOALS = ("baseline", "target")
_LEFT_OUT = ("STA", "HIG")
"""Sections that ask for nothing a reader could miss."""
_ABOUT = ("CLU-01", "CLU-04")
"""Questions on who a cluster is."""


class Own(Frames):
    """The frames of an edition, and those of the one cluster that it was opened for."""

    @property
    def own_id(self) -> str:
        """The id of the cluster.

        Raises
        ------
        ExhibitError
            If the edition was opened for all of them.
        """
        if self._store.cluster is None:
            raise ExhibitError(
                "this is of one cluster",
                do="open the edition with it: ar.open_season(edition, cluster)",
            )
        return self._store.cluster

    @cached_property
    def own(self) -> pd.Series:
        """Who the cluster is, and what became of its return."""
        row = self.clusters.merge(self.returns.drop(columns="cluster"), on="cluster_id").iloc[0]
        return row.where(row.notna(), "")

    @cached_property
    def standing(self) -> pd.DataFrame:
        """Pillar by part: its score, low and high, and q1, median and q3 of all clusters."""
        titles = {pillar.code: pillar.title for pillar in self._store.framework.pillars}
        sides = [(part, self.own_id, part) for part in _PARTS]
        sides += [(part, ALL, measure) for part, measure in _PEERS.items()]
        rows = [(code, *side) for code in titles for side in sides]
        frame = self._pick([f"{who}.{code}.{measure}" for code, _, who, measure in rows])
        frame["part"] = pd.Series([part for _, part, _, _ in rows], dtype="str")
        pillars = [titles[code] for code, *_ in rows]
        frame["pillar"] = pd.Categorical(pillars, [*titles.values()], ordered=True)
        return self._print(frame, ["pillar", "part"])

    def words(self, question: str) -> str:
        """The text of a single answer, a choice in words; empty where there is none to show."""
        cell = self._cells.get(question, {}).get("value")
        return "" if cell is None else str(self._print_cell(question, "value", cell)[0])

    # ---------------------------------------------------------------- what it gave
    @cached_property
    def told(self) -> pd.DataFrame:
        """Each answer that may be shown: question, answer, unit, year, comment.

        ``answer`` is a `Value` or a text. Of a table's rows it is what names them.
        """
        rows = [
            row
            for section in self._store.framework.sections
            if section.code not in _LEFT_OUT
            for asked in _list_asked(section)
            if asked.code not in _ABOUT
            for row in (
                self._tell(asked) if isinstance(asked, Question) else self._tell_rows(asked)
            )
        ]
        names = ["code", "question", "answer", "unit", "year", "comment"]
        return pd.DataFrame(rows, columns=names, dtype=object)

    def _tell(self, question: Question) -> Iterator[tuple[object, ...]]:
        cells = self._cells.get(question.code, {})
        for field in ("value", *_GOALS):
            if field not in cells:
                continue
            answer, unit = self._print_cell(question.code, field, cells[field])
            year = cells.get(f"{field}_year")
            name = f"{question.code} {question.text}"
            yield (
                question.code,
                name if field == "value" else f"{name} ({field})",
                answer,
                unit,
                format_year(int(year["number"])) if year is not None else "",
                cells["comment"]["text"] if field == "value" and "comment" in cells else "",
            )

    @cached_property
    def _cells(self) -> dict[str, dict[str, dict[str, Any]]]:
        """The cells of single questions that may be shown, by question and field."""
        found = self._store.read("answers")
        made: dict[str, dict[str, dict[str, Any]]] = {}
        for record in list_records(found[(found["row"] == 0) & (found["mark"] == "")]):
            made.setdefault(record["question"], {})[record["field"]] = record
        return made

    def _print_cell(self, code: str, field: str, cell: dict[str, Any]) -> tuple[Value | str, str]:
        question = self._store.framework.questions[code]
        if pd.isna(cell["number"]):
            text = str(cell["text"])
            if question.choices == "countries":
                return name_country(text, self._store.edition.locale), ""
            choices = self._store.framework.choices.get(question.choices or "", ())
            return next((c.short for c in choices if c.code == text), text), ""
        if question.kind == "year":
            return format_year(int(cell["number"])), ""
        address = f"{self.own_id}.{code}.{field}.standard"
        row = self._store.find([address]).iloc[0]
        if pd.isna(row["number"]):
            return self.cell(cell["id"]), ""
        unit = row["unit"] or "count"
        style = choose_style(row["number"], unit)
        plain = style if unit == self.currency else Style(style.unit, digits=6)
        return self._find_value(address, plain), plain.unit

    def _tell_rows(self, table: Table) -> Iterator[tuple[object, ...]]:
        for row in self.rows(table.code).to_dict("records"):
            key = row[table.key[0]]
            choices = [c.name for c in table.columns if c.choices and c.name != table.key[0]]
            words = [str(row[name]).lower() for name in choices if not pd.isna(row[name])]
            name = "not named" if pd.isna(key) else str(key)
            yield table.code, f"{table.code} {table.text}", name, "", "", ", ".join(words)

    # ---------------------------------------------------------------- what it did not give
    @cached_property
    def blanks(self) -> pd.DataFrame:
        """Each question and table: section, code, question, whether it is blank, missing goals."""
        found = self._store.read("answers")
        is_given = found["status"].isin((*USABLE, "not applicable"))
        fields = found["field"].where(found["row"] == 0, "value")  # any cell of a row is a value
        given = set(zip(found.loc[is_given, "question"], fields[is_given], strict=True))
        rows = [
            (section.title, asked.code, asked.text, (asked.code, "value") not in given, goals)
            for section in self._store.framework.sections
            if section.code not in _LEFT_OUT
            for asked in _list_asked(section)
            for goals in [
                [g for g in _GOALS if getattr(asked, g, None) and (asked.code, g) not in given]
            ]
        ]
        return pd.DataFrame(rows, columns=["section", "code", "question", "is_blank", "goals"])

    @cached_property
    def kept_back(self) -> int:
        """How many questions the cluster has answered for totals only."""
        found = self._store.read("answers")
        return int(found.loc[found["mark"] == "withheld", "question"].nunique())


def _list_asked(section: Section) -> list[Question | Table]:
    return [*section.questions, *section.tables]
