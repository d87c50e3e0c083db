"""Set: what the fixtures do not show."""

from __future__ import annotations

from typing import Any

import pytest

from n8nlite.errors import NodeError
from n8nlite.node import Item
from n8nlite.testing import run_node
from n8nlite_nodes.set import Assign

FILE = {"file": {"data": "aGVsbG8=", "mimeType": "text/plain"}}


def set_(parameters: dict[str, Any], *items: Any, version: float = 3.4, **more: Any) -> list[Any]:
    given = items or ({},)
    lanes = run_node("n8n-nodes-base.set", parameters, given, version=version, **more)
    return [item.json for item in lanes[0]]


def assignments(*fields: tuple[str, Any, Any]) -> dict[str, Any]:
    listed = [{"name": name, "value": value, "type": type} for name, value, type in fields]
    return {"assignments": {"assignments": listed}}


@pytest.mark.parametrize(
    ("version", "parameters", "kept"),
    [
        (1, {}, True),
        (2, {"keepOnlySet": True}, False),
        (3, {}, False),
        (3.3, {"options": {"includeBinary": True}}, True),
        (3.3, {"includeOtherFields": True}, False),
        (3.4, {"options": {"includeBinary": True}}, False),
        (3.4, {"includeOtherFields": True}, True),
        (3.4, {"includeOtherFields": True, "options": {"stripBinary": True}}, False),
    ],
)
def test_files_of_the_item(version: float, parameters: dict[str, Any], kept: bool) -> None:
    items = [Item({"a": 1}, FILE)]
    [[item]] = run_node("n8n-nodes-base.set", parameters, items, version=version)
    assert item.binary == (FILE if kept else None)


def test_input_is_left_alone() -> None:
    """What is set in a nested object or list is set in a copy."""
    given = Item({"a": {"b": [1, {"c": 2}]}})
    parameters = {**assignments(("a.b[1].c", 3, "number")), "includeOtherFields": True}
    assert set_(parameters, given) == [{"a": {"b": [1, {"c": 3}]}}]
    assert given.json == {"a": {"b": [1, {"c": 2}]}}


def test_duplicates_share_nothing_at_the_top() -> None:
    parameters = {**assignments(("n", 1, "number")), "duplicateItem": True, "duplicateCount": 1}
    [[first, second]] = run_node("n8n-nodes-base.set", parameters, [{}], version=3.4)
    assert first.json == second.json == {"n": 1}
    assert first.json is not second.json


def test_dates_without_a_zone_are_the_workflows() -> None:
    parameters = assignments(("d", "2024-07-01", "dateTime"))
    assert set_(parameters, timezone="Europe/Berlin") == [{"d": "2024-07-01T00:00:00.000+02:00"}]


def test_a_missing_type_is_an_error() -> None:
    with pytest.raises(NodeError, match=r"undefined \(reading 'toLowerCase'\)"):
        set_(assignments(("a", "x", None)))


@pytest.mark.parametrize("path", ["__proto__", "constructor", "a.prototype.b", "__proto__.x"])
def test_keys_of_all_objects_are_not_set(path: str) -> None:
    [json] = set_(assignments((path, "x", "string")))
    assert "x" not in str(json)


def test_repair_of_types() -> None:
    """A literal has a type; an expression may give any."""
    parameters: dict[str, Any] = assignments(
        ("text", "x", None), ("number", 1, None), ("flag", True, None), ("any", "={{ 1 }}", None)
    )
    assert Assign.repair(parameters, 3.4) == ["type added to assignments: text, number, flag, any"]
    types = [each["type"] for each in parameters["assignments"]["assignments"]]
    assert types == ["string", "number", "boolean", "any"]
    assert set_(parameters) == [{"text": "x", "number": 1, "flag": True, "any": 1}]
    assert Assign.repair(parameters, 3.4) == []


def test_repair_of_older_fields() -> None:
    parameters: dict[str, Any] = {
        "values": {"string": [{"name": "s", "value": "x"}]},
        "fields": {"values": [{"name": "n", "type": "numberValue", "numberValue": "5"}]},
    }
    assert len(Assign.repair(parameters, 3.4)) == 1
    assert set_(parameters) == [{"s": "x", "n": 5}]


@pytest.mark.parametrize(
    "parameters",
    [
        {"assignments": None},
        {"assignments": "x"},
        {"assignments": [1]},
        {"assignments": {"assignments": "x"}},
        {"assignments": {"assignments": [1, None]}},
        {"values": {"string": "x"}, "fields": 3},
    ],
)
def test_repair_takes_anything(parameters: dict[str, Any]) -> None:
    Assign.repair(parameters, 3.4)
