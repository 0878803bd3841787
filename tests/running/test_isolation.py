"""Nothing that one notebook does to its process is seen by another."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from annual_report.running.kernels.executing import run_notebook
from annual_report.running.kernels.limits import Limits
from annual_report.running.kernels.manager import ForkedKernelManager


def run_by_nbclient(source: str, folder: Path) -> str:
    """Execute one cell on a forked kernel, for nbclient alone; return what it printed."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    client = NotebookClient(
        notebook,
        kernel_manager_class=ForkedKernelManager,
        resources={"metadata": {"path": str(folder)}},
    )
    client.execute()
    return "".join(output.get("text", "") for output in notebook.cells[0].outputs)


def run_by_engine(source: str, folder: Path) -> str:
    """Execute one cell as a run does; return what it printed."""
    kernel = {"name": "python3", "display_name": "", "language": "python"}
    cell = nbformat.v4.new_code_cell(source)
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": kernel})
    nbformat.write(notebook, folder / "one.ipynb")
    run_notebook(
        folder / "one.ipynb",
        folder / "out.ipynb",
        name="one",
        parameters={},
        limits=Limits(seconds=60),
        environment=dict(os.environ),
    )
    executed = nbformat.read(folder / "out.ipynb", as_version=4)
    return "".join(output.get("text", "") for output in executed.cells[0].outputs)


@pytest.fixture(params=[run_by_nbclient, run_by_engine])
def run(request: pytest.FixtureRequest) -> Callable[[str, Path], str]:
    return request.param


CASES = {
    "random numbers": (
        "import random, numpy\nrandom.seed(5); numpy.random.seed(5); random.random()",
        "import random, numpy\nprint(random.random(), numpy.random.random())",
    ),
    "environment": (
        "import os\nos.environ['SEEN'] = 'yes'",
        "import os\nprint(os.environ.get('SEEN'))",
    ),
    "working folder": ("import os\nos.chdir('/')", "import os\nprint(os.getcwd())"),
    "matplotlib settings": (
        "import matplotlib\nmatplotlib.rcParams['figure.dpi'] = 7",
        "import matplotlib\nprint(matplotlib.rcParams['figure.dpi'])",
    ),
    "pandas options": (
        "import pandas\npandas.set_option('display.precision', 1)",
        "import pandas\nprint(pandas.get_option('display.precision'))",
    ),
    "patches": (
        "import pandas\npandas.DataFrame.sum = lambda self: 'wrong'",
        "import pandas\nprint(pandas.DataFrame({'a': [1, 2]}).sum()['a'])",
    ),
    "names": ("secret = 1", "print('secret' in globals())"),
}


@pytest.mark.parametrize(("first", "second"), CASES.values(), ids=CASES.keys())
def test_a_notebook_does_not_see_what_another_changed(
    first: str, second: str, tmp_path: Path, run: Callable[[str, Path], str]
) -> None:
    before = run(second, tmp_path)
    run(first, tmp_path)
    assert before
    assert run(second, tmp_path) == before


def test_unseeded_random_numbers_are_the_same_in_every_build(
    tmp_path: Path, run: Callable[[str, Path], str]
) -> None:
    source = "import numpy, random\nprint(numpy.random.random(), random.random(), hash('a'))"
    assert run(source, tmp_path) == run(source, tmp_path)


def test_a_kernel_has_a_process_of_its_own(tmp_path: Path, run: Callable[[str, Path], str]) -> None:
    pids = {int(run("import os\nprint(os.getpid())", tmp_path)) for _ in range(2)}
    assert len(pids | {os.getpid()}) == 3
