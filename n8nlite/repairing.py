"""The structure of a workflow file, brought to what n8n writes; every change is noted."""

from __future__ import annotations

import re
import uuid
from typing import Any

from n8nlite import coercion, node_types, wiring
from n8nlite.errors import UnreadableWorkflow
from n8nlite.repairs import Repairs, at, shown

Raw = dict[str, Any]

_STEP = 220
_ON_ERROR = {
    "stop": "stopWorkflow",
    "stopworkflow": "stopWorkflow",
    "continue": "continueRegularOutput",
    "continueonfail": "continueRegularOutput",
    "continueregularoutput": "continueRegularOutput",
    "continueerror": "continueErrorOutput",
    "continueerroroutput": "continueErrorOutput",
}
_MISPLACED = (
    "onError",
    "continueOnFail",
    "retryOnFail",
    "maxTries",
    "waitBetweenTries",
    "alwaysOutputData",
)


def repair(raw: Raw, outer: Raw, place: str, log: Repairs) -> Raw:
    """
    The workflow as n8n writes it, its unknown keys included; `raw` is not changed.

    Raises UnreadableWorkflow when it has nothing that could be a node.
    """
    workflow = outer | raw | {key: outer[key] for key in outer if raw.get(key) is None}
    for key, kind in _WORKFLOW.items():
        coercion.convert(workflow, key, kind, place, log)
    nodes = _nodes(raw["nodes"], at(place, "nodes"), log)
    connections = coercion.opened(raw.get("connections"), at(place, "connections"), log)
    workflow["nodes"] = nodes
    workflow["connections"] = wiring.repair(connections, nodes, at(place, "connections"), log)
    if workflow.get("pinData"):
        workflow["pinData"] = _pinned(workflow["pinData"], at(place, "pinData"), log)
    return workflow


# Nodes


def _nodes(raw: Any, place: str, log: Repairs) -> list[Raw]:
    raw = coercion.opened(raw, place, log)
    if isinstance(raw, dict) and raw and all(isinstance(each, dict) for each in raw.values()):
        log.note("wrong-type", place, "an object became a list", expected="a list", got=shown(raw))
        raw = [{"name": key, **each} for key, each in raw.items()]
    if not isinstance(raw, list):
        raise UnreadableWorkflow(log.file, place, "a list of nodes", shown(raw))
    nodes: list[Raw] = []
    places: list[str] = []
    for index, each in enumerate(raw):
        spot = at(place, index)
        if isinstance(each, dict):
            nodes.append(_node(each, spot, log))
            places.append(spot)
        else:
            message = f"{shown(each)} was left out"
            log.note("not-a-node", spot, message, expected="a node (an object)", got=shown(each))
    if raw and not nodes:
        raise UnreadableWorkflow(log.file, at(place, 0), "a node (an object)", shown(raw[0]))
    _name(nodes, places, log)
    for index, (node, spot) in enumerate(zip(nodes, places, strict=True)):
        _place(node, index, spot, log)
        _identify(node, index, spot, log)
    return nodes


def _node(raw: Raw, place: str, log: Repairs) -> Raw:
    node = dict(raw)
    for key, kind in _NODE.items():
        coercion.convert(node, key, kind, place, log)
    if not node.get("type"):
        message = "there is none; the node cannot run"
        log.note("missing-type", at(place, "type"), message, expected="a node type", got="nothing")
        node["type"] = ""
    if "parameters" not in node:
        message = "there are none; they became {}"
        log.note("missing-parameters", at(place, "parameters"), message, expected="an object")
        node["parameters"] = {}
    if log.strict and "typeVersion" not in node:
        log.note("missing-version", at(place, "typeVersion"), "there is none", expected="a version")
    _lift(node, place, log)
    _on_error(node, place, log)
    return node


def _lift(node: Raw, place: str, log: Repairs) -> None:
    """Settings of the node out of its parameters, where language models like to put them."""
    for key in _MISPLACED:
        if key in node["parameters"]:
            node["parameters"] = dict(node["parameters"])
            value = node["parameters"].pop(key)
            if value is not None:
                node.setdefault(key, value)
            spot = at(at(place, "parameters"), key)
            message = "belongs to the node, not to its parameters; it was moved there"
            log.note("misplaced-setting", spot, message, expected="parameters alone")
            if key in _NODE:
                coercion.convert(node, key, _NODE[key], place, log)


def _on_error(node: Raw, place: str, log: Repairs) -> None:
    old = node.pop("continueOnFail", None)
    if old is not None and old is not False:
        node.setdefault("onError", "continueRegularOutput")
        message = f"is now called onError; it became {node['onError']}"
        log.note("old-name", at(place, "continueOnFail"), message, expected="onError")
    value = node.get("onError")
    if value is None or value in _ON_ERROR.values():
        return
    known = _ON_ERROR.get(re.sub(r"[\s_-]", "", value).casefold(), "stopWorkflow")
    node["onError"] = known
    message = f"{shown(value)} became {known}"
    log.note("unknown-value", at(place, "onError"), message, expected="stopWorkflow or continue…")


