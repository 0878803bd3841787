"""The questionnaire's files: each read against its own model, then put together."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from pydantic import Field, RootModel

from annual_report.errors import FrameworkError
from annual_report.framework.model import (
    Breakdown,
    Check,
    Choice,
    Fault,
    Framework,
    Headline,
    Indicator,
    Pillar,
    Renamed,
    Section,
    find_faults,
)
from annual_report.project import Project
from annual_report.settings import Model, find_part, read_settings


class _Cover(Model):
    """``framework.yaml``: what the questionnaire is, and its sheets in order."""

    version: str
    title: str
    contact: str
    pillars: tuple[Pillar, ...] = Field(min_length=1)
    sections: tuple[str, ...] = Field(min_length=1)


class _Entry(Model):
    label: str
    also: tuple[str, ...] = Field(min_length=1)


class _Choices(RootModel[dict[str, dict[str, str | _Entry]]]):
    """``choices.yaml``: the drop-down lists, each a mapping of code to label.

    Where an entry has other spellings, it is a mapping of ``label`` and ``also``.
    """


class _Indicators(Model):
    indicators: tuple[Indicator, ...]


class _Headlines(Model):
    headlines: tuple[Headline, ...]


class _Breakdowns(Model):
    breakdowns: tuple[Breakdown, ...]


class _Checks(Model):
    checks: tuple[Check, ...]


class _Renamed(Model):
    renamed: tuple[Renamed, ...]


def read_framework(project: Project) -> Framework:
    """Read the questionnaire from ``data/framework``.

    Raises
    ------
    FrameworkError
        If a file is missing, is not YAML, has an unknown key or a wrong value, or if two files do
        not agree. The message names the file, and the line or code, of each fault.
    """
    files = sorted(project.framework.glob("*.yaml"))
    digest = sha256()
    for path in files:
        digest.update(f"{path.name}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return _read_files(project.framework, digest.hexdigest())


@lru_cache(maxsize=4)
def _read_files(folder: Path, digest: str) -> Framework:
    # `digest` is here for the cache alone: the same bytes give the same framework
    del digest
    cover = read_settings(folder / "framework.yaml", _Cover, error=FrameworkError)
    lists = read_settings(folder / "choices.yaml", _Choices, error=FrameworkError).root
    framework = Framework.model_construct(  # so that all faults are told, each with its file
        version=cover.version,
        title=cover.title,
        contact=cover.contact,
        pillars=cover.pillars,
        choices={
            name: tuple(_make_choice(code, entry) for code, entry in entries.items())
            for name, entries in lists.items()
        },
        sections=tuple(
            read_settings(folder / f"{name}.yaml", Section, error=FrameworkError)
            for name in cover.sections
        ),
        indicators=read_settings(
            folder / "indicators.yaml", _Indicators, error=FrameworkError
        ).indicators,
        headlines=read_settings(
            folder / "headlines.yaml", _Headlines, error=FrameworkError
        ).headlines,
        breakdowns=read_settings(
            folder / "breakdowns.yaml", _Breakdowns, error=FrameworkError
        ).breakdowns,
        checks=read_settings(folder / "checks.yaml", _Checks, error=FrameworkError).checks,
        renamed=read_settings(folder / "renamed.yaml", _Renamed, error=FrameworkError).renamed,
    )
    _refuse_faults(folder, list(find_faults(framework)))
    return framework


def _make_choice(code: str, entry: str | _Entry) -> Choice:
    if isinstance(entry, str):
        return Choice(code=code, label=entry)
    return Choice(code=code, label=entry.label, also=entry.also)


def _refuse_faults(folder: Path, faults: Sequence[Fault]) -> None:
    if not faults:
        return
    texts = {path: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yaml"))}
    raise FrameworkError(
        f"{len(faults)} fault(s) between the parts of the questionnaire",
        where=str(folder),
        found="; ".join(f"{_locate(texts, fault)}: {fault.message}" for fault in faults[:10]),
        do="mend these, in the files named",
    )


def _locate(texts: dict[Path, str], fault: Fault) -> str:
    """Name the places where the parts at fault are defined, as ``file:line, line``."""
    places = []
    for path, text in texts.items():
        lines = [str(line) for code in fault.codes for line in find_part(text, code, fault.key)]
        if lines:
            places.append(f"{path.name}:{', '.join(lines)}")
    return " and ".join(places) or "one of its files"
