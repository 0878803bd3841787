"""Which file is whose: several files for one cluster, copies, strangers, unreadable ones."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from annual_report.edition import Edition, read_edition
from annual_report.files import write_whole
from annual_report.framework.model import Framework
from annual_report.framework.reading import read_framework
from annual_report.project import Project
from annual_report.survey.collecting.chosen_files import Chosen, find_chosen
from annual_report.survey.collecting.labels import Label, label_return
from annual_report.survey.findings.finding import Finding, Place, find
from annual_report.survey.reading.returns import hash_file, read_return
from annual_report.survey.receiving.kept import hash_source, keep_readings
from annual_report.survey.receiving.reading_process import ReadingProcess

INDEX = "index.json"


@dataclass(frozen=True)
class Filing:
    """The files of one edition, sorted.

    ``chosen`` is the file that counts for a cluster; ``asides`` are findings about a cluster's
    files, ``strays`` about files that belong to no cluster: each names its file.
    """

    chosen: Mapping[str, Label] = field(default_factory=dict)
    asides: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict)
    strays: tuple[Finding, ...] = ()


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


def file_returns(labels: Sequence[Label], edition: Edition, corrections: Path) -> Filing:
    """Sort files by cluster: the chosen one counts, else the one signed last; all others are named.

    A file that cannot be read belongs to the cluster whose id is its name, if there is one: it
    says nothing itself.

    Raises
    ------
    CorrectionError
        If the author chose what cannot be.
    """
    ids = [cluster.id for cluster in edition.clusters]
    decided = find_chosen(corrections, labels, ids)
    takers = {one.label.workbook: one.choice for one in decided.values()}
    mine: dict[str, list[Label]] = {}
    asides: dict[str, list[Finding]] = {}
    strays: list[Finding] = []
    for label in labels:
        owner, choice = _find_owner(label, ids), takers.get(label.workbook)
        if choice is not None and owner not in (None, choice.cluster):
            assert owner is not None
            why = f"the author of the report decided that it is {choice.cluster}'s: {choice.note}"
            fault = find("return-superseded", expected=why, workbook=label.name)
            asides.setdefault(owner, []).append(fault)
        owner = choice.cluster if choice is not None else owner
        if owner is None:
            strays.append(_explain_stray(label))
        else:
            mine.setdefault(owner, []).append(label)
    chosen: dict[str, Label] = {}
    for cluster, many in mine.items():
        chosen[cluster], faults = _choose(many, decided.get(cluster))
        asides.setdefault(cluster, []).extend(faults)
    return Filing(chosen, {c: tuple(faults) for c, faults in asides.items()}, tuple(strays))


def _find_owner(label: Label, ids: Collection[str]) -> str | None:
    stem = Path(label.workbook).stem
    if label.cluster is None and label.state == "unreadable" and stem in ids:
        return stem
    return label.cluster if label.cluster in ids else None


def _choose(many: list[Label], decided: Chosen | None) -> tuple[Label, list[Finding]]:
    if decided is None:
        # no day of sign-off is earlier than any; of two equal days the last name counts
        best = max(many, key=lambda one: (one.state == "answered", one.signed or "", one.workbook))
        return best, [_explain_aside(label, best) for label in many if label is not best]
    best, note = decided.label, decided.choice.note
    why = f"{best.name} counts, as the author of the report decided so: {note}"
    others = [label.name for label in many if label is not best]
    return best, [
        find("return-chosen", found=note, workbook=best.name),
        *(find("return-superseded", expected=why, workbook=name) for name in others),
    ]


def _explain_aside(label: Label, best: Label) -> Finding:
    """Say why one file of a cluster does not count, and which one does."""
    name = best.name
    if label.sha256 and label.sha256 == best.sha256:
        return find("return-copy", expected=name, workbook=label.name)
    if label.state != "answered":
        other = f"and {name} counts" if best.state == "answered" else f"nor could {name}"
        cause = label.fault.message if label.fault else ""
        return find("return-unreadable", found=cause, expected=other, workbook=label.name)
    if best.signed is None:
        why = (
            f"neither it nor {name} has a day of sign-off that can be read; {name} counts, as its "
        )
        return find("return-undecided", expected=f"{why}name comes last", workbook=label.name)
    if label.signed is None:
        why = f"{name} (signed {best.signed}) counts"
        return find("return-unsigned", expected=why, workbook=label.name)
    if label.signed == best.signed:
        why = f"{name} has the same day of sign-off ({best.signed}) and counts, as its name comes last"
        return find("return-undecided", expected=why, workbook=label.name)
    why = f"{name} counts, which was signed off later ({best.signed}, this one {label.signed})"
    return find("return-superseded", expected=why, workbook=label.name)


def _explain_stray(label: Label) -> Finding:
    """Say of a file why it is nobody's: what it says of itself, or that nobody could read it."""
    cause = label.fault
    if cause is None:
        return find("return-stray", workbook=label.name)
    place = Place(cause.question, cause.row, cause.field, cause.sheet, cause.cell)
    action = f"Find out whose it is. {cause.action}"
    return find("return-stray", place, found=cause.message, action=action, workbook=label.name)


def identify_returns(
    project: Project, edition_name: str, *, process: ReadingProcess | None = None
) -> Filing:
    """Find out which file in ``data/raw/<edition>`` is whose, reading each new file once.

    What each file says of itself is kept in ``data/processed/<edition>/index.json`` by the hash of
    its bytes, for this framework and register alone, with the clusters that it concerns.

    Raises
    ------
    CorrectionError
        If the author chose a file that cannot count.
    """
    edition, framework = read_edition(project, edition_name), read_framework(project)
    path = project.processed(edition_name) / INDEX
    process = process or keep_readings(project)
    stamp = _stamp(project, edition)
    known = {f"{one.sha256}:{one.workbook}": one for one in _read_index(path, stamp)}
    labels = []
    for file in list_files(project.raw(edition_name)):
        sha256 = hash_file(file)
        # what is no file has no bytes to know it by
        label = known.get(f"{sha256}:{file.name}") if sha256 else None
        labels.append(label or _read_label(file, framework, edition, process))
    filing = file_returns(labels, edition, project.corrections(edition_name))
    content = _spell_index(stamp, labels, filing)
    if not path.is_file() or path.read_bytes() != content:
        write_whole(path, content)
    return filing


def _spell_index(stamp: str, labels: Iterable[Label], filing: Filing) -> bytes:
    owners: dict[str, list[str]] = {}
    for cluster in sorted({*filing.chosen, *filing.asides}):
        for name in _list_names(filing, cluster):
            owners.setdefault(name, []).append(cluster)
    entries = [asdict(one) | {"concerns": owners.get(one.name, [])} for one in labels]
    return json.dumps({"stamp": stamp, "files": entries}, indent=1).encode()


def _list_names(filing: Filing, cluster: str) -> set[str]:
    """The names of the files that decide what is read of a cluster, and what is said of them."""
    chosen = filing.chosen.get(cluster)
    names = {fault.workbook for fault in filing.asides.get(cluster, ()) if fault.workbook}
    return names | ({chosen.name} if chosen else set())


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
        filing = file_returns(labels, edition, project.corrections(edition_name))
        names = _list_names(filing, cluster_id)
        mine = [label for label in labels if label.name in names]
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
        return [_read_entry(entry) for entry in index["files"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _read_entry(entry: dict[str, Any]) -> Label:
    told = {key: value for key, value in entry.items() if key != "concerns"}
    fault = None if told["fault"] is None else Finding(**told["fault"])
    return Label(**told | {"fault": fault})
