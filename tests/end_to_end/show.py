"""Run the code of notebooks as JupyterLab would, and print the exhibits that they show as JSON."""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path
from typing import Any

from annual_report.exhibits.model import MIME


def show(path: str) -> list[Any]:
    """Run one notebook in this process."""
    shown: list[Any] = []

    def keep(value: object) -> None:
        if bundle := getattr(value, "_repr_mimebundle_", None):
            shown.append(bundle()[MIME])

    space: dict[str, Any] = {"display": keep}
    for cell in json.loads(Path(path).read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        body = ast.parse("".join(cell["source"])).body
        last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
        exec(compile(ast.Module(body, []), path, "exec"), space)
        if isinstance(last, ast.Expr):
            keep(eval(compile(ast.Expression(last.value), path, "eval"), space))
    return shown


if __name__ == "__main__":
    sys.stdout.write(json.dumps({path: show(path) for path in sys.argv[1:]}))
