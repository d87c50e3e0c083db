"""Filter: https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.filter/"""

from __future__ import annotations

from typing import Any

from n8nlite.context import Context
from n8nlite.errors import Error
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

    conditions: Any = {}

    def run(self, item: Item, ctx: Context) -> Item:
        try:
            held = _conditions.hold(self.conditions, ctx)
        except Error:
            if not _conditions.goes_on(ctx):
                raise
            held = False
        return item.to("kept" if held else "discarded")

    @classmethod
    def repair(cls, parameters: dict[str, Any], version: float) -> list[str]:
        return _conditions.repair(parameters.get("conditions"))


class FilterByType(
    ItemNode,
    type="n8n-nodes-base.filter",
    versions=(1,),
    outputs=("kept", "discarded"),
    plain=True,
):
    """The same with conditions listed by type."""

    conditions: Any = {}
    combine_conditions: Any = "AND"

    def run(self, item: Item, ctx: Context) -> Item:
        outcomes = _conditions_v1.outcomes(self.conditions)
        held = any(outcomes) if self.combine_conditions == "OR" else all(outcomes)
        return item.to("kept" if held else "discarded")
