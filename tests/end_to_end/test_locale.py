"""An edition in another locale prints every number of its own in that locale."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from annual_report.framework import read_framework
from annual_report.project import Project
from annual_report.tables import ANSWERS, read_table

# What English and German write differently; both at once, so that no order can spoil the other
NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+")
SWAPPED = str.maketrans(",.", ".,")
NOT_PRINTED = {"id", "svg", "narrow"}


def show(project: Path) -> dict[str, Any]:
    notebooks = [
        *sorted((project / "notebooks" / "report").glob("*.ipynb")),
        *sorted((project / "notebooks" / "cluster").glob("*.ipynb")),
    ]
    script = Path(__file__).with_name("show.py")
    command = [sys.executable, script, *(n.relative_to(project) for n in notebooks)]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=True)
    shown: dict[str, Any] = json.loads(done.stdout)
    return shown


def pair_texts(one: Any, other: Any) -> Iterator[tuple[str, str]]:
    """Pair the texts of exhibits that differ in nothing but their words; those of drawings too."""
    if isinstance(one, dict):
        is_number = one.get("kind") == "number"
        for key in one.keys() - NOT_PRINTED - ({"source"} if is_number else set()):
            yield from pair_texts(one[key], other.get(key))
        for key in {"svg", "narrow"} & one.keys():
            found = (re.findall(r">([^<>]+)</text>", e[key]) for e in (one, other))
            yield from zip(*found, strict=True)
    elif isinstance(one, list):
        for left, right in zip(one, other, strict=True):
            yield from pair_texts(left, right)
    elif isinstance(one, str):
        yield one, other


def is_quoted(printed: str, text: str) -> bool:
    """Whether a print is somebody's text, or a part of it, or holds the whole of it."""
    return printed.rstrip(".…") in text or (len(text) > 20 and text.strip() in printed)


def test_every_number_that_is_ours_is_in_the_locale_of_the_edition(
    example: Project, tmp_path: Path
) -> None:
    shutil.copytree(example.root, tmp_path, dirs_exist_ok=True)
    settings = tmp_path / "data" / "editions" / "example.yaml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(f"locale: de\n{text}", encoding="utf-8")
    framework = read_framework(example)
    answers = read_table(
        sorted((example.processed("example") / "answers").glob("*.parquet")), ANSWERS
    )
    corrections = yaml.safe_load(example.corrections("example").read_text("utf-8"))["corrections"]
    theirs = {
        *answers["text"].dropna(), *answers["reported"].dropna(),
        *(str(c["reason"]) for c in corrections), *(str(c["expected"]) for c in corrections),
        *(i.source for i in framework.indicators), *(i.definition for i in framework.indicators),
    }  # fmt: skip
    compared = 0
    for one, other in pair_texts(show(example.root), show(tmp_path)):
        plain = one.replace(f"version {framework.version}", "").removeprefix(framework.version)
        if not NUMBER.search(plain) or any(is_quoted(one, text) for text in theirs):
            continue
        assert other == NUMBER.sub(lambda found: found[0].translate(SWAPPED), one)
        compared += 1
    assert compared > 300
