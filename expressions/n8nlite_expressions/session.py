"""
An execution's V8 context, and what of the execution's data is in it.

Lists of items go there once, when an expression first wants them, and stay until the space is
needed. V8 cannot ask Python while it runs: it stops with the key of what it needs, gets it and
starts again.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson

from . import pairing, v8
from .errors import ExpressionError
from .limits import Limits
from .scanner import Expression, scan
from .scope import Item, Pair, Scope

_SLICE = 1.0  # seconds after which the runtime hands back the items it has done
_LARGE = 1 << 18  # bytes of JSON from which the collector is held while it is read
_BINARY_DATA = 1 << 16  # characters of base64 from which binary data is not shown to expressions


@dataclass(slots=True)
class _Resident:
    value: object  # kept, so that its id stays its own
    token: int
    size: int = 0


@dataclass(slots=True)
class Request:
    """One call's questions, and what has been found to be needed for them."""

    scope: Scope
    expressions: list[int]
    start: int
    end: int
    code: list[tuple[int, list[Any]]] = field(default_factory=list)
    nodes: dict[str, Any] = field(default_factory=dict)
    pairs: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, Any] = field(default_factory=dict)
    passing: list[int] = field(default_factory=list)  # tokens of what is only true now
    put: list[tuple[int, Any]] = field(default_factory=list)
    describe: bool = False


