"""The graph of a workflow: who leads to whom. No function recurses; all are linear in its size."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from n8nlite.workflow import Workflow

MAIN = "main"


@dataclass(frozen=True, slots=True)
class Edge:
    """One connection: from an output of a node to an input of another, both counted from 0."""

    source: str
    output: int
    target: str
    input: int
    kind: str = MAIN


@dataclass(slots=True)
class Graph:
    """The edges of a workflow by the node they leave and by the node they reach."""

    names: tuple[str, ...]
    edges: list[Edge]
    missing: list[Edge] = field(default_factory=list)
    _outgoing: dict[str, list[Edge]] = field(init=False)
    _incoming: dict[str, list[Edge]] = field(init=False)

    def __post_init__(self) -> None:
        self._outgoing = {name: [] for name in self.names}
        self._incoming = {name: [] for name in self.names}
        for edge in self.edges:
            self._outgoing[edge.source].append(edge)
            self._incoming[edge.target].append(edge)

    @classmethod
    def of(cls, workflow: Workflow) -> Graph:
        """The graph of a workflow; edges to or from nodes that are not there are `missing`."""
        names = tuple(dict.fromkeys(node.name for node in workflow.nodes))
        known = set(names)
        edges: list[Edge] = []
        missing: list[Edge] = []
        for edge in _edges(workflow):
            there = edge.source in known and edge.target in known
            (edges if there else missing).append(edge)
        return cls(names, edges, missing)

    def outgoing(self, name: str, output: int | None = None, kind: str = MAIN) -> list[Edge]:
        """The edges that leave a node, or one output of it, in the order of the file."""
        return [
            edge
            for edge in self._outgoing[name]
            if edge.kind == kind and (output is None or edge.output == output)
        ]

    def incoming(self, name: str, input: int | None = None, kind: str = MAIN) -> list[Edge]:
        """The edges that reach a node, or one input of it, in the order of the file."""
        return [
            edge
            for edge in self._incoming[name]
            if edge.kind == kind and (input is None or edge.input == input)
        ]

    def children(self, name: str, kind: str = MAIN) -> list[str]:
        """The nodes that a node leads to, each once."""
        return list(dict.fromkeys(edge.target for edge in self.outgoing(name, kind=kind)))

    def parents(self, name: str, kind: str = MAIN) -> list[str]:
        """The nodes that lead to a node, each once."""
        return list(dict.fromkeys(edge.source for edge in self.incoming(name, kind=kind)))

    def descendants(self, *names: str) -> set[str]:
        """All nodes that can be reached from these, themselves only where a loop leads back."""
        return _reached(names, self.children)

    def ancestors(self, *names: str) -> set[str]:
        """All nodes from which these can be reached, themselves only where a loop leads back."""
        return _reached(names, self.parents)

    def sub_nodes(self, name: str) -> dict[str, list[str]]:
        """The models, tools and memories below an AI node, by the type of their connection."""
        found: dict[str, list[str]] = {}
        for edge in self._incoming[name]:
            if edge.kind != MAIN:
                found.setdefault(edge.kind, []).append(edge.source)
        return found

    def input_count(self, name: str) -> int:
        """How many main inputs have a connection, counted up to the last such."""
        return max((edge.input + 1 for edge in self.incoming(name)), default=0)

    def loops(self) -> list[frozenset[str]]:
        """The sets of nodes that lead to each other, in the order of the file."""
        place = {name: index for index, name in enumerate(self.names)}
        found = [
            frozenset(group)
            for group in _strongly_connected(self.names, self.children)
            if len(group) > 1 or group[0] in self.children(group[0])
        ]
        return sorted(found, key=lambda group: min(place[name] for name in group))


def _edges(workflow: Workflow) -> Iterator[Edge]:
    for source, by_kind in workflow.connections.items():
        for kind, outputs in by_kind.items():
            for output, wires in enumerate(outputs):
                for wire in wires or ():
                    yield Edge(source, output, wire.node, wire.index, kind)


def _reached(names: Iterable[str], step: Callable[[str], list[str]]) -> set[str]:
    found: set[str] = set()
    left = list(names)
    while left:
        for name in step(left.pop()):
            if name not in found:
                found.add(name)
                left.append(name)
    return found


def _strongly_connected(
    names: Iterable[str], step: Callable[[str], list[str]]
) -> Iterator[list[str]]:
    """Tarjan's algorithm, with a stack of its own."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    open_ones: dict[str, None] = {}
    for root in names:
        if root in index:
            continue
        path = [(root, iter(step(root)))]
        index[root] = low[root] = len(index)
        open_ones[root] = None
        while path:
            name, children = path[-1]
            child = next(children, None)
            if child is None:
                path.pop()
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[name])
                if low[name] == index[name]:
                    yield _closed(open_ones, name)
            elif child not in index:
                index[child] = low[child] = len(index)
                open_ones[child] = None
                path.append((child, iter(step(child))))
            elif child in open_ones:
                low[name] = min(low[name], index[child])


def _closed(open_ones: dict[str, None], name: str) -> list[str]:
    group = []
    while name in open_ones:
        group.append(open_ones.popitem()[0])
    return group
