"""A notebook of one's own cannot publish what was withheld, nor another number under a known id."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

import annual_report as ar
from annual_report.edition import read_edition
from annual_report.errors import DisclosureError
from annual_report.exhibits.model import Number, Prose
from annual_report.measures.public import PUBLIC_ANSWERS
from annual_report.project import Project
from annual_report.publishing.blocks import Chapter
from annual_report.publishing.clearance import clear_chapter, read_published
from annual_report.publishing.exporters import HTMLExporter, PDFExporter
from annual_report.publishing.notebooks import build_chapter
from annual_report.tables import ANSWERS, MEASURES, read_table

SECRET = "kessel.HEAD-GDP.value"
VALUE = "27_496_661_184.61"
PUBLIC = "all.HEAD-GDP.total"
IMPORTS = "from annual_report.exhibits.model import *"
NUMBER = f"Number(id='{SECRET}', value={VALUE}, text='27.5')"
GRID = "Grid(columns=(TableColumn(name='a', label='A'),), rows=(({number},),))"
TABLE = f"Table(id='own', title='My table', source='Me.', grid={GRID})"
EXHIBITS = {
    "table": TABLE,
    "figure": f"Figure(id='own', title='My figure', source='Me.', svg='<svg/>', "
    f"alt='A picture that says nothing at all.', grid={GRID})",
    "prose": "Prose(paragraphs=((Span(text='It is '), {number}),))",
    "tiles": "Tiles(id='own', tiles=(Tile(number={number}, unit='USD bn', label='GDP'),))",
    "text alone": TABLE.replace("{number}", f"Number(id='{SECRET}', text='27.5')"),
    "value alone": TABLE.replace("{number}", f"Number(id='{SECRET}', text='', value={VALUE})"),
    "the answer": TABLE.replace("{number}", "Number(id='kessel.CLU-11.value', text='25')"),
    "of last year": TABLE.replace(
        "{number}", "Number(id='example-2022:mareuse.CLU-11.value', text='3')"
    ),
    "case": "Cases(cases=(Case(pillar='policy', title='A', problem='B', action='C', result='D', "
    "id='kessel.CLU-11.value'),))",
    "quote": "Quotes(quotes=(Quote(text='A', role='B', id='kessel.CLU-11.value'),))",
}
OTHERS = {
    "another value": f"Number(id='{PUBLIC}', value=361e9 + 1, text='362')",
    "another text": f"Number(id='{PUBLIC}', text='999')",
    "a thousandth": f"Number(id='{PUBLIC}', value=362.4e6, text='')",
    "an id of nothing": "Number(id='kessel.HEAD-GDP.guess', value=1.0, text='1')",
}


def write_notebook(*cells: str) -> nbformat.NotebookNode:
    """A chapter of one's own, not run yet."""
    first = nbformat.v4.new_code_cell('edition = "example"', metadata={"tags": ["parameters"]})
    code = [nbformat.v4.new_code_cell(cell) for cell in (IMPORTS, *cells)]
    return nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("# My chapter"), first, *code],
        metadata={
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
        },
    )


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, nbformat.NotebookNode]:
    """Each exhibit's notebook, run by a kernel that knows nothing of the edition."""
    texts = {name: text.replace("{number}", NUMBER) for name, text in EXHIBITS.items()}
    texts |= {name: TABLE.replace("{number}", number) for name, number in OTHERS.items()}
    book = write_notebook(*texts.values())
    NotebookClient(book).execute()
    fixed, shown = book.cells[:3], book.cells[3:]
    return {
        name: nbformat.v4.new_notebook(cells=[*fixed, cell], metadata=book.metadata)
        for name, cell in zip(texts, shown, strict=True)
    }


@pytest.fixture(scope="module")
def clear(example: Project, executed: dict[str, nbformat.NotebookNode]) -> Callable[[str], object]:
    def clear(name: str) -> object:
        where = str(example.processed("example") / "notebooks" / "report" / "15-mine.ipynb")
        chapter = build_chapter(executed[name].cells, name="15-mine", where=where)
        return clear_chapter(chapter, read_published(example, read_edition(example, "example")))

    return clear


@pytest.mark.parametrize("name", EXHIBITS)
def test_no_kind_of_exhibit_prints_what_is_withheld(
    name: str, clear: Callable[[str], object]
) -> None:
    with pytest.raises(DisclosureError, match="may not be published") as caught:
        clear(name)
    place = str(caught.value.where)
    assert place.startswith("notebooks/report/15-mine.ipynb, exhibit ")
    assert "kessel." in place or "mareuse." in place


@pytest.mark.parametrize("name", OTHERS)
def test_no_id_stands_at_another_value(name: str, clear: Callable[[str], object]) -> None:
    with pytest.raises(DisclosureError, match=r"another value|in no table"):
        clear(name)


