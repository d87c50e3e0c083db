"""Small workflows for tests, written as briefly as they can be thought."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import n8nlite


def node(name: str, type: str, parameters: Any = None, **more: Any) -> dict[str, Any]:
    """A node of `n8n-nodes-base` in the newest version that tests need."""
    versions = {"set": 3.4, "if": 2.2, "filter": 2.2, "code": 2, "merge": 3.2, "httpRequest": 4.2}
    return {
        "id": name,
        "name": name,
        "type": type if "." in type else f"n8n-nodes-base.{type}",
        "typeVersion": versions.get(type, 1),
        "position": [0, 0],
        "parameters": parameters or {},
        **more,
    }


def trigger(name: str = "Start") -> dict[str, Any]:
    """A manual trigger."""
    return node(name, "manualTrigger")


def assign(name: str, **values: Any) -> dict[str, Any]:
    """A Set node that keeps the other fields."""
    fields = [
        {"id": key, "name": key, "type": "string", "value": value} for key, value in values.items()
    ]
    return node(
        name,
        "set",
        {"assignments": {"assignments": fields}, "includeOtherFields": True, "options": {}},
    )


def chain(*nodes: dict[str, Any], order: str = "v1", **more: Any) -> n8nlite.Workflow:
    """A workflow of nodes one after another."""
    names = [each["name"] for each in nodes]
    links = {before: [[after]] for before, after in pairwise(names)}
    return workflow(*nodes, links=links, order=order, **more)


def workflow(
    *nodes: dict[str, Any], links: dict[str, list[list[str]]], order: str = "v1", **more: Any
) -> n8nlite.Workflow:
    """A workflow; `links` name the targets of every output, `Name:1` meaning input 1."""
    for index, each in enumerate(nodes):
        if each["position"] == [0, 0]:
            each["position"] = [200 * index, 0]
    connections = {
        source: {"main": [[_wire(target) for target in output] for output in outputs]}
        for source, outputs in links.items()
    }
    return n8nlite.load(
        {
            "name": "test",
            "nodes": list(nodes),
            "connections": connections,
            "settings": {"executionOrder": order},
            **more,
        }
    )


def _wire(target: str) -> dict[str, Any]:
    name, _, index = target.partition(":")
    return {"node": name, "type": "main", "index": int(index or 0)}
