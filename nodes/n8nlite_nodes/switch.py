"""
Switch: items go different ways, by rules or by a number.

https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.switch/
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from n8nlite import javascript
from n8nlite.context import Context
from n8nlite.errors import NodeError
from n8nlite.node import Item, ItemNode

from . import _conditions
from ._switch_v1 import SwitchByExpression as SwitchByExpression
from ._switch_v1 import SwitchToNumber as SwitchToNumber
from ._switch_v1 import SwitchToRule as SwitchToRule
from ._switch_v1 import numbered

VERSIONS = (3, 3.1, 3.2, 3.3, 3.4)
_EMPTY_RULE = {
    "conditions": {
        "options": {"caseSensitive": True, "leftValue": "", "typeValidation": "strict"},
        "conditions": [
            {
                "leftValue": "",
                "rightValue": "",
                "operator": {"type": "string", "operation": "equals"},
            }
        ],
        "combinator": "and",
    }
}


class Switch(
    ItemNode,
    type="n8n-nodes-base.switch",
    versions=VERSIONS,
    when={"mode": "rules"},
    default=("mode",),
    plain=True,
):
    """Send an item to the output of the first rule, or of all rules, whose conditions hold."""

    repairs_foreign_only = True

    rules: Any = {"values": [_EMPTY_RULE]}
    options: Any = {}

    def run(self, item: Item, ctx: Context) -> Iterable[Item] | Item | None:
        rules, options = _listed(self.rules), self.options or {}
        every = options.get("allMatchingOutputs")
        found = []
        for index, rule in enumerate(rules):
            if _conditions.hold(rule.get("conditions"), ctx):
                if not every:
                    return item.to(index)
                found.append(item.to(index))
        return found or self._fallback(item, options.get("fallbackOutput"), len(rules))

    def _fallback(self, item: Item, output: Any, count: int) -> Item | None:
        if (not output and output != 0) or output == "none" or not count:
            return None
        if output == "extra":
            return item.to(count)
        return item.to(_index(output, count))

    @classmethod
    def output_names(cls, parameters: Mapping[str, Any], version: float) -> tuple[str, ...]:
        rules = _listed(parameters.get("rules", {"values": [_EMPTY_RULE]}))
        names = [str(rule.get("outputKey") or index) for index, rule in enumerate(rules)]
        options = parameters.get("options") or {}
        if options.get("fallbackOutput") == "extra":
            names.append(str(options.get("renameFallbackOutput") or "Fallback"))
        return tuple(names) or ("0",)

    @classmethod
    def repair(cls, parameters: dict[str, Any], version: float) -> list[str]:
        done = []
        rules = parameters.get("rules")
        if isinstance(rules, dict) and "values" not in rules:
            older = rules.get("rules")
            if isinstance(older, list) and all("conditions" in rule for rule in older):
                rules["values"] = rules.pop("rules")
                done.append("rules.rules became rules.values")
        for rule in _listed(rules):
            done += _conditions.repair(rule.get("conditions"))
        return done


class SwitchByIndex(
    ItemNode,
    type="n8n-nodes-base.switch",
    versions=VERSIONS,
    when={"mode": "expression"},
    plain=True,
):
    """Send an item to the output whose index an expression gives."""

    number_outputs: Any = 4
    output: Any = "={{}}"

    def run(self, item: Item, ctx: Context) -> Item:
        if isinstance(self.output, str) and math.isnan(javascript.number(self.output)):
            raise NodeError(
                f"Invalid input for 'Output Index' [item {ctx.item_index}]",
                description=f"'output' expects a number but we got '{self.output}'",
                name="ExpressionError",
            )
        return item.to(_index(self.output, _count(self.number_outputs)))

    @classmethod
    def output_names(cls, parameters: Mapping[str, Any], version: float) -> tuple[str, ...]:
        return numbered(_count(parameters.get("numberOutputs", 4)))


def _listed(rules: Any) -> list[Mapping[str, Any]]:
    return (rules.get("values") or []) if isinstance(rules, dict) else []


def _index(output: Any, count: int) -> int:
    """The index of the output. Raises NodeError where there is none of the index."""
    index = javascript.number(output)
    if index == count:
        raise NodeError(
            f"The ouput {javascript.text(output)} is not allowed. ",
            description="Output indexes are zero based, if you want to use the extra output use "
            f"{count - 1}",
        )
    if index < 0 or index > count:
        raise NodeError(
            f"The ouput {javascript.text(output)} is not allowed",
            description=f"It has to be between 0 and {count - 1}",
        )
    if output is None or not float(index).is_integer():
        raise NodeError("Cannot read properties of undefined (reading 'push')")
    return int(index)


def _count(outputs: Any) -> int:
    number = javascript.number(outputs)
    return int(number) if math.isfinite(number) and number >= 1 else 4
