"""From a printed number back to its cells: the walk over answers and measures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from annual_report.edition import read_edition
from annual_report.errors import MeasureError
from annual_report.measures.consent import is_public, name_place
from annual_report.measures.measure import ALL
from annual_report.measures.totals.totals import WITHHELD
from annual_report.project import Project
from annual_report.rates import CrossRate, Rates, read_rates
from annual_report.tables import ANSWERS, MEASURES, QUERIED, read_part, read_rows

PREVIOUS = "previous"
GATHERED = "gathered"
"""Folder of the tables of all clusters."""
_READ = {
    "measures": (
        MEASURES,
        (
            "id", "cluster", "number", "text", "unit", "formula", "method", "inputs", "consent",
            "flag",
        ),
    ),
    "answers": (
        ANSWERS,
        (
            "id", "cluster", "number", "reported", "status", "note", "workbook", "sheet", "cell",
            "consent", "flag",
        ),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Node:
    """One number with what it was made of.

    Parameters
    ----------
    kind
        ``answer`` (a cell of a return), ``measure`` or ``rate``.
    place
        Cluster, sheet and cell of an answer, from inside with the workbook in front; the source of
        a rate; empty for a measure.
    shown
        What the cell held as typed, or the result with its unit; ``withheld`` for what is not for
        publication, unless seen from inside.
    consent
        What the respondents allow, the strictest of them.
    number
        The number itself, in its unit, where it is one and may be seen.
    withheld
        Whether it may not be seen.
    """

    id: str
    kind: str
    shown: str
    formula: str = ""
    method: str = ""
    place: str = ""
    inputs: tuple[str, ...] = ()
    consent: str = "publish"
    number: float | None = None
    withheld: bool = False


@dataclass
class Lineage:
    """Looks numbers up by their address in the files of one edition.

    Tables are read one cluster at a time, when first asked for.

    Parameters
    ----------
    inside
        Whether for the author, who may see what is not for publication, and the names of files.
    """

    project: Project
    edition: str
    inside: bool = False
    _tables: dict[tuple[str, str], dict[str, dict[str, Any]]] = field(default_factory=dict)

    def find(self, number_id: str) -> Node:
        """Find one number.

        Raises
        ------
        MeasureError
            If no table of the edition has this address.
        """
        edition, _, bare = number_id.rpartition(":")
        before = bool(edition) and edition != self.edition
        if before and edition != self._previous:
            raise MeasureError(
                f"no numbers of edition {edition!r} beside those of {self.edition}",
                expected=" or ".join(filter(None, (self.edition, self._previous))),
                found=number_id,
                do=f"ask for annual-report explain {edition} {bare}",
            )
        cluster = bare.partition(".")[0]
        if cluster == "rate":
            return self._find_rate(bare)
        measure = self._read("measures", cluster, before).get(bare)
        if measure is not None:
            return self._show(_measure_node(number_id, measure), cluster)
        answer = self._read("answers", cluster, before).get(bare) if cluster != ALL else None
        if answer is not None:
            return self._show(_answer_node(number_id, answer, inside=self.inside), cluster)
        raise MeasureError(
            f"no number {number_id!r} in edition {self.edition}",
            where=f"data/processed/{self.edition}",
            expected="cluster.question.field, cluster.code.measure, all.code.measure or rate.…",
            do="copy an id from the report or from the data annex; run make report first",
        )

    def _show(self, node: Node, cluster: str) -> Node:
        """Take out of a number what may not be seen of it."""
        if self.inside or is_public(cluster, node.consent):
            return node
        return replace(node, shown=WITHHELD, formula="", number=None, withheld=True)

    def walk(self, number_id: str, *, depth: int = 0) -> Iterator[tuple[int, Node]]:
        """Yield a number and, indented below it, everything it was made of."""
        node = self.find(number_id)
        yield depth, node
        for part in node.inputs:
            inherited = part if ":" in part else _inherit(number_id, part)
            yield from self.walk(inherited, depth=depth + 1)

    def _find_rate(self, rate_id: str) -> Node:
        _, _, rest = rate_id.partition(".")
        currency, _, year = rest.partition(".")
        if not year.isascii() or not year.isdigit():
            raise MeasureError(
                "no such rate",
                expected="rate.currency.year, as rate.USD.2023, or rate.GBP-USD.2023",
                found=rate_id,
            )
        own, _, target = currency.partition("-")
        if target:
            return _cross_node(rate_id, self._rates.cross(own, target, int(year)))
        rate = self._rates.find(currency, int(year))
        return Node(
            rate_id,
            "rate",
            f"{rate.per_eur:.10g} {currency} per EUR, {year} average",
            place=rate.source,
        )

    @cached_property
    def _previous(self) -> str | None:
        return read_edition(self.project, self.edition).previous

    @cached_property
    def _rates(self) -> Rates:
        return read_rates(self.project.reference)

    def _read(self, name: str, cluster: str, before: bool) -> dict[str, dict[str, Any]]:
        key = (name, f"{PREVIOUS}:{cluster}" if before else cluster)
        if key not in self._tables:
            _, columns = _READ[name]
            rows = self._read_rows(name, cluster, before)
            self._tables[key] = {row[0]: dict(zip(columns, row, strict=True)) for row in rows}
        return self._tables[key]

    def _read_rows(self, name: str, cluster: str, before: bool) -> list[tuple[Any, ...]]:
        contract, columns = _READ[name]
        folder = self.project.processed(self.edition)
        if before:
            path = folder / PREVIOUS / f"{name}.parquet"
            where = ("cluster", cluster)
            return read_part(path, contract, where=where, columns=columns) if path.is_file() else []
        path = folder / name / f"{cluster}.parquet"
        return read_rows(path, contract, columns=columns) if path.is_file() else []


def _inherit(parent: str, part: str) -> str:
    edition, _, _ = parent.rpartition(":")
    return f"{edition}:{part}" if edition and not part.startswith("rate.") else part


def _cross_node(rate_id: str, rate: CrossRate) -> Node:
    return Node(
        rate_id,
        "rate",
        f"{rate.value:.10g} {rate.target.currency} per {rate.own.currency},"
        f" {rate.own.year} average",
        formula=rate.formula,
        inputs=(rate.target.id, rate.own.id),
    )


def _measure_node(number_id: str, record: dict[str, Any]) -> Node:
    number = record["number"]
    shown = record["text"] or "" if number is None else f"{_spell(number)} {record['unit'] or ''}"
    return Node(
        number_id,
        "measure",
        _mark(shown.strip(), record),
        formula=record["formula"],
        method=record["method"],
        inputs=tuple(record["inputs"]),
        consent=record["consent"],
        number=number,
        withheld=record["text"] == WITHHELD,
    )


def _spell(number: float) -> str:
    """Six digits, and all that stand before the point."""
    return f"{number:,.0f}" if abs(number) >= 1e5 else f"{number:,.6g}"


def _mark(shown: str, record: dict[str, Any]) -> str:
    return f"{shown} (queried)" if record["flag"] == QUERIED else shown


def _answer_node(number_id: str, record: dict[str, Any], *, inside: bool) -> Node:
    place = name_place(record)
    if inside:
        place = name_place({**record, "cluster": record["workbook"]})
    return Node(
        number_id,
        "answer",
        _mark(record["reported"] if record["reported"] is not None else record["status"], record),
        formula=record["note"] or "",
        place=place,
        consent=record["consent"],
        number=record["number"],
    )


def format_tree(lineage: Lineage, number_id: str) -> Iterator[str]:
    """Yield the lines of a tree: a number, its formula, and below it what it was made of.

    What stands in the tree twice is spelled out once.

    Raises
    ------
    MeasureError
        If no table of the edition has this address.
    """
    seen: set[str] = set()
    skip_below: int | None = None
    for depth, node in lineage.walk(number_id):
        if skip_below is not None and depth > skip_below:
            continue
        skip_below = depth if node.id in seen and node.inputs else None
        again = " (see above)" if skip_below is not None else ""
        seen.add(node.id)
        details = " · ".join(filter(None, (node.place, node.formula, node.method)))
        mark = f" [{node.consent}]" if lineage.inside and node.consent != "publish" else ""
        yield f"{'  ' * depth}{node.id} = {node.shown}{mark}{again}"
        if details and not again:
            yield f"{'  ' * depth}    {details}"
