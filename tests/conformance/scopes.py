"""What the expression of a case may see, as a Scope."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from n8nlite_expressions import Item, NodeData, Pair, Run, Scope, Source
from tests.conformance.cases import Case

Wires = Mapping[str, Any]


def scope(case: Case) -> Scope:
    """The scope of a case, by the way it describes it."""
    context = case.get("context") or {}
    if "fixture" in context:
        return _of_fixture(case, context)
    given = {**case.shared.get("shared_context", {}), **case.data}
    nodes, parameters = {}, given.get("node_parameters", {})
    if "workflow" in context:
        nodes = _nodes(context["workflow"], context.get("run_data") or {}, given["active_node"])
        parameters = nodes[given["active_node"]].parameters
    keys = given.get("additional_keys", {})
    return Scope(
        input=_items(given.get("input")),
        item_index=max(0, given.get("item_index", 0)),
        run_index=given.get("run_index", 0),
        sources=[Source(given["previous_node"])] if "previous_node" in given else (),
        nodes=nodes,
        active=given.get("active_node", "node"),
        parameters=parameters,
        workflow={"active": False, **given.get("workflow", {})},
        execution=keys.get("$execution", {}),
        vars=keys.get("$vars", {}),
        env={},  # n8n 1.108 denied nobody the environment
        timezone=given.get("timezone", "America/New_York"),
    )


def _of_fixture(case: Case, context: Mapping[str, Any]) -> Scope:
    folder = case.folder / "fixtures"
    workflow = _read(folder / f"{context['fixture']}_workflow.json")
    run_data = _read(folder / f"{context['fixture']}_run.json")["data"]["resultData"]["runData"]
    active, options = context["active_node"], context.get("proxy_options", {})
    if not context["use_run_data"]:
        run_data = _pinned(workflow)
    run_index = options.get("runIndex", context["run_index"])
    spec = next(node for node in workflow["nodes"] if node["name"] == active)
    run = next(iter(run_data.get(active, [])[run_index:]), None)
    nodes = _nodes(workflow, run_data, active)
    kind = options.get("connectionType", "main")
    data = (run or {}).get("inputOverride") or (run or {}).get("data", {})
    items = data.get(kind) or [[]]
    return Scope(
        input=_items(items[0]) or _pinned_input(workflow, run_data, active),
        item_index=context["item_index"],
        run_index=run_index,
        sources=_sources(run) if run else _parents(workflow, run_data, active),
        nodes=nodes,
        active=active,
        parameters=spec.get("parameters", {}),
        workflow={
            "id": context["workflow_id"],
            "name": context["workflow_name"],
            "active": False,
        },
        timezone=case["timezone"],
        node={"id": spec.get("id"), "typeVersion": spec.get("typeVersion")},
    )


def _read(file: Any) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def _pinned(workflow: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: [{"source": [], "data": {"main": [[{"json": json} for json in items]]}}]
        for name, items in (workflow.get("pinData") or {}).items()
    }


def _parents(workflow: Mapping[str, Any], run_data: Wires, active: str) -> list[Source]:
    return [Source(name) for name in _leading_to(workflow, active) if name in run_data]


def _pinned_input(workflow: Mapping[str, Any], run_data: Wires, active: str) -> list[Item]:
    """A node that has not run gets what is pinned on the one before it, item by item."""
    for name in _leading_to(workflow, active):
        if name in (workflow.get("pinData") or {}) and name in run_data:
            items = _items(run_data[name][0]["data"]["main"][0])
            return [Item(item.json, paired=index) for index, item in enumerate(items)]
    return []


def _leading_to(workflow: Mapping[str, Any], node: str) -> Iterator[str]:
    for name, outputs in workflow["connections"].items():
        if any(wire["node"] == node for wires in outputs.get("main", []) for wire in wires or ()):
            yield name


def _nodes(workflow: Mapping[str, Any], run_data: Wires, active: str) -> dict[str, NodeData]:
    return {
        node["name"]: NodeData(
            runs=[_run(run) for run in run_data.get(node["name"], ())],
            parameters=node.get("parameters", {}),
            branch=_branch(workflow["connections"], node["name"], active),
            pinned=node["name"] in (workflow.get("pinData") or {}),
        )
        for node in workflow["nodes"]
    }


def _run(run: Mapping[str, Any]) -> Run:
    outputs = run.get("data", {}).get("main") or []
    return Run([items and _items(items) for items in outputs], _sources(run))


def _sources(run: Mapping[str, Any]) -> list[Source | None]:
    return [
        source
        and Source(
            source["previousNode"],
            source.get("previousNodeOutput") or 0,
            source.get("previousNodeRun") or 0,
        )
        for source in run.get("source") or ()
    ]


def _branch(connections: Wires, name: str, active: str) -> int:
    """The output of a node that leads to the active one."""
    for index, wires in enumerate(connections.get(name, {}).get("main", [])):
        seen: set[str] = set()
        ahead = [wire["node"] for wire in wires or ()]
        while ahead:
            node = ahead.pop()
            if node == active:
                return index
            if node not in seen:
                seen.add(node)
                outputs = connections.get(node, {}).get("main", [])
                ahead += [wire["node"] for each in outputs for wire in each or ()]
    return 0


def _items(items: Any) -> list[Item]:
    return [
        Item(item["json"], item.get("binary"), _pair(item.get("pairedItem")))
        for item in items or ()
    ]


def _pair(paired: Any) -> Any:
    if isinstance(paired, list):
        return tuple(_pair(each) for each in paired)
    if isinstance(paired, Mapping):
        return Pair(paired["item"], paired.get("input") or 0)
    return paired
