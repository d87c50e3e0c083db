"""
Which node runs next: n8n's two execution orders.

"v1" goes depth first: what a node's output leads to is run topmost first, then leftmost, before
anything queued earlier. "v0" goes breadth first, in the order of the connections, and gives the
branches that got nothing one empty item where a later node needs all its inputs.

https://docs.n8n.io/flow-logic/execution-order/
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from n8nlite.graph import Edge
from n8nlite.plan import Plan
from n8nlite.state import Lane, Pending, State, Task
from n8nlite_expressions.scope import Item, Source

Required = Callable[[str], int | tuple[int, ...]]
"""Which inputs of a node need data before it may run: how many, or their indexes."""


class Schedule:
    """Moves a state forward: what a node put out is handed on to the nodes it leads to."""

    def __init__(self, plan: Plan, state: State, required: Required) -> None:
        self.plan = plan
        self.graph = plan.graph
        self.state = state
        self.required = required

    def hand_on(self, node: str, run: int, outputs: Sequence[Lane]) -> None:
        """Queue, or add to what waits, every node that the outputs of this run lead to."""
        edges = self.plan.next_edges(node)
        for edge in reversed(edges) if self.plan.is_v1 else edges:
            if edge.output < len(outputs) and self._passes(outputs[edge.output], edge):
                self._deliver(edge, outputs[edge.output], run, outputs)

    def release_waiting(self) -> bool:
        """
        With nothing queued: queue the first waiting node that can get no more input.

        Returns whether there is something to run now.
        """
        while (task := self._settled()) is not None:
            if any(task.inputs):
                self.state.stack.append(task)
                return True
        return False

    def _settled(self) -> Task | None:
        """The first waiting node that no other waiting one leads to, no longer waiting."""
        for name, runs in self.state.waiting.items():
            first = min(runs)
            pending = runs[first]
            if self._waits_for_other(name):
                continue
            if self.plan.is_v1 and not self._has_required(name, pending):
                continue
            self._forget(name, first)
            return Task(name, [lane or [] for lane in pending.inputs], pending.sources)
        return None

    def _waits_for_other(self, name: str) -> bool:
        others = self.state.waiting.keys() - {name}
        return bool(others) and not others.isdisjoint(self.graph.ancestors(name))

    def _has_required(self, name: str, pending: Pending) -> bool:
        required = self.required(name)
        arrived = [index for index, lane in enumerate(pending.inputs) if lane is not None]
        if isinstance(required, tuple):
            return all(index in arrived for index in required)
        return len(arrived) >= required

    def _forget(self, name: str, number: int) -> None:
        runs = self.state.waiting[name]
        del runs[number]
        if not runs:
            del self.state.waiting[name]

    def _passes(self, lane: Lane, edge: Edge) -> bool:
        if lane is None:
            return False
        return bool(lane) or (edge.input > 0 and not self.plan.is_v1)

    def _deliver(self, edge: Edge, items: Lane, run: int, siblings: Sequence[Lane]) -> None:
        source = Source(edge.source, edge.output, run)
        if self.graph.input_count(edge.target) > 1:
            self._wait(edge, items, source, siblings)
            return
        inputs: list[Lane] = [None] * edge.input
        sources: list[Source | None] = [None] * edge.input
        inputs.append(items)
        sources.append(source)
        self._queue(Task(edge.target, inputs, sources))

    def _queue(self, task: Task) -> None:
        if self.plan.is_v1:
            self.state.stack.appendleft(task)
        else:
            self.state.stack.append(task)

    def _wait(self, edge: Edge, items: Lane, source: Source, siblings: Sequence[Lane]) -> None:
        first_time = edge.target not in self.state.waiting
        runs = self.state.waiting.setdefault(edge.target, {})
        number = self._free_slot(edge, runs)
        count = self.graph.input_count(edge.target)
        pending = runs.setdefault(number, Pending([None] * count, [None] * count))
        pending.inputs[edge.input] = items
        pending.sources[edge.input] = source
        if all(lane is not None for lane in pending.inputs):
            self._forget(edge.target, number)
            self._queue(Task(edge.target, pending.inputs, pending.sources))
        elif first_time and not self.plan.is_v1:
            self._wake_silent_branches(edge, source, siblings)

    @staticmethod
    def _free_slot(edge: Edge, runs: dict[int, Pending]) -> int:
        for number in sorted(runs):
            if runs[number].inputs[edge.input] is None:
                return number
        return max(runs, default=-1) + 1

    def _wake_silent_branches(self, edge: Edge, source: Source, siblings: Sequence[Lane]) -> None:
        """v0: run the branches into a waiting node that nothing came to, with one empty item."""
        fed = set(self.graph.children(source.node))
        for feeder in self.graph.parents(edge.target):
            on_its_way = feeder in fed and not self._came_empty(feeder, source.run)
            if feeder != source.node and not on_its_way:
                self._wake(feeder, fed, source, siblings)

    def _wake(self, feeder: str, fed: set[str], source: Source, siblings: Sequence[Lane]) -> None:
        silent = self._first_silent(feeder, fed)
        if silent is None:
            return
        below = source.node in self.graph.ancestors(silent)
        if below and not siblings[source.output]:
            return
        if not self.graph.incoming(silent) or self._came_empty(silent, source.run):
            self._queue(Task(silent, [[Item({})]], [Source(source.node)]))

    def _first_silent(self, feeder: str, fed: set[str]) -> str | None:
        """
        The node nearest to a start, on the way to the feeder, that neither ran nor is due to; None
        where the way leads over a node that what just ran leads to as well (`fed`).
        """
        queued = {task.node for task in self.state.stack} | self.state.waiting.keys()
        if feeder in self.state.runs or feeder in queued:
            return None
        silent, seen = feeder, {feeder}
        while True:
            above = [
                name
                for name in self.graph.parents(silent)
                if name not in self.state.runs and name not in seen
            ]
            if any(name in queued or name in fed for name in above):
                return None
            if not above:
                return silent
            silent = above[0]
            seen.add(silent)

    def _came_empty(self, name: str, run: int) -> bool:
        """Whether everything that leads to the node's first input has run and put out nothing."""
        for edge in self.graph.incoming(name, 0):
            runs = self.state.runs.get(edge.source, [])
            if run < len(runs):
                outputs = runs[run].outputs
                if edge.output < len(outputs) and outputs[edge.output]:
                    return False
        return True
