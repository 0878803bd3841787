"""What the warm parent is asked, and what it and its children answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from annual_report.running.kernels.limits import Limits

FORK, RETIRE = b"+", b"-"


@dataclass(frozen=True)
class Request:
    """A child to fork.

    Parameters
    ----------
    target
        The function to call in the child, as ``module:function``; what it returns comes back.
    arguments
        What to call it with: anything that can be pickled.
    folder
        Private folder of the child, removed when it has ended.
    talks
        Whether the function also takes ``line``, a connection on which it and the asker talk.
    early
        Whether it need not wait until everything is warm: what is missing it imports itself.
    """

    target: str
    arguments: tuple[object, ...]
    limits: Limits
    environment: dict[str, str] = field(default_factory=dict)
    cwd: str | None = None
    folder: str | None = None
    talks: bool = False
    early: bool = False


@dataclass(frozen=True)
class Started:
    """The child runs."""

    pid: int


@dataclass(frozen=True)
class Told:
    """What the child's function has returned."""

    value: Any


@dataclass(frozen=True)
class Failed:
    """The child raised this."""

    error: BaseException
    trace: str


@dataclass(frozen=True)
class Ended:
    """The child has ended: an exit code, or minus the number of the signal that killed it."""

    code: int


@dataclass(frozen=True)
class Ready:
    """The server is warm. With a reason, it is not, and ordinary processes must do.

    Not ``wholly`` warm, it has what a kernel needs, and imports what else it will.
    """

    reason: str | None = None
    wholly: bool = True
