"""
The query of a webhook's URL as n8n reads it: `a[b]=1&c=2&c=3` has an object and a list.

https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.webhook/
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

MAX_PAIRS = 1000
DEPTH = 5
"""How many brackets make objects; what follows them stays text."""

MAX_INDEX = 20
"""The largest index that makes a list; a larger one is a key."""

_HOLE: Any = object()


def parse(query: str) -> dict[str, Any]:
    """The query as data. Keys that come again make lists; `__proto__` is left out."""
    pairs: dict[str, Any] = {}
    for part in query.split("&")[:MAX_PAIRS]:
        if part:
            key, value = _pair(part)
            pairs[key] = _both(pairs[key], value) if key in pairs else value
    parsed: dict[str, Any] = {}
    for key, value in pairs.items():
        if key:
            _merge(parsed, _nested(key, value))
    compact: dict[str, Any] = _compact(parsed)
    return compact


def _pair(part: str) -> tuple[str, Any]:
    behind = part.find("]=")
    at = part.find("=") if behind < 0 else behind + 1
    if at < 0:
        return _decoded(part), ""
    return _decoded(part[:at]), _decoded(part[at + 1 :])


def _decoded(text: str) -> str:
    text = text.replace("+", " ")
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        return text


def _nested(key: str, value: Any) -> Any:
    """The value in the objects and lists that its key's brackets tell of."""
    for step in reversed(_steps(key)):
        value = _wrapped(step, value)
    return {str(i): each for i, each in enumerate(value)} if isinstance(value, list) else value


def _steps(key: str) -> list[str]:
    opening = key.find("[")
    if opening < 0:
        return [key]
    steps = [key[:opening]] if opening else []
    for _ in range(DEPTH):
        closing = _closing(key, opening)
        if closing < 0:
            break
        steps.append(key[opening : closing + 1])
        opening = key.find("[", closing)
        if opening < 0:
            return steps
    return [*steps, f"[{key[opening:]}]"]


def _closing(key: str, opening: int) -> int:
    """Where the bracket is closed; -1 where it is not."""
    level = 0
    for at in range(opening, len(key)):
        level += {"[": 1, "]": -1}.get(key[at], 0)
        if not level:
            return at
    return -1


def _wrapped(step: str, value: Any) -> Any:
    if step == "[]":
        return list(value) if isinstance(value, list) else [value]
    name = step[1:-1] if step.startswith("[") and step.endswith("]") else step
    if step != name and name.isascii() and name.isdigit() and str(int(name)) == name:
        index = int(name)
        if index <= MAX_INDEX:
            return [*[_HOLE] * index, value]
    return {} if name == "__proto__" else {name: value}


def _both(one: Any, other: Any) -> list[Any]:
    return [
        *(one if isinstance(one, list) else [one]),
        *(other if isinstance(other, list) else [other]),
    ]


def _merge(target: dict[str, Any], source: dict[str, Any]) -> None:
    for key, value in source.items():
        target[key] = _merged(target[key], value) if key in target else value


def _merged(target: Any, source: Any) -> Any:
    if not isinstance(target, dict | list):
        return _both(target, source)
    if not isinstance(source, dict | list):
        return [*(target if isinstance(target, list) else [target]), source]
    if isinstance(target, list) and isinstance(source, list):
        return _merged_lists(target, source)
    objects = [
        {str(i): each for i, each in enumerate(part) if each is not _HOLE}
        if isinstance(part, list)
        else dict(part)
        for part in (target, source)
    ]
    _merge(*objects)
    return objects[0]


def _merged_lists(target: list[Any], source: list[Any]) -> list[Any]:
    merged = list(target)
    for index, each in enumerate(source):
        if each is _HOLE:
            continue
        if index >= len(merged) or merged[index] is _HOLE:
            merged += [_HOLE] * (index + 1 - len(merged))
            merged[index] = each
        elif isinstance(merged[index], dict | list) and isinstance(each, dict | list):
            merged[index] = _merged(merged[index], each)
        else:
            merged.append(each)
    return merged


def _compact(value: Any) -> Any:
    if isinstance(value, list):
        return [_compact(each) for each in value if each is not _HOLE]
    if isinstance(value, dict):
        return {key: _compact(each) for key, each in value.items()}
    return value
