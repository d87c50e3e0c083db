"""The workflow, as n8n's file has it: nodes, connections, settings, pinned data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Unpack

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr
from pydantic.alias_generators import to_camel

from n8nlite import jsontext
from n8nlite.repairs import Repair
from n8nlite.source import Defaults, Source, dumped

if TYPE_CHECKING:
    from n8nlite.plan import Plan
    from n8nlite.result import Result
    from n8nlite.running import RunOptions

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
    """
    A workflow; `n8nlite.load` reads one from any of n8n's export shapes.

    Keys that n8nlite does not know are kept. One that was read and not changed is written again as
    the very text it was read from; a changed one keeps the order of its keys, and the file's style.
    """

    id: str = ""
    name: str = ""
    active: bool = False
    nodes: list[NodeSpec] = Field(default_factory=list)
    connections: Connections = Field(default_factory=dict)
    settings: dict[str, Any] = Field(default_factory=dict)
    pin_data: dict[str, list[dict[str, Any]]] = Field(default_factory=dict)
    static_data: dict[str, Any] = Field(default_factory=dict)

    _source: Source | None = PrivateAttr(None)
    _repairs: tuple[Repair, ...] = PrivateAttr(())

    def node(self, name: str) -> NodeSpec:
        """The node of that name; KeyError if there is none."""
        return self.by_name[name]

    @property
    def by_name(self) -> Mapping[str, NodeSpec]:
        """The nodes by their names."""
        return {node.name: node for node in self.nodes}

    @property
    def repairs(self) -> tuple[Repair, ...]:
        """What was done to the file on reading; empty when it was as n8n writes it."""
        return self._repairs

    @property
    def plan(self) -> Plan:
        """What a run will follow: graph, order, start, repaired parameters; made anew each time."""
        from n8nlite.plan import Plan

        return Plan.of(self)

    def run(self, items: Iterable[Any] | None = None, **options: Unpack[RunOptions]) -> Result:
        """
        Run it, and wait for the end.

        `items` are what the start node puts out: Items, n8n's `{"json": ...}`, or the json alone;
        without them a webhook gets `request`, and any other trigger starts as in n8n's editor. All
        options are in `n8nlite.running.RunOptions`.

        Errors of nodes are in the Result (`raise_for_error()` raises them); wrong options raise
        InputError.
        """
        from n8nlite import running

        return running.run(self, items, **options)

    async def arun(
        self, items: Iterable[Any] | None = None, **options: Unpack[RunOptions]
    ) -> Result:
        """The same for callers with an event loop; cancelling the task stops the run."""
        from n8nlite import running

        return await running.arun(self, items, **options)

    def to_json(self, *, repaired: bool = False) -> str:
        """The text of its file; `repaired`: with the repairs that were made on reading written."""
        data = self.to_bytes(repaired=repaired)
        return data.decode(self._source.encoding if self._source else "utf-8")

    def to_bytes(self, *, repaired: bool = False) -> bytes:
        """The bytes of its file, in the encoding it was read from."""
        after = dumped(self)
        if self._source is None:
            return jsontext.dumps(_DEFAULTS.fresh(after), indent=True)
        if not repaired and after == dumped(self._source.reread()):
            return self._source.data
        return self._source.rewritten(after, _DEFAULTS, repaired=repaired)

    def save(self, path: str | Path, *, repaired: bool = False) -> None:
        """Write it to a file. Raises OSError."""
        Path(path).write_bytes(self.to_bytes(repaired=repaired))


_DEFAULTS = Defaults(dumped(Workflow()), NodeSpec(name="", type="").model_dump(by_alias=True))
