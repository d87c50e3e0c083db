"""
From n8n's type name to our classes. A node's file is found by its name, so nothing else is loaded.

Packages of nodes announce themselves in the entry-point group `n8nlite.nodes`; ours does too.
"""

from __future__ import annotations

import importlib
import keyword
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import entry_points
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from n8nlite.errors import UnknownNode
from n8nlite.node import Node

ALIASES = {"n8n-nodes-base.start": "n8n-nodes-base.manualTrigger"}
"""Types that n8n itself no longer has, and the ones that do the same."""


def module_name(type_name: str) -> str:
    """`n8n-nodes-base.googleSheets` -> `google_sheets`; a langchain node -> `langchain.agent`."""
    package, _, name = type_name.rpartition(".")
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
    if keyword.iskeyword(snake):
        snake += "_"
    return f"langchain.{snake}" if package.endswith("langchain") else snake


@cache
def packages() -> tuple[str, ...]:
    """The installed packages of nodes."""
    return tuple(sorted({entry.value for entry in entry_points(group="n8nlite.nodes")}))


@cache
def classes(type_name: str) -> tuple[type[Node], ...]:
    """
    All classes of a type: one per operation and range of versions.

    Raises UnknownNode when no package has it.
    """
    wanted = ALIASES.get(type_name, type_name)
    for path in _paths(wanted):
        found = tuple(_defined_in(path, wanted))
        if found:
            return found
    raise UnknownNode(_unknown(type_name))


def module(type_name: str) -> ModuleType:
    """The module that is named after the type. Raises UnknownNode when there is none."""
    for path in _paths(type_name):
        return importlib.import_module(path)
    raise UnknownNode(_unknown(type_name))


def knows(type_name: str) -> bool:
    """Whether there is a class for the type."""
    try:
        return bool(classes(type_name))
    except UnknownNode:
        return False


def lookup(type_name: str, version: float, parameters: Mapping[str, Any]) -> type[Node]:
    """
    The class for a node's type, version and operation; `parameters` must be free of expressions
    in the fields that select it.

    Raises UnknownNode with what there is instead.
    """
    known = classes(type_name)
    left = _of_version(known, version)
    if not left:
        versions = sorted({each for cls in known for each in cls.about.versions})
        have = ", ".join(f"{each:g}" for each in versions)
        raise UnknownNode(f"{type_name} v{version:g} is not supported; supported: {have}")
    for key in dict.fromkeys(key for cls in left for key in cls.about.when):
        value = _value(key, parameters, left)
        fitting = [cls for cls in left if _fits(cls, key, value)]
        if not fitting:
            what = f"{type_name} v{version:g} with {key} {value!r}"
            raise UnknownNode(f"{what} is not supported; supported: {_choices(key, left)}")
        left = fitting
    return left[0]


def selectors(type_name: str) -> frozenset[str]:
    """The parameters that select a class of the type. Raises UnknownNode."""
    return frozenset(key for cls in classes(type_name) for key in cls.about.when)


def all_types() -> Iterator[str]:
    """Every node type there is, by name. Loads all of them: for the catalogue only."""
    import pkgutil

    for package in packages():
        root = importlib.import_module(package)
        for module in pkgutil.walk_packages(root.__path__, f"{package}."):
            if not module.ispkg and "._" not in module.name:
                yield from sorted({cls.about.type for cls in _members(module.name)})


def _paths(type_name: str) -> Iterator[str]:
    paths = (f"{package}.{module_name(type_name)}" for package in packages())
    return (path for path in paths if _exists(path))


def _exists(path: str) -> bool:
    try:
        return find_spec(path) is not None
    except ModuleNotFoundError:
        return False


def _members(path: str) -> Iterator[type[Node]]:
    for member in vars(importlib.import_module(path)).values():
        if isinstance(member, type) and issubclass(member, Node) and "about" in vars(member):
            yield member


def _defined_in(path: str, type_name: str) -> Iterator[type[Node]]:
    return (cls for cls in _members(path) if cls.about.type == type_name)


def _of_version(known: tuple[type[Node], ...], version: float) -> list[type[Node]]:
    exact = [cls for cls in known if version in cls.about.versions]
    if exact:
        return exact
    newest = max(known, key=lambda cls: max(cls.about.versions)).about.versions
    return [cls for cls in known if cls.about.versions == newest] if version > max(newest) else []


def _value(key: str, parameters: Mapping[str, Any], left: list[type[Node]]) -> Any:
    if key in parameters:
        return parameters[key]
    for cls in left:
        if key in cls.about.default:
            wanted = cls.about.when[key]
            return wanted[0] if isinstance(wanted, tuple) else wanted
    return None


def _fits(cls: type[Node], key: str, value: Any) -> bool:
    if key not in cls.about.when:
        return True
    wanted = cls.about.when[key]
    return bool(value in wanted if isinstance(wanted, tuple) else value == wanted)


def _choices(key: str, left: list[type[Node]]) -> str:
    values: dict[Any, None] = {}
    for cls in left:
        wanted = cls.about.when.get(key)
        values.update(dict.fromkeys(wanted if isinstance(wanted, tuple) else (wanted,)))
    return ", ".join(str(value) for value in values if value is not None)


def _unknown(type_name: str) -> str:
    near = _nearest(type_name)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return f"unknown node type {type_name!r}{hint} (`n8nlite nodes` lists those there are)"


def _nearest(type_name: str) -> list[str]:
    """The type with the most alike name, whatever package the wanted one says it is of."""
    import difflib

    short = {name.rpartition(".")[2].lower(): name for name in _names()}
    wanted = type_name.rpartition(".")[2].lower()
    return [short[near] for near in difflib.get_close_matches(wanted, short, n=1, cutoff=0.75)]


def _names() -> Iterator[str]:
    """Type names guessed from file names alone, so that a typing error loads no SDK."""
    import pkgutil

    for package in packages():
        root = importlib.import_module(package)
        for module in pkgutil.walk_packages(root.__path__, f"{package}."):
            name = module.name.removeprefix(f"{package}.")
            prefix = "n8n-nodes-base."
            if name.startswith("langchain."):
                prefix, name = "@n8n/n8n-nodes-langchain.", name.removeprefix("langchain.")
            first, *rest = name.rstrip("_").split("_")
            yield prefix + first + "".join(word.title() for word in rest)
