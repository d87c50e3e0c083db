"""The workflow, as n8n's file has it: nodes, connections, settings, pinned data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

OnError = Literal["stopWorkflow", "continueRegularOutput", "continueErrorOutput"]


class _Model(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="allow")


class Wire(_Model):
    """One end of a connection: the node, the input type and the input's index that it leads to."""

    node: str
    type: str = "main"
    index: int = 0


class NodeSpec(_Model):
    """A node as it stands in the file; `n8nlite.node.Node` is what runs for it."""

    name: str
    type: str
    type_version: float = 1
    id: str = ""
    position: tuple[float, float] = (0, 0)
    parameters: dict[str, Any] = Field(default_factory=dict)
    credentials: dict[str, Any] = Field(default_factory=dict)
    webhook_id: str | None = None
    disabled: bool = False
    on_error: OnError = "stopWorkflow"
    always_output_data: bool = False
    execute_once: bool = False
    retry_on_fail: bool = False
    max_tries: int = 3
    wait_between_tries: float = 1000


Connections = dict[str, dict[str, list[list[Wire] | None]]]


class Workflow(_Model):
    """A workflow; `n8nlite.load` reads one from any of n8n's export shapes."""

    id: str = ""
    name: str = ""
    active: bool = False
    nodes: list[NodeSpec] = Field(default_factory=list)
    connections: Connections = Field(default_factory=dict)
    settings: dict[str, Any] = Field(default_factory=dict)
    pin_data: dict[str, list[dict[str, Any]]] = Field(default_factory=dict)
    static_data: dict[str, Any] = Field(default_factory=dict)

    def node(self, name: str) -> NodeSpec:
        """The node of that name; KeyError if there is none."""
        return self.by_name[name]

    @property
    def by_name(self) -> Mapping[str, NodeSpec]:
        """The nodes by their names."""
        return {node.name: node for node in self.nodes}
