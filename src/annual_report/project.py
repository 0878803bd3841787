"""Where the project's files are: the one place that knows folder names."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from annual_report.errors import ProjectError

ROOT_VARIABLE = "ANNUAL_REPORT_ROOT"
PICTURE_SUFFIXES = ("png", "jpg", "jpeg", "gif", "webp", "svg")
"""How the names of pictures end that lie beside a notebook and that its text can show."""


@dataclass(frozen=True)
class Project:
    """The folders of one checkout.

    Parameters
    ----------
    root
        The folder that holds ``data/framework`` and ``notebooks``.
    """

    root: Path

    @property
    def framework(self) -> Path:
        return self.root / "data" / "framework"

    @property
    def editions(self) -> Path:
        return self.root / "data" / "editions"

    @property
    def reference(self) -> Path:
        return self.root / "data" / "reference"

    @property
    def fonts(self) -> Path:
        """The fonts that editors have added to the package's."""
        return self.root / "data" / "fonts"

    @property
    def notebooks(self) -> Path:
        return self.root / "notebooks"

    def raw(self, edition: str) -> Path:
        return self.root / "data" / "raw" / edition

    def corrections(self, edition: str) -> Path:
        return self.root / "data" / "corrections" / f"{edition}.yaml"

    def processed(self, edition: str) -> Path:
        return self.root / "data" / "processed" / edition

    @property
    def parsed(self) -> Path:
        """What parsing took long for, by the content of what was parsed."""
        return self.root / "data" / "processed" / ".parsed"

    def reports(self, edition: str) -> Path:
        return self.root / "reports" / edition


def find_project(start: Path | None = None) -> Project:
    """Find the project that holds a folder.

    Parameters
    ----------
    start
        Where to look first, then upwards; the working folder by default. The environment
        variable ``ANNUAL_REPORT_ROOT`` comes before both.

    Raises
    ------
    ProjectError
        If neither the folder nor one above it holds ``data/framework``.
    """
    named = os.environ.get(ROOT_VARIABLE)
    origin = Path(named) if named else (start or Path.cwd()).resolve()
    for folder in (origin, *origin.parents):
        if (folder / "data" / "framework").is_dir():
            return Project(folder)
    raise ProjectError(
        "no annual-report project here",
        where=str(origin),
        expected="a folder with data/framework and notebooks in it, here or above",
        do=f"change to the project's folder, or set {ROOT_VARIABLE} to it",
    )
