"""Run one notebook, and keep what it says the same from run to run."""

from __future__ import annotations

import json
import logging
import re
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annual_report import errors
from annual_report.errors import NotebookError
from annual_report.files import write_whole
from annual_report.running.kernels.cells import INJECTED, TRY_AGAIN, describe_place
from annual_report.running.kernels.imports import skip_needless
from annual_report.running.kernels.limits import Limits

if TYPE_CHECKING:
    from nbformat import NotebookNode

ENGINE = "annual-report"
NEW_FACE = "notebooks read an edition through `import annual_report as ar`: see docs/analysis.md"
_ADDRESS = re.compile(r"(?<= at )0x[0-9a-fA-F]{6,}")
_CELL_FILE = re.compile(r"[^\s\"']*ipykernel_\d+/\d+\.py")


def run_notebook(
    source: Path,
    output: Path,
    *,
    name: str,
    parameters: Mapping[str, str],
    limits: Limits,
    environment: Mapping[str, str],
) -> None:
    """Execute one notebook with papermill on a forked kernel and write the result whole.

    The kernel works in the notebook's own folder, as in JupyterLab.

    Raises
    ------
    NotebookError
        If a cell fails, a limit is passed or the kernel dies; names notebook, cluster and cell.
    """
    import_driver()  # only where a notebook runs: it takes longer than a run without changes
    import nbformat
    from papermill.engines import papermill_engines
    from papermill.exceptions import PapermillExecutionError
    from papermill.execute import raise_for_execution_errors
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    logging.getLogger("papermill").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of nbformat, about cells without an id: they get one
        node = nbformat.read(source, as_version=4)
        name_cells(node)
    try:
        # what papermill's execute_notebook does, but for its writing of what nobody reads
        prepared = load_notebook_node(node)
        if parameters:
            prepared = parameterize_notebook(prepared, dict(parameters))
        executed = papermill_engines.execute_notebook_with_engine(
            ENGINE,
            prepared,
            papermill_engines.nb_kernel_name(ENGINE, prepared),
            progress_bar=False,
            limits=limits,
            folder=str(source.parent),
            environment=environment,
            name=name,
        )
        raise_for_execution_errors(executed, None)
    except PapermillExecutionError as error:
        raise _explain(error, name=name, node=node, cluster=parameters.get("cluster")) from None
    _check_complete(executed, name=name, cluster=parameters.get("cluster"))
    strip_circumstances(executed)
    # in one line, which is written five times as fast
    write_whole(output, json.dumps(executed, sort_keys=True, ensure_ascii=False) + "\n")


def import_driver() -> None:
    """Import papermill and all else that drives a notebook."""
    with skip_needless():
        import papermill.execute

        import annual_report.running.kernels.client

        assert papermill.execute
        assert annual_report.running.kernels.client


def name_cells(node: NotebookNode) -> None:
    """Give cells without an id one that is the same in each run."""
    node.nbformat_minor = max(node.nbformat_minor, 5)
    for index, cell in enumerate(node.cells):
        cell.setdefault("id", f"cell-{index}")


def strip_circumstances(node: NotebookNode) -> None:
    """Remove what differs between two runs of the same notebook: times, paths, memory addresses."""
    node.metadata.pop("papermill", None)
    for cell in node.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if INJECTED in cell.metadata.get("tags", []):
            cell["id"] = INJECTED
        for output in cell.get("outputs", []):
            _strip_output(output)


def _strip_output(output: NotebookNode) -> None:
    if "text" in output:
        output["text"] = _strip_text(output["text"])
    if "text/plain" in output.get("data", {}):
        output["data"]["text/plain"] = _strip_text(output["data"]["text/plain"])


def _strip_text(text: str) -> str:
    return _ADDRESS.sub("0x0", _CELL_FILE.sub("cell", text))


def _explain(error: Any, *, name: str, node: NotebookNode, cluster: str | None) -> NotebookError:
    number = _find_number(error.source, node)
    lines = str(error.source).strip().splitlines()
    place = describe_place(name, cluster, number)
    if getattr(getattr(errors, str(error.ename), None), "stops_run", False):
        stopping = NotebookError(str(error.evalue), where=place)  # the fault is not the notebook's
        stopping.stops_run = True
        return stopping
    return NotebookError(
        f"{error.ename}: {error.evalue}" if error.evalue else str(error.ename),
        where=place,
        found=f"in the cell that begins with {lines[0]!r}" if lines else None,
        do=NEW_FACE if _asks_for_what_was(error) else TRY_AGAIN,
    )


def _asks_for_what_was(error: Any) -> bool:
    """Whether a notebook imports a part of the package that an older version had."""
    is_import = error.ename in ("ImportError", "ModuleNotFoundError")
    return is_import and "annual_report" in str(error.evalue)


def _find_number(source: str, node: NotebookNode) -> int:
    """Count cells from 1 as JupyterLab shows them, without the injected one."""
    sources = [cell.source for cell in node.cells]
    return sources.index(source) + 1 if source in sources else 1


def _check_complete(node: NotebookNode, *, name: str, cluster: str | None) -> None:
    """Refuse a notebook that has left Python politely before its last cell."""
    cells = [cell for cell in node.cells if INJECTED not in cell.metadata.get("tags", [])]
    for number, cell in enumerate(cells, 1):
        skipped = cell.cell_type != "code" or "skip-execution" in cell.metadata.get("tags", [])
        if not skipped and cell.source.strip() and cell.execution_count is None:
            raise NotebookError(
                "the notebook ended itself before its last cell",
                where=describe_place(name, cluster, number),
                expected="every cell to run",
                do="remove exit() or sys.exit() from the cells before",
            )
