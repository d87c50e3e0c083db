"""Where the items of a node go, and what they are paired with."""

from __future__ import annotations

import pytest

from n8nlite.errors import NodeError
from n8nlite.node import Item, Pair
from n8nlite.outputs import Outputs, move_errors, pair_rest

A, B, C = Item({"n": 1}), Item({"n": 2}), Item({"n": 3})


def test_what_an_item_node_makes_is_paired_with_its_item() -> None:
    outputs = Outputs(("main",))
    outputs.take([Item({"x": 1}), Item({"x": 2})], B, 1)
    outputs.take(None, C, 2)
    assert [item.paired for item in outputs.lanes[0]] == [1, 1]


def test_an_item_goes_to_the_output_it_names() -> None:
    outputs = Outputs(("true", "false"))
    outputs.take(A.to("false"), A, 0)
    outputs.take(B.to(0), B, 1)
    assert [len(lane) for lane in outputs.lanes] == [1, 1]
    assert outputs.lanes[1][0].json is A.json


@pytest.mark.parametrize("output", ["maybe", 2, -1])
def test_an_output_that_is_not_there_is_an_error(output: str | int) -> None:
    with pytest.raises(NodeError, match="there is no output"):
        Outputs(("true", "false")).take(A.to(output), A, 0)


def test_input_items_that_a_batch_node_gives_back_keep_their_place() -> None:
    outputs = Outputs(("main",))
    outputs.take_batch([C, A, Item({}, paired=Pair(0, 1))], [[A, B, C]])
    assert [item.paired for item in outputs.lanes[0]] == [2, 0, Pair(0, 1)]


def test_items_of_other_inputs_say_which() -> None:
    outputs = Outputs(("main",))
    outputs.take_batch([A, B], [[A], [B]])
    assert [item.paired for item in outputs.lanes[0]] == [0, Pair(0, 1)]


@pytest.mark.parametrize(
    ("incoming", "outgoing", "paired"),
    [(1, 3, [0, 0, 0]), (3, 3, [0, 1, 2]), (3, 1, [0]), (3, 2, [None, None])],
)
def test_the_rest_is_paired_where_it_is_plain_with_what(
    incoming: int, outgoing: int, paired: list[int | None]
) -> None:
    lanes = [[Item({"o": n}) for n in range(outgoing)]]
    pair_rest(lanes, [[Item({"i": n}) for n in range(incoming)]])
    assert [item.paired for item in lanes[0]] == paired


def test_error_items_move_to_the_last_lane_over_their_input() -> None:
    kept = Item({"error": "text", "more": 1}, paired=0)
    lanes = [[Item({"error": "boom"}, paired=1), kept], []]
    move_errors(lanes, [[A, B]])
    assert lanes[0] == [kept]
    assert lanes[1][0].json == {"n": 2, "error": "boom"}
