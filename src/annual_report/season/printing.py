"""How every frame is made: the whole register, one scale, numbers as the report prints them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
import pandas as pd

from annual_report.countries import name_country
from annual_report.measures.measure import ALL
from annual_report.numbers import (
    Style,
    choose_shared_style,
    choose_style,
    print_number,
)
from annual_report.season.asking import check_name, check_spelling, list_codes
from annual_report.season.store import Store
from annual_report.season.symbols import MARK_WORDS, sign_queried
from annual_report.season.value import Value

PUBLISHED = ("value", "text", "unit", "mark", "flag", "id", "year", "n", "of")
WHO = ("cluster", "cluster_id")


class Printing:
    """What the frames of one edition stand on.

    Parameters
    ----------
    prefix
        What stands before each address: of the edition before, its name and a colon.
    """

    def __init__(self, store: Store, *, prefix: str = "") -> None:
        self._store = store
        self._prefix = prefix

    @property
    def edition(self) -> str:
        """The edition's name."""
        return self._store.edition.edition

    @property
    def currency(self) -> str:
        """ISO 4217 code of the currency that the edition reports in."""
        return self._store.edition.currency

    @property
    def currency_year(self) -> int:
        """The year whose rates convert an amount that names no year of its own."""
        return self._store.edition.currency_year

    @property
    def year(self) -> int:
        """The year that the edition reports on."""
        return self._store.edition.year

    @cached_property
    def clusters(self) -> pd.DataFrame:
        """One row a cluster of the register: cluster, cluster_id, country, joined, is_new.

        Opened for one cluster, an edition has that one alone.
        """
        edition = self._store.edition
        rows = [
            (c.name, c.id, name_country(c.country, edition.locale), c.joined)
            for c in edition.clusters
            if self._store.cluster in (None, c.id)
        ]
        frame = pd.DataFrame(rows, columns=["cluster", "cluster_id", "country", "joined"])
        frame["is_new"] = frame["joined"] == edition.year
        frame = frame.sort_values("cluster", key=lambda names: names.str.casefold())
        return frame.reset_index(drop=True)

    def total(self, code: str, measure: str, style: Style | None = None) -> Value:
        """One total over the clusters, as ``season.total("POL-01", "value.median")``."""
        self._check_total(code, measure)
        return self._find_value(f"{ALL}.{code}.{measure}", style)

    def _check_total(self, code: str, *measures: str) -> None:
        check_name(code, list_codes(self._store.framework), "code")
        found = self._store.measures(code)
        known = found.loc[found["cluster"] == ALL, "measure"]
        for measure in measures:
            check_spelling(measure, known, code)

    def _find_value(self, address: str, style: Style | None) -> Value:
        of = len(self._store.edition.clusters)
        row = self._store.find([address]).iloc[0]
        if pd.isna(row["code"]):
            return Value.unknown(of=of)
        n = 0 if pd.isna(row["n"]) else int(row["n"])
        of = of if pd.isna(row["of"]) else int(row["of"])
        year = None if pd.isna(row["year"]) else int(row["year"])
        address = self._prefix + row["id"]
        if pd.isna(row["number"]):
            return Value.unknown(row["mark"], id=address, n=n, of=of)
        chosen = style or self._choose_style(row)
        text = print_number(row["number"], chosen, self._store.edition.locale)
        flag = row["flag"]
        text += sign_queried(flag)
        number = row["number"] / chosen.scale
        return Value(
            number, text=text, unit=chosen.unit, flag=flag, id=address, n=n, of=of, year=year
        )

    def _choose_style(self, row: pd.Series) -> Style:
        """As the framework shows a headline and what it is compared with, else by its size."""
        headlines = {h.code: h for h in self._store.framework.headlines}
        headline = headlines.get(row["code"])
        if headline is None or row["unit"] == "percent":
            return choose_style(row["number"], row["unit"] or "count")
        digits = 2 if row["number"] < 10 * headline.scale and row["measure"] == "total" else 3
        words = headline.name_unit(self._store.edition.currency)
        return Style(words, headline.scale, digits=digits)

    def _name_clusters(self, ids: Iterable[str]) -> pd.Categorical:
        places, names = self._names
        return pd.Categorical.from_codes([places.get(i, -1) for i in ids], dtype=names)

    @cached_property
    def _names(self) -> tuple[dict[str, int], pd.CategoricalDtype]:
        """Where each cluster stands by name, and the names in their order."""
        who = self.clusters
        places = {cluster: place for place, cluster in enumerate(who["cluster_id"])}
        return places, pd.CategoricalDtype(who["cluster"], ordered=True)

    def _fill_register(
        self, asked: Sequence[tuple[str, str]], *, known: str = "value"
    ) -> pd.DataFrame:
        """Every cluster of the register by codes and measures, with a mark where one is not there."""
        clusters = self.clusters["cluster_id"].tolist()
        keys = [(cluster, *pair) for pair in asked for cluster in clusters]
        frame = self._pick(list(map(".".join, keys)))
        of = len(clusters)
        is_there = frame[known].notna().to_numpy() | (frame["mark"] == "withheld").to_numpy()
        who, codes, measures = ([key[part] for key in keys] for part in range(3))
        about = {
            "cluster": self._name_clusters(who),
            "cluster_id": pd.array(who, dtype="str"),
            "code": pd.array(codes, dtype="str"),
            "measure": pd.array(measures, dtype="str"),
        }
        told = {name: frame[name] for name in PUBLISHED}
        n = is_there.reshape(len(asked), of).sum(axis=1).repeat(of)
        return pd.DataFrame({**about, **told, "n": n, "of": of})

    def _pick(self, ids: Sequence[str]) -> pd.DataFrame:
        """The measures at these addresses, in their order, with a mark where one is not there."""
        found = self._store.find(ids)
        told = {name: found["number" if name == "value" else name] for name in PUBLISHED}
        told |= {"mark": found["mark"].fillna("missing"), "n": found["n"].fillna(0)}
        return pd.DataFrame(told | {"of": len(self._store.edition.clusters)})

    def _print(self, frame: pd.DataFrame, keys: list[str], *, by: str = "") -> pd.DataFrame:
        """Put numbers on one scale, where they have one unit, and print them.

        Parameters
        ----------
        by
            Column of what has a scale of its own; by default all stand together.
        """
        styles = pd.Series(index=frame.index, dtype=object)
        for _, part in frame.groupby(by, sort=False) if by else [("", frame)]:
            styles[part.index] = _choose_styles(part)
        return self._finish(frame, keys, styles)

    def _finish(
        self, frame: pd.DataFrame, keys: list[str], styles: Iterable[Style]
    ) -> pd.DataFrame:
        locale, chosen = self._store.edition.locale, list(styles)
        values, flags = frame["value"].to_numpy("float64"), frame["flag"].fillna("")
        known = ~np.isnan(values)
        # as plain floats: numpy rounds a half otherwise
        rows = zip(values.tolist(), known, frame["mark"], flags, chosen, strict=True)
        texts = [
            print_number(value, style, locale) + sign_queried(flag)
            if is_known
            else MARK_WORDS.get(mark, "")
            for value, is_known, mark, flag, style in rows
        ]
        counts = {name: frame[name].astype("Int64") for name in ("year", "n", "of")}
        made = {
            **{key: frame[key] for key in keys},
            "value": values / np.array([style.scale for style in chosen]),
            "text": pd.array(texts, dtype="str"),
            "unit": pd.array([style.unit for style in chosen], dtype="str"),
            "mark": frame["mark"],
            "flag": flags,
            "id": self._prefix + frame["id"] if self._prefix else frame["id"],
            **counts,
        }
        return pd.DataFrame(made, index=frame.index)


def _choose_styles(frame: pd.DataFrame) -> list[Style]:
    """One style for numbers of one unit, else each by its size."""
    known = frame["value"].notna()
    units = frame["unit"].fillna("count")
    if len(set(units[known])) == 1:
        style = choose_shared_style(frame["value"].abs().max(), units[known].iloc[0])
        return [style] * len(frame)
    return [
        choose_style(value, unit) if there else Style()
        for value, unit, there in zip(frame["value"], units, known, strict=True)
    ]