class Session:
    """What one execution has in V8. The context is made at the first call."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._context: v8.Context | None = None
        self._closed = False
        self._tokens = 0
        self._forget()

    def _forget(self) -> None:
        self._residents: dict[int, _Resident] = {}  # by id of the value
        self._values: dict[int, _Resident] = {}  # by token
        self._sent: dict[int, int] = {}  # token -> bytes, oldest first
        self._codes: dict[str, int] = {}
        self._compiled: set[int] = set()
        self._drop: list[int] = []

    def close(self) -> None:
        """Free the context."""
        self._closed = True
        if self._context is not None:
            self._context.close()
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
        ids = [self._code(each) for each in expressions]
        request = Request(scope, ids, start, end, describe=describe)
        request.code = [
            (number, each.wire())
            for number, each in zip(ids, expressions, strict=True)
            if number not in self._compiled
        ]
        self._compiled.update(ids)
        try:
            while request.start < end:
                answer = self._answer(request)
                yield answer
                request.start = answer["next"]
        finally:
            self._forget_passing(request)

    def _open(self) -> None:
        if self._closed:
            raise ExpressionError("the evaluator is closed")
        if self._context is None or not self._context.is_open:
            self._forget()
            self._context = v8.acquire(self.limits.memory)

    def _answer(self, request: Request) -> dict[str, Any]:
        for _ in range(10_000):
            answer = self._call(request)
            if "fatal" in answer:
                raise ExpressionError(answer["fatal"])
            if "need" not in answer:
                return answer
            self._provide(request, answer["need"])
        raise ExpressionError("Expression evaluation failed: it asks for data without end")

    def _call(self, request: Request) -> dict[str, Any]:
        assert self._context is not None
        text = _dumps(self._message(request))
        request.code, request.put, self._drop = [], [], []
        allowance = _SLICE if request.end - request.start > 1 else 0.0
        with _held_collector(len(text)):
            answer = self._context.call(text, self.limits.timeout + allowance)
        with _held_collector(len(answer)):
            found: dict[str, Any] = _loads(answer)
        return found

    def _message(self, request: Request) -> dict[str, Any]:
        scope = request.scope
        source = scope.sources[0] if scope.sources else None
        return {
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
            "input": self._token(scope.input) if scope.input else None,
            "run": scope.run_index,
            "active": scope.active,
            "tz": scope.timezone,
            "now": None if scope.now is None else scope.now.timestamp() * 1000,
            "node": dict(scope.node),
            "values": {
                "parameters": self._token(scope.parameters),
                "workflow": self._token(scope.workflow),
                "execution": self._token(scope.execution),
                "vars": self._token(scope.vars),
                "secrets": self._token(scope.secrets) if scope.secrets else None,
                "env": None if scope.env is None else self._token(scope.env),
            },
            "prev": None
            if source is None
            else {"name": source.node, "outputIndex": source.output, "runIndex": source.run},
        }

    # -- what V8 has ---------------------------------------------------------------------------

    def _code(self, expression: Expression) -> int:
        return self._codes.setdefault(expression.text, len(self._codes))

    def _token(self, value: object) -> int:
        resident = self._residents.get(id(value))
        if resident is None:
            self._tokens += 1
            resident = _Resident(value, self._tokens)
            self._residents[id(value)] = resident
            self._values[resident.token] = resident
        return resident.token

    def _provide(self, request: Request, need: Any) -> None:
        if isinstance(need, int):
            self._send(request, need)
        elif "node" in need:
            request.nodes[need["node"]] = self._node(request, need["node"])
        elif "pair" in need:
            request.pairs[need["pair"]] = self._pairs(request.scope, need["pair"])
        elif "text" in need:
            request.texts[need["text"]] = scan(need["text"]).wire()

    def _send(self, request: Request, token: int) -> None:
        value = self._values[token].value
        if isinstance(value, Mapping):
            request.put.append((token, dict(value)))
            return
        assert isinstance(value, Sequence)
        shape = _items(value)
        size = len(value) * 200 if len(value) > 64 else len(_dumps(shape))
        self._make_room(size)
        self._sent[token] = size
        request.put.append((token, shape))

    def _make_room(self, size: int) -> None:
        while self._sent and sum(self._sent.values()) + size > self.limits.resident:
            oldest = next(iter(self._sent))
            del self._sent[oldest]
            self._drop.append(oldest)

    def _node(self, request: Request, name: str) -> dict[str, Any] | None:
        node = request.scope.nodes.get(name)
        if node is None:
            return None
        context = self._token(dict(node.context))
        request.passing.append(context)
        return {
            "branch": node.branch,
            "runs": [
                [None if items is None else self._token(items) for items in run.outputs]
                for run in node.runs
            ],
            "parameters": self._token(node.parameters),
            "context": context,
        }

    def _forget_passing(self, request: Request) -> None:
        for token in request.passing:
            resident = self._values.pop(token, None)
            if resident is not None:
                self._residents.pop(id(resident.value), None)
                self._drop.append(token)

    def _pairs(self, scope: Scope, name: str) -> dict[str, Any]:
        matches = pairing.match(scope, name)
        if matches.source is not None:
            token = self._token(pairing.output(scope, matches.source))
            return {"count": matches.count, "token": token, "index": matches.indexes}
        return {"count": matches.count, "rows": [self._row(scope, row) for row in matches.rows]}

    def _row(self, scope: Scope, row: pairing.Match) -> Any:
        if row is None:
            return None
        if isinstance(row, pairing.Trouble):
            return {"message": row.message, "type": row.type, "description": row.description}
        return [self._token(pairing.output(scope, row.source)), row.index]


def _items(items: Sequence[Item]) -> dict[str, Any]:
    """A list of items as columns."""
    columns: dict[str, Any] = {"items": True, "json": [item.json for item in items]}
    if any(item.binary for item in items):
        columns["binary"] = [_shown(item.binary) for item in items]
    paired = [item.paired for item in items]
    if paired == list(range(len(paired))):
        columns["paired"] = True
    elif any(pair is not None for pair in paired):
        columns["paired"] = [_pairing(pair) for pair in paired]
    return columns


def _shown(binary: dict[str, Any] | None) -> dict[str, Any] | None:
    if not binary:
        return None
    return {
        name: {
            key: part for key, part in entry.items() if key != "data" or len(part) < _BINARY_DATA
        }
        for name, entry in binary.items()
    }


def _pairing(pair: Any) -> Any:
    if isinstance(pair, Pair):
        return {"item": pair.item, "input": pair.input} if pair.input else {"item": pair.item}
    if isinstance(pair, tuple):
        many = (_pairing(each) for each in pair)
        return [{"item": each} if isinstance(each, int) else each for each in many]
    return pair


def _dumps(value: Any) -> str:
    try:
        return orjson.dumps(value, default=_plain).decode()
    except (TypeError, ValueError):  # lone surrogates, integers over 64 bits, keys that are no text
        return json.dumps(value, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence):
        return list(value)
    return None


def _loads(text: str) -> Any:
    try:
        return orjson.loads(text)
    except ValueError:  # lone surrogates
        return json.loads(text)


@contextmanager
def _held_collector(size: int) -> Iterator[None]:
    """Large JSON makes many objects, none of them garbage: the collector need not look."""
    if size < _LARGE or not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
