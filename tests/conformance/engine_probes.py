"""Small workflows and the whole of what real n8n was seen to make of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.compare import json_differences
from tests.conformance import runs
from tests.conformance.cases import Case, NotThere

OF_THE_RUN = {"probe-code-helpers": ("wf", "mode")}  # fields that say how the case was made


def check(case: Case) -> Iterator[str]:
    """Status, order, and each run's items with their pairing; n8n 2.41 decides where it differs."""
    why = (case.differs or {}).get("why", "")
    if why.endswith("leave out"):
        raise NotThere(why)
    outcome = runs.run(case)
    if case.differs and "runData" in case.differs:
        expected: Mapping[str, Any] = case.differs
        status, order, all_runs = "status", "nodeExecutionOrder", "runData"
    else:
        expected = case.data
        status, order, all_runs = (
            "expected_status",
            "expected_node_execution_order",
            "expected_runs",
        )
    yield from json_differences(expected[status], outcome["status"], "status")
    yield from json_differences(expected[order], outcome["nodeExecutionOrder"], "order")
    yield from _error(expected.get("error"), outcome.get("error"), "error")
    for node, found in expected[all_runs].items():
        ours = outcome["runData"].get(node, [])
        yield from json_differences(len(found), len(ours), f"{node}.runs")
        for index, (wanted, got) in enumerate(zip(found, ours, strict=False)):
            place = f"{node}[{index}]"
            yield from _error(wanted.get("error"), got.get("error"), f"{place}.error")
            yield from _outputs(wanted, got, place, OF_THE_RUN.get(case.id, ()))


def _outputs(
    expected: Mapping[str, Any], ours: Mapping[str, Any], place: str, ignored: Sequence[str]
) -> Iterator[str]:
    wanted, got = ((run.get("outputs") or []) for run in (expected, ours))
    for output in range(max(len(wanted), len(got))):
        items = wanted[output] if output < len(wanted) else []
        yield from runs.item_differences(
            _without(ignored, items),
            _without(ignored, runs.outputs(ours, output)),
            f"{place}.outputs[{output}]",
            paired=True,
        )


def _without(ignored: Sequence[str], items: Sequence[Any] | None) -> list[dict[str, Any]]:
    return [
        {**item, "json": {key: each for key, each in item["json"].items() if key not in ignored}}
        for item in items or ()
    ]


def _error(expected: Any, ours: Any, place: str) -> Iterator[str]:
    message = expected.get("message") if isinstance(expected, Mapping) else expected
    ours = ours.get("message") if isinstance(ours, Mapping) else ours
    yield from json_differences(message, ours, f"{place}.message")