def _name(nodes: list[Raw], places: list[str], log: Repairs) -> None:
    names = _Names({node["name"] for node in nodes if node.get("name")})
    last = {node["name"]: index for index, node in enumerate(nodes) if node.get("name")}
    for index, (node, place) in enumerate(zip(nodes, places, strict=True)):
        spot, name = at(place, "name"), node.get("name")
        if not name:
            node["name"] = names.free(node_types.title(node["type"]))
            message = f"there is none; it became {shown(node['name'])}"
            log.note("missing-name", spot, message, expected="a name", got="nothing")
        elif last[name] != index:
            node["name"] = names.free(name)
            message = f"{shown(name)} stands for a later node; it became {shown(node['name'])}"
            log.note("duplicate-name", spot, message, expected="a name of its own")


class _Names:
    """Gives names that no node has, as n8n does: `Set`, `Set1`, `Set2`."""

    def __init__(self, taken: set[str]) -> None:
        self.taken = taken
        self.numbers: dict[str, int] = {}

    def free(self, name: str) -> str:
        free, number = name, self.numbers.get(name, 0)
        while free in self.taken:
            number += 1
            free = f"{name}{number}"
        self.numbers[name] = number
        self.taken.add(free)
        return free


def _place(node: Raw, index: int, place: str, log: Repairs) -> None:
    raw = node.get("position")
    if isinstance(raw, list) and len(raw) == 2 and all(coercion.is_number(each) for each in raw):
        return
    values = [raw.get("x"), raw.get("y")] if isinstance(raw, dict) else raw
    numbers = [coercion.number(each) for each in values[:2]] if isinstance(values, list) else []
    found = [each for each in numbers if each is not None]
    node["position"] = found if len(found) == 2 else [index * _STEP, 0]
    message = "became [{:g}, {:g}]".format(*node["position"])
    got = "nothing" if raw is None else shown(raw)
    log.note("missing-position", at(place, "position"), message, expected="[x, y]", got=got)


def _identify(node: Raw, index: int, place: str, log: Repairs) -> None:
    if not node.get("id"):
        node["id"] = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{index} {node['name']!a}"))
        message = "there is none; one was made"
        log.note("missing-id", at(place, "id"), message, expected="an id", got="nothing")


# Pinned data


def _pinned(raw: Raw, place: str, log: Repairs) -> dict[str, list[Raw]]:
    pinned: dict[str, list[Raw]] = {}
    for name, items in raw.items():
        spot = at(place, name)
        if isinstance(items, dict):
            message = "a single item was put into a list"
            log.note("wrong-type", spot, message, expected="a list of items", got=shown(items))
            items = [items]
        if isinstance(items, list):
            pinned[name] = _items(items, spot, log)
        elif items is not None:
            message = f"{shown(items)} was left out"
            log.note("wrong-type", spot, message, expected="a list of items", got=shown(items))
    return pinned


def _items(raw: list[Any], place: str, log: Repairs) -> list[Raw]:
    objects = [each for each in raw if isinstance(each, dict)]
    if len(objects) < len(raw):
        message = f"{len(raw) - len(objects)} entries that are no items were left out"
        log.note("wrong-type", place, message, expected="items", got=shown(raw))
    wrapped = [each if isinstance(each.get("json"), dict) else {"json": each} for each in objects]
    if bare := sum(1 for old, new in zip(objects, wrapped, strict=True) if old is not new):
        message = f"{bare} of {len(objects)} items were put under json"
        log.note("bare-pin-item", place, message, expected="items {json: …}")
    return wrapped


_WORKFLOW = {
    "id": coercion.TEXT,
    "name": coercion.TEXT,
    "active": coercion.FLAG,
    "settings": coercion.OBJECT,
    "pinData": coercion.OBJECT,
    "staticData": coercion.OBJECT,
}
_NODE = {
    "id": coercion.TEXT,
    "name": coercion.TEXT,
    "type": coercion.TEXT,
    "typeVersion": coercion.VERSION,
    "parameters": coercion.OBJECT,
    "credentials": coercion.OBJECT,
    "webhookId": coercion.TEXT,
    "disabled": coercion.FLAG,
    "onError": coercion.TEXT,
    "alwaysOutputData": coercion.FLAG,
    "executeOnce": coercion.FLAG,
    "retryOnFail": coercion.FLAG,
    "maxTries": coercion.WHOLE,
    "waitBetweenTries": coercion.NUMBER,
}
