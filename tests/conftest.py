"""What all tests share."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# One profile for every machine: the same examples each time, none failed for being slow.
settings.register_profile(
    "house",
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("house")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, with a word, what needs a program that is not here."""
    for marker, programs in (("browser", BROWSERS), ("office", OFFICES)):
        if not any(map(shutil.which, programs)):
            skip = pytest.mark.skip(reason=f"none of {', '.join(programs)} is installed")
            for item in items:
                if item.get_closest_marker(marker):
                    item.add_marker(skip)


BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OFFICES = ("soffice", "libreoffice")


@pytest.fixture(scope="session")
def root() -> Path:
    """Give the folder of this checkout."""
    return Path(__file__).resolve().parent.parent
