"""The catalogue of nodes, read off their classes: for `n8nlite nodes` and nodes/README.md."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from pydantic_core import PydanticUndefined

from n8nlite import registry
from n8nlite.errors import UnknownNode
from n8nlite.node import ByVersion, Node


def data(wanted: str | None = None) -> list[dict[str, Any]]:
    """Every node type, or the wanted one, with versions, operations and parameters. UnknownNode."""
    return [_type_data(name) for name in _types(wanted)]


def text(wanted: str | None = None) -> str:
    """The same to read: a line for each type, or all there is to say of the wanted one."""
    found = data(wanted)
    if wanted is not None:
        return "\n\n".join(_page(each) for each in found)
    width = max(len(each["type"]) for each in found)
    return "\n".join(
        f"{each['type']:<{width}}  {_span(each['versions']):<10}  {each['description']}"
        for each in found
    )


def markdown() -> str:
    """The table of nodes/README.md."""
    rows = [
        f"| `{each['type']}` | {_span(each['versions'])} | {_operations(each)} | "
        f"[{each['file']}](n8nlite_nodes/{each['file']}) |"
        for each in data()
    ]
    head = "| type | versions | operations | file |\n| --- | --- | --- | --- |"
    return "\n".join([head, *rows])


def _types(wanted: str | None) -> list[str]:
    every = sorted(registry.all_types())
    if wanted is None:
        return every
    found = [name for name in every if wanted in {name, name.rpartition(".")[2]}]
    if not found:
        short = {name.rpartition(".")[2]: name for name in every}
        near = difflib.get_close_matches(wanted, [*every, *short], n=1, cutoff=0.5)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise UnknownNode(f"unknown node type {wanted!r}{hint}")
    return found


def _type_data(name: str) -> dict[str, Any]:
    known = registry.classes(name)
    doc = inspect.getdoc(registry.module(name))
    return {
        "type": name,
        "description": (doc or "").splitlines()[0] if doc else "",
        "versions": sorted({version for cls in known for version in cls.about.versions}),
        "file": registry.module_name(name).replace(".", "/") + ".py",
        "credentials": sorted({each.type for cls in known for each in cls.about.credentials}),
        "operations": [_operation(cls) for cls in known],
    }


def _operation(cls: type[Node]) -> dict[str, Any]:
    return {
        "class": cls.__name__,
        "description": (inspect.getdoc(cls) or "").splitlines()[0],
        "versions": list(cls.about.versions),
        "when": {key: value for key, value in cls.about.when.items()},
        "outputs": list(cls.about.outputs),
        "parameters": {
            field.alias or name: _default(field.default, field.default_factory)
            for name, field in cls.model_fields.items()
            if name != "version"
        },
    }


def _default(default: Any, factory: Any) -> Any:
    if default is PydanticUndefined:
        default = factory() if factory else "(required)"
    if isinstance(default, ByVersion):
        return {f"from v{version:g}": value for version, value in sorted(default.items())}
    return default.model_dump(by_alias=True) if hasattr(default, "model_dump") else default


def _page(each: dict[str, Any]) -> str:
    lines = [f"{each['type']}  {_span(each['versions'])}  {each['description']}"]
    lines.append(f"file: {each['file']}")
    if each["credentials"]:
        lines.append(f"credentials: {', '.join(each['credentials'])}")
    for operation in each["operations"]:
        when = ", ".join(f"{key}={value}" for key, value in operation["when"].items())
        lines += ["", f"{operation['class']}  v{_span(operation['versions'])}  {when}".rstrip()]
        lines.append(f"  {operation['description']}")
        lines += [f"  {name} = {value!r}" for name, value in operation["parameters"].items()]
    return "\n".join(lines)


def _operations(each: dict[str, Any]) -> str:
    values = (
        "/".join(str(value) for value in operation["when"].values() if isinstance(value, str))
        for operation in each["operations"]
    )
    return ", ".join(dict.fromkeys(value for value in values if value))


def _span(versions: Iterable[float]) -> str:
    """`1, 2-2.3` for 1, 2, 2.1, 2.2, 2.3."""
    groups: list[list[float]] = []
    ordered = sorted(versions)
    for before, version in pairwise([float("-inf"), *ordered]):
        if groups and int(before) == int(version):
            groups[-1].append(version)
        else:
            groups.append([version])
    return ", ".join(
        f"{group[0]:g}" if len(group) == 1 else f"{group[0]:g}-{group[-1]:g}" for group in groups
    )
