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
        pillars = self._store.framework.pillars
        parts = []
        for pillar in pillars:
            ids = [f"{self.own_id}.{pillar.code}.{part}" for part in _PARTS]
            ids += [f"{ALL}.{pillar.code}.{name}" for name in _PEERS.values()]
            frame = self._pick(pillar.code, ids)
            parts.append(frame.assign(pillar=pillar.title, part=[*_PARTS, *_PEERS]))
        made = pd.concat(parts, ignore_index=True)
        titles = [pillar.title for pillar in pillars]
        made["pillar"] = pd.Categorical(made["pillar"], titles, ordered=True)
        return self._print(made, ["pillar", "part"])

    def words(self, question: str) -> str:
        """The text of a single answer, a choice in words; empty where there is none to show."""
        cells = self._read_cells(self._store.framework.questions[question])
        return (
            str(self._print_cell(question, "value", cells["value"])[0]) if "value" in cells else ""
        )

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
        cells = self._read_cells(question)
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

    def _read_cells(self, question: Question) -> dict[str, dict[str, Any]]:
        found = self._store.answers(question.code)
        given = found[(found["row"] == 0) & (found["mark"] == "")]
        records: list[dict[Any, Any]] = given.to_dict("records")
        return {str(record["field"]): record for record in records}

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
        found = self._store.measures(code)
        rows = found[found["id"] == f"{self.own_id}.{code}.{field}.standard"]
        if rows.empty or pd.isna(rows["number"].iloc[0]):
            return self.cell(cell["id"]), ""
        unit = rows["unit"].iloc[0] or "count"
        style = choose_style(rows["number"].iloc[0], unit)
        plain = style if unit == self.currency else Style(style.unit, digits=6)
        return self._make_value(rows, plain), plain.unit

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
        rows = [
            (section.title, asked.code, asked.text, self._is_blank(asked.code, "value"), goals)
            for section in self._store.framework.sections
            if section.code not in _LEFT_OUT
            for asked in _list_asked(section)
            for goals in [
                [g for g in _GOALS if getattr(asked, g, None) and self._is_blank(asked.code, g)]
            ]
        ]
        return pd.DataFrame(rows, columns=["section", "code", "question", "is_blank", "goals"])

    def _is_blank(self, code: str, field: str) -> bool:
        found = self._store.answers(code)
        mine = found[(found["field"] == field) | (found["row"] > 0)]
        given = mine["status"].isin(USABLE) | mine["status"].eq("not applicable")
        return not given.any()

    @cached_property
    def kept_back(self) -> int:
        """How many questions the cluster has answered for totals only."""
        marks = self._store.list_marks()
        return int(marks.loc[marks["mark"] == "withheld", "question"].nunique())


def _list_asked(section: Section) -> list[Question | Table]:
    return [*section.questions, *section.tables]
