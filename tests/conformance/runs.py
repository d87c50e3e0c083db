"""Runs the workflow of a case as n8n's test harness does, and compares what its nodes put out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import n8nlite
from n8nlite import registry
from n8nlite.errors import UnknownNode
from n8nlite.node import TriggerNode
from tests.compare import json_differences, pairing
from tests.conformance.cases import Case, NotThere
from tests.conformance.values import value_differences

SPECIAL = ("manualTrigger", "executeWorkflowTrigger", "errorTrigger", "start")
UNSUPPORTED = "is not supported; supported: "
NEEDED = {"filesystem": "reads or writes files", "database": "needs a database"}


def require(case: Case) -> None:
    """Raise NotThere when n8nlite lacks what the case is about."""
    for node in case["workflow"]["nodes"]:
        if not node.get("disabled") and not registry.knows(node["type"]):
            raise NotThere(f"node type not there yet: {node['type']}")
    for need in case.get("needs", ()):
        if need in NEEDED:
            raise NotThere(f"{NEEDED[need]}, which n8nlite has no node for yet")


def run(case: Case, **options: Any) -> Mapping[str, Any]:
    """The outcome of the case's workflow, in the oracle's shape. Raises NotThere."""
    require(case)
    workflow = {**case["workflow"], "id": "test", "active": False, "pinData": {}}
    return outcome(workflow, start=start(workflow), **options)


def outcome(workflow: Mapping[str, Any], **options: Any) -> Mapping[str, Any]:
    """What n8nlite makes of a workflow. Raises NotThere where it has a node not, or not so."""
    try:
        result = n8nlite.load(workflow).run(**options)
    except UnknownNode as unknown:
        raise NotThere(f"not there yet: {unknown}") from None
    if isinstance(result.cause, UnknownNode) or UNSUPPORTED in str(result.cause):
        raise NotThere(f"not there yet: {result.cause}")
    return result.to_dict()


def start(workflow: Mapping[str, Any]) -> str:
    """The node that n8n's harness starts with: the only one, else the first enabled trigger."""
    enabled = [node for node in workflow["nodes"] if not node.get("disabled")]
    if len(workflow["nodes"]) == 1:
        return str(workflow["nodes"][0]["name"])
    for node in enabled:
        if _is_trigger(node["type"]):
            return str(node["name"])
    for kind in SPECIAL:
        for node in enabled:
            if node["type"].endswith(f".{kind}"):
                return str(node["name"])
    raise ValueError("the workflow has no start node")


def _is_trigger(type_name: str) -> bool:
    special = type_name.rpartition(".")[2] in SPECIAL[1:]
    return not special and any(
        issubclass(each, TriggerNode) for each in registry.classes(type_name)
    )


def outputs(run: Mapping[str, Any], output: int = 0) -> list[dict[str, Any]] | None:
    """The items of one output of a run; None when the run has no such output."""
    found = run.get("outputs") or []
    return found[output] if output < len(found) else None


def item_differences(
    expected: Sequence[Any] | None,
    ours: Sequence[Any] | None,
    place: str,
    *,
    paired: bool = False,
    binary: bool = False,
) -> Iterator[str]:
    """What differs between the items of an output; no items and no output are the same."""
    expected, ours = expected or [], ours or []
    yield from json_differences(len(expected), len(ours), f"{place}.items")
    for index, (wanted, got) in enumerate(zip(expected, ours, strict=False)):
        where = f"{place}[{index}]"
        yield from value_differences(wanted.get("json", {}), got["json"], f"{where}.json")
        if paired and "pairedItem" in wanted:  # 2.41 pairs items that 1.108 did not
            yield from json_differences(
                pairing(_plain(wanted.get("pairedItem"))),
                pairing(_plain(got.get("pairedItem"))),
                f"{where}.pairedItem",
            )
        if binary:
            yield from _binary(wanted.get("binary") or {}, got.get("binary") or {}, where)


def _binary(expected: Mapping[str, Any], ours: Mapping[str, Any], place: str) -> Iterator[str]:
    ignored = {"id", "directory"}
    yield from json_differences(sorted(expected), sorted(ours), f"{place}.binary")
    for name in expected.keys() & ours.keys():
        wanted = {key: each for key, each in expected[name].items() if key not in ignored}
        got = {key: ours[name].get(key) for key in wanted}
        if "data" in wanted:
            got["data"] = ours[name].get("data") or ours[name].get("base64")
        yield from value_differences(wanted, got, f"{place}.binary.{name}")


def _plain(paired: Any) -> Any:
    """Without `sourceOverwrite`, which differs between versions of n8n."""
    if isinstance(paired, list):
        return [_plain(each) for each in paired]
    if isinstance(paired, Mapping):
        return {key: each for key, each in paired.items() if key in ("item", "input")}
    return paired
