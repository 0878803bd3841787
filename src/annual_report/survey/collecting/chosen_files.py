"""Which files the author of the report chose, held against what the files say of themselves."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from annual_report.errors import CorrectionError
from annual_report.settings import find_line
from annual_report.survey.collecting.corrections import ChosenFile, read_corrections
from annual_report.survey.collecting.labels import Label


@dataclass(frozen=True)
class Chosen:
    """A file that counts for a cluster because the author decided so."""

    label: Label
    choice: ChosenFile


def find_chosen(path: Path, labels: Sequence[Label], register: Sequence[str]) -> dict[str, Chosen]:
    """Find the files that the corrections of an edition choose, by cluster.

    Raises
    ------
    CorrectionError
        If the corrections cannot be read, or a choice names no cluster of the register, no
        readable file, another cluster's file without saying so, or what is chosen already.
    """
    files = {_spell(label.name): label for label in labels}
    chosen: dict[str, Chosen] = {}
    for place, choice in enumerate(read_corrections(path).returns):
        entry = _Entry(path, place)
        if choice.cluster not in register:
            raise entry.refuse(
                "cluster",
                "the chosen file is for a cluster that is not on the register",
                expected=", ".join(sorted(register)),
                found=choice.cluster,
                do="use one of these ids, or take the choice out",
            )
        if choice.cluster in chosen:
            raise entry.refuse(
                "cluster",
                "this cluster's file is chosen twice",
                found=choice.cluster,
                do="keep one of the two",
            )
        label = _find_file(entry, choice, files)
        if any(other.label is label for other in chosen.values()):
            raise entry.refuse(
                "use", "this file is chosen for two clusters", found=choice.use, do="keep one"
            )
        chosen[choice.cluster] = Chosen(label, choice)
    return chosen


@dataclass(frozen=True)
class _Entry:
    """One choice in the file of corrections."""

    path: Path
    place: int

    def refuse(self, key: str, what: str, **more: str) -> CorrectionError:
        line = find_line(self.path.read_text(encoding="utf-8"), ("returns", self.place, key))
        return CorrectionError(what, where=f"{self.path}:{line}", **more)


def _find_file(entry: _Entry, choice: ChosenFile, files: dict[str, Label]) -> Label:
    label = files.get(_spell(choice.use))
    if label is None:
        near = difflib.get_close_matches(_spell(choice.use), files, n=3) or sorted(files)[:10]
        raise entry.refuse(
            "use",
            "there is no such file among the returns",
            expected=", ".join(near) or "a file, but there is none",
            found=choice.use,
            do="give the name of a file as it stands in data/raw, or take the choice out",
        )
    if label.state != "answered":
        raise entry.refuse(
            "use",
            "the chosen file cannot be read",
            found=label.fault.message if label.fault else choice.use,
            do="choose another file, or take the choice out",
        )
    _check_expected(entry, choice, label)
    return label


def _check_expected(entry: _Entry, choice: ChosenFile, label: Label) -> None:
    """Refuse what most likely is a slip: another cluster's file, where nobody said that it is."""
    if choice.expected is not None and label.cluster != choice.expected:
        raise entry.refuse(
            "expected",
            "the file no longer says what the choice expects",
            expected=choice.expected,
            found=label.cluster or "no cluster, or two",
            do="look at the file again, then change the choice or take it out",
        )
    if choice.expected is None and label.cluster not in (None, choice.cluster):
        raise entry.refuse(
            "use",
            "the file is another cluster's by what it says itself",
            expected=choice.cluster,
            found=label.cluster or "",
            do=f"choose another file; if it is this one, say so with expected: {label.cluster}",
        )


def _spell(name: str) -> str:
    """A name as an author types it: some systems take accents apart."""
    return unicodedata.normalize("NFC", name)
