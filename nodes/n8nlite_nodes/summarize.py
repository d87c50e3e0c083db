"""
Summarize: counts, sums, averages and lists of fields, for all items or for groups of them.

https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.summarize/
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from n8nlite import javascript
from n8nlite.errors import NodeError
from n8nlite.node import BatchNode, Inputs, Item
from n8nlite.paths import names, read
from n8nlite_expressions import UNDEFINED

if TYPE_CHECKING:
    from n8nlite.context import Context

Row = tuple[int, dict[str, Any]]
"""An item's index, and its json."""


class Summarize(BatchNode, type="n8n-nodes-base.summarize", versions=(1, 1.1)):
    """Make of the items of each group one item, or one item of everything."""

    fields_to_summarize: dict[str, Any] = {}
    fields_to_split_by: Any = ""
    options: dict[str, Any] = {}

    def run(self, inputs: Inputs, ctx: Context) -> Iterable[Item]:
        rows: list[Row] = [(index, item.json) for index, item in enumerate(inputs[0])]
        wanted = [
            each for each in self.fields_to_summarize.get("values") or () if each.get("field")
        ]
        if not wanted:
            raise NodeError(
                "You need to add at least one aggregation to 'Fields to Summarize' with non empty"
                " 'Field'"
            )
        if self.version < 1.1 and not self.options.get("continueIfFieldNotFound"):
            self._check(rows, wanted)
        splits = names(self.fields_to_split_by)
        if self.options.get("outputFormat") == "singleItem":
            return [Item(self._tree(rows, splits, wanted), paired=_indexes(rows))]
        return list(self._separate(rows, splits, wanted, {}))

    def _check(self, rows: Sequence[Row], wanted: Sequence[Mapping[str, Any]]) -> None:
        for name in (str(each["field"]) for each in wanted):
            if all(self._value(json, name) is UNDEFINED for _, json in rows):
                raise NodeError(f"The field '{name}' does not exist in any items")

    def _separate(
        self,
        rows: Sequence[Row],
        splits: Sequence[str],
        wanted: Sequence[Mapping[str, Any]],
        group: dict[str, Any],
    ) -> Iterator[Item]:
        if not splits:
            yield Item({**self._summary(rows, wanted), **group}, paired=_indexes(rows))
            return
        first, *rest = splits
        for value, members in self._groups(rows, first):
            own = {} if value is UNDEFINED else {_plain(first): value}
            yield from self._separate(members, rest, wanted, {**own, **group})

    def _tree(
        self, rows: Sequence[Row], splits: Sequence[str], wanted: Sequence[Mapping[str, Any]]
    ) -> dict[str, Any]:
        if not splits:
            return self._summary(rows, wanted)
        first, *rest = splits
        return {
            javascript.text(value): self._tree(members, rest, wanted)
            for value, members in self._groups(rows, first)
        }

    def _groups(self, rows: Sequence[Row], name: str) -> Iterable[tuple[Any, list[Row]]]:
        """The rows by their value of a field: text in version 1, the value itself later."""
        groups: dict[Hashable, tuple[Any, list[Row]]] = {}
        for row in rows:
            value = self._value(row[1], name)
            if isinstance(value, (dict, list)):
                value = javascript.stringify(value)
            elif self.version < 1.1:
                value = javascript.text(value)
            if self.options.get("skipEmptySplitFields") and _is_empty(value):
                continue
            groups.setdefault((type(value) is bool, value), (value, []))[1].append(row)
        return groups.values()

    def _summary(self, rows: Sequence[Row], wanted: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        summary = {}
        for each in wanted:
            name, kind = str(each["field"]), str(each.get("aggregation", "count"))
            if kind not in AGGREGATIONS:
                raise NodeError(f"The aggregation '{kind}' is not known")
            prefix, aggregate = AGGREGATIONS[kind]
            values = [self._value(json, name) for _, json in rows]
            if not each.get("includeEmpty"):
                values = [value for value in values if not _is_empty(value)]
            summary[f"{prefix}_{_plain(name)}"] = aggregate(values, each)
        return summary

    def _value(self, json: dict[str, Any], name: str) -> Any:
        dots = not self.options.get("disableDotNotation")
        return read(json, name, dots=dots, default=UNDEFINED)


def _indexes(rows: Sequence[Row]) -> tuple[int, ...]:
    return tuple(index for index, _ in rows)


def _plain(name: str) -> str:
    """The name as it stands in the output: without brackets; dots and spaces become `_`."""
    return re.sub(r"[.\s]", "_", re.sub(r"[\[\]\"]", "", name))


def _is_empty(value: Any) -> bool:
    return value is None or value is UNDEFINED or value == ""


def _numbers(values: Sequence[Any]) -> list[float]:
    return [each for each in values if type(each) in (int, float)]


def _append(values: Sequence[Any], _: Mapping[str, Any]) -> Any:
    return [None if value is UNDEFINED else value for value in values]


def _average(values: Sequence[Any], _: Mapping[str, Any]) -> Any:
    numbers = _numbers(values)
    return sum(numbers) / len(numbers) if numbers else None


def _concatenate(values: Sequence[Any], field: Mapping[str, Any]) -> Any:
    separator = str(field.get("separateBy", ","))
    if separator == "other":
        separator = str(field.get("customSeparator", ""))
    return separator.join(
        javascript.stringify(value) if isinstance(value, (dict, list)) else javascript.text(value)
        for value in values
    )


def _count(values: Sequence[Any], _: Mapping[str, Any]) -> Any:
    return len(values)


def _count_unique(values: Sequence[Any], _: Mapping[str, Any]) -> Any:
    return len({_identity(value) for value in values})


def _identity(value: Any) -> Hashable:
    """What JavaScript's Set tells values apart by: objects and lists equal themselves only."""
    if isinstance(value, (dict, list)):
        return "object", id(value)
    return javascript.type_of(value), value


def _most(less: Callable[[Any, Any], bool]) -> Callable[[Sequence[Any], Mapping[str, Any]], Any]:
    def most(values: Sequence[Any], _: Mapping[str, Any]) -> Any:
        found: Any = None
        for value in values:
            if not _is_empty(value) and (found is None or less(value, found)):
                found = value
        return found

    return most


def _less(one: Any, other: Any) -> bool:
    """What JavaScript's `one < other` says."""
    one, other = (javascript.text(v) if isinstance(v, (dict, list)) else v for v in (one, other))
    if isinstance(one, str) and isinstance(other, str):
        return one.encode("utf-16-be", "surrogatepass") < other.encode("utf-16-be", "surrogatepass")
    return bool(javascript.number(one) < javascript.number(other))


def _sum(values: Sequence[Any], _: Mapping[str, Any]) -> Any:
    return sum(_numbers(values))


AGGREGATIONS: dict[str, tuple[str, Callable[[Sequence[Any], Mapping[str, Any]], Any]]] = {
    "append": ("appended", _append),
    "average": ("average", _average),
    "concatenate": ("concatenated", _concatenate),
    "count": ("count", _count),
    "countUnique": ("unique_count", _count_unique),
    "max": ("max", _most(lambda one, other: _less(other, one))),
    "min": ("min", _most(_less)),
    "sum": ("sum", _sum),
}
"""n8n's aggregations: what the output field's name begins with, and what it holds."""
