"""A step depends on the modules that it imports, directly or not, and on no others."""

from __future__ import annotations

from pathlib import Path

import pytest

from annual_report.running.steps.code import Code

MODULES = {
    "__init__.py": "import importlib\nif False:\n    from annual_report.shown import Plot\n",
    "shown.py": "import annual_report.drawn\n",
    "drawn.py": "",
    "base.py": "X = 1\n",
    "middle.py": "def f():\n    from annual_report.base import X\n    return X\n",
    "other.py": "",
    "running/__init__.py": "",
    "running/kernels/__init__.py": "",
    "running/kernels/client.py": "",
    "plugins/__init__.py": "import importlib\n",
    "plugins/one.py": "",
    "pages/__init__.py": "",
    "pages/page.py": "",
    "pages/html/page.css": "a {}",
    "pages/inner/__init__.py": "from . import leaf\n",
    "pages/inner/leaf.py": "",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in MODULES.items():
        path = tmp_path / "annual_report" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "annual_report"


@pytest.mark.parametrize(
    ("source", "file", "depends"),
    [
        ("from annual_report import middle", "middle.py", True),
        ("from annual_report.middle import f", "base.py", True),  # imported inside a function
        ("import annual_report.middle", "other.py", False),
        ("import annual_report.middle", "__init__.py", True),
        ("import annual_report.plugins", "plugins/one.py", True),  # imported by name
        ("import annual_report.pages.page", "pages/html/page.css", True),
        ("import annual_report.middle", "pages/html/page.css", False),
        ("import annual_report.pages.inner", "pages/inner/leaf.py", True),  # relative
        ("import annual_report as ar", "shown.py", True),  # named by the package
        ("import annual_report as ar", "drawn.py", True),
        ("from annual_report import Plot", "drawn.py", True),
        ("import annual_report as ar", "other.py", False),
        ("import annual_report.middle", "shown.py", False),  # nobody asked for what it names
        ("from annual_report import middle", "drawn.py", False),
        ("x = 1", "running/kernels/client.py", True),  # what runs the notebook
        ("%matplotlib inline\nimport annual_report.middle", "base.py", True),
        ("%matplotlib inline\nimport annual_report.middle", "other.py", False),
        ("this is no Python", "other.py", True),
    ],
)
def test_a_notebook_depends_on_what_it_imports(
    folder: Path, source: str, file: str, depends: bool
) -> None:
    before = Code(folder).hash_notebook(source)
    path = folder / file
    path.write_text(path.read_text() + "\n")
    assert (Code(folder).hash_notebook(source) != before) == depends


def test_a_function_depends_on_its_module(folder: Path) -> None:
    before = Code(folder).hash_function("annual_report.middle:f")
    (folder / "base.py").write_text("X = 2\n")
    assert Code(folder).hash_function("annual_report.middle:f") != before
    assert Code(folder).hash_function("annual_report.other:f") == Code(folder).hash_function(
        "annual_report.other:g"
    )
