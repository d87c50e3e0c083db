"""
Split Out: one item for each element of a list.

https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.splitout/
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from n8nlite.errors import NodeError
from n8nlite.failures import NAMELESS
from n8nlite.node import Item, ItemNode
from n8nlite.paths import names, read, unset_path
from n8nlite_expressions import UNDEFINED

if TYPE_CHECKING:
    from n8nlite.context import Context

BINARY = "$binary"


class SplitOut(
    ItemNode, type="n8n-nodes-base.splitOut", versions=(1,), plain=True, all_or_nothing=True
):
    """Split lists inside an item; several lists are split side by side."""

    field_to_split_out: Any = ""
    include: str = "noOtherFields"
    fields_to_include: Any = ""
    options: dict[str, Any] = {}

    def run(self, item: Item, ctx: Context) -> Iterable[Item]:
        fields = self._fields()
        targets = self._targets(fields)
        dots = not self.options.get("disableDotNotation")
        columns = [_elements(item, field, dots) for field in fields]
        alone = len(fields) == 1 and self.include == "noOtherFields"
        spread = alone and not self.options.get("destinationFieldName")
        others = self._others(item.json, fields, dots)
        for row in zip_longest(*columns, fillvalue=UNDEFINED):
            json: dict[str, Any] = {}
            binary = item.binary if self.options.get("includeBinary") else None
            for field, target, element in zip(fields, targets, row, strict=True):
                if field == BINARY:
                    binary = {**(binary or {}), **element} if element is not UNDEFINED else binary
                elif spread and isinstance(element, (dict, list)):
                    json |= _members(element)
                elif element is not UNDEFINED:
                    json[target] = element
            merged = {**json, **others} if self._selects else {**others, **json}
            yield Item(merged, binary)

    @property
    def _selects(self) -> bool:
        return self.include == "selectedOtherFields"

    def _fields(self) -> list[str]:
        if not isinstance(self.field_to_split_out, (str, list)):
            raise NodeError(
                "The 'Fields To Split Out' parameter must be a string of fields separated by "
                "commas or an array of strings.",
                name=NAMELESS,
            )
        return [name.removeprefix("$json.") for name in names(self.field_to_split_out)]

    def _targets(self, fields: Sequence[str]) -> list[str]:
        targets = names(self.options.get("destinationFieldName"))
        if targets and len(targets) != len(fields):
            raise NodeError(
                "If multiple fields to split out are given, the same number of destination fields "
                "must be given"
            )
        return targets or list(fields)

    def _others(self, json: dict[str, Any], fields: Sequence[str], dots: bool) -> dict[str, Any]:
        if self.include == "allOtherFields":
            rest = dict(json)
            for field in fields:
                if dots:
                    unset_path(rest, field)
                else:
                    rest.pop(field, None)
            return rest
        if not self._selects:
            return {}
        wanted = names(self.fields_to_include)
        if not wanted:
            raise NodeError("No fields specified", description="Please add a field to include")
        found = {name: read(json, name, dots=dots, default=UNDEFINED) for name in wanted}
        return {name: value for name, value in found.items() if value is not UNDEFINED}


def _elements(item: Item, field: str, dots: bool) -> list[Any]:
    if field == BINARY:
        return [{name: data} for name, data in (item.binary or {}).items()]
    value = read(item.json, field, dots=dots, default=UNDEFINED)
    if value is UNDEFINED:
        return []
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else [value]


def _members(element: dict[str, Any] | list[Any]) -> dict[str, Any]:
    if isinstance(element, dict):
        return element
    return {str(index): each for index, each in enumerate(element)}
