"""
Dotted paths into JSON data, by lodash's rules: `a.b[0]["c.d"]`; a key spelt like the path wins.

https://docs.n8n.io/data/data-structure/
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from n8nlite.errors import NodeError

Path = str | int | Sequence[str | int]

PROTECTED = frozenset(("__proto__", "constructor", "prototype"))
"""Keys that no path may set: writing stops there, as lodash does."""

MAX_INDEX = 1_000_000
"""The longest list that setting a path may make."""

_MISSING: Any = object()
_TOKEN = re.compile(
    r"""[^.\[\]]+|\[(?:(-?\d+(?:\.\d+)?)|(["'])((?:(?!\2)[^\\]|\\.)*?)\2)\]|(?=(?:\.|\[\])(?:\.|\[\]|$))"""
)
_INDEX = re.compile(r"(?:0|[1-9]\d*)\Z")


@lru_cache(maxsize=4096)
def parse(path: str) -> tuple[str, ...]:
    """The keys of a path: `a.b[0]` -> `("a", "b", "0")`."""
    keys = [""] if not path or path.startswith(".") else []
    for token in _TOKEN.finditer(path):
        number, quote, quoted = token.groups()
        if quote:
            keys.append(re.sub(r"\\(.)", r"\1", quoted))
        else:
            keys.append(number if number is not None else token.group())
    return tuple(keys)


def get_path(data: Any, path: Path, default: Any = None) -> Any:
    """The value at the path, or the default where there is none."""
    if isinstance(data, dict) and isinstance(path, str) and path in data:
        return data[path]
    found = data
    for key in _keys(data, path):
        found = _member(found, key)
        if found is _MISSING:
            return default
    return found


def has_path(data: Any, path: Path) -> bool:
    """Whether there is a value at the path, be it None."""
    return get_path(data, path, _MISSING) is not _MISSING


def set_path(data: dict[str, Any], path: Path, value: Any) -> None:
    """
    Put a value at the path, making the objects and lists on the way.

    Containers on the way are copied first, so `data` may be a shallow copy of an item's json.
    """
    keys = _keys(data, path)
    container: Any = data
    for key, following in pairwise(keys):
        if key in PROTECTED:
            return
        inner = _member(container, key)
        if isinstance(inner, (dict, list)):
            inner = inner.copy()
        else:
            inner = [] if _INDEX.match(following) else {}
        _assign(container, key, inner)
        container = inner
    if keys[-1] not in PROTECTED:
        _assign(container, keys[-1], value)


def unset_path(data: dict[str, Any], path: Path) -> bool:
    """
    Take away the value at the path; whether there was one.

    Containers on the way are copied first, so `data` may be a shallow copy of an item's json.
    """
    if not has_path(data, path):
        return False
    *way, last = _keys(data, path)
    container: Any = data
    for key in way:
        inner = _member(container, key)
        if not isinstance(inner, (dict, list)):
            return False
        inner = inner.copy()
        _assign(container, key, inner)
        container = inner
    if isinstance(container, dict):
        del container[last]
    elif _INDEX.match(last):
        container[int(last)] = None
    return True


def read(data: dict[str, Any], path: str, *, dots: bool = True, default: Any = None) -> Any:
    """The value at a path, or with `dots=False` of the key spelt like that."""
    return get_path(data, path, default) if dots else data.get(path, default)


def names(text: Any) -> list[str]:
    """The field names of a comma-separated parameter (a list is taken as it is)."""
    parts = text if isinstance(text, list) else str(text or "").split(",")
    return [name for part in parts if (name := str(part).strip())]


def _keys(data: Any, path: Path) -> tuple[str, ...]:
    if isinstance(path, str):
        return (path,) if isinstance(data, dict) and path in data else parse(path)
    return (str(path),) if isinstance(path, int) else tuple(str(key) for key in path)


def _member(container: Any, key: str) -> Any:
    if isinstance(container, dict):
        return container.get(key, _MISSING)
    if isinstance(container, (list, str)):
        if _INDEX.match(key):
            index = int(key)
            return container[index] if index < len(container) else _MISSING
        if key == "length":
            return len(container)
    return _MISSING


def _assign(container: Any, key: str, value: Any) -> None:
    if isinstance(container, dict):
        container[key] = value
    elif _INDEX.match(key):
        index = int(key)
        if index > MAX_INDEX:
            raise NodeError(f"The index {index} is too large for a list")
        container.extend([None] * (index + 1 - len(container)))
        container[index] = value
