"""The profile of one cluster: who it is and what is known of it."""

from __future__ import annotations

from annual_report.exhibits.model import Heading
from annual_report.exhibits.season import Season


def show_heading(season: Season, cluster: str) -> Heading:
    """The cluster's name, as the chapter's title."""
    return Heading(level=1, text=season.name_of(cluster), id=cluster)
