"""The order of execution and what flows where; partial execution and inner functions are not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.compare import json_differences
from tests.conformance import runs
from tests.conformance.cases import Case, NotThere


def check(case: Case) -> Iterator[str]:
    """The order of the nodes, and the items of the runs that the case names."""
    if "workflow" not in case.data or case.file.stem.startswith(("method_", "partial_utils")):
        raise NotThere(f"an inner function of n8n's engine: {case.file.stem}")
    if "run_data" in case.data:
        raise NotThere("partial execution is not there yet")
    options = {"until": case["destination_node"]} if "destination_node" in case.data else {}
    outcome = runs.run(case, **options)
    yield from json_differences(
        "error" if case.get("error") else "success", outcome["status"], "status"
    )
    if order := case.get("expected_node_execution_order"):
        yield from json_differences(order, outcome["nodeExecutionOrder"], "order")
    for node, expected in case["expected_node_outputs"].items():
        yield from _runs(case, node, expected, outcome["runData"].get(node, []))


def _runs(
    case: Case, node: str, expected: list[Any], ours: list[Mapping[str, Any]]
) -> Iterator[str]:
    yield from json_differences(len(expected), len(ours), f"{node}.runs")
    whole = case.get("compare", "").startswith("whole")
    for index, (wanted, got) in enumerate(zip(expected, ours, strict=False)):
        compared = wanted or []
        if case.get("outputs_compared") == "output 0":
            compared = compared[:1]
        for output, items in enumerate(compared):
            place = f"{node}[{index}].outputs[{output}]"
            yield from runs.item_differences(items, runs.outputs(got, output), place, paired=whole)
