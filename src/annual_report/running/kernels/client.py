"""nbclient's client, held to limits: on an ordinary kernel, and on one forked from the warm parent."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Mapping
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

import nbformat
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NotebookExecutionManager
from traitlets import Instance

from annual_report.errors import NotebookError
from annual_report.running.kernels.cells import INJECTED, TRY_AGAIN, describe_place
from annual_report.running.kernels.child import Child
from annual_report.running.kernels.forking import fork_child
from annual_report.running.kernels.limits import MEGABYTE, Limits
from annual_report.running.kernels.messages import Request

GOODBYE_SECONDS = 10.0


class TooMuchOutputError(Exception):
    """The notebook has printed and shown more than it may."""


class LimitedClient(PapermillNotebookClient):  # type: ignore[misc]
    """Executes a notebook on an ordinary kernel, for so long and with so much output."""

    limits = Instance(Limits, args=())

    def __init__(self, manager: NotebookExecutionManager, **traits: Any) -> None:
        super().__init__(manager, **traits)
        self.deadline = 0.0
        self.received = 0
        self.current = 0
        self.timeout_func = self.find_rest

    def find_rest(self, cell: nbformat.NotebookNode) -> float:
        """Return the seconds that are left for this cell and all after it."""
        return max(0.001, self.deadline - time.monotonic())

    def execute(self, **start: Any) -> nbformat.NotebookNode:
        """Execute all cells; ``start`` is what the kernel is started with."""
        self.km = self.create_kernel_manager()
        executed: nbformat.NotebookNode = super().execute(**start)
        return executed

    def execute_limited(self, *, notebook: str | None, **start: Any) -> None:
        """Execute all cells and explain in our words what ended it early.

        Raises
        ------
        NotebookError
            If a limit is passed or the kernel dies.
        """
        try:
            self.execute(**start)
        except (CellTimeoutError, DeadKernelError, TooMuchOutputError) as error:
            raise NotebookError(
                _explain(error, self.limits),
                where=_describe(self.nb, self.current, name=notebook),
                do=TRY_AGAIN,
            ) from None

    def papermill_execute_cells(self) -> None:
        """Execute cell after cell, up to the first that raises, and keep papermill's books."""
        self.deadline = time.monotonic() + self.limits.seconds
        for index, cell in enumerate(self.nb.cells):
            self.current = index  # for the message, if it is the last
            self.nb_man.cell_start(cell, index)
            try:
                self.execute_cell(cell, index)
            except CellExecutionError as error:
                self.nb_man.cell_exception(cell, cell_index=index, exception=error)
                break
            finally:
                self.nb_man.cell_complete(cell, cell_index=index)

    def process_message(self, message: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """Count what a message brings before it is kept."""
        self.received += _measure_output(message)
        if self.received > self.limits.output_mb * MEGABYTE:
            raise TooMuchOutputError
        return super().process_message(message, *args, **kwargs)


class ForkedClient(LimitedClient):
    """Executes a notebook on a kernel that is forked from the warm parent.

    The kernel is that of :mod:`annual_report.running.kernels.kernel_process`; what it says comes over one
    connection, and nbclient makes outputs of it.
    """

    child: Child

    def execute(self, **start: Any) -> nbformat.NotebookNode:
        """Execute all cells; ``start`` gives the environment, and may give the folder."""
        self.reset_execution_trackers()
        request = Request(
            "annual_report.running.kernels.kernel_process:run_kernel",
            (),
            self.limits,
            environment=dict(start["env"]),
            cwd=self.resources.get("metadata", {}).get("path") or str(Path.cwd()),
            talks=True,
            early=True,
        )
        with fork_child(request) as self.child:
            language = self._hear(self.startup_timeout)
            self.papermill_execute_cells()
            self.nb.metadata["language_info"] = language
            self.set_widgets_metadata()
            self._say_goodbye()
        executed: nbformat.NotebookNode = self.nb
        return executed

    def execute_cell(self, cell: nbformat.NotebookNode, index: int) -> nbformat.NotebookNode:
        """Execute one cell as nbclient does on an ordinary kernel."""
        tags = cell.metadata.get("tags", [])
        skipped = cell.cell_type != "code" or self.skip_cells_with_tag in tags
        if skipped or not cell.source.strip():
            return cell
        cell.outputs = []
        self.clear_before_next_output = False
        self.code_cells_executed += 1
        assert self.child.line is not None
        with contextlib.suppress(BrokenPipeError):  # found out below
            self.child.line.send(cell.source)
        while (message := self._hear(self.find_rest(cell)))["msg_type"] != "execute_reply":
            self.process_message(message, cell, index)
        reply = message["content"]
        cell.execution_count = reply["execution_count"]
        if reply["status"] == "error" and not self._may_fail(cell, reply):
            raise CellExecutionError.from_cell_and_msg(cell, reply)
        return cell

    def output(self, outputs: list[Any], *args: Any) -> Any:
        """Keep an output; what is printed in a row to one stream is one output."""
        output = super().output(outputs, *args)
        if len(outputs) > 1 and output is outputs[-1] and output.output_type == "stream":
            before = outputs[-2]
            if before.output_type == "stream" and before.name == output.name:
                before.text += output.text
                outputs.pop()
        return output

    def _may_fail(self, cell: nbformat.NotebookNode, reply: Mapping[str, Any]) -> bool:
        allowed = self.allow_errors or reply["ename"] in self.allow_error_names
        tagged = "raises-exception" in cell.metadata.get("tags", [])
        return not self.force_raise_errors and (allowed or tagged)

    def _hear(self, seconds: float) -> Any:
        """Wait for what the kernel says next, or for its end."""
        assert self.child.line is not None
        try:
            heard = wait([self.child.line, self.child.connection], seconds)
            if self.child.line in heard:
                return self.child.line.recv()
        except (EOFError, ConnectionResetError):
            heard = [self.child.connection]
        if heard:  # a process that the notebook has left behind may hold the line open
            self._await_end()  # raises what went wrong in our own part of it
            raise DeadKernelError("Kernel died")
        raise CellTimeoutError(f"no word within {seconds:g} s")

    def _say_goodbye(self) -> None:
        """Let the kernel write what the notebook has left open, and end it."""
        assert self.child.line is not None
        self.child.line.close()
        self._await_end()

    def _await_end(self) -> None:
        with contextlib.suppress(TimeoutError, ChildProcessError):
            self.child.hear(GOODBYE_SECONDS)


def _describe(notebook: nbformat.NotebookNode, index: int, *, name: str | None) -> str:
    papermill = notebook.metadata.get("papermill", {})
    number = sum(INJECTED not in c.metadata.get("tags", []) for c in notebook.cells[: index + 1])
    return describe_place(
        name or str(papermill.get("input_path", "notebook")),
        papermill.get("parameters", {}).get("cluster"),
        number,
    )


def _explain(error: Exception, limits: Limits) -> str:
    if isinstance(error, CellTimeoutError):
        return f"the notebook has run for more than the {limits.seconds:g} s it may"
    if isinstance(error, TooMuchOutputError):
        return f"the notebook has printed and shown more than the {limits.output_mb} MB it may"
    return (
        "the kernel died: the notebook left Python, was killed from outside,"
        f" or took more than the {limits.memory_mb} MB of memory it may"
    )


def _measure_output(message: dict[str, Any]) -> int:
    content = message["content"]
    size = len(content.get("text", ""))
    return size + sum(len(v) for v in content.get("data", {}).values() if isinstance(v, str))
