"""The rules of the house, held over the files that are tracked."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "annual_report"

# Each layer may import itself and those above it in this list, never those below.
LAYERS = (
    "redaction",
    "errors",
    "project",
    "files",
    "lifeline",
    "settings",
    "units",
    "rates",
    "numbers",
    "countries",
    "edition",
    "tables",
    "remote",
    "storage",
    "framework",
    "survey",
    "measures",
    "desk",
    "season",
    "exhibits",
    "publishing",
    "running",
    "example",
    "cli",
)
LONGEST_MODULE = 400
MOST_MODULES = 20
LONGEST_CELL = 16
CATCH_ALLS = {"utils", "util", "helpers", "helper", "common", "misc"}

# What conda-forge calls a package of PyPI's.
CONDA_NAMES = {
    "matplotlib": "matplotlib-base",
    "playwright": "playwright-python",
    "typst": "typst-py",
}


@cache
def list_files() -> tuple[Path, ...]:
    """List the files of the project: git's, or all that is no generated folder's."""
    asked = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if asked.returncode == 0:
        names = [ROOT / name for name in asked.stdout.split("\0") if name]
    else:
        generated = {".venv", "processed", "reports", "__pycache__"}
        names = [p for p in ROOT.rglob("*") if not generated & {*p.relative_to(ROOT).parts}]
    return tuple(path for path in names if path.is_file())


def list_modules() -> list[Path]:
    return sorted(p for p in list_files() if p.suffix == ".py" and p.is_relative_to(PACKAGE))


def list_notebooks() -> list[Path]:
    return sorted(p for p in list_files() if p.suffix == ".ipynb")


def name_file(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


each_module = pytest.mark.parametrize("module", list_modules(), ids=name_file)
each_notebook = pytest.mark.parametrize("notebook", list_notebooks(), ids=name_file)


def find_layer(module: Path) -> str:
    return module.relative_to(PACKAGE).with_suffix("").parts[0]


def find_imported_layers(tree: ast.AST, module: Path) -> Iterator[tuple[int, str]]:
    """Find the layers that a module imports, wherever the import stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}:{node.lineno}: a relative import"
            base = node.module or ""
            # `from annual_report import tables` names the layer last
            names = [f"{base}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            parts = name.split(".")
            if parts[0] == "annual_report" and len(parts) > 1:
                yield node.lineno, parts[1]


@each_module
def test_imports_run_one_way(module: Path) -> None:
    layer = find_layer(module)
    if layer in {"__init__", "__main__"}:
        return
    assert layer in LAYERS, f"the layer {layer} has no place in the order of imports"
    allowed = LAYERS[: LAYERS.index(layer) + 1]
    wrong = [
        f"line {line} imports {imported}"
        for line, imported in find_imported_layers(ast.parse(module.read_text()), module)
        if imported not in allowed
    ]
    assert not wrong


def test_the_import_rule_sees_imports_in_functions() -> None:
    source = (
        "def f():\n    from annual_report import cli\n    import annual_report.running.steps.plan\n"
    )
    found = list(find_imported_layers(ast.parse(source), Path("x.py")))
    assert found == [(2, "cli"), (3, "running")]


def name_module(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def find_imported_modules(tree: ast.Module, known: set[str]) -> Iterator[str]:
    """Find the modules that a module imports when it is imported or when it runs.

    What only a type checker sees is no import.
    """
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            waiting += node.orelse
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in known else node.module or ""
        waiting += ast.iter_child_nodes(node)


def find_circles(arrows: dict[str, set[str]]) -> list[str]:
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as error:
        return [" -> ".join(error.args[1])]
    return []


@cache
def draw_arrows() -> dict[str, frozenset[str]]:
    modules = {name_module(path): path for path in list_modules()}
    return {
        name: frozenset(find_imported_modules(ast.parse(path.read_text()), {*modules})) - {name}
        for name, path in modules.items()
    }


def test_no_modules_import_each_other_in_a_circle() -> None:
    known = draw_arrows()
    assert not find_circles({name: {*found} & {*known} for name, found in known.items()})


def test_no_folders_import_each_other_in_a_circle() -> None:
    """Of each folder, its folders and modules among themselves."""
    known = draw_arrows()
    folders = {name.rpartition(".")[0] for name in known if "." in name}
    for folder in folders:
        inside = f"{folder}."
        arrows: dict[str, set[str]] = {}
        for name, found in known.items():
            if name.startswith(inside):
                here = name.removeprefix(inside).partition(".")[0]
                there = {
                    other.removeprefix(inside).partition(".")[0]
                    for other in found
                    if other.startswith(inside)
                }
                arrows.setdefault(here, set()).update(there - {here})
        assert not find_circles(arrows), folder


def test_the_rule_of_circles_sees_one() -> None:
    assert find_circles({"a": {"b"}, "b": {"c"}, "c": {"a"}})
    tree = ast.parse("if TYPE_CHECKING:\n    import x\ndef f():\n    from y import z\n")
    assert list(find_imported_modules(tree, {"x", "y"})) == ["y"]


def test_a_folder_has_no_more_modules_than_one_can_look_over() -> None:
    folders = Counter(path.parent for path in list_modules() if path.name != "__init__.py")
    assert not {name_file(folder): n for folder, n in folders.items() if n > MOST_MODULES}


@each_module
def test_a_module_is_named_for_what_it_holds(module: Path) -> None:
    assert not CATCH_ALLS & set(module.relative_to(PACKAGE).with_suffix("").parts)


@each_module
def test_a_module_is_short_enough_to_read(module: Path) -> None:
    lines = module.read_text().count("\n")
    assert lines <= LONGEST_MODULE


# Calls that read, write, set up logging or style the moment a module is imported.
AT_IMPORT = re.compile(
    r"(?:^|\.)(?:open|read_\w+|write_\w+|load|safe_load|glob|rglob|iterdir|exists|mkdir"
    r"|basicConfig|set_theme|set_style|set_option|filterwarnings|find_project|run|Popen)$"
)


def find_calls_at_import(tree: ast.Module) -> Iterator[str]:
    """Find calls outside of functions; what a decorator or default calls counts too."""
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Lambda):
            continue
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting += [*node.decorator_list, *node.args.defaults, *node.args.kw_defaults]
            continue
        if isinstance(node, ast.If) and "__name__" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.Call) and AT_IMPORT.search(called := ast.unparse(node.func)):
            yield f"line {node.lineno}: {called}"
        if isinstance(node, ast.AST):
            waiting += ast.iter_child_nodes(node)


