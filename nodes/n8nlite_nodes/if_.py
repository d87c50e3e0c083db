"""
If: items that meet conditions go one way, the others another.

https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.if/
"""

from __future__ import annotations

from typing import Any

from n8nlite.context import Context
from n8nlite.node import Item, ItemNode

from . import _conditions, _conditions_v1


class If(
    ItemNode,
    type="n8n-nodes-base.if",
    versions=(2, 2.1, 2.2, 2.3),
    outputs=("true", "false"),
    plain=True,
):
    """Send items for which the conditions hold one way, and the others another."""

    repairs_foreign_only = True

    conditions: Any = {}

    def run(self, item: Item, ctx: Context) -> Item:
        held = _conditions.decide(self, ctx)
        return item.to("true" if held else "false")

    @classmethod
    def repair(cls, parameters: dict[str, Any], version: float) -> list[str]:
        return _conditions.repair(parameters.get("conditions"))


class IfByType(
    ItemNode,
    type="n8n-nodes-base.if",
    versions=(1,),
    outputs=("true", "false"),
    plain=True,
    all_or_nothing=True,
):
    """The same with conditions listed by type."""

    conditions: Any = {}
    combine_operation: Any = "all"

    def run(self, item: Item, ctx: Context) -> Item:
        outcomes = _conditions_v1.outcomes(self.conditions)
        held = any(outcomes) if self.combine_operation == "any" else all(outcomes)
        return item.to("true" if held else "false")
