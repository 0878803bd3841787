"""Which file is whose: several files for one cluster, copies, strangers, unreadable ones."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from annual_report.edition import Edition, read_edition
from annual_report.files import write_whole
from annual_report.framework.model import Framework
from annual_report.framework.reading import read_framework
from annual_report.project import Project
from annual_report.survey.findings import Finding, find
from annual_report.survey.kept import hash_source, keep_readings
from annual_report.survey.reading_process import ReadingProcess
from annual_report.survey.returns import Return, hash_file, read_return

INDEX = "index.json"


@dataclass(frozen=True)
class Label:
    """What one file says of itself: whose it is and when it was signed."""

    workbook: str
    sha256: str
    cluster: str | None
    state: str
    signed: str | None
    reason: str | None


@dataclass(frozen=True)
class Filing:
    """The files of one edition, sorted.

    ``chosen`` is the file that counts for a cluster; ``asides`` are findings about a cluster's
    other files; ``strays`` are files that belong to no cluster, each with what is wrong.
    """

    chosen: Mapping[str, Label] = field(default_factory=dict)
    asides: Mapping[str, tuple[tuple[str, Finding], ...]] = field(default_factory=dict)
    strays: tuple[tuple[str, Finding], ...] = ()


def label_return(one: Return) -> Label:
    """Say of a return that has been read whose it is."""
    return Label(one.workbook, one.sha256, one.cluster, one.state, one.signed, one.reason)


def list_files(folder: Path) -> list[Path]:
    """List what may be returns, in the order of their names; hidden and lock files are not.

    Folders are listed too: nobody reads what lies in them, and that has to be said.
    """
    try:
        found = sorted(folder.iterdir())
    except OSError:  # no such folder, or one that is closed to us
        return []
    return [
        path
        for path in found
        if not path.name.startswith((".", "~$"))
        and path.suffix.lower() not in (".md", ".yaml", ".txt")
    ]


def file_returns(labels: Iterable[Label], edition: Edition) -> Filing:
    """Sort files by cluster: the one signed last counts, copies are one, strangers are named.

    A file that cannot be read belongs to the cluster whose id is its name, if there is one: it
    says nothing itself.
    """
    ids = {cluster.id for cluster in edition.clusters}
    mine: dict[str, list[Label]] = {}
    strays: list[tuple[str, Finding]] = []
    for label in labels:
        cluster = label.cluster
        stem = Path(label.workbook).stem
        if cluster is None and label.state == "unreadable" and stem in ids:
            cluster = stem
        if cluster in ids:
            mine.setdefault(cluster, []).append(label)
        else:
            strays.append((label.workbook, _explain_stray(label)))
    chosen: dict[str, Label] = {}
    asides: dict[str, tuple[tuple[str, Finding], ...]] = {}
    for cluster, many in mine.items():
        chosen[cluster], asides[cluster] = _choose(many)
    return Filing(chosen, asides, tuple(strays))


def _choose(many: list[Label]) -> tuple[Label, tuple[tuple[str, Finding], ...]]:
    # no day of sign-off is earlier than any; of two equal days the last name counts
    best = max(many, key=lambda one: (one.state == "answered", one.signed or "", one.workbook))
    asides: list[tuple[str, Finding]] = []
    for label in many:
        if label is best:
            continue
        if label.sha256 and label.sha256 == best.sha256:
            asides.append((label.workbook, find("return-copy", expected=best.workbook)))
        elif label.state == "unreadable":
            fault = find("return-unreadable", found=label.reason, expected=best.workbook)
            asides.append((label.workbook, fault))
        else:
            counts = f"{best.workbook}, signed {best.signed or 'on no day'}"
            fault = find("return-superseded", found=label.signed, expected=counts)
            asides.append((label.workbook, fault))
    return best, tuple(asides)


def _explain_stray(label: Label) -> Finding:
    return find("return-stray", found=label.reason or "it names no cluster of the register")


def identify_returns(
    project: Project, edition_name: str, *, process: ReadingProcess | None = None
) -> Filing:
    """Find out which file in ``data/raw/<edition>`` is whose, reading each new file once.

    What each file says of itself is kept in ``data/processed/<edition>/index.json`` by the hash of
    its bytes, for this framework and register alone.
    """
    edition, framework = read_edition(project, edition_name), read_framework(project)
    path = project.processed(edition_name) / INDEX
    process = process or keep_readings(project)
    stamp = _stamp(project, edition)
    known = {f"{one.sha256}:{one.workbook}": one for one in _read_index(path, stamp)}
    labels, fresh = [], False
    for file in list_files(project.raw(edition_name)):
        sha256 = hash_file(file)
        label = known.get(f"{sha256}:{file.name}")
        if label is None:
            label, fresh = _read_label(file, framework, edition, process), True
        labels.append(label)
    if fresh or len(known) != len(labels) or not path.is_file():
        entries = [asdict(label) for label in labels]
        text = json.dumps({"stamp": stamp, "files": entries}, indent=1)
        write_whole(path, text.encode())
    return file_returns(labels, edition)


def find_returns(
    project: Project,
    edition_name: str,
    cluster_id: str,
    *,
    process: ReadingProcess | None = None,
) -> Filing:
    """Find out which file is one cluster's, without reading those of all the others.

    The index is believed on files that are not the cluster's own as long as their names are those
    in the folder. Its own are hashed. Where that does not fit, everything is identified afresh.
    """
    edition, folder = read_edition(project, edition_name), project.raw(edition_name)
    labels = _read_index(project.processed(edition_name) / INDEX, _stamp(project, edition))
    if [label.workbook for label in labels] == [file.name for file in list_files(folder)]:
        filing = file_returns(labels, edition)
        chosen = filing.chosen.get(cluster_id)
        names = {name for name, _ in filing.asides.get(cluster_id, ())}
        names |= {chosen.workbook} if chosen else set()
        mine = [label for label in labels if label.workbook in names]
        if all(hash_file(folder / label.workbook) == label.sha256 for label in mine):
            return filing
    return identify_returns(project, edition_name, process=process)


def _stamp(project: Project, edition: Edition) -> str:
    """What a file says of itself depends on how it is read: on our code, framework and register."""
    asked = sorted((f.name, hash_file(f)) for f in project.framework.rglob("*.yaml"))
    register = sorted((cluster.id, cluster.name) for cluster in edition.clusters)
    return f"{hash_source()}:{asked}:{register}"


def _read_label(
    file: Path, framework: Framework, edition: Edition, process: ReadingProcess | None
) -> Label:
    return label_return(read_return(file, framework=framework, edition=edition, process=process))


def _read_index(path: Path, stamp: str) -> list[Label]:
    try:
        index = json.loads(path.read_text(encoding="utf-8"))
        if index["stamp"] != stamp:
            return []
        return [Label(**entry) for entry in index["files"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []
