"""
The JavaScript of a Code node, in a V8 context that only this run has.

https://docs.n8n.io/code/code-node/
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from . import spares, wire
from .errors import ExpressionError, ExpressionTimeout
from .limits import Limits
from .scanner import node_names
from .scope import Scope
from .v8 import Context

Mode = Literal["runOnceForAllItems", "runOnceForEachItem"]

Host = Callable[[dict[str, Any]], Any]
"""
Answers a call of the code: `{"call": "httpRequest", "arguments": [...]}`. What it raises, the code
may catch, unless the error says that it `stops` all. `{"call": "sleep", "seconds": 0.5}` waits.
"""

TIMEOUT = 300.0
"""Seconds that n8n gives a Code node."""

UNKNOWN = "Unknown error"

INPUT = 0
"""The number of the input, whose items are paired with themselves."""


class CodeError(ExpressionError):
    """
    The code failed: an error it threw, or a result that is no item.

    `wrong_result` tells the two apart. `message` is n8n's, with the line; `console` and
    `static_data` are as in CodeResult.
    """

    def __init__(
        self,
        message: str,
        *,
        wrong_result: bool = False,
        console: list[list[Any]] | None = None,
        static_data: dict[str, dict[str, Any]] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(message, **more)
        self.wrong_result = wrong_result
        self.console = console or []
        self.static_data = static_data or {}


@dataclass(slots=True)
class CodeResult:
    """
    What the code came to.

    `items` have n8n's keys (json, binary, pairedItem, error); `console` has a list of values for
    each line printed; `static_data` is what `$getWorkflowStaticData` now holds; `custom_data` what
    it set on the execution.
    """

    items: list[dict[str, Any]] = field(default_factory=list)
    console: list[list[Any]] = field(default_factory=list)
    static_data: dict[str, dict[str, Any]] = field(default_factory=dict)
    custom_data: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Code:
    """
    Code to run, and how.

    `go_on`: an item that fails becomes an item with its error ("each item" mode). `modules` are the
    names that `require` gives (`*` for all), `timeout` is in seconds.
    """

    source: str
    mode: Mode = "runOnceForAllItems"
    go_on: bool = False
    modules: tuple[str, ...] = ()
    static_data: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    timeout: float = TIMEOUT


class _Needs(Exception):
    """The code stopped for data that was not sent."""

    def __init__(self, key: Any) -> None:
        super().__init__(key)
        self.key = key


def run(code: Code, scope: Scope, host: Host, limits: Limits) -> CodeResult:
    """
    Run the code on the input of the scope.

    Raises CodeError, ExpressionTimeout.
    """
    data = _Data(scope, node_names(code.source))
    begun = _Run(code, scope, host, limits)
    while True:
        try:
            return begun.result(data)
        except _Needs as needs:
            data.add(needs.key)


class _Data:
    """What is sent along with the code: all of it at once, for the code may change it."""

    def __init__(self, scope: Scope, names: frozenset[str]) -> None:
        self.scope = scope
        self.values: list[Any] = [scope.input]
        self.wanted = {INPUT}
        self.nodes: dict[str, Any] = {}
        self.pairs: dict[str, Any] = {}
        self.binaries: dict[str, dict[str, Any]] = {}
        self.named: dict[str, int | None] = {
            name: None if value is None else self.want(self.number(value))
            for name, value in wire.named(scope).items()
        }
        for name in sorted(names):
            self.add({"node": name})
            self.add({"pair": name})

    def number(self, value: Any) -> int:
        for number, known in enumerate(self.values):
            if known is value and number != INPUT:
                return number
        self.values.append(value)
        return len(self.values) - 1

    def want(self, number: int) -> int:
        self.wanted.add(number)
        return number

    def add(self, need: Any) -> None:
        """Something that the code turned out to need."""
        match need:
            case int() if 0 <= need < len(self.values):
                self.want(need)
            case {"node": str(name)}:
                self._add_node(name)
            case {"pair": str(name)}:
                self._add_pairs(name)
            case _:
                raise CodeError(UNKNOWN)

    def _add_pairs(self, name: str) -> None:
        if name in self.scope.nodes:
            stretch = range(len(self.scope.input))
            self.pairs[name] = wire.pairs(self.scope, name, self.number, stretch)

    def _add_node(self, name: str) -> None:
        node = self.scope.nodes.get(name)
        if node is None:
            self.nodes[name] = wire.no_node(self.scope, name)
            return
        context = self.want(self.number(dict(node.context)))
        sent = wire.node(node, self.number, context)
        self.nodes[name] = sent
        self.want(sent["parameters"])
        for number in sent["runs"][-1] if sent["runs"] else ():
            if number is not None:
                self.want(number)

    def put(self) -> list[tuple[int, Any]]:
        return [(number, self._shape(number)) for number in sorted(self.wanted)]

    def _shape(self, number: int) -> Any:
        value = self.values[number]
        if isinstance(value, Mapping):
            return dict(value)
        paired = {"paired": True} if number == INPUT else {}
        return wire.items(value, self._shown) | paired

    def _shown(self, entry: dict[str, Any]) -> dict[str, Any]:
        shown = wire.without_bytes(entry)
        if shown is entry:
            return entry
        mark = f"n8nlite-{len(self.binaries)}"
        self.binaries[mark] = entry
        return shown | {"id": mark}

    def restore(self, items: list[dict[str, Any]]) -> None:
        """Give binary data its bytes back, where they stayed in Python."""
        for item in items if self.binaries else ():
            binary: dict[str, Any] = item.get("binary") or {}
            for name, entry in binary.items():
                binary[name] = self.binaries.get(entry.get("id", ""), entry)


class _Run:
    """
    The code's run. Code that turns out to need more data than it got starts anew; what it asked the
    host before is then answered as before, not asked again.

    The code can change JavaScript itself: what V8 says is checked like anything from outside.
    """

    def __init__(self, code: Code, scope: Scope, host: Host, limits: Limits) -> None:
        self.code = code
        self.scope = scope
        self.host = host
        self.limits = limits
        self.until = time.monotonic() + code.timeout
        self.slept = 0.0
        self.answers: list[tuple[Any, dict[str, Any]]] = []
        self.repeated = 0

    def result(self, data: _Data) -> CodeResult:
        self.repeated = 0
        context = spares.acquire("code", self.limits.memory)
        try:
            self._step(context, {"start": self._request(data)})
            result = self._finish(context)
            data.restore(result.items)
            return result
        except ExpressionTimeout:
            raise self._timeout() from None
        finally:
            spares.release(context)

    def _request(self, data: _Data) -> dict[str, Any]:
        code = self.code
        return wire.head(self.scope, data.named) | {
            "input": INPUT,
            "put": data.put(),
            "nodes": data.nodes,
            "pairs": data.pairs,
            "texts": {},
            "source": code.source,
            "mode": code.mode,
            "count": len(self.scope.input),
            "goOn": code.go_on,
            "limit": self.limits.result,
            "modules": list(code.modules),
            "staticData": {
                kind: dict(code.static_data.get(kind, {})) for kind in ("global", "node")
            },
        }

    def _finish(self, context: Context) -> CodeResult:
        while True:
            match self._step(context, {}):
                case {"need": need}:
                    raise _Needs(need)
                case {"items": list(items), "rest": dict(rest)}:
                    return _ended(items, rest)
                case {"asked": list(asked)}:
                    answers = [self._answer(each) for each in asked]
                    self._step(context, {"answers": answers})
                case {"sleep": int() | float() | None as milliseconds}:
                    self._sleep(context, milliseconds)
                case _:
                    raise CodeError(UNKNOWN)

    def _answer(self, asked: Any) -> dict[str, Any]:
        match asked:
            case {"id": number, "call": str(name), "arguments": list(arguments)}:
                call = {"call": name, "arguments": arguments}
            case _:
                raise CodeError(UNKNOWN)
        before = self.answers[self.repeated : self.repeated + 1]
        if not before or before[0][0] != call:
            self.answers[self.repeated :] = [(call, self._asked(call))]
        self.repeated += 1
        return {"id": number} | self.answers[self.repeated - 1][1]

    def _asked(self, call: dict[str, Any]) -> dict[str, Any]:
        try:
            return {"value": self.host(call)}
        except Exception as error:
            if getattr(error, "stops", False):
                raise
            return {"error": _told(error)}

    def _sleep(self, context: Context, milliseconds: float | None) -> None:
        left = self.until - time.monotonic() - self.slept
        if milliseconds is None or milliseconds / 1000 > left:
            raise self._timeout()
        started = time.monotonic()
        self.host({"call": "sleep", "seconds": milliseconds / 1000})
        self.slept += max(0.0, milliseconds / 1000 - (time.monotonic() - started))
        self._step(context, {"passed": milliseconds})

    def _step(self, context: Context, message: dict[str, Any]) -> Any:
        left = self.until - time.monotonic() - self.slept
        if left <= 0:
            raise self._timeout()
        answer = context.call(wire.dumps(message), left)
        try:
            return wire.loads(answer)
        except ValueError:
            raise CodeError(UNKNOWN) from None

    def _timeout(self) -> ExpressionTimeout:
        return ExpressionTimeout(
            f"Task execution timed out after {self.code.timeout:g} seconds",
            description="The code took too long, or too much memory, and was stopped. Process the "
            "data in smaller batches, and make sure that all loops end.",
        )


def _ended(items: list[Any], rest: dict[str, Any]) -> CodeResult:
    match rest:
        case {
            "console": list() as console,
            "staticData": dict() as stored,
            "customData": dict() as custom,
        }:
            static = {kind: data for kind, data in stored.items() if isinstance(data, dict)}
        case _:
            raise CodeError(UNKNOWN)
    console = [line for line in console if isinstance(line, list)]
    if error := rest.get("error"):
        told = error if isinstance(error, dict) else {}
        text = {key: each for key, each in told.items() if isinstance(each, str)}
        raise CodeError(
            text.get("message", UNKNOWN),
            description=text.get("description"),
            hint=text.get("hint"),
            item=told.get("item"),
            wrong_result=text.get("kind") == "result",
            console=console,
            static_data=static,
        )
    if not all(map(_is_item, items)):
        raise CodeError(UNKNOWN, wrong_result=True, console=console, static_data=static)
    return CodeResult(items, console, static, custom)


def _is_item(value: Any) -> bool:
    match value:
        case {"json": dict(), "binary": dict(entries)}:
            return all(isinstance(entry, dict) for entry in entries.values())
        case {"json": dict(), **more}:
            return more.get("binary") is None
    return False


def _told(error: Exception) -> dict[str, Any]:
    """What the code sees of an error of the host; `told` of the error are more fields for it."""
    message = getattr(error, "message", None) or str(error)
    more = {
        name: value
        for name, value in (
            ("description", getattr(error, "description", None)),
            ("httpCode", getattr(error, "http_code", None)),
        )
        if value is not None
    }
    return {"message": message} | more | dict(getattr(error, "told", {}))
