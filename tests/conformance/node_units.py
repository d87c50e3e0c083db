"""Single nodes, given parameters, items and answers of the network, in a workflow of two nodes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import n8nlite
from n8nlite import registry
from tests.compare import json_differences
from tests.conformance import runs
from tests.conformance.cases import Case, NotThere

NODE = "Node under test"
REQUESTS = {"request", "httpRequest", "requestOAuth1", "requestOAuth2"} | {
    "requestWithAuthentication",
    "httpRequestWithAuthentication",
}


def check(case: Case) -> Iterator[str]:
    """What the node puts out, or the error it fails with."""
    if not registry.knows(case["node_type"]):
        raise NotThere(f"node type not there yet: {case['node_type']}")
    if not case["self_contained"] or "args" in case.data:
        raise NotThere("calls or replaces inner functions of n8n's node")
    outcome = _run(case)
    failure = outcome.get("error")
    if pattern := case.get("expect_error"):
        message = failure["message"] if failure else None
        if not re.search(pattern, message or ""):
            yield f"error.message: expected {pattern!r}, got {message!r}"
        return
    if failure:
        yield f"error: expected none, got {failure['message']!r}"
        return
    (run,) = outcome["runData"][NODE]
    expected = case["expected"] or []
    for output, items in enumerate(expected):
        ours = runs.outputs(run, output) or []
        paired = any("pairedItem" in item for item in items)
        yield from runs.item_differences(items, ours, f"outputs[{output}]", paired=paired)
    extra = [len(each or []) for each in (run["outputs"] or [])[len(expected) :]]
    yield from json_differences([0] * len(extra), extra, "outputs.extra")


def _run(case: Case) -> Mapping[str, Any]:
    kind = "webhook" if _answers_webhook(case) else "manualTrigger"
    nodes = [
        _node("Start", f"n8n-nodes-base.{kind}", 1, {"responseMode": "responseNode", "path": "x"}),
        _node(NODE, case["node_type"], _version(case), _parameters(case["parameters"])),
    ]
    credentials = case.get("credentials") or {}
    nodes[1]["credentials"] = {type: {"id": type, "name": type} for type in credentials}
    if case.get("continue_on_fail"):
        nodes[1]["onError"] = "continueRegularOutput"
    workflow = {
        "name": case.id,
        "nodes": nodes,
        "connections": {"Start": {"main": [[{"node": NODE, "type": "main", "index": 0}]]}},
        "settings": {"executionOrder": "v1"},
    }
    options = {"now": case["now"]} if case.get("now") else {}
    return runs.outcome(
        workflow,
        items=case["input"].get("0") or [{"json": {}}],
        credentials=credentials,
        http=n8nlite.Mocks(list(_mocks(case.get("helper_calls", ())))),
        **options,
    )


def _answers_webhook(case: Case) -> bool:
    return str(case["node_type"]).endswith(".respondToWebhook") and not case.get("expect_error")


def _node(name: str, type: str, version: float, parameters: Any) -> dict[str, Any]:
    return {
        "id": name,
        "name": name,
        "type": type,
        "typeVersion": version,
        "position": [0, 0],
        "parameters": parameters,
    }


def _version(case: Case) -> float:
    """The version the case says, else the one its file is named after, else the newest."""
    if case["type_version"]:
        return float(case["type_version"])
    if named := re.search(r"[/a-z]V(\d)\b|/v(\d)/", case["source_path"]):
        return float(named[1] or named[2])
    return max(
        version for each in registry.classes(case["node_type"]) for version in each.about.versions
    )


def _parameters(given: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """`options.scope` and the like, put back where they are in a workflow."""
    parameters: dict[str, Any] = {}
    for parameter in given:
        if "value" not in parameter or parameter.get("index"):
            continue
        *path, last = parameter["name"].split(".")
        place = parameters
        for key in path:
            place = place.setdefault(key, {})
        place[last] = parameter["value"]
    return parameters


def _mocks(calls: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for call in calls:
        if call["fn"] in REQUESTS and "result" in call:
            asked = next(each for each in call["args"] if isinstance(each, Mapping))
            yield {**_asked(asked), **_answered(call["result"])}


def _asked(request: Mapping[str, Any]) -> dict[str, Any]:
    headers = {key: each for key, each in request.get("headers", {}).items() if key != "accept"}
    return {
        "method": request.get("method", "GET"),
        "url": request.get("uri") or request.get("url"),
        "query": request.get("qs") or True,
        "match_headers": headers,
    }


def _answered(result: Any) -> dict[str, Any]:
    if isinstance(result, Mapping) and {"body", "headers"} <= result.keys():
        status = result.get("statusCode", 200)
        return {"status": status, "headers": result["headers"], "response": result["body"]}
    return {"response": result}
