"""``annual-report check``: read files, print what there is to ask, and say how it went."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import local
from typing import Literal

from annual_report.edition import Edition, read_edition
from annual_report.errors import AnnualReportError, EditionError, ProjectError
from annual_report.files import FOLDER, name_oddity
from annual_report.framework.model import Framework
from annual_report.framework.reading import read_framework
from annual_report.project import Project
from annual_report.survey.check_output import Checked, print_json, print_text
from annual_report.survey.collecting.cluster import (
    check_return,
    count_answers,
    read_cluster,
    weigh_numbers,
)
from annual_report.survey.collecting.filing import identify_returns, list_files
from annual_report.survey.findings.finding import Finding, find
from annual_report.survey.reading.returns import Return, read_return
from annual_report.survey.receiving.reading_process import ReadingProcess
from annual_report.survey.sending.queries import (
    Report,
    list_queries,
    write_queries,
    write_queries_index,
)

READERS = 2
_WORKBOOK = re.compile(r"\.(xls[xmb]?|ods)$", re.I)
Format = Literal["text", "json"]


class _Readers:
    """A worker for each thread; all are stopped together."""

    def __init__(self) -> None:
        self._mine = local()
        self._all: list[ReadingProcess] = []

    def get(self) -> ReadingProcess:
        if not hasattr(self._mine, "process"):
            self._mine.process = ReadingProcess()
            self._all.append(self._mine.process)
        process: ReadingProcess = self._mine.process
        return process

    def close(self) -> None:
        for process in self._all:
            process.close()


def check_paths(
    project: Project,
    paths: Sequence[str],
    *,
    edition: str | None = None,
    format: Format = "text",  # noqa: A002  the name of the option
    queries: Path | None = None,
    cluster: str | None = None,
) -> int:
    """Read returns and print one line a finding, then a count.

    Parameters
    ----------
    paths
        Files and folders, with what is in their own folders; or one edition's name, which checks
        what that edition received and writes its queries to ``reports/<edition>/queries``.
    edition
        The edition whose register applies; by default the one that each file says it is for.
    format
        ``text`` or ``json``.
    queries
        Folder for the workbooks that go back, each named like its return.
    cluster
        Only this cluster's return.

    Returns
    -------
    int
        0: no errors; 1: findings that are errors; 2: something could not be read at all.

    Raises
    ------
    EditionError, FrameworkError, CorrectionError
        If what the author wrote is wrong; never for what is in a file.
    ProjectError
        If the queries would be written among the returns.
    """
    framework = read_framework(project)
    readers = _Readers()
    try:
        if len(paths) == 1 and not Path(paths[0]).exists() and _is_edition(project, paths[0]):
            _refuse_another(paths[0], edition)
            folder = queries or project.reports(paths[0]) / "queries"
            _keep_apart(project, folder, list_files(project.raw(paths[0])))
            results = _check_edition(project, framework, paths[0], folder, cluster, readers)
        else:
            known = _read_editions(project, edition)
            _find_cluster(known, cluster)
            files = [file for path in paths for file in _expand(path)]
            _keep_apart(project, queries, files)
            results = _check_files(project, framework, files, known, queries, cluster, readers)
        return print_json(results) if format == "json" else print_text(results)
    finally:
        readers.close()


def _is_edition(project: Project, name: str) -> bool:
    return (project.editions / f"{name}.yaml").is_file()


def _refuse_another(name: str, edition: str | None) -> None:
    if edition not in (None, name):
        raise EditionError(
            "one edition is to be checked by the register of another",
            where=f"check {name}",
            found=f"--edition {edition}",
            do="leave one of the two out",
        )


def _find_cluster(known: dict[str, Edition], cluster: str | None) -> None:
    """Make sure that a cluster is on one of the registers; the last one says what it expects."""
    if cluster is None or any(c.id == cluster for e in known.values() for c in e.clusters):
        return
    list(known.values())[-1].cluster(cluster)


def _keep_apart(project: Project, queries: Path | None, files: Sequence[Path]) -> None:
    """What was received stays as it was: no query is written over it."""
    if queries is None:
        return
    folder, raw = _follow(queries), _follow(project.raw(""))
    sources = {place for f in files for place in (_follow(f.parent), _follow(f).parent)}
    if folder in sources or raw in (folder, *folder.parents):
        raise ProjectError(
            "the queries would be written among the returns that they are about",
            where=str(queries),
            do="name another folder; what was received stays as it was sent",
        )


def _follow(path: Path) -> Path:
    """Follow links as far as they lead; a link that leads to itself is where it stands."""
    return Path(os.path.realpath(path))


def _send_back(
    checked: Checked, target: Path, framework: Framework, process: ReadingProcess
) -> Checked:
    """Write the queries of a return that was read, if there are any."""
    one = checked.one
    if checked.path is None or one.state != "answered" or not list_queries(one):
        return checked
    written = write_queries(
        target,
        source=checked.path,
        one=one,
        framework=framework,
        edition=checked.edition,
        process=process,
    )
    if written is not None:
        return checked
    lost = (*one.faults, find("queries-not-written"))
    return replace(checked, one=replace(one, faults=lost))


# --- files and folders


def _check_files(
    project: Project,
    framework: Framework,
    files: Sequence[Path],
    known: dict[str, Edition],
    queries: Path | None,
    cluster: str | None,
    readers: _Readers,
) -> Iterator[Checked]:
    def check(path: Path, name: str) -> Checked:
        process = readers.get()
        checked = _check_file(project, framework, path, known, process)
        if queries is None or cluster not in (None, checked.one.cluster):
            return checked
        return _send_back(checked, queries / name, framework, process)

    with ThreadPoolExecutor(READERS) as pool:
        for checked in pool.map(check, files, _name_queries(files)):
            if cluster is None or checked.one.cluster == cluster:
                yield checked


def _name_queries(files: Sequence[Path]) -> list[str]:
    """Name each file's queries like the file; of several with one name the later get a number."""
    names: list[str] = []
    for file in files:
        name, number = f"{file.stem}.xlsx", 1
        while name in names:
            number += 1
            name = f"{file.stem}-{number}.xlsx"
        names.append(name)
    return names


