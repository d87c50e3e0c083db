"""
The state of a run, as plain data: what is queued, what waits for more input, what every node did.

It can be written as JSON after any node and read again elsewhere; the run goes on from there.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from n8nlite.binary import read_binary
from n8nlite_expressions.scope import Item, Pair, Pairing, Run, Source

Lane = Sequence[Item] | None
"""The items of one input or output; None: nothing came."""


@dataclass(slots=True)
class NodeRun(Run):
    """
    One run of one node.

    `index` counts the node runs of the whole execution from 0, `started` and `elapsed` are seconds
    (since the epoch; monotonic). `error` is n8n's error shape.
    """

    index: int = 0
    status: str = "success"
    started: float = 0
    elapsed: float = 0
    error: dict[str, Any] | None = None
    metadata: dict[str, Any] | None = None
    failed: bool = False


@dataclass(slots=True)
class Task:
    """A node that is ready to run, with the items of each of its inputs."""

    node: str
    inputs: list[Lane]
    sources: list[Source | None] = field(default_factory=list)


@dataclass(slots=True)
class Pending:
    """What a node with several inputs has so far."""

    inputs: list[Lane]
    sources: list[Source | None]


@dataclass(slots=True)
class State:
    """Everything a run is, between two nodes."""

    stack: deque[Task] = field(default_factory=deque)
    waiting: dict[str, dict[int, Pending]] = field(default_factory=dict)
    runs: dict[str, list[NodeRun]] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    node_state: dict[str, dict[str, Any]] = field(default_factory=dict)
    static_data: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The state as JSON data."""
        return {
            "stack": [_task(task) for task in self.stack],
            "waiting": {
                node: {
                    str(run): {
                        "inputs": _lanes(pending.inputs),
                        "sources": _sources(pending.sources),
                    }
                    for run, pending in runs.items()
                }
                for node, runs in self.waiting.items()
            },
            "runs": {node: [_node_run(run) for run in runs] for node, runs in self.runs.items()},
            "order": self.order,
            "nodeState": self.node_state,
            "staticData": self.static_data,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> State:
        """The state that `to_dict` wrote."""
        return cls(
            stack=deque(
                Task(each["node"], _read_lanes(each["inputs"]), _read_sources(each["sources"]))
                for each in data["stack"]
            ),
            waiting={
                node: {
                    int(run): Pending(_read_lanes(each["inputs"]), _read_sources(each["sources"]))
                    for run, each in runs.items()
                }
                for node, runs in data["waiting"].items()
            },
            runs={
                node: [_read_node_run(each) for each in runs] for node, runs in data["runs"].items()
            },
            order=list(data["order"]),
            node_state=dict(data["nodeState"]),
            static_data=dict(data["staticData"]),
        )


def item_dict(item: Item) -> dict[str, Any]:
    """An item in n8n's shape: json, binary, pairedItem, error; what it has not is left out."""
    result: dict[str, Any] = {"json": item.json}
    if item.binary:
        result["binary"] = item.binary
    if item.paired is not None:
        result["pairedItem"] = pairing_data(item.paired)
    if item.error is not None:
        result["error"] = item.error
    return result


def read_item(data: Mapping[str, Any]) -> Item:
    """An item from n8n's shape. Raises InputError."""
    return Item(
        dict(data.get("json") or {}),
        read_binary(data.get("binary")),
        read_pairing(data.get("pairedItem")),
        data.get("error"),
    )


def pairing_data(paired: Pairing) -> Any:
    """A pairing in n8n's shape."""
    if isinstance(paired, Pair):
        data: dict[str, Any] = {"item": paired.item}
        if paired.input:
            data["input"] = paired.input
        if paired.source:
            node, output, run = paired.source
            data["sourceOverwrite"] = {
                "previousNode": node,
                "previousNodeOutput": output,
                "previousNodeRun": run,
            }
        return data
    if isinstance(paired, int):
        return {"item": paired}
    return None if paired is None else [pairing_data(each) for each in paired]


def read_pairing(data: Any) -> Pairing:
    """A pairing from any of n8n's shapes: a number, `{item, input}`, or a list of those."""
    match data:
        case bool():
            return None
        case int():
            return data
        case {"item": int(item), **rest}:
            place = _index(rest.get("input"))
            source = _read_overwrite(rest.get("sourceOverwrite"))
            return Pair(item, place, source) if place or source else item
        case list():
            pairs = (read_pairing(each) for each in data)
            return tuple(each for each in pairs if isinstance(each, int | Pair))
    return None


def _read_overwrite(data: Any) -> Source | None:
    if not isinstance(data, dict) or "previousNode" not in data:
        return None
    output, run = data.get("previousNodeOutput"), data.get("previousNodeRun")
    return Source(str(data["previousNode"]), _index(output), _index(run))


def _index(value: Any) -> int:
    return value if isinstance(value, int) else 0


def _lanes(lanes: Sequence[Lane]) -> list[list[dict[str, Any]] | None]:
    return [None if lane is None else [item_dict(item) for item in lane] for lane in lanes]


def _sources(sources: Sequence[Source | None]) -> list[list[Any] | None]:
    return [None if source is None else list(source) for source in sources]


def _read_lanes(data: Sequence[Any]) -> list[Lane]:
    return [None if lane is None else [read_item(each) for each in lane] for lane in data]


def _read_sources(data: Sequence[Any]) -> list[Source | None]:
    return [None if each is None else Source(*each) for each in data]


def _task(task: Task) -> dict[str, Any]:
    return {"node": task.node, "inputs": _lanes(task.inputs), "sources": _sources(task.sources)}


def _node_run(run: NodeRun) -> dict[str, Any]:
    return {
        "outputs": _lanes(run.outputs),
        "sources": _sources(run.sources),
        "index": run.index,
        "status": run.status,
        "started": run.started,
        "elapsed": run.elapsed,
        "error": run.error,
        "metadata": run.metadata,
        "failed": run.failed,
    }


def _read_node_run(data: Mapping[str, Any]) -> NodeRun:
    plain = {key: data[key] for key in data if key not in {"outputs", "sources"}}
    return NodeRun(_read_lanes(data["outputs"]), _read_sources(data["sources"]), **plain)
