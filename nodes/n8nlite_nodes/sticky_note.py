"""
Sticky Note: a remark on the canvas. It is never run.

https://docs.n8n.io/workflows/components/sticky-notes/
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from n8nlite.node import BatchNode, Inputs, Item

if TYPE_CHECKING:
    from n8nlite.context import Context


class StickyNote(BatchNode, type="n8n-nodes-base.stickyNote", versions=(1,), inputs=0, outputs=()):
    """Text between the nodes."""

    content: str = ""

    def run(self, inputs: Inputs, ctx: Context) -> Iterable[Item]:
        return ()
