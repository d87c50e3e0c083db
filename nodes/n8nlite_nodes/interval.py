"""
Interval: starts again and again, in older workflows.

https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.scheduletrigger/
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from n8nlite import javascript
from n8nlite.errors import NodeError
from n8nlite.node import Item, TriggerNode

if TYPE_CHECKING:
    from n8nlite.context import Context


class Interval(TriggerNode, type="n8n-nodes-base.interval", versions=(1,)):
    """Start every so many seconds, minutes or hours, with one empty item."""

    interval: Any = 1

    def run(self, ctx: Context) -> Iterable[Item]:
        if javascript.number(self.interval) <= 0:
            raise NodeError("The interval has to be set to at least 1 or higher!")
        return [Item({})]
