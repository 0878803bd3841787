"""From a frame to what stands beside a picture or in a table: cells, units, notes, n of N."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any, TypeVar

import pandas as pd
from pydantic import ValidationError

from annual_report.errors import ExhibitError
from annual_report.exhibits.look.tokens import MARK_MEANINGS
from annual_report.exhibits.model import Cell, Figure, Grid, Mark, Number, Table, TableColumn
from annual_report.exhibits.words import capitalise, join_words
from annual_report.numbers import find_scale, format_count
from annual_report.season.asking import check_column
from annual_report.season.sources import Origin
from annual_report.season.symbols import MARK_WORDS, VERDICT_SYMBOLS
from annual_report.season.value import Value
from annual_report.tables import QUERIED

Origins = Mapping[str, Origin]
_NOWHERE = Origin(None, "count", "")
_LETTERS = 13
"""So many stand in a column of width 1."""

SHOWN = 30
LISTED = 60
"""More rows than this, about a page of them, and a table of many shows the first few."""
_ADVICE = {
    "": "ar.title takes several: a long one may be held back by a condition, or its unit left out",
    "id": "name it in small letters, digits and hyphens, as in carbon-price",
    "source": 'say where the numbers are from, as in source="Survey, question POL-02."',
}
_Made = TypeVar("_Made", Figure, Table)
REQUIRED = ("value", "text", "unit", "mark", "id")


def check_columns(frame: pd.DataFrame, *keys: str | None) -> pd.DataFrame:
    """See that a frame still has the columns that an exhibit is made from; number its rows anew.

    Of what a notebook computed itself the columns on who answered may be left out.

    Parameters
    ----------
    keys
        The columns that name the rows and columns of the table: each cell of it has one number.

    Raises
    ------
    ExhibitError
        If a column is not there, or two numbers would stand in one cell.
    """
    lost = [name for name in REQUIRED if name not in frame]
    if lost:
        raise ExhibitError(
            "a frame for an exhibit lacks columns",
            found=", ".join(map(str, frame.columns)),
            expected=", ".join(lost),
            do="keep the columns of the frame that it was made from; of what you computed say the "
            'unit, mark="", id="", and let ar.reprint(frame, decimals=0) write the text',
        )
    names = [key for key in keys if key is not None]
    check_column(frame, *names)
    made = frame.copy()
    for name in ("n", "of"):
        if name not in made:
            made[name] = pd.NA
    _refuse_twins(made, names)
    return made.reset_index(drop=True)  # frames put together may share numbers


def _refuse_twins(frame: pd.DataFrame, names: list[str]) -> None:
    """Of two numbers in one cell the table would have the last, without a word."""
    twice = frame[frame.duplicated(names)] if names else frame.head(0)
    if twice.empty:
        return
    others = [
        str(name)
        for name in frame.columns
        if name not in {*REQUIRED, *names, "cluster_id", "flag", "year", "n", "of"}
        and not frame.duplicated([*names, name]).any()
    ]
    raise ExhibitError(
        "two numbers stand in one cell of the table",
        where=", ".join(str(twice.iloc[0][name]) for name in names),
        expected=f"one number for each of {', '.join(names)}",
        do=f'tell them apart by another column, as in columns="{others[0]}"'
        if others
        else "give the frame that says what is drawn in one number a row: rows=… names them",
    )


def make_exhibit(kind: type[_Made], **fields: Any) -> _Made:
    """Make an exhibit, or say in words what is wrong with its title or id.

    Raises
    ------
    ExhibitError
        If one of them is not as the report wants it.
    """
    try:
        return kind(**fields)
    except ValidationError as fault:
        first = fault.errors()[0]
        about = ".".join(map(str, first["loc"]))
        message = first["msg"].removeprefix("Value error, ")
        raise ExhibitError(
            f"the {about} of an exhibit is not as the report wants it: {message}"
            if about
            else message,
            where=str(fields.get("id", "")),
            found=str(first["input"]) if about else None,
            do=_ADVICE.get(about, "") or None,
        ) from None


def check_numbers(frame: pd.DataFrame, origins: Origins) -> None:
    """See that a number with an address is what the public tables say of it.

    A number that a notebook computed has no address: ``id=""``.

    Raises
    ------
    ExhibitError
        If an address is unknown, or its number is another one.
    """
    known = frame[frame["value"].notna() & (frame["id"] != "")]
    for address, value, unit in zip(known["id"], known["value"], known["unit"], strict=True):
        origin = origins.get(address, _NOWHERE)
        number, scale = origin.number, find_scale(origin.unit, unit)
        if number is None or scale is None or not math.isclose(number, value * scale, rel_tol=1e-9):
            raise ExhibitError(
                "a number is not what its address says",
                where=str(address),
                expected="no such number" if number is None else f"{number:,.10g} {origin.unit}",
                found=f"{value:,.10g} {unit}".strip(),
                do='take it from a frame of the season, or give what you computed id=""',
            )


def spread(
    frame: pd.DataFrame,
    *,
    rows: str,
    columns: str | None,
    labels: Mapping[str, str],
    origins: Origins,
    total: str | None = None,
    texts: pd.DataFrame | None = None,
) -> Grid:
    """Spread a long frame: a row for each value of ``rows``, a column for each of ``columns``.

    Parameters
    ----------
    labels
        Words for values of ``columns``, and for the names of ``rows`` and ``texts`` themselves.
    origins
        What the public tables say of each number, by its id.
    total
        The value of ``rows`` that stands last, as the foot of the table.
    texts
        A frame with one more column of texts, such as verdicts: has ``rows``, ``text``, ``mark``.
    """
    key = frame[columns] if columns else pd.Series("value", index=frame.index)
    places, names = _list_values(key), _list_values(frame[rows])
    if total is not None:
        names = [*(n for n in names if n != total), *(n for n in names if n == total)]
    cells = {
        (record[rows], place): make_number(record, origins)
        for place, record in zip(key, frame.to_dict("records"), strict=True)
    }
    units = frame[frame["value"].notna()].groupby(key, observed=True)["unit"].agg(set).to_dict()
    longest = max((len(str(name)) for name in names), default=0)
    first = min(max(longest / _LETTERS, 2.0), 4.0)
    made = [TableColumn(name="row", label=labels.get(rows, capitalise(rows)), width=first)]
    made += [
        TableColumn(
            name=str(place).lower().replace(" ", "-"),
            label=labels.get(str(place), capitalise(str(place))),
            unit=_name_one(units.get(place, set())),
            align="right",
        )
        for place in places
    ]
    missing = Number(text="", mark="missing", source="not answered")
    lines: dict[Any, list[Cell]] = {
        name: [str(name), *(cells.get((name, place), missing) for place in places)]
        for name in names
    }
    if texts is not None:
        made.append(TableColumn(name="text", label=labels.get("text", "Pace"), width=1.6))
        said = {record[rows]: make_text(record, origins) for record in texts.to_dict("records")}
        for name, line in lines.items():
            line.append(said.get(name, "" if name == total else missing))
    shown = [tuple(line) for line in lines.values() if any(map(_says_something, line))]
    is_total = total is not None and bool(shown) and shown[-1][0] == total
    return Grid(columns=tuple(made), rows=tuple(shown), total_rows=int(is_total))


def _list_values(series: pd.Series) -> list[Any]:
    """The values of a column that occur, categories in their order and others in the frame's."""
    if isinstance(series.dtype, pd.CategoricalDtype):
        used = set(series.dropna())
        return [value for value in series.cat.categories if value in used]
    return list(dict.fromkeys(series))


