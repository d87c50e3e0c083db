"""Run one node by itself, offline, with the data a test gives it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from n8nlite import registry, running
from n8nlite.execution import Execution
from n8nlite.node import Item
from n8nlite.node_run import NodeRunner
from n8nlite.state import Lane, NodeRun, Task
from n8nlite.workflow import NodeSpec, Wire, Workflow
from n8nlite_expressions.scope import Source

NODE = "Node"
"""The name that the node has in errors; its inputs come from "Input 0", "Input 1", ..."""


def run_node(
    type: str,
    parameters: Mapping[str, Any],
    items: Iterable[Any] = ({},),
    *,
    inputs: Sequence[Iterable[Any]] | None = None,
    version: float | None = None,
    http: Any = "refuse",
    credentials: Any = None,
    spec: Mapping[str, Any] | None = None,
    **options: Any,
) -> list[list[Item]]:
    """
    The outputs of a node, run on `items` (or on the items of several `inputs`).

    `version` defaults to the newest, `http` refuses all requests unless it holds mocks, `spec` are
    more settings of the node (onError, executeOnce ...), `options` as in `Workflow.run`.

    Raises NodeError when the node fails, UnknownNode when there is no class for it.
    """
    lanes = [[running.to_item(each) for each in lane] for lane in inputs or [items]]
    node = NodeSpec.model_validate(
        {
            "name": NODE,
            "type": type,
            "typeVersion": newest(type) if version is None else version,
            "parameters": dict(parameters),
            **(spec or {}),
        }
    )
    execution = _execution(node, lanes, {"http": http, "credentials": credentials, **options})
    cls = registry.lookup(node.type, node.type_version, node.parameters)
    sources = [Source(f"Input {index}") for index in range(len(lanes))]
    given: list[Lane] = list(lanes)
    scope = execution.scope(Task(NODE, given, list(sources)), 0)
    try:
        return NodeRunner(node, cls, execution).run(lanes, scope, 0).lanes
    finally:
        execution.close()


def newest(type: str) -> float:
    """The newest version of a node type. Raises UnknownNode."""
    return max(version for cls in registry.classes(type) for version in cls.about.versions)


def _execution(node: NodeSpec, lanes: Sequence[list[Item]], options: Any) -> Execution:
    feeders = [
        NodeSpec(name=f"Input {index}", type="n8n-nodes-base.noOp") for index in range(len(lanes))
    ]
    workflow = Workflow(
        name="test",
        nodes=[*feeders, node],
        connections={
            feeder.name: {"main": [[Wire(node=NODE, index=index)]]}
            for index, feeder in enumerate(feeders)
        },
    )
    execution = running.execution(workflow, options)
    for feeder, lane in zip(feeders, lanes, strict=True):
        execution.state.runs[feeder.name] = [NodeRun([lane])]
    return execution
