"""YAML files that people write, read into models: errors name the file, the line and the key."""

from __future__ import annotations

import contextlib
import hashlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from annual_report.errors import AnnualReportError
from annual_report.files import write_whole

LONG = 20_000
"""A file of more characters, such as a register of hundreds, takes longer to parse than its use."""


class Model(BaseModel):
    """A part of a settings file: unknown keys are errors, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Misplaced(ValueError):
    """What a model's own validator found between its keys, each fault told where its key stands.

    Parameters
    ----------
    faults
        A path of keys below the model, such as ``("clusters", 7, "id")``, and what is wrong there.
    """

    def __init__(self, *faults: tuple[Keys, str]) -> None:
        super().__init__("; ".join(message for _, message in faults))
        self.faults = faults


M = TypeVar("M", bound=BaseModel)
Keys = tuple[str | int, ...]

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _NoDoubleKeys(_Loader):  # type: ignore[misc,valid-type]
    """YAML keeps the last of two equal keys without a word; an author means neither."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:
        seen: set[object] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} stands here twice", key_node.start_mark
                )
            seen.add(key)
        mapping: dict[object, object] = super().construct_mapping(node, deep)
        return mapping


def read_settings(
    path: Path, model: type[M], *, error: type[AnnualReportError], kept: Path | None = None
) -> M:
    """Read one YAML file into a model.

    Parameters
    ----------
    kept
        Folder in which what a long file gave is kept, by its text and the source of the model.

    Raises
    ------
    AnnualReportError
        Of the type ``error``: the file is missing, is not YAML, or breaks the model. The message
        names the file, the line and the key of each fault.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise error("the file is missing", where=str(path)) from None
    except UnicodeDecodeError as fault:
        raise error("not UTF-8 text", where=str(path), found=str(fault)) from None
    if kept is None or len(text) <= LONG:
        return _parse(text, path, model, error=error)
    place = kept / f"{_identify(text, model)}.json"
    with contextlib.suppress(OSError, ValidationError):
        return model.model_validate_json(place.read_bytes())
    parsed = _parse(text, path, model, error=error)
    with contextlib.suppress(OSError):
        write_whole(place, parsed.model_dump_json().encode())
    return parsed


def _identify(text: str, model: type[BaseModel]) -> str:
    source = sys.modules[model.__module__].__file__
    code = Path(source).read_bytes() if source else b""
    return hashlib.sha256(code + text.encode()).hexdigest()


def _parse(text: str, path: Path, model: type[M], *, error: type[AnnualReportError]) -> M:
    try:
        data = yaml.load(text, Loader=_NoDoubleKeys)  # noqa: S506  a subclass of the safe loader
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise error(
            "not YAML", where=f"{path}{line}", found=str(getattr(fault, "problem", fault))
        ) from None
    try:
        return model.model_validate(data)
    except ValidationError as faults:
        raise make_error(path, text, list(_list_faults(faults)), error=error) from None


def make_error(
    path: Path,
    text: str,
    faults: Sequence[tuple[Keys, str]],
    *,
    error: type[AnnualReportError],
) -> AnnualReportError:
    """Make one error of the faults of a file, each with its line and its key."""
    return error(
        f"{len(faults)} fault(s) in the settings",
        where=str(path),
        found="; ".join(_describe(keys, message, text) for keys, message in faults[:10]),
        do="mend these keys",
    )


def _list_faults(found: ValidationError) -> Iterator[tuple[Keys, str]]:
    for fault in found.errors():
        cause = fault.get("ctx", {}).get("error")
        if isinstance(cause, Misplaced):
            yield from (((*fault["loc"], *keys), message) for keys, message in cause.faults)
        else:
            yield fault["loc"], fault["msg"]


def _describe(keys: Keys, message: str, text: str) -> str:
    place = ".".join(map(str, keys)) or "the file"
    return f"line {find_line(text, keys)}, {place}: {message}"


def find_line(text: str, keys: Sequence[str | int]) -> int:
    """Find the line, from 1, on which a key path stands; the nearest parent if it is absent."""
    node = yaml.compose(text, Loader=_Loader)
    line = 1
    for key in keys:
        child = _step(node, key)
        if child is None:
            break
        line, node = child
    return line


def find_part(text: str, name: str, key: str | None = None) -> Iterator[int]:
    """Find the lines, from 1, of the mappings whose code or name this is, or of a key of theirs."""
    waiting = [yaml.compose(text, Loader=_Loader)]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, yaml.SequenceNode):
            waiting += node.value
        if isinstance(node, yaml.MappingNode):
            waiting += [value for _, value in node.value]
            lines = {k.value: k.start_mark.line + 1 for k, v in node.value if v.value == name}
            place = lines.get("code", lines.get("name"))
            if place is not None:
                found = None if key is None else _step(node, key)
                yield found[0] if found else place


def _step(node: yaml.Node | None, key: str | int) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key_node, value_node in node.value:
            if key_node.value == str(key):
                return key_node.start_mark.line + 1, value_node
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        child = node.value[key]
        return child.start_mark.line + 1, child
    return None
