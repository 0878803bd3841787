"""What somebody can work out who has two delivered data packages, and nothing else."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

Secret = tuple[str, str, str]
"""Edition, cluster and measure of a number that is withheld."""
Row = Mapping[str, str]


@dataclass(frozen=True)
class Package:
    """The tables of one delivered edition, as text."""

    edition: str
    totals: Mapping[str, Row]
    measures: Mapping[str, Row]

    def list_answers(self, measure: str) -> dict[str, float | None]:
        """What each cluster answered; None where that is withheld."""
        found = {}
        for key, row in self.measures.items():
            cluster, _, name = key.partition(".")
            if name == measure and (row["number"] or row["number_mark"] == "withheld"):
                found[cluster] = float(row["number"]) if row["number"] else None
        return found


@dataclass
class Equations:
    """Linear equations over what is withheld."""

    rows: list[tuple[dict[Secret, float], float]] = field(default_factory=list)

    def add(self, package: Package, measure: str, clusters: set[str], total: float) -> None:
        """Add that the answers of some clusters make a total."""
        answers = package.list_answers(measure)
        known = sum(answers[c] or 0.0 for c in clusters)
        hidden = {(package.edition, c, measure): 1.0 for c in clusters if answers[c] is None}
        if hidden:
            self.rows.append((hidden, total - known))

    def solve(self) -> dict[Secret, float]:
        """Give the unknowns that have one solution, however many others have not."""
        names = sorted({name for hidden, _ in self.rows for name in hidden})
        if not names:
            return {}
        matrix = np.zeros((len(self.rows), len(names)))
        for place, (hidden, _) in enumerate(self.rows):
            for name, factor in hidden.items():
                matrix[place, names.index(name)] = factor
        right = np.array([rest for _, rest in self.rows])
        values = np.linalg.lstsq(matrix, right, rcond=None)[0]
        _, sizes, axes = np.linalg.svd(matrix, full_matrices=True)
        free = axes[int((sizes > 1e-9).sum()) :]
        fixed = np.abs(free).max(axis=0, initial=0.0) < 1e-9
        return {name: float(v) for name, v, f in zip(names, values, fixed, strict=True) if f}


def read_package(folder: Path, edition: str) -> Package:
    """Read a data package."""
    return Package(edition, *(_read(folder / f"{name}.csv") for name in ("totals", "measures")))


def _read(path: Path) -> dict[str, Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def recover(now: Package, before: Package) -> dict[Secret, float]:
    """Recover what sums and their differences give away, in both editions and under all names."""
    equations = Equations()
    for package in (now, before):
        for total, measure in _name_sums(package):
            answers = package.list_answers(measure)
            _add_sum(equations, package, package, total, measure, [set(answers)])
    for code in {key.split(".")[1] for key in now.totals if ".cohort" in key}:
        measure = f"{code}.value"
        sides = {"cohort": now, "cohort-before": before}
        answers = [package.list_answers(measure) for package in sides.values()]
        both = set(answers[0]) & set(answers[1])
        public = {c for c in both if None not in (answers[0][c], answers[1][c])}
        for name, package in sides.items():
            _add_sum(equations, now, package, f"all.{code}.{name}", measure, [both, public])
    _add_same(equations, now, before)
    return equations.solve()


def _name_sums(package: Package) -> Iterator[tuple[str, str]]:
    for key in package.totals:
        _, code, *name = key.split(".")
        if name == ["total"]:
            yield key, f"{code}.value"
        elif name[-1] == "total":
            yield key, f"{code}.{name[0]}.standard"
    yield "all.funding.needed", "FIN-01.value.standard"


def _add_sum(
    equations: Equations,
    where: Package,
    package: Package,
    total: str,
    measure: str,
    members: list[set[str]],
) -> None:
    """Add a printed sum, if it is plain from its n which clusters stand behind it."""
    row = where.totals.get(total)
    if row and row["number"]:
        chosen = next((m for m in members if len(m) == float(row["n"])), None)
        if chosen is not None:
            equations.add(package, measure, chosen, float(row["number"]))


def _add_same(equations: Equations, *packages: Package) -> None:
    """Add that a headline of one question is the answer to it."""
    for package in packages:
        for head, question in (("HEAD-POTENTIAL", "CLU-10"), ("HEAD-GDP", "CLU-11")):
            for cluster in package.list_answers(f"{head}.value"):
                pair = ((head, "value"), (question, "value.standard"))
                names = [(package.edition, cluster, f"{c}.{m}") for c, m in pair]
                equations.rows.append((dict(zip(names, (1.0, -1.0), strict=True)), 0.0))
