"""
A workflow that another one calls: where it begins, and what it gives back.

https://docs.n8n.io/flow-logic/subworkflows/
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from n8nlite.errors import NodeError
from n8nlite.failures import NAMELESS
from n8nlite.node import Item, Pair
from n8nlite.outputs import Lanes
from n8nlite.plan import Plan
from n8nlite.state import Task

if TYPE_CHECKING:
    from n8nlite.execution import Execution
    from n8nlite.result import Result
    from n8nlite.workflow import Workflow

TRIGGER = "n8n-nodes-base.executeWorkflowTrigger"


def check_caller(called: Workflow, caller: Workflow) -> None:
    """Raises NodeError where the settings of a workflow do not let the other one call it."""
    policy = called.settings.get("callerPolicy")
    listed = [each.strip() for each in str(called.settings.get("callerIds") or "").split(",")]
    if policy != "none" and (policy != "workflowsFromAList" or caller.id in listed):
        return
    raise NodeError(
        f"The sub-workflow ({called.id}) cannot be called by this workflow",
        description="The sub-workflow limits which workflows it can be "
        f"called by. Its settings (callerPolicy: {policy}) would have to allow it.",
        name=NAMELESS,
    )


def begin(execution: Execution, items: Sequence[Item]) -> tuple[str, list[Item] | None]:
    """
    The node that the called workflow starts with, and what it puts out; None: it gets the items as
    its input, and says itself.

    Raises NodeError where there is nothing to start from.
    """
    start = _start(execution.plan)
    given = [Item(item.json, item.binary, index) for index, item in enumerate(items)]
    if execution.plan.nodes[start].type != TRIGGER:
        return start, given
    execution.state.stack.append(Task(start, [given], []))
    return start, None


def returned(result: Result) -> Lanes:
    """
    The items of the last node that ran, output by output, each paired with the item of the caller
    that it was made from.
    """
    last = result.last_node
    runs = result.runs.get(last or "")
    if not last or not runs:
        return []
    return [
        [
            Item(item.json, item.binary, _origin(result, item, number, last), item.error)
            for number, item in enumerate(lane or ())
        ]
        for lane in runs[-1].outputs
    ]


def _start(plan: Plan) -> str:
    for node in plan.nodes.values():
        if node.type == TRIGGER and not node.disabled:
            return node.name
    start = plan.start()
    if start is None:
        raise NodeError("Missing node to start execution")
    return start


def _origin(result: Result, item: Item, number: int, node: str) -> int | None:
    """The index that the ancestor of the last node's item `number` had in what the caller gave."""
    at = result.runs[node][-1]
    for _ in range(sum(map(len, result.runs.values()))):
        pair = item.paired
        if isinstance(pair, tuple) and not isinstance(pair, Pair):
            pair = pair[number] if number < len(pair) else next(iter(pair), None)
        if pair is None:
            return None
        place = Pair(pair) if isinstance(pair, int) else pair
        source = place.source or next(iter(at.sources[place.input : place.input + 1]), None)
        if source is None:
            return place.item
        at = result.runs[source.node][source.run]
        lane = at.outputs[source.output] or ()
        if place.item >= len(lane):
            return None
        item = lane[place.item]
    return None
