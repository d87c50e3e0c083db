"""
Reading workflow files: liberal in what they may look like, exact in what it says of them.

Accepted are all shapes that n8n, its API and its site write, and files that hands, scripts and
language models got nearly right; `Workflow.repairs` says what was done. `strict` accepts only what
n8n writes. Whatever else comes ends in one UnreadableWorkflow with file, place, expected and got.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import IO, Any

import orjson
from pydantic import ValidationError

from n8nlite import jsontext, repairing, shapes
from n8nlite.errors import UnreadableJson, UnreadableWorkflow
from n8nlite.plan import Plan
from n8nlite.repairs import Repair, Repairs, at, shown
from n8nlite.source import Source
from n8nlite.workflow import Workflow

Readable = str | Path | bytes | Mapping[str, Any] | Sequence[Any] | IO[str] | IO[bytes]
"""A path, JSON text, bytes of it, its value, or an open file."""

MAX_SIZE = 32 * 2**20
"""Bytes that a file may have, unless N8NLITE_MAX_FILE_MB says otherwise; n8n itself takes 16 MB."""

_LONGEST_NAME = 200


def read(source: Readable, *, strict: bool = False, name: str = "") -> Workflow:
    """
    The workflow of a file, a JSON text or its value; the first where there are several.

    `name` stands for the file in messages. Raises UnreadableWorkflow.
    """
    data, name = _bytes(source, name)
    repairs, found = _found(data, name, strict)
    if len(found) > 1:
        message = f"the first of {len(found)} workflows was taken"
        log = Repairs(name, strict=strict)
        log.note("several-workflows", "", message, expected="one workflow", got=str(len(found)))
        repairs = [*repairs, *log.made]
    return _workflow(found[0], data, name, strict, repairs)


def load(source: Readable, *, strict: bool = False, name: str = "") -> Workflow:
    """
    The workflow of a file, a JSON text or its value, read and planned.

    Raises UnreadableWorkflow; with `strict` for parameters in a dialect, too.
    """
    workflow = read(source, strict=strict, name=name)
    Plan.of(workflow, strict=strict)
    return workflow


def load_all(source: Readable, *, strict: bool = False, name: str = "") -> list[Workflow]:
    """All workflows of a file, read and planned. Raises UnreadableWorkflow."""
    workflows = read_all(source, strict=strict, name=name)
    for workflow in workflows:
        Plan.of(workflow, strict=strict)
    return workflows


def read_all(source: Readable, *, strict: bool = False, name: str = "") -> list[Workflow]:
    """All workflows of a file, in its order. Raises UnreadableWorkflow."""
    data, name = _bytes(source, name)
    repairs, found = _found(data, name, strict)
    if len(found) == 1:
        return [_workflow(found[0], data, name, strict, repairs)]
    workflows = [_workflow(each, data, name, strict, repairs) for each in found]
    for workflow, each in zip(workflows, found, strict=True):
        own = jsontext.dumps(each.raw, indent=True)
        workflow._source = Source(own, (), partial(read, own, name=name))
    return workflows


def _found(data: bytes, name: str, strict: bool) -> tuple[list[Repair], list[shapes.Found]]:
    document, repairs = _document(data, name, strict)
    found = shapes.find(document)
    if not found:
        got = shown(document) if document not in ([], {}) else f"an empty {_kind(document)}"
        raise UnreadableWorkflow(name, "", "an n8n workflow (an object with `nodes`)", got)
    return repairs, found


def _workflow(
    found: shapes.Found, data: bytes, name: str, strict: bool, repairs: list[Repair]
) -> Workflow:
    log = Repairs(name, strict=strict)
    place = ""
    for key in found.path:
        place = at(place, key)
    values = repairing.repair(found.raw, found.outer, place, log)
    try:
        workflow = Workflow.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        for key in first["loc"]:
            place = at(place, key)
        raise UnreadableWorkflow(name, place, first["msg"], shown(first["input"])) from None
    workflow._repairs = (*repairs, *log.made)
    workflow._source = Source(data, found.path, partial(read, data, name=name))
    return workflow


def _document(data: bytes, name: str, strict: bool) -> tuple[Any, list[Repair]]:
    try:
        document, repairs = _parsed(data, name, strict)
    except UnreadableJson as error:
        raise UnreadableWorkflow(name, error.place, error.expected, error.got) from None
    _check_depth(document, name)
    return document, repairs


def _check_depth(document: Any, name: str) -> None:
    if jsontext.deeper_than(document):
        from n8nlite import jsonrepair

        limit = f"at most {jsonrepair.MAX_DEPTH} levels of nesting"
        raise UnreadableWorkflow(name, "", limit, "more")


def _parsed(data: bytes, name: str, strict: bool) -> tuple[Any, list[Repair]]:
    try:
        return orjson.loads(data), []
    except orjson.JSONDecodeError:
        encoding = jsontext.encoding_of(data)
    from n8nlite import jsonrepair

    log = Repairs(name, strict=strict)
    if encoding != "utf-8":
        mark = "a byte order mark was left out"
        message = mark if encoding == "utf-8-sig" else f"the text was in {encoding.upper()}"
        log.note("encoding", "", message, expected="UTF-8 without a byte order mark")
    text = jsontext.decode(data, name)
    if strict:
        jsonrepair.parse(text, name, strict=True)
    parsed = jsonrepair.parse(text, name)
    for repair in parsed.repairs:
        log.note(repair.code, repair.place, repair.message, expected="whole characters")
    return parsed.value, log.made


def _bytes(source: Readable, name: str) -> tuple[bytes, str]:
    """The bytes of a source, and the name it has in messages."""
    if isinstance(source, str) and not _is_text(source):
        source = Path(source)
    if isinstance(source, Path):
        name = _label(name or str(source))
        return _file(source, name), name
    name = _label(name or "<workflow>")
    if isinstance(source, str):
        data = source.encode("utf-8", "surrogatepass")
    elif isinstance(source, bytes | bytearray | memoryview):
        data = bytes(source)
    elif hasattr(source, "read"):
        name = _label(str(getattr(source, "name", name)))
        read = source.read(_limit() + 1)
        data = read.encode("utf-8", "surrogatepass") if isinstance(read, str) else read
    else:
        data = _written(source, name)
    return _checked(data, name), name


def _is_text(source: str) -> bool:
    """Whether a string is a text, not a path: it looks like JSON (or HTML) or has several lines."""
    start = source.lstrip("\ufeff \t\r\n")[:1]
    return start in ("{", "[", "<", "") or "\n" in source


def _file(path: Path, name: str) -> bytes:
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            return _checked(file.read(_limit() + 1) if size <= _limit() else b"", name, size)
    except FileNotFoundError:
        got = "no such file"
    except IsADirectoryError:
        got = "a directory"
    except (OSError, ValueError) as error:
        got = (getattr(error, "strerror", None) or str(error)).lower()
    raise UnreadableWorkflow(name, "", "a workflow file", got)


def _label(name: str) -> str:
    """The name of a file, fit for one line."""
    line = "".join(each if each.isprintable() else "\ufffd" for each in name)
    return line if len(line) <= _LONGEST_NAME else f"…{line[1 - _LONGEST_NAME :]}"


def _written(value: Any, name: str) -> bytes:
    _check_depth(value, name)
    try:
        return jsontext.dumps(value, indent=True)
    except (TypeError, RecursionError) as error:
        raise UnreadableWorkflow(name, "", "JSON data", str(error)) from None


def _checked(data: bytes, name: str, size: int = 0) -> bytes:
    size = max(size, len(data))
    if size > _limit():
        limit = f"at most {_limit() // 2**20} MB (N8NLITE_MAX_FILE_MB)"
        raise UnreadableWorkflow(name, "", limit, f"{size / 2**20:.0f} MB or more")
    return data


def _limit() -> int:
    megabytes = os.environ.get("N8NLITE_MAX_FILE_MB", "")
    return int(megabytes) * 2**20 if megabytes.isdecimal() else MAX_SIZE


def _kind(value: Any) -> str:
    return "list" if isinstance(value, list) else "object"
