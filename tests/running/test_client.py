"""A notebook says on a forked kernel what it says on an ordinary one, and says it in the same order."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient.client import NotebookClient
from papermill.engines import papermill_engines
from papermill.iorw import load_notebook_node

from annual_report.running.kernels.executing import strip_circumstances

CELLS = {
    "a value": "6 * 7",
    "printed text": "print('one')\nprint('two')",
    "text before a display": "print('before')\ndisplay({'text/plain': 'x'}, raw=True)\nprint('after')",
    "rich output": "from IPython.display import HTML, Markdown\ndisplay(Markdown('*a*'))\nHTML('<b>b</b>')",
    "a display changed later": (
        "from IPython.display import display\n"
        "handle = display('old', display_id='it')\nhandle.update('new')"
    ),
    "cleared output": (
        "from IPython.display import clear_output\nprint('gone')\nclear_output()\nprint('stays')"
    ),
    "output cleared by the next": (
        "from IPython.display import clear_output\nprint('gone')\nclear_output(wait=True)\nprint('stays')"
    ),
    "a figure": "import matplotlib.pyplot as plt\nlines = plt.plot([1, 2])",
    "two figures": "import matplotlib.pyplot as plt\nfor _ in range(2): plt.figure(); plt.plot([1])",
    "a table": "import pandas as pd\npd.DataFrame({'a': [1, 2]})",
    "a magic": "%%capture text\nprint('kept')",
    "a captured text": "text.stdout",
    "a shell line": "!echo from the shell",
    "awaiting": "import asyncio\nawait asyncio.sleep(0)\n'awaited'",
    "a task of an earlier cell": "task = asyncio.get_running_loop().create_task(asyncio.sleep(0, 'done'))",
    "its result": "await task",
    "a thread": "import threading\nt = threading.Thread(target=print, args=('thread',))\nt.start(); t.join()",
    "an asked-for error": "1 / 0",
    "a question": "input('who?')",
    "a comm": "from comm import create_comm\ncreate_comm('widget', data={'a': 1}).close()",
    "no output": "x = 1",
    "only a comment": "# nothing",
    "a warning": "import warnings\nwarnings.warn('careful', stacklevel=1)",
    "earlier results": "_ , In[1], __name__",
    "where it stands": "import os\n_dh == [os.getcwd()] and os.getcwd() == get_ipython().starting_dir",
    "how it pages": "os.environ['PAGER'], os.environ['GIT_PAGER'], os.environ['TERM']",
    "what the process is": "import sys\nsys.modules['__main__'].__dict__ is globals()",
    "its own source": "import inspect\ndef f(): return 1\ninspect.getsource(f)",
}
MAY_FAIL = {"an asked-for error", "a question"}


def make_notebook() -> nbformat.NotebookNode:
    cells = []
    for name, source in CELLS.items():
        tags = ["raises-exception"] if name in MAY_FAIL else []
        cells.append(nbformat.v4.new_code_cell(source, metadata={"tags": tags}))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def execute(folder: Path, node: nbformat.NotebookNode) -> nbformat.NotebookNode:
    nbformat.write(node, folder / "a.ipynb")
    executed = papermill_engines.execute_notebook_with_engine(
        "annual-report", load_notebook_node(str(folder / "a.ipynb")), "python3", progress_bar=False
    )
    strip_circumstances(executed)
    return executed


@pytest.fixture(scope="module")
def forked(tmp_path_factory: pytest.TempPathFactory) -> nbformat.NotebookNode:
    return execute(tmp_path_factory.mktemp("forked"), make_notebook())


@pytest.fixture(scope="module")
def ordinary() -> nbformat.NotebookNode:
    node = make_notebook()
    NotebookClient(node, kernel_name="python3").execute()
    strip_circumstances(node)
    return node


def describe(output: dict[str, Any]) -> str:
    """Show an output without what differs between any two processes."""
    shown = dict(output)
    if "traceback" in shown:
        shown["traceback"] = len(shown["traceback"])
    if "png" in str(shown.get("data", {}).keys()):
        shown["data"] = sorted(shown["data"])
    return json.dumps(shown, sort_keys=True)


def join(outputs: list[Any]) -> list[Any]:
    """Join what an ordinary kernel has printed in a row; it is cut where its clock ticked."""
    joined: list[Any] = []
    for output in outputs:
        before = joined[-1] if joined else {}
        if output.output_type == "stream" and before.get("name") == output.name:
            before.text += output.text
        else:
            joined.append(output)
    return joined


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_says_what_it_says_on_an_ordinary_kernel(
    name: str, forked: nbformat.NotebookNode, ordinary: nbformat.NotebookNode
) -> None:
    place = list(CELLS).index(name)
    ours, theirs = forked.cells[place], ordinary.cells[place]
    assert list(map(describe, ours.outputs)) == list(map(describe, join(theirs.outputs)))
    assert ours.execution_count == theirs.execution_count


def test_the_notebook_tells_its_language(
    forked: nbformat.NotebookNode, ordinary: nbformat.NotebookNode
) -> None:
    assert forked.metadata.language_info == ordinary.metadata.language_info


def test_streams_keep_their_turns(tmp_path: Path) -> None:
    """An ordinary kernel forgets which came when, and may lose what a program writes."""
    source = (
        "import subprocess, sys\nprint('out')\nprint('err', file=sys.stderr)\nprint('out again')\n"
        "done = subprocess.run('echo of a program; echo its error >&2', shell=True)"
    )
    executed = execute(
        tmp_path, nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    )
    assert [(o.name, o.text) for o in executed.cells[0].outputs] == [
        ("stdout", "out\n"),
        ("stderr", "err\n"),
        ("stdout", "out again\nof a program\n"),
        ("stderr", "its error\n"),
    ]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("for n in range(50_000): print(n)", "".join(f"{n}\n" for n in range(50_000))),
        (
            "import subprocess\ndone = subprocess.run(['seq', '100000'])",
            "".join(f"{n}\n" for n in range(1, 100_001)),
        ),
    ],
    ids=["printed in small pieces", "written by a program, more than a pipe holds"],
)
def test_much_text_is_one_output(source: str, text: str, tmp_path: Path) -> None:
    executed = execute(
        tmp_path, nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    )
    [output] = executed.cells[0].outputs
    assert output.text == text
