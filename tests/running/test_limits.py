"""What a notebook may not do ends that notebook with a message, and nothing else."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import nbformat
import pytest

from annual_report.errors import NotebookError
from annual_report.running.kernels.executing import run_notebook
from annual_report.running.kernels.limits import Limits


def run_cell(folder: Path, *sources: str, limits: Limits | None = None) -> nbformat.NotebookNode:
    """Run a notebook of these cells behind its parameters; return it executed."""
    path = folder / "one.ipynb"
    parameters = nbformat.v4.new_code_cell("cluster = ''", metadata={"tags": ["parameters"]})
    notebook = nbformat.v4.new_notebook(
        cells=[parameters, *map(nbformat.v4.new_code_cell, sources)],
        metadata={"kernelspec": {"name": "python3", "display_name": "", "language": "python"}},
    )
    nbformat.write(notebook, path)
    run_notebook(
        path,
        folder / "out.ipynb",
        name="notebooks/cluster/one.ipynb",
        parameters={"cluster": "norrhavn"},
        limits=limits or Limits(seconds=60),
        environment=dict(os.environ),
    )
    return nbformat.read(folder / "out.ipynb", as_version=4)


def test_a_loop_without_end_is_stopped_and_named(tmp_path: Path) -> None:
    with pytest.raises(NotebookError, match="more than the 1 s") as caught:
        run_cell(tmp_path, "while True: pass", limits=Limits(seconds=1))
    assert caught.value.where == "notebooks/cluster/one.ipynb, cluster norrhavn, cell 2"
    assert not (tmp_path / "out.ipynb").exists()


def test_too_much_memory_fails_the_cell(tmp_path: Path) -> None:
    with pytest.raises(NotebookError, match="MemoryError") as caught:
        run_cell(tmp_path, "x = bytearray(900 * 1024 * 1024)", limits=Limits(memory_mb=300))
    assert "cluster norrhavn, cell 2" in str(caught.value)


def test_endless_output_is_cut_off(tmp_path: Path) -> None:
    with pytest.raises(NotebookError, match="more than the 2 MB"):
        run_cell(tmp_path, "for _ in range(1000): print('x' * 100_000)", limits=Limits(output_mb=2))


def test_leaving_python_is_told_as_a_dead_kernel(tmp_path: Path) -> None:
    with pytest.raises(NotebookError, match="the kernel died") as caught:
        run_cell(tmp_path, "import os; os._exit(0)")
    assert "cluster norrhavn, cell 2" in str(caught.value)


def test_sys_exit_does_not_pass_for_success(tmp_path: Path) -> None:
    with pytest.raises(NotebookError, match="ended itself"):
        run_cell(tmp_path, "import sys; sys.exit()", "1 + 1")


def test_an_error_names_the_cell_and_its_first_line(tmp_path: Path) -> None:
    with pytest.raises(NotebookError) as caught:
        run_cell(tmp_path, "# deflate\nprices = 1 / 0")
    assert caught.value.what == "ZeroDivisionError: division by zero"
    assert "# deflate" in (caught.value.found or "")


def test_a_forking_notebook_leaves_no_process(tmp_path: Path) -> None:
    executed = run_cell(
        tmp_path,
        "import subprocess\nchild = subprocess.Popen(['sleep', '600'])\nprint(child.pid)",
    )
    pid = int(executed.cells[-1].outputs[0].text)
    deadline = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not Path(f"/proc/{pid}").exists()


def test_what_is_open_at_the_end_is_written(tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    run_cell(tmp_path, f"file = open({str(kept)!r}, 'w')\nlength = file.write('all of it')")
    assert kept.read_text() == "all of it"


def test_an_executed_notebook_holds_no_times_and_no_addresses(tmp_path: Path) -> None:
    executed = run_cell(
        tmp_path, "import warnings\nwarnings.warn('careful')\nprint(object())\nobject()"
    )
    text = json.dumps(executed)
    assert "start_time" not in text
    assert "duration" not in text
    assert "ipykernel_" not in text
    assert "object at 0x0" in text
    assert [cell["id"] for cell in executed.cells if "injected" in cell["id"]]


def test_a_copy_that_the_notebook_forks_does_not_go_on_as_the_notebook(tmp_path: Path) -> None:
    fork = "import os, sys\nif os.fork() == 0:\n    print('in the copy')\n    sys.exit()\nos.wait()"
    executed = run_cell(tmp_path, fork, "print('once')")
    said = "".join(o.get("text", "") for cell in executed.cells for o in cell.get("outputs", []))
    assert said.count("once") == 1


def test_a_dead_kernel_is_noticed_though_a_copy_of_it_lives(tmp_path: Path) -> None:
    """The copy holds the line open; nobody waits for the time limit."""
    pid = tmp_path / "pid"
    source = (
        "import os, signal, time\ncopy = os.fork()\n"
        f"if copy == 0:\n    os.setsid(); time.sleep(60); os._exit(0)\n"
        f"open({str(pid)!r}, 'w').write(str(copy))\nos.kill(os.getpid(), signal.SIGKILL)"
    )
    try:
        with pytest.raises(NotebookError, match="the kernel died"):
            run_cell(tmp_path, source, limits=Limits(seconds=50))
    finally:
        os.kill(int(pid.read_text()), signal.SIGKILL)


def test_a_cell_that_is_not_to_be_executed_is_not_missed(tmp_path: Path) -> None:
    path = tmp_path / "one.ipynb"
    skipped = nbformat.v4.new_code_cell("1 / 0", metadata={"tags": ["skip-execution"]})
    kernel = {"name": "python3", "display_name": "", "language": "python"}
    nbformat.write(nbformat.v4.new_notebook(cells=[skipped], metadata={"kernelspec": kernel}), path)
    run_notebook(path, tmp_path / "out.ipynb", name="one", parameters={}, limits=Limits(seconds=60),
                 environment=dict(os.environ))  # fmt: skip
    assert nbformat.read(tmp_path / "out.ipynb", as_version=4).cells[0].outputs == []


def test_a_module_beside_the_notebook_can_be_imported(tmp_path: Path) -> None:
    (tmp_path / "beside.py").write_text("WORD = 'found'", encoding="utf-8")
    executed = run_cell(tmp_path, "import beside; print(beside.WORD)")
    assert executed.cells[-1].outputs[0].text == "found\n"
