"""An nbclient client that executes a notebook on a forked kernel and holds it to its limits."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import nbformat
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NotebookExecutionManager
from traitlets import Instance

from annual_report.errors import NotebookError
from annual_report.running.executing import INJECTED, TRY_AGAIN, describe_place
from annual_report.running.kernels import ForkedKernelManager
from annual_report.running.limits import MEGABYTE, Limits


class TooMuchOutputError(Exception):
    """The notebook has printed and shown more than it may."""


class LimitedClient(PapermillNotebookClient):  # type: ignore[misc]
    """Executes a notebook on a forked kernel, for so long and with so much output."""

    limits = Instance(Limits, args=())

    def __init__(self, manager: NotebookExecutionManager, **traits: Any) -> None:
        super().__init__(manager, **traits)
        self.deadline = 0.0
        self.received = 0
        self.current = 0
        self.finished = False
        self.timeout_func = self.find_rest

    def find_rest(self, cell: nbformat.NotebookNode) -> float:
        """Return the seconds that are left for this cell and all after it."""
        return max(0.001, self.deadline - time.monotonic())

    def create_kernel_manager(self) -> ForkedKernelManager:
        """Create a manager whose kernel has this notebook's limits."""
        self.km = ForkedKernelManager(
            kernel_name=self.kernel_name, config=self.config, limits=self.limits
        )
        return self.km

    def execute(self, **start: Any) -> nbformat.NotebookNode:
        """Execute all cells, in an event loop that ends with them."""
        self.reset_execution_trackers()
        asyncio.run(self._execute(start))
        executed: nbformat.NotebookNode = self.nb
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

    async def _execute(self, start: dict[str, Any]) -> None:
        self.create_kernel_manager()
        try:
            await self.async_start_new_kernel(**start)
            await self.async_start_new_kernel_client()
            self.deadline = time.monotonic() + self.limits.seconds
            for index, cell in enumerate(self.nb.cells):
                if not await self._execute_managed(index, cell):
                    break
            reply = await self.async_wait_for_reply(self.kc.kernel_info())
            self.nb.metadata["language_info"] = reply["content"]["language_info"]
            self.set_widgets_metadata()
            self.finished = True
        finally:
            if self.km is not None:  # nbclient cleans up itself when a kernel does not start
                await self._end_kernel()

    async def _end_kernel(self) -> None:
        """Let the kernel say good-bye, without the interrupt that Jupyter sends first."""
        if await self.km.is_alive():
            if self.finished:
                await self.km.request_shutdown()
            assert self.km.provisioner is not None
            await self.km.provisioner.kill()
        await self._async_cleanup_kernel()

    async def _execute_managed(self, index: int, cell: nbformat.NotebookNode) -> bool:
        """Execute one cell and keep papermill's books; tell whether to go on."""
        self.nb_man.cell_start(cell, index)
        try:
            await self.async_execute_cell(cell, index)
        except CellExecutionError as error:
            self.nb_man.cell_exception(self.nb.cells[index], cell_index=index, exception=error)
            return False
        finally:
            self.nb_man.cell_complete(self.nb.cells[index], cell_index=index)
        return True

    async def async_execute_cell(
        self, cell: nbformat.NotebookNode, cell_index: int, *args: Any, **kwargs: Any
    ) -> nbformat.NotebookNode:
        """Execute one cell and remember which, for the message if it is the last."""
        self.current = cell_index
        executed: nbformat.NotebookNode = await super().async_execute_cell(
            cell, cell_index, *args, **kwargs
        )
        return executed

    def process_message(self, message: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """Count what a message brings before it is kept."""
        self.received += _measure_output(message)
        if self.received > self.limits.output_mb * MEGABYTE:
            raise TooMuchOutputError
        return super().process_message(message, *args, **kwargs)


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
