"""What a running node may reach, besides its parameters and its items."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from n8nlite.node import Credential, Inputs, Item
from n8nlite.workflow import NodeSpec, Workflow
from n8nlite_expressions.scope import Scope

if TYPE_CHECKING:
    import httpx

    from n8nlite.binary import BinaryStore
    from n8nlite_expressions import Evaluator

C = TypeVar("C", bound=Credential)


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request that a webhook answers."""

    method: str = "POST"
    path: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Any = field(default_factory=dict)
    url: str = ""


@dataclass(slots=True)
class Response:
    """What a webhook answers; `body` is JSON data, text or bytes."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None


class Services(Protocol):
    """What an execution offers to its nodes; `n8nlite.execution.Execution` is the real one."""

    workflow: Workflow
    mode: str
    evaluator: Evaluator
    request: Request | None
    response: Response | None
    binary: BinaryStore

    @property
    def http(self) -> httpx.Client: ...
    def credential(self, spec: NodeSpec, type_name: str) -> Mapping[str, Any]: ...
    def now(self) -> datetime: ...
    def sleep(self, seconds: float) -> None: ...
    def static_data(self, key: str) -> dict[str, Any]: ...
    def node_state(self, name: str) -> dict[str, Any]: ...
    def run_workflow(
        self, reference: SubWorkflow, items: Sequence[Item], *, wait: bool
    ) -> list[list[Item]]: ...
    def setting(self, name: str, default: str) -> str: ...
    def seconds_left(self) -> float: ...
    def check(self) -> None: ...


@dataclass(frozen=True, slots=True)
class SubWorkflow:
    """The workflow that an Execute Workflow node calls: by id or name, or the workflow itself."""

    id: str = ""
    inline: Mapping[str, Any] | None = None


class Context:
    """
    One run of one node.

    `run_index` counts the runs of this node in the execution from 0; `inputs` are the items of all
    inputs; `item_index` is the item being run (ItemNode), else 0; `memory` is what the node keeps
    from one item to the next.
    """

    def __init__(
        self,
        services: Services,
        spec: NodeSpec,
        inputs: Inputs = (),
        *,
        run_index: int = 0,
        item_index: int = 0,
        scope: Scope | None = None,
    ) -> None:
        self.services = services
        self.spec = spec
        self.inputs = inputs
        self.run_index = run_index
        self.item_index = item_index
        self.scope = scope or Scope(input=inputs[0] if inputs else ())
        self.memory: dict[str, Any] = {}
        self.log = logging.getLogger(f"n8nlite.nodes.{spec.type.rpartition('.')[2]}")

    def for_item(self, index: int) -> Context:
        """The same for another item; for nodes whose items run side by side."""
        other = copy(self)
        other.item_index = index
        return other

    @property
    def http(self) -> httpx.Client:
        """The door to the network: all requests go through this client, those of SDKs too."""
        return self.services.http

    @property
    def binary(self) -> BinaryStore:
        """Where the bytes of binary data are kept."""
        return self.services.binary

    @property
    def workflow(self) -> Workflow:
        """The workflow that runs."""
        return self.services.workflow

    @property
    def request(self) -> Request | None:
        """The HTTP request that started the run, if one did."""
        return self.services.request

    def respond(self, response: Response) -> None:
        """Answer the HTTP request that started the run; only the first answer counts."""
        if self.services.response is None:
            self.services.response = response

    def credential(self, kind: type[C]) -> C:
        """
        The node's credential of that kind, checked.

        Raises CredentialError when the caller gave none that fits the node.
        """
        return kind.model_validate(dict(self.services.credential(self.spec, kind.type)))

    def credential_data(self, type_name: str) -> Mapping[str, Any]:
        """The fields of a credential that no class describes (HTTP Request's predefined types)."""
        return self.services.credential(self.spec, type_name)

    def resolve(self, value: Any, item_index: int | None = None) -> Any:
        """The value with its expressions evaluated for an item (default: the one being run)."""
        index = self.item_index if item_index is None else item_index
        return self.services.evaluator.resolve(value, replace(self.scope, item_index=index))

    def resolve_all(self, value: Any) -> list[Any]:
        """The value with its expressions evaluated for every item of the input, all at once."""
        from n8nlite_expressions import compile_template

        count = len(self.scope.input)
        template = compile_template(value)
        resolved = self.services.evaluator.resolve_items(template, self.scope, count)
        return [resolved[index] for index in range(count)]

    def now(self) -> datetime:
        """The time, with the workflow's time zone; a test's clock may stand still."""
        return self.services.now()

    def sleep(self, seconds: float) -> None:
        """Wait; a test's clock does so in no time. Ends early when the run is stopped."""
        self.services.sleep(seconds)

    @property
    def state(self) -> dict[str, Any]:
        """What this node keeps between its runs in one execution (`$('Name').context`)."""
        return self.services.node_state(self.spec.name)

    def static_data(self, kind: str = "node") -> dict[str, Any]:
        """n8n's static data of the workflow ("global") or of this node ("node")."""
        return self.services.static_data("global" if kind == "global" else f"node:{self.spec.name}")

    def run_workflow(
        self, reference: SubWorkflow, items: Sequence[Item], *, wait: bool = True
    ) -> list[list[Item]]:
        """Run another workflow; its last node's items, output by output."""
        return self.services.run_workflow(reference, items, wait=wait)
