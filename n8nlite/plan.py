"""What a run of a workflow will follow: its graph, its start, its order. Pure data."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from n8nlite import node_types
from n8nlite.dialect import repair_parameters
from n8nlite.errors import WorkflowError
from n8nlite.graph import Edge, Graph
from n8nlite.repairs import Repair, Repairs, at, shown
from n8nlite.workflow import NodeSpec, Workflow

_FIRST_TRIGGERS = (
    "n8n-nodes-base.manualTrigger",
    "n8n-nodes-base.start",
    "n8n-nodes-base.executeWorkflowTrigger",
    "n8n-nodes-base.webhook",
)
_LAST_TRIGGERS = ("n8n-nodes-base.errorTrigger", "n8n-nodes-base.evaluationTrigger")


@dataclass(frozen=True)
class Plan:
    """
    A workflow ready to run.

    `nodes` are the nodes by name, with parameters and versions repaired; the workflow itself keeps
    them as its file has them. `problems` are what will not run as drawn, one line each.
    """

    workflow: Workflow
    nodes: dict[str, NodeSpec]
    graph: Graph
    repairs: tuple[Repair, ...]
    problems: tuple[str, ...]

    @classmethod
    def of(cls, workflow: Workflow, *, strict: bool = False) -> Plan:
        """
        The plan of a workflow. Raises UnreadableWorkflow when `strict` and a node's parameters
        are not as n8n writes them.
        """
        nodes: dict[str, NodeSpec] = {}
        log = Repairs(workflow.name or "<workflow>", strict=strict)
        for index, spec in enumerate(workflow.nodes):
            nodes[spec.name], repairs = repair_parameters(spec, at("nodes", index))
            for repair in repairs:
                log.note(repair.code, repair.place, repair.message, expected="n8n's parameters")
        graph = Graph.of(workflow)
        return cls(workflow, nodes, graph, (*workflow.repairs, *log.made), _problems(graph))

    @property
    def is_v1(self) -> bool:
        """Whether nodes run depth first by position; otherwise breadth first, as connected."""
        return self.workflow.settings.get("executionOrder") == "v1"

    @cached_property
    def loops(self) -> list[frozenset[str]]:
        """The sets of nodes that lead to each other."""
        return self.graph.loops()

    @cached_property
    def looping(self) -> frozenset[str]:
        """The nodes that are in a loop."""
        return frozenset().union(*self.loops)

    @cached_property
    def merges(self) -> frozenset[str]:
        """The nodes with connections at more than one input."""
        return frozenset(
            name
            for name in self.graph.names
            if len({edge.input for edge in self.graph.incoming(name)}) > 1
        )

    @cached_property
    def triggers(self) -> list[str]:
        """The nodes that can start a run, disabled ones left out, in the order of the file."""
        return [
            node.name
            for node in self.nodes.values()
            if node_types.is_trigger(node.type) and not node.disabled
        ]

    def start(self, wanted: str | None = None) -> str | None:
        """
        Where a run starts: the node that is wanted; else the only one there is; else the first
        manual, sub-workflow, webhook or other trigger. None when there is no trigger.

        Raises WorkflowError when no node has the wanted name.
        """
        if wanted is not None:
            if wanted not in self.nodes:
                raise WorkflowError(_no_such_node(wanted, self.nodes))
            return wanted
        runnable = [node.name for node in self.nodes.values() if not node_types.is_note(node.type)]
        if len(runnable) == 1:
            return runnable[0]
        return min(self.triggers, key=lambda name: _rank(self.nodes[name].type), default=None)

    def reachable(self, start: str | None) -> set[str]:
        """The nodes that a run from there can come to, with the sub-nodes of those."""
        if start is None:
            return set()
        found = {start, *self.graph.descendants(start)}
        left = list(found)
        while left:
            for names in self.graph.sub_nodes(left.pop()).values():
                left += [name for name in names if name not in found]
                found.update(names)
        return found

    def by_position(self, names: Iterable[str]) -> list[str]:
        """The nodes topmost first, then leftmost; of equal ones the later in `names` first."""
        latest_first = list(names)[::-1]
        return sorted(latest_first, key=lambda name: self.nodes[name].position[::-1])

    def next_edges(self, name: str, output: int | None = None) -> list[Edge]:
        """The connections of a node, or of one output, in the order in which n8n follows them."""
        edges = self.graph.outgoing(name, output)
        if not self.is_v1:
            return edges
        return sorted(edges[::-1], key=lambda edge: self.nodes[edge.target].position[::-1])

    def tree(self, start: str | None = None) -> str:
        """The plan as text, as `n8nlite show` prints it."""
        from n8nlite.show import draw

        return draw(self, start)


def start_node(workflow: Workflow, wanted: str | None = None) -> str | None:
    """Where a run of the workflow starts; see `Plan.start`."""
    return Plan.of(workflow).start(wanted)


def _rank(type_name: str) -> int:
    if type_name in _FIRST_TRIGGERS:
        return _FIRST_TRIGGERS.index(type_name)
    return len(_FIRST_TRIGGERS) + (type_name in _LAST_TRIGGERS)


def _problems(graph: Graph) -> tuple[str, ...]:
    return tuple(
        f"the connection from {shown(edge.source)} to {shown(edge.target)} leads nowhere"
        for edge in graph.missing
    )


def _no_such_node(wanted: str, names: Iterable[str]) -> str:
    near = difflib.get_close_matches(wanted, list(names), n=1)
    hint = f"; did you mean {shown(near[0])}?" if near else ""
    return f"the workflow has no node {shown(wanted)}{hint}"