def _says_something(cell: Cell) -> bool:
    return isinstance(cell, Number) and cell.mark in ("", "withheld")


def make_number(record: Mapping[Any, Any], origins: Origins) -> Number:
    """One cell of a frame as it is printed."""
    address = record["id"] or None
    if pd.isna(record["value"]):
        mark = _find_mark(record["mark"], record.get("flag"))
        words = (
            ""
            if record["text"] == MARK_WORDS.get(record["mark"] or "missing")
            else record["text"] or ""
        )
        return Number(
            text=words, mark=mark, id=None if words else address, source=MARK_MEANINGS[mark]
        )
    origin = origins.get(address or "")
    return Number(
        text=record["text"],
        value=record["value"] if origin is None else origin.number,
        id=address,
        source="" if origin is None else origin.source,
        queried=record.get("flag") == QUERIED,
    )


def _find_mark(mark: str, flag: object) -> Mark:
    """Why there is no number; one that is asked about and left out so long is not missing."""
    if mark in ("", "missing"):
        return "queried" if flag == QUERIED else "missing"
    return mark  # type: ignore[return-value]  # one of the frame's


def make_value(value: Value, origins: Origins) -> Number:
    """One number of the season as a sentence, a tile or a listing prints it, with its way back."""
    if not value.known:
        mark = _find_mark(value.mark, value.flag)
        return Number(text="", mark=mark, id=value.id or None, source=MARK_MEANINGS[mark])
    origin = origins.get(value.id)
    number = float(value) if origin is None else origin.number
    return Number(
        text=value.text,
        value=number,
        id=value.id or None,
        source=value.source if origin is None else origin.source,
        queried=value.flag == QUERIED,
    )


def make_text(record: Mapping[Any, Any], origins: Origins) -> Number:
    """One text of a frame, such as a verdict."""
    if record["mark"]:
        return Number(text="", mark=record["mark"], id=record["id"])
    origin = origins.get(record["id"])
    return Number(
        text=record["text"],
        id=record["id"],
        source=origin.source if origin else "",
        queried=record.get("flag") == QUERIED,
    )


