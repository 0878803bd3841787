"""Notebooks as the plan sees them: what they are, not what they showed."""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annual_report.errors import RunError
from annual_report.project import Project
from annual_report.running.steps.inputs import SETTINGS, TABLES, Reads

AFTER_GATHER = "gather"


@dataclass(frozen=True)
class Notebook:
    """A notebook without its outputs.

    Parameters
    ----------
    name
        Path in the project, as in ``notebooks/cluster/01-ingest.ipynb``.
    content
        Sources of the cells and what of the metadata matters, for the fingerprint.
    code_cells
        Sources of the code cells, for what they import.
    after_gather
        Whether it runs only when the tables of all clusters are there.
    reads
        What it reads; everything if it does not say.
    """

    path: Path
    name: str
    content: str
    code_cells: tuple[str, ...]
    after_gather: bool
    reads: Reads

    @property
    def beside(self) -> str:
        """Pattern, in the project, of the modules that it can import from its own folder."""
        return f"{Path(self.name).parent.as_posix()}/**/*.py"

    @property
    def code(self) -> str:
        """Source of all code cells."""
        return "\n".join(self.code_cells)


def read_notebooks(project: Project, folder: str, *, parameters: tuple[str, ...]) -> list[Notebook]:
    """Read the notebooks of one folder in the order of their names.

    Raises
    ------
    RunError
        If one is no notebook, does not take these parameters, or says something unknown of itself.
    """
    paths = sorted((project.notebooks / folder).glob("*.ipynb"))
    return [_read_notebook(project, path, parameters) for path in paths]


def _read_notebook(project: Project, path: Path, parameters: tuple[str, ...]) -> Notebook:
    name = path.relative_to(project.root).as_posix()
    try:
        node = json.loads(path.read_text(encoding="utf-8"))
        cells = [_trim_cell(cell) for cell in node["cells"]]
        metadata = {k: node["metadata"].get(k) for k in ("kernelspec", "annual_report")}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RunError("not a notebook", where=name, found=repr(error)) from None
    _check_parameters(name, cells, parameters)
    ours = metadata["annual_report"] or {}
    _check_settings(name, ours)
    return Notebook(
        path,
        name,
        content=json.dumps([cells, metadata], sort_keys=True),
        code_cells=tuple(c["source"] for c in cells if c["cell_type"] == "code"),
        after_gather=ours.get("after") == AFTER_GATHER,
        reads=tuple(ours["reads"]) if "reads" in ours else None,
    )


def _trim_cell(cell: dict[str, Any]) -> dict[str, Any]:
    source = cell["source"]
    return {
        "cell_type": cell["cell_type"],
        "source": source if isinstance(source, str) else "".join(source),
        "metadata": cell.get("metadata", {}),
        "id": cell.get("id"),
    }


def _check_settings(name: str, ours: dict[str, Any]) -> None:
    allowed = {"after": [AFTER_GATHER], "reads": [*TABLES, *SETTINGS]}
    for key, value in ours.items():
        values = value if isinstance(value, list) else [value]
        if key not in allowed or not set(values) <= set(allowed[key]):
            raise RunError(
                "the notebook says something unknown of itself",
                where=f"{name}, metadata.annual_report.{key}",
                expected=", ".join(allowed.get(key, allowed)),
                found=json.dumps(value),
            )


def _check_parameters(name: str, cells: list[dict[str, Any]], parameters: tuple[str, ...]) -> None:
    tagged = [c for c in cells if "parameters" in c["metadata"].get("tags", [])]
    if len(tagged) != 1:
        raise RunError(
            f"the notebook has {'two cells' if tagged else 'no cell'} for its parameters",
            where=name,
            expected="one code cell with the tag 'parameters'",
            do=f"give {' and '.join(parameters)} a value in one cell, and tag it 'parameters'",
        )
    known = _list_assigned(name, tagged[0]["source"])
    if missing := [p for p in parameters if p not in known]:
        raise RunError(
            f"the notebook does not know the parameter {missing[0]!r}",
            where=name,
            expected=", ".join(parameters),
            found=", ".join(known) or "no parameter",
            do="give each a default value in the cell that is tagged 'parameters'",
        )


def _list_assigned(name: str, source: str) -> list[str]:
    try:
        statements = ast.parse(source).body
    except SyntaxError as error:
        raise RunError("the parameters are not Python", where=name, found=str(error)) from None
    names: list[str] = []
    for statement in statements:
        if isinstance(statement, ast.Assign):
            names += [t.id for t in statement.targets if isinstance(t, ast.Name)]
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            names.append(statement.target.id)
    return names
