"""Loop Over Items: what the fixtures do not show."""

from __future__ import annotations

import json
from typing import Any

import pytest

import n8nlite
from n8nlite.workflow import Workflow

TYPE = "n8n-nodes-base.splitInBatches"
ITEMS = [{"n": n} for n in range(5)]


def loop(parameters: dict[str, Any], body: dict[str, Any] | None = None) -> Workflow:
    """A loop whose body lets the items pass, or is the node given."""
    body = body or {"type": "n8n-nodes-base.noOp"}
    nodes: list[dict[str, Any]] = [
        {"name": "Start", "type": "n8n-nodes-base.manualTrigger"},
        {"name": "Loop", "type": TYPE, "typeVersion": 3, "parameters": parameters},
        {"name": "Body", **body},
    ]
    return n8nlite.load(
        {
            "nodes": [{"position": [0, 0], "typeVersion": 1, "parameters": {}, **n} for n in nodes],
            "connections": {
                "Start": {"main": [[{"node": "Loop", "type": "main", "index": 0}]]},
                "Loop": {"main": [[], [{"node": "Body", "type": "main", "index": 0}]]},
                "Body": {"main": [[{"node": "Loop", "type": "main", "index": 0}]]},
            },
            "settings": {"executionOrder": "v1"},
        }
    )


def rounds(parameters: dict[str, Any]) -> list[list[int]]:
    """The items of every round."""
    result = loop(parameters).run(ITEMS, http="refuse")
    return [
        [item.json["n"] for item in run.outputs[1] or ()]
        for run in result.runs["Loop"]
        if run.outputs[1]
    ]


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (2, [[0, 1], [2, 3], [4]]),
        ("3", [[0, 1, 2], [3, 4]]),
        (1.9, [[0], [1], [2], [3], [4]]),
        (99, [[0, 1, 2, 3, 4]]),
        (0, []),
        (-1, []),
        ("many", []),
    ],
)
def test_the_size_of_a_round_is_read_as_javascript_reads_a_number(
    size: Any, expected: list[list[int]]
) -> None:
    assert rounds({"batchSize": size}) == expected


def test_done_gives_all_results_back_in_order() -> None:
    result = loop({}).run(ITEMS, http="refuse")
    assert [item.json for item in result.runs["Loop"][-1].outputs[0] or ()] == ITEMS


def test_what_a_loop_keeps_can_be_stored_as_json_and_the_run_goes_on_from_there() -> None:
    flow = loop({"batchSize": 2})
    first = flow.run(ITEMS, until="Body", http="refuse")
    state = json.loads(json.dumps(first.state.to_dict()))
    kept = state["nodeState"]["Loop"]
    assert (kept["currentRunIndex"], kept["maxRunIndex"], kept["noItemsLeft"]) == (0, 3, False)
    assert [item["json"]["n"] for item in kept["items"]] == [2, 3, 4]


def test_the_items_given_are_not_changed() -> None:
    given = [{"n": 1, "deep": {"list": [1]}}]
    before = json.dumps(given)
    loop({}).run(given, http="refuse")
    assert json.dumps(given) == before


def test_a_long_loop_takes_time_in_proportion_to_its_rounds() -> None:
    flow = loop({})
    result = flow.run([{"n": n} for n in range(2000)], http="refuse")
    assert len(result.runs["Body"]) == 2000
