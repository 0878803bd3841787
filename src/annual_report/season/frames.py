"""One edition as tidy frames: nothing is in them that may not be published.

A long frame has its keys (``cluster`` as printed, ``cluster_id``, …) and the columns of `PUBLISHED`:

======  ==========================================================================
value   the number, in ``unit``; NaN where there is none
text    the number as the report prints it, or why there is none
unit    unit of ``value`` in a reader's words
mark    empty where there is a number; else missing, withheld or not applicable
flag    empty; else corrected, restated or queried
id      address of the number, for ``annual-report explain``
year    the year it stands for
n, of   how many clusters answered, of how many on the register
======  ==========================================================================

A wide frame, such as the projects, has one row an entry and one column a field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import pandas as pd

from annual_report.errors import ExhibitError
from annual_report.framework import Breakdown
from annual_report.measures.measure import ALL
from annual_report.numbers import NO_BREAK, Style, choose_style, format_in_full, label_unit
from annual_report.season.asking import OF_CLUSTERS, check_name, list_codes
from annual_report.season.entries import select_cells, spread_entries
from annual_report.season.method import Method
from annual_report.season.printing import PUBLISHED, WHO
from annual_report.season.symbols import (
    MARK_WORDS,
    VERDICT_SYMBOLS,
    name_questions,
    sign_queried,
    sign_verdicts,
)
from annual_report.season.value import Value

TOTAL = "Total"
_ANY = "any"


class Frames(Method):
    """The frames of one edition, each read when it is first asked for."""

    @cached_property
    def previous(self) -> Frames | None:
        """The same frames of the edition before, as it was published; None where there is none."""
        before = self._store.previous
        return None if before is None else Frames(before, prefix=f"{before.edition.edition}:")

    # ---------------------------------------------------------------- long frames
    def answers(self, question: str, **fields: str) -> pd.DataFrame:
        """Every cluster of the register by fields of one question, each on a row.

        ``now="value", target="target"`` takes these fields, in this order, by these names. Numbers
        are in the question's unit, all on one scale.
        """
        check_name(question, self._store.framework.questions, "question")
        asked = self._store.framework.questions[question]
        for field in fields.values():
            check_name(field, dict(asked.fields), f"field of {question}")
        chosen = fields or {name: name for name, kind in asked.fields if kind == asked.kind}
        frame = self._fill_register([(question, f"{field}.standard") for field in chosen.values()])
        names = [name for name in chosen for _ in range(len(self.clusters))]
        frame["field"] = pd.Categorical(names, [*chosen], ordered=True)
        return self._print(frame, [*WHO, "field"])

    def measures(self, code: str, *names: str) -> pd.DataFrame:
        """Every cluster of the register by measures under one code, each on a row."""
        check_name(code, list_codes(self._store.framework), "code")
        found = self._store.measures(code)
        for name in names:
            check_name(name, {*OF_CLUSTERS, *found["measure"]}, f"measure of {code}")
        wanted = names or dict.fromkeys(found.loc[found["cluster"] != ALL, "measure"])
        frame = self._fill_register([(code, name) for name in wanted])
        return self._print(frame, [*WHO, "measure"])

    def verdicts(self, indicator: str) -> pd.DataFrame:
        """Every cluster of the register by its verdict on pace; ``text`` has its symbol in front."""
        judged = [i.code for i in self._store.framework.indicators]
        check_name(indicator, judged, "indicator")
        frame = self._fill_register([(indicator, "verdict")], known="text")
        frame["verdict"] = pd.Categorical(frame["text"], [*VERDICT_SYMBOLS], ordered=True)
        frame[["unit", "flag"]] = frame[["unit", "flag"]].fillna("")
        said = sign_verdicts(frame["text"], frame["flag"])
        frame["text"] = said.where(frame["mark"] == "", frame["mark"].map(MARK_WORDS))
        return frame[[*WHO, "verdict", *PUBLISHED]]

    @cached_property
    def scores(self) -> pd.DataFrame:
        """Cluster by pillar: the score, 0 to 100, with the ends of its interval, low and high."""
        titles = {p.code: p.title for p in self._store.framework.pillars}
        frame = self._fill_register([(code, "score") for code in titles])
        for end in ("low", "high"):
            frame[end] = self._pick(list(_beside(frame, end)))["value"]
        pillars = frame["code"].map(titles)
        frame["pillar"] = pd.Categorical(pillars, [*titles.values()], ordered=True)
        made = self._print(frame, [*WHO, "pillar", "low", "high"])
        return made[[*WHO, "pillar", "value", "low", "high", *PUBLISHED[1:]]]

    @cached_property
    def indicators(self) -> pd.DataFrame:
        """Cluster by indicator: its value, share of the way (0 to 1, may leave it) and verdict.

        ``pace`` is the verdict with its symbol in front.
        """
        about = pd.DataFrame(
            [
                (i.code, i.name, i.pillar, i.scored, name_questions(i.questions))
                for i in self._store.framework.indicators
            ],
            columns=["code", "indicator", "pillar", "is_scored", "questions"],
        )
        frame = self._fill_register([(code, "value") for code in about["code"]])
        frame = frame.merge(about, on="code", how="left")
        made = self._print(frame, [*WHO, *about], by="code")
        made["share"] = self._store.find(list(_beside(frame, "share")))["number"]
        verdicts = self._store.find(list(_beside(frame, "verdict")))
        made["verdict"] = pd.Categorical(verdicts["text"], [*VERDICT_SYMBOLS], ordered=True)
        made["pace"] = sign_verdicts(verdicts["text"], verdicts["flag"])
        return made

    @cached_property
    def totals(self) -> pd.DataFrame:
        """Every total over the clusters, as measured, by its code and measure."""
        found = self._store.totals().rename(columns={"number": "value"})
        known = found["value"].notna()
        styles = [
            choose_style(value, unit or "count")
            if there
            else Style(unit=label_unit(unit or "count"))
            for value, unit, there in zip(found["value"], found["unit"], known, strict=True)
        ]
        return self._finish(found, ["code", "measure"], styles)

    def levels(self, *questions: str) -> pd.DataFrame:
        """How many clusters stand on each level of maturity questions, 4 to 0."""
        graded = [code for code, q in self._store.framework.questions.items() if q.rubric]
        for code in questions:
            check_name(code, graded, "question with levels")
        steps = pd.DataFrame(
            [
                (code, step.level, f"{step.level} {step.label}")
                for code in questions
                for step in reversed(self._store.framework.questions[code].rubric)
            ],
            columns=["question", "level", "step"],
        )
        ids = f"{ALL}." + steps["question"] + ".count." + steps["level"].astype("str")
        made = self._pick(list(ids)).join(steps)
        made["question"] = pd.Categorical(made["question"], [*questions], ordered=True)
        return self._print(made, ["question", "level", "step"])

    def counts(self, code: str) -> pd.DataFrame:
        """How many clusters chose each option of a choice question: option, code.

        Of an indicator with targets, how many have each verdict on pace, with its symbol; verdicts
        that nobody has are not in it.
        """
        check_name(code, list_codes(self._store.framework), "code")
        asked = self._store.framework.questions.get(code)
        if asked is None:
            words = {v: f"{symbol} {v.capitalize()}" for v, symbol in VERDICT_SYMBOLS.items()}
        else:
            words = {c.code: c.label for c in self._store.framework.choices[asked.choices or ""]}
        ids = {f"{ALL}.{code}.count.{name.replace(' ', '-')}": name for name in words}
        known = set(self._store.measures(code)["id"])
        frame = self._pick([i for i in ids if i in known])
        frame["code"] = frame["id"].map(ids)
        labels = frame["code"].map(words)
        frame["option"] = pd.Categorical(labels, list(labels), ordered=True)
        return self._print(frame, ["option", "code"])

    def amounts(self, code: str, *measures: str) -> pd.DataFrame:
        """Totals under one code, on one scale, in the order asked for."""
        self._check_total(code, *measures)
        frame = self._pick([f"{ALL}.{code}.{name}" for name in measures])
        frame["measure"] = pd.Categorical([*measures], [*measures], ordered=True)
        return self._print(frame, ["measure"])

    # ---------------------------------------------------------------- tables over all clusters
    def breakdown(
        self,
        table: str,
        by: Sequence[str],
        value: str | None = None,
        order: Mapping[str, Sequence[str]] | None = None,
    ) -> pd.DataFrame:
        """Count, or sum up, the rows of a table question by one or two of its choices.

        One row a combination, the choices as ordered categories with `TOTAL` as the last; so leave
        out the rows whose ``total`` is true before adding up.

        Parameters
        ----------
        value
            The column that is summed; without it rows are counted.
        order
            The words of a choice in another order than the framework's.

        Raises
        ------
        ExhibitError
            If the edition does not measure this breakdown; only measured ones are safe to publish.
        """
        asked = self._find_breakdown(table, by, value)
        words = [self._list_choices(table, column) | {_ANY: TOTAL} for column in by]
        stem = f"{ALL}.{table}.{asked.name}"
        keys = pd.MultiIndex.from_product([list(w) for w in words], names=list(by)).to_frame(
            index=False
        )
        frame = self._pick([".".join([stem, *row]) for row in keys.to_numpy()])
        whole = self.total(table, ".".join([asked.name, *[_ANY] * len(by)]))
        frame["n"] = whole.n
        frame["total"] = (keys == _ANY).any(axis=1)
        for column, labels in zip(by, words, strict=True):
            wanted = [w for w in (order or {}).get(column, labels.values()) if w != TOTAL]
            frame[column] = pd.Categorical(keys[column].map(labels), [*wanted, TOTAL], ordered=True)
        frame = frame.sort_values(list(by), ignore_index=True)
        return self._print(frame, [*by, "total"])

    def _find_breakdown(self, table: str, by: Sequence[str], value: str | None) -> Breakdown:
        measured = self._store.framework.breakdowns
        for asked in measured:
            keys = [asked.rows, *([asked.columns] if asked.columns else [])]
            if (asked.table, keys, asked.value) == (table, list(by), value):
                return asked
        raise ExhibitError(
            "no such breakdown is measured, and so none is safe to publish",
            found=_name_breakdown(table, by, value),
            expected="; ".join(
                _name_breakdown(b.table, [b.rows, *([b.columns] if b.columns else [])], b.value)
                for b in measured
            ),
            do="add it to data/framework/breakdowns.yaml",
        )

    def _list_choices(self, table: str, column: str) -> dict[str, str]:
        asked = self._store.framework.tables[table].column(column)
        if asked.kind == "yes_no":
            return {"yes": "Yes", "no": "No"}
        choices = self._store.framework.choices[asked.choices or ""]
        return {choice.code: choice.short for choice in choices}

    # ---------------------------------------------------------------- rows of table questions
    def rows(self, table: str) -> pd.DataFrame:
        """The rows of a table question that may be shown one by one: id, cluster, its columns.

        Choices are their words, as ordered categories; numbers are in standard units, money in the
        currency of the edition; ``amount_reported`` and ``amount_currency`` are what an amount was
        reported as. With ``.column`` behind it, ``id`` is the address of a cell.
        """
        check_name(table, self._store.framework.tables, "table question")
        asked = self._store.framework.tables[table]
        cells = select_cells(self._store.answers(table), table, key=asked.key[0])
        standard = self._store.measures(table).set_index("id")["number"]
        choices = {
            c.name: self._list_choices(table, c.name) for c in asked.columns if c.kind == "choice"
        }
        made = spread_entries(cells, asked, choices, standard)
        made.insert(1, "cluster", pd.Series(self._name_clusters(made["cluster_id"])))
        order = made["cluster"].cat.codes.sort_values(kind="stable").index
        return made.loc[order].reset_index(drop=True)

    def cell(self, address: str) -> Value:
        """One number as it was reported, as ``season.cell("anvil.FIN-T1.3.amount")``.

        It is printed in full, with its unit or currency; not there where it may not be shown.
        """
        question = address.split(".")[1]
        found = self._store.answers(question)
        rows = found[found["id"] == address]
        if rows.empty or pd.isna(rows["number"].iloc[0]):
            return Value.unknown(rows["mark"].iloc[0] if len(rows) else "missing", id=address)
        row = rows.iloc[0]
        text = format_in_full(row["number"], self._store.edition.locale)
        unit = row["currency"] if isinstance(row["currency"], str) else ""
        text = f"{unit}{NO_BREAK}{text}" if unit else text
        text += f"{NO_BREAK}{label_unit(row['unit'])}" if isinstance(row["unit"], str) else ""
        text += sign_queried(row["flag"])
        return Value(row["number"], text=text, flag=row["flag"], id=address)

    @cached_property
    def projects(self) -> pd.DataFrame:
        """The projects that may be shown one by one (table TEC-T1)."""
        return self.rows("TEC-T1")

    @cached_property
    def policies(self) -> pd.DataFrame:
        """The policies that may be shown one by one (table POL-T1)."""
        return self.rows("POL-T1")

    @cached_property
    def funding(self) -> pd.DataFrame:
        """The sources of money that may be shown one by one (table FIN-T1)."""
        return self.rows("FIN-T1")

    @cached_property
    def partners(self) -> pd.DataFrame:
        """The partners that may be shown one by one (table PAR-T1)."""
        return self.rows("PAR-T1")


def _beside(frame: pd.DataFrame, measure: str) -> pd.Series:
    """The addresses of another measure of the same clusters under the same codes."""
    return frame["cluster_id"] + "." + frame["code"] + f".{measure}"


def _name_breakdown(table: str, by: Sequence[str], value: str | None) -> str:
    return f"{table} by {', '.join(by)}{f', {value}' if value else ''}"
