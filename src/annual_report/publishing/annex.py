"""The data annex of an edition: a workbook for people, a data package for programs."""

from __future__ import annotations

from pathlib import Path

from annual_report.edition import read_edition
from annual_report.files import write_whole
from annual_report.numbers import write_numbers_in
from annual_report.project import Project
from annual_report.publishing.annex_tables import build_tables
from annual_report.publishing.annex_workbook import build_workbook
from annual_report.publishing.datapackage import build_package
from annual_report.survey.form.package import save_workbook


def publish_annex(project: Project, edition_name: str) -> Path:
    """Write ``data-annex.xlsx`` and ``datapackage/`` beside the report.

    Returns
    -------
    Path
        The workbook.
    """
    edition = read_edition(project, edition_name)
    write_numbers_in(edition.locale)
    tables = build_tables(project, edition)
    folder = project.reports(edition_name)
    package = build_package(project, edition, tables)
    for name, content in package.items():
        write_whole(folder / "datapackage" / name, content)
    for stale in (folder / "datapackage").rglob("*.*"):
        if stale.is_file() and stale.relative_to(folder / "datapackage").as_posix() not in package:
            stale.unlink()
    path = folder / "data-annex.xlsx"
    save_workbook(build_workbook(edition, tables), path, day=edition.published, level=6)
    return path
