"""An edition in a notebook: its frames, and what is made of them for the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from annual_report.exhibits import figures, framed, listings
from annual_report.exhibits.figures import Drawing
from annual_report.exhibits.look.canvas import FULL_MM, HALF_MM
from annual_report.exhibits.model import (
    Figure,
    Prose,
    Table,
)
from annual_report.exhibits.telling import NOTHING, Telling
from annual_report.exhibits.words import count_things, write_absence
from annual_report.season.asking import check_column
from annual_report.season.sources import Origin
from annual_report.season.value import Value


class Season(Telling):
    """One edition for analysts: frames that hold only what is published, and exhibits of them."""

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
        empty: str | None = NOTHING,
        pillar: str | None = None,
        narrow: Drawing | None = None,
        height: float | None = None,
        pitch: float | None = None,
        axis: bool = True,
        key: bool = True,
        half: bool = False,
    ) -> Figure | Prose | None:
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
            What the report says instead where no number of the frame is there; None for nothing.
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
            If the frame lacks columns, two of its numbers would stand in one cell of the table, or
            a plot of seaborn's objects draws numbers that are not in it.
        """
        data = framed.check_columns(data, rows, columns)
        for one in (plot, narrow):
            figures.check_drawn(one, data)
        known = data["value"].notna() & (data["n"] != 0)
        if not known.any() or figures.draws_nothing(plot):
            return None if empty is None else self._say_absence(data, empty)
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
        n, of = self._find_basis(data)
        withheld = (
            () if missing else framed.list_withheld(data, [rows, *([columns] if columns else [])])
        )
        return framed.make_exhibit(
            Figure,
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
                *framed.note_shown(data, rows, page.names),
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
        data = framed.check_columns(data, rows, columns)
        if not (data["value"].notna() & (data["n"] != 0)).any():
            return None if empty is None else self._say_absence(data, empty)
        origins = self._trace(data, texts)
        grid = framed.spread(
            data, rows=rows, columns=columns, labels=labels or {}, origins=origins,
            total=total, texts=texts,
        )  # fmt: skip
        grid, left_out = framed.cut(grid)
        n, of = self._find_basis(data)
        return framed.make_exhibit(
            Table,
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
        check_column(data, *columns, *(units or {}), *(unasked or {}), *filter(None, [heads]))
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
        return framed.make_exhibit(
            Table,
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

    def _say_absence(self, data: pd.DataFrame, empty: str) -> Prose:
        """One line where no number may be shown: nobody answered, or nobody for publication."""
        if not (data["mark"] == "withheld").any():
            return write_absence(empty)
        n = float(data["n"].max())
        answered = count_things(n, "cluster", locale=self._store.edition.locale)
        said = f"{answered} answered; what was given" if n else "What clusters gave"
        return write_absence(f"{said} is in the totals only, or withheld.")

    def _trace(self, data: pd.DataFrame, texts: pd.DataFrame | None) -> Mapping[str, Origin]:
        """What the public tables say of a frame's numbers, which are what their addresses say."""
        origins = self._sources.find([*data["id"], *([] if texts is None else texts["id"])])
        framed.check_numbers(data, origins)
        return origins
