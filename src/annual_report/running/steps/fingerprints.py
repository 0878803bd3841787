"""Fingerprints: what a step's result depends on, and whether a result on disk is still that.

A step's record in ``data/processed/<edition>/steps`` holds its fingerprint and the hash of each
file it left. The step is done only if the fingerprint is the same and every file still has its
hash, so that a stale, half-written or edited output is never taken for a good one. Nothing here
looks at a clock.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from annual_report.files import write_whole
from annual_report.project import Project
from annual_report.running.steps.code import Code
from annual_report.running.steps.files import hash_bytes, hash_file
from annual_report.running.steps.inputs import OWNED_BY, list_oddities, resolve_inputs
from annual_report.running.steps.plan import FunctionCall, Step

VERSION = "1"
RAW = "data/raw/"
PROCESSED = "data/processed/"


@dataclass(frozen=True)
class Record:
    """What a step left: its fingerprint, path in the project and hash of each file, its notices."""

    fingerprint: str
    outputs: dict[str, str]
    notices: tuple[str, ...] = ()


@dataclass
class Records:
    """The records of an edition's steps, on disk and as far as known to be true."""

    project: Project
    edition: str
    code: Code = field(default_factory=Code)
    _digests: dict[str, str] = field(default_factory=dict)
    _looks: dict[str, list[tuple[object, ...]]] = field(default_factory=dict)
    _true: dict[str, Record] = field(default_factory=dict)

    def compute_fingerprint(self, step: Step, *, afresh: bool = False) -> str:
        """Compute a step's fingerprint.

        Parameters
        ----------
        afresh
            Look again at files that people change. Those that steps leave change only when one is
            kept, and are remembered until then.
        """
        work = step.work
        if afresh:
            self._look_again(step.inputs)
        if isinstance(work, FunctionCall):
            kind = [work.target, *work.arguments]
            code = self.code.hash_function(work.target)
        else:
            kind = [work.notebook.name, work.notebook.content, repr(work.parameters)]
            code = self.code.hash_notebook(work.notebook.code)
        return hash_bytes(
            VERSION,
            *kind,
            code,
            self._environment,
            self._hash_inputs(step.inputs),
            self._hash_taken(step.takes, notebooks=False),
            self._hash_taken(step.shows, notebooks=True),
        )

    def is_done(self, step: Step, fingerprint: str) -> bool:
        """Tell whether what this fingerprint stands for is on disk, whole and unchanged."""
        record = self.read(step)
        done = record is not None and record.fingerprint == fingerprint
        if done and record is not None and self._is_true(record):
            self._true[step.name] = record
            return True
        return False

    def list_notices(self, step: Step) -> tuple[str, ...]:
        """List what a step that is done has warned of."""
        return self._true[step.name].notices

    def keep(self, step: Step, record: Record) -> None:
        """Write down what a step has left."""
        content = {
            "fingerprint": record.fingerprint,
            "outputs": record.outputs,
            "notices": record.notices,
        }
        write_whole(self._path(step), json.dumps(content, indent=1, sort_keys=True) + "\n")
        self._true[step.name] = record
        self._forget_digests(record.outputs)

    def drop(self, step: Step) -> Record | None:
        """Forget a step's record; return what it said."""
        record = self.read(step)
        self._path(step).unlink(missing_ok=True)
        self._true.pop(step.name, None)
        return record

    def read(self, step: Step) -> Record | None:
        """Read a step's record; None if there is none or it is no record."""
        try:
            content = json.loads(self._path(step).read_text(encoding="utf-8"))
            notices = tuple(content.get("notices", ()))
            return Record(content["fingerprint"], dict(content["outputs"]), notices)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def hash_outputs(self, paths: Iterable[Path]) -> dict[str, str]:
        """Hash files that a step has left, by their path in the project."""
        root = self.project.root
        return {p.relative_to(root).as_posix(): hash_file(p) for p in sorted(set(paths))}

    def forget(self, *paths: str) -> None:
        """Forget the hashes of files that have been written outside of any step."""
        self._forget_digests(paths)

    @property
    def _environment(self) -> str:
        return hash_bytes(platform.python_version(), self._hash_pattern("requirements.lock"))

    def _hash_inputs(self, patterns: Sequence[str]) -> str:
        return hash_bytes(*(self._hash_pattern(pattern) for pattern in patterns))

    def _look_again(self, patterns: Sequence[str]) -> None:
        """Forget the hashes of returns, and of settings that have been written since."""
        for pattern in patterns:
            if pattern.startswith((PROCESSED, OWNED_BY)) or pattern not in self._digests:
                continue
            if pattern.startswith(RAW) or _look(self._resolve(pattern)) != self._looks[pattern]:
                del self._digests[pattern]

    def _resolve(self, pattern: str) -> list[Path]:
        return resolve_inputs(self.project.root, (pattern,))

    def _hash_pattern(self, pattern: str) -> str:
        if pattern in self._digests:
            return self._digests[pattern]
        paths = self._resolve(pattern)
        if not pattern.startswith((PROCESSED, OWNED_BY)):
            self._looks[pattern] = _look(paths)  # before: what is written meanwhile shows
        hashes = self.hash_outputs(paths)
        if pattern.startswith(RAW):  # what is no file is told of, and is no longer when it has gone
            hashes |= list_oddities(self.project.root, pattern)
        digest = hash_bytes(json.dumps(hashes))
        if "*" in pattern or not pattern.startswith((PROCESSED, OWNED_BY)):
            self._digests[pattern] = digest  # the others are asked for by a step or two
        return digest

    def _forget_digests(self, paths: Iterable[str]) -> None:
        for pattern in [p for p in self._digests if p.startswith(PROCESSED)]:
            begin, end = pattern.split("*")[0], pattern.split("*")[-1]
            if any(path.startswith(begin) and path.endswith(end) for path in paths):
                del self._digests[pattern]

    def _hash_taken(self, steps: Sequence[str], *, notebooks: bool) -> str:
        taken = {
            path: digest
            for name in steps
            if name in self._true
            for path, digest in self._true[name].outputs.items()
            if path.endswith(".ipynb") == notebooks
        }
        return hash_bytes(json.dumps(taken, sort_keys=True))

    def _is_true(self, record: Record) -> bool:
        for name, digest in record.outputs.items():
            path = self.project.root / name
            if not path.is_file() or hash_file(path) != digest:
                return False
        return True

    def _path(self, step: Step) -> Path:
        return self.project.processed(self.edition) / "steps" / f"{step.name}.json"


def _look(paths: Iterable[Path]) -> list[tuple[object, ...]]:
    """Look at files without reading them: a file written anew has another inode or time."""
    looks = ((path, path.stat()) for path in paths)
    return [(path, s.st_ino, s.st_mtime_ns, s.st_size) for path, s in looks]
