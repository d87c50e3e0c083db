"""What a run came to, as a caller reads it."""

from __future__ import annotations

import pytest

from n8nlite.errors import NodeError
from tests.flow import assign, chain, node, trigger, workflow


def test_a_node_shows_the_items_of_its_first_output_that_has_any() -> None:
    condition = {
        "leftValue": "={{ $json.n }}",
        "rightValue": 1,
        "operator": {"type": "number", "operation": "gt"},
    }
    split = node(
        "If",
        "if",
        {"conditions": {"conditions": [condition], "combinator": "and", "options": {"version": 2}}},
    )
    result = chain(trigger(), split).run([{"n": 1}])
    assert result.node("If").outputs == [[], result.node("If").items]
    assert result.node("If").items[0].json == {"n": 1}


def test_a_node_that_ran_twice_shows_the_items_of_both_runs() -> None:
    flow = workflow(
        trigger(), node("A", "noOp"), node("B", "noOp"), links={"Start": [["A", "B"]], "A": [["B"]]}
    )
    result = flow.run([{"n": 1}])
    assert len(result.node("B").runs) == 2
    assert [item.json for item in result.node("B").items] == [{"n": 1}, {"n": 1}]


def test_a_node_that_did_not_run_is_a_key_error_that_names_those_that_did() -> None:
    with pytest.raises(KeyError, match="'Start'"):
        chain(trigger()).run([{}]).node("Nobody")


def test_a_query_picks_from_the_whole_result() -> None:
    result = chain(trigger(), assign("Edit", x="y")).run([{}])
    assert result.query("runData.Edit[0].outputs[0][0].json.x") == "y"


def test_raise_for_error_gives_the_result_or_raises_what_ended_the_run() -> None:
    good = chain(trigger()).run([{}])
    assert good.raise_for_error() is good
    with pytest.raises(NodeError, match="no"):
        chain(trigger(), node("Stop", "stopAndError", {"errorMessage": "no"})).run(
            [{}]
        ).raise_for_error()


def test_binary_data_is_shown_by_size_and_checksum() -> None:
    item = {"json": {}, "binary": {"data": {"mimeType": "text/plain", "data": "aGk="}}}
    shown = (
        chain(trigger())
        .run([item])
        .to_dict()["runData"]["Start"][0]["outputs"][0][0]["binary"]["data"]
    )
    assert (shown["bytes"], shown["base64"]) == (2, "aGk=")
    assert shown["sha256"].startswith("8f434346")
    assert "data" not in shown
