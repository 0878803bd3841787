"""What the warm parent imports, and what nobody should: imports that cost a run more than they give."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

LIBRARIES = (
    # in pieces: who waits for a child waits for one of them
    "scipy.linalg",
    "scipy.special",
    "scipy.optimize",
    "scipy.stats",
    "seaborn",
    "seaborn.objects",
    # what these import when they are used
    "matplotlib.backends.backend_svg",
    "pandas.core.methods.to_dict",
    "pyarrow.pandas_compat",
    "babel.dates",
)
KERNEL = (
    "matplotlib.pyplot",
    "annual_report.running.kernels.kernel_process",
    "IPython.core.completerlib",
    "IPython.core.logger",
    "IPython.core.magics.execution",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "IPython.utils.module_paths",
    "encodings.unicode_escape",
    "ipykernel.debugger",
    "ipykernel.kernelapp",
    "psutil",
    "matplotlib_inline.backend_inline",
    "tornado.platform.asyncio",
    "annual_report.running.kernels.rehearsal:rehearse_kernel",
    "annual_report.season.*",
    "annual_report.exhibits.*",
)
EARLY = ("pandas", "pyarrow.parquet", "annual_report.survey.*")
"""First, so that returns are read while the rest is imported."""
ABLE = "--"
"""Who has imported what stands before this can be a notebook's kernel; what it lacks it imports."""
WARM_MODULES = (
    *EARLY,
    *KERNEL,
    ABLE,
    *LIBRARIES,
    "annual_report.running.kernels.rehearsal:rehearse",
)
# Only to save time: where one cannot be imported, whoever needs it will say so
OUR_PACKAGES = tuple(
    f"annual_report.{name}" for name in ("survey", "measures", "season", "exhibits", "publishing")
)
NEEDLESS = (
    # jsonschema, which nbformat imports, builds a grammar of international web addresses with it:
    # one to two seconds, for a check that notebooks have no use for and that it does without
    "rfc3987_syntax",
    # a kernel's debugger: half a second, and nobody debugs a run
    "debugpy",
    # papermill's way to notebooks in an object store; ours are files
    "boto3",
)


@contextlib.contextmanager
def skip_needless() -> Iterator[None]:
    """Import what is imported here without parts that nobody needs."""
    skipped = [name for name in NEEDLESS if name not in sys.modules]
    for name in skipped:
        sys.modules[name] = None  # type: ignore[assignment]  # "not installed"
    try:
        yield
    finally:
        for name in skipped:
            sys.modules.pop(name, None)
