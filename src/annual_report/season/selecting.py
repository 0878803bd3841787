"""Parts of a frame: without its totals, its totals alone, what is known, one number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from annual_report.errors import ExhibitError
from annual_report.numbers import Style, print_number
from annual_report.season.asking import check_column
from annual_report.season.frames import TOTAL, Frames
from annual_report.season.symbols import sign_queried
from annual_report.season.value import Value


def parts(frame: pd.DataFrame) -> pd.DataFrame:
    """A breakdown without its totals."""
    made = frame[~frame["total"]].copy()
    for column in made.select_dtypes("category"):
        made[column] = made[column].cat.remove_unused_categories()
    return made


def totals(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """The totals of a breakdown, one for each value of a column."""
    others = [c for c in frame.select_dtypes("category") if c != column]
    wanted = (frame[others] == TOTAL).all(axis=1) & (frame[column] != TOTAL)
    made = frame[wanted].copy()
    made[column] = made[column].cat.remove_categories(TOTAL)
    return made


def known(frame: pd.DataFrame, *, rows: str = "cluster", most: int = 30) -> pd.DataFrame:
    """The rows of those that have a number to show; of too many, those with the largest."""
    largest = frame.dropna(subset="value").groupby(rows, observed=True)["value"].max()
    shown = largest if len(largest) <= most else largest.nlargest(most)
    made = frame[frame[rows].isin(shown.index)].copy()
    if isinstance(made[rows].dtype, pd.CategoricalDtype):
        made[rows] = made[rows].cat.remove_unused_categories()
    return made.sort_values(rows, kind="stable", ignore_index=True)


def compare(season: Frames, read: Callable[[Frames], pd.DataFrame]) -> pd.DataFrame:
    """A frame of this edition and, below it, the same of the one before; ``when`` tells them apart.

    Where there is no edition before, or nobody answered there, it holds this one alone.
    """
    editions = [season, *([season.previous] if season.previous is not None else [])]
    found = [read(one).assign(when=str(one.year)) for one in editions]
    told = [
        found[0],
        *(frame for frame in found[1:] if (frame["value"].notna() & frame["n"].ne(0)).any()),
    ]
    frame = pd.concat(told, ignore_index=True)
    years = [str(one.year) for one in editions[: len(told)]]
    return frame.assign(when=pd.Categorical(frame["when"], years, ordered=True))


def place(frame: pd.DataFrame, value: float = 0.0, **columns: Any) -> pd.DataFrame:
    """A frame whose texts stand at one value of the axis; its numbers are not drawn."""
    return frame.assign(value=value, placed=True, **columns)


def reprint(frame: pd.DataFrame, *, decimals: int) -> pd.DataFrame:
    """The same numbers with other decimals than the largest of them needs."""
    style = Style(decimals=decimals)
    texts = [
        text if pd.isna(value) else print_number(value, style) + sign_queried(flag)
        for value, text, flag in zip(frame["value"], frame["text"], frame["flag"], strict=True)
    ]
    return frame.assign(text=texts)


def values(frame: pd.DataFrame) -> pd.Series:
    """Each row's number as a `Value`, for a column of a listing whose rows have units of their own."""
    made = [_make_value(row) for row in frame.to_dict("records")]
    return pd.Series(made, index=frame.index, dtype=object)


def pick(frame: pd.DataFrame, **where: Any) -> Value:
    """The one number of a frame in the row that these columns name; NaN where there is none.

    Raises
    ------
    ExhibitError
        If more than one row has these values, or the frame has no such column.

    Examples
    --------
    >>> frame = pd.DataFrame({"step": ["a", "b"], "value": [1.0, 2.0], "text": ["1", "2"],
    ...     "unit": "", "mark": "", "id": ["x.a", "x.b"], "n": 3, "of": 4, "year": 2023})
    >>> pick(frame, step="b").text
    '2'
    """
    rows = frame
    check_column(frame, *where)
    for column, value in where.items():
        rows = rows[rows[column] == value]
    if len(rows) > 1:
        raise ExhibitError(
            f"{len(rows)} rows of the frame have {where}", do="name more columns, for one row"
        )
    if rows.empty:
        return Value.unknown()
    return _make_value(rows.iloc[0].to_dict())


def _make_value(row: dict[Any, Any]) -> Value:
    details = {
        "id": row["id"],
        "n": 0 if pd.isna(row["n"]) else int(row["n"]),
        "of": 0 if pd.isna(row["of"]) else int(row["of"]),
        "year": None if pd.isna(row["year"]) else int(row["year"]),
    }
    if pd.isna(row["value"]):
        return Value.unknown(row["mark"] or "missing", flag=row.get("flag", ""), **details)
    unit = "" if row["unit"] == "number" else row["unit"]
    return Value(row["value"], text=row["text"], unit=unit, flag=row.get("flag", ""), **details)
