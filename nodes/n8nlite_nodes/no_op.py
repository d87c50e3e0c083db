"""
No Operation: items pass as they are.

https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.noop/
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from n8nlite.node import BatchNode, Inputs, Item

if TYPE_CHECKING:
    from n8nlite.context import Context


class NoOp(BatchNode, type="n8n-nodes-base.noOp", versions=(1,)):
    """Hand the items on."""

    def run(self, inputs: Inputs, ctx: Context) -> Iterable[Item]:
        return inputs[0]