@each_module
def test_nothing_happens_at_import(module: Path) -> None:
    assert not list(find_calls_at_import(ast.parse(module.read_text())))


def test_the_rule_of_imports_sees_a_read() -> None:
    source = "import yaml\nRATES = yaml.safe_load(open('rates.yaml'))\ndef f(): open('x')\n"
    assert len(list(find_calls_at_import(ast.parse(source)))) == 2


# What draws, and what every printed number goes through.
MAY_FORMAT = {"exhibits/look/drawing.py", "publishing/motif.py"}


def find_formatted(tree: ast.AST) -> Iterator[str]:
    """Find numbers that become text past `format_number`, and so past the edition's locale.

    What is raised is for us and not for readers.
    """
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, ast.Raise):
            waiting += ast.iter_child_nodes(node)
        if not isinstance(node, ast.FormattedValue):
            continue
        spec = ast.unparse(node.format_spec) if node.format_spec else ""
        value = node.value
        is_bare = not spec and isinstance(value, ast.Call)
        if re.search(r"[,defg%]['\"]$", spec) or (
            is_bare and ast.unparse(value.func) in {"len", "round"}
        ):
            yield f"line {node.lineno}: {ast.unparse(value)}"


@each_module
def test_numbers_are_printed_in_the_locale_of_the_edition(module: Path) -> None:
    name = module.relative_to(PACKAGE).as_posix()
    if name.startswith(("exhibits/", "publishing/")) and name not in MAY_FORMAT:
        assert not list(find_formatted(ast.parse(module.read_text())))


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('f"{n:,} rows"', 1),
        ('f"{share:.0f} %"', 1),
        ('f"{step:,.{decimals}f}"', 1),
        ('f"{len(rows)} rows"', 1),
        ('f"{round(share)} %"', 1),
        ('raise ValueError(f"{len(rows)} rows")', 0),
        ('f"#{round(shade):02x}"', 0),
        ('f"{name!r:>10} {year} {format_count(n)}"', 0),
    ],
)
def test_the_rule_of_numbers_sees(source: str, found: int) -> None:
    assert len(list(find_formatted(ast.parse(source)))) == found


