"""How Merge makes one item of several: the clash of equal fields, and what each came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from n8nlite.node import Item, Pair

Json = dict[str, Any]


@dataclass(slots=True)
class Entry:
    """An item of an input, with its place there."""

    item: Item
    index: int
    input: int

    @property
    def pair(self) -> int | Pair:
        """What an item made from this one is paired with."""
        return Pair(self.index, self.input) if self.input else self.index

    @property
    def alone(self) -> Item:
        """The item as it is, paired with itself: the same item may have come in twice."""
        return Item(self.item.json, self.item.binary, self.pair)


@dataclass(frozen=True)
class Clash:
    """
    What happens to fields that several inputs have.

    `resolve` is "addSuffix", "preferLast" or "preferInput<number>"; `shallow` takes nested objects
    whole; `skip_empty` lets null and "" give way to what the other input has.
    """

    resolve: str = ""
    shallow: bool = False
    skip_empty: bool = False

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Clash:
        """The choice in the node's options."""
        values = (options.get("clashHandling") or {}).get("values") or {}
        return cls(
            str(values.get("resolveClash") or ""),
            values.get("mergeMode") == "shallowMerge",
            bool(values.get("overrideEmpty")),
        )

    def merged(self, entries: Sequence[Entry]) -> Item:
        """One item of the entries, later ones over earlier ones; paired with all of them."""
        json: Json = {}
        binary: Json = {}
        for entry in entries:
            json = self.over(json, entry.item.json)
            binary |= entry.item.binary or {}
        return Item(json, binary or None, tuple(entry.pair for entry in entries))

    def over(self, base: Json, top: Json) -> Json:
        """The fields of both; those of `top` win."""
        json = dict(base)
        for key, value in top.items():
            if key not in json:
                json[key] = value
            elif not (self.skip_empty and _is_empty(value)):
                json[key] = value if self.shallow else self._deep(json[key], value)
        return json

    def _deep(self, base: Any, top: Any) -> Any:
        if isinstance(top, dict):
            if isinstance(base, dict):
                return self.over(base, top)
            if isinstance(base, list):
                return self._list(base, {int(key): top[key] for key in top if key.isdecimal()})
        elif isinstance(top, list) and isinstance(base, list):
            return self._list(base, dict(enumerate(top)))
        return top

    def _list(self, base: list[Any], top: Mapping[int, Any]) -> list[Any]:
        merged = list(base)
        for index, value in sorted(top.items()):
            if index >= len(merged):
                merged += [None] * (index - len(merged)) + [value]
            elif not (self.skip_empty and _is_empty(value)):
                merged[index] = self._deep(merged[index], value)
        return merged


def suffixed(entry: Entry) -> Entry:
    """The entry with its input's number at the end of every field's name."""
    suffix = f"_{entry.input + 1}"
    json = {f"{key}{suffix}": value for key, value in entry.item.json.items()}
    return Entry(Item(json, entry.item.binary), entry.index, entry.input)


def entries(inputs: Sequence[Sequence[Item]]) -> list[list[Entry]]:
    """The items of all inputs with their places."""
    return [
        [Entry(item, index, number) for index, item in enumerate(lane)]
        for number, lane in enumerate(inputs)
    ]


def _is_empty(value: Any) -> bool:
    return value is None or value == ""
