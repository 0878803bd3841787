"""The cells of a notebook as a message names them."""

from __future__ import annotations

INJECTED = "injected-parameters"
"""Tag of the cell in which papermill puts the parameters of a run."""
TRY_AGAIN = "open this notebook in JupyterLab with the same parameters and run it"


def describe_place(name: str, cluster: str | None, number: int) -> str:
    """Name notebook, cluster and cell; cells are counted from 1 as JupyterLab shows them."""
    return f"{name}, cluster {cluster}, cell {number}" if cluster else f"{name}, cell {number}"
