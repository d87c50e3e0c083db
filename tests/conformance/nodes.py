"""Workflows of n8n's node tests: what the named nodes put out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import n8nlite
from tests.compare import json_differences
from tests.conformance import runs
from tests.conformance.cases import Case

EMPTY = dict.fromkeys(("accessToken", "apiKey", "user", "password", "name", "value"), "")


def check(case: Case) -> Iterator[str]:
    """n8n's harness compares output 0 of the nodes that the case names."""
    outcome = runs.run(case, **options(case))
    if case.differs and "runData" in case.differs:
        yield from _observed(case.differs, outcome)
        return
    if message := case.get("expected_error"):
        yield from json_differences(message, _message(outcome), "error.message")
        return
    if outcome["status"] not in ("success", "waiting"):
        yield f"status: expected success, got {outcome['status']}: {_message(outcome)}"
    for node, items in case["expected"].items():
        yield from _node(case, node, items, outcome["runData"].get(node))
    if order := case.get("expected_execution_order"):
        yield from json_differences(order, outcome["nodeExecutionOrder"], "order")


def options(case: Case) -> dict[str, Any]:
    """How the harness runs the workflow."""
    wanted: dict[str, Any] = {"credentials": credentials(case)}
    wanted["http"] = n8nlite.Mocks(case.get("mocks") or [])
    if case.get("now"):
        wanted["now"] = case["now"]
    if trigger := case.get("trigger_data"):
        wanted["items"] = [trigger["input"]] if "input" in trigger else [{}]
    return wanted


def credentials(case: Case) -> dict[str, Any]:
    """A credential type -> its data; what the case does not give has empty fields."""
    types = {type for node in case["workflow"]["nodes"] for type in node.get("credentials") or ()}
    given = case.get("credentials") or {}
    return {type: {**EMPTY, **given.get(type, {})} for type in types | given.keys()}


def _node(case: Case, node: str, items: Any, ours: Any) -> Iterator[str]:
    if not ours:
        yield f"{node}: expected to run, did not"
        return
    expected = (case.get("expected_runs") or {}).get(node) or items
    yield from json_differences(len(expected), len(ours), f"{node}.runs")
    for index, (wanted, got) in enumerate(zip(expected, ours, strict=False)):
        yield from runs.item_differences(
            wanted, runs.outputs(got), f"{node}[{index}]", binary=case["assert_binary"]
        )


def _observed(expected: Mapping[str, Any], outcome: Mapping[str, Any]) -> Iterator[str]:
    """What n8n 2.41 was seen to do, where the case does not hold any more."""
    yield from json_differences(expected["status"], outcome["status"], "status")
    yield from json_differences(expected["error"], _message(outcome), "error.message")
    yield from json_differences(
        expected["nodeExecutionOrder"], outcome["nodeExecutionOrder"], "order"
    )


def _message(outcome: Mapping[str, Any]) -> Any:
    error = outcome.get("error") or {}
    cause = error.get("cause") or {}
    return cause.get("message") or error.get("message")
