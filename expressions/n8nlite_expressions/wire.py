"""How an execution's data goes to V8: JSON, in which lists of items and mappings go by number."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import orjson

from . import pairing
from .errors import ExpressionError
from .hints import nearest
from .scope import Item, NodeData, Pair, Scope

Number = Callable[[Any], int]
"""Gives a list or mapping its number."""

Shown = Callable[[dict[str, Any]], dict[str, Any]]

NAMED = ("parameters", "workflow", "execution", "vars", "secrets", "env")
"""What of a scope goes by number, and may be None."""

_LARGE = 1 << 18  # bytes of JSON from which the collector is held while it is read
_BINARY_DATA = 1 << 16  # characters of base64 from which binary data is not shown to JavaScript


def head(scope: Scope, named: Mapping[str, int | None]) -> dict[str, Any]:
    """What is small enough to go along every time."""
    source = scope.sources[0] if scope.sources else None
    return {
        "run": scope.run_index,
        "active": scope.active,
        "tz": scope.timezone,
        "now": None if scope.now is None else scope.now.timestamp() * 1000,
        "node": dict(scope.node),
        "values": named,
        "prev": None
        if source is None
        else {"name": source.node, "outputIndex": source.output, "runIndex": source.run},
    }


def named(scope: Scope) -> dict[str, Mapping[str, Any] | None]:
    """The mappings that `NAMED` lists. No secrets at all are None: n8n has no `$secrets` then."""
    found: dict[str, Mapping[str, Any] | None] = {name: getattr(scope, name) for name in NAMED}
    return found | {"secrets": scope.secrets or None}


def node(given: NodeData, number: Number, context: int) -> dict[str, Any]:
    """What `$('X')` starts from: its runs' lists by number."""
    return {
        "branch": given.branch,
        "leads": given.leads,
        "runs": [
            [None if items is None else number(items) for items in run.outputs]
            for run in given.runs
        ],
        "parameters": number(given.parameters),
        "context": context,
    }


def no_node(scope: Scope, name: str) -> dict[str, Any]:
    """What is said of a node that is not there, with the nearest name that is."""
    near = nearest(name, scope.nodes)
    cure = f"; did you mean '{near}'?" if near else ""
    return {"missing": f"there is no node '{name}' in the workflow{cure}"}


def pairs(scope: Scope, name: str, number: Number, stretch: range) -> dict[str, Any]:
    """The items of node `name` that a stretch of the input's items were made from."""
    matches = pairing.match(scope, name, stretch.start, stretch.stop)
    found = {"start": stretch.start, "end": stretch.stop, "count": len(scope.input)}
    if matches.source is None:
        return found | {"rows": [_row(scope, row, number) for row in matches.rows]}
    index = None if isinstance(matches.indexes, range) else matches.indexes
    return found | {"token": number(pairing.output(scope, matches.source)), "index": index}


def _row(scope: Scope, row: pairing.Match, number: Number) -> Any:
    if row is None:
        return None
    if isinstance(row, pairing.Trouble):
        return {"message": row.message, "type": row.type, "description": row.description}
    return [number(pairing.output(scope, row.source)), row.index]


def items(given: Sequence[Item], shown: Shown | None = None) -> dict[str, Any]:
    """A list of items as columns. `shown` makes of an entry of binary data what JavaScript sees."""
    columns: dict[str, Any] = {"items": True, "json": [item.json for item in given]}
    if any(item.binary for item in given):
        columns["binary"] = [_binary(item.binary, shown or without_bytes) for item in given]
    paired = [item.paired for item in given]
    if paired == list(range(len(paired))):
        columns["paired"] = True
    elif any(pair is not None for pair in paired):
        columns["paired"] = [_pairing(pair) for pair in paired]
    return columns


def _binary(binary: dict[str, Any] | None, shown: Shown) -> dict[str, Any] | None:
    return {name: shown(entry) for name, entry in binary.items()} if binary else None


def without_bytes(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry of binary data; its bytes stay in Python when they are many."""
    if len(entry.get("data", "")) < _BINARY_DATA:
        return entry
    return {key: part for key, part in entry.items() if key != "data"}


def _pairing(pair: Any) -> Any:
    if isinstance(pair, Pair):
        return {"item": pair.item, "input": pair.input} if pair.input else {"item": pair.item}
    if isinstance(pair, tuple):
        many = (_pairing(each) for each in pair)
        return [{"item": each} if isinstance(each, int) else each for each in many]
    return pair


def dumps(value: Any) -> str:
    """
    The value as JSON. What is no JSON value becomes null.

    Raises ExpressionError for what is nested too deep.
    """
    try:
        return orjson.dumps(value, default=_plain).decode()
    except (TypeError, ValueError):  # lone surrogates, integers over 64 bits, deep nesting
        with _recursion_told():
            return json.dumps(value, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence):
        return list(value)
    return None


def loads(text: str) -> Any:
    """The value of JSON that V8 wrote."""
    with _held_collector(len(text)):
        try:
            return orjson.loads(text)
        except ValueError:  # lone surrogates, deep nesting
            with _recursion_told():
                return json.loads(text)


@contextmanager
def _recursion_told() -> Iterator[None]:
    try:
        yield
    except RecursionError:
        raise ExpressionError("The data is nested too deep") from None


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
