"""
An execution's V8 context, and what of the execution's data is in it.

Lists of items go there once, when an expression first wants them, and stay until the space is
needed. V8 cannot ask Python while it runs: it stops with the key of what it needs, gets it and
starts again.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from . import rewriting, spares, wire
from .errors import ExpressionError, ExpressionTimeout
from .limits import Limits
from .scanner import Expression, scan
from .scope import Scope
from .v8 import Context

_SLICE = 1.0  # seconds after which the runtime hands back the items it has done
_PACE = 20_000_000  # characters of data that V8 reads in a second, at least
_EMPTY: dict[str, Any] = {}


@dataclass(slots=True)
class Request:
    """One call's questions, and what has been found to be needed for them."""

    scope: Scope
    expressions: list[int]
    start: int
    end: int
    describe: bool = False
    code: list[tuple[int, Any, Any]] = field(default_factory=list)
    nodes: dict[str, Any] = field(default_factory=dict)
    pairs: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, Any] = field(default_factory=dict)
    put: list[tuple[int, Any]] = field(default_factory=list)
    passing: list[int] = field(default_factory=list)  # numbers of what is only true now
    seconds: float = 0.0  # that are left for the next answer


class Session:
    """What one execution has in V8. The context is made at the first call."""

    def __init__(self, limits: Limits, *, strict: bool = False) -> None:
        self.limits = limits
        self.strict = strict
        self._context: Context | None = None
        self._closed = False
        self._last_number = 0
        self._forget()

    def _forget(self) -> None:
        self._numbers: dict[tuple[int, int], int] = {}  # by the id and length of a value
        self._values: dict[int, Any] = {}  # by number; kept, so that the id stays the value's
        self._named: dict[str, int] = {}
        self._sizes: dict[int, int] = {}  # of what V8 has, oldest first
        self._codes: dict[tuple[str, bool], int] = {}
        self._compiled: set[int] = set()
        self._drop: list[int] = []

    def close(self) -> None:
        """Free the context."""
        self._closed = True
        if self._context is not None:
            spares.release(self._context)
            self._context = None
        self._forget()

    # -- calls ---------------------------------------------------------------------------------

    def evaluate(
        self,
        expressions: Sequence[Expression],
        scope: Scope,
        start: int,
        end: int,
        *,
        describe: bool = False,
    ) -> Iterator[dict[str, Any]]:
        """
        Evaluate the expressions for items `start` to `end` - 1 of the input.

        Gives the runtime's answers ({columns, marks, errors, next}), one for every slice of items.
        Raises ExpressionTimeout when a limit is hit.
        """
        self._open()
        ids = [
            self._codes.setdefault((each.text, each.optional), len(self._codes))
            for each in expressions
        ]
        request = Request(scope, ids, start, end, describe)
        request.code = self._new_code(ids, expressions)
        try:
            while request.start < end:
                answer = self._answer(request)
                yield answer
                request.start = answer["next"]
        finally:
            for number in request.passing:
                self._release(number)

    def _new_code(
        self, ids: list[int], expressions: Sequence[Expression]
    ) -> list[tuple[int, Any, Any]]:
        new = {
            number: each
            for number, each in zip(ids, expressions, strict=True)
            if number not in self._compiled
        }
        if self.strict:
            return [
                (number, {"chunks": each.wire()}, {"optional": each.optional})
                for number, each in new.items()
            ]
        rewritten = rewriting.rewrite(list(new.values()), self.limits)
        return [(number, each, None) for number, each in zip(new, rewritten, strict=True)]

    def _open(self) -> None:
        if self._closed:
            raise ExpressionError("the evaluator is closed")
        if self._context is None or not self._context.is_open:
            self._forget()
            self._context = spares.acquire(
                "strict" if self.strict else "expressions", self.limits.memory
            )

    def _answer(self, request: Request) -> dict[str, Any]:
        request.seconds = self.limits.timeout
        if request.end - request.start > 1:
            request.seconds += _SLICE
        while True:
            answer = self._call(request)
            if "fatal" in answer:
                raise ExpressionError(answer["fatal"])
            if "need" not in answer:
                return answer
            self._provide(request, answer["need"])

    def _call(self, request: Request) -> dict[str, Any]:
        assert self._context is not None
        text = wire.dumps(self._message(request))
        if request.put:
            request.seconds += len(text) / _PACE
        self._compiled.update(number for number, *_ in request.code)
        request.code, request.put, self._drop = [], [], []
        if request.seconds <= 0:
            raise ExpressionTimeout("Expression timed out")
        began = time.monotonic()
        answer = self._context.call(text, request.seconds)
        request.seconds -= time.monotonic() - began
        found: dict[str, Any] = wire.loads(answer)
        return found

    def _message(self, request: Request) -> dict[str, Any]:
        scope = request.scope
        return wire.head(scope, self._named_numbers(scope)) | {
            "expressions": request.expressions,
            "start": request.start,
            "end": request.end,
            "code": request.code,
            "put": request.put,
            "drop": self._drop,
            "nodes": request.nodes,
            "pairs": request.pairs,
            "texts": request.texts,
            "describe": request.describe,
            "limit": self.limits.result,
            "input": self._number(scope.input) if scope.input else None,
        }

    # -- what V8 has ---------------------------------------------------------------------------

    def _number(self, value: Any) -> int:
        key = (id(value), len(value))
        number = self._numbers.get(key)
        if number is None:
            self._last_number += 1
            number = self._numbers[key] = self._last_number
            self._values[number] = value
        return number

    def _release(self, number: int) -> None:
        value = self._values.pop(number, None)
        if value is not None:
            self._numbers.pop((id(value), len(value)), None)
            self._drop.append(number)

    def _named_numbers(self, scope: Scope) -> dict[str, int | None]:
        """The numbers of the scope's mappings; of each, the last one is kept."""
        numbers: dict[str, int | None] = {}
        for name, value in wire.named(scope).items():
            if value is None:
                numbers[name] = None
                continue
            number = numbers[name] = self._number(value or _EMPTY)
            before = self._named.get(name, number)
            self._named[name] = number
            if before != number and before not in self._named.values():
                self._release(before)
        return numbers

    def _provide(self, request: Request, need: Any) -> None:
        if isinstance(need, int):
            self._send(request, need)
        elif "node" in need:
            request.nodes[need["node"]] = self._node(request, need["node"])
        elif "pair" in need:
            request.pairs[need["pair"]] = self._pairs(request, need["pair"], need["whole"])
        elif "text" in need:
            (code,) = rewriting.rewrite([scan(need["text"])], self.limits)
            request.texts[need["text"]] = code

    def _node(self, request: Request, name: str) -> dict[str, Any]:
        node = request.scope.nodes.get(name)
        if node is None:
            return wire.no_node(request.scope, name)
        context = self._number(dict(node.context))
        request.passing.append(context)
        return wire.node(node, self._number, context)

    def _pairs(self, request: Request, name: str, whole: bool) -> dict[str, Any]:
        end = len(request.scope.input)
        stretch = range(end) if whole else range(request.start, min(request.end, end))
        return wire.pairs(request.scope, name, self._number, stretch)

    def _send(self, request: Request, number: int) -> None:
        value = self._values[number]
        if isinstance(value, Mapping):
            request.put.append((number, dict(value)))
            return
        shape = wire.items(value)
        size = _size(shape["json"])
        self._make_room(size)
        self._sizes[number] = size
        request.put.append((number, shape))

    def _make_room(self, size: int) -> None:
        while self._sizes and sum(self._sizes.values()) + size > self.limits.resident:
            oldest = next(iter(self._sizes))
            del self._sizes[oldest]
            self._drop.append(oldest)


def _size(jsons: list[Any]) -> int:
    """About how many bytes of JSON that is: a few say how large they all are."""
    step = max(1, len(jsons) // 16)
    sample = jsons[::step]
    return len(wire.dumps(sample)) * len(jsons) // max(1, len(sample))
