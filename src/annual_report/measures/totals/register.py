"""What the register itself says: clusters, countries, continents, joiners, leavers, response."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from annual_report.edition import Cluster, Edition
from annual_report.measures.measure import ALL, Measure
from annual_report.tables import RETURN_STATES

CODE = "register"
METHOD = "count on the register"


def describe_register(
    edition: Edition,
    returns: pd.DataFrame,
    continent_of: dict[str, str],
    *,
    before: Edition | None = None,
) -> Iterator[Measure]:
    """Yield counts of clusters, countries, continents, joiners, leavers and states of returns.

    Parameters
    ----------
    before
        The edition before this one: who stood on its register and does not on this one has left.
    """
    countries = sorted({c.country for c in edition.clusters})
    continents = sorted({continent_of[country] for country in countries})
    joined = [c.name for c in edition.clusters if c.joined == edition.year]
    size = len(edition.clusters)

    def count(name: str, number: int, formula: str) -> Measure:
        return Measure(
            edition=edition.edition, cluster=ALL, code=CODE, measure=name, method=METHOD,
            number=float(number), unit="count", year=edition.year, n=size, of=size, formula=formula,
        )  # fmt: skip

    yield count("clusters", size, f"{size} entries of data/editions/{edition.edition}.yaml")
    yield count("countries", len(countries), ", ".join(countries))
    yield count("continents", len(continents), ", ".join(continents))
    yield count("joined", len(joined), ", ".join(joined) or "none")
    if before is not None:
        left = [c.name for c in list_leavers(edition, before)]
        yield count("left", len(left), ", ".join(left) or "none")
    for state in RETURN_STATES:
        names = returns.loc[returns["state"] == state, "cluster"]
        yield count(f"returns.{state}", len(names), ", ".join(names) or "none")


def list_leavers(edition: Edition, before: Edition) -> list[Cluster]:
    """Who stood on the register of the edition before and does not on this one, by name."""
    present = {cluster.id for cluster in edition.clusters}
    left = [cluster for cluster in before.clusters if cluster.id not in present]
    return sorted(left, key=lambda cluster: cluster.name.casefold())