def _expand(path: str) -> list[Path]:
    """A file is itself; a folder is what may be a return in it and in the folders below.

    A folder without any stays in the list, and so does one that is named like a workbook: it is
    something that could not be read.
    """
    folder = Path(path)
    if not path or name_oddity(folder) != FOLDER:
        return [folder]
    places: list[Path] = []
    for place, below, _ in os.walk(folder):
        below[:] = [n for n in below if not n.startswith(".") and not _WORKBOOK.search(n)]
        places.append(Path(place))
    places.sort()
    return [file for p in places for file in list_files(p) if file not in places] or [folder]


def _read_editions(project: Project, edition: str | None) -> dict[str, Edition]:
    """The editions that a file may be for; one where it was named."""
    names = [edition] if edition else sorted(p.stem for p in project.editions.glob("*.yaml"))
    if not names:
        raise EditionError("there is no edition", where=str(project.editions), do="write one")
    return {name: read_edition(project, name) for name in names}


def _check_file(
    project: Project,
    framework: Framework,
    path: Path,
    known: dict[str, Edition],
    process: ReadingProcess,
) -> Checked:
    # a file in data/raw/<edition> most likely belongs there
    guess = _follow(path).parent.name
    edition = known.get(guess) or next(iter(known.values()))
    try:
        return _read_and_check(project, framework, path, edition, known, process)
    except AnnualReportError:
        raise
    except Exception as error:  # noqa: BLE001  one file's surprise is not the others' end
        fault = find("reader-failed", found=f"{type(error).__name__}: {error}")
        name = edition.edition
        lost = Return(None, "unreadable", fault.message, name, path.name, "", None, (), (fault,))
        return Checked(path, edition, lost)


def _read_and_check(
    project: Project,
    framework: Framework,
    path: Path,
    edition: Edition,
    known: dict[str, Edition],
    process: ReadingProcess,
) -> Checked:
    one = read_return(path, framework=framework, edition=edition, process=process)
    named = next((f.found for f in one.faults if f.code == "file-other-edition"), None)
    if named in known:
        edition = known[str(named)]
        one = read_return(path, framework=framework, edition=edition, process=process)
    one = weigh_numbers(project, edition, framework, one, process=process)
    return Checked(path, edition, check_return(project, edition, framework, one, process=process))


# --- a whole edition


def _check_edition(
    project: Project,
    framework: Framework,
    name: str,
    queries: Path,
    cluster: str | None,
    readers: _Readers,
) -> Iterator[Checked]:
    edition = read_edition(project, name)
    chosen = edition.clusters if cluster is None else (edition.cluster(cluster),)
    filing = identify_returns(project, name, process=readers.get())
    if edition.previous is not None:
        identify_returns(project, edition.previous, process=readers.get())

    def check(cluster_id: str) -> tuple[Checked, Report]:
        process = readers.get()
        one = read_cluster(project, edition, framework, cluster_id, filing=filing, process=process)
        label = filing.chosen.get(cluster_id)
        path = project.raw(name) / label.workbook if label else None
        target = queries / f"{cluster_id}.xlsx"
        target.unlink(missing_ok=True)  # what was asked once may be answered now
        checked = _send_back(Checked(path, edition, one), target, framework, process)
        written = target if target.exists() else None
        return checked, _report(edition, framework, checked.one, written)

    reports: list[Report] = []
    with ThreadPoolExecutor(READERS) as pool:
        for checked, report in pool.map(check, [one.id for one in chosen]):
            reports.append(report)
            yield checked
    if cluster is None:
        for fault in filing.strays:
            yield Checked(None, edition, _stray(name, fault))
        write_queries_index(
            queries / "index.html", edition=edition, reports=reports, strays=filing.strays
        )


def _stray(edition: str, fault: Finding) -> Return:
    name = fault.workbook or ""
    return Return(None, "stray", fault.message, edition, name, "", None, (), (fault,))


def _report(edition: Edition, framework: Framework, one: Return, written: Path | None) -> Report:
    assert one.cluster is not None
    asked, answered = count_answers(framework, one)
    return Report(
        one.cluster,
        edition.cluster(one.cluster).name,
        one.state,
        one.signed,
        one.workbook or None,
        answered,
        asked,
        one.faults,
        written.name if written else None,
    )
