"""Set before version 3: values by type, taken nearly as they are."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from n8nlite import javascript
from n8nlite.context import Context
from n8nlite.node import Item, ItemNode
from n8nlite.paths import set_path, unset_path
from n8nlite_expressions import UNDEFINED

TYPES = {"boolean": False, "number": 0, "string": ""}
"""In the order in which n8n sets them, with the value that an entry has by default."""


class SetValues(
    ItemNode, type="n8n-nodes-base.set", versions=(1, 2), plain=True, all_or_nothing=True
):
    """Set fields of every item, beside or in place of those it has."""

    keep_only_set: Any = False
    values: Any = {}
    options: Any = {}

    def run(self, item: Item, ctx: Context) -> Item:
        dots = (self.options or {}).get("dotNotation", True)
        json: dict[str, Any] = {} if self.keep_only_set else dict(item.json)
        for name, value in self._entries():
            if dots and value is UNDEFINED:
                unset_path(json, name)
            elif dots:
                set_path(json, name, value)
            elif value is UNDEFINED:
                json.pop(name, None)
            else:
                json[name] = value
        return Item(json, None if self.keep_only_set else item.binary)

    def _entries(self) -> Iterator[tuple[str, Any]]:
        given = self.values if isinstance(self.values, dict) else {}
        for kind, default in TYPES.items():
            for entry in given.get(kind) or ():
                value = entry.get("value", default)
                if kind == "boolean":
                    value = javascript.truthy(value)
                elif kind == "number" and self.version >= 2:
                    value = _number(value)
                yield javascript.text(entry.get("name", "propertyName")), value


def _number(value: Any) -> Any:
    """A text that reads as a number is one; all else stays."""
    if not isinstance(value, str):
        return value
    number = javascript.number(value)
    return value if math.isnan(number) else number
