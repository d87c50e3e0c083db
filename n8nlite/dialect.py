"""
Parameters that are not spelled as n8n spells them: which version they are of, and what the node's
own class makes of them (`Node.repair`).

Node modules are imported here and when they run, never on reading a file.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from n8nlite import registry
from n8nlite.errors import UnknownNode
from n8nlite.node import Node
from n8nlite.repairs import Repair, at
from n8nlite.workflow import NodeSpec

Parameters = dict[str, Any]


def repair_parameters(spec: NodeSpec, place: str = "") -> tuple[NodeSpec, list[Repair]]:
    """
    The node with parameters as n8n writes them, and with a version where the file has none; `spec`
    itself is not changed. A node whose type is unknown stays as it is.
    """
    try:
        known = registry.classes(spec.type)
    except UnknownNode:
        return spec, []
    repairs = []
    if "type_version" in spec.model_fields_set:
        version = spec.type_version
    else:
        version = _newest_that_fits(known, spec.parameters)
        message = f"there is none; {version:g} was chosen by the parameters"
        repairs.append(Repair("missing-version", at(place, "typeVersion"), message))
    parameters, messages = _repaired(known, spec.parameters, version)
    spot = at(place, "parameters")
    repairs += [Repair("dialect", spot, message) for message in messages]
    if not repairs:
        return spec, []
    changed = {"type_version": version, "parameters": parameters}
    return spec.model_copy(update=changed), repairs


def _newest_that_fits(known: tuple[type[Node], ...], parameters: Parameters) -> float:
    """The newest version that, dialect repaired, leaves the fewest parameters unknown."""
    versions = sorted({each for cls in known for each in cls.about.versions}, reverse=True)

    def unknown(version: float) -> int:
        repaired, _ = _repaired(known, parameters, version)
        return len(repaired.keys() - _names(known, version))

    return min(versions, key=unknown, default=1)


def _repaired(
    known: tuple[type[Node], ...], parameters: Parameters, version: float
) -> tuple[Parameters, list[str]]:
    """A copy of the parameters after each repair that the version's classes bring, once each."""
    repairers = {
        cls.repair.__func__: cls  # type: ignore[attr-defined]
        for cls in known
        if version in cls.about.versions or version > max(cls.about.versions)
    }
    repairers.pop(Node.repair.__func__, None)  # type: ignore[attr-defined]
    if not repairers:
        return parameters, []
    repaired = copy.deepcopy(parameters)
    messages = [text for cls in repairers.values() for text in cls.repair(repaired, version)]
    return repaired, messages


def _names(known: tuple[type[Node], ...], version: float) -> set[str]:
    """The parameters that the classes of a version know."""
    names: set[str] = set()
    for cls in known:
        if version in cls.about.versions:
            names.update(field.alias or name for name, field in cls.model_fields.items())
            names.update(cls.about.when)
    return names


def outputs(spec: NodeSpec, parameters: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The names of the node's outputs, without the error output; None where its type is unknown."""
    try:
        cls = registry.lookup(spec.type, spec.type_version, parameters)
        return cls.output_names(parameters, spec.type_version)
    except Exception:
        return None
