"""Which of our own modules a notebook or a function depends on, and their hash.

Found in the ``import`` statements, those inside functions too, and followed from module to module.
A module that imports others by name while it runs (``importlib``, ``pkgutil``) is taken to depend
on its whole package. What the package itself names for notebooks counts only for who imports it by
that name (``import annual_report as ar``), not for every module of it. The other files of a package, such as templates, belong to its modules.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import annual_report
from annual_report.running.steps.files import hash_bytes, hash_file

PACKAGE = "annual_report"
RUNNER = "annual_report.running.kernels.client"
FACE = "annual_report:names"
"""Stands for all that ``annual_report/__init__.py`` names."""
_DYNAMIC = {"importlib", "pkgutil", "runpy"}


@dataclass
class Code:
    """The source of this package.

    Parameters
    ----------
    folder
        The package's folder.
    """

    folder: Path = field(default_factory=lambda: Path(annual_report.__file__).parent)
    _direct: dict[str, frozenset[str]] = field(default_factory=dict)
    _hashes: dict[frozenset[str], str] = field(default_factory=dict)
    _known: dict[str, str] = field(default_factory=dict)

    def hash_notebook(self, source: str) -> str:
        """Hash all modules that the code of a notebook depends on."""
        if source not in self._known:  # the same notebook runs for each cluster
            self._known[source] = self._hash_source(source)
        return self._known[source]

    def _hash_source(self, source: str) -> str:
        lines = source.splitlines()
        plain = "\n".join(line for line in lines if not line.lstrip().startswith(("%", "!", "?")))
        try:
            tree = ast.parse(plain)
        except SyntaxError:  # its run will say so; until then it depends on everything
            return self._hash(frozenset(self.modules))
        return self._hash(self._follow({RUNNER, *self._list_imported(tree, package="")}))

    def hash_function(self, target: str) -> str:
        """Hash all modules that ``module:function`` depends on."""
        module = target.partition(":")[0]
        if module not in self._known:
            self._known[module] = self._hash(self._follow({module}))
        return self._known[module]

    def hash_all(self) -> str:
        """Hash the whole package."""
        return self._hash(frozenset(self.modules))

    @cached_property
    def modules(self) -> dict[str, Path]:
        """Every module of the package with its file."""
        found = {}
        for path in sorted(self.folder.rglob("*.py")):
            parts = path.relative_to(self.folder).with_suffix("").parts
            parts = parts[:-1] if parts[-1] == "__init__" else parts
            found[".".join((PACKAGE, *parts))] = path
        return found

    @cached_property
    def _data(self) -> dict[Path, str]:
        """Hash of the files beside the modules, for each folder and those below it."""
        others = [
            path
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and path.suffix not in (".py", ".pyc")
        ]
        hashes: dict[Path, list[str]] = {}
        for path in others:
            digest = hash_bytes(path.relative_to(self.folder).as_posix(), hash_file(path))
            packages = (p for p in path.parents if (p / "__init__.py").is_file())
            owner = next(packages, self.folder)
            hashes.setdefault(owner, []).append(digest)
        return {folder: hash_bytes(*digests) for folder, digests in hashes.items()}

    def _hash(self, modules: frozenset[str]) -> str:
        if modules not in self._hashes:
            files = [self.modules[name] for name in sorted(modules)]
            data = {self._data[path.parent] for path in files if path.parent in self._data}
            parts = [f"{name} {hash_file(self.modules[name])}" for name in sorted(modules)]
            self._hashes[modules] = hash_bytes(*parts, *sorted(data))
        return self._hashes[modules]

    def _follow(self, start: set[str]) -> frozenset[str]:
        reached: set[str] = set()
        waiting = start & {FACE, *self.modules}
        while waiting:
            module = waiting.pop()
            reached.add(module)
            waiting |= self._list_direct(module) - reached
        return frozenset(reached - {FACE})

    def _list_direct(self, module: str) -> frozenset[str]:
        if module == PACKAGE:
            return frozenset()
        if module not in self._direct:
            path = self.modules[PACKAGE if module == FACE else module]
            tree = ast.parse(path.read_bytes())
            if module == FACE:
                names = set(self._list_imported(tree, package=PACKAGE))
            else:
                package = module if path.name == "__init__.py" else module.rpartition(".")[0]
                names = set(self._list_imported(tree, package=package))
                names |= {parent for parent in _list_parents(module) if parent in self.modules}
                if _imports_by_name(tree):
                    names |= {name for name in self.modules if name.startswith(f"{package}.")}
            self._direct[module] = frozenset(names)
        return self._direct[module]

    def _list_imported(self, tree: ast.AST, *, package: str) -> Iterator[str]:
        for node in _list_statements(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield from self._list_known(alias.name)
                    if alias.name == PACKAGE:
                        yield FACE
            elif isinstance(node, ast.ImportFrom):
                parents = package.split(".")
                base = ".".join(parents[: len(parents) - node.level + 1]) if node.level else ""
                name = ".".join(part for part in (base, node.module) if part)
                yield from self._list_known(name)
                for alias in node.names:
                    yield from self._list_known(f"{name}.{alias.name}")
                    if name == PACKAGE and f"{name}.{alias.name}" not in self.modules:
                        yield FACE

    def _list_known(self, name: str) -> Iterator[str]:
        if name in self.modules:
            yield name
            yield from (parent for parent in _list_parents(name) if parent in self.modules)


def _list_statements(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the statements of a module, those inside others too; expressions hold no imports."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        for part in ("body", "orelse", "finalbody", "handlers", "cases"):
            waiting += getattr(node, part, ())


def _list_parents(module: str) -> Iterator[str]:
    while "." in module:
        module = module.rpartition(".")[0]
        yield module


def _imports_by_name(tree: ast.AST) -> bool:
    for node in _list_statements(tree):
        if isinstance(node, ast.Import) and any(a.name in _DYNAMIC for a in node.names):
            return True
        if isinstance(node, ast.ImportFrom) and node.module in _DYNAMIC:
            return True
    return False
