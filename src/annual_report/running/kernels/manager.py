"""Jupyter kernels that are forked from a warm parent instead of started.

Registered as the kernel provisioner ``annual-report-forked``. Any Jupyter program uses it when
``JUPYTER_DEFAULT_PROVISIONER_NAME=annual-report-forked`` is set; nbclient also through
``NotebookClient(notebook, kernel_manager_class=ForkedKernelManager)``. Client and kernel talk
through Unix sockets in a private folder, so that no port can be taken by another between its choice
and its use. Where a kernel cannot be forked, an ordinary one is started, with a notice.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import gc
import logging
import os
import shutil
import signal
import sys
import tempfile
import uuid
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Instance, default

from annual_report.running.kernels.child import Child, ForkError
from annual_report.running.kernels.forking import fork_child, get_fork_server
from annual_report.running.kernels.limits import Limits
from annual_report.running.kernels.messages import Request
from annual_report.running.kernels.waiting import wait_readable

LONGEST_SOCKET_PATH = 103  # of macOS; Linux has 107
START_SECONDS = 60.0
GOODBYE_SECONDS = 2.0

_LOG = logging.getLogger(__name__)


def make_private_folder() -> Path:
    """Make a folder for one kernel's sockets, where their paths are short enough to be bound."""
    prefix = "annual-report-kernel-"
    room = LONGEST_SOCKET_PATH - len(f"/{prefix}12345678/socket-5")
    places = [tempfile.gettempdir(), "/tmp"]  # noqa: S108  the folder itself is private
    place = next((p for p in places if len(p) <= room), None)
    return Path(tempfile.mkdtemp(prefix=prefix, dir=place))


