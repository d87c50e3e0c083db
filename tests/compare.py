"""Lays an outcome of ours beside one of real n8n, both in the oracle's shape."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

ERROR_FIELDS = ("name", "message", "description", "httpCode", "node")
BINARY_FIELDS = ("mimeType", "fileName", "fileExtension", "fileType", "fileSize", "bytes", "sha256")
LONGEST = 120


def differences(expected: Mapping[str, Any], ours: Mapping[str, Any]) -> list[str]:
    """What differs, a line each: `place: expected …, got …`. Empty when the two agree."""
    return list(_outcome(expected, ours))


def json_differences(expected: Any, ours: Any, place: str = "") -> Iterator[str]:
    """What differs between two JSON values: 1 == 1.0, but null is not the same as missing."""
    if isinstance(expected, Mapping) and isinstance(ours, Mapping):
        for key in expected:
            if key in ours:
                yield from json_differences(expected[key], ours[key], f"{place}.{key}")
            else:
                yield f"{place}.{key}: expected {_short(expected[key])}, is missing"
        for key in ours:
            if key not in expected:
                yield f"{place}.{key}: expected nothing, got {_short(ours[key])}"
    elif isinstance(expected, list) and isinstance(ours, list | tuple):
        yield from _difference(f"{place}.length", len(expected), len(ours))
        for index, (wanted, got) in enumerate(zip(expected, ours, strict=False)):
            yield from json_differences(wanted, got, f"{place}[{index}]")
    else:
        yield from _difference(place, expected, ours)


def pairing(paired: Any) -> list[tuple[int, int, Any]] | None:
    """Item, input and source of each: `3`, `{item: 3}` and `[{item: 3}]` are the same."""
    if paired is None:
        return None
    each = paired if isinstance(paired, list | tuple) else [paired]
    return [
        (one, 0, None)
        if isinstance(one, int)
        else (one["item"], one.get("input") or 0, _source(one.get("sourceOverwrite")))
        for one in each
    ]


def _outcome(expected: Mapping[str, Any], ours: Mapping[str, Any]) -> Iterator[str]:
    yield from _difference("status", expected["status"], ours.get("status"))
    yield from _error("error", expected.get("error"), ours.get("error"))
    for key in ("lastNodeExecuted", "nodeExecutionOrder"):
        yield from _difference(key, expected.get(key), ours.get(key))
    for key in ("webhookResponse", "staticData", "stillWaitingForInput"):
        if expected.get(key) is not None:
            yield from json_differences(expected[key], ours.get(key), key)
    wanted, got = expected["runData"], ours.get("runData", {})
    for node in wanted:
        yield from _difference(f"{node}: runs", len(wanted[node]), len(got.get(node, ())))
        for index, (one, other) in enumerate(zip(wanted[node], got.get(node, ()), strict=False)):
            yield from _run(f"{node}[{index}]", one, other)
    for node in got:
        if node not in wanted:
            yield f"{node}: expected not to run, ran"


def _run(place: str, expected: Mapping[str, Any], ours: Mapping[str, Any]) -> Iterator[str]:
    for key in ("status", "executionIndex"):
        yield from _difference(f"{place}.{key}", expected.get(key), ours.get(key))
    yield from _error(f"{place}.error", expected.get("error"), ours.get("error"))
    yield from _difference(f"{place}.source", _sources(expected), _sources(ours))
    wanted, got = _outputs(expected), _outputs(ours)
    yield from _difference(f"{place}.outputs", len(wanted), len(got))
    for output, (one, other) in enumerate(zip(wanted, got, strict=False)):
        where = f"{place}.outputs[{output}]"
        yield from _difference(f"{where}.items", len(one), len(other))
        for index, (item, our_item) in enumerate(zip(one, other, strict=False)):
            yield from _item(f"{where}[{index}]", item, our_item)


def _outputs(run: Mapping[str, Any]) -> list[list[Any]]:
    """The outputs, without empty ones at the end: n8n has none, null and [] for the same thing."""
    outputs = [each or [] for each in run.get("outputs") or []]
    while outputs and not outputs[-1]:
        outputs.pop()
    return outputs


def _sources(run: Mapping[str, Any]) -> list[tuple[str, int, int] | None]:
    return [_source(source) for source in run.get("source") or []]


def _source(source: Mapping[str, Any] | None) -> tuple[str, int, int] | None:
    if not source:
        return None
    output, run = source.get("previousNodeOutput"), source.get("previousNodeRun")
    return source["previousNode"], output or 0, run or 0


def _item(place: str, expected: Mapping[str, Any], ours: Mapping[str, Any]) -> Iterator[str]:
    yield from json_differences(expected["json"], ours.get("json"), f"{place}.json")
    wanted, got = pairing(expected.get("pairedItem")), pairing(ours.get("pairedItem"))
    yield from _difference(f"{place}.pairedItem", wanted, got)
    yield from _error(f"{place}.error", expected.get("error"), ours.get("error"))
    yield from json_differences(_binary(expected), _binary(ours), f"{place}.binary")


def _binary(item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: {key: entry[key] for key in BINARY_FIELDS if entry.get(key) is not None}
        for name, entry in (item.get("binary") or {}).items()
    }


def _error(place: str, expected: Any, ours: Any) -> Iterator[str]:
    if isinstance(expected, Mapping) and isinstance(ours, Mapping):
        for key in ERROR_FIELDS:
            yield from _difference(f"{place}.{key}", expected.get(key), ours.get(key))
    else:
        yield from _difference(place, expected, ours)


def _difference(place: str, expected: Any, ours: Any) -> Iterator[str]:
    if not _same(expected, ours):
        yield f"{place}: expected {_short(expected)}, got {_short(ours)}"


def _same(expected: Any, ours: Any) -> bool:
    if isinstance(ours, float) and not math.isfinite(ours):
        ours = None  # as JSON.stringify has it
    if isinstance(expected, bool) != isinstance(ours, bool):
        return False
    return bool(expected == ours)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
