"""
Parameters that are not spelled as n8n spells them: which version they are of, and what the node's
own class makes of them (`Node.repair`).

Node modules are imported here and when they run, never on reading a file.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from functools import cache
from typing import Any

from n8nlite import moment_tokens, registry
from n8nlite.errors import UnknownNode
from n8nlite.node import Node
from n8nlite.repairs import Repair, at
from n8nlite.workflow import NodeSpec

Parameters = dict[str, Any]

_NONSENSE = (AttributeError, IndexError, KeyError, TypeError, ValueError)
"""What a class may raise over parameters of wrong types; it is told when the node runs."""


def repair_parameters(spec: NodeSpec, place: str = "") -> tuple[NodeSpec, list[Repair]]:
    """
    The node with parameters as n8n writes them, and with a version where the file has none; `spec`
    itself is not changed. A node without a version was not written by n8n, so its dates are
    respelled as well.
    """
    spot = at(place, "parameters")
    if "type_version" in spec.model_fields_set:
        parameters, messages = _repaired(spec, spec.type_version)
        version, repairs = spec.type_version, [Repair("dialect", spot, each) for each in messages]
    else:
        version = _newest_that_fits(spec)
        message = f"there is none; {version:g} was chosen by the parameters"
        parameters, messages = _repaired(spec, version)
        parameters = copy.deepcopy(parameters)
        dates = moment_tokens.repair(parameters, spot)
        repairs = [
            Repair("missing-version", at(place, "typeVersion"), message),
            *(Repair("dialect", spot, each) for each in messages),
            *(Repair("dialect", where, each) for where, each in dates),
        ]
    if not repairs:
        return spec, []
    changed = {"type_version": version, "parameters": parameters}
    return spec.model_copy(update=changed), repairs


@cache
def _classes(type_name: str) -> tuple[type[Node], ...]:
    """The classes of a type; none where it is unknown: that is an error only once it runs."""
    try:
        return registry.classes(type_name)
    except UnknownNode:
        return ()


def _newest_that_fits(spec: NodeSpec) -> float:
    """The newest version that, dialect repaired, leaves the fewest parameters unknown."""
    known = _classes(spec.type)
    versions = sorted({each for cls in known for each in cls.about.versions}, reverse=True)

    def unknown(version: float) -> int:
        return len(_repaired(spec, version)[0].keys() - _names(spec.type, version))

    return min(versions, key=unknown, default=1)


def _repaired(spec: NodeSpec, version: float) -> tuple[Parameters, list[str]]:
    """A copy of the parameters after each repair that the version's classes bring, once each."""
    foreign = "type_version" not in spec.model_fields_set
    repairers = [
        cls for cls in _repairers(spec.type, version) if foreign or not cls.repairs_foreign_only
    ]
    if not repairers:
        return spec.parameters, []
    repaired = copy.deepcopy(spec.parameters)
    try:
        messages = [text for cls in repairers for text in cls.repair(repaired, version)]
    except _NONSENSE:
        return spec.parameters, []
    return repaired, messages


@cache
def _repairers(type_name: str, version: float) -> tuple[type[Node], ...]:
    """The classes of a version that bring a repair, one for each repair."""
    known = _classes(type_name)
    wanted = min(version, max((each for cls in known for each in cls.about.versions), default=1))
    found = {
        cls.repair.__func__: cls  # type: ignore[attr-defined]
        for cls in known
        if wanted in cls.about.versions
    }
    found.pop(Node.repair.__func__, None)  # type: ignore[attr-defined]
    return tuple(found.values())


@cache
def _names(type_name: str, version: float) -> frozenset[str]:
    """The parameters that the classes of a version know."""
    classes = [cls for cls in _classes(type_name) if version in cls.about.versions]
    fields = {field.alias or name for cls in classes for name, field in cls.model_fields.items()}
    return frozenset(fields | {key for cls in classes for key in cls.about.when})


def outputs(spec: NodeSpec, parameters: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The names of the node's outputs, without the error output; None where its type is unknown."""
    if not _classes(spec.type):
        return None
    try:
        cls = registry.lookup(spec.type, spec.type_version, parameters)
        return cls.output_names(parameters, spec.type_version)
    except (UnknownNode, *_NONSENSE):
        return None