class ForkedProvisioner(LocalProvisioner):
    """Gives a kernel manager a process that is forked from the warm parent."""

    limits = Instance(Limits, args=())

    child: Child | None = None
    folder: Path | None = None
    forks: bool = False

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Choose Unix sockets in a private folder; or prepare an ordinary kernel."""
        manager = self.parent
        self.forks = manager is not None and can_fork(self.kernel_spec)
        if manager is None or not self.forks:
            return await super().pre_launch(**kwargs)
        if self.folder is None:  # kept over a restart
            self.folder = make_private_folder()
            manager.transport = "ipc"
            manager.ip = str(self.folder / "socket")
            manager.connection_file = str(self.folder / "kernel.json")
        extra = kwargs.pop("extra_arguments", [])
        manager.write_connection_file()
        self.connection_info = manager.get_connection_info()
        command = manager.format_kernel_cmd(extra_arguments=extra)
        return await super(LocalProvisioner, self).pre_launch(cmd=command, **kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork the kernel and wait until its sockets are bound."""
        if not self.forks:
            return await super().launch_kernel(cmd, **kwargs)
        request = Request(
            "annual_report.running.kernels.manager:run_kernel",
            (cmd[cmd.index("-m") + 2 :],),
            self.limits,
            environment=dict(kwargs["env"]),
            cwd=str(kwargs["cwd"]) if kwargs.get("cwd") else str(Path.cwd()),
            folder=str(self.folder),
            talks=True,
        )
        child = fork_child(request)
        self.child = child
        self.pid = self.pgid = child.pid
        assert child.line is not None
        await wait_readable(child.line, START_SECONDS)
        try:
            child.line.recv()  # that it listens
        except EOFError:
            child.hear()  # raises what has happened
        return self.connection_info

    @property
    def has_process(self) -> bool:
        return self.child is not None or super().has_process

    async def poll(self) -> int | None:
        """Return how the kernel ended, or None while it runs."""
        return self.child.poll() if self.child else await super().poll()

    async def wait(self) -> int | None:
        """Wait until the kernel has ended."""
        if self.child is None:
            return await super().wait()
        while self.child.poll() is None:
            await wait_readable(self.child)
        code = self.child.code
        self.child.close()
        self.child = None
        return code

    async def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel and all it has started."""
        if self.child is None:
            await super().send_signal(signum)
        elif self.child.poll() is None:
            self.child.signal(signum)

    async def kill(self, restart: bool = False) -> None:
        """Kill the kernel and wait until it has gone."""
        if self.child is None:
            await super().kill(restart)
        else:
            await self.send_signal(signal.SIGKILL)
            await self._wait_for_end(GOODBYE_SECONDS)

    async def terminate(self, restart: bool = False) -> None:
        """Ask the kernel to end."""
        await self.send_signal(signal.SIGTERM)

    async def shutdown_requested(self, restart: bool = False) -> None:
        """Wait for the kernel's good-bye, so that nobody has to poll for it."""
        await self._wait_for_end(GOODBYE_SECONDS)

    async def cleanup(self, restart: bool = False) -> None:
        """Leave no process, socket or connection file."""
        if self.child is not None:
            self.child.close()
            self.child = None
        if self.folder is not None and not restart:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder = None
        await super().cleanup(restart)

    async def _wait_for_end(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self.child is not None and self.child.poll() is None:
                    await wait_readable(self.child)


class ForkedKernelClient(AsyncKernelClient):
    """A client that need not guess whether the kernel listens: it does when it has been forked."""

    async def _async_wait_for_ready(self, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Wait until broadcasts reach us, then for the kernel's first answer.

        The kernel welcomes whoever has subscribed (Jupyter's enhancement proposal 65). What it
        broadcasts before that is lost, and who waits for it waits for ever.
        """
        async with asyncio.timeout(timeout):
            while (await self.get_iopub_msg())["msg_type"] != "iopub_welcome":
                pass
            request = self.kernel_info()
            self._handle_kernel_info_reply(await self.get_shell_msg())
            while True:
                message = await self.get_iopub_msg()
                if (
                    message["parent_header"].get("msg_id") == request
                    and message["content"].get("execution_state") == "idle"
                ):
                    return

    wait_for_ready = _async_wait_for_ready


class ForkedKernelManager(AsyncKernelManager):
    """A kernel manager whose kernels are forked, whatever the kernel specification says."""

    limits = Instance(Limits, args=())

    @default("client_factory")
    def _default_client_factory(self) -> type[AsyncKernelClient]:
        return ForkedKernelClient

    async def _async_pre_start_kernel(self, **kw: Any) -> tuple[list[str], dict[str, Any]]:
        if self.provisioner is None:
            self.kernel_id = self.kernel_id or str(uuid.uuid4())
            self.provisioner = ForkedProvisioner(
                kernel_id=self.kernel_id,
                kernel_spec=self.kernel_spec,
                parent=self,
                limits=self.limits,
            )
        prepared: tuple[list[str], dict[str, Any]] = await super()._async_pre_start_kernel(**kw)
        return prepared


def run_kernel(arguments: list[str], *, line: Connection) -> None:
    """Be a kernel until asked to shut down; the target of a fork."""
    # imported by the warm parent, not by clients
    from ipykernel.kernelapp import IPKernelApp

    from annual_report.running.kernels.kernel_process import forget_kernel

    forget_kernel()
    app = IPKernelApp.instance()
    app.parent_handle = os.getppid()
    app.initialize(arguments)
    shell = app.shell
    assert shell is not None
    shell.enable_matplotlib("inline")  # an ordinary kernel does at the import of pyplot
    line.send("listening")
    app.start()
    shell.user_ns.clear()  # files that the notebook left open are written and closed
    gc.collect()
    atexit.unregister(app.close)  # it waits for threads that may never end; the process does


def can_fork(spec: KernelSpec, *, wholly: bool = True) -> bool:
    """Tell whether a kernel can be forked; give notice once why not where one would expect it.

    It can if it is IPython's, of this very Python, and the system and the warm parent allow it.

    Parameters
    ----------
    wholly
        Whether the warm parent must have imported everything, or only what a kernel needs.
    """
    if "ipykernel_launcher" not in spec.argv or not _is_this_python(spec.argv[0]):
        return False
    try:
        reason = get_fork_server().wait_until_ready(wholly=wholly).reason
    except ForkError as error:
        reason = str(error)
    if reason:
        _tell(reason)
    return reason is None


@cache
def _tell(reason: str) -> None:
    _LOG.warning("an ordinary kernel is started, which takes longer: %s", reason)


def _is_this_python(command: str) -> bool:
    return (
        command == sys.executable
        or command in ("python", "python3")
        or (
            Path(command).name.startswith("python")
            and Path(command).exists()
            and Path(command).samefile(sys.executable)
        )
    )
