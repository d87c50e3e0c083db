"""The engine: what fixtures from real n8n cannot show, because n8n has it not or shows it not."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest

from n8nlite import events
from n8nlite.errors import Canceled, NodeError, UnknownNode
from n8nlite.state import State
from tests.flow import assign, chain, node, trigger, workflow

ITEMS = [{"n": 1}, {"n": 2}, {"n": 3}]


def test_children_run_topmost_first_then_leftmost() -> None:
    low, right, left = (node(name, "noOp", position=place) for name, place in _PLACES.items())
    flow = workflow(trigger(), low, right, left, links={"Start": [["Low", "Right", "Left"]]})
    assert flow.run(ITEMS).order == ["Start", "Left", "Right", "Low"]


def test_v0_runs_children_in_the_order_of_the_connections() -> None:
    low, right, left = (node(name, "noOp", position=place) for name, place in _PLACES.items())
    flow = workflow(
        trigger(), low, right, left, links={"Start": [["Low", "Right", "Left"]]}, order="v0"
    )
    assert flow.run(ITEMS).order == ["Start", "Low", "Right", "Left"]


_PLACES = {"Low": [400, 300], "Right": [600, 100], "Left": [400, 100]}


def test_until_stops_after_that_node_and_runs_only_what_leads_to_it() -> None:
    flow = workflow(
        trigger(),
        node("Aside", "noOp", position=[200, -100]),
        node("Wanted", "noOp"),
        node("After", "noOp"),
        links={"Start": [["Aside", "Wanted"]], "Wanted": [["After"]]},
    )
    assert flow.run(ITEMS, until="Wanted").order == ["Start", "Wanted"]


def test_a_run_can_be_stopped_between_two_nodes() -> None:
    stop = threading.Event()

    def listener(event: events.Event) -> None:
        if isinstance(event, events.NodeFinished) and event.node == "A":
            stop.set()

    result = chain(trigger(), node("A", "noOp"), node("B", "noOp")).run(
        ITEMS, stop=stop, listeners=[listener]
    )
    assert (result.status, result.order) == ("canceled", ["Start", "A"])
    with pytest.raises(Canceled):
        result.raise_for_error()


def test_an_endless_loop_ends_with_the_time_limit() -> None:
    flow = workflow(trigger(), node("A", "noOp"), links={"Start": [["A"]], "A": [["A"]]})
    result = flow.run(ITEMS, timeout=0.05)
    assert (result.status, result.timed_out) == ("canceled", True)


def test_waiting_ends_with_the_time_limit() -> None:
    pause = node("Pause", "wait", {"amount": 1, "unit": "hours"}, typeVersion=1.1)
    result = chain(trigger(), pause).run(ITEMS, timeout=0.05)
    assert (result.status, result.timed_out) == ("canceled", True)


def test_events_tell_the_whole_run_in_order() -> None:
    seen: list[tuple[str, str]] = []

    def listener(event: events.Event) -> None:
        seen.append((type(event).__name__, getattr(event, "node", "")))

    flow = chain(trigger(), node("Stop", "stopAndError", {"errorMessage": "no"}))
    flow.run(ITEMS, listeners=[listener])
    assert seen == [
        ("RunStarted", ""),
        ("NodeStarted", "Start"),
        ("NodeFinished", "Start"),
        ("NodeStarted", "Stop"),
        ("NodeFailed", "Stop"),
        ("RunFinished", ""),
    ]


def test_a_failed_node_keeps_its_name_and_item_in_the_error() -> None:
    flow = chain(trigger(), assign("Edit", x="={{ $('Nobody').item.json.y }}"))
    with pytest.raises(NodeError, match=r"'Edit' \[item 0\]: Referenced node doesn't exist"):
        flow.run(ITEMS).raise_for_error()


def test_an_unknown_type_names_the_nearest_and_how_to_go_on() -> None:
    flow = chain(trigger(), node("X", "httpReqest"), node("After", "noOp"))
    with pytest.raises(UnknownNode) as caught:
        flow.run(ITEMS).raise_for_error()
    message = str(caught.value)
    assert "'X'" in message
    assert "n8n-nodes-base.httpReqest" in message
    assert "did you mean 'n8n-nodes-base.httpRequest'" in message
    assert "pin" in message


def test_pinned_data_stands_for_a_node_of_unknown_type() -> None:
    flow = chain(
        trigger(),
        node("X", "nobodyKnowsIt"),
        node("After", "noOp"),
        pinData={"X": [{"json": {"a": 1}}]},
    )
    assert [item.json for item in flow.run(ITEMS).node("After").items] == [{"a": 1}]
    assert flow.run(ITEMS, pins=False).status == "error"


def test_leftover_expressions_of_other_fields_do_no_harm() -> None:
    left_over = node("Limit", "limit", {"maxItems": 1, "keep": "={{ $('Nobody').item.json.x }}"})
    flow = chain(trigger(), node("Sort", "noOp", {"operation": "={{ broken( }}"}))
    assert flow.run(ITEMS).status == "success"
    assert chain(trigger(), left_over).run(ITEMS).status == "error"


@pytest.mark.parametrize("boundary", range(6))
def test_a_run_goes_on_from_its_stored_state(boundary: int) -> None:
    """The state after any node is JSON, and another process comes to the same end."""
    flow = _diamond()
    whole = flow.run(ITEMS, pins=False)
    stored = _state_after(boundary)
    result = flow.run(state=json.loads(json.dumps(stored)), pins=False)
    assert result.order == whole.order
    assert _outputs(result) == _outputs(whole)


def _diamond() -> Any:
    return workflow(
        trigger(),
        assign("Top", side="top"),
        assign("Below", side="below"),
        node("Join", "merge", {"mode": "append", "numberInputs": 2}),
        assign("Last", first="={{ $('Top').first().json.n }}", own="={{ $json.n + 1 }}"),
        links={
            "Start": [["Top", "Below"]],
            "Top": [["Join"]],
            "Below": [["Join:1"]],
            "Join": [["Last"]],
        },
    )


def _state_after(boundary: int) -> Any:
    """The state of a run that was stopped when so many nodes had run."""
    stop = threading.Event()
    count = 0

    def listener(event: events.Event) -> None:
        nonlocal count
        count += isinstance(event, events.NodeFinished)
        if count == max(boundary, 1):
            stop.set()

    return _diamond().run(ITEMS, stop=stop, listeners=[listener], pins=False).state.to_dict()


def _outputs(result: Any) -> Any:
    return {
        name: [run["outputs"] for run in runs] for name, runs in result.to_dict()["runData"].items()
    }


def test_a_state_is_the_same_after_a_round_trip() -> None:
    stored = _state_after(3)
    assert State.from_dict(json.loads(json.dumps(stored))).to_dict() == json.loads(
        json.dumps(stored)
    )


def test_sub_workflows_that_call_themselves_end_in_one_clear_error() -> None:
    call = node("Again", "executeWorkflow", {"workflowId": "self"}, typeVersion=1)
    own: dict[str, Any] = {"nodes": [node("In", "executeWorkflowTrigger"), call], "id": "self"}
    own["connections"] = {"In": {"main": [[{"node": "Again", "type": "main", "index": 0}]]}}
    result = chain(trigger(), node("Call", "executeWorkflow", {"workflowId": "self"})).run(
        ITEMS, subs=[own]
    )
    assert "call each other more than" in str((result.error or {})["message"])


def test_input_items_are_never_changed() -> None:
    given = [{"n": 1, "deep": {"list": [3, 1, 2]}}]
    flow = chain(
        trigger(), assign("A", x="={{ $json.deep.list.sort().join() }}"), assign("B", y="2")
    )
    result = flow.run(given)
    assert given == [{"n": 1, "deep": {"list": [3, 1, 2]}}]
    assert result.node("B").items[0].json["x"] == "1,2,3"


def test_an_expression_may_choose_the_operation() -> None:
    """Each run of the node is of the operation that its own first item names."""
    switch = node(
        "Sort", "stopAndError", {"errorType": "={{ $json.kind }}", "errorMessage": "text"}
    )
    flow = chain(trigger(), switch)
    assert (flow.run([{"kind": "errorMessage"}]).error or {})["message"] == "text"
    assert "operation" not in str(flow.run([{"kind": "errorMessage"}]).error)
    unknown = flow.run([{"kind": "nonsense"}]).error or {}
    assert "errorType 'nonsense' is not supported" in unknown["message"]
