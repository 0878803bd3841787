"""Forked kernels serve whoever knows Jupyter, and ordinary ones step in where they cannot."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

import nbformat
import papermill
import pytest
from nbclient import NotebookClient

from annual_report.errors import NotebookError
from annual_report.running.kernels import forking
from annual_report.running.kernels.imports import ABLE, KERNEL
from annual_report.running.kernels.limits import Limits
from annual_report.running.kernels.manager import ForkedKernelManager, make_private_folder

SHOW_PARENT = "import os\nprint(os.getpid(), os.getppid())"
PLOT = "import matplotlib.pyplot as plt\nlines = plt.plot([1, 2])"


def write_notebook(path: Path, *sources: str) -> Path:
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    return path


def read_pids(notebook: nbformat.NotebookNode) -> tuple[int, int]:
    process, parent = notebook.cells[0].outputs[0].text.split()
    return int(process), int(parent)


def test_nbclient_alone_gets_a_forked_kernel(tmp_path: Path) -> None:
    notebook = nbformat.read(write_notebook(tmp_path / "a.ipynb", SHOW_PARENT), as_version=4)
    NotebookClient(notebook, kernel_manager_class=ForkedKernelManager).execute()
    assert read_pids(notebook)[1] == forking.get_fork_server()._process.pid


def test_papermill_finds_the_engine_by_name(tmp_path: Path) -> None:
    source = write_notebook(tmp_path / "a.ipynb", SHOW_PARENT)
    executed = papermill.execute_notebook(
        str(source), None, engine_name="annual-report", progress_bar=False
    )
    assert read_pids(executed)[1] == forking.get_fork_server()._process.pid


@pytest.mark.long
def test_any_jupyter_program_finds_the_provisioner_by_name(tmp_path: Path) -> None:
    source = write_notebook(tmp_path / "a.ipynb", SHOW_PARENT)
    subprocess.run(
        [sys.executable, "-m", "jupyter", "execute", "--inplace", str(source)],
        env=os.environ | {"JUPYTER_DEFAULT_PROVISIONER_NAME": "annual-report-forked"},
        check=True,
        capture_output=True,
    )
    process, parent = read_pids(nbformat.read(source, as_version=4))
    assert process != parent
    assert not Path(f"/proc/{parent}").exists()  # the warm parent has gone with the program


def test_a_figure_is_shown_as_in_an_ordinary_kernel(tmp_path: Path) -> None:
    notebook = nbformat.read(write_notebook(tmp_path / "a.ipynb", PLOT), as_version=4)
    NotebookClient(notebook, kernel_manager_class=ForkedKernelManager).execute()
    assert "image/png" in notebook.cells[0].outputs[0].data


def test_an_ordinary_kernel_steps_in_with_a_notice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    notebook = nbformat.read(write_notebook(tmp_path / "a.ipynb", SHOW_PARENT), as_version=4)
    with forking.ForkServer(modules=("no_such_module",), packages=()) as unfit:
        unfit.wait_until_ready()
        monkeypatch.setattr(forking, "_server", unfit)
        with caplog.at_level("WARNING"):
            NotebookClient(notebook, kernel_manager_class=ForkedKernelManager).execute()
    assert read_pids(notebook)[1] == os.getpid()
    assert "an ordinary kernel is started" in caplog.text
    assert "no_such_module" in caplog.text


def test_the_engine_takes_an_ordinary_kernel_where_none_can_be_forked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The same notebook, the same limits, more time."""
    endless = write_notebook(tmp_path / "endless.ipynb", SHOW_PARENT, "while True: pass")
    short = write_notebook(tmp_path / "short.ipynb", SHOW_PARENT)
    run = partial(papermill.execute_notebook, engine_name="annual-report", progress_bar=False)
    with forking.ForkServer(modules=("another_missing_module",), packages=()) as unfit:
        unfit.wait_until_ready()
        monkeypatch.setattr(forking, "_server", unfit)
        with caplog.at_level("WARNING"):
            executed = run(str(short), None)
        assert read_pids(executed)[1] == os.getpid()
        assert caplog.text.count("an ordinary kernel is started") == 1
        with pytest.raises(NotebookError, match="more than the 1 s") as caught:
            run(str(endless), None, limits=Limits(seconds=1))
    assert "endless.ipynb, cell 2" in str(caught.value)
    assert caplog.text.count("an ordinary kernel is started") == 1  # once is enough


def test_an_ordinary_kernel_steps_in_when_the_warm_parent_turns_out_unfit_late(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A kernel was asked for when one could be forked, and the next import failed."""
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    broken = f"open({str(gate)!r}).read()\nraise ImportError('half an installation')\n"
    (tmp_path / "broken_late.py").write_text(broken, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    source = write_notebook(tmp_path / "a.ipynb", SHOW_PARENT)
    with forking.ForkServer(modules=(*KERNEL, ABLE, "broken_late"), packages=()) as unfit:
        monkeypatch.setattr(forking, "_server", unfit)
        assert unfit.wait_until_ready(wholly=False).reason is None
        opener = threading.Thread(target=gate.write_text, args=("go on",))
        opener.start()
        with caplog.at_level("WARNING"):
            executed = papermill.execute_notebook(
                str(source), None, engine_name="annual-report", progress_bar=False
            )
        opener.join()
    assert read_pids(executed)[1] == os.getpid()
    assert "half an installation" in caplog.text


def test_sockets_get_a_place_with_a_short_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/" + "x" * 120)
    folder = make_private_folder()
    try:
        assert len(str(folder / "socket-5")) < 104
        assert folder.stat().st_mode & 0o077 == 0
    finally:
        folder.rmdir()
