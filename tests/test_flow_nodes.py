"""Wait, Merge, Sort, Limit, Execute Workflow: what the fixtures do not show."""

from __future__ import annotations

import copy
from typing import Any

import pytest

import n8nlite
from n8nlite.errors import NodeError
from n8nlite.node import Item, Pair
from n8nlite.testing import run_node

BASE = "n8n-nodes-base."


def run(type: str, parameters: dict[str, Any], *inputs: list[Any], **options: Any) -> list[Any]:
    """The json of the first output's items."""
    lanes = run_node(f"{BASE}{type}", parameters, inputs=inputs or [[{}]], **options)
    return [item.json for item in lanes[0]]


def test_waiting_takes_no_time_where_the_clock_stands_still() -> None:
    week = {"amount": 7, "unit": "days"}
    assert run("wait", week, [{"a": 1}], now="2026-01-01T00:00:00Z") == [{"a": 1}]
    until = {"resume": "specificTime", "dateTime": "2030-01-01T00:00:00"}
    assert run("wait", until, [{"a": 1}], now="2026-01-01T00:00:00Z") == [{"a": 1}]


@pytest.mark.parametrize("resume", ["webhook", "form"])
def test_waiting_for_a_call_says_what_to_do_instead(resume: str) -> None:
    with pytest.raises(NodeError, match="cannot wait") as caught:
        run("wait", {"resume": resume})
    assert "Pin data" in str(caught.value.description)


def test_a_merge_by_query_says_that_it_is_not_there_yet() -> None:
    with pytest.raises(NodeError, match="not supported yet"):
        run("merge", {"mode": "combineBySql"}, [{}], [{}])


def test_items_that_come_in_by_two_ways_are_paired_with_their_own_input() -> None:
    same = [Item({"a": 1})]
    lanes = run_node(f"{BASE}merge", {}, inputs=[same, same])
    assert [item.paired for item in lanes[0]] == [0, Pair(0, 1)]


@pytest.mark.parametrize("count", [2, 5, 10])
def test_a_merge_has_as_many_inputs_as_it_is_set_to(count: int) -> None:
    inputs = [[{"n": n}] for n in range(count)]
    assert run("merge", {"numberInputs": count}, *inputs) == [{"n": n} for n in range(count)]


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"clashHandling": {"values": {"resolveClash": "preferInput1", "overrideEmpty": True}}},
        {"clashHandling": {"values": {"resolveClash": "addSuffix"}}},
    ],
)
def test_merging_changes_no_item(options: dict[str, Any]) -> None:
    first = [Item({"id": 1, "o": {"p": 1, "l": [1]}}), Item({"id": 1, "o": {}})]
    second = [Item({"id": 1, "o": {"q": "", "l": [2, 3]}})]
    before = copy.deepcopy((first, second))
    parameters = {"mode": "combine", "fieldsToMatchString": "id", "options": options}
    run_node(f"{BASE}merge", parameters, inputs=[first, second])
    assert (first, second) == before


def test_matching_many_items_is_no_matter_of_comparing_all_with_all() -> None:
    first = [{"id": n, "a": n} for n in range(20_000)]
    second = [{"id": n, "b": n} for n in reversed(range(20_000))]
    merged = run("merge", {"mode": "combine", "fieldsToMatchString": "id"}, first, second)
    assert merged[0] == {"id": 0, "a": 0, "b": 0}
    assert len(merged) == 20_000


def test_a_random_order_keeps_every_item() -> None:
    items = [{"n": n} for n in range(50)]
    mixed = run("sort", {"type": "random"}, items)
    assert sorted(item["n"] for item in mixed) == list(range(50))


def test_text_is_sorted_by_utf_16_as_in_javascript() -> None:
    fields = {"sortFieldsUi": {"sortField": [{"fieldName": "t"}]}}
    items = [{"t": "\uffee"}, {"t": "\U0001f600"}]
    assert run("sort", fields, items) == [{"t": "\U0001f600"}, {"t": "\uffee"}]


@pytest.mark.parametrize("count", ["many", None, {}])
def test_a_limit_that_is_no_number_keeps_nothing(count: Any) -> None:
    assert run("limit", {"maxItems": count}, [{"a": 1}]) == []


def test_a_file_is_not_read_for_a_sub_workflow() -> None:
    parameters = {"source": "localFile", "workflowPath": "/etc/passwd"}
    with pytest.raises(NodeError, match="not read from the disk"):
        run("executeWorkflow", parameters, version=1)


def test_an_inline_workflow_that_is_none_ends_in_one_line() -> None:
    parameters = {"source": "parameter", "workflowJson": "[1]"}
    with pytest.raises(NodeError, match="no JSON object"):
        run("executeWorkflow", parameters, version=1)


def test_a_sub_workflow_that_is_not_waited_for_may_fail() -> None:
    nodes = [
        {"name": "In", "type": f"{BASE}executeWorkflowTrigger", "typeVersion": 1},
        {
            "name": "Bad",
            "type": f"{BASE}stopAndError",
            "typeVersion": 1,
            "parameters": {"errorMessage": "no"},
        },
    ]
    sub = n8nlite.load(
        {
            "id": "sub",
            "nodes": [{"position": [0, 0], "parameters": {}, **node} for node in nodes],
            "connections": {"In": {"main": [[{"node": "Bad", "type": "main", "index": 0}]]}},
        }
    )
    parameters = {"workflowId": "sub", "options": {"waitForSubWorkflow": False}}
    assert run("executeWorkflow", parameters, [{"a": 1}], version=1, subs=[sub]) == [{"a": 1}]
    with pytest.raises(NodeError, match="no"):
        run("executeWorkflow", {"workflowId": "sub"}, [{"a": 1}], version=1, subs=[sub])
