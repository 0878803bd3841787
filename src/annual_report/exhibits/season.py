"""All that is known of one edition, as exhibits ask for it: numbers come with their way back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd

from annual_report.edition import Cluster, Edition, read_edition
from annual_report.errors import ExhibitError
from annual_report.exhibits.model import Mark, Number
from annual_report.exhibits.queried import query_number
from annual_report.exhibits.typesetting import typeset
from annual_report.framework import Framework, read_framework
from annual_report.measures.answers import USABLE
from annual_report.measures.consent import FILE, hide_answers, hide_findings, is_public
from annual_report.measures.lineage import GATHERED, PREVIOUS, Lineage
from annual_report.measures.measure import ALL
from annual_report.measures.register import list_leavers
from annual_report.measures.totals import WITHHELD
from annual_report.numbers import (
    COUNT,
    Style,
    choose_style,
    format_count,
    format_in_full,
    format_number,
    write_numbers_in,
)
from annual_report.project import Project, find_project
from annual_report.rates import Rates, read_rates
from annual_report.tables import (
    ANSWERS,
    FINDINGS,
    MEASURES,
    QUERIED,
    RETURNS,
    list_records,
    read_part,
    read_rows,
    read_table,
)

CELLS_SHOWN = 3


@dataclass(frozen=True)
class Measured:
    """One row of the table of measures, as an exhibit uses it.

    Of what is not for publication there is neither number nor formula; its text is ``withheld`` if
    there was something to withhold.
    """

    id: str
    cluster: str
    code: str
    measure: str
    number: float | None
    text: str | None
    unit: str | None
    year: int | None
    n: int | None
    of: int | None
    method: str
    formula: str
    consent: str
    note: str | None
    flag: str | None = None

    @property
    def is_queried(self) -> bool:
        return self.flag == QUERIED

    @property
    def is_public(self) -> bool:
        return self.consent == "publish"

    @property
    def is_known(self) -> bool:
        """Whether there is a number, be it withheld."""
        return self.number is not None or self.text == WITHHELD


@dataclass
class Season:
    """One edition: its register, framework, and the tables that the pipeline left on disk.

    Whatever it gives may be printed: what respondents gave for totals only, or not at all, comes
    as a row without content, and no file of theirs is named. Tables are read when first asked for. Of other clusters than ``cluster`` only what is asked
    for is read: the measures of one code, the answers to one question.

    Parameters
    ----------
    cluster
        The one cluster that a profile is about: its own tables are read, and nobody else's.
    """

    project: Project
    edition: Edition
    framework: Framework
    cluster: str | None = None
    _clusters: dict[str, dict[str, Measured]] = field(default_factory=dict)
    _codes: dict[str, dict[str, Measured]] = field(default_factory=dict)
    _answers: dict[str, pd.DataFrame] = field(default_factory=dict)

    @cached_property
    def lineage(self) -> Lineage:
        return Lineage(self.project, self.edition.edition)

    @cached_property
    def rates(self) -> Rates:
        """Exchange rates that amounts were converted at."""
        return read_rates(self.project.reference)

    @cached_property
    def returns(self) -> pd.DataFrame:
        """One row for each register entry, in the order of the register; or that of `cluster`."""
        own = self._folder / "returns" / f"{self.cluster}.parquet"
        is_alone = self.cluster is not None and own.is_file()
        path = own if is_alone else self._folder / "returns.parquet"
        names = [c.name for c in RETURNS.columns if c.name not in FILE]
        return read_table(path, RETURNS, columns=names)

    @cached_property
    def before(self) -> dict[str, Measured]:
        """Totals of the edition before this one; empty if there is none."""
        path = self._folder / PREVIOUS / "measures.parquet"
        if self.edition.previous is None or not path.is_file():
            return {}
        rows = read_part(path, MEASURES, where=("cluster", ALL), columns=_MEASURED)
        return _list_measured(rows)

    @cached_property
    def left(self) -> list[Cluster]:
        """Who stood on the register of the edition before and does not on this one, by name."""
        if self.edition.previous is None:
            return []
        return list_leavers(self.edition, read_edition(self.project, self.edition.previous))

    @cached_property
    def answered(self) -> list[Cluster]:
        """Register entries whose return was read and measured, in the order of the register."""
        states = dict(zip(self.returns["cluster"], self.returns["state"], strict=True))
        return [c for c in self.edition.clusters if states.get(c.id) == "answered"]

    @property
    def _gathered(self) -> Path:
        """Folder of the tables of all clusters, each sorted by code."""
        return self._folder / GATHERED

    @property
    def _folder(self) -> Path:
        return self.project.processed(self.edition.edition)

    def measures_of(self, cluster: str = ALL) -> dict[str, Measured]:
        """The measures of one cluster, or the totals, by id; empty where there are none."""
        if cluster not in self._clusters:
            path = self._folder / "measures" / f"{cluster}.parquet"
            if cluster == ALL and self.cluster is not None:
                path = self._folder / "peers.parquet"
            rows = read_rows(path, MEASURES, columns=_MEASURED) if path.is_file() else []
            self._clusters[cluster] = _list_measured(rows)
        return self._clusters[cluster]

    def measures_under(self, code: str) -> dict[str, Measured]:
        """The measures of all clusters under one code, by id."""
        if code not in self._codes:
            self._codes[code] = {m.id: m for m in self.measures_where("code", code)}
        return self._codes[code]

    def measures_where(self, column: str, value: str) -> list[Measured]:
        """The measures of all clusters with one value in a column, the codes in their order."""
        path = self._gathered / "measures.parquet"
        rows = read_part(path, MEASURES, where=(column, value), columns=_MEASURED)
        return list(_list_measured(rows).values())

    def answers_of(self, cluster: str) -> pd.DataFrame:
        """The answers of one cluster, without what is not for publication; none where it sent none."""
        if cluster not in self._answers:
            path = self._folder / "answers" / f"{cluster}.parquet"
            answers = read_table([path] if path.is_file() else [], ANSWERS)
            self._answers[cluster] = hide_answers(answers)
        return self._answers[cluster]

    def answers_where(self, column: str, value: str) -> list[dict[str, Any]]:
        """The answers of all clusters with one value in a column, such as a question's code."""
        names = [c.name for c in ANSWERS.columns]
        path = self._gathered / "answers.parquet"
        rows = read_part(path, ANSWERS, where=(column, value), columns=names)
        return list_records(hide_answers(pd.DataFrame.from_records(rows, columns=names)))

    def count_private(self) -> tuple[int, int]:
        """How many answers are for totals only, and how many are used in all."""
        path = self._gathered / "answers.parquet"
        answers = read_table(path, ANSWERS, columns=("cluster", "status", "consent"))
        used = answers[answers["status"].isin(USABLE) & (answers["consent"] != "do not use")]
        mine = used[used["cluster"].isin([c.id for c in self.answered])]
        return int((mine["consent"] == "aggregate only").sum()), len(mine)

    @cached_property
    def findings(self) -> pd.DataFrame:
        """Code, severity and cluster of every finding."""
        path = self._gathered / "findings.parquet"
        return read_table(path, FINDINGS, columns=("code", "severity", "cluster"))

    def findings_of(self, cluster: str) -> pd.DataFrame:
        """The findings about one cluster's return; without words where they are not public."""
        path = self._folder / "findings" / f"{cluster}.parquet"
        found = read_table([path] if path.is_file() else [], FINDINGS)
        return hide_findings(found, self.framework, self._list_private(cluster))

    def _list_private(self, cluster: str) -> set[str]:
        """Questions to which not every answer is for publication, this year or last year."""
        answers = self.answers_of(cluster)
        private = set(answers.loc[answers["consent"] != "publish", "question"])
        before = self._folder / PREVIOUS / "answers.parquet"
        if self.edition.previous is not None and before.is_file():
            columns = ("question", "consent")
            rows = read_part(before, ANSWERS, where=("cluster", cluster), columns=columns)
            private |= {question for question, consent in rows if consent != "publish"}
        return private

    def find(self, number_id: str) -> Measured | None:
        """One measure by its id, or None where nothing was measured."""
        cluster, _, rest = number_id.partition(".")
        if cluster == ALL or self.cluster is not None or not self._is_gathered:
            return self.measures_of(cluster).get(number_id)
        return self.measures_under(rest.partition(".")[0]).get(number_id)

    @cached_property
    def _is_gathered(self) -> bool:
        """Whether the clusters' tables have been put together, as before the gathering not."""
        return (self._gathered / "measures.parquet").is_file()

    def value(self, number_id: str) -> float | None:
        """The number of a measure; None where it is missing or withheld."""
        found = self.find(number_id)
        return found.number if found else None

    def number(self, number_id: str, style: Style | None = None) -> Number:
        """A printable number with its lineage; a mark where it is missing or withheld.

        What a cluster released for totals only is withheld wherever it would stand alone.
        """
        found = self.find(number_id)
        if found is None:
            return Number(text="", mark="missing", id=number_id, source="not answered")
        return self.print_measured(found, style)

    def print_measured(self, found: Measured, style: Style | None = None) -> Number:
        """As :meth:`number`, for a measure at hand."""
        mark = _find_mark(found)
        if mark:
            reason = "withheld to protect a respondent" if mark == WITHHELD else found.text or ""
            return Number(text="", mark=mark, id=found.id, source=reason)
        if found.number is None:
            words = Number(text=found.text or "", id=found.id, source=self.describe_source(found))
            return query_number(words) if found.is_queried else words
        chosen = style or choose_style(found.number, found.unit or "count")
        number = Number(
            text=format_number(found.number, chosen, self.edition.locale),
            value=found.number,
            id=found.id,
            source=self.describe_source(found),
        )
        return query_number(number) if found.is_queried else number

    def describe_source(self, found: Measured) -> str:
        """The lineage of a number in a few lines: formula, n of N, first cells."""
        lines = [found.formula]
        if found.n is not None and found.of is not None and found.cluster == ALL:
            lines.append(
                f"{format_count(found.n)} of {format_count(found.of)} clusters, {found.year}"
            )
        if self.cluster is not None and found.cluster == ALL:  # the cells are those of others
            return "\n".join(line for line in lines if line)
        cells = list(islice(self.lineage.find_cells(found.id), CELLS_SHOWN + 1))
        lines += [cell.place for cell in cells[:CELLS_SHOWN]]
        if len(cells) > CELLS_SHOWN:
            lines.append("and more cells: see the data annex")
        return "\n".join(line for line in lines if line)

    def count(self, number: float) -> Number:
        """A printable count that is none of the measures, such as one of findings or rows."""
        return Number(text=self.print_number(number, COUNT), value=float(number))

    def print_number(self, value: float, style: Style) -> str:
        """Format a number that stands in a text of its own, such as an axis label."""
        return format_number(value, style, self.edition.locale)

    def print_in_full(self, value: float) -> str:
        """Format a number with all the decimals that somebody typed."""
        return format_in_full(value, self.edition.locale)

    def name_of(self, cluster: str) -> str:
        return self.edition.cluster(cluster).name


