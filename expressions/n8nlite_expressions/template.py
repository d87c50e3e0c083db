"""A parameter value with its expressions found, ready to be filled in for any number of items."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import replace
from typing import Any

from .errors import ExpressionError
from .scanner import Expression, is_expression, scan

Column = Sequence[Any]
"""The values of one expression, item by item."""

Builder = Callable[[Sequence[Column], int], Any]
"""Makes the value for one item from the columns of the expressions in it."""


class Template:
    """
    A compiled parameter value.

    `expressions` are those in it, in the order they stand, `places` their paths in the value
    (`options.headers[0].value`), `node_names` the nodes they name literally. `optional` says of
    which places strict mode lets a path lead nowhere.
    """

    __slots__ = ("build", "expressions", "is_static", "node_names", "optional", "places", "value")

    def __init__(self, value: Any, optional: Container[str] = ()) -> None:
        self.value = value
        self.optional = optional
        self.expressions: list[Expression] = []
        self.places: list[str] = []
        self.build: Builder = self._compile(value, "") or (lambda columns, item: value)
        self.is_static = not self.expressions
        self.node_names = frozenset[str]().union(*(each.node_names for each in self.expressions))

    def _compile(self, value: Any, place: str) -> Builder | None:
        """The builder of a value; None when it holds no expression."""
        if is_expression(value):
            return self._leaf(scan(value), place)
        if isinstance(value, dict):
            start = f"{place}." if place else ""
            return self._container(value, {key: f"{start}{key}" for key in value})
        if isinstance(value, list):
            return self._container(value, {i: f"{place}[{i}]" for i in range(len(value))})
        return None

    def _leaf(self, expression: Expression, place: str) -> Builder:
        number = len(self.expressions)
        if place in self.optional and not expression.is_text:
            expression = replace(expression, optional=True)
        self.expressions.append(expression)
        self.places.append(place)
        return lambda columns, item: columns[number][item]

    def _container(self, value: Any, places: dict[Any, str]) -> Builder | None:
        leaves: list[tuple[Any, int]] = []
        parts: list[tuple[Any, Builder]] = []
        for key, place in places.items():
            before = len(self.expressions)
            part = self._compile(value[key], place)
            if part is None:
                continue
            if is_expression(value[key]):
                leaves.append((key, before))
            else:
                parts.append((key, part))
        if not leaves and not parts:
            return None

        def build(columns: Sequence[Column], item: int) -> Any:
            filled = value.copy()
            for key, number in leaves:
                filled[key] = columns[number][item]
            for key, part in parts:
                filled[key] = part(columns, item)
            return filled

        return build


def compile_template(value: Any, *, optional: Container[str] = ()) -> Template:
    """
    Find the expressions in a parameter value. Cheap; keep the result for the node's next run.

    `optional` are the places whose value strict mode lets be missing.

    Raises ExpressionError for a value that is nested too deep.
    """
    try:
        return Template(value, optional)
    except RecursionError:
        raise ExpressionError("The value is nested too deep") from None
