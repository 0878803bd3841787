"""The door of notebooks to an edition: what may be published of it, and nothing else."""

from __future__ import annotations

from annual_report.edition import read_edition
from annual_report.errors import ExhibitError
from annual_report.exhibits.opening import Season
from annual_report.exhibits.typesetting import typeset
from annual_report.framework import read_framework
from annual_report.measures.public import PUBLIC
from annual_report.numbers import write_numbers_in
from annual_report.project import find_project
from annual_report.season.package import DESCRIPTOR, open_package
from annual_report.season.store import Store


def open_season(edition: str | int, cluster: str | None = None) -> Season:
    """Open an edition, or one cluster's part of it.

    Parameters
    ----------
    edition
        Its name, in the project that holds the working folder, a year may be a number; or path or
        address of the ``datapackage.json`` that was published of it.

    Raises
    ------
    EditionError
        If there is no such edition, or no such cluster on its register.
    ExhibitError
        If the edition has not been measured yet.
    StorageError
        If a data package is not what its descriptor says.
    """
    name = str(edition)
    package = open_package(name) if name.endswith(DESCRIPTOR) else None
    project = find_project() if package is None else package.project
    opened = read_edition(project, name if package is None else package.edition)
    name, folder = opened.edition, project.processed(opened.edition) / PUBLIC
    if cluster is not None:
        opened.cluster(cluster)
    if not (folder / "peers.parquet").is_file():  # which chapters and profiles both read
        raise ExhibitError(
            f"edition {name} has no public tables yet",
            where=str(folder.relative_to(project.root)),
            do=f"run make report EDITION={name} once, then open the notebook again",
        )
    write_numbers_in(opened.locale)
    before = None if opened.previous is None else read_edition(project, opened.previous)
    framework = typeset(read_framework(project))
    return Season(Store(folder, opened, framework, cluster, before), project, package)