def cut(grid: Grid) -> tuple[Grid, tuple[str, ...]]:
    """The first rows of a grid with more than a page has, its totals, and a note on the others."""
    end = len(grid.rows) - grid.total_rows
    if end <= LISTED:
        return grid, ()
    rows = (*grid.rows[:SHOWN], *grid.rows[end:])
    return grid.model_copy(update={"rows": rows}), (note_first(end, "in the data annex"),)


def note_first(count: int, rest: str) -> str:
    """Say that only the first of so many rows are shown, and where all of them are."""
    return f"Shown: the first {format_count(SHOWN)} of {format_count(count)}; all are {rest}."


def note_shown(frame: pd.DataFrame, rows: str, drawn: Sequence[str]) -> tuple[str, ...]:
    """Say that a picture has rows for some of the clusters only, where its rows are clusters."""
    if "cluster_id" not in frame:
        return ()
    largest = (
        frame[frame["cluster_id"].notna()].groupby(rows, observed=True)["value"].max().dropna()
    )
    is_shown = largest.index.astype(str).isin([*drawn])
    if not is_shown.any() or is_shown.all():
        return ()
    are_largest = largest[is_shown].min() >= largest[~is_shown].max()
    which = " clusters with the largest values," if are_largest else " clusters"
    told = f"Shown: {'the ' if are_largest else ''}{format_count(is_shown.sum())}{which}"
    return (f"{told} of {format_count(len(largest))}; all are in the data annex.",)


def describe(grid: Grid, subject: str, *, letters: int = 3_500) -> str:
    """Say what a picture shows, with its numbers, from the table behind it, as far as is bearable."""
    single = len(grid.columns) == 2
    told = []
    for row in grid.rows:
        cells = [
            c.text if single else f"{column.label.lower()} {c.text}"
            for column, c in zip(grid.columns[1:], row[1:], strict=True)
            if isinstance(c, Number) and c.text and c.value != 0
        ]
        if cells:
            told.append(f"{row[0]}{' ' if single else ': '}{', '.join(cells)}")
    ends = accumulate(len(words) + 2 for words in told)
    most = sum(end <= letters for end in ends)
    more = [f"and {format_count(len(told) - most)} more, in the table"] if len(told) > most else []
    return f"{subject}. {'; '.join([*told[:most], *more])}." if told else f"{subject}."


def name_unit(frame: pd.DataFrame) -> str:
    """The unit of a frame whose numbers have one; empty for counts."""
    return _name_one(set(frame.loc[frame["value"].notna(), "unit"]))


def _name_one(units: set[str]) -> str:
    named = units - {"", "number"}
    return named.pop() if len(named) == 1 == len(units - {""}) else ""


def find_basis(frame: pd.DataFrame) -> tuple[int | None, int | None]:
    """How many answered of how many, as far as the frame says."""
    n = frame["n"].max() if "n" in frame else pd.NA
    of = frame["of"].max() if "of" in frame else pd.NA
    return (None if pd.isna(n) else int(n)), (None if pd.isna(of) else int(of))


def count_missing(frame: pd.DataFrame, rows: str) -> str:
    """What an open box says of the clusters without any number; empty where all have one."""
    if "cluster_id" not in frame:
        return ""
    marks = frame.assign(known=frame["value"].notna(), withheld=frame["mark"] == "withheld")
    best = marks.groupby(rows, observed=True)[["known", "withheld"]].any()
    gone = best[~best["known"]]
    kept = int(gone["withheld"].sum())
    told = [f"{format_count(len(gone) - kept)} not answered"] if len(gone) > kept else []
    return ", ".join([*told, *([f"{format_count(kept)} for totals only"] if kept else [])])


def list_withheld(frame: pd.DataFrame, keys: Sequence[str]) -> tuple[str, ...]:
    """A note for each reason for which numbers of a frame are not there, with what they are."""
    notes = []
    for mark in ("withheld", "not applicable"):
        records = frame[frame["mark"] == mark].to_dict("records")
        names = [" ".join(str(record[key]) for key in keys).lower() for record in records]
        if names:
            notes.append(f"{capitalise(join_words(names))}: {MARK_MEANINGS[mark]}.")
    return tuple(notes)


def explain_verdicts(texts: pd.DataFrame | None) -> tuple[str, ...]:
    """Name the verdicts whose symbols a frame shows, best first."""
    if texts is None or "verdict" not in texts:
        return ()
    used = set(texts["verdict"].dropna())
    told = ", ".join(f"{symbol} {name}" for name, symbol in VERDICT_SYMBOLS.items() if name in used)
    return (f"{told}.",) if told else ()
