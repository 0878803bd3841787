"""An edition in a notebook: its frames, and what is made of them for the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import pandas as pd

from annual_report.errors import RateError
from annual_report.exhibits import figures, framed, listings
from annual_report.exhibits.canvas import FULL_MM, HALF_MM
from annual_report.exhibits.figures import Drawing
from annual_report.exhibits.framed import make_value
from annual_report.exhibits.model import Figure, Prose, Table, Tile, Tiles
from annual_report.exhibits.places import Outline, read_outline
from annual_report.exhibits.sentences import Role, Sentence, Told, compose_prose
from annual_report.exhibits.tokens import MARK_MEANINGS
from annual_report.exhibits.words import count_things, write_absence
from annual_report.numbers import Style, format_count, print_number
from annual_report.project import Project
from annual_report.rates import read_rates
from annual_report.season.frames import Frames
from annual_report.season.package import Package
from annual_report.season.sources import Origin, Sources
from annual_report.season.store import Store
from annual_report.season.value import Value

NOTHING = "Nothing was reported."


class Season(Frames):
    """One edition for analysts: frames that hold only what is published, and exhibits of them."""

    def __init__(self, store: Store, project: Project, package: Package | None = None) -> None:
        super().__init__(store)
        self._project = project
        self._package = package  # its files stay as long as this does

    def rate(self, currency: str, year: Any) -> Value:
        """What one unit of a currency cost in that of the edition, on the average of a year."""
        if pd.isna(year):
            return Value.unknown()
        try:
            rate = read_rates(self._project.reference).cross(currency, self.currency, int(year))
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

    def figure(
        self,
        plot: Drawing,
        data: pd.DataFrame,
        *,
        id: str,  # noqa: A002  the column of every frame
        title: str,
        subject: str,
        source: str,
        rows: str = "cluster",
        columns: str | None = None,
        labels: Mapping[str, str] | None = None,
        unit: str | None = None,
        texts: pd.DataFrame | None = None,
        notes: Sequence[str] = (),
        empty: str = NOTHING,
        pillar: str | None = None,
        narrow: Drawing | None = None,
        height: float | None = None,
        pitch: float | None = None,
        axis: bool = True,
        key: bool = True,
        half: bool = False,
    ) -> Figure | Prose:
        """Make a figure of the report from a plot and the frame behind it.

        Parameters
        ----------
        plot
            A plot of ``seaborn.objects``, or a function that draws on the axes it is given.
        data
            The frame behind it, with what is missing: gives the table behind the figure, the alt
            text, the unit, n of N, and the notes on marks.
        id
            The figure's name in addresses, such as ``carbon-price``.
        subject
            What the picture shows, in words: the alt text begins with it.
        rows, columns
            Which columns of the frame become the rows and the columns of the table.
        labels
            Words for the table's columns and for the head of its rows.
        texts
            A frame with one more column of texts for the table, such as `verdicts`.
        empty
            What the report says instead where no number of the frame is there.
        narrow
            The plot for a telephone, where another arrangement reads better.
        height, pitch
            In millimetres, of the whole and of a row; by default what the rows need.
        axis
            Whether numbers stand on the axis; needless where each bar has its own.
        half
            Whether it takes half of the page's width; two in a row stand side by side.

        Raises
        ------
        ExhibitError
            If the frame lacks columns or the plot draws numbers that are not in it.
        """
        data = framed.check_columns(data)
        for one in (plot, narrow):
            figures.check_drawn(one, data)
        known = data["value"].notna() & (data["n"] != 0)
        if not known.any() or figures.draws_nothing(plot):
            return self._say_absence(data, empty)
        origins = self._trace(data, texts)
        grid = framed.spread(
            data, rows=rows, columns=columns, labels=labels or {}, origins=origins,
            texts=texts,
        )  # fmt: skip
        missing = framed.count_missing(data, rows)
        manner: Any = {"id": id, "missing": missing, "axis": axis, "key": key, "pitch": pitch}
        page = figures.draw(plot, width=HALF_MM if half else FULL_MM, height=height, **manner)
        phone = None
        if not half:
            tall = height if narrow is None else None
            phone = figures.draw(narrow or plot, width=HALF_MM, height=tall, **manner)
        n, of = framed.find_basis(data)
        withheld = (
            () if missing else framed.list_withheld(data, [rows, *([columns] if columns else [])])
        )
        return Figure(
            id=id,
            title=title,
            svg=page.svg,
            narrow="" if phone is None else phone.svg,
            alt=framed.describe(grid, subject),
            grid=grid,
            unit=framed.name_unit(data) if unit is None else unit,
            source=source,
            n=n,
            of=of,
            pillar=pillar,
            half=half,
            notes=(
                *filter(None, notes),
                *framed.explain_verdicts(texts),
                *self._note_cut(data, rows, len(page.names)),
                *withheld,
            ),
        )

    def table(
        self,
        data: pd.DataFrame,
        *,
        id: str,  # noqa: A002
        title: str,
        source: str,
        rows: str = "cluster",
        columns: str | None = None,
        labels: Mapping[str, str] | None = None,
        unit: str | None = None,
        total: str | None = None,
        texts: pd.DataFrame | None = None,
        notes: Sequence[str] = (),
        empty: str | None = NOTHING,
        pillar: str | None = None,
    ) -> Table | Prose | None:
        """Make a table of the report from a long frame; ``total`` names the row that stands last.

        Parameters are those of `figure`.
        """
        data = framed.check_columns(data)
        if not (data["value"].notna() & (data["n"] != 0)).any():
            return None if empty is None else self._say_absence(data, empty)
        origins = self._trace(data, texts)
        grid = framed.spread(
            data, rows=rows, columns=columns, labels=labels or {}, origins=origins,
            total=total, texts=texts,
        )  # fmt: skip
        grid, left_out = framed.cut(grid)
        n, of = framed.find_basis(data)
        return Table(
            id=id,
            title=title,
            grid=grid,
            source=source,
            n=n,
            of=of,
            pillar=pillar,
            unit=framed.name_unit(data) if unit is None else unit,
            notes=(*filter(None, notes), *framed.explain_verdicts(texts), *left_out),
        )

    def listing(
        self,
        data: pd.DataFrame,
        *,
        id: str,  # noqa: A002
        title: str,
        source: str,
        columns: Mapping[str, str],
        units: Mapping[str, str] | None = None,
        widths: Mapping[str, float] | None = None,
        unit: str = "",
        n: int | None = None,
        foot: Mapping[str, Value | str] | None = None,
        unasked: Mapping[str, pd.Series] | None = None,
        sortable: bool = True,
        rest: str = "",
        heads: str = "",
        notes: Sequence[str] = (),
        empty: str | None = NOTHING,
        pillar: str | None = None,
    ) -> Table | Prose | None:
        """Make a table of entries from a wide frame, such as the projects: one row each.

        Parameters
        ----------
        columns
            Which columns are shown, in this order, each with its head.
        units
            Unit codes of columns of numbers (``tCO2e/y``, ``USD``): they stand on one scale.
        widths
            Relative widths; a column of text has 2, one of numbers 1.
        n
            How many clusters stand behind it, where that is worth saying.
        empty
            What stands there instead where the frame has no rows; None for nothing at all.
        foot
            The last row, by columns: words, and totals that are printed on their column's scale.
        unasked
            Where a column has no number because nobody was asked for one: left empty, not marked.
        rest
            Where all entries are, such as *in the data annex*: of more than a page has rows, the
            first are shown.
        heads
            The column that is true for rows which head those below them.
        """
        if data.empty:
            return None if empty is None else write_absence(empty)
        data, cut = listings.cut(data, rest)
        addresses = listings.name_addresses(data, [*columns], foot or {})
        grid = listings.list_entries(
            data,
            columns,
            units=units or {},
            locale=self._store.edition.locale,
            origins=self._sources.find(addresses),
            widths=widths or {},
            foot=foot or {},
            unasked=unasked or {},
        )
        grid = listings.mark_heads(grid, data[heads]) if heads else grid
        return Table(
            id=id,
            title=title,
            grid=grid,
            source=source,
            n=n,
            of=None if n is None else len(self._store.edition.clusters),
            pillar=pillar,
            unit=unit,
            notes=(*filter(None, notes), *cut),
            sortable=sortable,
        )

    def tiles(
        self,
        *figures: tuple[Value, str] | tuple[Value, str, str],
        id: str = "tiles",  # noqa: A002
        facts: bool = False,
    ) -> Tiles | Prose:
        """Headline figures side by side; a figure is a number, what it is, and its change in words.

        Parameters
        ----------
        facts
            Whether they are the smaller ones of a profile. Numbers that are missing are left out.
        """
        told = [figure for figure in figures if figure[0].known or figure[0].mark == "withheld"]
        if not told:
            return write_absence(NOTHING)
        origins = self._sources.find(figure[0].id for figure in told)
        tiles = tuple(
            Tile(
                number=make_value(value, origins),
                unit=value.unit,
                label=label,
                basis=self._name_basis(value),
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

    def say(
        self,
        *sentences: Sentence,
        otherwise: str | None = NOTHING,
        role: Role = "text",
        bullets: bool = False,
        **numbers: Any,
    ) -> Prose | None:
        """Say the sentences whose numbers are all there, or what to say ``otherwise``: None, nothing.

        A sentence is a template, or a pair of a condition and a template. ``{name}`` prints a
        number, ``{name:unit}`` prints it with its unit, ``{name:+}`` with a sign, ``{name:size}``
        without one, ``{name:one|many}`` chooses a word by it, ``{name:share}`` puts a share from 0
        to 1 into words. What `ar.sentence` makes has numbers of its own.
        """
        given = [numbers, *(one.numbers for one in sentences if isinstance(one, Told))]
        return compose_prose(
            sentences,
            numbers,
            otherwise=otherwise,
            role=role,
            bullets=bullets,
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

    def _say_absence(self, data: pd.DataFrame, empty: str) -> Prose:
        """One line where no number may be shown: nobody answered, or nobody for publication."""
        if not (data["mark"] == "withheld").any():
            return write_absence(empty)
        n = float(data["n"].max())
        answered = count_things(n, "cluster", locale=self._store.edition.locale)
        said = f"{answered} answered; what was given" if n else "What clusters gave"
        return write_absence(f"{said} is in the totals only, or withheld.")

    def _note_cut(self, data: pd.DataFrame, rows: str, shown: int) -> tuple[str, ...]:
        if "cluster_id" not in data:
            return ()
        known = data.loc[data["value"].notna() & data["cluster_id"].notna(), rows].nunique()
        if not 0 < shown < known:
            return ()
        return (
            (
                f"Shown: the {format_count(shown)} clusters with the largest values, of {format_count(known)}; "
                "all are in the data annex."
            ),
        )

    @cached_property
    def _sources(self) -> Sources:
        return Sources(self._store)

    def _trace(self, data: pd.DataFrame, texts: pd.DataFrame | None) -> Mapping[str, Origin]:
        """What the public tables say of a frame's numbers, which are what their addresses say."""
        origins = self._sources.find([*data["id"], *([] if texts is None else texts["id"])])
        framed.check_numbers(data, origins)
        return origins
