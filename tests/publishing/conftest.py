"""Executed notebooks to publish: every kind of exhibit and of ordinary output."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import yaml

from annual_report.exhibits.look import tokens
from annual_report.exhibits.look.canvas import HALF_MM, new_figure, to_svg
from annual_report.exhibits.model import (
    Case,
    Cases,
    Exhibit,
    Figure,
    Grid,
    Heading,
    Number,
    Prose,
    Quote,
    Quotes,
    Span,
    Table,
    TableColumn,
    Tile,
    Tiles,
)
from annual_report.measures.measure import ALL, Measure, to_frame
from annual_report.measures.public import PUBLIC, PUBLIC_MEASURES, publish_measures
from annual_report.project import Project
from annual_report.publishing.document import Document
from annual_report.publishing.page import render_page
from annual_report.publishing.pdf import render_pdf
from annual_report.publishing.report import read_report
from annual_report.tables import write_table

CLUSTERS = ("Anvil Coast", "Kessel Delta Port", "Norrhavn Estuary")
PIXEL = base64.b64encode(
    bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
        "0000000c4944415408d763f8cfc000000301010018dd8db00000000049454e44ae426082"
    )
).decode()
MARKDOWN = """## What moved

Ordinary *Markdown* with $x^2$, a [link](https://example.org) and a note.[^1]

[^1]: A footnote of the author.

#### A heading too deep
"""
DATAFRAME = (
    '<div><style scoped>.dataframe th {text-align: right;}</style><table border="1" '
    'class="dataframe"><thead><tr style="text-align: right;"><th></th><th>plain_frame</th></tr>'
    "</thead><tbody><tr><th>0</th><td>4711</td></tr></tbody></table></div>"
)


MEASURED: dict[float, Measure] = {}
"""The measures whose numbers the notebooks print, by value."""


def number(text: str, value: float) -> Number:
    measure = Measure(
        "example", ALL, "FIN-SECURED", f"total.{len(MEASURED)}", method="made up", formula="",
        number=value,
    )  # fmt: skip
    return Number(
        text=text,
        value=value,
        id=MEASURED.setdefault(value, measure).id,
        source="31.2 = 9.8 disbursed + 21.4 committed\nnorrhavn.xlsx › Finance › F12:F19",
    )


def make_bars() -> str:
    with new_figure(height=70) as figure:
        axes = figure.subplots()
        left = 0.0
        parts = zip(("Disbursed", "Committed", "Announced"), (9.8, 21.4, 34.6), strict=True)
        for (name, value), colour in zip(parts, tokens.TINTS["finance"], strict=True):
            axes.barh([0], [value], left=left, color=colour, height=0.5)
            axes.text(left + value / 2, 0, f"{value}", ha="center", va="center", weight="bold",
                      color=tokens.choose_text_colour(colour))  # fmt: skip
            axes.text(left, 0.32, name, va="bottom")
            left += value
        axes.barh([0], [52.2], left=left, height=0.5, facecolor="none",
                  edgecolor=tokens.MUTED, linestyle="--", linewidth=0.8)  # fmt: skip
        axes.text(left + 26, 0, "52.2 still to find", ha="center", va="center")
        axes.set(yticks=[], ylim=(-0.5, 0.7))
        return to_svg(figure)


def make_dots() -> str:
    with new_figure(width=HALF_MM, height=60) as figure:
        axes = figure.subplots()
        for place, colour in enumerate(tokens.PILLARS.values()):
            axes.barh([place], [20], left=40, height=0.3, color=tokens.BAND)
            axes.plot([45 + place, 60 + place], [place, place], color=colour)
            axes.plot([52 + place], [place], "o", color=colour)
            axes.text(52 + place, place + 0.25, f"{52 + place}", color=colour, ha="center")
        axes.set(xlim=(0, 100), yticks=range(4), yticklabels=[p.title() for p in tokens.PILLARS])
        return to_svg(figure)


def make_small_grid() -> Grid:
    return Grid(
        columns=(TableColumn(name="status", label="Status"),
                 TableColumn(name="amount", label="Amount", unit="USD bn", align="right")),
        rows=(("Disbursed", number("9.8", 9.8)), ("Committed", number("21.4", 21.4)),
              ("Announced", number("34.6", 34.6)), ("Still to find", number("52.2", 52.2))),
    )  # fmt: skip


def make_projects(rows: int) -> Grid:
    columns = (
        TableColumn(name="project", label="Project", width=2.2),
        TableColumn(name="cluster", label="Cluster", width=1.6),
        TableColumn(name="capex", label="Capex", unit="USD bn", align="right"),
        TableColumn(name="abates", label="Abates", unit="Mt CO₂e/y", align="right"),
        TableColumn(name="stage", label="Stage", width=1.2),
    )
    body: list[tuple[Number | str, ...]] = [
        (
            f"Estuary CO₂ gathering line {row}",
            CLUSTERS[row % 3],
            number(f"{1.42 + row:.2f}", 1.42 + row),
            Number(text="", mark="missing") if row == 1 else number(f"{row / 10:.1f}", row / 10),
            "● construction" if row % 2 else "◐ decision taken",
        )
        for row in range(rows)
    ]
    body.append(("Total", "", number("99.00", 99), Number(text="", mark="withheld"), ""))
    return Grid(columns=columns, rows=tuple(body), total_rows=1)


def make_summary() -> list[Any]:
    tile = Tile(
        number=number("626", 626),
        unit="Mt CO₂e",
        label="reduction potential a year",
        basis="20 of 20 clusters, 2023",
        change="+4 % on 17 clusters in both years",
    )
    return [
        "# The year at a glance",
        Prose(role="lead", paragraphs=((
            Span(text="Three clusters answered. Money is the pillar furthest behind: "),
            number("31 of the 118 billion dollars", 31.2),
            Span(text=" needed by 2030 are committed or disbursed, and eleven clusters are "),
            Span(text="off track", strong=True), Span(text=" on "),
            Span(text="finance", link="#finance"), Span(text=", not on "),
            Span(text="this", link="#nowhere"), Span(text="."),
        ),)),
        Tiles(id="headlines", tiles=(tile,) * 4),
        MARKDOWN,
        Prose(bullets=True, paragraphs=(
            (Span(text="Partnerships", strong=True), Span(text=" rose most: nine clusters.")),
            (Span(text="Policy", strong=True), Span(text=" stands still."))),
        ),
    ]  # fmt: skip


def make_finance() -> list[Any]:
    return [
        "# Finance",
        Prose(role="lead", paragraphs=((Span(text="For every public dollar, 1.60 private ones."),),)),
        Figure(
            id="finance.secured", title="Less than a third of the money is committed",
            source="USD billion at 2022 average rates; statuses are exclusive. 18 of 20 clusters.",
            svg=make_bars(), grid=make_small_grid(), pillar="finance", n=18, of=20,
            alt="Bar: 9.8 disbursed, 21.4 committed, 34.6 announced, 52.2 still to find",
        ),
        Table(
            id="finance.projects", title="Eleven projects passed their investment decision",
            source="Projects table of the survey.", grid=make_projects(11), pillar="finance",
            n=18, of=20, notes=("Abatement expected when operating.",),
        ),
        Prose(role="absence", paragraphs=((Span(text="No cluster reported a loan."),),)),
    ]  # fmt: skip


def make_outputs() -> list[Any]:
    return [
        "# Ordinary outputs",
        {"text/html": DATAFRAME, "text/plain": "   plain_frame\n0  4711"},
        {"text/markdown": "Computed **Markdown**", "text/plain": "<Markdown>"},
        {"image/png": PIXEL, "text/plain": "<Figure size 640x480 with 1 Axes>"},
        {"image/svg+xml": make_dots(), "text/plain": "<SVG>"},
        {"text/plain": "{'plain': 'text'}"},
    ]


def make_profile(name: str) -> list[Any]:
    id_ = name.lower().replace(" ", "-")
    svg, grid = make_dots(), make_small_grid()
    alt = "Scores: partnerships 52, policy 53, finance 54, technology 55"
    half = {"half": True, "svg": svg, "grid": grid, "alt": alt}
    return [
        Heading(level=1, text=name, id=id_),
        Tiles(id=f"{id_}.facts", style="facts", tiles=tuple(
            Tile(number=Number(text=text), unit="", label=label)
            for text, label in (("Norway", "member since 2021"), ("46 companies", "refining"),
                                ("14.0 Mt CO₂e", "emitted in 2023, AR5"), ("38,200 jobs", "direct"))
        )),
        Figure(id=f"{id_}.scores", title="Ahead of its peers on money",
               source="Dot: score with interval. Band: middle half of 19 peers.", **half),
        Figure(id=f"{id_}.emissions", title="Emissions must fall four times faster",
               source="Scope 1 and 2, Mt CO₂e. ▼ Well off track (linear method).", **half),
        Heading(level=2, text="From problem to result", id=f"{id_}.cases"),
        Cases(cases=(Case(
            pillar="partnerships", title="One pipe for six emitters.", cluster=name,
            problem="Six companies needed the same CO₂ outlet and none could fill a line alone.",
            action="They founded a joint company with one vote each and a shared tariff.",
            result="The line is in construction and 92 % of its first phase is booked.",
            evidence="Survey, highlight 1.",
        ),)),
        Quotes(quotes=(Quote(text="We stopped asking who owns the pipe.", role="Chair of the board"),)),
        Heading(level=2, text="What we do not know", id=f"{id_}.unknown"),
        Prose(role="note", paragraphs=((Span(text="41 of 45 questions answered."),),)),
    ]  # fmt: skip


def make_notebook(contents: Iterable[Any]) -> dict[str, Any]:
    """Make an executed notebook: a string is a Markdown cell, anything else an output."""
    cells = [
        {
            "cell_type": "markdown",
            "id": f"cell-{index}",
            "metadata": {},
            "source": item,
        }
        if isinstance(item, str)
        else make_code_cell(index, item)
        for index, item in enumerate(contents)
    ]
    return {
        "cells": cells,
        "metadata": {
            "kernelspec": {"name": "python3", "display_name": "Python 3"},
            "annual_report": {"after": "gather"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def make_code_cell(index: int, item: Exhibit | dict[str, Any]) -> dict[str, Any]:
    data = item if isinstance(item, dict) else item._repr_mimebundle_()
    output = {
        "output_type": "execute_result",
        "execution_count": 1,
        "metadata": {},
        "data": json.loads(json.dumps(data)),
    }
    return {
        "cell_type": "code",
        "id": f"cell-{index}",
        "metadata": {},
        "source": "hidden_code()",
        "execution_count": 1,
        "outputs": [output],
    }


def write_notebook(path: Path, contents: Iterable[Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(make_notebook(contents)), encoding="utf-8")


def write_sample_edition(processed: Path) -> None:
    """Write the executed notebooks of a small edition, and the measures that they print."""
    notebooks = processed / "notebooks"
    write_notebook(notebooks / "report" / "10-summary.ipynb", make_summary())
    write_notebook(notebooks / "report" / "40-finance.ipynb", make_finance())
    write_notebook(notebooks / "report" / "80-outputs.ipynb", make_outputs())
    for name in CLUSTERS:
        folder = notebooks / name.lower().replace(" ", "-")
        write_notebook(folder / "03-profile.ipynb", make_profile(name))
    measures = publish_measures(to_frame(MEASURED.values()), [])
    for name in ("measures", "peers"):  # the profiles print them too
        write_table(measures, PUBLIC_MEASURES, processed / PUBLIC / f"{name}.parquet")


EDITION = {
    "edition": "example",
    "year": 2023,
    "title": "Annual report 2023",
    "headline": "Three clusters, four pillars, one year of progress",
    "subtitle": "Annual report on industrial clusters",
    "status": "Example data: fictional clusters",
    "publisher": "Example secretariat",
    "published": "2024-05-01",
    "currency": "USD",
    "currency_year": 2022,
}
SILENT = "Silent Bay"


def write_project(root: Path, **changes: Any) -> Project:
    """Write a project with one small edition whose notebooks have been executed."""
    project = Project(root)
    project.framework.mkdir(parents=True)
    project.editions.mkdir(parents=True)
    clusters = [
        {"id": name.lower().replace(" ", "-"), "name": name, "country": "NO", "joined": 2021}
        for name in (*CLUSTERS, SILENT)
    ]
    text = yaml.safe_dump({**EDITION, "clusters": clusters, **changes})
    (project.editions / "example.yaml").write_text(text, encoding="utf-8")
    write_sample_edition(project.processed("example"))
    write_notebook(project.notebooks / "cluster" / "03-profile.ipynb", [])
    return project


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return write_project(tmp_path_factory.mktemp("project"))


@pytest.fixture
def make_project(tmp_path: Path) -> Callable[..., Project]:
    def make(**changes: Any) -> Project:
        return write_project(tmp_path / "project", **changes)

    return make


@pytest.fixture(scope="session")
def document(project: Project) -> Document:
    return read_report(project, "example")


@pytest.fixture(scope="session")
def pdf(document: Document) -> bytes:
    return render_pdf(document)


@pytest.fixture(scope="session")
def page(document: Document) -> str:
    return render_page(document)


@pytest.fixture(scope="session")
def notebook() -> Callable[..., dict[str, Any]]:
    """Give the maker of executed notebooks."""
    return make_notebook


@pytest.fixture(scope="session")
def drawing() -> str:
    return make_dots()


@pytest.fixture(scope="session")
def read_text() -> Callable[[bytes], str]:
    """Read what a reader can select and copy."""

    def read(pdf: bytes) -> str:
        with pypdfium2.PdfDocument(pdf) as document:
            return "\n".join(page.get_textpage().get_text_range() for page in document)

    return read


@pytest.fixture(scope="session")
def read_boxes() -> Callable[[bytes], list[tuple[float, ...]]]:
    """Read where the text of each page stands, and how large the page is, in points."""

    def read(pdf: bytes) -> list[tuple[float, ...]]:
        found = []
        with pypdfium2.PdfDocument(pdf) as document:
            for page in document:
                text = page.get_textpage()
                boxes = [text.get_charbox(n) for n in range(text.count_chars())]
                drawn = [box for box in boxes if box[2] > box[0]]
                left, bottom = (min(box[n] for box in drawn) for n in (0, 1))
                right, top = (max(box[n] for box in drawn) for n in (2, 3))
                found.append((left, bottom, right, top, *page.get_size()))
        return found

    return read
