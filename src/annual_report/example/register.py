"""The two editions of the example as files: registers, titles, rules."""

from __future__ import annotations

import datetime as dt

import yaml

from annual_report.edition import Cluster, Edition, Rules
from annual_report.example.catalogue import Profile
from annual_report.example.season import LAST_YEAR
from annual_report.files import write_whole
from annual_report.project import Project

HAND_WRITTEN = 20
_NUMBERS = {18: "Eighteen", HAND_WRITTEN: "Twenty"}
_SOURCE = "fictional"
_HEAD = """\
# Written by `annual-report example`; every cluster in it is fictional. Changes made here by hand
# are lost when the command runs again.

"""


def name_edition(clusters: int, year: int) -> str:
    """Name an edition of the example, such as ``example`` or ``example-1000-2022``."""
    name = "example" if clusters == HAND_WRITTEN else f"example-{clusters}"
    return name if year == LAST_YEAR else f"{name}-{year}"


def make_edition(
    profiles: tuple[Profile, ...], year: int, *, leavers: tuple[Profile, ...] = ()
) -> Edition:
    """Make the edition of one year: who had joined by then and had not left is on its register.

    Parameters
    ----------
    leavers
        Who is on the register of the year before only.
    """
    staying = profiles if year == LAST_YEAR else (*profiles, *leavers)
    present = [p for p in staying if p.joined <= year]
    earlier = any(p.joined < year for p in profiles) and year == LAST_YEAR
    return Edition(
        edition=name_edition(len(profiles), year),
        year=year,
        title=f"Annual report {year}",
        headline=f"{_spell(len(present))} clusters, four pillars, one year of progress",
        subtitle="Annual report on partnerships, policy, finance and technology in industrial clusters",
        status="Example data: fictional clusters",
        publisher="Example secretariat",
        published=dt.date(year + 1, 5, 15),
        previous=name_edition(len(profiles), year - 1) if earlier else None,
        currency="USD",
        currency_year=year,
        fictional=True,
        rules=Rules(allow_mixed_ghg_basis=True),
        clusters=tuple(
            Cluster(id=p.id, name=p.name, country=p.country, joined=p.joined, source=_SOURCE)
            for p in sorted(present, key=lambda p: p.name)
        ),
    )


def write_edition(project: Project, edition: Edition) -> None:
    """Write ``data/editions/<edition>.yaml``."""
    settings = edition.model_dump(mode="json", exclude_defaults=True)
    text = yaml.safe_dump(settings, allow_unicode=True, sort_keys=False, width=100)
    write_whole(project.editions / f"{edition.edition}.yaml", (_HEAD + text).encode())


def _spell(count: int) -> str:
    return _NUMBERS.get(count, f"{count:,}")
