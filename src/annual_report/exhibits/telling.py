"""What is told of an edition in words and single numbers: sentences, tiles, cases, quotes."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import pandas as pd

from annual_report.errors import RateError
from annual_report.exhibits import framed
from annual_report.exhibits.framed import make_value
from annual_report.exhibits.look.tokens import MARK_MEANINGS
from annual_report.exhibits.model import (
    Case,
    Cases,
    Heading,
    Number,
    Prose,
    Quote,
    Quotes,
    Tile,
    Tiles,
)
from annual_report.exhibits.places import Outline, read_outline
from annual_report.exhibits.sentences import Role, Sentence, Told, compose_prose
from annual_report.exhibits.words import write_absence
from annual_report.numbers import Style, format_count, print_number
from annual_report.project import Project
from annual_report.rates import Rates, read_rates
from annual_report.season.own import Own
from annual_report.season.package import Package
from annual_report.season.sources import Sources
from annual_report.season.store import Store
from annual_report.season.value import Value

NOTHING = "Nothing was reported."


class Telling(Own):
    """An edition's frames, and what is told of them without a grid or a picture."""

    def __init__(self, store: Store, project: Project, package: Package | None = None) -> None:
        super().__init__(store)
        self._project = project
        self._package = package  # its files stay as long as this does

    def rate(self, currency: str, year: Any) -> Value:
        """What one unit of a currency cost in that of the edition, on the average of a year."""
        if pd.isna(year):
            return Value.unknown()
        try:
            rate = self._rates.cross(currency, self.currency, int(year))
        except RateError as error:
            return Value.unknown(source=error.what)
        text = print_number(rate.value, Style(digits=5), self._store.edition.locale)
        return Value(
            rate.value, text=text, id=rate.id, source=f"{rate.formula}\n{rate.source}",
            year=int(year),
        )  # fmt: skip

    @property
    def land(self) -> Outline:
        """The outline of the land, for `ar.world`."""
        return read_outline(self._project.reference)

    def tiles(
        self,
        *figures: tuple[Value | str, str] | tuple[Value | str, str, str],
        id: str = "tiles",  # noqa: A002
        facts: bool = False,
    ) -> Tiles | Prose:
        """Headline figures side by side; a figure is a number or a word, what it is, and its change.

        Parameters
        ----------
        facts
            Whether they are the smaller ones of a profile. Numbers that are missing are left out.
        """
        told = [
            figure
            for figure in figures
            if isinstance(figure[0], str) or figure[0].known or figure[0].mark == "withheld"
        ]
        if not told:
            return write_absence(NOTHING)
        origins = self._sources.find(getattr(figure[0], "id", "") for figure in told)
        tiles = tuple(
            Tile(number=Number(text=value), unit="", label=label, change="".join(change))
            if isinstance(value, str)
            else Tile(
                number=make_value(value, origins),
                unit=value.unit,
                label=label,
                basis="" if facts else self._name_basis(value),
                change="".join(change) if value.known else MARK_MEANINGS["withheld"],
            )
            for value, label, *change in told
        )
        return Tiles(id=id, style="facts" if facts else "headline", tiles=tiles)

    def _name_basis(self, value: Value) -> str:
        of = (
            f"{format_count(value.n)} of {format_count(value.of)} clusters"
            if value.of > 1 and value.n
            else ""
        )
        return ", ".join(filter(None, (of, str(value.year or ""))))

    def heading(self, text: str, *, id: str, level: int = 1) -> Heading:  # noqa: A002
        """Make a heading whose words are computed, such as a cluster's name."""
        return Heading(level=level, text=text, id=id)

    def cases(self, entries: pd.DataFrame) -> Cases | None:
        """Tell the entries of ``season.rows("HIG-T1")``; None where there are none."""
        told = tuple(
            Case(
                pillar=self._find_code("pillars", row["pillar"]) or "other",
                id=f"{row['id']}.title",
                source=f"Survey, {row['id'].partition('.')[2].rpartition('.')[0]}",
                **{n: row[n] for n in ("title", "problem", "action", "result", "evidence")},
            )
            for row in _fill(entries)
        )
        return Cases(cases=told) if told else None

    def quotes(self, entries: pd.DataFrame) -> Quotes | None:
        """Print those entries of ``season.rows("HIG-T2")`` whose speakers agreed to them."""
        told = tuple(
            Quote(
                text=row["text"],
                role=f"{row['role']}; approved for publication",
                id=f"{row['id']}.text",
            )
            for row in _fill(entries)
            if row["approved"] is True and row["role"]
        )
        return Quotes(quotes=told) if told else None

    def _find_code(self, choices: str, words: str) -> str:
        listed = self._store.framework.choices[choices]
        return next((c.code for c in listed if c.short == words), "")

    def say(
        self,
        *sentences: Sentence,
        otherwise: str | None = NOTHING,
        role: Role = "text",
        bullets: bool = False,
        apart: bool = False,
        **numbers: Any,
    ) -> Prose | None:
        """Say the sentences whose numbers are all there, or what to say ``otherwise``: None, nothing.

        A sentence is a template, or a pair of a condition and a template. ``{name}`` prints a
        number, ``{name:unit}`` prints it with its unit, ``{name:+}`` with a sign, ``{name:size}``
        without one, ``{name:one|many}`` chooses a word by it, ``{name:share}`` puts a share from 0
        to 1 into words; words between ``**`` are bold. What `ar.sentence` makes has numbers of
        its own. With ``apart`` each sentence is a paragraph.
        """
        given = [numbers, *(one.numbers for one in sentences if isinstance(one, Told))]
        return compose_prose(
            sentences,
            numbers,
            otherwise=otherwise,
            role=role,
            bullets=bullets,
            apart=apart,
            locale=self._store.edition.locale,
            origins=self._sources.find(getattr(n, "id", "") for one in given for n in one.values()),
        )

    def context(self, pillar: str | None = None) -> list[Told]:
        """Published facts that belong to no single cluster, each with its source, for `say`."""
        facts = [f for f in self._store.edition.context if pillar in (None, f.pillar)]
        return [Told("{text} ({source})", {"text": f.text, "source": f.source}) for f in facts]

    @property
    def register_notes(self) -> list[Told]:
        """What the edition says of its register, for `say`."""
        return [Told("{text}", {"text": note}) for note in self._store.edition.register_notes]

    def _find_basis(self, data: pd.DataFrame) -> tuple[int | None, int | None]:
        """How many clusters stand behind an exhibit; nothing to say where it is of one."""
        return framed.find_basis(data) if self._store.cluster is None else (None, None)

    @cached_property
    def _rates(self) -> Rates:
        return read_rates(self._project.reference)

    @cached_property
    def _sources(self) -> Sources:
        return Sources(self._store)


def _fill(entries: pd.DataFrame) -> list[dict[Any, Any]]:
    """The rows of a wide frame, with empty texts where nothing was written."""
    return entries.astype("object").where(entries.notna(), "").to_dict("records")
