"""
Plain paths evaluated in Python, exactly as V8 would.

Whatever could come out differently there (keys that objects inherit, numbers that print in
JavaScript's own way, missing data that n8n reports) raises `Doubt`, and V8 decides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice, repeat
from typing import Any

from . import pairing
from .errors import ExpressionError
from .scanner import Expression, Path
from .scope import Item, NodeData, Scope
from .values import UNDEFINED, Undefined

_INHERITED = frozenset(
    {"hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString", "toString"}
    | {"valueOf", "toJSON"}
)
_LARGEST = 2**53 - 1

Column = Sequence[Any]


class Doubt(Exception):
    """V8 has to evaluate this."""


class Constant(Sequence[Any]):
    """A column with the same value for every item."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __getitem__(self, item: Any) -> Any:
        return self.value

    def __len__(self) -> int:
        raise TypeError("a constant column has no length")


def columns(
    expressions: Sequence[Expression], scope: Scope, stretch: range, *, strict: bool = False
) -> list[Column] | None:
    """
    The values of the expressions for a stretch of the input's items; None when V8 must evaluate
    them, which it must, too, where strict mode finds fault with a value.

    An item for which an expression fails has the ExpressionError in place of its value.
    """
    if any(each.paths is None for each in expressions):
        return None
    try:
        return [_column(each, scope, stretch, strict) for each in expressions]
    except Doubt:
        return None


def _column(expression: Expression, scope: Scope, stretch: range, strict: bool) -> Column:
    assert expression.paths is not None
    if not expression.is_text:
        (path,) = expression.paths
        column = _values(path, scope, stretch) if isinstance(path, Path) else Constant(path)
        return _faultless(column) if strict and not expression.optional else column
    columns = [
        Constant(part) if isinstance(part, str) else _values(part, scope, stretch)
        for part in expression.paths
    ]
    if strict:
        columns = [_faultless(column, _FAULTS_OF_TEXT) for column in columns]
    parts = [_texts(column) for column in columns]
    if all(isinstance(part, Constant) for part in parts):
        return Constant(_join(tuple(part[0] for part in parts)))
    rows = zip(*(repeat(p.value) if isinstance(p, Constant) else p for p in parts), strict=False)
    return [_join(row) for row in islice(rows, len(stretch))]


_FAULTS = (Undefined,)
_FAULTS_OF_TEXT = (Undefined, dict)


def _faultless(column: Column, faults: tuple[type, ...] = _FAULTS) -> Column:
    values = (column.value,) if isinstance(column, Constant) else column
    if any(isinstance(value, faults) for value in values):
        raise Doubt
    return column


def _join(values: tuple[Any, ...]) -> Any:
    try:
        return "".join(values)
    except TypeError:
        return next(value for value in values if isinstance(value, ExpressionError))


def _texts(column: Column) -> Column:
    if isinstance(column, Constant):
        return Constant(_text(column.value))
    return [value if type(value) is str else _text(value) for value in column]


def _text(value: Any) -> Any:
    """The value as JavaScript prints it in a template."""
    if value is None or value is UNDEFINED:
        return ""
    if isinstance(value, (str, ExpressionError)):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float) and 1e-4 <= abs(value) < 1e15:
        return repr(value)
    if isinstance(value, dict) and "toString" not in value and "valueOf" not in value:
        return "[object Object]"
    raise Doubt


# -- values ------------------------------------------------------------------------------------


def _values(path: Path, scope: Scope, stretch: range) -> Column:
    root = path.root
    if root in ("$json", "$data"):
        return _walk_all(_jsons(scope.input, stretch), path.keys)
    if root in ("$itemIndex", "$position"):
        return stretch if not path.keys else _walk_all(list(stretch), path.keys)
    if root == "same":
        _leading(scope, path.node)
        return _walk_all(_jsons(_last_output(scope, path.node), stretch), path.keys)
    if root == "item":
        return _walk_all(_paired(path.node, scope, stretch), path.keys)
    return Constant(_walk(_CONSTANTS[root](scope, path.node), path.keys))


