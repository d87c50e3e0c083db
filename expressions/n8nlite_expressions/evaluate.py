"""
`n8nlite eval`: expressions as JSON lines in, their values as JSON lines out.

    in:  {"expression": "={{ $json.a + 1 }}", "json": {"a": 1}}
    out: {"expression": ..., "value": 2, "type": "number", "error": null}

Instead of `json`: `items` with `itemIndex`; also `nodes` ({name: [json, ...]}), `params`, `vars`,
`env`, `secrets`, `mode`, `runIndex`, `timezone`, `now`, `workflow`, `execution`, `binary`, `id`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from .errors import Error, ExpressionError
from .evaluator import Evaluator
from .scanner import is_expression, scan
from .scope import Item, NodeData, Run, Scope, Source

INPUT = "Input"
"""The node that the given items come from."""

_TYPES: dict[type, str] = {
    str: "string",
    bool: "boolean",
    int: "number",
    float: "number",
    list: "array",
    dict: "object",
    type(None): "null",
}


def evaluate_lines(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """
    Evaluate each line's expression; a line that is no such object gives an `error`.

    Limits, globals and errors are those of a workflow's run.
    """
    with Evaluator() as evaluator:
        for line in lines:
            if line.strip():
                yield _evaluate_line(evaluator, line)


def _evaluate_line(evaluator: Evaluator, line: str) -> dict[str, Any]:
    try:
        question = json.loads(line)
        if not isinstance(question, dict) or "expression" not in question:
            raise ValueError('expected an object with the key "expression"')
        scope = scope_of(question)
    except (ValueError, TypeError, AttributeError) as error:
        return _failed({}, "InputError", f"cannot read the line: {error}")
    try:
        return _head(question) | _value(evaluator, question["expression"], scope)
    except Error as error:
        name = "ExpressionError" if isinstance(error, ExpressionError) else "Error"
        return _failed(
            question,
            name,
            getattr(error, "message", str(error)),
            getattr(error, "description", None),
        )


def _value(evaluator: Evaluator, expression: Any, scope: Scope) -> dict[str, Any]:
    if not is_expression(expression):
        value = evaluator.resolve(expression, scope)
        return {"value": value, "type": _TYPES.get(type(value), "string"), "error": None}
    found = evaluator.describe(scan(expression), scope)
    if "error" in found:
        return _error(found["error"])
    value, kind = found["value"], found["type"]
    return {"value": None if kind == "undefined" else value, "type": kind, "error": None}


def _error(failure: Mapping[str, Any]) -> dict[str, Any]:
    shown = {
        key: failure[key] for key in ("name", "message", "description", "type") if failure.get(key)
    }
    return {"value": None, "type": "error", "error": shown}


def _head(question: Mapping[str, Any]) -> dict[str, Any]:
    return {key: question[key] for key in ("id", "expression") if key in question}


def _failed(
    question: Mapping[str, Any], name: str, message: str, description: str | None = None
) -> dict[str, Any]:
    failure = {"name": name, "message": message, "description": description}
    return _head(question) | _error(failure)


def scope_of(question: Mapping[str, Any]) -> Scope:
    """The scope that a line describes. Raises ValueError, TypeError where it makes none."""
    lists = {
        name: [_item(each, i) for i, each in enumerate(given)]
        for name, given in (question.get("nodes") or {}).items()
    }
    if "items" in question or "json" in question or not lists:
        given = question["items"] if "items" in question else [question.get("json") or {}]
        lists[INPUT] = [_item(each, i, question.get("binary")) for i, each in enumerate(given)]
    last = next(reversed(lists))
    mode = question.get("mode", "manual")
    now = question.get("now")
    return Scope(
        input=lists[last],
        item_index=int(question.get("itemIndex", 0)),
        run_index=int(question.get("runIndex", 0)),
        sources=(Source(last),),
        nodes=_chain(lists) | {"Current": NodeData(parameters=question.get("params") or {})},
        active="Current",
        parameters=question.get("params") or {},
        workflow={"active": False, "id": "wf", "name": "My workflow"}
        | dict(question.get("workflow") or {}),
        execution={
            "id": "1",
            "mode": "test" if mode == "manual" else "production",
            "resumeUrl": "http://localhost:5678/webhook-waiting/1",
            "resumeFormUrl": "http://localhost:5678/form-waiting/1",
        }
        | dict(question.get("execution") or {}),
        vars=question.get("vars") or {},
        secrets=question.get("secrets") or {},
        env=question.get("env"),
        timezone=question.get("timezone") or "UTC",
        now=datetime.fromisoformat(now) if now else None,
        node={"id": f"n{len(lists)}", "typeVersion": 1},
    )


def _item(given: Any, index: int, binary: Any = None) -> Item:
    if not isinstance(given, dict):
        raise ValueError("items are objects")
    if isinstance(given.get("json"), dict):
        return Item(given["json"], given.get("binary"), index)
    return Item(given, binary, index)


def _chain(lists: Mapping[str, list[Item]]) -> dict[str, NodeData]:
    """The nodes one after the other, each fed by the one before."""
    nodes: dict[str, NodeData] = {}
    sources: list[Source] = []
    for name, items in lists.items():
        nodes[name] = NodeData(runs=(Run([items], sources),))
        sources = [Source(name)]
    return nodes
