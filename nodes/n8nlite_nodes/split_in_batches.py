"""
Loop Over Items (Split in Batches): items in portions, one for each round of a loop.

https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.splitinbatches/
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from n8nlite import javascript
from n8nlite.node import BatchNode, Inputs, Item, Pair, by_version
from n8nlite.state import item_dict, read_item
from n8nlite_expressions import Source

if TYPE_CHECKING:
    from n8nlite.context import Context

TYPE = "n8n-nodes-base.splitInBatches"


class _Loop(BatchNode):
    """
    Hands out the items it began with, portion by portion.

    What it keeps between its runs is what `$('Loop').context` shows.
    """

    batch_size: Any = by_version({1: 10, 3: 1})
    options: dict[str, Any] = {}

    def portion(self, items: list[Item], ctx: Context) -> list[Item]:
        """The items of the next round; begins anew where nothing was begun, or on `reset`."""
        state, source = ctx.state, ctx.scope.sources[0] if ctx.scope.sources else None
        if "items" not in state or self.options.get("reset") is True:
            state |= {
                "currentRunIndex": 0,
                "maxRunIndex": self._rounds(len(items)),
                "sourceData": _source_data(source),
                "items": [
                    item_dict(Item(item.json, item.binary, index))
                    for index, item in enumerate(items)
                ],
            }
            self.begin(state)
            found = [read_item(each) for each in self._take(state)]
        else:
            state["currentRunIndex"] += 1
            origin = _source(state["sourceData"])
            found = [_from(read_item(each), origin) for each in self._take(state)]
            self.collect(state, items, source)
        state["noItemsLeft"] = not state["items"]
        return found

    def begin(self, state: dict[str, Any]) -> None:
        """What else a new loop keeps."""

    def collect(self, state: dict[str, Any], items: list[Item], source: Source | None) -> None:
        """What becomes of the items that a round brought back."""

    def _take(self, state: dict[str, Any]) -> list[dict[str, Any]]:
        size = javascript.number(self.batch_size)
        count = 0 if math.isnan(size) else max(int(min(size, len(state["items"]))), 0)
        taken: list[dict[str, Any]] = state["items"][:count]
        del state["items"][:count]
        return taken

    def _rounds(self, count: int) -> int | None:
        size = javascript.number(self.batch_size)
        return None if math.isnan(size) or size == 0 else math.ceil(count / size)


class _CollectingLoop(_Loop):
    """Puts out, when nothing is left, all that the rounds brought back."""

    def begin(self, state: dict[str, Any]) -> None:
        state["processedItems"] = []

    def collect(self, state: dict[str, Any], items: list[Item], source: Source | None) -> None:
        state["processedItems"] += [
            item_dict(Item(item.json, item.binary, Pair(index, 0, source)))
            for index, item in enumerate(items)
        ]

    def run(self, inputs: Inputs, ctx: Context) -> Iterable[Item]:
        found = self.portion(list(inputs[0]), ctx)
        ctx.state["done"] = not found
        if found:
            return [item.to("loop") for item in found]
        return [read_item(each).to("done") for each in ctx.state["processedItems"]]


class SplitInBatches(_CollectingLoop, type=TYPE, versions=(3,), outputs=("done", "loop")):
    """A round's items leave by "loop", all results by "done"."""


class SplitInBatchesV2(_CollectingLoop, type=TYPE, versions=(2,), outputs=("loop", "done")):
    """The same, with "loop" first."""


class SplitInBatchesV1(_Loop, type=TYPE, versions=(1,)):
    """A round's items leave; when none are left the branch ends."""

    def run(self, inputs: Inputs, ctx: Context) -> Iterable[Item] | None:
        return self.portion(list(inputs[0]), ctx) or None


def _from(item: Item, source: Source | None) -> Item:
    paired = item.paired if isinstance(item.paired, int) else 0
    return Item(item.json, item.binary, Pair(paired, 0, source))


def _source_data(source: Source | None) -> dict[str, Any] | None:
    if source is None:
        return None
    return {
        "previousNode": source.node,
        "previousNodeOutput": source.output,
        "previousNodeRun": source.run,
    }


def _source(data: dict[str, Any] | None) -> Source | None:
    if data is None:
        return None
    return Source(data["previousNode"], data["previousNodeOutput"], data["previousNodeRun"])