@pytest.mark.parametrize("digits", [1, 2, 3, 6, None])
def test_a_rounded_number_passes(example: Project, digits: int | None) -> None:
    stored = read_published(example, read_edition(example, "example")).numbers[PUBLIC][1]
    assert stored is not None
    value = stored if digits is None else float(f"{stored:.{digits}g}")
    texts = (f"{stored / 1e9:.2f}", f"{stored:,.0f}", f"{value:,.0f}", "about USD 9 bn", "")
    numbers = [Number(id=PUBLIC, value=value, text=text) for text in texts]
    prose = Prose(paragraphs=(tuple(numbers),))
    chapter = Chapter("Mine", "mine", (prose,))
    assert (
        clear_chapter(chapter, read_published(example, read_edition(example, "example"))) is chapter
    )


@pytest.mark.parametrize("exporter", [HTMLExporter, PDFExporter])
def test_the_exporters_refuse_it_too(
    exporter: type[HTMLExporter | PDFExporter],
    example: Project,
    executed: dict[str, nbformat.NotebookNode],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ANNUAL_REPORT_ROOT", str(example.root))
    notebook = executed["prose"].copy()
    notebook.metadata = {**notebook.metadata, "papermill": {"parameters": {"edition": "example"}}}
    with pytest.raises(DisclosureError, match="may not be published"):
        exporter().from_notebook_node(nbformat.from_dict(notebook))


def test_the_build_ends_and_names_notebook_exhibit_and_id(example: Project, tmp_path: Path) -> None:
    """Through the real command; the report that was there before is not replaced."""
    project = Project(shutil.copytree(example.root, tmp_path / "project"))
    book = write_notebook(TABLE.replace("{number}", NUMBER))
    nbformat.write(book, project.notebooks / "report" / "15-mine.ipynb")
    command = [sys.executable, "-m", "annual_report", "report", "example"]
    done = subprocess.run(command, cwd=project.root, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    told = " ".join(done.stderr.split())
    assert f"notebooks/report/15-mine.ipynb, exhibit own, {SECRET}" in told
    assert "may not be published" in told
    assert "Traceback" not in told
    page = (project.reports("example") / "annual-report.html").read_text(encoding="utf-8")
    assert "My chapter" not in page


def test_a_season_hands_out_nothing_that_may_not_stand_alone(
    example: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its frames and its tables, for every private measure and answer of the edition."""
    monkeypatch.chdir(example.root)
    season = ar.open_season("example")
    folder = example.processed("example")
    measures = read_table(sorted((folder / "measures").glob("[!a]*.parquet")), MEASURES)
    answers = read_table(sorted((folder / "answers").glob("*.parquet")), ANSWERS)
    private = measures[(measures["consent"] != "publish") & measures["number"].notna()]
    assert SECRET in set(private["id"])
    for code, rows in private.groupby("code"):
        frame = season.measures(code, *rows["measure"].unique()).set_index("id")
        told = frame.loc[frame.index.intersection(rows["id"])]
        assert len(told) == len(rows)
        assert told["value"].isna().all()
        assert set(told["mark"]) <= {"withheld", "missing"}
    public = read_table(folder / "public" / "answers.parquet", PUBLIC_ANSWERS)
    hidden = answers[answers["consent"] != "publish"]
    assert {*hidden["consent"]} == {"aggregate only", "do not use"}
    told = public[public["id"].isin(hidden["id"])]
    assert told[["number", "text", "unit", "currency", "reported", "note"]].isna().all(axis=None)
    assert not {"workbook", "sha256", "consent"} & {*public.columns}


@pytest.mark.parametrize(
    "asked",
    [
        "from annual_report import desk",
        "import pandas as pd\nfrom annual_report import desk as d, open_season",
        "import annual_report.desk as inner",
        "from annual_report.measures.lineage import Lineage",
        "from annual_report.tables import ANSWERS, read_table",
        "    from annual_report.survey.collecting.cluster import ingest_return",
        "from annual_report import (\n    desk,\n    open_season,\n)",
        "%matplotlib inline\nif True:\n    import annual_report.desk",
    ],
)
def test_a_notebook_that_asks_for_private_tables_is_not_published(asked: str) -> None:
    cells = write_notebook(asked).cells
    with pytest.raises(DisclosureError, match="reads private tables") as caught:
        build_chapter(cells, name="15-mine", where="15-mine.ipynb")
    assert caught.value.where == "15-mine.ipynb, cell 4"
    told = "# from annual_report import desk\nimport annual_report as ar\ndesk = 1"
    build_chapter(write_notebook(told).cells, name="15-mine")
