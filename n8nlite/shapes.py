"""
Where in a JSON document the workflow stands: n8n, its API, its site and its database each wrap it
in another way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

WRAPPERS = ("workflowData", "workflow", "workflows", "data", "template", "json", "export")
"""Keys that a workflow stands under, best first: an execution has `workflowData` and `data`."""

_DEPTH = 6


@dataclass(frozen=True, slots=True)
class Found:
    """A workflow in a document: the keys that lead to it, and the names that its wrappers give."""

    path: tuple[str | int, ...]
    raw: dict[str, Any]
    outer: dict[str, Any]


def find(document: Any) -> list[Found]:
    """The workflows of a document, in its order."""
    return list(_find(document, (), {}))


def _find(value: Any, path: tuple[str | int, ...], outer: dict[str, Any]) -> Iterator[Found]:
    if isinstance(value, dict) and "nodes" in value:
        yield Found(path, value, outer)
    elif len(path) > _DEPTH:
        return
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _find(each, (*path, index), {})
    elif isinstance(value, dict):
        named = {key: str(value[key]) for key in ("id", "name") if key in value}
        for key in WRAPPERS:
            found = list(_find(value.get(key), (*path, key), outer | named))
            if found:
                yield from found
                return
