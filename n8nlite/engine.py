"""
The engine: take the next node, run it, note what it put out, hand that on.

A loop over plain data (`State`): it can stop, be stored and go on between any two nodes.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from n8nlite import events, failures, registry
from n8nlite.errors import Canceled, Error, UnknownNode, WorkflowError
from n8nlite.execution import DEPTH, Execution
from n8nlite.node import Inputs, Item, Node
from n8nlite.node_run import NodeRunner, Outcome
from n8nlite.outputs import pair_rest, passed_on
from n8nlite.result import Result
from n8nlite.schedule import Schedule
from n8nlite.state import NodeRun, Task, read_item
from n8nlite.workflow import NodeSpec
from n8nlite_expressions import Scope, is_expression


def run(
    execution: Execution,
    *,
    start: str | None = None,
    items: Sequence[Item] | None = None,
    until: str | None = None,
) -> Result:
    """
    Run from the start node, or go on from the execution's state where that has something queued.

    `items` are what the start node puts out; `until` is the last node to run. Errors of nodes are
    in the Result, not raised.
    """
    return _Engine(execution, until).run(start, items)


class _Engine:
    def __init__(self, execution: Execution, until: str | None) -> None:
        self.execution = execution
        self.plan = execution.plan
        self.state = execution.state
        self.schedule = Schedule(self.plan, self.state, self._required_inputs)
        self.wanted = self._on_the_way(until)
        self.until = until
        self.runners: dict[str, NodeRunner] = {}
        self.start: str | None = None
        self.start_items: list[Item] | None = None
        self.last: str | None = None

    def run(self, start: str | None, items: Sequence[Item] | None) -> Result:
        began = time.perf_counter()
        depth = DEPTH.set(self.execution.depth + 1)
        workflow = self.plan.workflow
        result = Result(
            workflow.name, workflow.id, self.execution.mode, start, "success", self.state
        )
        try:
            if not (self.state.stack or self.state.order):
                self._prepare(start, items)
            result.start = self.start
            self._emit(events.RunStarted, start=self.start or "")
            self._loop()
            self._end(result)
        except (Canceled, KeyboardInterrupt) as stopped:
            result.status = "canceled"
            result.timed_out = self.execution.timed_out
            result.cause = stopped if isinstance(stopped, Canceled) else Canceled("interrupted")
        except UnknownNode as error:
            self._fail(result, error, "setup_error" if self.last is None else "error")
        except Error as error:
            self._fail(result, error, "error" if self.state.order else "setup_error")
        finally:
            DEPTH.reset(depth)
        result.last_node = self.last
        result.response = self.execution.response
        result.console = self.execution.console
        result.seconds = time.perf_counter() - began
        self._emit(events.RunFinished, result=result)
        self.execution.close()
        return result

    def _end(self, result: Result) -> None:
        """As in n8n, a run whose last node went on in spite of an error has failed."""
        runs = self.state.runs.get(self.last or "")
        if runs and runs[-1].error is not None:
            result.status, result.error = "error", runs[-1].error

    def _prepare(self, wanted: str | None, items: Sequence[Item] | None) -> None:
        self.start = self.plan.start(wanted)
        if self.start is None:
            raise WorkflowError(
                "the workflow has no trigger to start from: add a Manual Trigger or name a node"
            )
        if items is not None:
            self.start_items = list(items)
        self.state.stack.append(Task(self.start, [[Item({})]], []))

    def _loop(self) -> None:
        while self.state.stack or self.schedule.release_waiting():
            self.execution.check()
            task = self.state.stack.popleft()
            if self.wanted is None or task.node in self.wanted:
                self._step(task)

    def _step(self, task: Task) -> None:
        name, before = task.node, self.last
        self.last = name
        number = len(self.state.runs.get(name, ()))
        inputs = [lane or [] for lane in task.inputs]
        record = NodeRun([], task.sources, len(self.state.order), started=time.time())
        self._emit(events.NodeStarted, node=name, run=number, items=sum(map(len, inputs)))
        began = time.perf_counter()
        try:
            outcome = self._outcome(task, inputs, number)
        except (Canceled, KeyboardInterrupt):
            raise
        except Exception as error:
            record.elapsed = time.perf_counter() - began
            self._note_failure(record, error, name, number)
            raise
        if outcome.unseen:
            self.last = before
            return
        record.elapsed = time.perf_counter() - began
        record.outputs = outcome.lanes
        if outcome.error is not None:
            record.status, record.error = "error", self._error_data(outcome.error)
        self._note(name, record)
        self._emit(events.NodeFinished, node=name, run=number, result=record)
        if name != self.until:
            self.schedule.hand_on(name, number, outcome.lanes)

    def _outcome(self, task: Task, inputs: Inputs, number: int) -> Outcome:
        spec = self.plan.nodes[task.node]
        given = self._given(task)
        if given is not None:
            lanes = [given]
            pair_rest(lanes, inputs)
            return Outcome(lanes)
        if spec.disabled:
            return Outcome([passed_on(inputs[0] if inputs else ())])
        scope = self.execution.scope(task, number)
        outcome = self._runner(task.node, scope).run(inputs, scope, number)
        if spec.always_output_data and not (outcome.lanes and outcome.lanes[0]):
            paired = tuple(index for lane in inputs[:1] for index in range(len(lane)))
            empty = [Item({}, paired=paired if len(paired) != 1 else paired[0])]
            outcome.lanes[:1], outcome.unseen = [empty], False
        return outcome

    def _given(self, task: Task) -> list[Item] | None:
        """The items that stand for a node's output: the caller's, or data pinned in the file."""
        if task.node == self.start and self.start_items is not None and not task.sources:
            return [Item(item.json, item.binary, item.paired) for item in self.start_items]
        pinned = self.plan.workflow.pin_data.get(task.node)
        if pinned is None or not self.execution.use_pins:
            return None
        if not self.plan.nodes[task.node].disabled:
            return [read_item(each) for each in pinned]
        return None

    def _runner(self, name: str, scope: Scope) -> NodeRunner:
        """The runner of a node; a new one for each run where expressions choose the operation."""
        if name in self.runners:
            return self.runners[name]
        spec = self.plan.nodes[name]
        chosen = self._chosen(spec, scope)
        runner = NodeRunner(spec, self._class(name, chosen), self.execution)
        if not chosen:
            self.runners[name] = runner
        return runner

    def _chosen(self, spec: NodeSpec, scope: Scope) -> dict[str, Any]:
        """The parameters that select the operation by an expression, with their values."""
        if not registry.knows(spec.type):
            return {}
        keys = registry.selectors(spec.type) & spec.parameters.keys()
        expressions = {
            key: spec.parameters[key] for key in keys if is_expression(spec.parameters[key])
        }
        return self.execution.evaluator.resolve(expressions, scope) if expressions else {}

    def _class(self, name: str, chosen: Mapping[str, Any] | None = None) -> type[Node]:
        spec = self.plan.nodes[name]
        try:
            parameters = {**spec.parameters, **(chosen or {})}
            return registry.lookup(spec.type, spec.type_version, parameters)
        except UnknownNode as error:
            raise UnknownNode(
                f"'{name}': {error}; pin data to the node (pinData) to run without it"
            ) from None

    def _required_inputs(self, name: str) -> int | tuple[int, ...]:
        spec = self.plan.nodes[name]
        if spec.disabled:
            return 0
        return self._class(name).required_inputs(spec.parameters, spec.type_version)

    def _on_the_way(self, until: str | None) -> set[str] | None:
        if until is None:
            return None
        self.plan.start(until)
        return {until, *self.plan.graph.ancestors(until)}

    def _note(self, name: str, record: NodeRun) -> None:
        self.state.runs.setdefault(name, []).append(record)
        self.state.order.append(name)

    def _note_failure(self, record: NodeRun, error: Exception, name: str, number: int) -> None:
        failure = (
            error
            if isinstance(error, UnknownNode)
            else failures.attach(error, self.plan.nodes[name])
        )
        record.status, record.failed, record.error = "error", True, self._error_data(failure)
        self._note(name, record)
        self._emit(events.NodeFailed, node=name, run=number, result=record)
        if failure is not error:
            raise failure from error

    def _fail(self, result: Result, error: Error, status: str) -> None:
        result.status = status
        result.cause = error
        result.error = self._error_data(error)

    def _error_data(self, error: Exception) -> dict[str, object]:
        return failures.masked(
            failures.error_data(error), self.execution.settings.credentials.secrets
        )

    def _emit(self, kind: type[events.Event], **more: object) -> None:
        if self.execution.settings.listeners:
            self.execution.emit(kind(self.plan.workflow.name, self.execution.depth, **more))
