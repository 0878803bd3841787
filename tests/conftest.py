"""What all tests share."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from tests.made_season import framework, make_season, private_season, season, silent_season  # noqa: F401

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
    if not (shutil.which("java") and Path(os.environ.get("VNU_JAR", "")).is_file()):
        skip = pytest.mark.skip(reason="java or the file that VNU_JAR names is missing")
        for item in items:
            if item.get_closest_marker("checker"):
                item.add_marker(skip)


BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OFFICES = ("soffice", "libreoffice")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Give the system's Chromium."""
    from playwright.sync_api import sync_playwright  # most tests look at no page

    path = next(filter(None, map(shutil.which, BROWSERS)))
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu"]
        opened = playwright.chromium.launch(executable_path=path, args=arguments)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def root() -> Path:
    """Give the folder of this checkout."""
    return Path(__file__).resolve().parent.parent
