"""What a notebook shows: each kind of exhibit is one typed value with two renderings.

An exhibit travels in the notebook as JSON (`MIME`), so that the HTML and the PDF render the same
object and no number can differ between them. JupyterLab shows its ``text/html``.
"""

from __future__ import annotations

from pkgutil import resolve_name
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, model_validator

from annual_report.exhibits.look.tokens import MARK_SYMBOLS
from annual_report.settings import Model

MIME = "application/vnd.annual-report.exhibit+json"

Align = Literal["left", "right", "center"]
Mark = Literal["", "missing", "withheld", "not applicable", "queried"]
ID = r"^[a-z0-9][a-zA-Z0-9.-]*$"


class Number(Model):
    """One printed number (or verdict), with the way back to its cells.

    ``text`` is what is printed, without unit; ``id`` is its address in the tables, for
    ``annual-report explain``; ``source`` is the lineage in one or a few lines. ``mark`` says why
    there is none; one that is there and ``queried`` has the sign of it in its text.
    """

    kind: Literal["number"] = "number"
    text: str
    value: float | None = None
    id: str | None = None
    source: str = ""
    mark: Mark = ""
    queried: bool = False


class Span(Model):
    """Text, plain or strong. Never markup: both renderers escape it."""

    kind: Literal["span"] = "span"
    text: str
    strong: bool = False
    muted: bool = False
    link: str | None = Field(default=None, description="#anchor of the report, or https address")


Run = Annotated[Number | Span, Field(discriminator="kind")]
Runs = tuple[Run, ...]


class _Exhibit(Model):
    """Base of all kinds: shows itself in JupyterLab and carries itself to the exporters."""

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        # by its name: what renders an exhibit stands above what an exhibit is
        render_html = resolve_name("annual_report.exhibits.rendering.html:render_html")
        return {
            MIME: self.model_dump(mode="json", exclude_none=True),
            "text/html": render_html(self),
            "text/plain": f"<{type(self).__name__}>",
        }


class Heading(_Exhibit):
    """A heading whose words are computed, such as a cluster's name. ``id`` is its anchor."""

    kind: Literal["heading"] = "heading"
    level: int = Field(ge=1, le=4)
    text: str
    id: str = Field(pattern=ID)


class Prose(_Exhibit):
    """Computed sentences. A lead stands under a chapter title and says what the chapter found."""

    kind: Literal["prose"] = "prose"
    role: Literal["lead", "text", "note", "absence"] = "text"
    paragraphs: tuple[Runs, ...]
    bullets: bool = False


class Tile(Model):
    """One headline: value, unit, what it is, how many answered and which year, the change."""

    number: Number
    unit: str
    label: str
    basis: str = Field(default="", description="n of N and year")
    change: str = Field(default="", description="on the constant cohort, in words")


class Tiles(_Exhibit):
    """Headline figures side by side, or the smaller facts of a profile."""

    kind: Literal["tiles"] = "tiles"
    id: str = Field(pattern=ID)
    style: Literal["headline", "facts"] = "headline"
    tiles: tuple[Tile, ...] = Field(min_length=1)


class TableColumn(Model):
    """One column of a table: ``unit`` stands under the label, ``width`` is relative."""

    name: str
    label: str
    unit: str = ""
    align: Align = "left"
    width: float = 1.0


Cell = Number | str


class Grid(Model):
    """Columns and rows, as shown in a table and offered for download with a figure."""

    columns: tuple[TableColumn, ...] = Field(min_length=1)
    rows: tuple[tuple[Cell, ...], ...]
    total_rows: int = Field(default=0, description="how many rows at the end are totals")
    groups: tuple[int, ...] = Field(default=(), description="rows that head those below them")

    @model_validator(mode="after")
    def _rectangular(self) -> Grid:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"a row has {len(row)} cells for {len(self.columns)} columns")
        return self


class _Captioned(_Exhibit):
    """What every numbered exhibit owes its reader."""

    id: str = Field(pattern=ID)
    title: str = Field(description="active, at most ten words")
    source: str = Field(min_length=1, description="source, unit and n of N in a line")
    unit: str = ""
    n: int | None = None
    of: int | None = None
    notes: tuple[str, ...] = ()
    pillar: str | None = None

    @model_validator(mode="after")
    def _short_title(self) -> _Captioned:
        words = len(self.title.replace(MARK_SYMBOLS["queried"], "").split())
        if not 1 <= words <= 10:
            raise ValueError(f"the title {self.title!r} has {words} words; one to ten fit")
        return self


class Table(_Captioned):
    """A numbered table."""

    kind: Literal["table"] = "table"
    grid: Grid
    sortable: bool = True


class Figure(_Captioned):
    """A numbered figure: the drawing, what it says in words, the data behind it.

    ``svg`` has a viewBox and text as text in the report's type family; ``narrow`` is the same for a
    telephone, which a ``half`` figure does not need. Two ``half`` figures in a row stand side by
    side.
    """

    kind: Literal["figure"] = "figure"
    svg: str
    narrow: str = ""
    alt: str = Field(min_length=20)
    grid: Grid
    half: bool = False


class Case(Model):
    """One case study: problem, action, result, evidence."""

    pillar: str
    title: str
    problem: str
    action: str
    result: str
    evidence: str = ""
    cluster: str = ""
    id: str | None = None
    source: str = ""


class Cases(_Exhibit):
    """Case studies, one card each."""

    kind: Literal["cases"] = "cases"
    cases: tuple[Case, ...] = Field(min_length=1)


class Quote(Model):
    """A quote that was approved for publication, with the speaker's role."""

    text: str
    role: str
    cluster: str = ""
    id: str | None = None
    source: str = ""


class Quotes(_Exhibit):
    """Approved quotes."""

    kind: Literal["quotes"] = "quotes"
    quotes: tuple[Quote, ...] = Field(min_length=1)


Exhibit = Annotated[
    Heading | Prose | Tiles | Table | Figure | Cases | Quotes, Field(discriminator="kind")
]
_ADAPTER: TypeAdapter[Exhibit] = TypeAdapter(Exhibit)


def read_exhibit(data: dict[str, Any]) -> Exhibit:
    """Turn the JSON of a notebook output back into the exhibit it was."""
    return _ADAPTER.validate_python(data)
