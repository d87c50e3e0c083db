"""
Limit: the first or the last items only.

https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.limit/
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from n8nlite import javascript
from n8nlite.node import BatchNode, Inputs, Item

if TYPE_CHECKING:
    from n8nlite.context import Context


class Limit(BatchNode, type="n8n-nodes-base.limit", versions=(1,)):
    """Keep at most `max_items` of the items."""

    max_items: Any = 1
    keep: str = "firstItems"

    def run(self, inputs: Inputs, ctx: Context) -> Iterable[Item]:
        items = inputs[0]
        most = javascript.number(self.max_items)
        if most >= len(items):
            return items
        count = 0 if math.isnan(most) else int(max(most, -len(items)))
        return items[:count] if self.keep == "firstItems" else items[len(items) - count :]
