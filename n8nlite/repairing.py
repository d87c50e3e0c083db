"""The structure of a workflow file, brought to what n8n writes; every change is noted."""

from __future__ import annotations

import math
import re
import uuid
from collections.abc import Callable
from typing import Any

from n8nlite import jsontext, node_types, wiring
from n8nlite.errors import UnreadableJson, UnreadableWorkflow
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
_NUMERIC = re.compile(r"\s*v?(-?\d{1,15}(?:\.\d{1,15})?)\s*")
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
    workflow = {**outer, **{key: value for key, value in raw.items() if value is not None}}
    for key, kind in _WORKFLOW.items():
        _convert(workflow, key, kind, place, log)
    nodes = _nodes(raw["nodes"], at(place, "nodes"), log)
    connections = _opened(raw.get("connections"), at(place, "connections"), log)
    workflow["nodes"] = nodes
    workflow["connections"] = wiring.repair(connections, nodes, at(place, "connections"), log)
    if "pinData" in workflow:
        workflow["pinData"] = _pinned(workflow["pinData"], at(place, "pinData"), log)
    return workflow


# Nodes


def _nodes(raw: Any, place: str, log: Repairs) -> list[Raw]:
    raw = _opened(raw, place, log)
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
    node = {key: value for key, value in raw.items() if value is not None}
    for key, kind in _NODE.items():
        _convert(node, key, kind, place, log)
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
                _convert(node, key, _NODE[key], place, log)


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
    if isinstance(raw, list) and len(raw) == 2 and all(_is_number(each) for each in raw):
        return
    values = [raw.get("x"), raw.get("y")] if isinstance(raw, dict) else raw
    numbers = [_number(each) for each in values[:2]] if isinstance(values, list) else []
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


# Values


def _convert(values: Raw, key: str, kind: _Kind, place: str, log: Repairs) -> None:
    """Bring one value to the type that n8n writes, or leave it out."""
    if key not in values:
        return
    check, convert, expected = kind
    value = values[key]
    if check(value):
        return
    spot = at(place, key)
    opened = _opened(value, spot, log) if convert is _object else value
    converted = convert(opened)
    if converted is None:
        del values[key]
        message = f"{shown(value)} was left out"
    else:
        values[key] = converted
        if opened is not value:
            return
        message = f"{shown(value)} became {shown(converted)}"
    log.note("wrong-type", spot, message, expected=expected, got=shown(value))


def _opened(value: Any, place: str, log: Repairs) -> Any:
    """What a string holds where a list or an object is wanted, as rows of n8n's database do."""
    if not isinstance(value, str) or value.lstrip()[:1] not in ("{", "["):
        return value
    try:
        opened = jsontext.loads(value, log.file)
    except UnreadableJson:
        return value
    if jsontext.deeper_than(opened):
        return value
    log.note("json-in-text", place, "JSON inside a string was taken", expected="no string")
    return opened


def _is_number(value: Any) -> bool:
    return type(value) is int or (type(value) is float and math.isfinite(value))


def _number(value: Any) -> float | None:
    if isinstance(value, str) and (found := _NUMERIC.fullmatch(value)):
        value = float(found[1])
    if not _is_number(value) or abs(value) >= 1e300:
        return None
    return int(value) if value == int(value) else float(value)


def _version(value: Any) -> float | None:
    number = _number(value)
    return number if number is not None and number > 0 else None


def _whole(value: Any) -> int | None:
    number = _number(value)
    return None if number is None or abs(number) > 1e15 else int(number)


def _flag(value: Any) -> bool | None:
    if isinstance(value, str):
        return {"true": True, "false": False, "1": True, "0": False}.get(value.strip().lower())
    return bool(value) if value in (0, 1) else None


def _text(value: Any) -> str | None:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _object(value: Any) -> Raw | None:
    return value if isinstance(value, dict) else {} if value == [] else None


_Kind = tuple[Callable[[Any], bool], Callable[[Any], Any], str]

_TEXT: _Kind = (lambda value: isinstance(value, str), _text, "text")
_FLAG: _Kind = (lambda value: isinstance(value, bool), _flag, "true or false")
_NUMBER: _Kind = (lambda value: _is_number(value) and abs(value) < 1e300, _number, "a number")
_WHOLE: _Kind = (lambda value: type(value) is int and abs(value) < 2**53, _whole, "a whole number")
_VERSION: _Kind = (lambda value: _is_number(value) and 0 < value < 1e6, _version, "a version")
_OBJECT: _Kind = (lambda value: isinstance(value, dict), _object, "an object")

_WORKFLOW = {
    "id": _TEXT,
    "name": _TEXT,
    "active": _FLAG,
    "settings": _OBJECT,
    "pinData": _OBJECT,
    "staticData": _OBJECT,
}
_NODE = {
    "id": _TEXT,
    "name": _TEXT,
    "type": _TEXT,
    "typeVersion": _VERSION,
    "parameters": _OBJECT,
    "credentials": _OBJECT,
    "webhookId": _TEXT,
    "disabled": _FLAG,
    "onError": _TEXT,
    "alwaysOutputData": _FLAG,
    "executeOnce": _FLAG,
    "retryOnFail": _FLAG,
    "maxTries": _WHOLE,
    "waitBetweenTries": _NUMBER,
}
