"""
Code: the user's own JavaScript.

https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.code/
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from n8nlite.errors import NodeError
from n8nlite.node import BatchNode, Inputs, Item, Pair
from n8nlite_expressions import Code as Script
from n8nlite_expressions import CodeError, CodeResult, ExpressionTimeout
from n8nlite_nodes._code_helpers import Helpers

if TYPE_CHECKING:
    from n8nlite.context import Context

TIMEOUT = "300"
"""Seconds, where N8N_RUNNERS_TASK_TIMEOUT says nothing else."""


class Code(BatchNode, type="n8n-nodes-base.code", versions=(1, 2), plain=True):
    """
    Run JavaScript once for all items, or once for each.

    `require` gives what NODE_FUNCTION_ALLOW_BUILTIN and NODE_FUNCTION_ALLOW_EXTERNAL allow. Lines
    that the code prints go to the node's logger.
    https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.code/
    """

    mode: str = "runOnceForAllItems"
    language: str = "javaScript"
    js_code: str = ""

    @classmethod
    def error_items(cls, inputs: Inputs, error: Exception, message: str) -> list[Item] | None:
        return [Item({"error": message})]

    def run(self, inputs: Inputs, ctx: Context) -> Iterable[Item]:
        if self.language != "javaScript":
            raise NodeError(
                "Only JavaScript code can be run",
                description=f"The node's language is {self.language}.",
            )
        result = self._result(inputs[0] if inputs else (), ctx)
        _print(ctx, result)
        _store(ctx, result)
        return [_item(each) for each in result.items]

    def _result(self, items: Sequence[Item], ctx: Context) -> CodeResult:
        script = Script(
            self.js_code,
            "runOnceForEachItem" if self.mode == "runOnceForEachItem" else "runOnceForAllItems",
            go_on=ctx.spec.on_error != "stopWorkflow",
            modules=_allowed_modules(ctx),
            static_data={kind: ctx.static_data(kind) for kind in ("global", "node")},
            timeout=min(_timeout(ctx), ctx.services.seconds_left()),
        )
        scope = replace(ctx.scope, input=items)
        try:
            return ctx.services.evaluator.run_code(script, scope, Helpers(ctx, items))
        except CodeError as error:
            _print(ctx, error)
            if script.go_on:
                _store(ctx, error)
            raise _failure(error) from error
        except ExpressionTimeout as error:
            ctx.services.check()
            raise NodeError(error.message, description=error.description, name="Object") from error


def _failure(error: CodeError) -> NodeError:
    name = "Object" if error.wrong_result else "WrappedExecutionError"
    failure = NodeError(error.message, description=error.description, item=error.item, name=name)
    failure.stops = error.wrong_result
    return failure


def _allowed_modules(ctx: Context) -> tuple[str, ...]:
    names = ("NODE_FUNCTION_ALLOW_BUILTIN", "NODE_FUNCTION_ALLOW_EXTERNAL")
    allowed = ",".join(ctx.services.setting(name, "") for name in names)
    return tuple(name.strip() for name in allowed.split(",") if name.strip())


def _timeout(ctx: Context) -> float:
    given = ctx.services.setting("N8N_RUNNERS_TASK_TIMEOUT", TIMEOUT)
    try:
        return float(given)
    except ValueError:
        raise NodeError(f"N8N_RUNNERS_TASK_TIMEOUT: expected seconds, got {given!r}") from None


def _print(ctx: Context, ended: CodeResult | CodeError) -> None:
    for line in ended.console:
        ctx.log.info("%s", " ".join(map(str, line)))


def _store(ctx: Context, ended: CodeResult | CodeError) -> None:
    for kind, data in ended.static_data.items():
        kept = ctx.static_data(kind)
        if kept != data:
            kept.clear()
            kept.update(data)


def _item(made: dict[str, Any]) -> Item:
    return Item(
        made["json"], made.get("binary") or None, _paired(made.get("pairedItem")), made.get("error")
    )


def _paired(given: Any) -> int | Pair | tuple[int | Pair, ...] | None:
    """The pairing as the code wrote it: an index, {item, input}, or a list of them."""
    if isinstance(given, bool) or given is None:
        return None
    if isinstance(given, int):
        return given
    if isinstance(given, dict) and isinstance(given.get("item"), int):
        number = given.get("input")
        return Pair(given["item"], number) if isinstance(number, int) and number else given["item"]
    if isinstance(given, list):
        many = [_paired(each) for each in given]
        return tuple(each for each in many if isinstance(each, int | Pair)) or None
    return None
