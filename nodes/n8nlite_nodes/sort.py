"""
Sort: items in another order.

https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.sort/
"""

from __future__ import annotations

import functools
import random
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from n8nlite import javascript
from n8nlite.errors import NodeError
from n8nlite.node import BatchNode, Inputs, Item
from n8nlite.paths import read
from n8nlite_expressions import UNDEFINED, Code, CodeError
from n8nlite_nodes._code_helpers import Helpers

if TYPE_CHECKING:
    from n8nlite.context import Context


class SortByFields(
    BatchNode,
    type="n8n-nodes-base.sort",
    versions=(1,),
    when={"type": "simple"},
    default=("type",),
):
    """Sort by the values of fields, without regard to upper and lower case."""

    sort_fields_ui: dict[str, Any] = {}
    options: dict[str, Any] = {}

    def run(self, inputs: Inputs, ctx: Context) -> Iterable[Item]:
        fields = self.sort_fields_ui.get("sortField") or ()
        if not fields:
            raise NodeError("No sorting specified. Please add a field to sort by")
        items = list(inputs[0])
        dots = not self.options.get("disableDotNotation")
        columns = [self._column(items, str(field["fieldName"]), dots) for field in fields]
        descending = [field.get("order") == "descending" for field in fields]
        return [items[index] for index in _order(len(items), columns, descending)]

    @staticmethod
    def _column(items: Sequence[Item], name: str, dots: bool) -> list[Any]:
        column = [read(item.json, name, dots=dots, default=UNDEFINED) for item in items]
        if all(value is UNDEFINED for value in column):
            nested = "." in name and not dots
            raise NodeError(
                f"Couldn't find the field '{name}' in the input data",
                description="If you're trying to use a nested field, make sure you turn off "
                "'disable dot notation' in the node options"
                if nested
                else None,
            )
        return [value.lower() if isinstance(value, str) else value for value in column]


class SortRandomly(BatchNode, type="n8n-nodes-base.sort", versions=(1,), when={"type": "random"}):
    """Shuffle the items."""

    def run(self, inputs: Inputs, ctx: Context) -> Iterable[Item]:
        return random.sample(inputs[0], len(inputs[0]))


class SortByCode(BatchNode, type="n8n-nodes-base.sort", versions=(1,), when={"type": "code"}):
    """Sort by JavaScript that compares two items, `a` and `b`."""

    code: str = ""

    def run(self, inputs: Inputs, ctx: Context) -> Iterable[Item]:
        if "return" not in self.code:
            raise NodeError(
                "Sort code doesn't return. Please add a 'return' statement to your code"
            )
        script = Code(
            f"const compare = (a, b) => {{ {self.code}\n}};\n"
            "const given = $input.all();\n"
            "const order = given.map((_, index) => index);\n"
            "order.sort((one, other) => compare(given[one], given[other]));\n"
            "return order.map((index) => ({ json: { index } }));"
        )
        try:
            result = ctx.services.evaluator.run_code(script, ctx.scope, Helpers(ctx, inputs[0]))
        except CodeError as error:
            raise NodeError(
                error.message, description=error.description, name="WrappedExecutionError"
            ) from error
        return [inputs[0][int(each["json"]["index"])] for each in result.items]


def _order(count: int, columns: Sequence[Sequence[Any]], descending: Sequence[bool]) -> list[int]:
    """The indexes of the items in their new order; equal ones stay as they were."""
    order = list(range(count))
    keys = [_sort_key(column) for column in columns]
    if None in keys:
        order.sort(key=functools.cmp_to_key(_comparison(columns, descending)))
        return order
    for key, reverse in reversed(list(zip(keys, descending, strict=True))):
        order.sort(key=key, reverse=reverse)
    return order


def _sort_key(column: Sequence[Any]) -> Callable[[int], Any] | None:
    """A key that sorts as JavaScript does; None where the values are of several kinds."""
    kinds = {type(value) for value in column}
    if kinds <= {int, float} or kinds == {bool}:
        return column.__getitem__
    if kinds == {str}:
        if all(value.isascii() for value in column):
            return column.__getitem__
        return lambda index: column[index].encode("utf-16-be", "surrogatepass")
    return None


def _comparison(
    columns: Sequence[Sequence[Any]], descending: Sequence[bool]
) -> Callable[[int, int], int]:
    """n8n's: where two different values cannot be compared, neither is less, and order matters."""

    def compare(left: int, right: int) -> int:
        for column, reverse in zip(columns, descending, strict=True):
            one, other = column[left], column[right]
            if not _equal(one, other):
                return -1 if _less(one, other) != reverse else 1
        return 0

    return compare


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, (list, dict)):
        return bool(one == other)
    return javascript.same(one, other)


def _less(one: Any, other: Any) -> bool:
    """Whether one comes first: texts by their letters, all else by the number it stands for."""
    if isinstance(one, str) and isinstance(other, str):
        return one.encode("utf-16-be", "surrogatepass") < other.encode("utf-16-be", "surrogatepass")
    return bool(javascript.number(one) < javascript.number(other))
