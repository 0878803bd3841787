"""A kernel that talks over one connection; the child's side of the client that runs a notebook.

It is ipykernel's own, without its sockets, threads and heartbeat: cells come over the line, and what
ipykernel would have broadcast goes back over it, in the order in which it came about. So there is no
moment in which a message can be lost, and the same cells say the same, word for word.
"""

from __future__ import annotations

import asyncio
import atexit
import codecs
import contextlib
import gc
import io
import logging
import os
import selectors
import sys
import threading
from multiprocessing.connection import Connection
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ipykernel.ipkernel import IPythonKernel
from ipykernel.jsonutil import json_clean
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.interactiveshell import InteractiveShell
from jupyter_client.session import Session
from traitlets import Any as AnyTrait
from traitlets.config import Config

from annual_report.running.kernels.waiting import wait_readable

STREAMS = {"stdout": 1, "stderr": 2}
CHUNK = 1 << 16  # characters that are printed before they are sent on


class LineSession(Session):
    """Makes messages as Jupyter does and sends them over the line, whatever the socket."""

    line = AnyTrait()

    def send(  # noqa: PLR0913, PLR0917  Jupyter's signature
        self,
        stream: object,
        msg_or_type: Any,
        content: dict[str, Any] | None = None,
        parent: dict[str, Any] | None = None,
        ident: object = None,
        buffers: list[Any] | None = None,
        track: bool = False,
        header: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Send one message; those of processes that the notebook has forked are dropped."""
        message: dict[str, Any] = (
            msg_or_type
            if isinstance(msg_or_type, dict)
            else self.msg(msg_or_type, content, parent, header, metadata)
        )
        message["buffers"] = [bytes(b) for b in buffers or message.get("buffers", ())]
        if os.getpid() == self.pid:
            with _sending:
                self.line.send(message)
        return message


_sending = threading.Lock()


class Tape:
    """What the notebook prints; all that it prints in a row to one stream is one message."""

    def __init__(self, session: LineSession) -> None:
        self._session = session
        self._lock = threading.RLock()
        self._name = ""
        self._parts: list[str] = []
        self._size = 0

    def write(self, name: str, text: str) -> None:
        """Add text to a stream."""
        with self._lock:
            if name != self._name:
                self.flush()
                self._name = name
            self._parts.append(text)
            self._size += len(text)
            if self._size > CHUNK:
                self.flush()

    def flush(self) -> None:
        """Send what has been printed and not yet sent."""
        with self._lock:
            text, self._parts, self._size = "".join(self._parts), [], 0
            if text:
                self._session.send(None, "stream", {"name": self._name, "text": text})


class Printed(io.TextIOBase):
    """Python's standard output or error, on the tape."""

    encoding = "utf-8"

    def __init__(self, name: str, tape: Tape) -> None:
        super().__init__()
        self.name = name
        self._tape = tape

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._tape.write(self.name, text)
        return len(text)

    def flush(self) -> None:
        self._tape.flush()

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return STREAMS[self.name]


class Capture:
    """What programs and C libraries write past Python, to be put on the tape behind each cell."""

    def __init__(self, tape: Tape) -> None:
        self._tape = tape
        self._lock = threading.Lock()
        self._selector = selectors.DefaultSelector()
        self._texts = dict.fromkeys(STREAMS, "")
        for name, descriptor in STREAMS.items():
            end, other = os.pipe()
            os.dup2(other, descriptor)
            os.close(other)
            os.set_blocking(end, False)
            decoder = codecs.getincrementaldecoder("utf-8")("replace")
            self._selector.register(end, selectors.EVENT_READ, (name, decoder))
        threading.Thread(target=self._watch, daemon=True).start()

    def drain(self) -> None:
        """Put on the tape what has been written up to now."""
        with self._lock:
            self._read()
            for name, text in self._texts.items():
                if text:
                    self._tape.write(name, text)
            self._texts = dict.fromkeys(STREAMS, "")

    def _watch(self) -> None:
        """Read along, so that no program has to wait for us; much of it goes on the tape at once."""
        while self._selector.select():
            with self._lock:
                self._read()
                much = sum(map(len, self._texts.values())) > CHUNK
            if much:
                self.drain()

    def _read(self) -> None:
        for key, _ in self._selector.select(0):
            name, decoder = key.data
            with contextlib.suppress(BlockingIOError):
                while data := os.read(key.fd, CHUNK):
                    self._texts[name] += decoder.decode(data)


class CellShell(ZMQInteractiveShell):
    """An interactive shell without windows."""

    def enable_gui(self, gui: str | None = None) -> None:
        """Remember which windows were asked for; there is nobody to see them."""
        self.active_eventloop = gui


class CellKernel(IPythonKernel):
    """Executes the cells that come over the line."""

    shell_class = CellShell

    async def serve(self, line: Connection, tape: Tape, capture: Capture) -> None:
        """Execute cells until the client hangs up or the notebook leaves Python."""
        assert self.session is not None
        assert self.shell is not None
        line.send(self.language_info)
        while not self.shell.exit_now and (source := await _receive(line)) is not None:
            request = self.session.msg("execute_request")
            self.set_parent([], request)  # type: ignore[no-untyped-call]
            reply = await self.do_execute(source, silent=False)  # type: ignore[no-untyped-call]
            if os.getpid() != self.session.pid:  # a copy that the notebook forked and did not end
                os._exit(0)
            capture.drain()
            tape.flush()
            self.session.send(None, "execute_reply", json_clean(reply))


def make_kernel() -> CellKernel:
    """Make the kernel that children of this process will be; it is most of a kernel's start."""
    if CellKernel.initialized():
        return CellKernel.instance()
    kernel = CellKernel.instance(
        session=LineSession(),
        log=logging.getLogger(__name__),
        # where interrupts arrive; ipykernel asks it of the thread that reads its socket
        shell_channel_thread=SimpleNamespace(parent_thread=threading.main_thread()),
        config=Config(HistoryManager={"enabled": False}),
    )
    assert kernel.shell is not None
    atexit.unregister(kernel.shell.atexit_operations)  # it is not this process that is the kernel
    return kernel


def forget_kernel() -> None:
    """Make room for a kernel of another kind; there can be but one in a process."""
    for single in (CellKernel, CellShell):
        single.clear_instance()


def run_kernel(*, line: Connection) -> None:
    """Be a kernel for as long as the client listens; the target of a fork."""
    kernel = make_kernel()
    shell = kernel.shell
    assert shell is not None
    assert isinstance(kernel.session, LineSession)
    kernel.session.line, kernel.session.pid = line, os.getpid()
    tape = Tape(kernel.session)
    capture = Capture(tape)
    sys.stdout, sys.stderr = Printed("stdout", tape), Printed("stderr", tape)
    _come_alive(shell)
    with contextlib.suppress(BrokenPipeError):  # the client has enough
        asyncio.run(kernel.serve(line, tape, capture))
    shell.user_ns.clear()  # files that the notebook left open are written and closed
    gc.collect()


def _come_alive(shell: InteractiveShell) -> None:
    """Do what a shell does when it is made and what a child does not inherit."""
    if "" not in sys.path:  # modules beside the notebook, as in an ordinary kernel
        sys.path.insert(0, "")
    shell.init_environment()  # type: ignore[no-untyped-call]
    shell.starting_dir = str(Path.cwd())
    shell.user_ns["_dh"][:] = [Path.cwd()]
    # as an ordinary kernel does when pyplot is imported
    shell.enable_matplotlib("inline")  # type: ignore[no-untyped-call]
    atexit.register(shell.atexit_operations)


async def _receive(line: Connection) -> str | None:
    """Wait for the next cell while what earlier cells have begun goes on; None is the good-bye."""
    try:
        await wait_readable(line)
        source: str = line.recv()
    except (EOFError, ConnectionResetError):
        return None
    return source
