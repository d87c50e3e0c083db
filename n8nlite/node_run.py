"""One run of one node: its fields evaluated, its items run, paired and routed, errors applied."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextvars import copy_context
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from n8nlite import failures
from n8nlite.context import Context
from n8nlite.errors import Canceled, Error, NodeError, RequestRefused
from n8nlite.fields import NodeFields
from n8nlite.node import BatchNode, Inputs, Item, ItemNode, Node, TriggerNode
from n8nlite.outputs import Lanes, Outputs, move_errors, pair_rest, passed_on
from n8nlite.workflow import NodeSpec

if TYPE_CHECKING:
    from n8nlite.execution import Execution
    from n8nlite_expressions import Resolved, Scope

WORKERS = 20
"""How many items of one node may do I/O at once."""


@dataclass(slots=True)
class Outcome:
    """
    What a node run came to: its lanes, and the error it went on in spite of, if there is one.

    `unseen`: the node gave no data at all; n8n ends the branch and does not show the run.
    """

    lanes: Lanes
    error: NodeError | None = None
    unseen: bool = False
    item_errors: list[NodeError] = field(default_factory=list)


class NodeRunner:
    """
    Runs one node of a workflow, as often as the run comes by it.

    Raises UnknownNode when there is no class for it.
    """

    def __init__(self, spec: NodeSpec, cls: type[Node], execution: Execution) -> None:
        self.spec = spec
        self.cls = cls
        self.execution = execution
        self.fields = NodeFields(cls, spec.parameters, spec.type_version)
        self.names = self._output_names()

    def run(self, inputs: Inputs, scope: Scope, run_index: int) -> Outcome:
        """
        Run the node once, with its retries.

        Raises NodeError when it fails and does not go on, ExpressionError when the cause is one.
        """
        tries = min(max(self.spec.max_tries, 2), 5) if self.spec.retry_on_fail else 1
        for attempt in range(1, tries + 1):
            last = attempt == tries
            try:
                outcome = self._attempt(inputs, scope, run_index)
            except Canceled:
                raise
            except Error:
                if last:
                    raise
            else:
                if last or not (outcome.error or outcome.item_errors):
                    return outcome
            self.execution.sleep(min(max(self.spec.wait_between_tries, 0), 5000) / 1000)
        raise AssertionError("unreachable")

    def _attempt(self, inputs: Inputs, scope: Scope, run_index: int) -> Outcome:
        ctx = Context(
            self.execution,
            self.spec,
            inputs,
            run_index=run_index,
            scope=scope,
        )
        seen = [lane[:1] for lane in inputs] if self.spec.execute_once else inputs
        outcome = Outcome(Outputs(self.names).lanes)
        if issubclass(self.cls, ItemNode):
            self._run_items(seen, ctx, scope, outcome)
        else:
            self._run_whole(seen, ctx, scope, outcome)
        if self.spec.on_error == "continueErrorOutput" and outcome.error is None:
            move_errors(outcome.lanes, seen)
        pair_rest(outcome.lanes, seen or [[Item({})]])
        return outcome

    def _run_items(self, inputs: Inputs, ctx: Context, scope: Scope, outcome: Outcome) -> None:
        items = next((lane for lane in inputs if lane), ())
        resolved = self.execution.evaluator.resolve_items(self.fields.template, scope, len(items))
        outputs = Outputs(self.names)
        outcome.lanes = outputs.lanes
        shared = self.fields.instance(resolved, 0) if resolved.constant and items else None
        if self.cls.about.concurrent and len(items) > 1 and not self.execution.door.offline:
            produced = self._side_by_side(items, resolved, ctx, shared)
        else:
            produced = self._in_turn(items, resolved, ctx, shared)
        for index, (item, made) in enumerate(zip(items, produced, strict=True)):
            if isinstance(made, Exception) and self.cls.about.all_or_nothing:
                self._whole_failed(made, inputs, outcome, index)
                return
            if isinstance(made, Exception):
                outcome.item_errors.append(self._failed_item(made, item, index, outputs))
            else:
                outputs.take(made, item, index)

    def _in_turn(
        self, items: Sequence[Item], resolved: Resolved, ctx: Context, shared: Node | None
    ) -> Iterable[Any]:
        for index, item in enumerate(items):
            ctx.item_index = index
            yield self._made(item, index, resolved, ctx, shared)

    def _side_by_side(
        self, items: Sequence[Item], resolved: Resolved, ctx: Context, shared: Node | None
    ) -> Iterable[Any]:
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(min(WORKERS, len(items))) as pool:
            jobs = [
                pool.submit(
                    copy_context().run,
                    self._made,
                    item,
                    index,
                    resolved,
                    ctx.for_item(index),
                    shared,
                )
                for index, item in enumerate(items)
            ]
            yield from (job.result() for job in jobs)

    def _made(
        self, item: Item, index: int, resolved: Resolved, ctx: Context, shared: Node | None
    ) -> list[Item] | Item | Exception | None:
        try:
            node = shared or self.fields.instance(resolved, index)
            made = node.run(item, ctx)
            return made if isinstance(made, Item | None) else list(made)
        except Canceled:
            raise
        except Exception as error:
            return error

    def _run_whole(self, inputs: Inputs, ctx: Context, scope: Scope, outcome: Outcome) -> None:
        outputs = Outputs(self.names)
        outcome.lanes = outputs.lanes
        try:
            resolved = self.execution.evaluator.resolve_items(self.fields.template, scope, 1)
            node = self.fields.instance(resolved, 0)
            if isinstance(node, TriggerNode):
                outputs.take_batch(node.run(ctx), ())
            elif isinstance(node, BatchNode):
                made = node.run(inputs, ctx)
                outcome.unseen = made is None
                outputs.take_batch(made or (), inputs)
            else:
                raise TypeError(f"{self.cls.__name__} is no ItemNode, BatchNode or TriggerNode")
        except Canceled:
            raise
        except Exception as error:
            self._whole_failed(error, inputs, outcome)

    def _whole_failed(
        self, error: Exception, inputs: Inputs, outcome: Outcome, index: int | None = None
    ) -> None:
        failure = self._attached(error, index)
        if self.spec.on_error == "stopWorkflow" or failure.stops:
            raise failure from error
        own = self.cls.error_items(inputs, error, failure.message)
        lanes: Lanes = [[] for _ in self.names] or [[]]
        if own is None:
            outcome.error = failure
            lanes[0] = passed_on(next(iter(inputs), ()))
        else:
            lanes[0] = own
        outcome.lanes = lanes

    def _failed_item(self, error: Exception, item: Item, index: int, outputs: Outputs) -> NodeError:
        failure = self._attached(error, index)
        if self.spec.on_error == "stopWorkflow" or failure.stops:
            raise failure from error
        json = self.cls.error_json(item, error, failure.message)
        outputs.lanes[0].append(Item(json, None, index if self.cls.pairs_errors else None))
        return failure

    def _attached(self, error: Exception, index: int | None = None) -> NodeError:
        failure = failures.attach(error, self.spec, index)
        if self.cls.about.wraps and failure.name == failures.EXPRESSION:
            failure.name = NodeError.name
        failure.stops = failure.stops or _was_refused(error)
        return failure

    def _output_names(self) -> tuple[str, ...]:
        names = self.cls.output_names(self.spec.parameters, self.spec.type_version)
        if self.spec.on_error != "continueErrorOutput":
            return names
        return (*names[: len(names) - self.cls.hidden_outputs], "error")


def _was_refused(error: BaseException) -> bool:
    """Whether the network door let a request of the node not through: a run must not hide that."""
    return any(isinstance(cause, RequestRefused) for cause in failures.causes(error))