def _jsons(items: Sequence[Item], stretch: range) -> list[Any]:
    if len(items) < stretch.stop or not stretch:
        raise Doubt
    return [item.json for item in items[stretch.start : stretch.stop]]


def _walk_all(values: list[Any], keys: tuple[str | int, ...]) -> Column:
    """
    The values at the end of the keys. The short way is tried first: plain own keys of dicts, and
    leaves that are the same in both worlds.
    """
    for key in keys:
        try:
            values = [value[key] if type(value) is dict else _step(value, key) for value in values]
        except KeyError:
            values = [_step(value, key) for value in values]
    return [value if type(value) in _SAME else _leaf(value) for value in values]


_SAME = frozenset((str, bool, type(None), dict, list))


def _walk(value: Any, keys: tuple[str | int, ...]) -> Any:
    for key in keys:
        value = _step(value, key)
    return _leaf(value)


def _step(value: Any, key: str | int) -> Any:
    if isinstance(value, dict):
        name = str(key)
        if name in value:
            return value[name]
        if name in _INHERITED:
            raise Doubt
        return UNDEFINED
    if isinstance(value, list):
        if isinstance(key, int):
            return value[key] if key < len(value) else UNDEFINED
        if key == "length":
            return len(value)
        raise Doubt
    if value is None or value is UNDEFINED or isinstance(value, ExpressionError):
        return value if isinstance(value, ExpressionError) else UNDEFINED
    raise Doubt


def _leaf(value: Any) -> Any:
    kind = type(value)
    if kind in _SAME or value is UNDEFINED:
        return value
    if kind is int:
        if -_LARGEST <= value <= _LARGEST:
            return value
        raise Doubt
    if kind is float:
        if not abs(value) <= _LARGEST or (value == 0 and str(value) == "-0.0"):
            raise Doubt
        return int(value) if value.is_integer() else value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, ExpressionError):
        return value
    raise Doubt


# -- roots -------------------------------------------------------------------------------------


def _nonempty(items: Sequence[Item] | None) -> Sequence[Item]:
    if not items:
        raise Doubt
    return items


_CONSTANTS: dict[str, Callable[[Scope, str], Any]] = {
    "$first": lambda scope, _: _nonempty(scope.input)[0].json,
    "$last": lambda scope, _: _nonempty(scope.input)[-1].json,
    "$runIndex": lambda scope, _: scope.run_index,
    "$vars": lambda scope, _: dict(scope.vars),
    "$workflow": lambda scope, _: dict(scope.workflow),
    "$execution": lambda scope, _: dict(scope.execution),
    "first": lambda scope, node: _last_output(scope, node)[0].json,
    "last": lambda scope, node: _last_output(scope, node)[-1].json,
}


def _node(scope: Scope, name: str) -> NodeData:
    node = scope.nodes.get(name)
    if node is None or not node.runs:
        raise Doubt
    return node


def _leading(scope: Scope, name: str) -> NodeData:
    """The same, if connections lead from it to the active node."""
    node = _node(scope, name)
    if not node.leads:
        raise Doubt
    return node


def _last_output(scope: Scope, name: str) -> Sequence[Item]:
    """The items of the node's last run, on the branch that leads here."""
    node = _node(scope, name)
    outputs = node.runs[-1].outputs
    return _nonempty(outputs[node.branch] if node.branch < len(outputs) else None)


def _paired(name: str, scope: Scope, stretch: range) -> list[Any]:
    _leading(scope, name)
    if len(scope.input) < stretch.stop or not stretch:
        raise Doubt
    matches = pairing.match(scope, name, stretch.start, stretch.stop)
    if matches.source is None:
        return [_matched(scope, name, row) for row in matches.rows]
    items = pairing.output(scope, matches.source) or ()
    indexes = matches.indexes
    if isinstance(indexes, range):
        return [item.json for item in items[indexes.start : indexes.stop]]
    return [items[index].json for index in indexes]


def _matched(scope: Scope, name: str, row: pairing.Match) -> Any:
    if row is None:
        return UNDEFINED
    if isinstance(row, pairing.Trouble):
        return row.error(name)
    return (pairing.output(scope, row.source) or ())[row.index].json
