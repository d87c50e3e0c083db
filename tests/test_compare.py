"""How outcomes are laid beside those of real n8n."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from tests.compare import differences, json_differences, pairing

OUTCOME: dict[str, Any] = {
    "status": "success",
    "error": None,
    "lastNodeExecuted": "Set",
    "nodeExecutionOrder": ["Start", "Set"],
    "runData": {
        "Start": [
            {"executionIndex": 0, "status": "success", "source": [], "outputs": [[{"json": {}}]]}
        ],
        "Set": [
            {
                "executionIndex": 1,
                "status": "success",
                "source": [{"previousNode": "Start"}],
                "outputs": [[{"json": {"a": 1}, "pairedItem": {"item": 0}}]],
            }
        ],
    },
}


def test_equal_outcomes_do_not_differ() -> None:
    """Nor do two spellings of the same one."""
    ours = deepcopy(OUTCOME)
    (run,) = ours["runData"]["Set"]
    run["source"] = [{"previousNode": "Start", "previousNodeOutput": 0, "previousNodeRun": 0}]
    run["outputs"] = [[{"json": {"a": 1.0}, "pairedItem": 0}], [], None]
    run["executionTime"] = 5
    assert differences(OUTCOME, ours) == []


@pytest.mark.parametrize(
    ("place", "value", "expected"),
    [
        (("status",), "error", "status: expected 'success', got 'error'"),
        (("nodeExecutionOrder",), ["Set"], "nodeExecutionOrder: expected"),
        (("runData", "Set", 0, "outputs", 0, 0, "json", "a"), 2, "Set[0].outputs[0][0].json.a:"),
        (("runData", "Set", 0, "outputs", 0, 0, "pairedItem"), 1, "[0].pairedItem: expected"),
        (("runData", "Set", 0, "outputs", 0), [], "Set[0].outputs: expected 1, got 0"),
        (("runData", "Set", 0, "error"), {"message": "no"}, "Set[0].error: expected None, got"),
        (("runData", "Set"), [], "Set: runs: expected 1, got 0"),
        (("runData", "More"), [{}], "More: expected not to run, ran"),
    ],
)
def test_what_differs_is_named_with_its_place(
    place: tuple[Any, ...], value: Any, expected: str
) -> None:
    """Each difference is one line that says where."""
    ours: Any = deepcopy(OUTCOME)
    *path, last = place
    inner = ours
    for key in path:
        inner = inner[key]
    inner[last] = value
    assert any(expected in each for each in differences(OUTCOME, ours))


@pytest.mark.parametrize(
    ("expected", "ours", "equal"),
    [
        (1, 1.0, True),
        (1, True, False),
        (None, float("nan"), True),
        ({"a": None}, {}, False),
        ({}, {"a": None}, False),
        ([1, 2], [1], False),
        ({"a": [{"b": 1}]}, {"a": [{"b": 1}]}, True),
    ],
)
def test_json_values(expected: Any, ours: Any, equal: bool) -> None:
    """Numbers are equal by value, null is not the same as missing, and NaN is null in JSON."""
    assert (list(json_differences(expected, ours)) == []) is equal


def test_spellings_of_a_pairing() -> None:
    """A number, an object and a list of one mean the same."""
    assert pairing(3) == pairing({"item": 3}) == pairing([{"item": 3, "input": 0}])
    assert pairing({"item": 3, "input": 1}) != pairing(3)
    assert pairing(None) is None
