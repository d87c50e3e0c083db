"""Merge as it was first: modes of their own names, fields compared as text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product, zip_longest
from typing import TYPE_CHECKING, Any

from n8nlite import javascript
from n8nlite.node import BatchNode, Inputs, Item, Pair
from n8nlite.paths import get_path
from n8nlite_expressions import UNDEFINED

if TYPE_CHECKING:
    from n8nlite.context import Context

TYPE = "n8n-nodes-base.merge"
BLANK = (None, "", UNDEFINED)

__all__ = [
    "AppendV1",
    "KeepKeyMatches",
    "MergeByIndex",
    "MergeByKey",
    "Multiplex",
    "PassThrough",
    "RemoveKeyMatches",
    "Wait",
]


class _MergeV1(BatchNode):
    @classmethod
    def required_inputs(
        cls, parameters: Mapping[str, Any], version: float
    ) -> int | tuple[int, ...]:
        return 1

    def run(self, inputs: Inputs, ctx: Context) -> Iterable[Item]:
        first, second = [*inputs, [], []][:2]
        marked = [Item(each.json, each.binary, Pair(i, 1)) for i, each in enumerate(second)]
        return list(self.merged(list(first), marked))

    def merged(self, first: list[Item], second: list[Item]) -> Iterable[Item]:
        """The items that come of the two inputs."""
        raise NotImplementedError


class AppendV1(
    _MergeV1, type=TYPE, versions=(1,), when={"mode": "append"}, default=("mode",), inputs=2
):
    """The items of input 2 after those of input 1."""

    def merged(self, first: list[Item], second: list[Item]) -> Iterable[Item]:
        return [*first, *second]


class MergeByIndex(_MergeV1, type=TYPE, versions=(1,), when={"mode": "mergeByIndex"}, inputs=2):
    """Join items by their order."""

    join: str = "left"

    def merged(self, first: list[Item], second: list[Item]) -> Iterable[Item]:
        for index, (one, other) in enumerate(zip_longest(first, second)):
            if one and other:
                binary = {**(one.binary or {}), **(other.binary or {})}
                pairs = (index, Pair(index, 1))
                yield Item({**one.json, **other.json}, binary or None, pairs)
            elif one and self.join != "inner":
                yield one
            elif other and self.join == "outer":
                yield other


class Multiplex(_MergeV1, type=TYPE, versions=(1,), when={"mode": "multiplex"}, inputs=2):
    """Join all with all."""

    def merged(self, first: list[Item], second: list[Item]) -> Iterable[Item]:
        for (i, one), (j, other) in product(enumerate(first), enumerate(second)):
            yield Item({**one.json, **other.json}, None, (i, Pair(j, 1)))


class PassThrough(_MergeV1, type=TYPE, versions=(1,), when={"mode": "passThrough"}, inputs=2):
    """The items of one input."""

    output: str = "input1"

    def merged(self, first: list[Item], second: list[Item]) -> Iterable[Item]:
        return first if self.output == "input1" else second


class Wait(_MergeV1, type=TYPE, versions=(1,), when={"mode": "wait"}, inputs=2):
    """One empty item when both inputs are there."""

    def merged(self, first: list[Item], second: list[Item]) -> Iterable[Item]:
        return [Item({}, paired=tuple(range(len(first))))]


class _ByKey(_MergeV1):
    property_name1: str = ""
    property_name2: str = ""

    def partners(self, second: list[Item]) -> dict[str, Item]:
        """The items of input 2 by the text of their key; of several the last."""
        keys = ((get_path(item.json, self.property_name2, UNDEFINED), item) for item in second)
        return {javascript.text(key): item for key, item in keys if key is not UNDEFINED}

    def key(self, item: Item) -> str | None:
        """The text of an input 1 item's key; None if it has none."""
        value = get_path(item.json, self.property_name1, UNDEFINED)
        return None if value is UNDEFINED else javascript.text(value)


class MergeByKey(_ByKey, type=TYPE, versions=(1,), when={"mode": "mergeByKey"}, inputs=2):
    """Add to items of input 1 the fields of the input 2 item with the same key."""

    overwrite: str = "always"

    def merged(self, first: list[Item], second: list[Item]) -> Iterable[Item]:
        partners = self.partners(second)
        if not partners:
            yield from first
            return
        for index, item in enumerate(first):
            key = self.key(item)
            if key is not None:
                partner = partners.get(key)
                json = self._over(item.json, partner.json) if partner else item.json
                yield Item(json, item.binary, index)

    def _over(self, json: dict[str, Any], partner: dict[str, Any]) -> dict[str, Any]:
        replaced = {"always": None, "blank": BLANK, "undefined": (UNDEFINED,)}.get(self.overwrite)
        result = dict(json)
        for name, value in partner.items():
            old = json.get(name, UNDEFINED)
            if name != self.property_name2 and (replaced is None or old in replaced):
                result[name] = value
        return result


class KeepKeyMatches(_ByKey, type=TYPE, versions=(1,), when={"mode": "keepKeyMatches"}, inputs=2):
    """The items of input 1 whose key is in input 2."""

    def merged(self, first: list[Item], second: list[Item]) -> Iterable[Item]:
        partners = self.partners(second)
        return [item for item in first if self.key(item) in partners]


class RemoveKeyMatches(
    _ByKey, type=TYPE, versions=(1,), when={"mode": "removeKeyMatches"}, inputs=2
):
    """The items of input 1 whose key is not in input 2."""

    def merged(self, first: list[Item], second: list[Item]) -> Iterable[Item]:
        partners = self.partners(second)
        return [item for item in first if self.key(item) not in partners]
