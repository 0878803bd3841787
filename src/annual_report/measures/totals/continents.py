"""Countries and their continents, from ``data/reference/countries.csv``."""

from __future__ import annotations

import csv
from pathlib import Path

from annual_report.errors import ProjectError


def read_continents(reference: Path) -> dict[str, str]:
    """Read which continent each ISO 3166-1 alpha-2 country code belongs to.

    Raises
    ------
    ProjectError
        If the file is missing.
    """
    path = reference / "countries.csv"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return {row["country"]: row["continent"] for row in csv.DictReader(file)}
    except FileNotFoundError:
        raise ProjectError(
            "the table of countries is missing", where=str(path), do="restore it from git"
        ) from None
