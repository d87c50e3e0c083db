"""What a run came to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from n8nlite.binary import described
from n8nlite.context import Response
from n8nlite.errors import NodeError
from n8nlite.node import Item
from n8nlite.state import NodeRun, State, item_dict


@dataclass(frozen=True, slots=True)
class NodeResult:
    """What one node did in a run, over all its runs."""

    name: str
    runs: Sequence[NodeRun]

    @property
    def items(self) -> list[Item]:
        """The items of the first output that has any, of all runs together."""
        for output in range(max((len(run.outputs) for run in self.runs), default=0)):
            items = [item for run in self.runs for item in _lane(run, output)]
            if items:
                return items
        return []

    @property
    def outputs(self) -> list[list[Item]]:
        """The items of every output of the last run."""
        return [list(lane or ()) for lane in self.runs[-1].outputs]

    @property
    def status(self) -> str:
        """n8n's status of the last run: success, error, waiting."""
        return self.runs[-1].status

    @property
    def error(self) -> dict[str, Any] | None:
        """The error of the last run in n8n's shape, if it had one."""
        return self.runs[-1].error

    @property
    def seconds(self) -> float:
        """How long the node ran, all runs together, in seconds."""
        return sum(run.elapsed for run in self.runs)


@dataclass(slots=True)
class Result:
    """
    The outcome of a run.

    `workflow` and `id` are the workflow's name and id; `status` is success, error, waiting,
    canceled or setup_error, `error` n8n's error shape, `response` what a webhook's caller gets,
    `seconds` the whole time.
    """

    workflow: str
    id: str
    mode: str
    start: str | None
    status: str
    state: State
    error: dict[str, Any] | None = None
    cause: Exception | None = None
    last_node: str | None = None
    response: Response | None = None
    timed_out: bool = False
    seconds: float = 0
    console: list[Any] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether the run ended without an error."""
        return self.status in {"success", "waiting"}

    @property
    def order(self) -> list[str]:
        """The names of the nodes in the order they ran, one entry a run."""
        return self.state.order

    @property
    def runs(self) -> Mapping[str, Sequence[NodeRun]]:
        """All runs, by node."""
        return self.state.runs

    def node(self, name: str) -> NodeResult:
        """What the node of that name did. Raises KeyError when it did not run."""
        if name not in self.state.runs:
            ran = ", ".join(map(repr, self.state.runs)) or "none"
            raise KeyError(f"node {name!r} did not run; these did: {ran}")
        return NodeResult(name, self.state.runs[name])

    @property
    def items(self) -> list[Item]:
        """The items of the node that ran last."""
        return self.node(self.last_node).items if self.last_node in self.state.runs else []

    def raise_for_error(self) -> Result:
        """The result itself. Raises the error that ended the run, if one did."""
        if self.cause is not None:
            raise self.cause
        if not self.ok:
            raise NodeError((self.error or {}).get("message", self.status))
        return self

    def query(self, expression: str) -> Any:
        """The part of `to_dict()` that a JMESPath expression picks (https://jmespath.org)."""
        import jmespath

        return jmespath.search(expression, self.to_dict())

    def to_dict(self) -> dict[str, Any]:
        """The result as JSON data, in the shape of n8n's run data."""
        data: dict[str, Any] = {
            "workflow": self.workflow,
            **({"id": self.id} if self.id else {}),
            "mode": self.mode,
            "start": self.start,
            "status": self.status,
            "finished": self.status == "success",
            "error": self.error,
            "lastNodeExecuted": self.last_node,
            "nodeExecutionOrder": self.order,
            "runData": {
                name: [_run_dict(run) for run in runs] for name, runs in self.state.runs.items()
            },
            "wallMs": round(self.seconds * 1000, 2),
        }
        if self.response is not None:
            data["webhookResponse"] = _response_dict(self.response)
        if self.console:
            data["console"] = self.console
        if self.timed_out:
            data["timedOut"] = True
        if self.state.waiting:
            data["stillWaitingForInput"] = list(self.state.waiting)
        if static := {key: value for key, value in self.state.static_data.items() if value}:
            data["staticData"] = static
        return data


def _lane(run: NodeRun, output: int) -> Sequence[Item]:
    return (run.outputs[output] if output < len(run.outputs) else None) or ()


def _run_dict(run: NodeRun) -> dict[str, Any]:
    data: dict[str, Any] = {
        "executionIndex": run.index,
        "status": run.status,
        "executionTime": round(run.elapsed * 1000),
        "source": [
            source
            and {
                "previousNode": source.node,
                "previousNodeOutput": source.output,
                "previousNodeRun": source.run,
            }
            for source in run.sources
        ],
        "outputs": None
        if run.failed
        else [
            None if lane is None else [_item_dict(item) for item in lane] for lane in run.outputs
        ],
    }
    if run.error is not None:
        data["error"] = run.error
    if run.metadata:
        data["metadata"] = run.metadata
    return data


def _item_dict(item: Item) -> dict[str, Any]:
    data = item_dict(item)
    if item.binary:
        data["binary"] = {name: described(entry) for name, entry in item.binary.items()}
    return data


def _response_dict(response: Response) -> dict[str, Any]:
    body = response.body
    if isinstance(body, bytes):
        body = {"type": "Buffer", "data": list(body)}
    data = {"headers": response.headers, "statusCode": response.status}
    return data if body is None else {"body": body, **data}
