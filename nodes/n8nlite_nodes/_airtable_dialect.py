"""Airtable parameters as language models write them, and n8n's own for them."""

from __future__ import annotations

import re
from typing import Any

RENAMED = {
    "application": "base",
    "baseId": "base",
    "tableId": "table",
    "tableName": "table",
    "recordId": "id",
}
OPERATIONS = {
    "append": "create",
    "delete": "deleteRecord",
    "list": "search",
    "getAll": "search",
    "getMany": "search",
    "read": "get",
}
"""Operations that v2 does not have, and those that are meant."""

_ID = re.compile(r"(app|tbl)[A-Za-z0-9]{14}\Z")


def repair(parameters: dict[str, Any], version: float) -> list[str]:
    """Turn `base` and `table` as plain text and a map of `fields` into v2's parameters."""
    if version < 2 and parameters.get("operation") != "create":
        return []
    if parameters.get("resource") == "base":
        return []
    done: list[str] = []
    if parameters.get("resource", "record") != "record":
        done.append(f"resource {parameters['resource']!r} became 'record'")
        parameters["resource"] = "record"
    for old, new in RENAMED.items():
        if old in parameters and new not in parameters:
            done.append(f"{old} became {new}")
            parameters[new] = parameters.pop(old)
    operation = parameters.get("operation", "get")
    if operation in OPERATIONS:
        done.append(f"operation {operation!r} became {OPERATIONS[operation]!r}")
        operation = parameters["operation"] = OPERATIONS[operation]
    if isinstance(parameters.get("fields"), dict) and "columns" not in parameters:
        parameters["columns"] = _columns(parameters, operation)
        done.append("fields became columns")
    if done:
        done += [
            _located(parameters, name) for name in ("base", "table") if _plain(parameters, name)
        ]
    return done


def _columns(parameters: dict[str, Any], operation: str) -> dict[str, Any]:
    value = parameters.pop("fields")
    matching: list[str] = []
    if operation in ("update", "upsert"):
        matching = ["id"] if "id" in parameters else list(value)[:1]
        if "id" in parameters:
            value = {"id": parameters.pop("id"), **value}
    return {
        "mappingMode": "defineBelow",
        "value": value,
        "matchingColumns": matching,
        "schema": [],
    }


def _plain(parameters: dict[str, Any], name: str) -> bool:
    return isinstance(parameters.get(name), str)


def _located(parameters: dict[str, Any], name: str) -> str:
    value = parameters[name]
    mode = "id" if _ID.match(value) else "url" if value.startswith("https://") else "list"
    parameters[name] = {"__rl": True, "mode": mode, "value": value}
    return f"{name} became a resource locator"
