"""Parse each file once: what the parser gave is kept, by the bytes of the file and our own code."""

from __future__ import annotations

import atexit
import functools
import hashlib
import importlib.metadata
import json
import os
import zlib
from pathlib import Path
from typing import Any

from annual_report import survey
from annual_report.files import write_whole
from annual_report.project import Project
from annual_report.survey.receiving.reading_process import ReadingProcess

PARSERS = ("openpyxl", "python-calamine", "defusedxml")


class KeptProcess(ReadingProcess):
    """A worker that is asked only for what has not been parsed before.

    A file that took the parser down is not kept: it may have been the machine's fault.

    Parameters
    ----------
    folder
        Where parsed files are kept.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def parse(self, path: Path, kind: str, *, second: bool) -> dict[str, Any]:
        """See `ReadingProcess.parse`."""
        key = hashlib.sha256(f"{hash_source()}:{kind}:{second}:".encode())
        key.update(path.read_bytes())
        kept = self._folder / f"{key.hexdigest()}.json.z"
        try:
            parsed: dict[str, Any] = json.loads(zlib.decompress(kept.read_bytes()))
        except (OSError, ValueError, zlib.error):
            parsed = super().parse(path, kind, second=second)
            write_whole(kept, zlib.compress(json.dumps(parsed).encode(), 1))
        return parsed


@functools.cache
def hash_source() -> str:
    """Hash the code that reading depends on: this package's modules, the parsers' versions."""
    digest = hashlib.sha256()
    for name in PARSERS:
        digest.update(f"{name} {importlib.metadata.version(name)}\n".encode())
    for module in sorted(Path(survey.__file__).parent.rglob("*.py")):
        digest.update(f"{module.name}\n".encode() + module.read_bytes())
    return digest.hexdigest()


_shared: dict[tuple[int, Path], KeptProcess] = {}


def keep_readings(project: Project) -> KeptProcess:
    """The worker of this process for a project; a forked child gets one of its own."""
    key = os.getpid(), project.parsed
    if key not in _shared:
        _shared[key] = KeptProcess(key[1])
        atexit.register(_shared[key].close)
    return _shared[key]