def read_season(edition: str | int, cluster: str | None = None) -> Season:
    """Open an edition for exhibits, from the project that holds the working folder.

    Parameters
    ----------
    edition
        Its name; a year may be given as a number.
    cluster
        The one cluster that the notebook is about, if it is about one.

    Raises
    ------
    ExhibitError
        If the edition has not been gathered yet.
    """
    project = find_project()
    framework = typeset(read_framework(project))
    season = Season(project, read_edition(project, edition), framework, cluster)
    name = season.edition.edition
    write_numbers_in(season.edition.locale)
    if not (project.processed(name) / "returns.parquet").is_file():
        raise ExhibitError(
            f"edition {name} has no measures yet",
            where=str(project.processed(name).relative_to(project.root)),
            do=f"run make report EDITION={name} once, then open the notebook again",
        )
    return season


_MEASURED = tuple(Measured.__annotations__)


def _list_measured(rows: Iterable[tuple[Any, ...]]) -> dict[str, Measured]:
    return {row[0]: _hide(Measured(*row)) for row in rows}


def _hide(found: Measured) -> Measured:
    """Leave of a measure that is not for publication only that there is one."""
    if is_public(found.cluster, found.consent):
        return found
    known = found.number is not None or found.measure == "verdict"
    return replace(
        found, number=None, text=WITHHELD if known else None, year=None, n=None, of=None,
        formula=WITHHELD, note=None,
    )  # fmt: skip


def _find_mark(found: Measured) -> Mark:
    if found.text == WITHHELD or not is_public(found.cluster, found.consent):
        return "withheld"
    if found.number is not None or found.measure == "verdict":
        return ""
    if found.text == "not applicable":
        return "not applicable"
    return "queried" if found.is_queried else "missing"
