from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import nbformat
import pypdfium2
import pytest
from nbconvert.exporters import get_export_names, get_exporter

from annual_report.errors import PublishingError
from annual_report.project import Project
from annual_report.publishing.exporters import HTMLExporter, PDFExporter

FORMATS = ("annual_report_html", "annual_report_pdf")
TOKEN = "a-token-for-this-test"


@pytest.fixture
def path(project: Project) -> Path:
    return project.processed("example") / "notebooks" / "report" / "40-finance.ipynb"


def test_nbconvert_knows_both_by_name() -> None:
    hyphenated = tuple(name.replace("_", "-") for name in FORMATS)
    assert {*FORMATS, *hyphenated} <= set(get_export_names())
    for html, pdf in (FORMATS, hyphenated):
        assert issubclass(get_exporter(html), HTMLExporter)
        assert issubclass(get_exporter(pdf), PDFExporter)


def test_one_notebook_becomes_a_page(path: Path) -> None:
    page, resources = HTMLExporter().from_filename(str(path))
    assert resources["output_extension"] == ".html"
    assert "<h2>Finance</h2>" in page
    assert "hidden_code" not in page


def test_one_notebook_becomes_a_pdf(path: Path) -> None:
    pdf, resources = PDFExporter().from_filename(str(path))
    assert resources["output_extension"] == ".pdf"
    assert pdf.startswith(b"%PDF")


def test_run_for_an_edition_it_bears_that_editions_words(
    path: Path, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANNUAL_REPORT_ROOT", str(project.root))
    notebook = nbformat.from_dict(json.loads(path.read_text()))
    notebook.metadata["papermill"] = {"parameters": {"edition": "example"}}
    page, _ = HTMLExporter().from_notebook_node(notebook)
    assert "Example data: fictional clusters" in page


def make_cell(source: str, *, run: bool = True, **metadata: Any) -> nbformat.NotebookNode:
    return nbformat.v4.new_code_cell(
        source,
        outputs=[nbformat.v4.new_output("stream", text="printed")] if run else [],
        execution_count=1 if run else None,
        metadata=metadata,
    )


@pytest.mark.parametrize("exporter", [HTMLExporter, PDFExporter])
def test_a_notebook_that_was_not_run_is_refused(exporter: Callable[[], Any]) -> None:
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("# Title"), make_cell("show()", run=False)]
    )
    with pytest.raises(PublishingError, match="has not been run") as refused:
        exporter().from_notebook_node(notebook, {"metadata": {"name": "50-new"}})
    assert "50-new" in str(refused.value)
    assert "cell 2" in str(refused.value)
    assert "run all cells" in str(refused.value)


def test_a_cell_that_shows_nothing_in_the_report_need_not_be_run() -> None:
    cells = [
        make_cell("show()"),
        make_cell("# trying", run=False, tags=["skip-report"]),
        make_cell("  \n", run=False),
    ]
    page, _ = HTMLExporter().from_notebook_node(nbformat.v4.new_notebook(cells=cells))
    assert "printed" in page


def test_a_notebook_that_ended_in_an_error_says_so_itself() -> None:
    broken = make_cell("fail()")
    broken.outputs = [nbformat.v4.new_output("error", ename="ValueError", evalue="no")]
    notebook = nbformat.v4.new_notebook(cells=[broken, make_cell("show()", run=False)])
    page, _ = HTMLExporter().from_notebook_node(notebook)
    assert "ValueError: no" in page


@dataclass(frozen=True)
class Server:
    """A Jupyter server, as JupyterLab's."""

    address: str

    def get(self, path: str) -> tuple[int, str, bytes]:
        request = urllib.request.Request(
            f"{self.address}/{path}", headers={"Authorization": f"token {TOKEN}"}
        )
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return answer.status, answer.headers["Content-Type"], answer.read()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.headers["Content-Type"], refused.read()


def is_open(address: str) -> bool:
    host, _, port = address.partition(":")
    try:
        socket.create_connection((host, int(port)), timeout=5).close()
    except ConnectionRefusedError:
        return False
    return True


@pytest.fixture(scope="module")
def server(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    runtime = tmp_path_factory.mktemp("runtime")
    places = {f"JUPYTER_{name}_DIR": str(runtime / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    command = [sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root"]
    settings = [
        "--ip=127.0.0.1",
        "--port=0",
        f"--IdentityProvider.token={TOKEN}",
        f"--ServerApp.root_dir={project.root}",
        "--ServerApp.allow_unauthenticated_access=False",
    ]
    with subprocess.Popen(
        [*command, *settings],
        cwd=project.root,
        env=os.environ | places,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stderr is not None
            said = []
            for line in process.stderr:
                said.append(line)
                if "http://127.0.0.1:" in line:
                    break
            address = said[-1].split("http://")[1].split("/")[0]
            while not is_open(address) and process.poll() is None:
                time.sleep(0.05)  # it listens a moment after it has said where
            yield Server(f"http://{address}")
        finally:
            process.terminate()
            process.communicate(timeout=60)


def test_the_export_menu_has_each_once(server: Server) -> None:
    status, _, body = server.get("api/nbconvert")
    assert status == 200
    ours = [name for name in json.loads(body) if "annual" in name]
    assert sorted(ours) == sorted(FORMATS)


def test_the_export_menu_gives_a_page(server: Server, path: Path, project: Project) -> None:
    place = path.relative_to(project.root)
    status, kind, body = server.get(f"nbconvert/{FORMATS[0]}/{place}?download=true")
    assert (status, kind.split(";")[0]) == (200, "text/html")
    assert "<h2>Finance</h2>" in body.decode()
    assert body.decode().endswith("</html>\n")


def test_the_export_menu_gives_a_pdf(server: Server, path: Path, project: Project) -> None:
    place = path.relative_to(project.root)
    status, kind, body = server.get(f"nbconvert/{FORMATS[1]}/{place}?download=true")
    assert (status, kind.split(";")[0]) == (200, "application/pdf")
    with pypdfium2.PdfDocument(body) as pdf:
        assert "Finance" in pdf[0].get_textpage().get_text_range()


@pytest.mark.parametrize("name", FORMATS)
def test_the_export_menu_says_what_to_do_with_a_notebook_that_was_not_run(
    server: Server, project: Project, name: str
) -> None:
    notebook = nbformat.v4.new_notebook(cells=[make_cell("show()", run=False)])
    fresh = project.root / "new.ipynb"
    nbformat.write(notebook, fresh)
    status, _, body = server.get(f"nbconvert/{name}/new.ipynb?download=true")
    fresh.unlink()
    assert status == 500
    words = unescape(body.decode())
    assert "the notebook has not been run" in words
    assert "run all cells, save the notebook and export it again" in words


def test_the_server_lets_nobody_in_without_its_token(server: Server) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{server.address}/api/nbconvert", timeout=60)
    refused.value.close()
    assert refused.value.code == 403
