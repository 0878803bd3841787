"""Ordinary calls of seaborn, pandas and matplotlib become figures in the look of the house."""

from __future__ import annotations

import io
import re
from typing import Any

import matplotlib.pyplot as plt
import pikepdf
import pytest
import seaborn as sns
import seaborn.objects as so
from tests.made_season import MadeSeason

import annual_report as ar
from annual_report.errors import ExhibitError
from annual_report.exhibits.look.drawing import AS_DRAWN
from annual_report.exhibits.look.tokens import RULE, TOKENS
from annual_report.exhibits.model import Figure
from annual_report.project import ROOT_VARIABLE
from annual_report.publishing.blocks import Chapter
from annual_report.publishing.document import Document
from annual_report.publishing.page import render_page
from annual_report.publishing.pdf import render_pdf

Opened = Any
KNOWN = {token.light for token in TOKENS} | {"none"}


@pytest.fixture(scope="module")
def opened(season: MadeSeason) -> Opened:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ROOT_VARIABLE, str(season.project.root))
        return ar.open_season(season.edition.edition)


def draw_kinds(opened: Opened) -> dict[str, Any]:
    """Each as an analyst writes it: nothing said of colours, sizes or fonts."""
    scores = opened.scores.dropna(subset="value")
    heat = opened.scores.pivot(index="cluster", columns="pillar", values="value")
    return {
        "histplot": lambda ax: sns.histplot(scores, x="value", ax=ax),
        "boxplot": lambda ax: sns.boxplot(scores, x="value", y="pillar", ax=ax),
        "violinplot": lambda ax: sns.violinplot(scores, x="pillar", y="value", ax=ax),
        "stripplot": lambda ax: sns.stripplot(scores, x="value", y="pillar", ax=ax),
        "scatterplot": lambda ax: sns.scatterplot(scores, x="low", y="high", hue="pillar", ax=ax),
        "lineplot": lambda ax: sns.lineplot(scores, x="pillar", y="value", ax=ax),
        "heatmap": lambda ax: sns.heatmap(heat, annot=True, fmt=".0f", ax=ax),
        "barplot": lambda ax: sns.barplot(scores, x="value", y="pillar", ax=ax),
        "kdeplot": lambda ax: sns.kdeplot(scores, x="value", hue="pillar", ax=ax),
        "regplot": lambda ax: sns.regplot(scores, x="low", y="high", ax=ax),
        "relplot": lambda: sns.relplot(scores, x="low", y="high", col="pillar", col_wrap=2),
        "displot": lambda: sns.displot(scores, x="value", col="pillar"),
        "jointplot": lambda: sns.jointplot(scores, x="low", y="high"),
        "objects": so.Plot(scores, x="value", y="pillar").add(so.Dash(), so.Agg()),
        "pandas": lambda ax: heat.plot.barh(ax=ax),
        "matplotlib": lambda ax: ax.plot(scores["low"].to_numpy(), label="low"),
    }


@pytest.fixture(scope="module")
def figures(opened: Opened) -> dict[str, Figure]:
    return {name: make_figure(opened, plot, name) for name, plot in draw_kinds(opened).items()}


def make_figure(opened: Opened, plot: Any, name: str = "one", **more: Any) -> Figure:
    made = opened.figure(
        plot, opened.scores, id=name, columns="pillar", title="Scores", source="Survey.",
        subject="Scores", **more,
    )  # fmt: skip
    assert isinstance(made, Figure)
    return made


def test_each_has_the_type_and_the_colours_of_the_house(figures: dict[str, Figure]) -> None:
    for name, figure in figures.items():
        for svg in (figure.svg, figure.narrow):
            colours = set(re.findall(r'(?:fill|stroke)="(#[0-9a-f]{6})"', svg))
            assert (colours <= KNOWN) == (AS_DRAWN not in svg), name
            assert (AS_DRAWN in svg) == (name == "heatmap"), name
            assert min(map(float, re.findall(r'font-size="([\d.]+)"', svg))) >= 7.5, name


def test_each_is_drawn_the_same_again(opened: Opened, figures: dict[str, Figure]) -> None:
    for name in ("stripplot", "lineplot", "barplot", "regplot"):  # by chance: jitter, bootstraps
        assert make_figure(opened, draw_kinds(opened)[name], name).svg == figures[name].svg


def test_a_grid_names_its_panels_and_not_their_column(figures: dict[str, Figure]) -> None:
    assert ">Partnerships<" in figures["displot"].svg
    assert "pillar =" not in figures["displot"].svg + figures["relplot"].svg


def test_axes_say_what_they_count_and_rows_explain_themselves(figures: dict[str, Figure]) -> None:
    assert ">Count<" in figures["histplot"].svg
    assert {">Low<", ">High<"} <= set(re.findall(r">\w+<", figures["scatterplot"].svg))
    assert not re.search(r">(value|pillar)<", figures["boxplot"].svg, re.I)


def test_the_name_of_a_panel_stands_above_the_words_of_its_axis(figures: dict[str, Figure]) -> None:
    heights = {
        word: float(re.search(rf'y="([\d.]+)"[^>]*>{word}<', figures["displot"].svg)[1])  # type: ignore[index]
        for word in ("Partnerships", "Count")
    }
    assert heights["Count"] - heights["Partnerships"] > 8  # points; each is as high


def test_an_empty_field_of_a_heat_map_has_no_line_through_it(opened: Opened) -> None:
    wide = opened.scores.pivot(index="cluster", columns="pillar", values="value")
    assert wide.isna().any(axis=None)
    heat = make_figure(opened, lambda ax: sns.heatmap(wide, cbar=False, ax=ax))
    assert RULE not in heat.svg


def test_rows_that_are_no_clusters_cut_none_off(figures: dict[str, Figure]) -> None:
    assert not any("largest" in note for note in figures["boxplot"].notes)


def test_what_a_notebook_computes_is_drawn_without_an_address(opened: Opened) -> None:
    shared = opened.projects.groupby("lever", observed=True)["capex"].median() / 1e6
    own = shared.reset_index(name="value").assign(unit="USD m", mark="", id="")
    own["text"] = own["value"].round().astype(str)
    plot = ar.Plot(own, x="value", y="lever").add(ar.bar())
    said = {"rows": "lever", "title": "Costs", "subject": "Costs of projects", "source": "Survey."}
    assert isinstance(opened.figure(plot, own, id="own", **said), Figure)
    with pytest.raises(ExhibitError, match="not in the frame"):
        opened.figure(plot, own.assign(value=own["value"] * 2), id="own", **said)


def test_they_stand_on_a_page_and_on_paper(figures: dict[str, Figure]) -> None:
    chapter = Chapter("Kinds", "kinds", tuple(figures.values()))
    document = Document(title="Kinds", language="en", chapters=(chapter,))
    page = render_page(document)
    for name in figures:
        assert f'id="{name}"' in page
    with pikepdf.open(io.BytesIO(render_pdf(document))) as book:
        assert len(book.pages) >= 5


def test_a_grid_that_was_drawn_before_is_asked_for_as_a_function(opened: Opened) -> None:
    with pytest.raises(ExhibitError, match="returned no picture"):
        make_figure(opened, lambda: "a grid")


def test_a_grid_itself_is_refused_with_a_word_on_what_to_do(opened: Opened) -> None:
    scores = opened.scores.dropna(subset="value")
    grid = sns.relplot(scores, x="low", y="high")
    try:
        with pytest.raises(ExhibitError, match="lambda: sns"):
            make_figure(opened, grid)
    finally:
        plt.close(grid.figure)
