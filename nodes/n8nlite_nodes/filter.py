"""
Filter: only items that meet conditions go on.

https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.filter/
"""

from __future__ import annotations

from typing import Any

from n8nlite.context import Context
from n8nlite.node import Item, ItemNode

from . import _conditions, _conditions_v1


class Filter(
    ItemNode,
    type="n8n-nodes-base.filter",
    versions=(2, 2.1, 2.2, 2.3),
    outputs=("kept", "discarded"),
    plain=True,
):
    """Let pass the items for which the conditions hold."""

    repairs_foreign_only = True

    hidden_outputs = 1

    conditions: Any = {}

    def run(self, item: Item, ctx: Context) -> Item | None:
        held = _conditions.decide(self, ctx)
        return _sorted(item, held, ctx)

    @classmethod
    def repair(cls, parameters: dict[str, Any], version: float) -> list[str]:
        return _conditions.repair(parameters.get("conditions"))


class FilterByType(
    ItemNode,
    type="n8n-nodes-base.filter",
    versions=(1,),
    outputs=("kept", "discarded"),
    plain=True,
    all_or_nothing=True,
):
    """The same with conditions listed by type."""

    hidden_outputs = 1

    conditions: Any = {}
    combine_conditions: Any = "AND"

    def run(self, item: Item, ctx: Context) -> Item | None:
        outcomes = _conditions_v1.outcomes(self.conditions)
        held = any(outcomes) if self.combine_conditions == "OR" else all(outcomes)
        return _sorted(item, held, ctx)


def _sorted(item: Item, held: bool, ctx: Context) -> Item | None:
    """What is discarded stays in the run data, unless the error output has its place."""
    if held:
        return item.to("kept")
    return None if ctx.spec.on_error == "continueErrorOutput" else item.to("discarded")
