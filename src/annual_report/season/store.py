"""Where frames come from: the public tables of one edition, in the house or in its data package."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pandas as pd

from annual_report.edition import Edition
from annual_report.framework import Framework
from annual_report.measures.measure import ALL
from annual_report.measures.public import (
    PUBLIC_ANSWERS,
    PUBLIC_FINDINGS,
    PUBLIC_MEASURES,
    PUBLIC_RETURNS,
)
from annual_report.measures.quantities import METHOD as QUANTITIES
from annual_report.tables import Contract, read_table, select_rows


@dataclass
class Store:
    """The public tables of one edition.

    Parameters
    ----------
    folder
        Holds ``measures.parquet`` and ``answers.parquet``, each sorted by code.
    cluster
        The one cluster that is asked about: its own part is read, and nobody else's.
    before
        The edition before, if there is one: its tables are in ``previous``.
    """

    folder: Path
    edition: Edition
    framework: Framework
    cluster: str | None = None
    before: Edition | None = None
    _measures: dict[str, pd.DataFrame] = field(default_factory=dict)
    _answers: dict[str, pd.DataFrame] = field(default_factory=dict)
    _parts: dict[str, pd.DataFrame] = field(default_factory=dict)

    def measures(self, code: str) -> pd.DataFrame:
        """The public measures under one code, of totals and of every cluster that may be read."""
        if code not in self._measures:
            self._measures[code] = self._read("measures", PUBLIC_MEASURES, ("code", code))
        return self._measures[code]

    def answers(self, question: str) -> pd.DataFrame:
        """The public answers to one question or table."""
        if question not in self._answers:
            self._answers[question] = self._read("answers", PUBLIC_ANSWERS, ("question", question))
        return self._answers[question]

    def totals(self) -> pd.DataFrame:
        """Every total over the clusters."""
        return select_rows(self.folder / "measures.parquet", PUBLIC_MEASURES, ("cluster", ALL))

    def returns(self) -> pd.DataFrame:
        """What became of each return."""
        return self._read_small("returns", PUBLIC_RETURNS)

    def findings(self) -> pd.DataFrame:
        """What was found in each return, in words where they may be read."""
        return self._read_small("findings", PUBLIC_FINDINGS)

    def corrected(self) -> pd.DataFrame:
        """The answers that were corrected or confirmed."""
        return self._read("answers", PUBLIC_ANSWERS, ("status", "corrected"))

    def quantities(self) -> pd.DataFrame:
        """Every reported number in the unit that was asked for, or why it could not be converted."""
        return self._read("measures", PUBLIC_MEASURES, ("method", QUANTITIES))

    def list_inputs(self) -> pd.Series:
        """What the public measures of clusters were computed from, one a row."""
        path = self.folder / "measures.parquet"
        found = read_table(path, PUBLIC_MEASURES, columns=("cluster", "inputs"))
        return found.loc[found["cluster"] != ALL, "inputs"].explode().dropna()

    def list_marks(self) -> pd.DataFrame:
        """Status and mark of every answer."""
        if self.cluster is not None:
            return self._read("answers", PUBLIC_ANSWERS, ("cluster", self.cluster))
        path = self.folder / "answers.parquet"
        return read_table(path, PUBLIC_ANSWERS, columns=("cluster", "status", "mark"))

    @cached_property
    def previous(self) -> Store | None:
        """The tables of the edition before; None where there is none."""
        folder = self.folder / "previous"
        if self.before is None or not (folder / "measures.parquet").is_file():
            return None
        return Store(folder, self.before, self.framework, self.cluster)

    def _read_small(self, name: str, contract: Contract) -> pd.DataFrame:
        """Read a whole table, or the cluster's own rows; of the edition before there may be none."""
        if self.cluster is not None:
            return self._read(name, contract, ("cluster", self.cluster))
        path = self.folder / f"{name}.parquet"
        return read_table([path] if path.is_file() else [], contract)

    def _read(self, name: str, contract: Contract, where: tuple[str, str]) -> pd.DataFrame:
        if self.cluster is None:
            return select_rows(self.folder / f"{name}.parquet", contract, where)
        if name not in self._parts:
            self._parts[name] = self._read_part(name, contract)
        frame = self._parts[name]
        column, value = where
        return frame[frame[column] == value].reset_index(drop=True)

    def _read_part(self, name: str, contract: Contract) -> pd.DataFrame:
        """Read the cluster's own rows of a table, and of measures what stands beside them."""
        cluster = str(self.cluster)
        parts = self.folder / "clusters"
        part = parts / cluster / f"{name}.parquet"
        if parts.is_dir():
            frame = read_table([part] if part.is_file() else [], contract)
        else:  # a data package has the whole tables only
            whole = self.folder / f"{name}.parquet"
            frame = select_rows(whole, contract, ("cluster", cluster))
        if name != "measures":
            return frame
        return pd.concat([frame, read_table(self.folder / "peers.parquet", contract)])
