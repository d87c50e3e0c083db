"""
Aggregate: many items become one.

https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.aggregate/
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from n8nlite.errors import NodeError
from n8nlite.node import BatchNode, Inputs, Item
from n8nlite.paths import names, parse, read, set_path

if TYPE_CHECKING:
    from n8nlite.context import Context


_MARKS = ("mimeType", "fileType", "fileSize", "fileExtension")


class AggregateFields(
    BatchNode,
    type="n8n-nodes-base.aggregate",
    versions=(1,),
    when={"aggregate": "aggregateIndividualFields"},
    default=("aggregate",),
):
    """Make a list of the values that each field has in all items."""

    fields_to_aggregate: dict[str, Any] = {"fieldToAggregate": [{"fieldToAggregate": ""}]}
    options: dict[str, Any] = {}

    def run(self, inputs: Inputs, ctx: Context) -> Iterable[Item]:
        items = inputs[0]
        fields = self.fields_to_aggregate.get("fieldToAggregate") or ()
        if not fields:
            raise NodeError("No fields specified", description="Please add a field to aggregate")
        dots = not self.options.get("disableDotNotation")
        json: dict[str, Any] = {}
        taken: set[str] = set()
        for field in fields:
            name, target = _name_and_target(field)
            if not name:
                continue
            if target in taken:
                raise NodeError(
                    f"The '{target}' output field is used more than once",
                    description="Please make sure each output field name is unique",
                )
            taken.add(target)
            values = self._values(items, name, dots)
            if not dots:
                json[target] = values
            elif target == name:
                json[parse(name)[-1]] = values
            else:
                set_path(json, target, values)
        return [_aggregated(json, items, range(len(items)), self.options)]

    def _values(self, items: Sequence[Item], name: str, dots: bool) -> list[Any]:
        keep, merge = self.options.get("keepMissing"), self.options.get("mergeLists")
        values: list[Any] = []
        for item in items:
            value = read(item.json, name, dots=dots)
            if merge and isinstance(value, list):
                values += value if keep else [each for each in value if each is not None]
            elif value is not None or keep:
                values.append(value)
        return values


class AggregateItems(
    BatchNode,
    type="n8n-nodes-base.aggregate",
    versions=(1,),
    when={"aggregate": "aggregateAllItemData"},
):
    """Make a list of the items."""

    destination_field_name: str = "data"
    include: str = "allFields"
    fields_to_include: Any = ""
    fields_to_exclude: Any = ""
    options: dict[str, Any] = {}

    def run(self, inputs: Inputs, ctx: Context) -> Iterable[Item]:
        items = inputs[0]
        rows: list[dict[str, Any]] = []
        places: list[int] = []
        for index, item in enumerate(items):
            row = self._row(item.json)
            if row is not None:
                rows.append(row)
                places.append(index)
        return [_aggregated({self.destination_field_name: rows}, items, places, self.options)]

    def _row(self, json: dict[str, Any]) -> dict[str, Any] | None:
        """The item's data in the list; None: nothing is left of it, so it is not there."""
        if self.include == "specifiedFields" and (wanted := names(self.fields_to_include)):
            return {name: json[name] for name in wanted if name in json} or None
        if self.include == "allFieldsExcept" and (unwanted := names(self.fields_to_exclude)):
            return {name: value for name, value in json.items() if name not in unwanted} or None
        return json


def _name_and_target(field: dict[str, Any]) -> tuple[str, str]:
    name = str(field.get("fieldToAggregate") or "")
    renamed = str(field.get("outputFieldName") or "") if field.get("renameField") else ""
    return name, renamed or name


def _aggregated(
    json: dict[str, Any], items: Sequence[Item], places: Sequence[int], options: dict[str, Any]
) -> Item:
    binary = None
    if options.get("includeBinaries"):
        sources = [items[index] for index in places]
        binary = _binaries(sources, unique=bool(options.get("keepOnlyUnique")))
    return Item(json, binary, tuple(places))


def _binaries(items: Sequence[Item], *, unique: bool) -> dict[str, Any] | None:
    """All binary data under names of their own; `unique`: files of one type and size once."""
    binary: dict[str, Any] = {}
    seen: set[tuple[Any, ...]] = set()
    for item in items:
        for key, data in (item.binary or {}).items():
            marks = tuple(data.get(mark) for mark in _MARKS)
            if unique and marks in seen:
                continue
            seen.add(marks)
            binary[_free_name(key, binary)] = data
    return binary or None


def _free_name(key: str, taken: dict[str, Any]) -> str:
    name, number = key, 0
    while name in taken:
        number += 1
        name = f"{key}_{number}"
    return name
