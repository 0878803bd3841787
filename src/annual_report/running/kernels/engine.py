"""The papermill engine ``annual-report``: papermill's own, on forked kernels and within limits.

``papermill --engine annual-report in.ipynb out.ipynb`` uses it, and so does
``papermill.execute_notebook(…, engine_name="annual-report")``. Limits that differ from the default
are given as ``limits=Limits(…)``, the kernel's folder as ``folder=…``, further environment variables
as ``environment={…}``, the notebook's name in messages as ``name=…``.

papermill imports this module while it is itself imported; nobody else does.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager
from papermill.engines import Engine, NotebookExecutionManager
from papermill.log import logger

from annual_report.running.kernels.limits import Limits


class ForkedEngine(Engine):  # type: ignore[misc]
    """Executes a notebook on a forked kernel, for papermill."""

    @classmethod
    def execute_managed_notebook(  # noqa: PLR0913  papermill's signature
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        *,
        log_output: bool = False,
        start_timeout: int = 60,
        execution_timeout: int | None = None,
        stdout_file: Any = None,
        stderr_file: Any = None,
        limits: Limits | None = None,
        folder: str | None = None,
        environment: Mapping[str, str] | None = None,
        name: str | None = None,
        **_: Any,
    ) -> None:
        """Execute every cell; the first that raises an exception is the last.

        Raises
        ------
        NotebookError
            If a limit is passed or the kernel dies.
        """
        # these need a whole papermill
        from annual_report.running.kernels.child import ForkError
        from annual_report.running.kernels.client import ForkedClient, LimitedClient
        from annual_report.running.kernels.forking import check_wanted
        from annual_report.running.kernels.manager import can_fork

        spec = KernelSpecManager().get_kernel_spec(kernel_name)
        traits = {
            "limits": limits or Limits(seconds=execution_timeout or Limits.seconds),
            "kernel_name": kernel_name,
            "startup_timeout": start_timeout,
            "record_timing": False,
            "resources": {"metadata": {"path": folder}},
            "log": logger,
            "log_output": log_output,
            "stdout_file": stdout_file,
            "stderr_file": stderr_file,
        }
        start: dict[str, Any] = {"env": os.environ | dict(environment or {}), "notebook": name}
        if can_fork(spec, wholly=False):
            try:
                ForkedClient(nb_man, **traits).execute_limited(**start)
            except ForkError:  # what was imported since has made the warm parent unfit
                can_fork(spec)  # says why
            else:
                return
        check_wanted()
        LimitedClient(nb_man, **traits).execute_limited(**start)