# What belongs to one machine or workplace: homes of users, and addresses of package indexes.
ELSEWHERE = re.compile(
    rb"(?<![\w.])/(?:home|Users|root|work)/\w|[a-z]:\\Users\\|"
    rb"https?://\S*(?:pypi|pythonhosted|/simple\b)|^\s*(?:extra-)?index-url\s*=",
    re.IGNORECASE | re.MULTILINE,
)


def test_no_file_names_a_package_index_or_a_folder_of_one_machine() -> None:
    wrong = [
        f"{name_file(path)}: {found[0].decode(errors='replace')}"
        for path in list_files()
        if path != Path(__file__) and (found := ELSEWHERE.search(path.read_bytes()))
    ]
    assert not wrong


@pytest.mark.parametrize(
    "text",
    [
        b"cd /home/ada/report",
        b"/Users/ada",
        b"https://pypi.example.org/simple",
        b"http://user@mirror.example.org/repository/simple",
        b"[global]\nindex-url = x",
    ],
)
def test_the_rule_of_places_sees(text: bytes) -> None:
    assert ELSEWHERE.search(text)


def normalise(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def split_requirement(requirement: str) -> tuple[str, str]:
    """Split `pandas>=2.3` into its name and its bound."""
    found = re.fullmatch(r"([\w.-]+)\s*(?:>=\s*([\d.]+))?", requirement.strip())
    assert found, f"{requirement}: only lower bounds, as in name>=1.2"
    return normalise(found[1]), found[2] or ""


def read_project_packages() -> dict[str, str]:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text())
    lists = [
        pyproject["project"]["dependencies"],
        *pyproject["project"]["optional-dependencies"].values(),
        *pyproject["dependency-groups"].values(),
    ]
    return dict(split_requirement(each) for requirements in lists for each in requirements)


def read_locked_packages() -> dict[str, list[str]]:
    """Read the versions of each locked package; several where Pythons differ."""
    locked: dict[str, list[str]] = {}
    for name, version in re.findall(
        r"^([\w.-]+)==(\S+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE
    ):
        locked.setdefault(normalise(name), []).append(version)
    return locked


def order_version(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def test_the_lock_holds_every_package_of_the_project_at_a_version_it_allows() -> None:
    locked = read_locked_packages()
    for name, bound in read_project_packages().items():
        assert name in locked, f"{name} is not locked: run make lock"
        assert all(order_version(each) >= order_version(bound) for each in locked[name])


def test_every_locked_package_has_hashes_and_nothing_has_an_address() -> None:
    text = (ROOT / "requirements.lock").read_text()
    assert "://" not in text
    entries = re.split(r"\n(?=\S)", text.strip())
    assert all(re.search(r"--hash=sha256:[0-9a-f]{64}", entry) for entry in entries)
    assert all(re.match(r"[\w.-]+==", entry) for entry in entries)


def test_every_package_of_the_project_has_a_lower_bound() -> None:
    assert [name for name, bound in read_project_packages().items() if not bound] == []


def test_conda_gets_the_packages_of_the_project() -> None:
    dependencies = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    *conda, pip = dependencies
    assert list(pip) == ["pip"]
    listed = dict(split_requirement(each) for each in [*conda, *pip["pip"]])
    assert listed.pop("make") == listed.pop("pip") == ""

    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert listed.pop("python") == pyproject["project"]["requires-python"].removeprefix(">=")

    wanted = {CONDA_NAMES.get(name, name): v for name, v in read_project_packages().items()}
    assert listed == wanted


@each_notebook
def test_a_notebook_is_kept_without_output(notebook: Path) -> None:
    for cell in json.loads(notebook.read_text())["cells"]:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            assert cell["execution_count"] is None


@each_notebook
def test_a_notebook_says_what_its_parameters_are(notebook: Path) -> None:
    cells = json.loads(notebook.read_text())["cells"]
    tagged = [c for c in cells if "parameters" in c["metadata"].get("tags", [])]
    assert len(tagged) == 1


@each_notebook
def test_a_cell_is_short_enough_to_follow(notebook: Path) -> None:
    if not notebook.is_relative_to(ROOT / "notebooks"):
        return  # a test's own
    for cell in json.loads(notebook.read_text())["cells"]:
        lines = "".join(cell["source"]).splitlines()
        if cell["cell_type"] == "code":
            assert len(lines) <= LONGEST_CELL, f"{cell['id']}: split it"
            assert all(len(line) <= 100 for line in lines), f"{cell['id']}: a line is too long"
