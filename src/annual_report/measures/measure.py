"""One computed number with its way back: a row of the table of measures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

import pandas as pd

from annual_report.tables import MEASURES

ALL = "all"


@dataclass(frozen=True)
class Measure:
    """A result, its method, its formula with the numbers filled in, and its inputs.

    The columns are those of :data:`annual_report.tables.MEASURES`, which says what each means;
    ``id`` is made of cluster, code and measure.
    """

    edition: str
    cluster: str
    code: str
    measure: str
    method: str
    formula: str
    inputs: tuple[str, ...] = ()
    pillar: str | None = None
    number: float | None = None
    text: str | None = None
    unit: str | None = None
    year: int | None = None
    n: int | None = None
    of: int | None = None
    consent: str = "publish"
    flag: str | None = None
    note: str | None = None

    @property
    def id(self) -> str:
        return f"{self.cluster}.{self.code}.{self.measure}"


def to_frame(measures: Iterable[Measure]) -> pd.DataFrame:
    """Rows of the table of measures, in the order given."""
    names = [column.name for column in MEASURES.columns]
    records = [{"id": m.id, **asdict(m), "inputs": list(m.inputs)} for m in measures]
    return pd.DataFrame.from_records(records, columns=names)
