"""Where frames come from: the public tables of one edition, in the house or in its data package."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from annual_report.edition import Edition
from annual_report.framework import Framework
from annual_report.measures.indicators.quantities import METHOD as QUANTITIES
from annual_report.measures.measure import ALL
from annual_report.measures.public import (
    PUBLIC_ANSWERS,
    PUBLIC_FINDINGS,
    PUBLIC_MEASURES,
    PUBLIC_RETURNS,
)
from annual_report.tables import read_table

CONTRACTS = {
    "measures": PUBLIC_MEASURES,
    "answers": PUBLIC_ANSWERS,
    "returns": PUBLIC_RETURNS,
    "findings": PUBLIC_FINDINGS,
}

_FOUND = (
    "cluster", "code", "measure", "number", "text", "unit", "mark", "flag", "year", "n", "of",
)  # fmt: skip
"""What frames take of a measure."""


@dataclass
class Store:
    """The public tables of one edition.

    Parameters
    ----------
    folder
        Holds ``measures.parquet`` and ``answers.parquet``.
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
    _tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    _places: dict[str, Mapping[Any, Any]] = field(default_factory=dict)

    def measures(self, code: str) -> pd.DataFrame:
        """The public measures under one code, of totals and of every cluster that may be read."""
        return self._select("measures", "code", code)

    def find(self, ids: Sequence[str]) -> pd.DataFrame:
        """The public measures at these addresses, in their order; all but ``id`` is empty if none is."""
        return self._measured.reindex(pd.Index(ids, name="id")).reset_index()

    @cached_property
    def _measured(self) -> pd.DataFrame:
        return self.read("measures").set_index("id")[[*_FOUND]]

    def answers(self, question: str) -> pd.DataFrame:
        """The public answers to one question or table."""
        return self._select("answers", "question", question)

    def totals(self) -> pd.DataFrame:
        """Every total over the clusters."""
        found = self.read("measures")
        return found[found["cluster"] == ALL].reset_index(drop=True)

    def corrected(self) -> pd.DataFrame:
        """The answers that were corrected or confirmed."""
        found = self.read("answers")
        return found[found["status"] == "corrected"].reset_index(drop=True)

    def quantities(self) -> pd.DataFrame:
        """Every reported number in the unit that was asked for, or why it could not be converted."""
        found = self.read("measures")
        return found[found["method"] == QUANTITIES].reset_index(drop=True)

    @cached_property
    def previous(self) -> Store | None:
        """The tables of the edition before; None where there is none."""
        folder = self.folder / "previous"
        if self.before is None or not (folder / "measures.parquet").is_file():
            return None
        return Store(folder, self.before, self.framework, self.cluster)

    def read(self, name: str) -> pd.DataFrame:
        """A whole public table, read once; of one cluster, its own rows and who stands beside it."""
        if name not in self._tables:
            self._tables[name] = self._read(name)
        return self._tables[name]

    def _select(self, name: str, column: str, value: str) -> pd.DataFrame:
        if name not in self._places:
            self._places[name] = self.read(name).groupby(column, sort=False).indices
        return self.read(name).take(self._places[name].get(value, [])).reset_index(drop=True)

    def _read(self, name: str) -> pd.DataFrame:
        contract = CONTRACTS[name]
        whole = self.folder / f"{name}.parquet"
        if self.cluster is None:  # the edition before publishes neither returns nor findings
            is_there = whole.is_file() or name in ("measures", "answers")
            return read_table([whole] if is_there else [], contract)
        parts = self.folder / "clusters"
        if parts.is_dir():
            part = parts / self.cluster / whole.name
            frame = read_table([part] if part.is_file() else [], contract)
        else:  # a data package has the whole tables only
            frame = read_table(whole, contract)
            frame = frame[frame["cluster"] == self.cluster]
        if name == "measures":
            frame = pd.concat([frame, read_table(self.folder / "peers.parquet", contract)])
        return frame.reset_index(drop=True)
