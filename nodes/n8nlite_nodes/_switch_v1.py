"""Switch before version 3: one value, compared with the value of each rule."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from n8nlite import javascript
from n8nlite.context import Context
from n8nlite.errors import NodeError
from n8nlite.node import Item, ItemNode

from ._conditions_v1 import DEFAULTS, rule_holds

FOUR = ("0", "1", "2", "3")


class _OneValue(ItemNode):
    data_type: Any = "number"
    value1: Any = None
    rules: Any = {}
    fallback_output: Any = -1

    def matching(self) -> tuple[int, Mapping[str, Any]] | None:
        """The first rule that holds, with its index."""
        for index, rule in enumerate(listed(self.rules)):
            if rule_holds(self.data_type, self._value(), rule):
                return index, rule
        return None

    def _value(self) -> Any:
        return DEFAULTS.get(self.data_type, ("",))[0] if self.value1 is None else self.value1


class SwitchToNumber(
    _OneValue,
    type="n8n-nodes-base.switch",
    versions=(1,),
    outputs=FOUR,
    when={"mode": "rules"},
    default=("mode",),
    plain=True,
):
    """Send an item to the output, one of four, that the first matching rule names."""

    def run(self, item: Item, ctx: Context) -> Item | None:
        found = self.matching()
        output = found[1].get("output", 0) if found else self.fallback_output
        return None if not found and output == -1 else item.to(checked(output, len(FOUR)))


class SwitchToRule(
    _OneValue,
    type="n8n-nodes-base.switch",
    versions=(2,),
    when={"mode": "rules"},
    default=("mode",),
    plain=True,
):
    """Send an item to the output of the first matching rule."""

    def run(self, item: Item, ctx: Context) -> Item | None:
        found = self.matching()
        output = found[0] if found else self.fallback_output
        if not found and output == -1:
            return None
        return item.to(checked(output, len(listed(self.rules))))

    @classmethod
    def output_names(cls, parameters: Mapping[str, Any], version: float) -> tuple[str, ...]:
        rules = listed(parameters.get("rules"))
        return tuple(str(rule.get("outputKey") or at) for at, rule in enumerate(rules))


class SwitchByExpression(
    ItemNode,
    type="n8n-nodes-base.switch",
    versions=(1, 2),
    when={"mode": "expression"},
    plain=True,
):
    """Send an item to the output whose index an expression gives."""

    output: Any = None
    outputs_amount: Any = 4

    def run(self, item: Item, ctx: Context) -> Item:
        output = self.output
        if output is None and self.version < 2 and "output" not in ctx.spec.parameters:
            output = 0
        count = len(FOUR) if self.version < 2 else int(javascript.number(self.outputs_amount))
        return item.to(checked(output, count))

    @classmethod
    def output_names(cls, parameters: Mapping[str, Any], version: float) -> tuple[str, ...]:
        amount = parameters.get("outputsAmount", 4) if version >= 2 else 4
        return numbered(amount if isinstance(amount, int) else 4)


def listed(rules: Any) -> list[Mapping[str, Any]]:
    """The rules of the collection."""
    return (rules.get("rules") or []) if isinstance(rules, dict) else []


def numbered(count: int) -> tuple[str, ...]:
    """Outputs that are called by their indexes."""
    return tuple(str(index) for index in range(count))


def checked(output: Any, count: int) -> int:
    """The index of the output. Raises NodeError where there is none of the index."""
    number = javascript.number(output) if isinstance(output, (int, float, str)) else math.nan
    if number < 0 or number >= count:
        text = javascript.text(output)
        raise NodeError(f"The ouput {text} is not allowed. It has to be between 0 and {count - 1}!")
    if output == "" or not float(number).is_integer():
        raise NodeError("Cannot read properties of undefined (reading 'push')")
    return int(number)
